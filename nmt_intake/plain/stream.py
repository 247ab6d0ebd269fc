"""Lines in, lines out: nothing is written over, and no line is wider than a narrow terminal."""

from __future__ import annotations

import os
import re
import select
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

from nmt_intake.text import LONGEST_TEXT, clean

WIDTH: Final = 78
# What a terminal that edits lines by itself takes at most; more is dropped before it gets here.
_TERMINAL_LINE: Final = 4095
_LONG: Final = (
    "That line was as long as a terminal takes; its end may be missing. Look at what was kept, and"
    " send the rest as a note."
)
_EMPHASIS: Final = re.compile(r"\*\*(.{1,200}?)\*\*|\*(.{1,200}?)\*|_(\S.{0,200}?\S)_(?!\w)")


class IdleTooLong(Exception):
    """Nothing was typed for as long as the settings allow."""


class LineSource:
    """Reads lines from a descriptor, and notices when none comes for `idle` seconds (0: waits)."""

    def __init__(self, descriptor: int, idle: float = 0, *, terminal: bool = False) -> None:
        self._descriptor = descriptor
        self.idle = idle
        self._terminal = terminal
        self._waiting = b""
        self._ended = False

    def next_line(self) -> str | None:
        """Return the next line without its end; None at the end of input. Raises IdleTooLong."""
        while b"\n" not in self._waiting and not self._ended:
            if self.idle and not select.select([self._descriptor], [], [], self.idle)[0]:
                raise IdleTooLong
            read = os.read(self._descriptor, 65536)
            self._ended = not read
            self._waiting += read
        line, end, self._waiting = self._waiting.partition(b"\n")
        if not line and not end:
            return None
        return line.decode("utf-8", "replace").rstrip("\r")

    @property
    def cuts_at(self) -> int:
        """Bytes from which on a line may have lost its end; 0 where none is lost."""
        return _TERMINAL_LINE if self._terminal else 0


class Stream:
    """Says and asks. `write` takes one line at a time; `source` gives one, or None at the end."""

    def __init__(self, source: LineSource, write: Callable[[str], object]) -> None:
        self.source = source
        self._write = write

    def say(self, text: str, indent: str = "") -> None:
        """Write a text as lines that fit, Markdown emphasis taken off; nothing for no text."""
        for line in wrapped(_plain(text), WIDTH, indent):
            self._write(line)

    def gap(self) -> None:
        """Write an empty line, so that it is heard that something new begins."""
        self._write("")

    def ask(self, prompt: str = "") -> str | None:
        """Say what is wanted and return the next line, cleaned; None at the end of input."""
        self.say(prompt)
        line = self.source.next_line()
        if line is None:
            return None
        if self.source.cuts_at and len(line.encode()) >= self.source.cuts_at:
            self.say(_LONG)
        return clean(line, LONGEST_TEXT).replace("\t", " ").strip()


def wrapped(text: str, width: int, indent: str = "") -> Iterator[str]:
    """Yield the lines of a text, none wider than `width` cells; words are cut only if they must."""
    for paragraph in text.split("\n"):
        line = indent
        for word in paragraph.split():
            for piece in _pieces(word, width - len(indent)):
                joined = f"{line} {piece}" if line.strip() else f"{indent}{piece}"
                if _cells(joined) > width:
                    yield line
                    joined = f"{indent}{piece}"
                line = joined
        if line.strip():
            yield line


def _plain(text: str) -> str:
    return _EMPHASIS.sub(lambda found: next(each for each in found.groups() if each), clean(text))


def _pieces(word: str, width: int) -> Iterator[str]:
    piece = ""
    for letter in word:
        if piece and _cells(piece + letter) > width:
            yield piece
            piece = ""
        piece += letter
    yield piece


def _cells(text: str) -> int:
    return sum(
        0 if unicodedata.combining(each) else 1 + (unicodedata.east_asian_width(each) in "WF")
        for each in text
    )
