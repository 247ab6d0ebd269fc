"""Suggested ratings: ranges that hold whatever is still to be told, with what they rest on."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nmt_intake.bank.model import Bank, Rule
from nmt_intake.interview.events import Event
from nmt_intake.interview.state import Interview, fold
from nmt_intake.scoring import score
from nmt_intake.scoring.suggest import rating_keys, ratings_of, suggest
from tests.interview.effort import many
from tests.interview.happenings import answers, event, openings, values
from tests.interview.random_banks import Plan, bank_from, bank_of, question
from tests.scoring.shipped import norms

SLEEP = "functions.sleep"
ANCHORS = {
    "functions": ("severe", "moderate", "mild", "typical"),
    "adversity": ("none", "mild", "moderate", "severe"),
    "relational": ("poor", "episodic", "adequate", "positive"),
}


def rating(name: str, *rules: tuple[str | None, int, int]) -> Plan:
    plans: list[Plan] = []
    for number, (when, low, high) in enumerate(rules):
        plan: Plan = {"id": f"R{number}", "suggest": [str(low), str(high)], "because": "So."}
        plans.append({**plan, "when": when} if when else plan)
    anchors = {band: band for band in ANCHORS[name.partition(".")[0]]}
    return {"rating": name, "title": name, "anchors": anchors, "rules": plans}


def bank(*ratings: Plan) -> Bank:
    evidence = {"evidence_for": ["functions.sleep"]}
    questions = [
        question("usual", "choice", **evidence),
        question("often", "yes_no", **evidence, when="usual == 'often'"),
        question("loud", "yes_no"),
    ]
    looped = [question("bad", "yes_no", evidence_for=["adversity.neglect"])]
    blocks = [
        {"block": "b", "title": "B", "questions": questions},
        {"block": "p", "title": "P", "for_each": "period", "questions": looped},
    ]
    return bank_from(blocks, list(ratings))


def said(number: int, slot: str, value: object, who: str | None = None) -> Event:
    return event(number, "answered", slot=slot, value=value, informant=who)


def opened(**client: object) -> Event:
    return event(1, "opened", client={"alias": "M.", **client})


def rules_of(bank: Bank) -> list[Rule]:
    return [rule for rating in bank.ratings for rule in rating.rules]


@st.composite
def completed(draw: st.DrawFn) -> tuple[Interview, Interview]:
    """Return an interview, and the same with some of what was not known told."""
    bank = draw(st.integers(0, 119).map(bank_of))
    interview = fold(bank, [*draw(openings()), *draw(answers(bank))])
    read = {name for rule in rules_of(bank) if rule.when for name, _ in rule.when.reads}
    unknown = [
        slot
        for slot, truth in interview.truths.items()
        if truth is not False and slot not in interview.values and slot.rpartition("/")[2] in read
    ]
    assume(unknown)
    told = []
    for slot in draw(st.lists(st.sampled_from(unknown), unique=True, max_size=8)):
        asked = interview.question(slot)
        assert asked is not None
        told.append(said(5000 + len(told), slot, draw(values(asked)), "kid"))
    after = fold(bank, [each for page in interview.ledger.by_subject.values() for each in page])
    for each in told:
        after = after.apply(each)
    assume(all(after.values.get(slot) == value for slot, value in interview.values.items()))
    # Weeks of pregnancy that were not known counted as term: telling them is another child.
    assume(after.facts == interview.facts)
    # Somebody who was chosen and not named before is one more to be asked about.
    assume(after.setting.named.keys() == interview.setting.named.keys())
    return interview, after


@many
@given(completed())
def test_a_range_holds_whatever_the_unknown_answers_turn_out_to_be(
    pair: tuple[Interview, Interview],
) -> None:
    before, after = pair
    for key in rating_keys(after):
        now, later = suggest(before, key, norms()), suggest(after, key, norms())
        if later.low is None or later.high is None:
            assert not now.settled
            continue
        assert now.low is not None
        assert now.high is not None
        assert now.low <= later.low <= later.high <= now.high
        if later.value is not None and now.value is not None:
            assert now.low <= later.value <= now.high


def test_the_first_rule_that_surely_holds_decides() -> None:
    plan = rating(SLEEP, ("b.loud", 1, 2), ("b.usual == 'often'", 4, 5), (None, 10, 12))
    interview = fold(bank(plan), [said(2, "b.loud", False), said(3, "b.usual", "often")])
    found = suggest(interview, SLEEP)
    assert (found.low, found.high, found.rule_ids, found.value) == (4, 5, "R1", 5)


def test_a_rule_that_hangs_on_something_unknown_widens_the_range() -> None:
    plan = rating(SLEEP, ("b.loud", 6, 7), ("b.usual == 'often'", 4, 5))
    interview = fold(bank(plan), [said(2, "b.usual", "often")])
    found = suggest(interview, SLEEP)
    assert (found.low, found.high, found.rule_ids, found.value) == (4, 7, "R0, R1", 6)
    assert [each.truth for each in found.rules] == [None, True]


def test_nothing_is_suggested_as_one_value_while_no_rule_is_sure_to_hold() -> None:
    plan = rating(SLEEP, ("b.usual == 'often'", 8, 9))
    silent = suggest(fold(bank(plan), []), SLEEP)
    assert (silent.low, silent.high, silent.value, silent.settled) == (8, 9, None, False)
    other = suggest(fold(bank(plan), [said(2, "b.usual", "never")]), SLEEP)
    assert (other.low, other.value, other.rules) == (None, None, ())


def test_where_informants_differ_both_ratings_are_in_the_range() -> None:
    plan = rating(SLEEP, ("b.usual == 'often'", 4, 4), (None, 10, 10))
    events = [said(2, "b.usual", "often", "gm"), said(3, "b.usual", "never", "pro")]
    found = suggest(fold(bank(plan), events), SLEEP)
    assert (found.low, found.high, found.value) == (4, 10, None)
    assert [line.differs for line in found.evidence] == [True, True]


@pytest.mark.parametrize(
    ("name", "low", "high", "value"),
    [
        (SLEEP, 4, 5, 5),
        ("infancy/adversity.neglect", 4, 5, 4),
        ("infancy/relational.safety", 4, 5, 5),
        (SLEEP, 4, 7, 6),
        (SLEEP, 4, 8, None),
        ("infancy/adversity.neglect", 3, 3, 3),
    ],
)
def test_the_one_value_lies_in_the_middle_to_the_side_of_less_risk(
    name: str, low: int, high: int, value: int | None
) -> None:
    plan = rating(name.rpartition("/")[2], (None, low, high))
    assert suggest(fold(bank(plan), [opened(age_months=30)]), name).value == value


@pytest.mark.parametrize(("age", "low", "high"), [(1500, 6, 12), (0, 1, 1)])
def test_a_function_is_scaled_to_what_is_usual_at_the_age(age: float, low: int, high: int) -> None:
    plan = rating("functions.abstract_reflective", (None, 6, 12))
    interview = fold(bank(plan), [opened(age_months=age)])
    found = suggest(interview, "functions.abstract_reflective", norms())
    assert (found.low, found.high) == (low, high)
    expected = norms().expected(Fraction(age))["abstract_reflective"]
    assert found.expected == expected


def test_an_age_that_is_not_sure_widens_what_hangs_on_it() -> None:
    plan = rating("functions.speech", (None, 6, 6))
    key = "functions.speech"
    bank_ = bank(plan)
    year = suggest(fold(bank_, [opened(birth="2025", interviewed="2026-11-22")]), key, norms())
    day = suggest(fold(bank_, [opened(birth="2025-06-01", interviewed="2026-11-22")]), key, norms())
    never = suggest(fold(bank_, []), key, norms())
    assert year.low is not None
    assert day.low is not None
    assert year.low <= day.low <= (day.high or 0) <= (year.high or 0)
    assert year.low < (year.high or 0)
    assert (never.low, never.high) == (1, 6)


def test_the_evidence_says_who_said_what_and_what_is_not_known() -> None:
    interview = fold(
        bank(rating(SLEEP, (None, 6, 6))),
        [
            event(1, "informant_added", informant={"id": "gm", "relation": "gran"}),
            event(
                2,
                "answered",
                slot="b.usual",
                value="often",
                informant="gm",
                basis="saw",
                confidence="high",
                words="every night",
            ),
            event(3, "marked_missing", slot="b.often", reason="asked-unknown", informant="gm"),
            said(4, "b.loud", True),
        ],
    )
    first, second = suggest(interview, SLEEP).evidence
    assert (first.slot, first.says, first.informant, first.basis) == (
        "b.usual",
        "often",
        "gran",
        "saw",
    )
    assert (first.words, first.confidence, first.missing) == ("every night", "high", None)
    assert (second.slot, second.says, second.missing) == ("b.often", "", "asked-unknown")


def test_closed_answers_are_no_evidence_and_move_no_rule() -> None:
    plan = rating(SLEEP, ("b.often", 2, 2), (None, 11, 11))
    events = [said(2, "b.usual", "often"), said(3, "b.often", True)]
    open_ = fold(bank(plan), events)
    closed = open_.apply(said(4, "b.usual", "never"))
    assert suggest(open_, SLEEP).value == 2
    assert [line.slot for line in suggest(closed, SLEEP).evidence] == ["b.usual"]
    assert (suggest(closed, SLEEP).low, suggest(closed, SLEEP).high) == (11, 11)


def test_the_clinician_stands_over_the_suggestion_and_unknown_stays_unknown() -> None:
    plans = [rating(SLEEP, (None, 6, 6)), rating("functions.speech", (None, 7, 7))]
    interview = fold(
        bank(*plans),
        [
            opened(age_months=1500),
            event(2, "rated", rating=SLEEP, value=None),
            event(3, "rated", rating="relationships.peers", value=9),
        ],
    )
    ratings, unconfirmed = ratings_of(interview, norms())
    assert ratings is not None
    assert dict(ratings.functions) == {"speech": 7}
    assert dict(ratings.relationships) == {"peers": 9}
    assert unconfirmed == {"functions.speech"}
    own, nobody = ratings_of(interview, norms(), suggested=False)
    assert own is not None
    assert dict(own.functions) == {}
    assert nobody == frozenset()


@pytest.mark.parametrize("key", ["functions.slep", "late/adversity.neglect", "nonsense", "a/b.c"])
def test_a_stored_rating_that_this_program_does_not_know_is_left_out(key: str) -> None:
    events = [opened(age_months=30), event(2, "rated", rating=key, value=3)]
    interview = fold(bank(rating(SLEEP, (None, 6, 6))), events)
    ratings, _ = ratings_of(interview, norms())
    assert ratings is not None
    assert not ratings.adversity


def test_ratings_of_periods_that_may_have_begun_never_break_the_scoring() -> None:
    born = opened(birth="2014", interviewed="2026-05-01")
    plan = rating("adversity.neglect", (None, 3, 3))
    interview = fold(bank(plan), [born])
    ratings, unconfirmed = ratings_of(interview, norms())
    assert ratings is not None
    assert "youth" not in ratings.adversity
    assert "childhood/adversity.neglect" in unconfirmed
    rated = interview.apply(event(2, "rated", rating="youth/adversity.neglect", value=8))
    decided, _ = ratings_of(rated, norms())
    assert decided is not None
    assert decided.age_months == 144
    assert score(decided, norms())


def test_without_an_age_there_are_no_ratings() -> None:
    assert ratings_of(fold(bank(rating(SLEEP, (None, 6, 6))), []), norms()) == (None, frozenset())


def test_a_bank_without_ratings_suggests_none_and_keeps_the_clinicians() -> None:
    bare = bank_from([{"block": "b", "title": "B", "questions": [question("q", "yes_no")]}])
    events = [opened(age_months=30), event(2, "rated", rating=SLEEP, value=6)]
    interview = fold(bare, events)
    assert rating_keys(interview) == ()
    assert suggest(interview, SLEEP).low is None
    ratings, unconfirmed = ratings_of(interview, norms())
    assert ratings is not None
    assert (dict(ratings.functions), unconfirmed) == ({"sleep": 6}, frozenset())
