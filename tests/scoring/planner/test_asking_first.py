"""Safety before activities: what waits for whose answer, and that the danger selects nothing."""

from __future__ import annotations

import pytest

from tests.plans.adapter import Json, about, bank, plan_of
from tests.scoring.planner.test_needs_and_levels import file


def all_traits(plan: Json) -> set[str]:
    lines = [line for phase in plan["phases"] for line in phase["lines"]]
    return {trait for line in lines for trait in about(line["activity"]).traits}


def asked(plan: Json) -> dict[str, list[str]]:
    return {name: row["whom"] for row in plan["ask_first"] for name in row["about"]}


@pytest.mark.parametrize(
    ("condition", "traits", "whom"),
    [
        ("epilepsy", {"water", "heights", "flashing_light"}, "doctor"),
        ("cerebral palsy", {"group_sport", "oral_blowing", "oral_chewing"}, "physiotherapist"),
        ("heart condition", {"vigorous", "needs_walking"}, "doctor"),
        ("blind", {"eyes_tracking", "needs_sight"}, "eye_specialist"),
        ("deaf", {"needs_hearing"}, "audiologist"),
        ("dysphagia", {"oral_food", "oral_chewing"}, "speech_language_therapist"),
        ("nut allergy", {"new_foods"}, "dietician"),
        ("wheelchair", {"needs_walking", "heights"}, "physiotherapist"),
    ],
)
def test_nothing_of_a_kind_is_suggested_before_the_one_who_knows_was_asked(
    condition: str, traits: set[str], whom: str
) -> None:
    low = {"large_motor": 4, "fine_motor": 5, "feeding_appetite": 6, "sleep": 5, "reward": 5}
    plan = plan_of(file(low, age=90, context={"conditions": [condition]}))
    assert not all_traits(plan) & traits
    assert any(whom in entry for entry in asked(plan).values())


@pytest.mark.parametrize("function", ["suck_swallow_gag", "cardiovascular", "feeding_appetite"])
@pytest.mark.parametrize("age", [30, 90, 180, 500])
def test_the_danger_selects_no_activity_and_is_explained(function: str, age: float) -> None:
    plan = plan_of(file({function: 2}, age=age))
    assert all(line["need"] != function for phase in plan["phases"] for line in phase["lines"])
    (row,) = [row for row in plan["unanswered"] if row["function"] == function]
    assert row["reason"].startswith("Ask first")
    assert function in asked(plan)


def test_an_activity_s_own_question_keeps_it_back() -> None:
    for each in bank().activities:
        for ask in each.ask_first:
            if ask.condition and each.ages[0] <= 100 < each.ages[1]:
                plan = plan_of(
                    file({}, age=100, context={"conditions": [ask.condition.replace("_", " ")]})
                )
                named = {line["activity"] for p in plan["phases"] for line in p["lines"]}
                assert each.id not in named


def test_alcohol_before_birth_in_the_file_is_for_a_doctor_whatever_is_rated_today() -> None:
    plan = plan_of(file({}, age=100, adversity={"intrauterine": {"substance": 10}}))
    assert asked(plan)["prenatal_alcohol"] == ["doctor"]
    assert not asked(plan_of(file({}, age=100, adversity={"intrauterine": {"substance": 3}})))


def test_a_very_early_birth_is_followed_up_while_the_child_is_small() -> None:
    assert "preterm" in asked(plan_of(file({}, age=40, gestation_weeks=29)))
    assert "preterm" not in asked(plan_of(file({}, age=100, gestation_weeks=29)))


def test_self_harm_goes_before_everything_and_leaves_nobody_alone() -> None:
    plan = plan_of(file({"affect_mood": 3}, age=170, context={"conditions": ["self-harm"]}))
    assert "safety" in plan["said_first"][0].lower()
    assert plan["ask_first"][0]["about"] == ["self_harm"]
    assert not all_traits(plan) & {"alone", "past_told", "heat_or_blades"}


def test_what_the_person_has_is_said_with_each_line() -> None:
    plan = plan_of(file({"communication": 3}, age=90, context={"conditions": ["deaf"]}))
    lines = [line for line in plan["phases"][0]["lines"] if line["to"] == "person"]
    assert lines
    assert all(line["adaptations"] for line in lines)
