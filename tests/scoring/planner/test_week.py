"""The week on one page: when, by whom, what is there already, when to look again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from nmt_intake.bank.model import Activity
from nmt_intake.scoring import ratings_from, score
from nmt_intake.scoring.planner import (
    Circumstances,
    Plan,
    card_of,
    circumstances_from,
    recommend,
    rules_of,
)
from nmt_intake.scoring.planner.week import slot_of, when_in_words
from tests.plans.adapter import bank, norms
from tests.plans.judging import Json, ratings_file

RULES = rules_of(bank())
SLEEPLESS: Json = {"age_months": 96, "usual": True, "functions": {"sleep": 3, "arousal": 4}}


def planned(activities: tuple[Activity, ...] | None = None, **context: object) -> Plan:
    assert RULES is not None
    ratings = ratings_from(ratings_file({"ratings": dict(SLEEPLESS)}))
    library = bank().activities if activities is None else activities
    circumstances = circumstances_from(context, RULES)
    metrics = score(ratings, norms())
    return recommend(metrics, norms(), library, RULES, ratings, circumstances)


def named(name: str) -> Activity:
    return next(each for each in bank().activities if each.id == name)


@pytest.mark.parametrize(
    ("effect", "moment", "times", "slot"),
    [
        ("calming", "day", 7, "evening"),
        ("alerting", "day", 7, "morning"),
        ("organising", "day", 7, "afternoon"),
        ("alerting", "evening", 7, "afternoon"),
        ("calming", "evening", 7, "evening"),
        ("calming", "day", 14, "all_day"),
        ("calming", "weekend", 1, "afternoon"),
        ("alerting", "any", 7, "any"),
    ],
)
def test_what_wakes_goes_before_school_and_what_calms_before_sleep(
    effect: str, moment: str, times: float, slot: str
) -> None:
    made = replace(named("push_the_wall"), effect=effect, moment=moment, times=times)
    assert slot_of(made) == slot


def test_when_is_said_in_words() -> None:
    walk = replace(named("evening_walk_together"), effect="calming", moment="evening")
    assert when_in_words(replace(walk, times=2)) == "twice a week in the evening"
    assert when_in_words(replace(walk, times=7)) == "every day in the evening"
    assert when_in_words(replace(walk, times=0.5)) == "now and then"
    assert when_in_words(replace(walk, moment="weekend", times=1)) == "at the weekend"
    assert when_in_words(replace(walk, moment="school", times=5)) == "every school or work day"


def test_the_effect_of_an_activity_decides_between_two_for_one_need() -> None:
    base = named("same_steps_to_bed")
    calm = replace(base, id="b_calm", effect="calming")
    rouse = replace(base, id="a_rouse", effect="alerting")
    first = planned((calm, rouse)).phases[0].lines[0]
    assert first.activity.id == "b_calm"
    swapped = (replace(calm, effect="alerting"), replace(rouse, effect="calming"))
    assert planned(swapped).phases[0].lines[0].activity.id == "a_rouse"


def test_a_school_day_stands_beside_a_day_at_home_and_no_teacher_comes_on_sunday() -> None:
    plan = planned(people={"teacher": 9, "mother": 8})
    assert plan.school_days
    weekend = [entry for day in plan.week[5:] for entry in day.entries]
    assert weekend
    assert all(entry.led_by != "teacher" for entry in weekend)
    assert not planned(people={"teacher": False, "mother": 8}).school_days


def test_every_thing_that_is_begun_has_its_place_in_the_week() -> None:
    plan = planned()
    told = " ".join(cell for row in plan.page for cell in (*row.weekday, *row.weekend))
    seldom = {each.title for each in plan.seldom}
    for line in plan.phases[0].lines:
        assert line.activity.title in told or line.activity.title in seldom


def test_the_first_steps_are_lines_of_the_plan_with_who_and_when() -> None:
    plan = planned(people={"mother": 9})
    titles = [line.activity.title for line in plan.phases[0].lines]
    assert [step.title for step in plan.first_steps] == titles[:3]
    assert all(step.who and step.when and step.why for step in plan.first_steps)


def test_it_is_looked_at_in_weeks_and_then_every_half_year() -> None:
    review = planned().review
    assert review is not None
    assert review.times == (4, 12, 26, 52)
    assert review.dates(date(2026, 11, 28))[:2] == (date(2026, 12, 26), date(2027, 2, 20))


def test_monday_begins_with_what_was_told_as_good() -> None:
    plan = planned(strengths=["sings to the hens"])
    assert [each.text for each in plan.already] == ["sings to the hens"]


def test_a_card_bears_no_rating_and_says_when_not() -> None:
    assert RULES is not None
    plan = planned(people={"mother": 9})
    line = next(each for each in plan.phases[0].lines if each.need == "sleep")
    card = card_of(line.activity, RULES, norms(), line)
    told = " ".join(text for _, texts in card.parts for text in texts)
    assert "rated" not in told
    assert "mother" in told
    swim = dict(card_of(named("float_and_splash"), RULES, norms()).parts)
    assert any("seizures" in text and "doctor" in text for text in swim["Not, or not yet"])
    assert any(text.startswith("For a grown-up") for text in swim["At each age"])


def test_with_no_minute_at_all_there_is_still_what_is_folded_into_the_day() -> None:
    assert RULES is not None
    ratings = ratings_from(ratings_file({"ratings": dict(SLEEPLESS)}))
    metrics, none = score(ratings, norms()), Circumstances(minutes_a_week=0)
    plan = recommend(metrics, norms(), bank().activities, RULES, ratings, none)
    assert plan.phases[0].lines
    assert sum(line.minutes_a_week for line in plan.phases[0].lines) == 0
    assert all("time" in each.reason for each in plan.unanswered if each.function == "sleep")
