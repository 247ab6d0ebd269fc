"""Decides goals with the solver: many at once, each model struck off all that it brings about.

Questions that hang together share a solver. A goal that no answers bring about is proved only
where the instances and tellers looked at are enough (see `bounds`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final

from nmt_intake.bank.model import Bank, Condition
from nmt_intake.bank.proof import logic
from nmt_intake.bank.proof.bounds import Reach, reach_of
from nmt_intake.bank.proof.encoding import Encoder, View
from nmt_intake.bank.proof.facts import SOME_PERIOD, Facts
from nmt_intake.bank.proof.goals import (
    NEVER,
    NOT_FINISHED,
    POSSIBLE,
    Goal,
    Verdict,
    Wish,
    Witness,
    behind,
    conditions_behind,
)
from nmt_intake.bank.proof.logic import Solver, Truth, both, either, no
from nmt_intake.bank.proof.parts import Mask
from nmt_intake.bank.proof.reading import witness_of

_TOGETHER: Final = 100  # questions in one solver: fewer cost more solvers, more cost slower checks
_FEW_INSTANCES: Final = 5
_MOST_INSTANCES: Final = 14
_MOST_TELLERS: Final = 6
_SECONDS_A_GOAL: Final = 3.0


class Deadline:
    """When to stop: some seconds from now."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    @property
    def left(self) -> float:
        """The seconds that are left; 0 when they are spent."""
        return max(0.0, self._end - monotonic())


@dataclass(slots=True)
class _Asked:
    """A goal written into a solver: the truth that it comes about, with its instance."""

    number: int
    goal: Goal
    about: Truth


class World:
    """One solver with one bank in it, or two that share what is said."""

    def __init__(
        self,
        banks: Sequence[Bank],
        instances: int,
        tellers: int,
        gated: bool = True,
        loose: str = "",
        witnesses: bool = True,
    ) -> None:
        self.solver = Solver()
        # Plain answers matter only where somebody reads them.
        self.nice: Truth = logic.truth("nice") if witnesses else False
        self.facts = Facts(self.solver, self.nice, instances, tellers)
        self.encoders = tuple(
            Encoder(bank, self.solver, self.facts, self.nice, gated, tag, loose)
            for bank, tag in zip(banks, ("", "new "), strict=False)
        )

    def about(self, goal: Goal, concrete: bool, encoder: Encoder | None = None) -> Truth:
        """Return the truth that a goal comes about, for any instance it may be about."""
        return either(
            *(
                self.at(goal, prefix, extra, encoder)
                for prefix, extra in self.places(goal, concrete)
            )
        )

    def places(self, goal: Goal, concrete: bool) -> Iterator[tuple[str, Truth]]:
        """Yield the prefixes that a goal may be about, each with what must be so besides."""
        if goal.loop is None:
            yield "", True
        elif goal.loop != "period":
            yield f"{goal.loop}-1/", True
        elif concrete:
            yield from ((f"{period}/", True) for period in goal.periods)
        else:
            chosen = self.facts.some_period
            yield SOME_PERIOD, either(*(chosen[period] for period in goal.periods))

    def at(self, goal: Goal, prefix: str, extra: Truth, encoder: Encoder | None = None) -> Truth:
        """Return the truth that a goal comes about for the instance with this prefix."""
        encoder = encoder or self.encoders[0]
        found = [extra, encoder.there(goal.loop, prefix)]
        if goal.loop == "period" and goal.gated:
            found.append(encoder.reached(prefix)[0])
        for aim in goal.aims:
            mask = encoder.mask(aim.condition, View(prefix, aim.kinds))
            found.append(_come_to(mask, aim.wish))
        return both(*found)

    def check(self, about: Truth, seconds: float) -> str:
        """Return `sat`, `unsat` or `unknown`; answers as they usually are where there are such."""
        for each in self.encoders:
            each.settle()
        outcome = "unknown"
        for manner in (self.nice, self.facts.short, True):
            if manner is False:
                continue
            outcome = self.solver.check((manner, about), seconds)
            if outcome == "sat":
                return outcome
        return outcome


def _come_to(mask: Mask, wish: Wish) -> Truth:
    match wish:
        case "open":
            return mask.opens
        case "closed":
            return mask.closes
        case _:
            return no(mask.opens)


