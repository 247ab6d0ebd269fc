"""The strict parser the report's Markdown is read with, by the page and by the paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nmt_intake.report.writing import unbroken

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


@dataclass(frozen=True, slots=True)
class Chapter:
    """The tokens from one second-level heading to the next; the first chapter has the title."""

    title: str
    tokens: tuple[Token, ...]

    @property
    def is_appendix(self) -> bool:
        """Whether it is set small: looked up, not read."""
        return self.title.startswith("Appendix")


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
