"""The answers worth trying for each question: those between which some condition decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final, TypeAlias

from nmt_intake.bank.model import Bank, Condition, Question
from nmt_intake.bank.truth import Answers, Known, Scalar, Tree
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
_ANYTHING_SAID: Final = "something else"
_SOME_DATE: Final = "2020-06-15"
_OLDEST: Final = 1200.0
_MOST_SUBSETS: Final = 4


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
            return (*sorted(map(str, constants)), _ANYTHING_SAID)
        numbers = [number for number in constants if _is_number(number)]
        return tuple(sorted(_around(numbers)))

    def ages(self) -> tuple[float, ...]:
        """Return the client's ages in months between which some condition or period decides."""
        bounds = {start for start in PERIOD_STARTS.values() if start >= 0} | {_OLDEST}
        found = set(bounds)
        for fact in ("client.age_months", "client.corrected_age_months"):
            told = [each for each in self._facts.get(fact, ()) if isinstance(each, int | float)]
            bounds |= {float(age) for age in told}
            found |= {float(age) for age in self.fact_values(fact) if _is_number(age)}
        found |= _between(bounds)
        return tuple(sorted(age for age in found if 0 <= age <= _OLDEST))

    def _no_answers(self, question: Question) -> Iterator[Choice]:
        reasons = self._spoken_of.get(question.id)
        if reasons is not None:
            yield from (Missing(reason) for reason in sorted(reasons | {"asked-unknown"}))
            yield UNANSWERED

    def _values(self, question: Question) -> tuple[Known, ...]:
        constants = self._constants.get(question.id, set())
        match question.kind:
            case "yes_no":
                return (True, False)
            case "choice":
                return tuple(question.options)
            case "choices":
                return _subsets(question, constants)
            case "scale":
                return tuple(int(code) for code in question.options)
            case "number" | "age":
                return _allowed(question, _numbers(question, constants))
            case "date":
                return _allowed(question, _dates(constants))
            case "text" | "person":
                return (*sorted(map(str, constants)), _ANYTHING_SAID)
            case "interval" | "table":
                return (True,)

    def _read(self, tree: Tree) -> None:
        """Note every constant beside the questions and facts it is compared with."""
        match tree:
            case ["compare" | "in", *_]:
                constants = set(_constants(tree))
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
                said = {each for each in _constants(tree) if isinstance(each, str)}
                self._spoken_of.setdefault(name, set()).update(said - {""})


def _conditions(bank: Bank) -> Iterator[Condition]:
    for block in bank.blocks:
        if block.when:
            yield block.when
        yield from (question.when for question in block.questions if question.when)
    for rating in bank.ratings:
        yield from (rule.when for rule in rating.rules if rule.when)


def _constants(tree: Tree) -> Iterator[Scalar]:
    match tree:
        case ["const", constant] if isinstance(constant, Scalar):
            yield constant
        case ["in", part, *members]:
            yield from _constants(part)
            yield from (member for member in members if isinstance(member, Scalar))
        case ["call" | "ref" | "fact", *_]:
            return
        case list() | tuple():
            for part in tree:
                yield from _constants(part)
        case _:
            return


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


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _around(numbers: Iterable[Scalar]) -> set[Scalar]:
    """Return each number, one below and above it, and one between any two that are close."""
    known = sorted({each for each in numbers if isinstance(each, int | float)})
    found: set[Scalar] = {number + step for number in known for step in (-1, 0, 1)}
    return found | _between(known)


def _between(numbers: Iterable[float]) -> set[float]:
    """Return one number between any two neighbours that are no further apart than 1."""
    neighbours = pairwise(sorted(numbers))
    return {(low + high) / 2 for low, high in neighbours if 0 < high - low <= 1}


def _numbers(question: Question, constants: Iterable[Scalar]) -> tuple[Known, ...]:
    from_checks = [
        constant
        for check in (question.hard_check, question.soft_check)
        if check
        for constant in _constants(check.expect.tree)
    ]
    numbers = _around(each for each in constants if _is_number(each))
    spare = _around(each for each in from_checks if _is_number(each))
    lowest = 0 if question.kind == "age" else float("-inf")
    found = [
        number
        for number in (*sorted(numbers, key=float), *sorted(spare - numbers, key=float), 1, 0)
        if isinstance(number, int | float) and lowest <= number <= _OLDEST * 1000
    ]
    return tuple(dict.fromkeys(found))


def _allowed(question: Question, values: Sequence[Known]) -> tuple[Known, ...]:
    """Return the values that the hard check lets through; what it cannot decide goes through."""
    if question.hard_check is None:
        return tuple(values)
    holds = question.hard_check.expect
    return tuple(
        value for value in values if holds(Answers(values={"value": value}), "") is not False
    )


def _dates(constants: Iterable[Scalar]) -> tuple[Known, ...]:
    written = sorted(each for each in constants if isinstance(each, str) and each[:4].isdigit())
    years = {int(each[:4]) + step for each in written for step in (-1, 0, 1)}
    days = [f"{year:04d}-06-15" for year in sorted(years) if 1 <= year <= 9999]
    return (*written, *days, _SOME_DATE)


def _subsets(question: Question, constants: Iterable[Scalar]) -> tuple[Known, ...]:
    """Return sets of codes: each alone, all, and the pairs or subsets that are asked for."""
    codes = tuple(question.options)
    asked = tuple(code for code in codes if code in set(constants))
    sizes = range(2, len(asked) + 1) if len(asked) <= _MOST_SUBSETS else (2,)
    several = [chosen for size in sizes for chosen in combinations(asked, size)]
    every = (*((code,) for code in codes), *several, codes)
    alone = frozenset(question.alone)
    return tuple(
        dict.fromkeys(each for each in every if len(each) == 1 or not alone.intersection(each))
    )
