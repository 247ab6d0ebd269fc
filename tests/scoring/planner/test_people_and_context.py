"""Who leads, when people come first, and what a context may hold."""

from __future__ import annotations

import pytest

from nmt_intake.errors import IntakeError
from nmt_intake.scoring.planner import circumstances_from, rules_of
from nmt_intake.scoring.planner.circumstances import conditions_in
from tests.plans.adapter import bank, plan_of
from tests.scoring.planner.test_needs_and_levels import file

RULES = rules_of(bank())
WEAK = {"primary_caregivers": 9, "siblings": 2, "extended_family": 2, "peers": 3, "community": 1}


def refused(context: object) -> IntakeError:
    assert RULES is not None
    with pytest.raises(IntakeError) as error:
        circumstances_from(context, RULES, "r.json")
    return error.value


@pytest.mark.parametrize(
    ("context", "code", "word"),
    [
        ({"mood": 3}, "PLAN-001", "mood"),
        ([], "PLAN-001", "object"),
        ({"strengths": "birds"}, "PLAN-001", "list"),
        ({"people": {"zork": 9}}, "PLAN-002", "zork"),
        ({"people": {"granmother": True}}, "PLAN-002", "grandmother"),
        ({"people": {"aunt": 40}}, "PLAN-002", "1 to 12"),
        ({"conditions": ["zork"]}, "PLAN-003", "zork"),
        ({"conditions": ["no seizures"]}, "PLAN-003", "not there"),
        ({"settings": ["moon"]}, "PLAN-004", "home"),
        ({"minutes_a_week": 0}, "PLAN-005", "minutes"),
        ({"minutes_a_week": 12.5}, "PLAN-005", "minutes"),
    ],
)
def test_what_is_not_known_is_refused_in_clear_words(context: object, code: str, word: str) -> None:
    error = refused(context)
    assert error.code == code
    assert word in str(error)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("epilepsy", ["seizures"]),
        ("Epilepsy (a seizure a month)", ["seizures"]),
        ("allergy: nuts and egg", ["allergy"]),
        ("mother's low mood", ["carer_low_mood"]),
        ("does not speak", ["no_speech"]),
        ("cerebral_palsy", ["cerebral_palsy"]),
        ("stroke, with trouble swallowing", ["stroke", "swallowing"]),
    ],
)
def test_conditions_are_read_as_people_write_them(text: str, found: list[str]) -> None:
    assert RULES is not None
    assert sorted(conditions_in([text], RULES, "")) == sorted(found)


def test_a_person_may_be_told_in_many_ways() -> None:
    assert RULES is not None
    people = {
        "foster_mother": {"tie": 8},
        "Nana": {"relation": "grandmother", "can_lead": False},
        "father": "unwell",
        "teacher": 9,
        "sister": True,
        "mentor": False,
        "extended_family": 5,
    }
    given = circumstances_from({"people": people}, RULES)
    told = {each.name: (each.role, each.tie, each.can_lead) for each in given.people}
    assert told == {
        "foster_mother": ("caregiver", 8, True),
        "Nana": ("kin", None, False),
        "father": ("caregiver", None, False),
        "teacher": ("teacher", 9, True),
        "sister": ("sibling", None, True),
        "extended_family": ("kin", 5, True),
    }
    assert given.absent == {"mentor"}


def test_people_come_first_when_every_tie_is_weak_but_the_carer_s() -> None:
    plan = plan_of(file({"sleep": 4}, age=100, relationships=WEAK))
    assert plan["phases"][0]["lines"][0]["to"] == "web"
    assert "People come first" in plan["said_first"][0]


def test_a_main_carer_rated_poor_gets_something_first_and_leads_nothing_alone() -> None:
    ties = {"primary_caregivers": 2, "extended_family": 10}
    plan = plan_of(file({"arousal": 4}, age=100, relationships=ties))
    lines = plan["phases"][0]["lines"]
    assert lines[0]["to"] == "carers"
    for line in lines:
        if line["to"] == "person":
            assert line["led_by"][0] != "caregiver"


def test_the_strong_tie_is_named_as_the_one_who_leads() -> None:
    context = {"people": {"aunt": {"tie": 11}, "mother": {"tie": 5}}}
    plan = plan_of(file({"arousal": 4}, age=100, context=context, relationships=WEAK))
    assert any(line["led_by"][0] == "aunt" for line in plan["phases"][0]["lines"])
    assert any("Aunt leads" in text for text in plan["said_first"])


def test_only_open_places_and_no_more_minutes_than_there_are() -> None:
    context = {"settings": ["home"], "minutes_a_week": 25}
    plan = plan_of(file({"sleep": 4, "arousal": 4, "reward": 5}, age=100, context=context))
    for phase in plan["phases"]:
        assert all(line["settings"] == ["home"] for line in phase["lines"])
        assert sum(line["minutes_a_week"] for line in phase["lines"]) <= 25
    assert "25 minutes" in plan["limit"]


def test_the_week_holds_what_is_begun_from_monday_on() -> None:
    plan = plan_of(file({"sleep": 4, "arousal": 4}, age=100))
    assert plan["week"][0]["day"] == "monday"
    begun = {line["activity"] for line in plan["phases"][0]["lines"]}
    entries = [entry for day in plan["week"] for entry in day["entries"]] + plan["seldom"]
    assert {entry["activity"] for entry in entries} == begun
    assert {sign["function"] for sign in plan["watch"]} == {
        line["need"] for line in plan["phases"][0]["lines"] if line["need"]
    }
