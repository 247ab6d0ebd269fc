"""The desk as `run` opens it, on a home that is open: what tests in a terminal of its own start.

Nothing here imports Textual: `run` has to drop its developer switches first.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import nmt_intake.casework.opening as opening

if TYPE_CHECKING:
    from nmt_intake.casework.cases import Casework


def opener(_bank: Path | None = None, _persona: Path | None = None) -> Callable[[], Casework]:
    def open_desk() -> Casework:
        from nmt_intake.bank.loading import load_bank
        from nmt_intake.casework.cases import Casework
        from tests.homes import home_in, make_guessing_cheap

        make_guessing_cheap()
        folder = Path(os.environ["NMT_INTAKE_HOME"])
        bank = load_bank(Path(__file__).parent / "banks" / "small")
        return Casework(home_in(folder), bank, reports=folder)

    return open_desk


def run() -> int:
    opening.opener = opener
    from nmt_intake.tui import run as run_desk

    return run_desk()
