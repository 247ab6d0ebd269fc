"""The vignettes are well formed and play, and what holds the rules against them can tell."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import cache

import pytest
from pydantic import ValidationError

from nmt_intake.bank.model import Rule
from nmt_intake.interview.state import Interview
from nmt_intake.scoring.suggest import RuleOutcome, Suggestion, rating_keys
from nmt_intake.vocabulary import FUNCTIONS, PERIODS, RELATIONSHIPS
from tests.vignettes import monotone
from tests.vignettes.orders import BY_QUESTION, LADDERS, order_of
from tests.vignettes.vignette import (
    Expected,
    Vignette,
    figures_of,
    judge,
    play,
    shipped,
    verdict_on,
    vignettes,
)

EXPECTED = [each for vignette in vignettes() for each in vignette.expected]
NAMES = [vignette.id for vignette in vignettes()]


# Every fourth each time; the whole list with `pytest -m whole tests/vignettes`.
@pytest.fixture(
    params=[
        pytest.param(each, id=each.id, marks=() if number % 4 == 0 else pytest.mark.whole)
        for number, each in enumerate(vignettes())
    ]
)
def vignette(request: pytest.FixtureRequest) -> Vignette:
    return request.param


@pytest.fixture
def interview(vignette: Vignette) -> Interview:
    return played(vignette.id)


@cache
def played(name: str) -> Interview:
    return play(_called(name))


def test_no_answer_is_refused_and_none_stands_behind_a_closed_question(
    vignette: Vignette, interview: Interview
) -> None:
    slots = [str(answer["question"]) for answer in vignette.answers]
    assert [slot for slot in slots if interview.truths[slot] is False] == []


def test_every_judged_rating_applies_to_the_person(
    vignette: Vignette, interview: Interview
) -> None:
    applies = {*rating_keys(interview)}
    assert [each.rating for each in vignette.expected if each.key not in applies] == []
    assert [*Counter(each.rating for each in vignette.expected).values()].count(1) >= 6


def test_no_teller_says_two_things_to_one_question(vignette: Vignette) -> None:
    said = Counter((a["question"], a.get("informant")) for a in vignette.answers)
    assert [*said.values()] == [1] * len(said)


def test_there_are_sixty_from_six_weeks_to_seventy_years_each_with_its_own_name() -> None:
    assert len(vignettes()) == 60 == len(set(NAMES))
    ages = [play(each).facts["client.age_months"] for each in (_called("well_at_six_weeks"),)]
    assert ages == [1]
    assert play(_called("widow_of_seventy")).facts["client.age_months"] == 12 * 70 + 3


def test_all_parts_periods_functions_and_outermost_bands_are_judged() -> None:
    parts = Counter(each.part for each in EXPECTED)
    assert sum(parts.values()) >= 500
    assert min(parts[letter] for letter in "ABCD") >= 80
    judged = {each.rating for each in EXPECTED}
    for part in ("adversity", "relational"):
        assert {each.split("/")[1] for each in judged if each.startswith(part)} == {*PERIODS}
    assert {f"relationships/{each}" for each in RELATIONSHIPS} <= judged
    assert {f"functions/{each}" for each in FUNCTIONS} <= judged
    for letter in "ABCD":
        rows = [each for each in EXPECTED if each.part == letter]
        assert {1, 12} <= {*(each.low for each in rows), *(each.high for each in rows)}


def _called(name: str) -> Vignette:
    return next(each for each in vignettes() if each.id == name)


def _expected(**given: object) -> Expected:
    fields = {"rating": "functions/sleep", "because": "So it is.", **given}
    return Expected.model_validate(fields)


def _suggestion(low: int | None, high: int | None) -> Suggestion:
    rules = () if low is None else (RuleOutcome(Rule("R", None, low, low, "So."), True),)
    return Suggestion("functions.sleep", low, high, rules, expected=Fraction(12))


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (4, 6, "inside"),
        (5, 5, "inside"),
        (4, 7, "one off"),  # its middle lies inside, its end does not
        (6, 8, "one off"),
        (7, 8, "worse"),
        (1, 3, "worse"),
        (None, None, "worse"),
    ],
)
def test_a_suggestion_is_inside_one_off_or_worse(
    low: int | None, high: int | None, verdict: str
) -> None:
    assert verdict_on(_expected(low=4, high=6), _suggestion(low, high))[0] == verdict


def test_what_nobody_can_know_is_met_by_silence_or_a_wide_range_only() -> None:
    unknown = _expected(unknown=True)
    assert verdict_on(unknown, _suggestion(None, None))[0] == "inside"
    assert verdict_on(unknown, _suggestion(2, 11))[0] == "inside"
    assert verdict_on(unknown, _suggestion(1, 3))[0] == "worse"


def test_tellers_who_contradict_each_other_are_met_by_a_wide_range_only() -> None:
    wide = _expected(low=3, high=11, wide=True)
    assert verdict_on(wide, _suggestion(2, 12))[0] == "inside"
    assert verdict_on(wide, _suggestion(10, 11))[0] == "one off"


def test_what_does_not_apply_has_to_leave_the_denominator() -> None:
    outside = _expected(not_applicable=True)
    assert verdict_on(outside, _suggestion(None, None), left_out=True)[0] == "inside"
    assert verdict_on(outside, _suggestion(None, None), left_out=False)[0] == "worse"
    assert verdict_on(outside, _suggestion(1, 3), left_out=True)[0] == "worse"


@pytest.mark.parametrize(
    "given",
    [{}, {"low": 4}, {"low": 6, "high": 4}, {"low": 1, "high": 2, "unknown": True}, {"low": 0}],
)
def test_an_expectation_says_exactly_one_thing(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        _expected(**given)


def test_every_expectation_and_figure_of_a_vignette_is_judged_once() -> None:
    vignette = _called("well_at_nine")
    interview = play(vignette)
    assert [each.expected for each in judge(vignette, interview)] == vignette.expected
    assert [each.expected for each in figures_of(vignette, interview)] == vignette.figures


def test_a_figure_out_of_its_range_is_not_met() -> None:
    vignette = _called("severe_in_every_period")
    figure = next(each for each in vignette.figures if each.figure == "bands")
    interview = play(vignette)
    assert figures_of(vignette.model_copy(update={"figures": [figure]}), interview)[0].met
    other = figure.model_copy(update={"is_": "enrichment"})
    assert not figures_of(vignette.model_copy(update={"figures": [other]}), interview)[0].met


def test_every_order_belongs_to_questions_of_the_bank() -> None:
    bank, _ = shipped()
    ordered = {question.id: order_of(question) for question in bank.questions.values()}
    assert {*BY_QUESTION} <= {*bank.questions}
    for name, codes in BY_QUESTION.items():
        assert ordered[name] == tuple(codes.split())
    used = {frozenset(codes) for name, codes in ordered.items() if name not in BY_QUESTION}
    ladders = [each.split() for each in LADDERS.replace("\n", ";").split(";") if each.strip()]
    assert [each for each in ladders if frozenset(each) not in used] == []


def test_orders_turned_round_are_found_as_better_ratings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(monotone, "order_of", lambda question: order_of(question)[::-1])
    assert [each for each in monotone.search(40, seed=1).moved if each.by_middle]


def test_no_worse_answer_gives_a_better_rating_in_a_few_cases() -> None:
    found = monotone.search(40, seed=2)
    assert found.noted > 10
    assert [each for each in found.moved if each.by_middle] == []
