"""What most commands need: the bank, the norms and the places, for the options given."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from nmt_intake.bank.loading import load_bank, shipped_bank
from nmt_intake.bank.model import Bank
from nmt_intake.errors import IntakeError
from nmt_intake.store.paths import find_places


def bank_folder(options: argparse.Namespace) -> Path:
    """Return the folder of the bank that the options name, or the shipped one."""
    folder: Path | None = getattr(options, "bank", None)
    if folder is None:
        return shipped_bank()
    if not folder.is_dir():
        raise IntakeError(
            "BANK-008", str(folder), "there is no such folder.", "Name the folder of a bank."
        )
    return folder


def chosen_bank(options: argparse.Namespace) -> Bank:
    """Return the bank that the options name."""
    return load_bank(bank_folder(options), find_places().cache)


_LARGEST: Final = 1_000_000


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes; raises IntakeError where that is not possible."""
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST + 1)  # the reader refuses what is longer
    except OSError as error:
        raise IntakeError(
            "IN-001", str(path), f"cannot be read ({error.strerror}).", "Check the path."
        ) from None