class Prover:
    """Decides goals about one bank, as long as the budget lasts."""

    def __init__(self, bank: Bank, deadline: Deadline, witnesses: bool = False) -> None:
        self._bank = bank
        self._deadline = deadline
        self._witnesses = witnesses
        self._over_periods = _Transitive(bank)
        self._groups = _groups(bank)

    def decide(self, goals: Sequence[Goal]) -> list[Verdict]:
        """Return a verdict for each goal, in order."""
        found: dict[int, Verdict] = {}
        for batch in self._batches(goals):
            self._decide_batch(batch, goals, found)
        return [found.get(number, NOT_FINISHED) for number in range(len(goals))]

    def _batches(self, goals: Sequence[Goal]) -> Iterator[list[int]]:
        """Yield the goals that are decided together: about questions that hang together."""
        by_group: dict[tuple[bool, str, frozenset[int]], list[int]] = {}
        for number, goal in enumerate(goals):
            groups = frozenset(
                self._groups[name]
                for each in goal.conditions
                for name, _ in each.reads
                if name in self._groups
            )
            by_group.setdefault((goal.gated, goal.loose, groups), []).append(number)
        batches: dict[tuple[bool, str], list[int]] = {}
        for (gated, loose, _), numbers in by_group.items():
            for number in numbers:
                batch = batches.setdefault((gated, loose), [])
                batch.append(number)
                if len(batch) >= _TOGETHER:
                    yield batches.pop((gated, loose))
        yield from batches.values()

    def _decide_batch(
        self, numbers: Sequence[int], goals: Sequence[Goal], found: dict[int, Verdict]
    ) -> None:
        if not self._deadline.left:
            return
        gated, loose = goals[numbers[0]].gated, goals[numbers[0]].loose
        conditions = [each for number in numbers for each in goals[number].conditions]
        reach = reach_of(conditions_behind(self._bank, conditions) if gated else conditions)
        instances = min(_FEW_INSTANCES, max(2, reach.largest + 1)) if reach.enough else 2
        world = World(
            (self._bank,),
            instances,
            min(_MOST_TELLERS, reach.tellers),
            gated,
            loose,
            self._witnesses,
        )
        asked: list[_Asked] = []
        for number in reversed(numbers):  # the deepest first: its answers open much else
            goal = goals[number]
            name = logic.truth(f"goal {number}")
            about = world.about(goal, self._concrete(goal))
            world.solver.add(logic.alike(name, about))
            asked.append(_Asked(number, goal, name))
            if not self._deadline.left:
                return
        while asked and self._deadline.left:
            one = asked.pop(0)
            outcome = world.check(one.about, self._seconds())
            if outcome == "sat":
                asked = self._struck_off(world, [one, *asked], found)
            else:
                found[one.number] = self._unmet(one.goal, outcome, instances)

    def _struck_off(
        self, world: World, asked: Sequence[_Asked], found: dict[int, Verdict]
    ) -> list[_Asked]:
        left: list[_Asked] = []
        came_about = world.solver.all_named([each.about for each in asked])
        for each, is_so in zip(asked, came_about, strict=True):
            if not is_so:
                left.append(each)
            elif self._witnesses:
                found[each.number] = Verdict("possible", witness=self._read(world, each.goal))
            else:
                found[each.number] = POSSIBLE
        return left

    def _read(self, world: World, goal: Goal) -> Witness | None:
        return read_witness(world, goal, self._concrete(goal), self._bank)

    def _unmet(self, goal: Goal, outcome: str, instances: int) -> Verdict:
        """Return the verdict on a goal that the first look did not bring about."""
        if not self._deadline.left:
            return NOT_FINISHED
        if outcome == "unknown":
            return Verdict("not found")
        reach = self.reach(goal)
        if reach.tellers > _MOST_TELLERS:
            return Verdict("not found")
        needed = max([size or 0 for size in reach.enough.values()], default=0)
        named = {loop: size for loop, size in reach.enough.items() if loop != "period"}
        if not named or (None not in named.values() and needed <= instances):
            return NEVER
        if needed > _MOST_INSTANCES:
            needed = _MOST_INSTANCES
        size = max(needed, instances)
        world = World((self._bank,), size, reach.tellers, goal.gated, goal.loose, self._witnesses)
        about = world.about(goal, self._concrete(goal))
        outcome = world.check(about, self._seconds())
        if outcome == "sat":
            witness = self._read(world, goal) if self._witnesses else None
            return Verdict("possible", witness=witness)
        enough = all(size is not None and size <= _MOST_INSTANCES for size in named.values())
        return NEVER if outcome == "unsat" and enough else Verdict("not found")

    def reach(self, goal: Goal) -> Reach:
        """Return what a goal looks at, transitively if its questions' gates count."""
        if goal.gated:
            return reach_of(conditions_behind(self._bank, goal.conditions))
        return reach_of(goal.conditions)

    def _concrete(self, goal: Goal) -> bool:
        return any(self._over_periods.of(each, goal.gated) for each in goal.conditions)

    def _seconds(self) -> float:
        return min(_SECONDS_A_GOAL, self._deadline.left)


def read_witness(world: World, goal: Goal, concrete: bool, *banks: Bank) -> Witness | None:
    """Return the last answers found as a witness for a goal; None if they do not bring it about."""
    for prefix, extra in world.places(goal, concrete):
        if world.solver.holds(world.at(goal, prefix, extra)):
            slots = {name for bank in banks for name in _questions_behind(bank, goal)}
            return witness_of(world.solver, world.facts, world.encoders, prefix, slots)
    return None


def _questions_behind(bank: Bank, goal: Goal) -> set[str]:
    behind_it = conditions_behind(bank, goal.conditions)
    return {name for each in behind_it for name, _ in each.reads}


class _Transitive:
    """Whether conditions go over the periods of a life, themselves or by what they read."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._known: dict[str, bool] = {}
        for name in bank.order:
            self._known[name] = False
            conditions = behind(bank, bank.questions[name])
            self._known[name] = any(self.of(each, True) for each in conditions)

    def of(self, condition: Condition, gated: bool) -> bool:
        """Return whether a condition does; its questions' gates count if `gated`."""
        questions = self._bank.questions
        for name, reach in condition.reads:
            if name not in questions:
                continue
            if reach == "many" and questions[name].for_each == "period":
                return True
            if gated and self._known.get(name, False):
                return True
        return False


def _groups(bank: Bank) -> Mapping[str, int]:
    """Return a number for each question, the same for those that hang together."""
    parent = {name: name for name in bank.questions}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    def joined(names: Iterable[str]) -> None:
        roots = [root(name) for name in names if name in parent]
        for other in roots[1:]:
            parent[root(other)] = root(roots[0])

    for question in bank.questions.values():
        reads = (name for each in behind(bank, question) for name, _ in each.reads)
        joined([question.id, *reads])
    numbers: dict[str, int] = {}
    return {name: numbers.setdefault(root(name), len(numbers)) for name in parent}


__all__ = ["Deadline", "Prover", "World", "read_witness"]
