"""The bank's other data files (scoring, safety, activities' sequence), as plain nested data.

What they mean is the business of those who read them; here they are only read strictly.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from nmt_intake.bank.files import is_plain
from nmt_intake.bank.loading import shipped_bank
from nmt_intake.bank.problems import BankError

if TYPE_CHECKING:
    from nmt_intake.bank.reading import Node


def document(folder: Path | str, name: str) -> Node:
    """Return the data file `name` (`safety/safety`) of the bank in `folder`.

    A bank without that file gets the shipped one. Raises `BankError` if it cannot be read.
    """
    own = Path(folder) / f"{name}.yaml"
    return _read(own if own.is_file() else shipped_bank() / f"{name}.yaml", name)


def documents(folder: Path | str, name: str) -> Mapping[str, Node]:
    """Return all data files of the folder `name` (`scoring`) of a bank, by file name."""
    own = Path(folder) / name
    found = own if own.is_dir() else shipped_bank() / name
    plain = sorted(path for path in found.glob("*.yaml") if is_plain(str(path)))
    return {path.stem: _read(path, f"{name}/{path.stem}") for path in plain}


def _read(path: Path, name: str) -> Node:
    from nmt_intake.bank.reading import UnreadableFile, read_file

    try:
        return read_file(path, f"{name}.yaml")
    except UnreadableFile as refusal:
        raise BankError([refusal.problem]) from None
