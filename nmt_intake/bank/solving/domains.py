"""The answers worth trying for each question: those between which some condition decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from nmt_intake.bank.kinds import KINDS
from nmt_intake.bank.model import Bank, Condition, Question
from nmt_intake.bank.solving.candidates import (
    ANYTHING_SAID,
    OLDEST_MONTHS,
    around,
    between,
    constants_in,
    is_number,
)
from nmt_intake.bank.truth import Known, Scalar, Tree
from nmt_intake.vocabulary import PERIOD_STARTS


@dataclass(frozen=True, slots=True)
class Missing:
    """No answer, for this reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """No answer, and not spoken of."""


@dataclass(frozen=True, slots=True)
class ClosedBy(Unanswered):
    """No answer, as this gate of the question is closed: 0 is the first."""

    gate: int


Choice: TypeAlias = Known | Missing | Unanswered

UNANSWERED: Final = Unanswered()


class Domains:
    """What may be answered to each question of a bank, and which ages make a difference."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._constants: dict[str, set[Scalar]] = {}
        self._facts: dict[str, set[Scalar]] = {}
        self._spoken_of: dict[str, set[str]] = {}
        self._known: dict[str, tuple[Choice, ...]] = {}
        for condition in _conditions(bank):
            self._read(condition.tree)

    def choices(self, question: Question) -> tuple[Choice, ...]:
        """Return the answers worth trying, known values first."""
        found = self._known.get(question.id)
        if found is None:
            found = (*self._values(question), *self._no_answers(question))
            self._known[question.id] = found
        return found

    def values(self, question: Question) -> tuple[Known, ...]:
        """Return the answers worth trying that are answers."""
        return tuple(
            choice
            for choice in self.choices(question)
            if not isinstance(choice, Missing | Unanswered)
        )

    def fact_values(self, fact: str) -> tuple[Scalar, ...]:
        """Return the values of a fact between which some condition decides, and one each side."""
        constants = self._facts.get(fact, set())
        if fact == "informant.relation":
            return (*sorted(map(str, constants)), ANYTHING_SAID)
        numbers = [number for number in constants if is_number(number)]
        return tuple(sorted(around(numbers)))

    def ages(self) -> tuple[float, ...]:
        """Return the client's ages in months between which some condition or period decides."""
        bounds = {start for start in PERIOD_STARTS.values() if start >= 0} | {OLDEST_MONTHS}
        found = set(bounds)
        for fact in ("client.age_months", "client.corrected_age_months"):
            told = [each for each in self._facts.get(fact, ()) if isinstance(each, int | float)]
            bounds |= {float(age) for age in told}
            found |= {float(age) for age in self.fact_values(fact) if is_number(age)}
        found |= between(bounds)
        return tuple(sorted(age for age in found if 0 <= age <= OLDEST_MONTHS))

    def _no_answers(self, question: Question) -> Iterator[Choice]:
        reasons = self._spoken_of.get(question.id)
        if reasons is not None:
            yield from (Missing(reason) for reason in sorted(reasons | {"asked-unknown"}))
            yield UNANSWERED

    def _values(self, question: Question) -> tuple[Known, ...]:
        constants = self._constants.get(question.id, set())
        return KINDS[question.kind].candidates(question, constants)

    def _read(self, tree: Tree) -> None:
        """Note every constant beside the questions and facts it is compared with."""
        match tree:
            case ["compare" | "in", *_]:
                constants = set(constants_in(tree))
                for name in _names(tree, "ref"):
                    self._constants.setdefault(name, set()).update(constants)
                for name in _names(tree, "fact"):
                    self._facts.setdefault(name, set()).update(constants)
            case ["call", "has", ["ref", str(name), _], code] if isinstance(code, Scalar):
                self._constants.setdefault(name, set()).add(code)
            case ["call", "any_of" | "all_of" | "count_of", str(name), _, code] if isinstance(
                code, Scalar
            ):
                self._constants.setdefault(name, set()).add(code)
            case ["call", str(), ["ref", str(name), _]]:
                self._spoken_of.setdefault(name, set())
            case _:
                pass
        self._read_reasons(tree)
        if isinstance(tree, list | tuple):
            for part in tree:
                self._read(part)

    def _read_reasons(self, tree: Tree) -> None:
        if isinstance(tree, list | tuple) and tree and tree[0] in ("compare", "in"):
            for name in _reasons_asked(tree):
                said = {each for each in constants_in(tree) if isinstance(each, str)}
                self._spoken_of.setdefault(name, set()).update(said - {""})


def _conditions(bank: Bank) -> Iterator[Condition]:
    for block in bank.blocks:
        if block.when:
            yield block.when
        yield from (question.when for question in block.questions if question.when)
    for rating in bank.ratings:
        yield from rating.conditions


def _names(tree: Tree, kind: str) -> Iterator[str]:
    match tree:
        case [str(found), str(name), *_] if found == kind:
            yield name
        case list() | tuple():
            for part in tree:
                yield from _names(part, kind)
        case _:
            return


def _reasons_asked(tree: Tree) -> Iterator[str]:
    match tree:
        case ["call", "reason", ["ref", str(name), _]]:
            yield name
        case list() | tuple():
            for part in tree:
                yield from _reasons_asked(part)
        case _:
            return
