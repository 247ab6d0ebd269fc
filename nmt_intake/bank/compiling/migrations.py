"""Compiles the migrations: how answers given to an earlier version are read now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nmt_intake.bank import sources
from nmt_intake.bank.compiling.conditions import Conditions
from nmt_intake.bank.compiling.notes import Notes, near
from nmt_intake.bank.compiling.placing import Place
from nmt_intake.bank.model import Migration
from nmt_intake.text import clean


def compiled_migrations(
    steps: Sequence[sources.MigrationSource],
    places: Sequence[Place],
    conditions: Conditions,
    notes: Notes,
) -> Iterator[Migration]:
    """Yield the compiled migrations, noting what they name and the bank does not hold.

    A name is followed through the later steps, so that an old step need not know the present.
    """
    for index, (step, place) in enumerate(zip(steps, places, strict=True)):
        _check(step, steps[index + 1 :], place, conditions, notes)
        yield Migration(
            step.from_version, step.renamed, tuple(step.dropped), step.codes, step.because
        )


def _check(
    step: sources.MigrationSource,
    later: Sequence[sources.MigrationSource],
    place: Place,
    conditions: Conditions,
    notes: Notes,
) -> None:
    known = frozenset(conditions.known)
    dropped = {name for each in later for name in each.dropped}
    for old, new in step.renamed.items():
        now = _followed(new, later)
        if now not in known and new not in dropped:
            message = f"renames {clean(old, 80)!r} to {clean(new, 80)!r}, which is not there."
            notes.note(place, "renamed", "BANK-035", "", message, near(now, known))
    for question, codes in step.codes.items():
        asked_as = step.renamed.get(question, question)
        if asked_as in dropped:
            continue
        name = _followed(asked_as, later)
        for new in codes.values():
            if _recoded(new, asked_as, later) not in conditions.codes(name):
                message = f"gives {clean(name, 80)!r} the code {clean(new, 40)!r}, which it lacks."
                advice = near(new, conditions.codes(name))
                notes.note(place, "codes", "BANK-035", "", message, advice)


def _followed(name: str, later: Sequence[sources.MigrationSource]) -> str:
    for step in later:
        name = step.renamed.get(name, name)
    return name


def _recoded(code: str, name: str, later: Sequence[sources.MigrationSource]) -> str:
    for step in later:
        code = step.codes.get(name, {}).get(code, code)
        name = step.renamed.get(name, name)
    return code
