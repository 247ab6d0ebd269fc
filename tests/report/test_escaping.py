"""What people typed is text, in every Markdown reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from nmt_intake.report.markdown import (
    bullets,
    escaped,
    fenced,
    in_drawing,
    one_line,
    paragraph,
    parser,
    table,
)
from tests.report.payloads import PAYLOADS

READERS = {
    "ours": parser(),
    "any": MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]),
}
TEXTS = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="\\`*_[]<>&|~#$@{}()!-+=:.1 \n\tax\"'", max_size=60),
    st.sampled_from(sorted(PAYLOADS.values())),
)


def words_in(markdown: str, reader: MarkdownIt) -> tuple[list[str], str]:
    """The block types of a text, and its words; inline markup shows as its token's name."""
    blocks: list[str] = []
    words: list[str] = []
    for token in reader.parse(markdown):
        blocks.append(token.type)
        for child in token.children or ():
            plain = child.type in ("text", "text_special")
            words.append(child.content if plain else "\n" if "break" in child.type else child.type)
    return blocks, "".join(words)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@given(text=TEXTS)
def test_any_text_is_one_paragraph_of_exactly_that_text(reader: MarkdownIt, text: str) -> None:
    blocks, words = words_in(escaped(text), reader)

    assert words == one_line(text)
    assert blocks == (["paragraph_open", "inline", "paragraph_close"] if words else [])


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@given(text=TEXTS)
def test_filling_lines_makes_no_markup_of_words(reader: MarkdownIt, text: str) -> None:
    said = escaped(" ".join([text] * 6))
    blocks, words = words_in("\n".join(paragraph("So:", said)), reader)

    assert blocks == ["paragraph_open", "inline", "paragraph_close"]
    assert words.replace("\n", " ") == f"So: {one_line(' '.join([text] * 6))}".strip()


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@given(text=TEXTS)
def test_a_cell_and_an_item_hold_their_words(reader: MarkdownIt, text: str) -> None:
    rows = table(("a", "b"), [(escaped(text), "end")])
    item = bullets([f"so: {escaped(text)}"])

    assert words_in("\n".join(rows), reader)[1] == f"ab{one_line(text)}end"
    assert (
        words_in("\n".join(item), reader)[1].replace("\n", " ") == f"so: {one_line(text)}".strip()
    )


@given(TEXTS)
def test_a_fence_cannot_be_closed_from_within(text: str) -> None:
    inside = fenced(text)
    tokens = parser().parse(f"~~~~text x\n  {inside}\n~~~~\n")

    assert [token.type for token in tokens] == ["fence"]
    assert "\n" not in inside


@given(TEXTS)
def test_nothing_that_steers_a_terminal_or_reorders_words_is_left(text: str) -> None:
    unwanted = {*map(chr, range(32)), *map(chr, range(127, 160)), *"\u202a\u202b\u202c\u202d\u202e"}

    assert not unwanted & {*escaped(text), *in_drawing(text), *fenced(text)}


def test_xml_is_escaped_for_drawings() -> None:
    assert in_drawing("<a b=\"c\" d='e'>&") == "&lt;a b=&quot;c&quot; d=&#x27;e&#x27;&gt;&amp;"


def test_plain_words_stay_as_they_are() -> None:
    said = "She said: it's 5-6 times (at least), isn't it? 50 % - yes."

    assert escaped(said) == said
