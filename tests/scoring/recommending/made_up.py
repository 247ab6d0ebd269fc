"""Made-up libraries, rules and clients; adults are expected to be rated 12 everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

from nmt_intake.bank.documents import document
from nmt_intake.bank.loading import load_bank
from nmt_intake.bank.model import Activity
from nmt_intake.scoring import ratings_from, score
from nmt_intake.scoring.recommending import Circumstances, Plan, recommend, sequence_from
from tests.scoring.shipped import norms

FOLDER = Path(__file__).parents[3] / "question_bank"
ADULT = 408
BANDS = ("essential", "therapeutic", "enrichment")

# Ratings of an adult that put a domain into each band.
ESSENTIAL, THERAPEUTIC, ENRICHMENT = 6, 9, 12


@cache
def shipped() -> tuple[Activity, ...]:
    return tuple(load_bank(FOLDER, None).activities)


def rules_document(**changes: object) -> dict[str, object]:
    """A fresh copy of the shipped rules, with other values for some acting keys."""
    copy = cast(dict[str, object], _plain(document(FOLDER, "activities/sequence")))
    for rule in cast(list[dict[str, object]], copy["rules"]):
        for key in rule.keys() & changes.keys():
            rule[key] = changes[key]
    return copy


def _plain(node: object) -> object:
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    return str(node)


def activity(
    name: str,
    domain: str = "self_regulation",
    functions: tuple[str, ...] = ("arousal",),
    band: tuple[str, ...] = BANDS,
    ages: tuple[float, float] = (0, 1200),
    settings: tuple[str, ...] = ("home",),
    led_by: str = "caregiver",
    cost: str = "none",
    strengths: tuple[str, ...] = (),
    made_for: tuple[str, ...] = ("client",),
) -> Activity:
    return Activity(
        id=name,
        title=name.capitalize(),
        domain=domain,
        functions=functions,
        band=band,
        ages=ages,
        settings=settings,
        led_by=led_by,
        how_often="Daily",
        how_long="5 minutes",
        cost=cost,
        looks_like="Do it.",
        adaptations=(),
        cautions=(),
        strengths=strengths,
        needs=(),
        made_for=made_for,
    )


def some_of(domain: str, function: str, count: int = 6) -> tuple[Activity, ...]:
    """Activities of a domain that differ in nothing but their id."""
    return tuple(activity(f"{domain}_{number}", domain, (function,)) for number in range(count))


# Enough of everything: six for each domain.
PLAIN = (
    *some_of("sensory_integration", "autonomic"),
    *some_of("self_regulation", "arousal"),
    *some_of("relational", "attachment"),
    *some_of("cognitive", "communication"),
)


def rated(**domains: int) -> dict[str, int]:
    """The same rating for every function of a domain."""
    return {
        name: domains[function.domain]
        for name, function in norms().functions.items()
        if function.domain in domains
    }


def planned(
    functions: Mapping[str, int],
    activities: tuple[Activity, ...] = PLAIN,
    *,
    age: float = ADULT,
    relationships: Mapping[str, int] | None = None,
    rules: Mapping[str, object] | None = None,
    given: Circumstances | None = None,
) -> Plan:
    """The plan for these ratings; no activity is for an occasion only unless `rules` say so."""
    sequence = sequence_from(
        rules_document(**{"only_on_occasion": {}, **(rules or {})}), activities
    )
    ratings = ratings_from(
        {
            "age_months": age,
            "functions": dict(functions),
            "relationships": dict(relationships or {}),
        }
    )
    metrics = score(ratings, norms())
    return recommend(metrics, norms(), activities, sequence, ratings, given or Circumstances())


def ids(plan: Plan, phase: str | None = None) -> list[str]:
    """The ids of a plan's activities, or of those in one phase."""
    return [
        line.activity.id for each in plan.phases if phase in (None, each.id) for line in each.lines
    ]


def reasons(plan: Plan, name: str) -> str:
    """All reasons of one activity."""
    return " ".join(next(line for line in plan.lines if line.activity.id == name).reasons)
