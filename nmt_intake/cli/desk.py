"""`nmt-intake` without a command: the desk."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nmt_intake.errors import IntakeError


def desk(options: argparse.Namespace) -> int:
    """Open the desk, or say how to work without a terminal."""
    _check(options)
    from nmt_intake.tui import run

    return run(bank=getattr(options, "bank", None))


def practise(options: argparse.Namespace, persona: Path) -> int:
    """Open the desk on a practice case with this persona beside it."""
    _check(options)
    from nmt_intake.tui import run

    return run(bank=getattr(options, "bank", None), persona=persona)


def _check(options: argparse.Namespace) -> None:
    """Refuse before the screen is taken over what the desk could only fail with."""
    from nmt_intake.cli.loading import bank_folder
    from nmt_intake.store.paths import find_places

    bank_folder(options)
    _need_terminal()
    find_places().make()


def _need_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise IntakeError(
            "DESK-001",
            "",
            "the desk needs a terminal.",
            "Without one, try: nmt-intake demo --headless --out DIR, or nmt-intake --help.",
        )
