"""Points and facts: what is told counts, once, and by overlap with the period."""

from __future__ import annotations

import pytest

from nmt_intake.bank.model import Bank
from nmt_intake.bank.truth import Possible, Range, Stretch
from nmt_intake.interview.events import Event
from nmt_intake.interview.state import Interview, fold
from nmt_intake.scoring.suggest import ratings_of, suggest
from nmt_intake.scoring.weighing import overlaps
from tests.interview.happenings import event
from tests.interview.random_banks import Plan, bank_from, question
from tests.scoring.shipped import norms

VIOLENCE = "infancy/adversity.violence"
ANCHORS = {"none": "None.", "mild": "Mild.", "moderate": "Moderate.", "severe": "Severe."}
ROWS = {
    "block": "rows",
    "title": "R",
    "for_each": "exposure",
    "questions": [
        question("sort", "choice", options={"blow": "A blow", "loss": "A loss"}),
        question("when_was", "interval"),
    ],
}
PERIOD = {
    "block": "p",
    "title": "P",
    "for_each": "period",
    "questions": [
        question("gate", "choice", options={"none": "No", "some": "Some", "much": "Much"}),
        question("near", "choice", options={"far": "Far", "close": "Close"}, when="gate != 'none'"),
    ],
}


def bank(*facts: Plan, **rating: object) -> Bank:
    plan: Plan = {
        "rating": "adversity.violence",
        "title": "Violence",
        "anchors": ANCHORS,
        "points": {"p.gate": {"some": "3", "much": "6"}, "p.near": {"close": "3"}},
        "facts": [*facts],
        **rating,
    }
    return bank_from([PERIOD, ROWS], [plan])


def fact(form: str, rating: int, **more: object) -> Plan:
    return {"id": "F", form: str(rating), "because": "A blow.", **more}


BLOW = fact("at_least", 7, each="exposure", when="sort == 'blow'")


def told(bank: Bank, *events: Event) -> Interview:
    client = {"alias": "M.", "age_months": 60}
    who = [
        event(2, "informant_added", informant={"id": each, "relation": each})
        for each in ("gm", "file")
    ]
    return fold(bank, [event(1, "opened", client=client), *who, *events])


def said(number: int, slot: str, value: object, who: str = "gm", **more: object) -> Event:
    return event(number, "answered", slot=slot, value=value, informant=who, **more)


def row(start: float, end: float, number: int = 1) -> list[Event]:
    at = f"exposure-{number}"
    return [
        event(10 + 5 * number, "instance_added", instance=at, label="row"),
        said(11 + 5 * number, f"{at}/rows.sort", "blow"),
        said(12 + 5 * number, f"{at}/rows.when_was", {"from": start, "to": end}),
    ]


def span(interview: Interview, key: str = VIOLENCE) -> tuple[int | None, int | None]:
    found = suggest(interview, key)
    return found.low, found.high


@pytest.mark.parametrize(
    ("gate", "near", "expected"),
    [
        ("none", None, (1, 2)),
        ("some", "far", (4, 5)),
        ("some", "close", (7, 8)),
        ("much", "close", (8, 9)),  # one source of the worst
        ("some", None, (4, 8)),  # not told yet: either
        (None, None, (1, 9)),
    ],
)
def test_points_add_up_and_what_is_not_known_widens(
    gate: str | None, near: str | None, expected: tuple[int, int]
) -> None:
    answers = {"p.gate": gate, "p.near": near}
    events = [
        said(5 + at, f"infancy/{slot}", value)
        for at, (slot, value) in enumerate(answers.items())
        if value
    ]
    interview = told(bank(), *events)
    assert span(interview) == expected
    assert suggest(interview, VIOLENCE).settled is (gate is not None)


