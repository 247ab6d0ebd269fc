"""What a command leaves: text on standard output, or files for their owner alone."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from nmt_intake.errors import IntakeError
from nmt_intake.private_files import write_private_set
from nmt_intake.text import clean_line


def put_out(content: str | bytes, out: Path | None, form: str) -> None:
    """Write to a file, or to standard output (`-`, or none named); a PDF needs a file or a pipe."""
    if out is not None and str(out) != "-":
        put_files({out: content})
    elif isinstance(content, str):
        sys.stdout.write(content)
    elif sys.stdout.isatty():
        raise IntakeError("OUT-002", "", f"a {form} needs a file.", "Add --out FILE.")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def put_files(files: Mapping[Path, str | bytes]) -> None:
    """Write files that only their owner can read, all or none; say where that can't be kept."""
    readable = write_private_set(files)
    if readable:
        print(
            f"nmt-intake: {clean_line(str(readable[0]), 300)}: others may read it: its disk keeps"
            " no permissions. [OUT-003]",
            file=sys.stderr,
        )
