"""Compiles the activity library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from nmt_intake.bank import sources
from nmt_intake.bank.compiling.notes import Notes, near
from nmt_intake.bank.compiling.placing import Place
from nmt_intake.bank.model import Activity, Adapted, AskFirst
from nmt_intake.text import clean
from nmt_intake.vocabulary import DOMAINS, FUNCTIONS

# What an activity of an older bank is addressed to, by whom it is done with.
_ADDRESSEES: Final = {
    "client": "person",
    "caregiver": "carers",
    "family": "carers",
    "class": "web",
    "team": "web",
}


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
        yield _activity(source, place)


def _check(source: sources.ActivitySource, place: Place, notes: Notes) -> None:
    def wrong(key: str, message: str, advice: str) -> None:
        notes.note(place, key, "BANK-032", source.id, message, advice)

    if source.domain not in DOMAINS:
        message = f"there is no domain {clean(source.domain, 40)!r}."
        wrong("domain", message, near(source.domain, DOMAINS))
    asked = [each.when.function for each in source.ask_first if each.when.function is not None]
    for key, functions in (("functions", source.functions), ("ask_first", asked)):
        for function in functions:
            if function not in FUNCTIONS:
                message = f"there is no function {clean(function, 40)!r}."
                wrong(key, message, near(function, FUNCTIONS))
    for function in source.mainly:
        if function not in source.functions:
            message = f"is mainly for {clean(function, 40)!r}, which is not among its functions."
            wrong("mainly", message, near(function, source.functions))
    if source.ages[0] >= source.ages[1]:
        wrong("ages", "the ages do not go up.", "Write [from, to] in months.")
    if source.levels[0] > source.levels[1]:
        wrong("levels", "the levels do not go up.", "Write [from, to] in ratings of 1 to 12.")
    if any(
        (each.when.condition is None) == (each.when.function is None) for each in source.ask_first
    ):
        message = "ask_first needs either a condition or a function."
        wrong(
            "ask_first",
            message,
            "Write when: {condition: seizures} or {function: ..., at_most: ...}.",
        )


def _activity(source: sources.ActivitySource, place: Place) -> Activity:
    low, high = source.ages
    dose = source.dose
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
        mainly=tuple(source.mainly),
        addressee=source.addressee or _ADDRESSEES[source.made_for[0]],
        effect=source.effect or "",
        levels=(source.levels[0], source.levels[1]),
        forms={group: clean(text) for group, text in source.forms.items()},
        times=dose.times if dose else 0,
        minutes=dose.minutes if dose else 0,
        moment=source.moment or "",
        up=clean(dose.up) if dose else "",
        down=clean(dose.down) if dose else "",
        signs=clean(source.signs or ""),
        not_when=tuple(source.not_when),
        ask_first=tuple(
            AskFirst(
                each.when.condition or "",
                each.when.function or "",
                each.when.at_most,
                tuple(each.whom),
            )
            for each in source.ask_first
        ),
        adapted=tuple(Adapted(tuple(each.with_), clean(each.how)) for each in source.adapted),
        traits=tuple(source.traits),
        evidence=clean(source.evidence or "", 400),
        source=clean(source.source or "", 200),
        file=place.file,
        line=place.of("id"),
    )