def test_the_worst_is_kept_for_what_two_sources_tell_of() -> None:
    one = [said(5, "infancy/p.gate", "much"), said(6, "infancy/p.near", "close")]
    two = [*one, said(7, "infancy/p.gate", "much", "file")]
    read = [said(5, "infancy/p.gate", "much", basis="read"), one[1]]
    assert span(told(bank(), *one)) == (8, 9)
    assert span(told(bank(), *two)) == (11, 12)
    assert span(told(bank(), *read)) == (11, 12)


def test_no_exposure_inside_a_period_stands_beside_nothing_of_that_kind() -> None:
    nothing = said(5, "infancy/p.gate", "none")
    found = suggest(told(bank(BLOW), nothing, *row(4, 9)), VIOLENCE)
    assert (found.low, found.high) == (6, 8)
    assert [each.rule.because for each in found.contradictions] == ["A blow."]
    assert found.facts[0].tellers == ("gm",)
    outside = suggest(told(bank(BLOW), nothing, *row(20, 30)), VIOLENCE)
    assert (outside.low, outside.high, outside.facts) == (1, 2, ())


def test_a_worse_answer_beside_a_fact_is_never_rated_better() -> None:
    ranges = [
        span(told(bank(BLOW), said(5, "infancy/p.gate", gate), *row(4, 9)))
        for gate in ("none", "some", "much")
    ]
    assert [low for low, _ in ranges] == sorted(low or 0 for low, _ in ranges)
    assert [high for _, high in ranges] == sorted(high or 0 for _, high in ranges)


def test_a_fact_that_may_lie_in_the_period_only_widens() -> None:
    unsure = [*row(4, 9)[:2]]
    found = suggest(told(bank(BLOW), said(5, "infancy/p.gate", "none"), *unsure), VIOLENCE)
    assert (found.low, found.high, found.contradictions) == (1, 8, ())


def test_rows_are_counted_and_a_graze_is_not_lasting() -> None:
    two = fact("at_least", 7, each="exposure", count="2")
    gate = said(5, "infancy/p.gate", "none")
    assert span(told(bank(two), gate, *row(4, 9))) == (1, 2)
    assert span(told(bank(two), gate, *row(4, 9), *row(5, 6, 2))) == (6, 8)
    lasting = {**BLOW, "lasting": "true"}
    assert span(told(bank(lasting), gate, *row(12, 40))) == (1, 2)
    assert span(told(bank(lasting), gate, *row(4, 40))) == (6, 8)


def test_widen_reaches_to_what_is_worse_and_never_back() -> None:
    wide = fact("widen", 6, each="exposure", when="sort == 'blow'")
    good = told(bank(wide), said(5, "infancy/p.gate", "none"), *row(4, 9))
    events = [said(5, "infancy/p.gate", "some"), said(6, "infancy/p.near", "close")]
    assert span(good) == (1, 6)
    assert suggest(good, VIOLENCE).contradictions
    assert span(told(bank(wide), *events, *row(4, 9))) == (7, 8)


def test_what_does_not_apply_is_written_so_in_the_ratings() -> None:
    rule = {"id": "N", "when": "p.gate == 'none'", "not_applicable": "true", "because": "None."}
    interview = told(bank(rules=[rule]), said(5, "infancy/p.gate", "none"))
    ratings, unconfirmed = ratings_of(interview, norms())
    assert ratings is not None
    assert ratings.not_applicable == {VIOLENCE}
    assert VIOLENCE not in unconfirmed
    assert suggest(interview, VIOLENCE).not_applicable


def test_overlap_is_sure_perhaps_or_none() -> None:
    at = lambda low, high: Stretch(Range(low, low), Range(high, high))  # noqa: E731
    assert overlaps(at(1, 3), "infancy", 60) is True
    assert overlaps(at(0, 2), "infancy", 60) is False
    assert overlaps(Stretch(Range(1, 1), Range(None, None)), "infancy", 60) is None
    assert overlaps(Possible((at(0, 1), at(3, 4))), "infancy", 60) is None
    assert overlaps(Stretch(Range(3, 3), None), "infancy", 60, lasting=True) is True
