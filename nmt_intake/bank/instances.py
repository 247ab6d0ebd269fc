"""What goes over all entries of a kind, or all periods: any, all, how many, sums, gaps.

A closed instance is no member. Instances that are all closed leave nothing to read: void.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Final, TypeAlias

from nmt_intake.bank.amounts import (
    NOTHING,
    Seen,
    alternatives,
    as_range,
    bounded,
    days_meant,
    exact_number,
    holds_code,
    in_period,
    is_number,
    range_result,
    union_of,
)
from nmt_intake.bank.truth import (
    FALSE,
    TRUE,
    UNKNOWN,
    VOID,
    Answers,
    Mask,
    Possible,
    Range,
    Scalar,
    State,
    Stretch,
)

Evaluator: TypeAlias = Callable[[Answers, str], Seen]
Weigher: TypeAlias = Callable[[Answers, str], Mask]


# What a member of an aggregate may be, as for `truth`; VOID: it is no member.
def _members(answers: Answers, question: str, loop: str, code: Scalar) -> Iterator[Mask]:
    values, states = answers.values, answers.states
    for prefix in answers.prefixes.get(loop, ()):
        slot = prefix + question
        state = states.get(slot)
        if state is State.CLOSED:
            yield VOID
            continue
        mask = holds_code(values.get(slot), code)
        yield mask if state is State.OPEN or state is None else mask | VOID


def over_instances(ends: tuple[Mask, Mask], question: str, loop: str, code: Scalar) -> Weigher:
    """`any_of` is the `or` and `all_of` the `and` of the members; a closed instance is none.

    Instances that are all closed leave nothing to read: void. Without any instance it is not
    decided until the loop is said to be complete; then nobody is, and so all are.
    """
    wins, loses = ends

    def over(answers: Answers, _prefix: str) -> Mask:
        if not answers.prefixes.get(loop):
            return loses if loop in answers.complete else UNKNOWN
        found, all_may_be_void = 0, True
        for mask in _members(answers, question, loop, code):
            if mask == wins:
                return wins
            found |= mask
            all_may_be_void = all_may_be_void and bool(mask & VOID)
        return found if all_may_be_void else found & ~VOID

    return over


def count_over(question: str, loop: str, code: Scalar) -> Evaluator:
    """Count the members that hold a code: between those that surely do and those that may."""

    def count(answers: Answers, _prefix: str) -> Seen:
        if not answers.prefixes.get(loop):
            return 0 if loop in answers.complete else Range(0, None, whole=True)
        least = most = 0
        all_closed = True
        for mask in _members(answers, question, loop, code):
            all_closed = all_closed and mask == VOID
            least += mask == TRUE
            most += bool(mask & TRUE)
        if all_closed:
            return NOTHING
        return least if least == most else Possible(tuple(range(least, most + 1)))

    return count


def over_values(
    join: Callable[[Sequence[Seen], Answers], Seen], question: str, loop: str
) -> Evaluator:
    """Bring the values of all members together; one that is not known leaves it unknown.

    Without members there is nothing to compute, once all were named.
    """

    def of_all(answers: Answers, _prefix: str) -> Seen:
        prefixes = answers.prefixes.get(loop, ())
        if not prefixes:
            return NOTHING if loop in answers.complete else None
        found: list[Seen] = []
        for prefix in prefixes:
            slot = prefix + question
            state = answers.states.get(slot, State.OPEN)
            if state is State.CLOSED:
                continue
            value = answers.values.get(slot)
            if value is None or state is not State.OPEN or isinstance(value, Possible):
                return None
            found.append(value)
        return join(found, answers) if found else NOTHING

    return of_all


def _summed(values: Sequence[Seen], _answers: Answers) -> Seen:
    numbers = [exact_number(value) for value in values]
    if all(is_number(value) for value in numbers):
        return sum((Fraction(value) for value in numbers), Fraction(0))  # type: ignore[arg-type]
    found = as_range(numbers[0])
    for value in numbers[1:]:
        found = as_range(range_result("+", found, as_range(value)))
    return found


def _extreme(first: bool, read: Callable[[Seen], Range | None]) -> Callable[..., Seen]:
    """Return what picks the least (or greatest) of values, each as wide as it was told."""

    def extreme(values: Sequence[Seen], _answers: Answers) -> Seen:
        ranges = [read(value) for value in values]
        pick = min if first else max
        lows = [each.low if each else None for each in ranges]
        highs = [each.high if each else None for each in ranges]
        return bounded(
            None if None in lows else pick(each for each in lows if each is not None),
            None if None in highs else pick(each for each in highs if each is not None),
        )

    return extreme


def _covered(values: Sequence[Seen], answers: Answers) -> list[tuple[float, float]] | None:
    """Return the intervals as plain ages by start; None if an end is not known for sure."""
    now = as_range(answers.facts.get("client.age_months"))
    found: list[tuple[float, float]] = []
    for value in values:
        if not isinstance(value, Stretch):
            return None
        end = value.end or now
        start, last = _one(value.start), _one(end) if end else None
        if start is None or last is None:
            return None
        found.append((start, last))
    return sorted(found)


def _one(end: Range) -> float | None:
    return end.low if end.low == end.high else None


def _gap(values: Sequence[Seen], answers: Answers) -> Seen:
    """Return the longest time in months, from first start to last end, that is in no stretch."""
    stretches = _covered(values, answers)
    if stretches is None:
        return None
    longest, covered = 0.0, stretches[0][1]
    for start, end in stretches[1:]:
        longest = max(longest, start - covered)
        covered = max(covered, end)
    return longest


def _overlap(values: Sequence[Seen], answers: Answers) -> Seen:
    """Return the longest time, in months, that lies in two stretches at once."""
    stretches = _covered(values, answers)
    if stretches is None:
        return None
    longest, covered = 0.0, stretches[0][1]
    for start, end in stretches[1:]:
        longest = max(longest, min(end, covered) - start)
        covered = max(covered, end)
    return longest


OVER_VALUES: Final[dict[str, Callable[[Sequence[Seen], Answers], Seen]]] = {
    "sum_of": _summed,
    "min_of": _extreme(True, as_range),
    "max_of": _extreme(False, as_range),
    "earliest": _extreme(True, days_meant),
    "latest": _extreme(False, days_meant),
    "gap_months": _gap,
    "overlap_months": _overlap,
}


def any_during(question: str, loop: str, period: str) -> Weigher:
    """Whether the interval of one member reaches into a period."""

    def during_one(answers: Answers, prefix: str) -> Mask:
        prefixes = answers.prefixes.get(loop, ())
        if not prefixes:
            return FALSE if loop in answers.complete else UNKNOWN
        found, all_may_be_void = 0, True
        for each in prefixes:
            state = answers.states.get(each + question, State.OPEN)
            if state is State.CLOSED:
                found |= VOID
                continue
            value = answers.values.get(each + question)
            mask = union_of(in_period(one, period or prefix[:-1]) for one in alternatives(value))
            if state is State.OPEN:
                all_may_be_void = False
                if mask == TRUE:
                    return TRUE
            else:
                mask |= VOID
            found |= mask
        return found if all_may_be_void else found & ~VOID

    return during_one
