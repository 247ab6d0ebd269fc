"""The desk: the interview in a terminal, on Textual."""

from __future__ import annotations

import os
from pathlib import Path


def run(bank: Path | None = None, persona: Path | None = None) -> int:
    """Open the desk and return the exit status; `persona` opens a practice case beside it.

    Textual is imported here and not before: no other command pays its 0.2 seconds, and its
    developer switches are dropped before it can read them.
    """
    from nmt_intake.tui.launch import drop_developer_switches

    drop_developer_switches()
    # Textual paints at most this often: at 60 a key waits up to 16 ms before it is painted.
    os.environ.setdefault("TEXTUAL_FPS", "240")
    from nmt_intake.casework.opening import opener
    from nmt_intake.tui.app import DeskApp

    return DeskApp(opener(bank, persona)).run_to_the_end()
