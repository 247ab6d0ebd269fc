"""What the sequence rules must agree on, with themselves, the contract's ids and the library."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from nmt_intake.bank.model import Activity
from nmt_intake.scoring.recommending.sequence.documents import RuleRow, SequenceDocument
from nmt_intake.vocabulary import DOMAINS, FUNCTIONS, REGIONS, RELATIONSHIPS

MANY: Final = frozenset({"move_on", "say_first_when", "always_says"})
ONCE: Final = tuple(
    key for key in RuleRow.model_fields if key not in MANY and key not in ("id", "says")
)
_BANDS: Final = ("essential", "therapeutic", "enrichment")


def contradictions(file: SequenceDocument, activities: Iterable[Activity]) -> Iterator[str]:
    """Give each problem as a sentence; nothing when all is in order."""
    by_id = {activity.id: activity for activity in activities}
    yield from _steps(file)
    yield from _rules(file.rules)
    for rule in file.rules:
        yield from _rule(rule, file, by_id)
    if missing := [band for band in _BANDS if band not in file.review]:
        yield f"review lacks {', '.join(missing)}."
    known = {word for activity in by_id.values() for word in activity.strengths}
    for word in sorted(known - file.strength_words.keys()):
        yield f"strength_words lacks '{word}', which the library uses."


def _steps(file: SequenceDocument) -> Iterator[str]:
    counted = Counter(domain for step in file.steps for domain in step.domains)
    if counted != Counter(DOMAINS):
        yield "steps must hold every domain exactly once."
    for step in file.steps:
        if not set(step.regions) <= set(REGIONS):
            yield f"the step {step.id} has a region that does not exist."
    if len(set(file.phases)) != len(file.phases):
        yield "phases has one phase twice."


def _rules(rules: list[RuleRow]) -> Iterator[str]:
    ids = Counter(rule.id for rule in rules)
    yield from (f"there are two rules '{name}'." for name, count in ids.items() if count > 1)
    keys = Counter(key for rule in rules for key in rule.acting_keys)
    for key in ONCE:
        if keys[key] != 1:
            yield f"exactly one rule must have the key {key}; there are {keys[key]}."


def _rule(
    rule: RuleRow, file: SequenceDocument, activities: Mapping[str, Activity]
) -> Iterator[str]:
    if rule.enrichment_goes_to is not None and rule.enrichment_goes_to not in file.phases:
        yield f"{rule.id}: there is no phase '{rule.enrichment_goes_to}'."
    for low in rule.caregiver_first_when or ():
        part, _, item = low.rating.partition(".")
        if item not in (FUNCTIONS if part == "functions" else RELATIONSHIPS):
            yield f"{rule.id}: there is no rating '{low.rating}'."
    for row in rule.always_in_now or ():
        if not set(row.works_on) <= set(FUNCTIONS):
            yield f"{rule.id}: works_on has a function that does not exist."
    for name in rule.only_on_occasion or ():
        if name not in activities:
            yield f"{rule.id}: the library has no activity '{name}'."
    balance = rule.settings_balance
    for ages in (*(rule.settings_open or {}).values(), *(balance.ages.values() if balance else ())):
        if ages[0] >= ages[1]:
            yield f"{rule.id}: the ages do not go up."
    if rule.rank_by is not None and rule.rank_by[-1:] != ["id"]:
        yield f"{rule.id}: rank_by must end with id, so that the order is always the same."
