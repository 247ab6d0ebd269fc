"""Puts questions into an order in which each comes after all that its condition reads."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

from nmt_intake.bank.compiling.notes import Notes
from nmt_intake.bank.compiling.placing import Place
from nmt_intake.bank.model import Block


def ordered(blocks: Sequence[Block], notes: Notes) -> tuple[str, ...]:
    """Return the question ids so that each comes after what its condition reads.

    Conditions that go round in a circle are noted, naming the questions on it.
    """
    reads: dict[str, set[str]] = {}
    places: dict[str, Place] = {}
    for block in blocks:
        gate = {name for name, _ in block.when.reads} if block.when else set[str]()
        for question in block.questions:
            own = {name for name, _ in question.when.reads} if question.when else set[str]()
            reads[question.id] = gate | own
            places[question.id] = Place(block.file, question.line)
    try:
        return tuple(TopologicalSorter(reads).static_order())
    except CycleError as error:
        circle: list[str] = list(reversed(error.args[1]))
        first = min(circle)
        start = circle.index(first)
        turned = [*circle[start:-1], *circle[:start], first]
        message = f"conditions go round in a circle: {' -> '.join(turned)}."
        advice = "Take one of these questions out of the other's condition."
        notes.note(places[first], "when", "BANK-016", first, message, advice)
        return tuple(reads)
