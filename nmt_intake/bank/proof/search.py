"""Decides goals by trying answers, where there is no solver: bounded, and honest about it.

"Never" is said only where the answers tried were all there are: questions with a few answers each,
numbers and ages that are only compared with constants (one number on each, and one between each
two, stand for all). Anything else is "found none among the answers tried".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from nmt_intake.bank.evaluation import OVER_INSTANCES
from nmt_intake.bank.kinds import KINDS
from nmt_intake.bank.model import Bank, Condition, Question
from nmt_intake.bank.proof.bounds import constants, speaks_of_silence
from nmt_intake.bank.proof.goals import (
    NEVER,
    NOT_FINISHED,
    Teller,
    Verdict,
    Witness,
    conditions_behind,
)
from nmt_intake.bank.proof.goals import (
    Goal as Wanted,
)
from nmt_intake.bank.proof.prover import Deadline
from nmt_intake.bank.solving.domains import Domains, Missing, Unanswered
from nmt_intake.bank.solving.solver import Chosen, Goal, Solver, TooManySteps, World
from nmt_intake.bank.solving.worlds import facts_behind, how_many, worlds
from nmt_intake.bank.truth import Tree

_MOST_STEPS: Final = 1_500
_MOST_WORLDS: Final = 60
_MOST_CODES: Final = 4
_LARGEST: Final = 10**6
_SOME_DAY: Final = "2026-06-15"
_SOMEBODY: Final = "somebody"
_COUNTABLE_FACTS: Final = frozenset({"client.age_months", "period.id"})
_COUNTABLE: Final = frozenset({"truth", "code", "codes", "number"})


class Search:
    """Tries answers on the conditions of one bank, as long as the budget lasts."""

    def __init__(self, bank: Bank, deadline: Deadline) -> None:
        self._bank = bank
        self._deadline = deadline

    @cached_property
    def _domains(self) -> Domains:
        return Domains(self._bank)

    def decide(self, goals: Sequence[Wanted]) -> list[Verdict]:
        """Return a verdict for each goal, in order."""
        return [self._decide(goal) if self._deadline.left else NOT_FINISHED for goal in goals]

    def _decide(self, goal: Wanted) -> Verdict:
        conditions = goal.conditions
        behind = tuple(conditions_behind(self._bank, conditions)) if goal.gated else conditions
        facts = facts_behind(self._bank, conditions if goal.gated else ()) | {
            fact for condition in conditions for fact in condition.facts
        }
        whole = self._covers_all(goal, behind, facts)
        tried, steps = 0, _MOST_STEPS
        whole = whole and how_many(self._domains, facts) <= _MOST_WORLDS
        for world, prefix in worlds(self._domains, facts, goal.loop, goal.periods, _MOST_WORLDS):
            if not self._deadline.left or steps <= 0:
                whole = False
                break
            solver = Solver(self._bank, self._domains, world, goal.gated)
            wanted = [Goal(aim.condition, prefix, aim.wish == "open") for aim in goal.aims]
            try:
                chosen = solver.solve(wanted, steps=steps)
                if chosen is not None:
                    return Verdict("possible", witness=_witness(world, prefix, chosen))
            except (TooManySteps, RecursionError):
                whole = False
            tried += solver.tried
            steps -= solver.tried
        return NEVER if whole else Verdict("not found", tried=max(tried, 1))

    def _covers_all(self, goal: Wanted, behind: Sequence[Condition], facts: frozenset[str]) -> bool:
        """Whether the answers worth trying stand for all answers there are."""
        if (
            any(aim.wish == "not open" for aim in goal.aims)
            or not facts <= _COUNTABLE_FACTS
            or speaks_of_silence(behind)
        ):
            return False
        if not all(_is_plain(each.tree) for each in behind):
            return False
        questions = self._bank.questions
        read = [questions[name] for each in behind for name, _ in each.reads if name in questions]
        return all(_few_answers(each) for each in read)


def _witness(world: World, prefix: str, chosen: Chosen) -> Witness:
    """Return what was found as answers that can be played."""
    facts = world.facts
    age, weeks = facts.get("client.age_months"), facts.get("client.gestation_weeks")
    tellers = [
        Teller(
            str(each["informant.kind"]),
            str(each.get("informant.relation") or _SOMEBODY),
            _number(each.get("informant.known_from_months")),
        )
        for each in world.informants
    ]
    named = [slot.partition("/")[0] for slot in chosen if "-" in slot.partition("/")[0]]
    return Witness(
        prefix=prefix,
        day=_SOME_DAY,
        age_months=_number(age),
        gestation_weeks=_number(weeks),
        tellers=tuple(tellers),
        instances=tuple(dict.fromkeys((*named, *([prefix[:-1]] if "-" in prefix else [])))),
        answers={
            slot: list(choice) if isinstance(choice, tuple) else choice
            for slot, choice in chosen.items()
            if not isinstance(choice, Missing | Unanswered)
        },
        missing={
            slot: choice.reason for slot, choice in chosen.items() if isinstance(choice, Missing)
        },
    )


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) else None


def _few_answers(question: Question) -> bool:
    shape = KINDS[question.kind].shape
    if question.fact or question.hard_check or question.options_from or shape not in _COUNTABLE:
        return False
    return shape != "codes" or len(question.codes_tried) <= _MOST_CODES


def _is_plain(tree: Tree) -> bool:
    """Whether a condition compares only with constants, and goes over no instances."""
    match tree:
        case ["compare", str(), *_]:
            numbers = (each for each in constants(tree) if isinstance(each, int | float))
            if any(abs(each) > _LARGEST for each in numbers):
                return False
            return sum(1 for _ in _variables(tree)) <= 1 and not _computes(tree)
        case ["arithmetic", *_]:
            return False
        case ["call", str(name), *_] if name in OVER_INSTANCES or name != "has":
            return False
        case list() | tuple():
            return all(_is_plain(part) for part in tree)
        case _:
            return True


def _computes(tree: Tree) -> bool:
    match tree:
        case ["arithmetic" | "call", *_]:
            return True
        case list() | tuple():
            return any(_computes(part) for part in tree)
        case _:
            return False


def _variables(tree: Tree) -> Iterator[Tree]:
    match tree:
        case ["ref" | "fact", *_]:
            yield tree
        case list() | tuple():
            for part in tree:
                yield from _variables(part)
        case _:
            return
