"""The clinician's decisions, put on top of what the rules suggest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from nmt_intake.scoring.planner.circumstances import Chosen, Circumstances
from nmt_intake.scoring.planner.library import Library
from nmt_intake.scoring.planner.plan import Area
from nmt_intake.scoring.planner.selection import Columns, Pick, moved
from nmt_intake.text import clean_line


def allowed(circumstances: Circumstances, rights: Iterable[str]) -> Circumstances:
    """Return the circumstances without the drops, where the rules do not let lines be dropped."""
    return circumstances if "drop" in rights else replace(circumstances, dropped=())


def decided(library: Library, areas: Iterable[Area], columns: Columns) -> Columns:
    """Return the columns after everything the clinician chose, in the order it was chosen.

    An activity that is not among the suggestions comes on top of them: adding one thing never
    takes another away. What was dropped, or is not in the library any more, is passed over.
    """
    phases = {area.domain: area.phase for area in areas}
    dropped = {each.activity for each in library.circumstances.dropped}
    for choice in library.circumstances.chosen:
        if choice.activity in library.activities and choice.activity not in dropped:
            columns = _after(library, phases, columns, choice)
    return columns


def _after(library: Library, phases: dict[str, str], columns: Columns, choice: Chosen) -> Columns:
    sequence = library.rules.sequence
    found = next(
        (p for picks in columns.values() for p in picks if p.activity.id == choice.activity), None
    )
    if ("reorder" if found else "add") not in sequence.clinician_may:
        return columns
    pick = found or _added(library, phases, choice)
    phase = choice.phase if choice.phase in sequence.phases else pick.phase
    if found and choice.place is None and phase == pick.phase:
        return columns
    without = {
        name: tuple(each for each in picks if each.activity.id != choice.activity)
        for name, picks in columns.items()
    }
    target = without[phase]
    place = len(target) if choice.place is None else max(0, choice.place - 1)
    return {**without, phase: (*target[:place], moved(pick, phase), *target[place:])}


def _added(library: Library, phases: dict[str, str], choice: Chosen) -> Pick:
    """Return the pick of an added activity; its phase is that of its domain, or the first one."""
    activity = library.activities[choice.activity]
    return Pick(activity, phases.get(activity.domain, library.rules.sequence.phases[0]), "chosen")


def remarks(library: Library, given: Circumstances, columns: Columns, things: int) -> Iterator[str]:
    """Yield what the clinician should know: decisions not followed, doubts, too much at once."""
    rules = library.rules
    for name in dict.fromkeys(each.activity for each in (*given.chosen, *given.dropped)):
        if name not in library.activities:
            yield f"'{clean_line(name, 60)}' was decided on, but the library has it no more."
    there = {pick.activity.id for picks in columns.values() for pick in picks}
    dropped = {each.activity for each in given.dropped}
    chosen = {each.activity for each in given.chosen} - dropped
    may_drop = "drop" in rules.sequence.clinician_may
    refused = chosen - there if may_drop else (chosen - there) | dropped
    for name in sorted(refused & library.activities.keys()):
        yield f"'{library.activities[name].title}': {rules.says('not_by_hand')}"
    for name in sorted(chosen & there):
        if waits := library.care.waits_for(library.activities[name]):
            ask = library.care.asks.get(waits)
            says = rules.whom(ask.whom) if ask and ask.whom else "those who decide"
            title, about = library.activities[name].title, waits.replace("_", " ")
            yield f"'{title}': ask {says} first ({about})."
    begun = columns[rules.sequence.phases[0]]
    if len(begun) > things:
        yield f"{rules.says('limit', things=things)} Here there are {len(begun)}."
