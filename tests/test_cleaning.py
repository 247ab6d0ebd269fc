"""What may be kept and shown of a text: nothing that steers a terminal or turns words around."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmt_intake.text import clean, clean_line

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))
TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize("point", range(0xA0))
def test_of_the_first_code_points_only_tab_newline_and_what_is_printed_stays(point: int) -> None:
    left = clean(f"a{chr(point)}b")
    printed = 0x20 <= point < 0x7F
    if point == 0x0D:
        assert left == "a\nb"
    else:
        assert left == (f"a{chr(point)}b" if printed or point in (0x09, 0x0A) else "ab")


@given(ANY_TEXT)
def test_nothing_is_left_that_steers_turns_or_cannot_be_encoded(text: str) -> None:
    left = clean(text)
    left.encode()
    assert not set(left) & set(TURNING)
    for each in left:
        assert unicodedata.category(each) != "Cc" or each in "\t\n"


@given(ANY_TEXT, st.integers(1, 50))
def test_cleaning_twice_changes_nothing_and_no_limit_is_passed(text: str, limit: int) -> None:
    for cleaned in (clean(text, limit), clean_line(text, limit)):
        assert len(cleaned) <= limit
    assert clean(clean(text, limit), limit) == clean(text, limit)
    assert clean_line(clean_line(text, limit), limit) == clean_line(text, limit)
    assert "\n" not in clean_line(text, limit)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert clean(text) == text


def test_what_is_invisible_hides_nothing_in_a_word() -> None:
    for hidden in "\u00ad\u200d\u034f\u180e\u3164\u115f":
        assert clean(f"k{hidden}ill") == "kill"


def test_words_of_other_scripts_and_their_joined_letters_stay() -> None:
    for text in ("María José", "سارة", "नेहा", "👩‍👧", "a\u00a0b"):
        assert clean(text) == text
