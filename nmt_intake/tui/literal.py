"""Text from people and files as it stands: never markup, never a control character."""

from __future__ import annotations

import re
from typing import Final

from textual.content import Content

from nmt_intake.text import clean, clean_line

# Bounded, so that a text full of signs costs no more than its length.
_STRONG: Final = re.compile(r"\*\*(.{1,200}?)\*\*|\*(.{1,200}?)\*|_(\S.{0,200}?\S)_(?!\w)")


def literal(text: str, style: str = "") -> Content:
    """Return the text itself, in one style."""
    return Content.styled(clean(text), style) if style else Content(clean(text))


def line(text: str, style: str = "", width: int | None = None) -> Content:
    """Return the text on one line, cut or padded to a width in cells if one is given."""
    content = literal(clean_line(text, 1000), style)
    return content if width is None else content.truncate(width, ellipsis=True, pad=True)


def spoken(text: str, style: str = "") -> Content:
    """Return the bank's Markdown as read aloud: emphasis shown, line ends within a part joined."""
    parts = [" ".join(each.split()) for each in clean(text).split("\n\n")]
    return Content("\n\n").join([_emphasised(part, style) for part in parts if part])


def _emphasised(text: str, style: str) -> Content:
    pieces: list[Content] = []
    end = 0
    for found in _STRONG.finditer(text):
        pieces.append(literal(text[end : found.start()], style))
        words = next(group for group in found.groups() if group)
        pieces.append(literal(words, f"{style} bold italic".strip()))
        end = found.end()
    pieces.append(literal(text[end:], style))
    return Content("").join(pieces)


def lines(*contents: Content | str) -> Content:
    """Return one text with each content on a line of its own; empty ones are left out."""
    kept = [Content(each) if isinstance(each, str) else each for each in contents]
    return Content("\n").join([each for each in kept if each.plain])
