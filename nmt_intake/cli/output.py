"""Where a command's result goes: a file for its owner alone, or standard output."""

from __future__ import annotations

import sys
from pathlib import Path

from nmt_intake.errors import IntakeError
from nmt_intake.private_files import write_private


def put_out(content: str | bytes, out: Path | None, form: str) -> None:
    """Write to a file, or to standard output; a PDF needs a file or a pipe."""
    if out is not None:
        write_private(out, content)
    elif isinstance(content, str):
        sys.stdout.write(content)
    elif sys.stdout.isatty():
        raise IntakeError("OUT-002", "", f"a {form} needs a file.", "Add --out FILE.")
    else:
        sys.stdout.buffer.write(content)
