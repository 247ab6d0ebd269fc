"""The lists of safety sentences are well formed, and the measure counts what it says."""

from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest
from pydantic import ValidationError

from tests.safety import __main__ as measuring
from tests.safety.sentences import Half, Kind, Sentence, Topic, written

HALVES: tuple[Half, Half] = get_args(Half)
BOTH = [each for half in HALVES for each in written(half)]


def test_there_are_enough_sentences_of_both_sorts() -> None:
    assert sum(bool(each.topics) for each in BOTH) >= 160
    assert sum(not each.topics and not each.may for each in BOTH) >= 300


def test_a_fifth_of_the_dangerous_sentences_is_spanish() -> None:
    named = [each for each in BOTH if each.topics]
    assert sum(each.language == "es" for each in named) >= len(named) * 0.19


def test_no_words_stand_twice() -> None:
    assert max(Counter(each.words.casefold() for each in BOTH).values()) == 1


@pytest.mark.parametrize("half", HALVES)
def test_each_half_names_every_topic_in_both_languages(half: Half) -> None:
    named = {(topic, each.language) for each in written(half) for topic in each.topics}
    assert named == {(topic, language) for topic in get_args(Topic) for language in ("en", "es")}


def test_the_halves_hold_about_as_many_of_each_kind() -> None:
    seen, unseen = (Counter(each.kind for each in written(half)) for half in HALVES)
    assert set(seen) == set(unseen) == set(get_args(Kind))
    assert all(abs(seen[kind] - unseen[kind]) <= 2 for kind in seen)


def test_a_dangerous_sentence_without_a_topic_is_refused() -> None:
    with pytest.raises(ValidationError):
        Sentence(words="he wants to die", language="en", kind="named")


def test_the_measure_counts_misses_and_false_offers() -> None:
    danger = Sentence(
        words="he held a knife to me",
        language="en",
        kind="named",
        topics=frozenset({"weapons", "current_harm"}),
    )
    past = Sentence(words="she fell", language="en", kind="open", may=frozenset({"medical"}))
    plain = Sentence(words="she killed it", language="en", kind="misleading")
    found = [
        measuring.Outcome(danger, frozenset({"weapons", "self_harm"})),
        measuring.Outcome(past, frozenset({"medical"})),
        measuring.Outcome(past, frozenset({"weapons"})),
        measuring.Outcome(plain, frozenset({"self_harm", "medical"})),
        measuring.Outcome(plain, frozenset()),
    ]
    assert measuring.recall(found, "weapons") == (1, 1)
    assert measuring.recall(found, "current_harm") == (0, 1)
    assert measuring.heard_at_all(found) == (1, 1)
    assert measuring.false_offers(found) == (2, 4)
