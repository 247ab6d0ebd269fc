"""What a person or a file wrote, made safe to stand in Markdown and in drawings: only text.

Backslash escapes hold in every CommonMark reader, so the report stays plain text elsewhere too,
not only in our own page.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

from nmt_intake.text import LONGEST_TEXT, clean, clean_line

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


def guarded(line: str) -> str:
    """Return a line of Markdown that cannot begin a list or underline a heading."""
    found = _AT_THE_START.match(line)
    if not found:
        return line
    at = found.end("number") if found["number"] else 0
    return f"{line[:at]}\\{line[at:]}"


def fenced(text: str) -> str:
    """Return any text as it may stand in a line of a code fence, where nothing is escaped."""
    return one_line(text).translate({ord("`"): "'", ord("~"): "-"})


def in_drawing(text: str) -> str:
    """Return any text as XML character data or as an attribute's value."""
    return escape(one_line(text), quote=True)
