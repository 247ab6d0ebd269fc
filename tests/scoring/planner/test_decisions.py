"""The clinician's decisions on top of what is suggested."""

from __future__ import annotations

from dataclasses import replace

from nmt_intake.scoring import ratings_from, score
from nmt_intake.scoring.planner import (
    Chosen,
    Circumstances,
    Dropped,
    Plan,
    circumstances_from,
    recommend,
    rules_of,
)
from tests.plans.adapter import Json, bank, norms
from tests.scoring.planner.test_needs_and_levels import file


def plan(data: Json, **decided: object) -> Plan:
    rules = rules_of(bank())
    assert rules is not None
    ratings = ratings_from(data)
    given: Circumstances = circumstances_from(data.get("context"), rules)
    given = replace(given, **decided)  # type: ignore[arg-type]
    metrics = score(ratings, norms())
    return recommend(metrics, norms(), bank().activities, rules, ratings, given)


def names(made: Plan, phase: int = 0) -> list[str]:
    return [line.activity.id for line in made.phases[phase].lines]


def test_what_was_dropped_does_not_come_back_and_something_else_answers() -> None:
    data = file({"sleep": 3}, age=74)
    (first,) = [line.activity.id for line in plan(data).lines if line.need == "sleep"]
    again = plan(data, dropped=(Dropped(first, "Tried"),))
    assert first not in [line.activity.id for line in again.lines]
    assert any(line.need == "sleep" for line in again.phases[0].lines)


def test_what_was_chosen_comes_on_top_at_its_place_and_pushes_nothing_out() -> None:
    data = file({"sleep": 3}, age=74)
    before = names(plan(data))
    after = plan(data, chosen=(Chosen("treasure_map", "now", 1, "She loves maps"),))
    assert names(after) == ["treasure_map", *before]
    assert after.phases[0].lines[0].by_clinician
    assert "She loves maps" in after.phases[0].lines[0].reasons[0]


def test_what_was_chosen_before_anybody_was_asked_is_remarked_on() -> None:
    data = file({"sleep": 3}, age=120, context={"conditions": ["epilepsy"]})
    made = plan(data, chosen=(Chosen("swimming_lessons"),))
    assert any("ask a doctor first" in text for text in made.remarks)


def test_a_choice_that_the_library_has_no_more_is_said() -> None:
    made = plan(file({}, age=74), chosen=(Chosen("gone_long_ago"),))
    assert any("gone_long_ago" in text for text in made.remarks)


def test_the_same_in_gives_the_same_plan_in_whatever_order_the_library_is() -> None:
    rules = rules_of(bank())
    assert rules is not None
    data = file({"sleep": 3, "arousal": 4, "reward": 4}, age=300)
    ratings = ratings_from(data)
    metrics = score(ratings, norms())
    one, other = (
        recommend(metrics, norms(), library, rules, ratings, Circumstances())
        for library in (bank().activities, tuple(reversed(bank().activities)))
    )
    assert one.as_json() == other.as_json()


def test_a_hundred_and_five_years_have_a_plan_too() -> None:
    assert plan(file({"reward": 4}, age=1260)).phases[0].lines
