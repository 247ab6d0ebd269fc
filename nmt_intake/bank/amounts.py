"""Single values as conditions see them: numbers, dates, times of a life, each perhaps a range.

Numbers are computed as people write them: 0.3 times 3 is 0.9.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Final, TypeAlias

from nmt_intake.bank.truth import (
    AND,
    FALSE,
    NOT,
    TRUE,
    UNKNOWN,
    VOID,
    Mask,
    Possible,
    Range,
    Scalar,
    Stretch,
    Value,
)
from nmt_intake.vocabulary import PERIOD_STARTS, PERIODS


@dataclass(frozen=True, slots=True)
class Nothing:
    """No answer, and none can come: what a closed question holds."""


NOTHING: Final = Nothing()
Seen: TypeAlias = Value | Fraction | Nothing
MOST_COMBINATIONS: Final = 400


def union_of(masks: Iterable[Mask]) -> Mask:
    """Return the set of all that these parts may be; unknown of none."""
    found = 0
    for mask in masks:
        found |= mask
    return found or UNKNOWN


def days_meant(value: Seen) -> Range | None:
    """Return the days that a date may mean; None where nobody knows."""
    if isinstance(value, Range):
        return value
    return _days_of(value) if isinstance(value, str) else None


@lru_cache(maxsize=4096)
def _days_of(text: str) -> Range | None:
    """Return the days that an ISO date may mean, whose day or month may lack."""
    try:
        year, month, day = (int(part) for part in [*text.split("-"), "0", "0"][:3])
        first = date(year, month or 1, day or 1)
        if day:
            return Range(first.toordinal(), first.toordinal())
        after = date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1)
        return Range(first.toordinal(), after.toordinal() - 1)
    except ValueError:
        return None


def _between(left: Range, right: Range, sign: str) -> Mask:
    """Compare two ranges: what holds for every number of one and every number of the other."""
    match sign:
        case ">" | ">=":
            return _between(right, left, "<" if sign == ">" else "<=")
        case "!=":
            return NOT[_between(left, right, "==")]
        case "==":
            if _below(left, right, False) == TRUE or _below(right, left, False) == TRUE:
                return FALSE
            exact = left.low is not None and left.low == left.high
            return TRUE if exact and right.low == right.high == left.low else UNKNOWN
        case _:
            return _below(left, right, sign == "<=")


def _below(left: Range, right: Range, or_same: bool) -> Mask:
    holds = operator.le if or_same else operator.lt
    if left.high is not None and right.low is not None and holds(left.high, right.low):
        return TRUE
    if left.low is not None and right.high is not None and not holds(left.low, right.high):
        return FALSE
    return UNKNOWN


_COMPARE: Final[dict[str, Callable[..., bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def alternatives(value: Seen) -> Sequence[Seen]:
    """Return the values between which tellers leave it, or the one there is."""
    return value.values if isinstance(value, Possible) else (value,)


def compared(sign: str, first: Seen, second: Seen) -> Mask:
    """Compare two values that are not between tellers; unlike things are unknown."""
    if isinstance(first, Range) or isinstance(second, Range):
        left, right = as_range(first), as_range(second)
        return _between(left, right, sign) if left and right else UNKNOWN
    if isinstance(first, Fraction) or isinstance(second, Fraction):
        first, second = exact_number(first), exact_number(second)
    try:
        return TRUE if _COMPARE[sign](first, second) else FALSE
    except TypeError:
        return UNKNOWN


def as_range(value: Seen) -> Range | None:
    """Return a number as a range; None for what is no number."""
    if isinstance(value, Range):
        return value
    if isinstance(value, int | float | Fraction) and not isinstance(value, bool):
        return Range(float(value), float(value))
    return None


def exact_number(value: Seen) -> Seen:
    """Return a number as people write it: 0.9 is nine tenths."""
    return Fraction(repr(value)) if isinstance(value, float) else value


def dates_compared(sign: str, first: Seen, second: Seen) -> Mask:
    """Compare two dates by all the days they may mean."""
    left, right = days_meant(first), days_meant(second)
    return _between(left, right, sign) if left and right else UNKNOWN


def among(value: Seen, allowed: frozenset[object]) -> Mask:
    """Whether a value is one of these; a range may be."""
    if not isinstance(value, Range):
        return TRUE if plain_number(value) in allowed else FALSE
    if value.low is not None and value.low == value.high:
        return TRUE if value.low in allowed else FALSE
    inside = (
        number
        for number in allowed
        if isinstance(number, int | float)
        and (value.low is None or value.low <= number)
        and (value.high is None or number <= value.high)
    )
    return UNKNOWN if any(True for _ in inside) else FALSE


def plain_number(value: Seen) -> Seen:
    """Return a computed number as the number that people would write for it."""
    if not isinstance(value, Fraction):
        return value
    return int(value) if value.denominator == 1 else float(value)


ARITHMETIC_SIGNS: Final[dict[str, Callable[[Fraction, Fraction], Fraction | int]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda left, right: left / right,
    "//": lambda left, right: left // right,
    "%": operator.mod,
}


def is_number(value: Seen) -> bool:
    """Whether it is a number, and no yes or no."""
    return isinstance(value, int | float | Fraction) and not isinstance(value, bool)


def range_result(sign: str, left: Range | None, right: Range | None) -> Seen:
    """Compute with two ranges; None where nothing can be said."""
    if left is None or right is None:
        return None
    ends = (left.low, left.high, right.low, right.high)
    if sign == "+":
        return bounded(_sum(left.low, right.low), _sum(left.high, right.high))
    if sign == "-":
        negative = Range(_negative(right.high), _negative(right.low))
        return range_result("+", left, negative)
    if left.low is None or left.high is None or right.low is None or right.high is None:
        return None
    if sign == "/" and not right.low <= 0 <= right.high:
        right = Range(1 / right.high, 1 / right.low)
    elif sign != "*":
        return None
    ends = (right.low or 0, right.high or 0)
    corners = [x * y for x in (left.low, left.high) for y in ends]
    return bounded(min(corners), max(corners))


def _sum(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else left + right


def _negative(end: float | None) -> float | None:
    return None if end is None else -end


def bounded(low: float | None, high: float | None) -> Range | None:
    """Return the range between two ends, None if neither is known."""
    return None if low is None and high is None else Range(low, high)


def possible_values(values: Sequence[Seen]) -> Seen:
    """Return what a computation over several choices gave; unknown if one is."""
    distinct = tuple(dict.fromkeys(plain_number(value) for value in values))
    if len(values) > MOST_COMBINATIONS or None in distinct or not distinct:
        return None
    return distinct[0] if len(distinct) == 1 else Possible(distinct)  # type: ignore[arg-type]


def holds_code(value: Seen, code: Scalar) -> Mask:
    """Whether an answer is, or has among several choices, this code."""
    if value is None:
        return UNKNOWN
    if value is NOTHING:
        return VOID
    return union_of(_holds_one(each, code) for each in alternatives(value))


def _holds_one(value: Seen, code: Scalar) -> Mask:
    if isinstance(value, Range):
        return compared("==", value, code)
    if isinstance(value, tuple):
        return TRUE if code in value else FALSE
    same = value == code and isinstance(value, bool) == isinstance(code, bool)
    return TRUE if same else FALSE


def in_period(value: Seen, period: str) -> Mask:
    """Whether an interval reaches into a period; an end that is not known leaves it open."""
    if not isinstance(value, Stretch) or period not in PERIODS:
        return UNKNOWN
    index = PERIODS.index(period) + 1
    begins = PERIOD_STARTS[period]
    ends = PERIOD_STARTS[PERIODS[index]] if index < len(PERIODS) else float("inf")
    before_it_ends = _below(value.start, Range(ends, ends), False)
    if value.end is None:
        return before_it_ends
    return AND[before_it_ends][_below(Range(begins, begins), value.end, False)]
