"""Answers worth trying, by what a question holds: those between which some condition decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import Final

from nmt_intake.bank.model import Question
from nmt_intake.bank.truth import Answers, Known, Scalar, Tree

ANYTHING_SAID: Final = "something else"
OLDEST_MONTHS: Final = 1200.0
_SOME_DATE: Final = "2020-06-15"
_MOST_SUBSETS: Final = 4
_MOST_PAIRED: Final = 9


def constants_in(tree: Tree) -> Iterator[Scalar]:
    """Yield the constants that a condition compares with."""
    match tree:
        case ["const", constant] if isinstance(constant, Scalar):
            yield constant
        case ["in", part, *members]:
            yield from constants_in(part)
            yield from (member for member in members if isinstance(member, Scalar))
        case ["call" | "ref" | "fact", *_]:
            return
        case list() | tuple():
            for part in tree:
                yield from constants_in(part)
        case _:
            return


def is_number(value: object) -> bool:
    """Whether it is a number and no truth."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def around(numbers: Iterable[Scalar]) -> set[Scalar]:
    """Return each number, one below and above it, and one between any two that are close."""
    known = sorted({each for each in numbers if isinstance(each, int | float)})
    found: set[Scalar] = {number + step for number in known for step in (-1, 0, 1)}
    return found | between(known)


def between(numbers: Iterable[float]) -> set[float]:
    """Return one number between any two neighbours that are no further apart than 1."""
    neighbours = pairwise(sorted(numbers))
    return {(low + high) / 2 for low, high in neighbours if 0 < high - low <= 1}


def numbers(question: Question, constants: Iterable[Scalar]) -> tuple[Known, ...]:
    """Return numbers on both sides of what conditions and checks compare with, then 1 and 0."""
    return _numbers_from(float("-inf"), question, constants)


def ages(question: Question, constants: Iterable[Scalar]) -> tuple[Known, ...]:
    """Return such numbers from birth on."""
    return _numbers_from(0, question, constants)


def _numbers_from(
    lowest: float, question: Question, constants: Iterable[Scalar]
) -> tuple[Known, ...]:
    from_checks = [
        constant
        for check in (question.hard_check, question.soft_check)
        if check
        for constant in constants_in(check.expect.tree)
    ]
    near = around(each for each in constants if is_number(each))
    spare = around(each for each in from_checks if is_number(each))
    found = [
        number
        for number in (*sorted(near, key=float), *sorted(spare - near, key=float), 1, 0)
        if isinstance(number, int | float) and lowest <= number <= OLDEST_MONTHS * 1000
    ]
    return _allowed(question, tuple(dict.fromkeys(found)))


def _allowed(question: Question, values: Sequence[Known]) -> tuple[Known, ...]:
    """Return the values that the hard check lets through; what it cannot decide goes through."""
    if question.hard_check is None:
        return tuple(values)
    holds = question.hard_check.expect
    return tuple(
        value for value in values if holds(Answers(values={"value": value}), "") is not False
    )


def dates(question: Question, constants: Iterable[Scalar]) -> tuple[Known, ...]:
    """Return days beside what conditions compare with, and some other day."""
    written = sorted(each for each in constants if isinstance(each, str) and each[:4].isdigit())
    years = {int(each[:4]) + step for each in written for step in (-1, 0, 1)}
    days = [f"{year:04d}-06-15" for year in sorted(years) if 1 <= year <= 9999]
    return _allowed(question, (*written, *days, _SOME_DATE))


def words(_question: Question, constants: Iterable[Scalar]) -> tuple[Known, ...]:
    """Return the words that conditions compare with, and others."""
    return (*sorted(map(str, constants)), ANYTHING_SAID)


def subsets(question: Question, constants: Iterable[Scalar]) -> tuple[Known, ...]:
    """Return sets of codes: each alone, all, and the pairs or subsets that are asked for.

    Of a card of many headings the pairs are left out: they would be hundreds.
    """
    codes = question.codes_tried
    asked = tuple(code for code in codes if code in set(constants))
    alone = frozenset(question.alone)
    sizes = range(2, len(asked) + 1) if len(asked) <= _MOST_SUBSETS else (2,)
    if len(asked) > _MOST_PAIRED:
        sizes = ()
    several = [chosen for size in sizes for chosen in combinations(asked, size)]
    together = tuple(code for code in codes if code not in alone)
    each_alone: list[tuple[str, ...]] = [(code,) for code in codes]
    if len(asked) > _MOST_PAIRED:
        each_alone.insert(1, together)
    every = (*each_alone, *several, together)
    return tuple(
        dict.fromkeys(each for each in every if len(each) == 1 or not alone.intersection(each))
    )
