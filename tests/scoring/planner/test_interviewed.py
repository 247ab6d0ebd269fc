"""What an interview gives to a plan."""

from __future__ import annotations

from functools import cache

from nmt_intake.bank.loading import load_bank, shipped_bank
from nmt_intake.bank.model import Bank
from nmt_intake.interview.events import (
    ActivityChosen,
    ActivityDropped,
    Answered,
    Client,
    Event,
    Informant,
    InformantAdded,
    MarkedMissing,
    Opened,
    Retracted,
    SafetyAcknowledged,
    SafetyRaised,
)
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.state import Interview, fold
from nmt_intake.scoring.planner import (
    Chosen,
    Dropped,
    Strength,
    circumstances_of,
    rules_of,
    strengths_from,
)


@cache
def _bank() -> Bank:
    return load_bank(shipped_bank(), None)


RECORD = Recorder("clinician", _bank(), "desk")


def _opened(*kinds: str) -> list[Event]:
    client = Client(alias="M.", age_months=84)
    events: list[Event] = [Opened(client=client, **RECORD.carried())]
    for kind in kinds:
        informant = Informant.model_validate({"id": kind, "relation": f"the {kind}", "kind": kind})
        events.append(InformantAdded(informant=informant, **RECORD.carried()))
    return events


def _said(slot: str, value: str, informant: str = "caregiver") -> Answered:
    return Answered(slot=slot, value=value, informant=informant, **RECORD.carried())


def _choices(slot: str, value: list[str]) -> Answered:
    return Answered(slot=slot, value=value, informant="caregiver", **RECORD.carried())


def _interview(*events: Event, kinds: tuple[str, ...] = ("caregiver",)) -> Interview:
    return fold(_bank(), [*_opened(*kinds), *events])


def test_what_is_told_of_strengths_is_collected_with_who_said_it() -> None:
    interview = _interview(
        _said("strengths_first.good_at", "Drums on everything"),
        _said("strengths_first.good_at", "Good with numbers", "professional"),
        _said("strengths_first.enjoys", "The dog"),
        kinds=("caregiver", "professional"),
    )
    assert strengths_from(interview) == (
        Strength("Drums on everything", "the caregiver", "strengths_first.good_at"),
        Strength("Good with numbers", "the professional", "strengths_first.good_at"),
        Strength("The dog", "the caregiver", "strengths_first.enjoys"),
    )


def test_what_nobody_answered_is_no_strength() -> None:
    missing = MarkedMissing(
        slot="strengths_first.good_at", reason="asked-unknown", **RECORD.carried()
    )
    assert strengths_from(_interview(missing)) == ()


def test_what_was_good_in_an_earlier_period_is_kept_but_not_of_today() -> None:
    interview = _interview(
        _said("infancy/care.went_well", "She sang to him"),
        _said("childhood/care.went_well", "Swimming"),
    )
    assert [(each.text, each.of_today) for each in strengths_from(interview)] == [
        ("She sang to him", False),
        ("Swimming", True),
    ]


def test_the_most_sensitive_answers_and_those_on_substances_stay_out_of_a_plan() -> None:
    left_out = [
        question
        for question in _bank().questions.values()
        if "strength" in question.tags
        and question.kind == "text"
        and (question.sensitivity >= 3 or "substance" in question.tags)
    ]
    slots = [
        f"infancy/{question.id}" if question.for_each == "period" else question.id
        for question in left_out
    ]
    interview = _interview(*(_said(slot, "He plays the drum then") for slot in slots))
    assert left_out
    assert strengths_from(interview) == ()


def test_an_interview_says_whether_the_client_is_the_only_one_to_tell() -> None:
    def alone(*kinds: str) -> bool:
        return circumstances_of(_interview(kinds=kinds), frozenset()).client_is_only_informant

    assert alone("self")
    assert not alone("self", "caregiver")
    assert not alone()


