"""The judged profiles, and a tenth of the random ones, each time the suite runs."""

from __future__ import annotations

import pytest
import yaml

from tests.plans.adapter import HERE, bank, plan_of
from tests.plans.judging import Json, judged, profiles, ratings_file
from tests.plans.properties import broken

PROFILES = list(profiles())
# 5 times 100 of the 5,000 that the documented command draws.
STRETCHES = (1, 2, 3, 4, 5)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile["id"])
def test_a_careful_clinician_would_sign_the_plan(profile: Json) -> None:
    missed = [each for each in judged(profile, plan_of(ratings_file(profile))) if not each.met]
    assert [(each.kind, each.says) for each in missed] == []


@pytest.mark.parametrize("stretch", STRETCHES)
def test_the_properties_hold_of_random_profiles(stretch: int) -> None:
    assert [(name, what) for name, what, _ in broken(100, seed=stretch)] == []


def test_every_age_from_weeks_to_eighty_years_is_judged_with_reasons() -> None:
    ages = [profile["ratings"]["age_months"] for profile in PROFILES]
    assert min(ages) < 2
    assert max(ages) >= 960
    assert len({profile["id"] for profile in PROFILES}) == len(PROFILES) >= 44
    for profile in PROFILES:
        assert profile["story"].strip()
        for rows in profile["expect"].values():
            for row in rows if isinstance(rows, list) else ():
                assert isinstance(row, str) or row["because"].strip(), profile["id"]


def test_the_traits_of_the_profiles_are_those_of_the_library() -> None:
    context = (HERE.parents[1] / "question_bank" / "activities" / "context.yaml").read_text("utf-8")
    known = set(yaml.safe_load(context)["traits"])
    used: set[str] = set()
    for profile in PROFILES:
        for rows in profile["expect"].values():
            for row in rows if isinstance(rows, list) else ():
                if isinstance(row, dict):
                    used |= {*row.get("traits", ()), *row.get("traits_any", ())}
    assert used <= known
    assert used & {trait for each in bank().activities for trait in each.traits}
