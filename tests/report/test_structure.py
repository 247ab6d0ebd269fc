"""Whatever people type, the report has exactly the structure it has with harmless words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from nmt_intake.report import Report, Wanted, to_html
from tests.report.payloads import PAYLOADS
from tests.report.small_case import HARMLESS, interview_of, report_of, small_bank, worded

READERS = {
    "strict": lambda: MarkdownIt("commonmark", {"html": False}).enable("table"),
    "lax": lambda: MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]),
}
WANTED = Wanted(safety_words=True)


@cache
def report_with(words: str) -> Report:
    """A report whose people and whose bank both say `words`, everywhere."""
    bank = worded(small_bank(), words)
    return report_of(interview_of(bank=bank, words=words), WANTED)


def structure(markdown: str, reader: str) -> Iterator[str]:
    for token in READERS[reader]().parse(markdown):
        yield f"{token.type} {token.tag} {token.level}"
        for child in token.children or ():
            if child.type not in ("text", "text_special", "softbreak"):
                yield child.type


class Elements(HTMLParser):
    """The elements and attribute names of a page, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.comments = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(f"<{tag} {' '.join(name for name, _ in attrs)}>")

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.comments += 1


def elements(page: str) -> Elements:
    reader = Elements()
    reader.feed(page)
    return reader


@pytest.fixture(scope="module")
def harmless() -> Report:
    return report_with(HARMLESS)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("words", PAYLOADS.values(), ids=PAYLOADS)
def test_words_make_no_structure_in_markdown(words: str, reader: str, harmless: Report) -> None:
    expected = list(structure(harmless.markdown, reader))

    assert list(structure(report_with(words).markdown, reader)) == expected


@pytest.mark.parametrize("words", PAYLOADS.values(), ids=PAYLOADS)
def test_words_make_no_elements_on_the_page(words: str, harmless: Report) -> None:
    page = elements(to_html(report_with(words)))

    assert page.found == elements(to_html(harmless)).found
    assert page.comments == 0


def test_the_report_shows_what_was_typed() -> None:
    words = "<b>1 < 2</b> | [x](y) # *z*"
    page = to_html(report_with(words))

    assert "“&lt;b&gt;1 &lt; 2&lt;/b&gt; | [x](y) # *z*”" in page


def test_the_comparison_would_notice_forged_markup(harmless: Report) -> None:
    forged = harmless.markdown.replace(HARMLESS, "**x**", 1)

    assert list(structure(forged, "strict")) != list(structure(harmless.markdown, "strict"))