def test_a_concern_about_safety_is_open_until_somebody_acknowledges_it() -> None:
    raised = SafetyRaised(topic="self_harm", **RECORD.carried())
    seen = SafetyAcknowledged(raised=raised.id, reason="Spoken with", **RECORD.carried())
    opened = circumstances_of(_interview(raised), frozenset())
    assert opened.safety_open
    assert opened.conditions == ("self_harm",)
    assert not circumstances_of(_interview(raised, seen), frozenset()).safety_open


def test_of_two_decisions_on_one_activity_the_later_one_stands() -> None:
    interview = _interview(
        ActivityDropped(activity="a", reason="Tried", **RECORD.carried()),
        ActivityChosen(activity="b", place=2, **RECORD.carried()),
        ActivityChosen(activity="a", phase="later", **RECORD.carried()),
        ActivityDropped(activity="b", reason="No", **RECORD.carried()),
    )
    given = circumstances_of(interview, frozenset({"functions.sleep"}))
    assert given.chosen == (Chosen("a", "later"),)
    assert given.dropped == (Dropped("b", "No"),)
    assert given.unconfirmed == {"functions.sleep"}


def test_a_decision_that_was_undone_counts_no_more() -> None:
    dropped = ActivityDropped(activity="a", **RECORD.carried())
    interview = _interview(dropped, Retracted(target=dropped.id, **RECORD.carried()))
    assert circumstances_of(interview, frozenset()).dropped == ()


def test_answers_give_conditions_by_the_tags_of_their_questions() -> None:
    told = _interview(
        _said("milestones.lost_skills", "lost"),
        _said("safety_now.self_harm", "unsure"),
    )
    assert set(circumstances_of(told, frozenset()).conditions) == {"self_harm", "lost_skills"}
    nothing = _interview(
        _said("milestones.lost_skills", "never"),
        _said("safety_now.self_harm", "no"),
        _said("safety_now.home_tonight", "yes"),
    )
    assert circumstances_of(nothing, frozenset()).conditions == ()
    tonight = _interview(_said("safety_now.home_tonight", "no"))
    assert circumstances_of(tonight, frozenset()).conditions == ("current_harm",)


def test_drinking_before_birth_is_told_to_a_doctor_and_a_glass_at_christmas_is_not() -> None:
    def told(often: str) -> tuple[str, ...]:
        interview = _interview(
            _said("intrauterine/hard_times.substance", "much"),
            _choices("intrauterine/before_birth.which", ["alcohol"]),
            _said("intrauterine/before_birth.alcohol_before", often),
        )
        return circumstances_of(interview, frozenset()).conditions

    assert told("most_days") == ("prenatal_alcohol",)
    assert told("seldom") == ()


def test_the_map_of_people_says_who_can_lead_and_who_is_not_safe() -> None:
    rows = [
        {"who": "my sister Anna", "seen": "weekly", "safe": "safe"},
        {"who": "Gran", "seen": "daily", "safe": "safe"},
        {"who": "his uncle", "seen": "weekly", "safe": "not_safe"},
        {"who": "the postman", "seen": "weekly", "safe": "safe"},
    ]
    table = Answered(
        slot="people_today.network", value=rows, informant="caregiver", **RECORD.carried()
    )
    people = circumstances_of(_interview(table), frozenset(), rules_of(_bank())).people
    assert {(each.name, each.role, each.can_lead) for each in people} == {
        ("caregiver", "caregiver", True),
        ("kin", "kin", True),
        ("grandmother", "kin", True),
        ("uncle", "kin", False),
    }
    assert "Anna" not in str(people)


def test_what_helps_already_is_known_by_its_function() -> None:
    interview = _interview(
        _said("sleep.usual", "much"), _said("sleep.what_helps", "The red blanket")
    )
    (strength,) = strengths_from(interview)
    assert (strength.text, strength.helps) == ("The red blanket", "sleep")
