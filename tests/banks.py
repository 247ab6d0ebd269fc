"""The shipped bank, compiled once for all tests that are not about compiling it."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Final

from nmt_intake.bank.loading import load_bank
from nmt_intake.bank.model import Bank

COMPILED: Final = "NMT_INTAKE_TESTS_COMPILED"


@cache
def shipped() -> Bank:
    """Return the shipped bank; nothing can change it, so every test of a process shares it."""
    folder = os.environ.get(COMPILED)
    return load_bank(cache=Path(folder) if folder else None)
