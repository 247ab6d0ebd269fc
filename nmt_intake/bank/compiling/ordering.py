"""Puts questions into an order in which each comes after all that its condition reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Final

from nmt_intake.bank.compiling.notes import Notes
from nmt_intake.bank.compiling.placing import Place
from nmt_intake.bank.model import Block, Condition, Question

# The answers that a fact of the client is worked out from.
FACT_SOURCES: Final[dict[str, tuple[str, ...]]] = {
    "client.age_months": ("client.birth",),
    "client.corrected_age_months": ("client.birth", "client.gestation_weeks"),
    "client.gestation_weeks": ("client.gestation_weeks",),
    "client.birth": ("client.birth",),
}


def ordered(blocks: Sequence[Block], notes: Notes) -> tuple[str, ...]:
    """Return the question ids so that each comes after what its condition reads.

    A fact of the client is read through the question that tells it, and so are the periods of a
    life. Each circle of conditions is noted, naming the questions on it.
    """
    reads: dict[str, set[str]] = {}
    places: dict[str, Place] = {}
    loops = {question.id: question.for_each for block in blocks for question in block.questions}
    tellers = _tellers(blocks)
    for block in blocks:
        for question in block.questions:
            found = set[str]()
            for condition in (block.when, question.when):
                found |= set(_reads(condition, loops, tellers))
            if block.for_each == "period":
                found |= tellers.get("client.birth", set())
            reads[question.id] = found
            places[question.id] = Place(block.file, question.line)
    try:
        return tuple(TopologicalSorter(reads).static_order())
    except CycleError:
        for circle in _circles(reads):
            first = circle[0]
            message = f"conditions go round in a circle: {' -> '.join([*circle, first])}."
            advice = "Take one of these questions out of the other's condition."
            notes.note(places[first], "when", "BANK-016", first, message, advice)
        return tuple(reads)


def _tellers(blocks: Sequence[Block]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for question in (each for block in blocks for each in block.questions):
        if _tells(question):
            found.setdefault(question.fact or "", set()).add(question.id)
    return found


def _tells(question: Question) -> bool:
    return question.fact is not None and question.for_each is None


def _reads(
    condition: Condition | None,
    loops: Mapping[str, str | None],
    tellers: Mapping[str, set[str]],
) -> Iterator[str]:
    if condition is None:
        return
    for name, reach in condition.reads:
        yield name
        if reach == "many" and loops.get(name) == "period":
            yield from tellers.get("client.birth", ())
    for fact in condition.facts:
        for source in FACT_SOURCES.get(fact, ()):
            yield from tellers.get(source, ())


def _circles(reads: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """Yield circles that share no question, each from its first question on: all are named."""
    left = {name: {each for each in found if each in reads} for name, found in reads.items()}
    while True:
        try:
            TopologicalSorter(left).prepare()
            return
        except CycleError as error:
            circle: list[str] = list(reversed(error.args[1]))[:-1]
            start = circle.index(min(circle))
            yield [*circle[start:], *circle[:start]]
            for name in circle:
                del left[name]
            for found in left.values():
                found.difference_update(circle)
