"""Reads the answers that a solver found back into a witness."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from nmt_intake.bank.kinds import KINDS
from nmt_intake.bank.proof.encoding import Encoder, Slot
from nmt_intake.bank.proof.facts import LOOPS, SOME_PERIOD, Facts
from nmt_intake.bank.proof.goals import Teller, Witness
from nmt_intake.bank.proof.logic import Solver
from nmt_intake.bank.proof.parts import Word

_SOME_DAY: Final = date(2026, 6, 15).toordinal()
_SOME_AGE: Final = 84
_ANYTHING: Final = "something else"


def witness_of(
    solver: Solver,
    facts: Facts,
    encoders: Sequence[Encoder],
    prefix: str,
    questions: Collection[str],
) -> Witness:
    """Return the last answers found, as far as they are about these questions."""
    known = vars(facts)  # only the facts that were spoken of are there
    day = int(solver.number(facts.day.low)) if "day" in known else _SOME_DAY
    birth = age = weeks = None
    if "birth" in known and solver.holds(facts.birth.known):
        birth = date.fromordinal(int(solver.number(facts.birth.low))).isoformat()
    elif "age" not in known:
        age = _SOME_AGE
    elif solver.holds(facts.age.known):
        age = plain(solver.number(facts.age.low))
    if "weeks" in known and solver.holds(facts.weeks.known):
        weeks = plain(solver.number(facts.weeks.low))
    here = _period(solver, facts) if prefix == SOME_PERIOD else prefix
    slots = {slot.name: slot for each in encoders for slot in each.slots.values()}
    said = [
        (slot.name.replace(prefix, here) if prefix == SOME_PERIOD else slot.name, slot, encoder)
        for encoder in encoders
        for slot in encoder.slots.values()
        if slot.question.id in questions and slots[slot.name] is slot
    ]
    counting = [
        (name, slot)
        for name, slot, _ in said
        if _of_here(slot, prefix) and any(_open_to(solver, each, slot.name) for each in encoders)
    ]
    return Witness(
        prefix=here,
        day=date.fromordinal(day).isoformat(),
        birth=birth,
        age_months=age,
        gestation_weeks=weeks,
        tellers=tuple(_tellers(solver, facts)),
        instances=tuple(
            name[:-1]
            for loop in LOOPS
            for name, there in facts.instances(loop)
            if solver.holds(there) and _spoken_of(loop, encoders, prefix)
        ),
        complete=tuple(
            loop
            for loop, is_it in facts.complete.items()
            if solver.holds(is_it) and _spoken_of(loop, encoders, prefix)
        ),
        answers={
            name: value_of(solver, slot) for name, slot in counting if solver.holds(slot.said)
        },
        missing={
            name: _word(solver, slot.reasons)
            for name, slot in counting
            if slot.reasons and solver.holds(slot.marked) and not solver.holds(slot.said)
        },
    )


def plain(number: Fraction) -> int | float:
    """Return a number as people write it."""
    return int(number) if number.denominator == 1 else round(float(number), 6)


def value_of(solver: Solver, slot: Slot) -> object:
    """Return an answer as an answers file has it."""
    value = slot.value
    match KINDS[slot.question.kind].shape:
        case "truth":
            return solver.holds(value.truth)
        case "codes":
            return [code for code, is_it in (value.codes or {}).items() if solver.holds(is_it)]
        case "code" | "words":
            return _word(solver, value.word)
        case "interval" if value.stretch is not None:
            stretch = value.stretch
            end = "now" if solver.holds(stretch.lasts) else plain(solver.number(stretch.end))
            return {"from": plain(solver.number(stretch.start)), "to": end}
        case "day":
            return date.fromordinal(int(solver.number(value.low))).isoformat()
        case "rows":
            return []
        case _:
            number = plain(solver.number(value.low))
            if KINDS[slot.question.kind].is_age and number < 0:
                return {"low": number, "high": number, "unit": "months", "words": "before birth"}
            return number


def _of_here(slot: Slot, prefix: str) -> bool:
    """Whether a slot is asked once, of this instance, or of one that an aggregate goes over."""
    return slot.prefix != SOME_PERIOD or prefix == SOME_PERIOD


def _open_to(solver: Solver, encoder: Encoder, name: str) -> bool:
    slot = encoder.slots.get(name)
    return slot is not None and not solver.holds(slot.closed)


def _spoken_of(loop: str, encoders: Iterable[Encoder], prefix: str) -> bool:
    if prefix.startswith(f"{loop}-"):
        return True
    return any(slot.question.for_each == loop for each in encoders for slot in each.slots.values())


def _period(solver: Solver, facts: Facts) -> str:
    return next(f"{each}/" for each, is_it in facts.some_period.items() if solver.holds(is_it))


def _tellers(solver: Solver, facts: Facts) -> Iterator[Teller]:
    for teller in facts.tellers:
        if solver.holds(teller.here):
            since = plain(solver.number(teller.since)) if solver.holds(teller.since_known) else None
            yield Teller(_word(solver, teller.kind), _word(solver, teller.relation), since)


def _word(solver: Solver, word: Word | None) -> str:
    if word is None:
        return _ANYTHING
    return next((each for each, is_it in word.words.items() if solver.holds(is_it)), _ANYTHING)
