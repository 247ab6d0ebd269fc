"""What is asked of conditions, and what was found: goals, verdicts, witnesses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeAlias

from nmt_intake.bank.language import Reach
from nmt_intake.bank.model import Bank, Block, Check, Condition, ForEach, Question
from nmt_intake.bank.truth import Tree
from nmt_intake.vocabulary import PERIODS

Wish: TypeAlias = Literal["open", "closed", "not open"]


@dataclass(frozen=True, slots=True)
class Aim:
    """A condition and what it should come to: open, closed, or anything but open.

    `kinds` are the informants who may answer what it is the gate of.
    """

    condition: Condition
    wish: Wish = "open"
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Goal:
    """What should come about at once, for one instance of `loop`.

    `gated` false asks only for the conditions, whether or not what they read can be asked. `loose`
    is a question whose hard check does not count.
    """

    aims: tuple[Aim, ...]
    loop: ForEach | None = None
    gated: bool = True
    periods: tuple[str, ...] = PERIODS
    loose: str = ""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition it speaks of."""
        return tuple(aim.condition for aim in self.aims)


@dataclass(frozen=True, slots=True)
class Teller:
    """Somebody who tells, in a witness."""

    kind: str
    relation: str
    known_from_months: float | None


@dataclass(frozen=True, slots=True)
class Witness:
    """Answers that bring a goal about: a client, who tells, instances, and what is said.

    `prefix` is the instance for which they do. `answers` and `missing` go by slot; `birth` and
    `day` are ISO dates, the latter that of the interview.
    """

    prefix: str
    day: str
    birth: str | None = None
    age_months: float | None = None
    gestation_weeks: float | None = None
    tellers: tuple[Teller, ...] = ()
    instances: tuple[str, ...] = ()
    complete: tuple[str, ...] = ()
    answers: Mapping[str, object] = field(default_factory=dict[str, object])
    missing: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found out about a goal.

    `possible` some answers bring it about (perhaps `witness`); `never` none do, which is proved;
    `not found` none of those tried did (`tried` of them); `not finished` the budget was spent.
    """

    outcome: Literal["possible", "never", "not found", "not finished"]
    tried: int = 0
    witness: Witness | None = None


POSSIBLE: Final = Verdict("possible")
NEVER: Final = Verdict("never")
NOT_FINISHED: Final = Verdict("not finished")


class Decider(Protocol):
    """Finds out about goals."""

    def decide(self, goals: Sequence[Goal]) -> list[Verdict]:
        """Return a verdict for each goal, in order."""
        ...


def asked(question: Question, block: Block, *more: tuple[Question, Block]) -> Goal:
    """Return the goal that a question is asked, perhaps together with others."""
    aims: list[Aim] = []
    loop: ForEach | None = None
    for each, around in ((question, block), *more):
        loop = loop or around.for_each
        gates = (gate for gate in (around.when, each.when) if gate)
        aims += [Aim(gate, "open", each.informants) for gate in gates]
    return Goal(tuple(dict.fromkeys(aims)), loop)


def conditions_behind(bank: Bank, conditions: Sequence[Condition]) -> Iterator[Condition]:
    """Yield conditions and, once each, all that decide what they read: gates, hard checks."""
    seen: set[str] = set()
    known: set[int] = set()
    waiting = list(conditions)
    while waiting:
        condition = waiting.pop()
        if id(condition) in known:
            continue
        known.add(id(condition))
        yield condition
        for name, _ in condition.reads:
            if name not in seen and name in bank.questions:
                seen.add(name)
                waiting += behind(bank, bank.questions[name])


def behind(bank: Bank, question: Question) -> list[Condition]:
    """Return the conditions that decide whether a question is asked, and what may answer it."""
    checks = [question.hard_check.expect] if question.hard_check else []
    block = bank.block_by_id[question.block]
    return [each for each in (block.when, question.when, question.counts_when) if each] + checks


def check_condition(check: Check, question: Question, opposite: bool) -> Condition:
    """Return what a question's own check expects (or its opposite), the question for `value`."""
    reach: Reach = "same" if question.for_each else "once"
    tree = with_value(check.expect.tree, question)
    reads: list[tuple[str, Reach]] = [
        (question.id, reach) if name == "value" else (name, how) for name, how in check.expect.reads
    ]
    return Condition(
        check.expect.text,
        ("not", tree) if opposite else tree,
        tuple(dict.fromkeys(reads)),
        check.expect.facts,
    )


def with_value(tree: Tree, question: Question) -> Tree:
    """Return the tree of a question's own check, with the question itself for `value`."""
    match tree:
        case ["ref", "value", *_]:
            return ("ref", question.id, "same" if question.for_each else "once")
        case list() | tuple():
            return tuple(with_value(part, question) for part in tree)
        case _:
            return tree
