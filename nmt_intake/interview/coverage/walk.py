"""One client's walks: answers that lead somewhere new, until there is nowhere left to go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

from nmt_intake.bank.model import Bank, Park, Question
from nmt_intake.bank.solving.domains import Choice, Domains, Missing, Unanswered
from nmt_intake.bank.solving.solver import Goal, Solver, TooManySteps, World
from nmt_intake.bank.truth import Answers, Value
from nmt_intake.interview.ages import client_facts
from nmt_intake.interview.coverage.clients import MadeUp
from nmt_intake.interview.events import (
    Answered,
    Event,
    InformantAdded,
    InstanceAdded,
    MarkedMissing,
    Opened,
)
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.kinds import KINDS
from nmt_intake.interview.progress import is_asked_here
from nmt_intake.interview.recording import Carried
from nmt_intake.interview.state import Interview, fold

_ROTATIONS: Final = 3
_MOST_WALKS: Final = 60
_TELLS: Final = "one"
_WHEN: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Walk:
    """What one client reached: by target; and why each other target cannot be reached."""

    client: MadeUp
    reached: frozenset[Target]
    closed: Mapping[Target, str]
    missed: tuple[Target, ...]
    walks: int


class Walker:
    """Walks one client through the bank again and again."""

    def __init__(self, bank: Bank, domains: Domains, client: MadeUp, seed: int) -> None:
        self._bank = bank
        self._domains = domains
        self._client = client
        self._seed = seed
        self._start = fold(bank, self._opening())
        self._world = _world(self._start)
        self._solver = Solver(bank, domains, self._world)
        self._left = dict.fromkeys(targets_of(bank))
        self._reached: set[Target] = set()
        self._closed: dict[Target, str] = {}
        self._walks = 0

    def walk(self) -> Walk:
        """Return what was reached, after as many walks as led somewhere new."""
        for turn in range(_ROTATIONS):
            self._once({}, turn)
        self._set_aside()
        while self._left and self._walks < _MOST_WALKS:
            before = len(self._left)
            self._once(self._aimed(), self._walks)
            if len(self._left) == before:
                break
        return Walk(
            self._client,
            frozenset(self._reached),
            self._closed,
            tuple(self._left),
            self._walks,
        )

    def can_reach(self, targets: Iterable[Target]) -> bool:
        """Whether some answers of this client reach one of these targets."""
        return any(not self._why_not(target) for target in targets)

    def _opening(self) -> Iterator[Event]:
        yield Opened(**_carried("opened"), client=self._client.client)
        yield InformantAdded(**_carried("informant"), informant=self._client.informant)
        for instance in self._client.instances():
            yield InstanceAdded(**_carried(instance), instance=instance)

    def _prefixes(self, target: Target) -> Sequence[str]:
        question = self._bank.questions.get(target.name)
        block = self._bank.block_by_id[question.block if question else target.name]
        return self._world.prefixes[block.for_each] if block.for_each else ("",)

    def _set_aside(self) -> None:
        """Take out what no answers of this client can reach, with the reason."""
        for target in list(self._left):
            reason = self._why_not(target)
            if reason:
                self._closed[target] = reason
                del self._left[target]

    def _why_not(self, target: Target) -> str:
        question = self._bank.questions.get(target.name)
        kind = self._client.informant.kind
        wanted = question.informants if question and target.side == "asked" else ()
        if wanted and kind not in wanted:
            return "informant"
        prefixes = self._prefixes(target)
        if not prefixes:
            return "age"
        facts_decide = True
        for prefix in prefixes:
            goals = goals_of(self._bank, target, prefix)
            try:
                if self._solver.solve(goals) is not None:
                    return ""
            except TooManySteps:
                return ""
            plain = Answers(facts=self._world.facts, informants=self._world.informants)
            facts_decide &= any(
                goal.condition(plain, prefix) is (not goal.wanted) for goal in goals
            )
        return "age" if facts_decide else "answers"

    def _aimed(self) -> dict[str, Choice]:
        """Return answers that lead to as many targets at once as will go together."""
        chosen: dict[str, Choice] = {}
        for target in self._left:
            for prefix in self._prefixes(target):
                try:
                    found = self._solver.solve(goals_of(self._bank, target, prefix), chosen)
                except TooManySteps:
                    continue
                if found is not None:
                    chosen = dict(found)
                    break
        return chosen

    def _once(self, chosen: dict[str, Choice], turn: int) -> None:
        """Walk through with these answers, the rest made up, and note what was reached."""
        self._walks += 1
        interview = fold(self._bank, [*self._opening(), *self._events(self._filled(chosen, turn))])
        seen = _seen(interview)
        for part in interview.layout.parts:
            around = part.block.when(seen, part.prefix) if part.block.when else True
            if part.block.when and around is not None:
                self._reach(Target(part.block.id, "open" if around else "closed"))
            if around is True:
                for question in part.block.questions:
                    self._note(interview, seen, question, part.prefix)

    def _note(self, interview: Interview, seen: Answers, question: Question, prefix: str) -> None:
        slot = prefix + question.id
        truth = interview.truths[slot]
        if truth is True and is_asked_here(interview, slot):
            self._reach(Target(question.id, "asked"))
        own = question.when(seen, prefix) if question.when and truth is not True else truth
        if own is None and truth is False:
            own = False  # what it reads is closed, and so is this
        if question.when and own is not None:
            self._reach(Target(question.id, "open" if own else "closed"))

    def _reach(self, target: Target) -> None:
        self._reached.add(target)
        self._left.pop(target, None)
        self._closed.pop(target, None)

    def _filled(self, chosen: dict[str, Choice], turn: int) -> dict[str, Choice]:
        """Return the answers with one made up for every other question that is asked."""
        values: dict[str, Value] = {}
        for slot, each in chosen.items():
            if not isinstance(each, Missing | Unanswered):
                values[slot] = each
        answers = Answers(
            values,
            {slot: each.reason for slot, each in chosen.items() if isinstance(each, Missing)},
            self._world.facts,
            self._world.informants,
            self._world.prefixes,
        )
        filled = dict(chosen)
        parks: dict[str, list[Park]] = {}
        for park in self._bank.park:
            for name, _reach in park.when.reads:
                parks.setdefault(name, []).append(park)
        for name in self._bank.order:
            question = self._bank.questions[name]
            loop = question.for_each
            for prefix in self._world.prefixes[loop] if loop else ("",):
                slot = prefix + name
                if slot in filled or not self._is_asked(question, prefix, answers):
                    continue
                made_up = self._domains.values(question)
                if made_up:
                    filled[slot] = values[slot] = made_up[(turn + self._seed) % len(made_up)]
                    if any(park.when(answers, "") is True for park in parks.get(name, ())):
                        del filled[slot], values[slot]  # nothing is to wait that can be asked
        return filled

    def _is_asked(self, question: Question, prefix: str, answers: Answers) -> bool:
        block = self._bank.block_by_id[question.block]
        gates = (block.when, question.when)
        return all(
            gate is None or gate(answers, prefix) is True for gate in gates
        ) and not self._start.setting.passes_over(question.id)

    def _events(self, chosen: Mapping[str, Choice]) -> Iterator[Event]:
        for slot, choice in chosen.items():
            question = self._bank.questions[split_slot(slot)[1]]
            match choice:
                case Unanswered():
                    continue
                case Missing(reason=reason):
                    record = {"slot": slot, "reason": reason, "informant": _TELLS}
                    yield MarkedMissing.model_validate({**_carried(slot), **record})
                case value:
                    stored = KINDS[question.kind].recorded(question, value)
                    yield Answered(**_carried(slot), slot=slot, value=stored, informant=_TELLS)


def _world(interview: Interview) -> World:
    return World(
        client_facts(interview.client),
        [
            {
                "informant.relation": each.relation,
                "informant.kind": each.kind,
                "informant.known_from_months": each.known_from_months,
            }
            for each in interview.informants.values()
        ],
        {
            loop: [f"{instance}/" for instance in instances]
            for loop, instances in interview.layout.instances.items()
        },
    )


def _seen(interview: Interview) -> Answers:
    world = _world(interview)
    return Answers(
        interview.values, interview.reasons, interview.facts, world.informants, world.prefixes
    )


def _carried(name: str) -> Carried:
    return Carried(
        id=f"made-up {name}",
        at=_WHEN,
        zone="UTC",
        author="cover",
        device="",
        bank_version="",
        bank_hash="",
    )


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
