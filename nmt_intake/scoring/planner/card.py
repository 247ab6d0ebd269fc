"""One activity as a card for those who do it: what, when, how much, when not; no ratings on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nmt_intake.bank.model import Activity
from nmt_intake.interview.values import age_in_words
from nmt_intake.scoring.norms import Norms
from nmt_intake.scoring.planner.plan import Line
from nmt_intake.scoring.planner.rules import Rules
from nmt_intake.scoring.planner.week import when_in_words

AGES: Final = {
    "baby": "a baby",
    "small_child": "a small child",
    "school_age": "a schoolchild",
    "youth": "a teenager",
    "adult": "a grown-up",
}
_EFFECTS: Final = {
    "calming": "It calms: good before sleep and after a storm.",
    "alerting": "It wakes up: good before school or work, not before sleep.",
    "organising": "It gives order: good before something that has to be done.",
}
_AND_ON: Final = 1200


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed of one activity: its title, and parts of a heading and sentences."""

    activity: str
    title: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]


def card_of(activity: Activity, rules: Rules, norms: Norms, line: Line | None = None) -> Card:
    """Return an activity as a card; with a `line` as it is for the person of that plan.

    No rating and no reason is on it: it is for the fridge, the classroom and the pocket.
    """
    parts = (
        ("What it is for", tuple(_aim(activity, norms))),
        ("What it looks like", (activity.looks_like,)),
        ("How it looks at this age" if line else "At each age", tuple(_ages(activity, line))),
        ("How it is done here", line.adaptations if line else ()),
        ("When, who, how long", tuple(_facts(activity, rules, line))),
        ("Smaller, and more", (f"To begin: {activity.down}", f"Later: {activity.up}")),
        ("Other ways", activity.adaptations),
        ("In two weeks", (activity.signs,) if activity.signs else ()),
        ("Not, or not yet", tuple(_not_when(activity, rules, norms))),
        ("Take care", activity.cautions),
        ("What stands behind it", tuple(_evidence(activity))),
    )
    return Card(activity.id, activity.title, tuple(part for part in parts if part[1]))


def _aim(activity: Activity, norms: Norms) -> Iterator[str]:
    names = [_plain(name, norms) for name in activity.mainly]
    if names:
        yield f"{'; '.join(names)}."
    if activity.effect:
        yield _EFFECTS[activity.effect]


def _ages(activity: Activity, line: Line | None) -> Iterator[str]:
    if line:
        yield from (line.form,) if line.form else ()
        return
    low, high = activity.ages
    until = f" to {age_in_words(high)}" if high < _AND_ON else " on"
    yield f"From {age_in_words(low) if low else 'birth'}{until}."
    yield from (f"For {AGES[group]}: {text}" for group, text in activity.forms.items())


def _facts(activity: Activity, rules: Rules, line: Line | None) -> Iterator[str]:
    people = rules.context.people
    words = [word.strip() for word in activity.led_by.split(",")]
    named = [people[word].title if word in people else word for word in words]
    who = " or ".join(line.who if line and line.who else named)
    yield f"{activity.how_often}; {activity.how_long}. Led by: {who}."
    yield f"Best: {when_in_words(activity)}."
    if activity.needs:
        yield f"Needed: {', '.join(activity.needs)}."


def _not_when(activity: Activity, rules: Rules, norms: Norms) -> Iterator[str]:
    conditions = rules.context.conditions
    for name in activity.not_when:
        yield f"Not with {conditions[name].title}."
    for ask in activity.ask_first:
        if ask.condition:
            about = conditions[ask.condition].title
        else:
            about = f"trouble with {_plain(ask.function, norms).lower()}"
        yield f"With {about}: ask {rules.whom(ask.whom)} first."


def _plain(function: str, norms: Norms) -> str:
    """Return a function's title without what stands in brackets."""
    return norms.functions[function].title.partition(" (")[0]


def _evidence(activity: Activity) -> Iterator[str]:
    if activity.evidence:
        said = f"{activity.evidence[:1].upper()}{activity.evidence[1:].rstrip('.')}."
        yield f"{said} {activity.source}".strip()


__all__ = ["AGES", "Card", "card_of"]
