"""The clinician's decisions, put on top of what the rules suggest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from nmt_intake.scoring.recommending.choosing.library import Library
from nmt_intake.scoring.recommending.choosing.picking import Pick, Picks
from nmt_intake.scoring.recommending.circumstances import Chosen, Circumstances
from nmt_intake.scoring.recommending.needs import Placed
from nmt_intake.text import clean_line

Columns: TypeAlias = Mapping[str, Picks]


def allowed(circumstances: Circumstances, rights: Iterable[str]) -> Circumstances:
    """Return the circumstances without the drops, where the rules do not let lines be dropped."""
    return circumstances if "drop" in rights else replace(circumstances, dropped=())


def decided(library: Library, domains: Iterable[Placed], columns: Columns) -> Columns:
    """Return the columns after everything the clinician chose, in the order it was chosen.

    An activity that is not among the suggestions comes on top of them: adding one thing never
    takes another away. What was dropped, or is not in the library any more, is passed over.
    """
    dropped = {each.activity for each in library.circumstances.dropped}
    for choice in library.circumstances.chosen:
        if choice.activity in library.activities and choice.activity not in dropped:
            columns = _after(library, tuple(domains), columns, choice)
    return columns


def _after(
    library: Library, domains: tuple[Placed, ...], columns: Columns, choice: Chosen
) -> Columns:
    sequence = library.sequence
    found = _found(columns, choice.activity)
    if ("reorder" if found else "add") not in sequence.clinician_may:
        return columns
    own_phase, pick = found or _added(library, domains, choice)
    phase = choice.phase if choice.phase in sequence.phases else own_phase
    if found and choice.place is None and phase == own_phase:
        return columns
    without = {
        name: tuple(each for each in picks if each.activity.id != choice.activity)
        for name, picks in columns.items()
    }
    target = without[phase]
    place = len(target) if choice.place is None else max(0, choice.place - 1)
    moved = replace(pick, phase=phase)
    return {**without, phase: (*target[:place], moved, *target[place:])}


def _found(columns: Columns, activity: str) -> tuple[str, Pick] | None:
    for phase, picks in columns.items():
        for pick in picks:
            if pick.activity.id == activity:
                return phase, pick
    return None


def _added(library: Library, domains: tuple[Placed, ...], choice: Chosen) -> tuple[str, Pick]:
    """Return the pick of an added activity; its phase is that of its domain, or the first one."""
    activity = library.activities[choice.activity]
    own = next((each for each in domains if each.domain == activity.domain), None)
    phase = own.phase if own else library.sequence.now
    band = own.band if own and activity.made_for != ("caregiver",) else None
    return phase, Pick(activity, band, phase, "clinician_may", kept=True)


def remarks(library: Library, given: Circumstances, columns: Columns) -> tuple[str, ...]:
    """Return what the clinician should know: decisions not followed, and too much at once."""
    sequence = library.sequence
    begun = [pick for pick in columns[sequence.now] if pick.activity.made_for != ("caregiver",)]
    too_many = f"{sequence.says['at_most_now']} Here there are {len(begun)} at once."
    return (
        *_gone(library, given),
        *_refused(library, given, columns),
        *([too_many] if len(begun) > sequence.at_most_now else ()),
    )


def _gone(library: Library, given: Circumstances) -> Iterator[str]:
    for name in dict.fromkeys(each.activity for each in (*given.chosen, *given.dropped)):
        if name not in library.activities:
            yield f"'{clean_line(name, 60)}' was decided on, but the library has it no more."


def _refused(library: Library, given: Circumstances, columns: Columns) -> Iterator[str]:
    rights = library.sequence.clinician_may
    there = {pick.activity.id for picks in columns.values() for pick in picks}
    dropped = {each.activity for each in given.dropped}
    chosen = {each.activity for each in given.chosen} - dropped
    not_followed = chosen - there if "drop" in rights else (chosen - there) | dropped
    for name in sorted(not_followed & library.activities.keys()):
        yield f"'{library.activities[name].title}': these rules do not let it be changed by hand."
