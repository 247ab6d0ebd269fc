"""From a ratings file to the plan as `nmt-intake plan --json` writes it, in process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from nmt_intake.bank.loading import load_bank, shipped_bank
from nmt_intake.bank.model import Bank
from nmt_intake.casework.assessment import norms_of
from nmt_intake.scoring import Norms, ratings_from, score
from nmt_intake.scoring.planner import circumstances_from, context_in, recommend, rules_of

HERE: Final = Path(__file__).parent

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """What an activity is, apart from where it stands in a plan."""

    traits: frozenset[str]
    addressee: str
    functions: tuple[str, ...]
    ages: tuple[float, float]
    settings: tuple[str, ...]


@cache
def bank() -> Bank:
    return load_bank(shipped_bank())


@cache
def norms() -> Norms:
    return norms_of(bank())


@cache
def _library() -> dict[str, About]:
    return {
        each.id: About(
            frozenset(each.traits), each.addressee, each.functions, each.ages, each.settings
        )
        for each in bank().activities
    }


def about(activity: str) -> About:
    return _library()[activity]


def plan_of(data: Json) -> Json:
    """Return the plan of a ratings file."""
    rules = rules_of(bank())
    assert rules is not None
    ratings = ratings_from(data)
    circumstances = circumstances_from(context_in(data), rules)
    metrics = score(ratings, norms())
    plan = recommend(metrics, norms(), bank().activities, rules, ratings, circumstances)
    return dict(plan.as_json())
