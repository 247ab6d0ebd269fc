"""The lists of utterances are well formed, and every place that they name exists."""

from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest

from tests.banks import shipped
from tests.capture import __main__ as measuring
from tests.capture.utterances import (
    Half,
    Kind,
    Utterance,
    places_today,
    renamed,
    written,
)

HALVES: tuple[Half, Half] = get_args(Half)
MEND = "Mend the id in tests/capture/renamed.yaml, not in the lists."


@pytest.fixture(scope="module")
def ids() -> frozenset[str]:
    return frozenset(question.id for block in shipped().blocks for question in block.questions)


@pytest.mark.parametrize("half", HALVES)
def test_every_place_is_a_question_of_the_bank(half: Half, ids: frozenset[str]) -> None:
    unknown = {place for each in written(half) for place in places_today(each)} - ids
    assert not unknown, MEND


@pytest.mark.parametrize("half", HALVES)
def test_every_utterance_still_has_a_place(half: Half) -> None:
    # The unseen words are not printed: a failure must not show them to whoever mends the table.
    lost = {place for each in written(half) if not places_today(each) for place in each.places}
    assert not lost, MEND


@pytest.mark.parametrize("half", HALVES)
def test_no_place_is_named_twice(half: Half) -> None:
    assert not [each.places for each in written(half) if len(set(each.places)) < len(each.places)]


def test_the_table_of_renamed_ids_holds_nothing_that_is_still_a_question(
    ids: frozenset[str],
) -> None:
    assert not set(renamed()) & ids


def test_the_table_of_renamed_ids_holds_only_ids_of_the_lists() -> None:
    used = {place for half in HALVES for each in written(half) for place in each.places}
    assert set(renamed()) <= used


def test_each_half_holds_two_hundred_or_more() -> None:
    assert all(len(written(half)) >= 200 for half in HALVES)


def test_no_words_stand_twice() -> None:
    words = Counter(each.words.casefold() for half in HALVES for each in written(half))
    assert max(words.values()) == 1


def test_the_halves_hold_as_many_of_each_kind() -> None:
    seen, unseen = (Counter(each.kind for each in written(half)) for half in HALVES)
    assert set(seen) == set(unseen) == set(get_args(Kind))
    assert all(abs(seen[kind] - unseen[kind]) <= 1 for kind in seen)


def test_the_table_counts_first_best_and_among_three() -> None:
    said = Utterance(words="he snores", speaker="anyone", kind="plain", places=("a.x", "a.y"))
    found = [
        measuring.Outcome(said, ("a.x", "b.z")),
        measuring.Outcome(said, ("a.y",)),
        measuring.Outcome(said, ("b.z", "c.z", "a.x")),
        measuring.Outcome(said, ()),
    ]
    assert measuring.table(found) == {"plain": (4, 2, 1, 3), "all": (4, 2, 1, 3)}
