"""Which files make up a bank, and where the one that comes with the program lies."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path
from typing import Final

_MOST_FILES: Final = 2_000
_NOT_THE_BANK: Final = "personas"


def shipped_bank() -> Path:
    """Return the folder of the bank that comes with the program, in a wheel or a checkout."""
    package = Path(str(resources.files("nmt_intake")))
    inside = package / "question_bank"
    return inside if inside.is_dir() else package.parent / "question_bank"


def bank_file_names(folder: Path) -> list[str]:
    """Return the names of the bank's files below `folder`, with `/`, sorted."""
    found: list[str] = []
    for place, folders, files in os.walk(folder):
        inside = os.path.relpath(place, folder).replace(os.sep, "/")
        start = "" if inside == "." else f"{inside}/"
        folders[:] = [
            each
            for each in folders
            if not each.startswith(".") and (start or each != _NOT_THE_BANK)
        ]
        found += [
            start + file
            for file in files
            if file.endswith(".yaml") and not file.startswith(".") and is_plain(f"{place}/{file}")
        ]
    return sorted(found)[:_MOST_FILES]


def is_plain(path: str) -> bool:
    """Whether a path is a file and no link: a pipe of that name would be waited for."""
    return os.path.isfile(path) and not os.path.islink(path)
