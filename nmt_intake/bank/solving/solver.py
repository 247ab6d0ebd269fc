"""A small search: which answers make these conditions come out as wanted.

It walks back and forth over the answers worth trying. A condition that a part of the answers has
decided stays decided (that is what three-valued logic gives), so most branches end early. An
answer is only taken where its own question can be asked: its gates become wanted too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final, TypeAlias

from nmt_intake.bank.model import Bank, Condition, Question
from nmt_intake.bank.solving.domains import (
    UNANSWERED,
    Choice,
    ClosedBy,
    Domains,
    Missing,
    Unanswered,
)
from nmt_intake.bank.truth import Answers, State, Tree, Value

MOST_STEPS: Final = 3_000


@dataclass(frozen=True, slots=True)
class World:
    """What is given before anybody answers: facts of the client, informants, instances.

    `prefixes` lists the instance prefixes (`infancy/`) of each kind of repeated block.
    """

    facts: Mapping[str, Value] = field(default_factory=dict[str, Value])
    informants: Sequence[Mapping[str, Value]] = ()
    prefixes: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])

    @property
    def kinds(self) -> frozenset[object]:
        """The kinds of informants there are."""
        return frozenset(each.get("informant.kind") for each in self.informants)


@dataclass(frozen=True, slots=True)
class Goal:
    """A condition, for the instance with this prefix, that should be true or false."""

    condition: Condition
    prefix: str
    wanted: bool


Chosen: TypeAlias = Mapping[str, Choice]


@dataclass(frozen=True, slots=True)
class _Aim:
    """A goal with the slots it reads, and whether what part of the answers decides stays so."""

    condition: Condition
    prefix: str
    wanted: bool
    slots: tuple[str, ...]
    stays: bool


class TooManySteps(Exception):
    """Raised when a search was given up: nothing is known about its goals."""


class Solver:
    """Searches answers in one world; `gated` false leaves out whether questions can be asked."""

    def __init__(self, bank: Bank, domains: Domains, world: World, gated: bool = True) -> None:
        self._bank = bank
        self._domains = domains
        self._world = world
        self._gated = gated
        self._chosen: dict[str, Choice] = {}
        self._values: dict[str, Value] = {}
        self._reasons: dict[str, str] = {}
        self._states: dict[str, State] = {}
        self._answers = Answers(
            self._values,
            self._reasons,
            world.facts,
            world.informants,
            world.prefixes,
            self._states,
        )
        self._aims: dict[tuple[int, str, bool], _Aim] = {}
        self._gates: dict[str, tuple[_Aim, ...]] = {}
        self._steps = 0
        self._given = 0

    @property
    def tried(self) -> int:
        """How many answers were tried by the last search."""
        return self._given - max(0, self._steps)

    def solve(
        self, goals: Sequence[Goal], given: Chosen | None = None, steps: int = MOST_STEPS
    ) -> Chosen | None:
        """Return answers, `given` included, that reach all goals, or None if there are none.

        Raises `TooManySteps` when it cannot tell.
        """
        self._chosen.clear()
        self._values.clear()
        self._reasons.clear()
        self._states.clear()
        self._steps = self._given = steps
        for slot, choice in (given or {}).items():
            self._choose(slot, choice)
        return dict(self._chosen) if self._reached([self._aim(goal) for goal in goals]) else None

    def gates(self, question: Question, prefix: str) -> tuple[Goal, ...]:
        """Return what must be true for an answer to a question to count."""
        block = self._bank.block_by_id[question.block]
        return tuple(
            Goal(each, prefix, True) for each in (block.when, question.counts_when) if each
        )

    def _aim(self, goal: Goal) -> _Aim:
        key = (id(goal.condition), goal.prefix, goal.wanted)
        if key not in self._aims:
            slots = tuple(self._read(goal))
            stays = _stays(goal.condition)
            self._aims[key] = _Aim(goal.condition, goal.prefix, goal.wanted, slots, stays)
        return self._aims[key]

    def _gates_of(self, slot: str, question: Question) -> tuple[_Aim, ...]:
        found = self._gates.get(slot)
        if found is None:
            goals = self.gates(question, slot.removesuffix(question.id))
            found = self._gates[slot] = tuple(self._aim(goal) for goal in goals)
        return found

    def _reached(self, aims: Sequence[_Aim]) -> bool:
        self._steps -= 1
        if self._steps < 0:
            raise TooManySteps
        left = self._left(aims)
        if left is None:
            return False
        slot, waiting = left
        if not slot:
            return True
        question = self._bank.questions[slot.rpartition("/")[2]]
        for choice in self._choices(slot, question):
            self._choose(slot, choice)
            if self._reached((*self._needed(choice, slot, question), *waiting)):
                return True
            self._forget(slot)
        return False

    def _needed(self, choice: Choice, slot: str, question: Question) -> tuple[_Aim, ...]:
        """Return what must come about for a choice: its gates open, or the one named closed."""
        match choice:
            case ClosedBy(gate=gate):
                aim = self._gates_of(slot, question)[gate]
                return (replace(aim, wanted=False),)
            case Unanswered():
                return ()
            case _:
                return self._gates_of(slot, question) if self._gated else ()

    def _choices(self, slot: str, question: Question) -> Iterable[Choice]:
        """Return what to try; what cannot be asked here stays unanswered."""
        choices = self._domains.choices(question)
        if not self._gated:
            return choices
        kinds = self._world.kinds
        closed = tuple(ClosedBy(gate) for gate in range(len(self._gates_of(slot, question))))
        if question.informants and kinds and not kinds & set(question.informants):
            return (UNANSWERED, *closed)
        if self._left(self._gates_of(slot, question)) is None:
            return (*closed, UNANSWERED)
        silent = () if choices[-1] == UNANSWERED else (UNANSWERED,)
        return (*choices, *closed, *silent)

    def _left(self, aims: Sequence[_Aim]) -> tuple[str, list[_Aim]] | None:
        """Return a slot to choose for, and the aims not settled; None if one cannot be reached."""
        found = ""
        waiting: list[_Aim] = []
        for aim in aims:
            truth = aim.condition(self._answers, aim.prefix)
            if truth is not None and aim.stays:
                if truth is not aim.wanted:
                    return None
                continue
            unchosen = next((slot for slot in aim.slots if slot not in self._chosen), "")
            if not unchosen and truth is not aim.wanted:
                return None
            if unchosen:
                waiting.append(aim)
                found = found or unchosen
        return found, waiting

    def _read(self, goal: Goal) -> Iterator[str]:
        for name, reach in goal.condition.reads:
            if reach == "same":
                yield goal.prefix + name
            elif reach == "once":
                yield name
            else:
                loop = self._bank.questions[name].for_each or ""
                yield from (prefix + name for prefix in self._world.prefixes.get(loop, ()))

    def _choose(self, slot: str, choice: Choice) -> None:
        self._chosen[slot] = choice
        match choice:
            case Missing(reason=reason):
                self._reasons[slot] = reason
            case ClosedBy():
                self._states[slot] = State.CLOSED
            case Unanswered():
                pass
            case value:
                self._values[slot] = value

    def _forget(self, slot: str) -> None:
        del self._chosen[slot]
        self._values.pop(slot, None)
        self._reasons.pop(slot, None)
        self._states.pop(slot, None)


@lru_cache(maxsize=8_192)
def _stays(condition: Condition) -> bool:
    """Whether what a part of the answers decides stays decided: not so for answered() and such."""
    return not _asks_for_silence(condition.tree)


def _asks_for_silence(tree: Tree) -> bool:
    match tree:
        case ["call", "answered" | "missing" | "reason", *_]:
            return True
        case list() | tuple():
            return any(_asks_for_silence(part) for part in tree)
        case _:
            return False
