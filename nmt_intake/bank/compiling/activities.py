"""Compiles the activity library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nmt_intake.bank import sources
from nmt_intake.bank.compiling.notes import Notes, near
from nmt_intake.bank.compiling.placing import Place
from nmt_intake.bank.model import Activity
from nmt_intake.text import clean
from nmt_intake.vocabulary import DOMAINS, FUNCTIONS


def compiled_activities(
    found: Iterable[tuple[sources.ActivitySource, Place]], notes: Notes
) -> Iterator[Activity]:
    """Yield the compiled activities, noting every problem in them."""
    first: dict[str, Place] = {}
    for source, place in found:
        if source.id in first:
            other = first[source.id]
            message = f"stands already at {other.file}:{other.of('id')}."
            notes.note(place, "id", "BANK-010", source.id, message, "Rename one of them.")
        first.setdefault(source.id, place)
        _check(source, place, notes)
        yield _activity(source)


def _check(source: sources.ActivitySource, place: Place, notes: Notes) -> None:
    if source.domain not in DOMAINS:
        message = f"there is no domain {clean(source.domain, 40)!r}."
        notes.note(place, "domain", "BANK-032", source.id, message, near(source.domain, DOMAINS))
    for function in source.functions:
        if function not in FUNCTIONS:
            message = f"there is no function {clean(function, 40)!r}."
            advice = near(function, FUNCTIONS)
            notes.note(place, "functions", "BANK-032", source.id, message, advice)
    if source.ages[0] >= source.ages[1]:
        message = "the ages do not go up."
        notes.note(place, "ages", "BANK-032", source.id, message, "Write [from, to] in months.")


def _activity(source: sources.ActivitySource) -> Activity:
    low, high = source.ages
    return Activity(
        id=source.id,
        title=clean(source.title, 200),
        domain=source.domain,
        functions=tuple(source.functions),
        band=tuple(source.band),
        ages=(low, high),
        settings=tuple(source.settings),
        led_by=clean(source.led_by, 200),
        how_often=clean(source.how_often, 200),
        how_long=clean(source.how_long, 200),
        cost=source.cost,
        looks_like=clean(source.looks_like),
        adaptations=tuple(clean(text) for text in source.adaptations),
        cautions=tuple(clean(text) for text in source.cautions),
        strengths=tuple(source.strengths),
        needs=tuple(source.needs),
        made_for=tuple(source.made_for),
    )
