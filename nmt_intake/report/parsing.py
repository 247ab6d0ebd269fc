"""The strict parser the report's Markdown is read with, by the page and by the paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

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


def parser() -> MarkdownIt:
    """Return the parser; markdown-it-py costs 60 ms to import, so only who renders pays."""
    from markdown_it import MarkdownIt

    known = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})
    return known.enable("table").disable(list(_OFF))


def tokens_of(markdown: str) -> Sequence[Token]:
    """Return the block tokens of a report."""
    return parser().parse(markdown)
