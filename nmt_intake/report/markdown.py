"""Lines of Markdown: paragraphs, lists, tables and fences, filled so that they read as plain text.

Everything given in here is Markdown already: what came from people went through `escaped`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Final, TypeAlias

from nmt_intake.text import LONGEST_TEXT, clean, clean_line

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

WIDTH: Final = 96
_WIDEST_COLUMN: Final = 44
Lines: TypeAlias = tuple[str, ...]
NOTHING: Final[Lines] = ()
# Between these a line must not break: 13 – 35.5 – 68, 65 %.
_GLUE: Final = re.compile(r"(?<=[\d?]) (?=[–%])|(?<=\d –) (?=[\d?])|(?<=\? –) (?=[\d?])")
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the report: a title, lines of Markdown, and parts of its own.

    `code` is what an agency's file calls it.
    """

    title: str
    lines: Lines
    parts: tuple[Section, ...] = ()
    code: str = ""

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


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as a spoken list: one, two and three."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


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


# `@`, `://` and `www.` are no CommonMark, but some readers make links of them. An underscore within
# a word, and an ampersand that begins no entity, are plain in all of them.
_ANYWHERE: Final = re.compile(
    r"([\\`*\[\]<>|~#$@{}]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w])|:(?=//)|(?<=www)\.)", re.IGNORECASE
)
_AT_THE_START: Final = re.compile(r"(?P<mark>[-+=])(?=[-+=\s]|$)|(?P<number>\d{1,9})(?=[.)](\s|$))")
_LINE_ENDS: Final = re.compile(r"\s*\n\s*")


def one_line(text: str) -> str:
    """Return `text` cleaned and on one line; line breaks become ` / `."""
    return clean_line(_LINE_ENDS.sub(" / ", clean(text).strip()), LONGEST_TEXT)


def escaped(text: str) -> str:
    """Return any text as one line of Markdown that renders as exactly that text, in HTML too."""
    return guarded(_ANYWHERE.sub(r"\\\1", one_line(text)))


@cache
def piece(text: str) -> str:
    """Return a piece of a fixed text as safe Markdown, the spaces at its ends kept."""
    return _ANYWHERE.sub(r"\\\1", clean(text).replace("\n", " "))


def cut(text: str, longest: int) -> str:
    """Return plain text cut at a word to `longest` characters, an ellipsis at its end."""
    line = one_line(text)
    if len(line) <= longest:
        return line
    head = line[:longest].rsplit(" ", 1)[0] if " " in line[:longest] else line[:longest]
    return head.rstrip(" ,;:.–-/") + " …"


def guarded(line: str) -> str:
    """Return a line of Markdown that cannot begin a list or underline a heading."""
    found = _AT_THE_START.match(line)
    if not found:
        return line
    at = found.end("number") if found["number"] else 0
    return f"{line[:at]}\\{line[at:]}"


_ESCAPE: Final = re.compile(r"\\([^\w\s])")


def plain_words(markdown: str) -> str:
    """Return a line of this report's Markdown as plain text: its escapes taken out."""
    return _ESCAPE.sub(r"\1", markdown)


def fenced(text: str) -> str:
    """Return any text as it may stand in a line of a code fence, where nothing is escaped."""
    return one_line(text).translate({ord("`"): "'", ord("~"): "-"})


def in_drawing(text: str) -> str:
    """Return any text as XML character data or as an attribute's value."""
    return escape(one_line(text), quote=True)


# The report has none of these, and what people typed may have none of them.
_OFF: Final = (
    "html_block",
    "html_inline",
    "image",
    "link",
    "autolink",
    "reference",
    "entity",
    "lheading",
    "code",
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """The tokens from one second-level heading to the next; the first chapter has the title."""

    title: str
    tokens: tuple[Token, ...]

    @property
    def is_appendix(self) -> bool:
        """Whether it is set small: looked up, not read. Its number is a letter."""
        return number_of(self.title).isalpha()


def number_of(title: str) -> str:
    """Return the number of a heading, or the letter of an appendix: `3`, `3.2`, `A`."""
    found = _NUMBER.search(title)
    return found[1] if found else ""


_NUMBER: Final = re.compile(r"^(?:\S+ )?(\d+(?:\.\d+)?|[A-H](?:\.\d+)?)(?=[. ])")


def parser() -> MarkdownIt:
    """Return the parser; markdown-it-py costs 60 ms to import, so only who renders pays."""
    from markdown_it import MarkdownIt

    known = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})
    return known.enable("table").disable(list(_OFF))


def chapters(tokens: Sequence[Token]) -> Iterator[Chapter]:
    """Yield the chapters of a parsed report, their figures kept together on a line."""
    held: list[Token] = []
    title = ""
    for index, token in enumerate(tokens):
        for child in token.children or ():
            child.content = unbroken(child.content)
        if token.type == "heading_open" and token.tag == "h2":
            if held:
                yield Chapter(title, tuple(held))
            held, title = [], tokens[index + 1].content
        held.append(token)
    yield Chapter(title, tuple(held))
