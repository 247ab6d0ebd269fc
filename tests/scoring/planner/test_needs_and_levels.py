"""Which ratings are needs, which level a domain has, and what is to be rated first."""

from __future__ import annotations

from tests.plans.adapter import Json, norms, plan_of
from tests.plans.judging import ratings_file

ADULT = 480


def file(functions: dict[str, int], age: float = ADULT, usual: bool = True, **more: object) -> Json:
    ratings: Json = {"age_months": age, "functions": functions, **more}
    return ratings_file({"ratings": {**ratings, **({"usual": "functions"} if usual else {})}})


def level(plan: Json, domain: str) -> str:
    return next(row["level"] for row in plan["levels"] if row["domain"] == domain)


def needs(plan: Json) -> set[str]:
    return {line["need"] for phase in plan["phases"] for line in phase["lines"]} - {""}


def test_a_rating_in_the_typical_range_is_no_need_and_its_area_has_none() -> None:
    plan = plan_of(ratings_file({"ratings": {"age_months": ADULT, "all": 10}}))
    assert not needs(plan)
    assert {row["level"] for row in plan["levels"]} == {"enrichment"}
    assert plan["unanswered"] == []


def test_less_than_a_whole_step_is_no_need() -> None:
    assert not needs(plan_of(file({"speech": 1}, age=1.4)))
    assert "speech" in needs(plan_of(file({"speech": 3}, age=30)))


def test_the_level_is_that_of_the_metrics_and_stands_in_every_line() -> None:
    plan = plan_of(file({"sleep": 3, "arousal": 3, "affect_mood": 4}))
    for phase in plan["phases"]:
        for line in phase["lines"]:
            if line["to"] == "person":
                assert line["band"] == level(plan, line["domain"])


def test_a_domain_under_half_rated_gets_no_plan_but_what_to_rate_first() -> None:
    plan = plan_of(file({"sleep": 2}, age=84, usual=False))
    assert all(line["to"] != "person" for p in plan["phases"] for line in p["lines"])
    held = {row["domain"]: row["functions"] for row in plan["rate_first"]}
    assert set(held) == set(norms().domain_titles)
    assert "sleep" not in held["self_regulation"]
    (explained,) = plan["unanswered"]
    assert explained["function"] == "sleep"
    assert "rate first" in explained["reason"]


def test_what_is_to_be_rated_first_settles_the_level() -> None:
    first = plan_of(file({"sleep": 2, "arousal": 2}, age=84, usual=False))
    held = {row["domain"]: row["functions"] for row in first["rate_first"]}["self_regulation"]
    usual = {name: max(1, round(float(norms().expected(84)[name]) * 0.2)) for name in held}
    again = plan_of(file({"sleep": 2, "arousal": 2, **usual}, age=84, usual=False))
    assert level(again, "self_regulation") == "essential"


def test_the_worst_by_share_and_by_steps_are_begun_now() -> None:
    plan = plan_of(file({"impulse_modulation": 2, "cardiovascular": 8, "sleep": 4}, age=74))
    begun = {line["need"] for line in plan["phases"][0]["lines"]}
    assert {"impulse_modulation", "sleep"} <= begun


def test_a_reason_names_needs_only_and_its_own_first() -> None:
    plan = plan_of(file({"sleep": 3, "arousal": 5}, age=74))
    line = next(each for each in plan["phases"][0]["lines"] if each["need"] == "sleep")
    assert line["functions"][0] == "sleep"
    assert line["reasons"][0].startswith("It works on sleep (rated 3")
    assert "rated 10" not in line["reasons"][0]
