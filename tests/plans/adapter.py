"""From a ratings file to the plan as the `plan` contract has it, whatever planner there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from nmt_intake.bank.loading import load_bank, shipped_bank
from nmt_intake.bank.model import Activity, Bank
from nmt_intake.cli.loading import norms_for
from nmt_intake.report.planning import plan_for
from nmt_intake.scoring import Norms, ratings_from, score
from nmt_intake.scoring.recommending import Circumstances, Strength

HERE: Final = Path(__file__).parent
_ADDRESSEES: Final = {
    "client": "person",
    "caregiver": "carers",
    "family": "carers",
    "class": "web",
    "team": "web",
}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """What an activity is, apart from where it stands in a plan."""

    traits: frozenset[str]
    addressee: str
    functions: tuple[str, ...]
    ages: tuple[float, float]
    settings: tuple[str, ...]
    words: str


@cache
def bank() -> Bank:
    return load_bank(shipped_bank())


@cache
def norms() -> Norms:
    return norms_for(bank().folder, bank().version)


@cache
def _today() -> Mapping[str, frozenset[str]]:
    table = yaml.safe_load((HERE / "traits_today.yaml").read_text("utf-8"))
    found: dict[str, set[str]] = {}
    for trait, names in table.items():
        for name in names:
            found.setdefault(name, set()).add(trait)
    return {name: frozenset(traits) for name, traits in found.items()}


@cache
def about(activity: str) -> About:
    found: Activity = next(each for each in bank().activities if each.id == activity)
    return About(
        traits=_today().get(activity, frozenset()),
        addressee=_ADDRESSEES[found.made_for[0]],
        functions=found.functions,
        ages=found.ages,
        settings=found.settings,
        words=" ".join((found.looks_like, *found.adaptations)),
    )


def plan_of(data: Json) -> Json:
    """Return the plan of a ratings file as `nmt-intake plan --json` writes it."""
    context = data.get("context") or {}
    rated = ratings_from({key: value for key, value in data.items() if key != "context"})
    said = tuple(Strength(text, "the file") for text in context.get("strengths", ()))
    metrics = score(rated, norms())
    plan = plan_for(bank(), rated, metrics, norms(), Circumstances(strengths=said))
    assert plan is not None
    return {
        "phases": [
            {
                "id": phase.id,
                "lines": [
                    {
                        "activity": line.activity.id,
                        "title": line.activity.title,
                        "domain": line.domain,
                        "band": line.band,
                        "functions": list(line.activity.functions),
                        "led_by": [each.strip() for each in line.activity.led_by.split(",")],
                        "settings": list(line.activity.settings),
                        "minutes_a_week": 0,
                        "reasons": list(line.reasons),
                        "adaptations": [],
                        "ask_first": [],
                    }
                    for line in phase.lines
                ],
            }
            for phase in plan.phases
        ],
        "unanswered": [],
        "said_first": list(plan.said_first),
    }
