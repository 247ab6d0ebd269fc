"""The interview as lines that are only ever added to: for screen readers, slow links and pipes.

No escape sequence, no box, no line written twice; every change is told in one sentence. It goes
the same way through `casework` as the desk does, and leaves the same record.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from nmt_intake.plain.desk import PlainDesk
from nmt_intake.plain.stream import LineSource, Stream


def run(
    bank: Path | None = None, persona: Path | None = None, *, remembered: bool | None = None
) -> int:
    """Hold interviews on standard input and output until they end; `remembered`: from now on."""
    from nmt_intake.casework.opening import opener

    terminal = sys.stdin.isatty()
    source = LineSource(sys.stdin.fileno(), terminal=terminal)

    def write(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    casework = opener(bank, persona)()
    if remembered and not casework.settings.plain:
        casework.keep(replace(casework.settings, plain=True))
    source.idle = casework.settings.idle_minutes * 60 if terminal else 0
    try:
        PlainDesk(casework, Stream(source, write), hidden=_hidden if terminal else None).run()
    finally:
        casework.leave()
    return 0


def _hidden(prompt: str) -> str | None:
    """Ask for what nobody must see."""
    import getpass

    try:
        return getpass.getpass(f"{prompt} ")
    except EOFError:
        return None


__all__ = ["PlainDesk", "Stream", "run"]
