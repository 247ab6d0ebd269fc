"""`nmt-intake` without a command: the desk."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from nmt_intake.errors import IntakeError


def desk(options: argparse.Namespace) -> int:
    """Open the desk, or say how to work without a terminal."""
    return _run(options, None)


def practise(options: argparse.Namespace, persona: Path) -> int:
    """Open the desk on a practice case with this persona beside it; say where the debrief is."""
    from nmt_intake.store.paths import find_places

    rehearsals = find_places().practice / "rehearsals"
    before = set(rehearsals.glob("*/debrief.html"))
    status = _run(options, persona)
    for path in sorted(set(rehearsals.glob("*/debrief.html")) - before):
        print(f"The debrief: {path}")
    return status


def _run(options: argparse.Namespace, persona: Path | None) -> int:
    """Open the face that is wanted; refuse first what it could only fail with."""
    from nmt_intake.cli.loading import bank_folder
    from nmt_intake.store.paths import find_places

    bank_folder(options)
    bank: Path | None = getattr(options, "bank", None)
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if options.plain if options.plain is not None else wants_lines(os.environ):
        from nmt_intake import plain

        find_places().make()
        return plain.run(bank, persona, remembered=terminal and options.plain)
    if not terminal:
        raise IntakeError(
            "DESK-001", "", "the desk needs a terminal.",
            "Without one: nmt-intake --plain, nmt-intake demo --headless --out DIR.",
        )  # fmt: skip
    find_places().make()
    if options.plain is False:
        _forget_lines()
    from nmt_intake.tui import run

    return run(bank=bank, persona=persona)


def wants_lines(environment: Mapping[str, str]) -> bool:
    """Return whether lines are wanted: by ACCESSIBLE, a poor terminal, or habit."""
    if environment.get("ACCESSIBLE", "") not in ("", "0") or environment.get("TERM") == "dumb":
        return True
    from nmt_intake.casework.settings import read_settings
    from nmt_intake.store.paths import find_places

    return read_settings(find_places().config).plain


def _forget_lines() -> None:
    from nmt_intake.casework.settings import keep_settings, read_settings
    from nmt_intake.store.paths import find_places

    config = find_places().config
    settings = read_settings(config)
    if settings.plain:
        keep_settings(config, replace(settings, plain=False))
