"""What a walk through a bank should reach: each question, and each gate open and closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from nmt_intake.bank.model import Bank
from nmt_intake.bank.solving.solver import Goal

Side: TypeAlias = Literal["asked", "open", "closed"]


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """A question to be asked, or a gate (of a question or a block) to stand open or closed."""

    name: str
    side: Side


def targets_of(bank: Bank) -> Iterator[Target]:
    """Yield every target, in the order of the conversation; hidden questions are never asked."""
    for block in bank.blocks:
        if block.when:
            yield Target(block.id, "open")
            yield Target(block.id, "closed")
        for question in block.questions:
            if not question.hidden:
                yield Target(question.id, "asked")
            if question.when:
                yield Target(question.id, "open")
                yield Target(question.id, "closed")


def goals_of(bank: Bank, target: Target, prefix: str) -> tuple[Goal, ...]:
    """Return the conditions that reach a target in the instance with this prefix."""
    question = bank.questions.get(target.name)
    block = bank.block_by_id[question.block if question else target.name]
    around = (Goal(block.when, prefix, True),) if block.when else ()
    if question is None:
        return tuple(Goal(goal.condition, prefix, target.side == "open") for goal in around)
    if question.when is None:
        return around
    return (*around, Goal(question.when, prefix, target.side != "closed"))
