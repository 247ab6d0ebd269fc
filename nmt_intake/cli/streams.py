"""Standard output that is whole or said not to be, and streams that are there on any machine.

Not on a terminal, standard output is UTF-8 whatever the locale: it is a document for a file or a
program. On one it is the terminal's own encoding, and what that lacks is replaced. What can't be
written ends the command; what nobody reads any more ends it quietly.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from collections.abc import Generator
from typing import Final, TextIO

_OUT: Final = 1


class OutputLost(Exception):
    """Standard output did not take everything; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ReaderGone(Exception):
    """Whoever read standard output has closed it."""


class _Descriptor(io.RawIOBase):
    """A descriptor that tells a failed write by an exception nobody else catches, and once only.

    The interpreter's own last flush comes after that: it finds nothing to complain of.
    """

    def __init__(self, number: int, *, tells: bool, there: bool = True) -> None:
        self._number = number
        self._tells = tells
        self._there = there
        self._lost = False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number

    def write(self, data: object, /) -> int:
        rest = memoryview(data)  # type: ignore[arg-type]
        length = len(rest)
        while rest and not self._lost:
            try:
                if not self._there:
                    raise OSError(errno.EBADF, os.strerror(errno.EBADF))
                rest = rest[os.write(self._number, rest) :]
            except OSError as error:
                self._lost = True
                if self._tells:
                    gone = isinstance(error, BrokenPipeError)
                    raise (ReaderGone() if gone else OutputLost(_reason(error))) from None
        return length


@contextlib.contextmanager
def standard_streams() -> Generator[None]:
    """Put streams in place that hold what this module promises, and write all out at the end.

    Streams that somebody else has put in place (a test, a notebook) are left as they are.
    Raises OutputLost or ReaderGone.
    """
    before = sys.stdin, sys.stdout, sys.stderr
    missing = {number for number in (0, 1, 2) if not _is_open(number)}
    for _ in missing:  # else the next file that is opened would be standard output
        os.open(os.devnull, os.O_RDWR)
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None or sys.stderr is sys.__stderr__:
        sys.stderr = _text(_Descriptor(2, tells=False, there=2 not in missing), sys.stderr)
    if sys.stdout is None or sys.stdout is sys.__stdout__:
        if sys.stdout is not None and sys.stdout.isatty():
            sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
        else:
            raw = _Descriptor(_OUT, tells=True, there=1 not in missing)
            sys.stdout = io.TextIOWrapper(
                io.BufferedWriter(raw), encoding="utf-8", errors="replace", newline="\n"
            )
    try:
        yield
        sys.stdout.flush()
    finally:
        mine = sys.stdout
        sys.stdin, sys.stdout, sys.stderr = before
        if mine is not before[1]:
            with contextlib.suppress(Exception):
                mine.flush()


def say(line: str) -> None:
    """Print a line on standard error, if it is there."""
    with contextlib.suppress(Exception):
        print(line, file=sys.stderr)


def _text(raw: io.RawIOBase, like: TextIO | None) -> TextIO:
    encoding = (like and like.encoding) or "utf-8"
    # As under python -u: nothing is held back that a crash could lose.
    return io.TextIOWrapper(raw, encoding, errors="backslashreplace", write_through=True)  # type: ignore[arg-type]


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
