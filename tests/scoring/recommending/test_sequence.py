"""The rules as data: read, checked, refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest

from nmt_intake.errors import IntakeError
from nmt_intake.scoring.recommending import sequence_from
from nmt_intake.scoring.recommending.sequence.consistency import ONCE

from .made_up import rules_document, shipped

Document = dict[str, object]


def _rules(document: Document) -> list[Document]:
    return cast(list[Document], document["rules"])


def _refused(document: object) -> IntakeError:
    with pytest.raises(IntakeError) as refusal:
        sequence_from(document, shipped())
    return refusal.value


def test_the_shipped_rules_are_in_order_and_read_from_text() -> None:
    rules = sequence_from(rules_document(), shipped())
    assert rules.domains == ("sensory_integration", "self_regulation", "relational", "cognitive")
    assert rules.at_most == {"essential": 4, "therapeutic": 3, "enrichment": 2}
    assert rules.settings_open["school"].start == 60
    assert rules.lowest_system_first is True
    assert set(rules.says) == set(ONCE)
    assert len(rules.only_on_occasion) >= 10
    assert rules.strength_words["music"][0] == "music"


@pytest.mark.parametrize("nothing", [None, {}, ""])
def test_no_rules_at_all_are_told(nothing: object) -> None:
    assert _refused(nothing).code == "SCORE-030"


def _no_version(document: Document) -> None:
    del document["version"]


def _two_keys(document: Document) -> None:
    _rules(document)[0]["at_most_now"] = "6"


def _no_key(document: Document) -> None:
    del _rules(document)[0]["lowest_system_first"]


def _key_without_value(document: Document) -> None:
    _rules(document)[0]["lowest_system_first"] = None


def _unknown_key(document: Document) -> None:
    _rules(document)[0]["lowest_sistem_first"] = "true"


def _unknown_rank(document: Document) -> None:
    _changed(document, "rank_by", ["beauty", "id"])


def _negative_count(document: Document) -> None:
    _changed(document, "at_most_now", "-1")


def _changed(document: Document, key: str, value: object) -> None:
    next(rule for rule in _rules(document) if key in rule)[key] = value


@pytest.mark.parametrize(
    "spoil",
    [
        _no_version,
        _two_keys,
        _no_key,
        _key_without_value,
        _unknown_key,
        _unknown_rank,
        _negative_count,
    ],
)
def test_a_wrong_shape_is_refused_with_its_place(spoil: Callable[[Document], None]) -> None:
    document = rules_document()
    spoil(document)
    error = _refused(document)
    assert error.code == "SCORE-031"
    assert error.where == "activities/sequence.yaml"


def test_rules_that_are_no_mapping_are_refused() -> None:
    assert _refused(["rules"]).code == "SCORE-031"


CONTRADICTIONS: list[tuple[dict[str, object], str]] = [
    ({"enrichment_goes_to": "soon"}, "no phase 'soon'"),
    ({"caregiver_first_when": [{"rating": "relationships.cat", "at_most": 6}]}, "no rating"),
    ({"only_on_occasion": {"no_such_game": "a day"}}, "no activity 'no_such_game'"),
    ({"settings_open": {"school": ["216", "60"]}}, "ages do not go up"),
    ({"settings_balance": {"ages": {"school": ["9", "9"]}}}, "ages do not go up"),
    ({"rank_by": ["id", "cost"]}, "must end with id"),
    (
        {"always_in_now": [{"domain": "relational", "at_least": 1, "works_on": ["love"]}]},
        "a function that does not exist",
    ),
]


@pytest.mark.parametrize(("changes", "words"), CONTRADICTIONS)
def test_rules_that_name_what_is_not_there_are_refused(
    changes: dict[str, object], words: str
) -> None:
    error = _refused(rules_document(**changes))
    assert error.code == "SCORE-032"
    assert words in error.what


@pytest.mark.parametrize("key", ONCE)
def test_every_rule_has_to_be_there(key: str) -> None:
    document = rules_document()
    document["rules"] = [rule for rule in _rules(document) if key not in rule]
    error = _refused(document)
    assert error.code == "SCORE-032"
    assert key in error.what


def test_a_rule_that_stands_twice_is_refused() -> None:
    document = rules_document()
    _rules(document).append(_rules(document)[0] | {"id": "again"})
    assert "there are 2" in _refused(document).what
    document = rules_document()
    _rules(document).append({"id": "lowest_first", "says": "More.", "always_says": "true"})
    assert "two rules 'lowest_first'" in _refused(document).what


def test_steps_hold_every_domain_once_in_known_regions() -> None:
    document = rules_document()
    steps = cast(list[Document], document["steps"])
    steps[1]["domains"] = ["cognitive"]
    assert "every domain exactly once" in _refused(document).what
    document = rules_document()
    cast(list[Document], document["steps"])[0]["regions"] = ["gut"]
    assert "region" in _refused(document).what


def test_phases_reviews_and_words_are_complete() -> None:
    document = rules_document(enrichment_goes_to="now")
    document["phases"] = ["now", "now", "later"]
    assert "phase twice" in _refused(document).what
    document = rules_document()
    del cast(Document, document["review"])["therapeutic"]
    assert "review lacks therapeutic" in _refused(document).what
    document = rules_document()
    del cast(Document, document["strength_words"])["music"]
    assert "'music'" in _refused(document).what
