"""The report as text for a screen of fixed width: the same structure, tables that fit."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from nmt_intake.report.markdown import plain_words

_CELLS: Final = re.compile(r"(?<!\\)\|")
_SIGN: Final = re.compile(r"_(\[§?\d+\])_")
_SHORTEST: Final = 6
_ITEM: Final = re.compile(r"^( *)- ")


def preview(markdown: str, width: int = 80) -> str:
    """Return a report's Markdown as plain text whose lines are at most `width` cells wide.

    Drawings of text stay as they are; they are at most 100 wide and made to be cut at the right.
    """
    return "\n".join(_lines(markdown.splitlines(), width)) + "\n"


def _lines(lines: Sequence[str], width: int) -> Iterator[str]:
    table: list[Sequence[str]] = []
    held: list[str] = []
    drawn = False
    for line in (*lines, ""):
        if line.startswith("~~~~"):
            yield from _filled(held, width)
            held, drawn = [], not drawn
        elif drawn:
            yield line
        elif line.startswith("|"):
            table.append([_plain(cell).strip() for cell in _CELLS.split(line)[1:-1]])
        else:
            if table:
                yield from _table(table, width)
                table = []
            if not line or line.startswith("#") or _ITEM.match(line):
                yield from _filled(held, width)
                held = []
            if line.startswith("#"):
                yield from _heading(line)
            elif line:
                held.append(line)
            else:
                yield ""


def _plain(line: str) -> str:
    return plain_words(_SIGN.sub(r"\1", line.replace("**", "")))


def _heading(line: str) -> Iterator[str]:
    rank, _, words = line.partition(" ")
    words = _plain(words)
    yield words.upper() if rank == "#" else words
    if rank != "###":
        yield ("═" if rank == "#" else "─") * min(len(words), 80)


def _filled(held: Sequence[str], width: int) -> Iterator[str]:
    """Yield a paragraph or one item of a list, filled anew."""
    if not held:
        return
    found = _ITEM.match(held[0])
    begin = found[1] if found else ""
    words = " ".join(_plain(line.strip()) for line in held)
    if found:
        words = words.removeprefix("- ")
    sign = f"{begin}· " if found else ""
    yield from textwrap.wrap(words, width, initial_indent=sign, subsequent_indent=" " * len(sign))


def _table(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Yield a table with its cells wrapped, so that all columns fit beside each other."""
    shown = [row for row in rows if not all(set(cell) <= {"-", ":"} and cell for cell in row)]
    widths = _widths(shown, width)
    for at, row in enumerate(shown):
        cells = [textwrap.wrap(cell, each) or [""] for cell, each in zip(row, widths, strict=True)]
        for line in range(max(map(len, cells))):
            parts = (
                (cell[line] if line < len(cell) else "").ljust(each)
                for cell, each in zip(cells, widths, strict=True)
            )
            yield "  ".join(parts).rstrip()
        if at == 0:
            yield "  ".join("─" * each for each in widths)


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return each column's width: the widest gives way, until all fit."""
    widths = [max(1, *(len(cell) for cell in column)) for column in zip(*rows, strict=True)]
    while sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > _SHORTEST:
        widths[widths.index(max(widths))] -= 1
    return widths


__all__ = ["preview"]
