"""Lines of Markdown: paragraphs, lists, tables and fences, filled so that they read as plain text.

Everything given in here is Markdown already: what came from people went through `escaped`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from nmt_intake.report.escaping import guarded

WIDTH: Final = 96
_WIDEST_COLUMN: Final = 44
Lines: TypeAlias = tuple[str, ...]
NOTHING: Final[Lines] = ()
# Between these a line must not break: 13 – 35.5 – 68, 65 %.
_GLUE: Final = re.compile(r"(?<=[\d?]) (?=[–%])|(?<=\d –) (?=[\d?])|(?<=\? –) (?=[\d?])")
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the report: a title, lines of Markdown, and parts of its own."""

    title: str
    lines: Lines
    parts: tuple[Section, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say."""
        return not self.lines and not self.parts


def paragraph(*sentences: str) -> Lines:
    """Return sentences as one filled paragraph; empty ones are left out."""
    text = " ".join(sentence for sentence in sentences if sentence)
    return (*_filled(text, "", ""), "") if text else NOTHING


def bullets(items: Iterable[str]) -> Lines:
    """Return a list, one item a text."""
    lines = [line for item in items for line in _filled(item, "- ", "  ")]
    return (*lines, "") if lines else NOTHING


def nested(items: Iterable[tuple[str, Iterable[str]]]) -> Lines:
    """Return a list whose items have lists of their own."""
    lines: list[str] = []
    for item, inner in items:
        lines += _filled(item, "- ", "  ")
        for each in inner:
            lines += _filled(each, "  - ", "    ")
    return (*lines, "") if lines else NOTHING


def table(header: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> Lines:
    """Return a table with its columns padded, so that it reads as plain text; `right` aligned."""
    body = [[cell.replace("\n", " ") for cell in row] for row in rows]
    if not body:
        return NOTHING
    widths = [
        min(_WIDEST_COLUMN, max(3, *(len(row[index]) for row in (header, *body))))
        for index in range(len(header))
    ]
    rule = [
        "-" * (width - 1) + ":" if index in right else "-" * width
        for index, width in enumerate(widths)
    ]
    return (
        _row(header, widths, right),
        "| " + " | ".join(rule) + " |",
        *(_row(row, widths, right) for row in body),
        "",
    )


def fence(drawn_as: str, lines: Iterable[str]) -> Lines:
    """Return a text drawing; pages that can draw put the drawing `drawn_as` in its place."""
    return (f"~~~~text {drawn_as}", *lines, "~~~~", "")


def unbroken(text: str) -> str:
    """Return `text` with no place to break a line within a figure."""
    return _GLUE.sub(_NO_BREAK, text)


def strong(text: str) -> str:
    """Return text set strong; empty text stays empty."""
    return f"**{text}**" if text else ""


def listed(words: Sequence[str]) -> str:
    """Return words as a spoken list: one, two and three."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    padded = [
        cell.rjust(width) if index in right else cell.ljust(width)
        for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "| " + " | ".join(padded) + " |"


def _filled(text: str, first: str, others: str) -> list[str]:
    lines = textwrap.wrap(
        unbroken(text), WIDTH - len(others), break_long_words=False, break_on_hyphens=False
    )
    head, *rest = [line.replace(_NO_BREAK, " ") for line in lines] or [""]
    return [first + head, *(others + guarded(line) for line in rest)]
