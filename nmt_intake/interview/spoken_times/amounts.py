"""What a told number means: counts, frequencies, durations and hours, both ends included.

Every width here is this project's own judgement (see .readme/times.md).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from nmt_intake.interview.spoken_times.context import Context
from nmt_intake.interview.spoken_times.phrases import (
    IN_MONTHS,
    Amount,
    Between,
    Clock,
    Node,
    Said,
)
from nmt_intake.interview.spoken_times.results import Number, Unclear

_READINGS: Final = (
    *("near", "near_after", "doubt", "at_least", "up_to", "by_suffix", "fewer_than"),
    *("more_than", "well_over", "nearly", "just_over", "over", "something", "bit", "just"),
    *("still", "before", "after", "minus", "exact"),
)
_WIDENS: Final = frozenset({"near", "near_after", "doubt"})
_SAYS_NOTHING: Final = frozenset({"just", "still", "exact"})
_ALIKE: Final = {
    "by_suffix": "up_to",
    "just_over": "over",
    "something": "odd",
    "bit": "over",
    "before": "fewer_than",
    "well_over": "more_than",
    "after": "more_than",
}
_MOST: Final = {"year": 1500 / 12, "month": 1500, "week": 6500, "day": 46000, "hour": 1e6}
# A longer unit in shorter ones, where both are told in one range.
_FINE: Final = {
    ("hour", "minute"): 60,
    ("day", "hour"): 24,
    ("week", "day"): 7,
    ("year", "month"): 12,
}
_PLURAL: Final = {each: each + "s" for each in ("year", "month", "week", "day", "hour", "minute")}


def _taken(said: Said) -> tuple[bool, str | None]:
    """Return whether a number is widened and the one word of bound; raises `Unclear`."""
    widened, bounds = False, set[str]()
    for mod in said.mods:
        role = next((each for each in _READINGS if each in mod), None)
        if role is None:
            raise Unclear("too_vague")
        if role in _WIDENS:
            widened = True
        elif role not in _SAYS_NOTHING:
            bounds.add(_ALIKE.get(role, role))
    if len(bounds) > 1:
        raise Unclear("two_times")
    if "minus" in bounds:
        raise Unclear("impossible")
    return widened, next(iter(bounds), None)


def _ends(amount: Amount, said: Said, margin: float, about: float) -> tuple[float, float | None]:
    """Return the ends of a number: `margin` either side as told, `about` where it is widened."""
    widened, bound = _taken(said)
    low, high = amount.low + amount.rest, amount.high + amount.rest
    match bound:
        case None:
            pass
        case "at_least":
            return low, None
        case "up_to" | "fewer_than":
            return 0, high
        case "more_than":
            return low, None
        case "nearly":
            return max(0.0, low - 1), low
        case "odd":
            return low, high + _next_step(amount)
        case _:
            return low, high + 1
    if amount.few or amount.exact:
        return low, high
    side = about if widened else margin
    return max(0.0, low - side), high + side


def _next_step(amount: Amount) -> float:
    """Return how far it is to the next number: "thirty odd" may be 39."""
    return 10 if amount.low >= 20 and amount.low % 10 == 0 else 1


def about_count(number: float) -> tuple[float, float]:
    """Return what "about N" means: one either side up to 6, a quarter from 7 on, outwards."""
    if number <= 6:
        return max(0.0, number - 1), number + 1
    return float(math.floor(number * 0.75)), float(math.ceil(number * 1.25))


def duration(node: Node, context: Context) -> Number:
    """Return a duration in the unit it was told in; raises `Unclear`."""
    if isinstance(node, Between):
        one, other = node.first.core, node.second.core
        if not isinstance(one, Amount) or not isinstance(other, Amount):
            raise Unclear("too_vague")
        one, other = _unit(one, context), _unit(other, context)
        if any(_taken(each)[1] for each in (node.first, node.second)):
            raise Unclear("two_times")
        one, other = _finest(one, other)
        low, high = one.low + one.rest + one.coarse, other.high + other.rest + other.coarse
        if low >= high:
            raise Unclear("two_times")
        return _sized(low, high, str(one.unit))
    amount = node.core
    if not isinstance(amount, Amount):
        raise Unclear("too_vague")
    amount = _unit(amount, context)
    if amount.coarse:
        if amount.unit not in ("month", "minute", "day"):
            raise Unclear("too_vague")
        coarse = amount.coarse * 30.4375 if amount.unit == "day" else amount.coarse
        if amount.unit == "day" and round(coarse, 3) != round(coarse):
            raise Unclear("too_vague")  # a month is no whole number of days
        total = round(coarse) + amount.low
        amount = replace(amount, low=total, high=total, coarse=0.0)
    low, high = _duration(amount, node)
    return _sized(low, high, str(amount.unit))


def _duration(amount: Amount, said: Said) -> tuple[float, float | None]:
    widened, bound = _taken(said)
    if widened and bound is None and not amount.few and not amount.exact:
        if amount.rest:
            return max(0.0, amount.low + amount.rest - 1), amount.high + amount.rest + 1
        return about_count(amount.low)
    return _ends(amount, said, 0.25 if amount.rest else 0.5, 1)


def duration_in_months(amount: Amount, said: Said) -> tuple[float, float]:
    """Return the least and most months that a duration is; raises `Unclear` for an open one."""
    if amount.unit not in ("year", "month", "week", "day"):
        raise Unclear("too_vague")
    scale = IN_MONTHS[str(amount.unit)]
    low, high = _duration(amount, said)
    if high is None:
        raise Unclear("too_vague")
    return low * scale + amount.coarse, high * scale + amount.coarse


def _unit(amount: Amount, context: Context) -> Amount:
    if amount.unit is not None:
        return amount
    if context.unit is None or amount.times:
        raise Unclear("unit")
    return replace(amount, unit=context.unit)


def _finest(one: Amount, other: Amount) -> tuple[Amount, Amount]:
    if one.unit == other.unit:
        return one, other
    for coarse, fine in _FINE:
        times = _FINE[coarse, fine]
        if (one.unit, other.unit) == (coarse, fine):
            return _in(one, times, fine), other
        if (other.unit, one.unit) == (coarse, fine):
            return one, _in(other, times, fine)
    raise Unclear("too_vague")


def _in(amount: Amount, times: int, unit: str) -> Amount:
    low, high = (amount.low + amount.rest) * times, (amount.high + amount.rest) * times
    return replace(amount, low=low, high=high, rest=0.0, unit=unit)


def _sized(low: float, high: float | None, unit: str) -> Number:
    if low > _MOST.get(unit, 1e7):
        raise Unclear("impossible")
    return Number(low, high, _PLURAL[unit])


def count(node: Node, per: str | None) -> Number:
    """Return a whole number of times; raises `Unclear`."""
    if isinstance(node, Between):
        one, other = node.first.core, node.second.core
        if not isinstance(one, Amount) or not isinstance(other, Amount):
            raise Unclear("too_vague")
        if any(_taken(each)[1] for each in (node.first, node.second)):
            raise Unclear("two_times")
        low, high = one.low, other.high
        if low >= high or one.rest or other.rest:
            raise Unclear("two_times")
        return Number(low, high, per=per)
    amount = node.core
    if not isinstance(amount, Amount) or amount.rest:
        raise Unclear("too_vague")
    widened, bound = _taken(node)
    match bound:
        case None if widened and not amount.few:
            low, high = about_count(amount.low)
            return Number(low, high, per=per)
        case None:
            return Number(amount.low, amount.high, per=per)
        case "fewer_than":
            # Less than once a month may be once in two: not none.
            return Number(0, amount.high if per else max(0.0, amount.low - 1), per=per)
        case "more_than":
            return Number(amount.low + 1 if not amount.few else amount.low, None, per=per)
        case "over" | "odd":
            return Number(amount.low, None, per=per)
        case _:
            low, high = _ends(amount, node, 0, 1)
            return Number(low, high, per=per)


def hours(node: Node, context: Context) -> Number:
    """Return hours in a day; raises `Unclear`."""
    if isinstance(node, Between):
        one, other = _in_hours(node.first), _in_hours(node.second)
        if any(_taken(each)[1] for each in (node.first, node.second)):
            raise Unclear("two_times")
        low, high = one.low + one.rest, other.high + other.rest
        if low >= high:
            raise Unclear("part_of_day")
        return _in_a_day(low, high)
    amount = _in_hours(node)
    about = 0.5 if amount.low + amount.rest < 2 else 1.0
    low, high = _ends(amount, node, 0.25 if amount.rest else 0.5, about)
    return _in_a_day(low, high)


def _in_hours(said: Said) -> Amount:
    amount = said.core
    if not isinstance(amount, Amount) or amount.times:
        raise Unclear("too_vague")
    match amount.unit:
        case None | "hour":
            return amount
        case "minute":
            total = (amount.coarse + amount.low) / 60
            return Amount(int(total), int(total), "hour", total - int(total))
        case _:
            raise Unclear("too_vague")


def _in_a_day(low: float, high: float | None) -> Number:
    if low > 24 or (high is not None and low >= 24):
        raise Unclear("impossible")
    return Number(low, None if high is None else min(high, 24.0))


# Judgement: when a night and a nap begin and end, as hours of a clock of twelve.
_BEGINS: Final = {"sleep": (range(5, 12), range(0, 0)), "nap": (range(12, 19), range(7, 12))}


def between_clocks(
    clocks: Sequence[tuple[int, str | None]], topic: str | None, wide: bool
) -> Number:
    """Return the hours from one clock time to another, (minutes, half) each; raises `Unclear`."""
    (start, half), (end, other) = clocks
    start = start if half == "24" else _resolved(start, topic, begins=True)
    end = end if other == "24" else _resolved(end, topic, begins=False)
    length = (end - start) % 1440 / 60
    side = 1.0 if wide else 0.5
    if not length:
        raise Unclear("part_of_day")
    return Number(max(0.0, length - side), min(24.0, length + side))


def _resolved(minutes: int, topic: str | None, *, begins: bool) -> int:
    """Return the one time of day that a clock of twelve hours means here."""
    hour = minutes // 60 % 12 or 12
    minute = minutes % 60
    if topic == "sleep" and begins and 5 <= hour <= 12:
        return (hour % 12 + (12 if hour < 12 else 0)) * 60 + minute
    if topic == "sleep" and not begins and 3 <= hour <= 11:
        return hour * 60 + minute
    if topic == "nap":
        if hour == 12 or hour <= 6:
            return (hour % 12 + 12) * 60 + minute
        if hour >= 8:
            return hour * 60 + minute
    raise Unclear("part_of_day")


__all__ = [
    "Clock",
    "about_count",
    "between_clocks",
    "count",
    "duration",
    "duration_in_months",
    "hours",
]
