"""What a check says about activities: what a plan would miss, and where the library is thin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, cast

from nmt_intake.bank.checking.finding import Finding, Subject, bank_subject
from nmt_intake.bank.documents import document
from nmt_intake.bank.model import Activity, Bank
from nmt_intake.vocabulary import FUNCTIONS

# The five ages of the library: from and to in months, and the ages at which its breadth is counted.
AGE_GROUPS: Final = {
    "baby": (0, 18, (4, 12)),
    "small_child": (18, 72, (30, 60)),
    "school_age": (72, 144, (84, 132)),
    "youth": (144, 216, (156, 204)),
    "adult": (216, 1200, (360, 900)),
}
_CONTEXT: Final = "activities/context"
_NEEDED: Final = ("mainly", "effect", "up", "down", "moment", "signs", "evidence")


def check_activities(bank: Bank) -> Iterator[Finding]:
    """Find what activities lack, name wrongly, and which functions they do not serve at an age.

    A bank without a context.yaml of its own has no planner to serve, and is left alone.
    """
    from pathlib import Path

    if not bank.activities or not (Path(bank.folder) / f"{_CONTEXT}.yaml").is_file():
        return
    known = _known(bank)
    if not all(known.values()):
        return  # a file without these is told of where the rules of a plan are read
    for activity in bank.activities:
        yield from _lacking(activity)
        yield from _unknown(activity, known)
    least = int(cast("str", known["breadth"].get("at_least", "0")))
    yield from _thin(bank, least)


def _known(bank: Bank) -> Mapping[str, Mapping[str, object]]:
    node = cast("Mapping[str, Mapping[str, object]]", document(bank.folder, _CONTEXT))
    return {key: node.get(key) or {} for key in ("traits", "conditions", "specialists", "breadth")}


def _subject(activity: Activity) -> Subject:
    return Subject(activity.file, activity.line, activity.id, {})


def _lacking(activity: Activity) -> Iterator[Finding]:
    missing = [name for name in _NEEDED if not getattr(activity, name)]
    missing += [] if activity.times else ["dose"]
    if missing:
        message = f"lacks {', '.join(missing)}."
        advice = "Add it; see .readme/activities.md."
        yield _subject(activity).finding("BANK-060", message, advice)


def _unknown(activity: Activity, known: Mapping[str, Mapping[str, object]]) -> Iterator[Finding]:
    asked = [each.condition for each in activity.ask_first if each.condition]
    adapted = [name for each in activity.adapted for name in each.conditions]
    named = (
        ("traits", activity.traits),
        ("conditions", (*activity.not_when, *asked, *adapted)),
        ("specialists", [who for each in activity.ask_first for who in each.whom]),
    )
    for kind, names in named:
        for name in sorted({name for name in names if name not in known[kind]}):
            message = f"names {name!r}, which is not among the {kind} of context.yaml."
            yield _subject(activity).finding("BANK-061", message, "Check the spelling, or add it.")


def _thin(bank: Bank, least: int) -> Iterator[Finding]:
    for function, group, count in breadth(bank):
        if count < least:
            message = f"{function} has {count} fitting activities for the age {group}."
            advice = f"Write some, so that there are {least} or more."
            yield bank_subject(bank).finding("BANK-062", message, advice)


def breadth(bank: Bank) -> Iterator[tuple[str, str, int]]:
    """Yield how many activities serve each function in each of the five ages.

    Counted at two ages of the group, the larger count taken; those for carers only do not count.
    """
    for function in FUNCTIONS:
        serving = [
            each
            for each in bank.activities
            if function in each.functions and each.addressee != "carers"
        ]
        for group, (_, _, ages) in AGE_GROUPS.items():
            counts = [sum(a.ages[0] <= age < a.ages[1] for a in serving) for age in ages]
            yield function, group, max(counts)


__all__ = ["AGE_GROUPS", "breadth", "check_activities"]
