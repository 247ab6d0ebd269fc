"""Files that leave the house, a report or an export: not sealed, but for their owner alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from nmt_intake.errors import IntakeError


def write_private(path: Path, content: str | bytes) -> None:
    """Write a file, and the folders to it, that only their owner can read; no link is followed.

    Raises IntakeError (OUT-001) where that is not possible.
    """
    data = content.encode() if isinstance(content, str) else content
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(path, flags, 0o600)
        with os.fdopen(file, "wb") as out:
            if stat.S_ISREG(os.fstat(file).st_mode) and hasattr(os, "fchmod"):
                os.fchmod(file, 0o600)  # it may have been there before
            out.write(data)
    except OSError as error:
        raise IntakeError(
            "OUT-001", str(path), f"cannot be written ({error.strerror}).", "Choose another folder."
        ) from None
