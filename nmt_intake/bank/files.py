"""Which files make up a bank."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_MOST_FILES: Final = 2_000


def bank_files(folder: Path) -> list[Path]:
    """Return the YAML files of the bank in `folder`, sorted, personas and links left out."""
    found = [
        path
        for path in folder.rglob("*.yaml")
        if not path.is_symlink()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.relative_to(folder).parts[0] != "personas"
    ]
    return sorted(found)[:_MOST_FILES]
