"""What a check says about activities: what a plan would miss, and where the library is thin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final, cast

from nmt_intake.bank.checking.finding import Finding, Subject, bank_subject, question_subject
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
# An activity that is free and costs no longer than this at a time fits into the day. Judgement.
_SHORT_MINUTES: Final = 20
# Words shared by two activities for the same, as a part of all their words. Judgement, by reading.
_NEARLY_THE_SAME: Final = 1 / 3
_STEM: Final = 5
_JUDGEMENT: Final = "judgement"
_CONDITION_TAGS: Final = ("condition:", "condition_if:")
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
        yield from _unsourced(activity)
    yield from _doubles(bank)
    yield from _untrue_tags(bank, known)
    least, free = (
        int(cast("str", known["breadth"].get(key, "0"))) for key in ("at_least", "free_at_least")
    )
    yield from _thin(bank, least, free)


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


def _unsourced(activity: Activity) -> Iterator[Finding]:
    told = activity.evidence.lower()
    if not told or told.startswith(_JUDGEMENT) or activity.source:
        return
    message = "names a study, and not where it is found."
    advice = "Add source: a doi or an ISBN that somebody has looked up, or write judgement."
    yield _subject(activity).finding("BANK-064", message, advice)


def _untrue_tags(bank: Bank, known: Mapping[str, Mapping[str, object]]) -> Iterator[Finding]:
    """Find questions whose tags give the plan a condition that context.yaml does not hold."""
    for block in bank.blocks:
        for question in block.questions:
            told = [tag.split(":") for tag in question.tags if tag.startswith(_CONDITION_TAGS)]
            for _, name, *code in told:
                if name not in known["conditions"] or set(code) - question.options.keys():
                    message = f"has the tag of a condition {name!r} that is not known, or its code."
                    subject = question_subject(question, block)
                    yield subject.finding("BANK-061", message, "Check the spelling, or add it.")


def _doubles(bank: Bank) -> Iterator[Finding]:
    """Find pairs for the same function, age and addressee that say nearly the same."""
    words = {each.id: _words(each) for each in bank.activities}
    for one, two in combinations(bank.activities, 2):
        if one.addressee != two.addressee or not set(one.mainly) & set(two.mainly):
            continue
        if one.ages[1] <= two.ages[0] or two.ages[1] <= one.ages[0]:
            continue
        shared, every = words[one.id] & words[two.id], words[one.id] | words[two.id]
        if len(shared) > _NEARLY_THE_SAME * len(every) or one.title == two.title:
            message = f"says nearly the same as {two.id!r}."
            yield _subject(one).finding("BANK-063", message, "Join them, or tell them apart.")


def _words(activity: Activity) -> frozenset[str]:
    """Return the beginnings of the longer words of title and text."""
    found = re.findall(r"[^\W\d_]{4,}", f"{activity.title} {activity.looks_like}".lower())
    return frozenset(word[:_STEM] for word in found)


def _thin(bank: Bank, least: int, free: int) -> Iterator[Finding]:
    for cell in breadth(bank):
        if cell.count < least or cell.free < free:
            message = (
                f"{cell.function} has {cell.count} fitting activities for the age {cell.group},"
                f" {cell.free} of them free and short."
            )
            advice = f"Write some, so that there are {least} or more, {free} of them free."
            yield bank_subject(bank).finding("BANK-062", message, advice)


@dataclass(frozen=True, slots=True)
class Cell:
    """How many activities serve a function at an age, and how many of them are free and short."""

    function: str
    group: str
    count: int
    free: int


def breadth(bank: Bank) -> Iterator[Cell]:
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
            at = max(([a for a in serving if a.fits(age)] for age in ages), key=len)
            free = sum(a.cost == "none" and a.minutes <= _SHORT_MINUTES for a in at)
            yield Cell(function, group, len(at), free)


__all__ = ["AGE_GROUPS", "Cell", "breadth", "check_activities"]
