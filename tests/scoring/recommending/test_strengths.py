"""Words of the library against words that people said."""

from __future__ import annotations

import pytest

from nmt_intake.scoring.recommending import Strength, sequence_from
from nmt_intake.scoring.recommending.strengths import matches

from .made_up import activity, rules_document, shipped

RULES = sequence_from(rules_document(), shipped())


def _matches(word: str, text: str, *, of_today: bool = True) -> bool:
    fits = activity("game", strengths=(word,))
    return bool(matches(fits, (Strength(text, "aunt", of_today=of_today),), RULES))


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("music", "Music!"),
        ("music", "he plays the DRUMS at church"),
        ("acting", "loves dressing up"),
        ("reading", "I read a lot"),
    ],
)
def test_a_strength_matches_by_the_word_itself_or_one_from_its_list(word: str, text: str) -> None:
    assert _matches(word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("acting", "practical and exact"),
        ("music", "drumstick"),
        ("animals", "a category of its own"),
        ("music", ""),
    ],
)
def test_a_part_of_a_word_is_no_match(word: str, text: str) -> None:
    assert not _matches(word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("friends", "He has no friends"),
        ("sport", "never liked football"),
        ("water", "doesn't like the bath"),
        ("animals", "is afraid of dogs"),
        ("music", "used to love singing"),
    ],
)
def test_what_is_denied_is_no_strength(word: str, text: str) -> None:
    assert not _matches(word, text)


def test_a_no_ends_with_its_part_of_the_sentence() -> None:
    assert _matches("sport", "No friends, but football every day")
    assert _matches("animals", "Not school. Animals!")


def test_what_was_good_in_an_earlier_time_is_no_strength_of_today() -> None:
    assert not _matches("music", "singing calmed her", of_today=False)


def test_the_same_word_is_heard_once() -> None:
    fits = activity("game", strengths=("music", "water"))
    said = (Strength("sings", "aunt"), Strength("loves songs", "teacher"))
    found = matches(fits, said, RULES)
    assert [(match.word, match.strength.said_by) for match in found] == [("music", "aunt")]
