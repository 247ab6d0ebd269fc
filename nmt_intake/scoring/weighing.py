"""What answers weigh in a rating, and what facts of the time line bear on it.

Two readings of an interview that `suggest` puts together: the points that the answers of one
rating add up to, and the facts that set bounds whatever the impressions say. A row of the time
line (who cared, which home, what happened) bears on a period by overlap: surely where its ages
surely reach into it, perhaps where they may.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from math import inf
from typing import Final, cast

from nmt_intake.bank.amounts import alternatives, in_period
from nmt_intake.bank.model import FactRule, Rating, Sign
from nmt_intake.bank.truth import (
    FALSE,
    TRUE,
    Answers,
    Possible,
    Range,
    State,
    Stretch,
    Truth,
    Value,
)
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import seen_by_conditions
from nmt_intake.vocabulary import PERIOD_STARTS, PERIODS

MOST_POINTS: Final = 11.0
_LASTING: Final = 1 / 3


@dataclass(frozen=True, slots=True)
class Weight:
    """What the answers of a rating add up to, from 0 (as good as can be) to 11.

    `sure`: the first sign, which the others only bear out, is known.
    """

    low: float
    high: float
    sure: bool


@dataclass(frozen=True, slots=True)
class FactRead:
    """A fact that bears on a rating: surely, or perhaps (None), who told it, how many rows fit.

    `slots` are those where it was told; `tellers` the ids of informants.
    """

    rule: FactRule
    truth: Truth
    tellers: tuple[str, ...]
    slots: tuple[str, ...]
    rows: int = 0


def weight_of(interview: Interview, rating: Rating, prefix: str) -> Weight | None:
    """Return what the answers of a rating weigh; None where nothing of it was asked or said."""
    seen = interview.seen
    spans = [span_of(sign, seen, prefix) for sign in rating.points]
    open_ = [span for span in spans if span is not None]
    if not open_:
        return None
    if spans[0] is None and not any(
        s.when and x for s, x in zip(rating.points, spans, strict=True)
    ):
        # What the others bear out was not asked: it may be anything.
        gate = rating.points[0].points.values()
        open_.append((min(0.0, *gate), max(0.0, *gate), True))
    low, high = (sum(each[end] for each in open_) for end in (0, 1))
    first = spans[0] is not None and not spans[0][2]
    sure = first or not any(unknown for _, _, unknown in open_)
    return Weight(_bounded(low), _bounded(high), sure)


def _bounded(points: float) -> float:
    return min(max(points, 0.0), MOST_POINTS)


def span_of(sign: Sign, seen: Answers, prefix: str) -> tuple[float, float, bool] | None:
    """Return the least and the most that a sign may weigh, and whether that is not known.

    None where it is closed: then it says nothing.
    """
    least, most = (pick(0.0, *sign.points.values()) for pick in (min, max))
    if sign.when is not None:
        state = sign.when.state(seen, prefix)
        points = sign.points["true"]
        if state is State.OPEN:
            return points, points, False
        return None if state is State.CLOSED else (least, most, True)
    slot = sign.question if sign.once else prefix + sign.question
    state = seen.states.get(slot, State.OPEN)
    if state is State.CLOSED:
        return None
    value = seen.values.get(slot)
    if value is None or state is State.PENDING:
        return least, most, True
    found = [_points(sign, each) for each in alternatives(value)]
    if state is State.DISPUTED:
        found.append(0.0)
    return min(found), max(found), False


def _points(sign: Sign, value: object) -> float:
    """Return what one answer weighs: of several choices the heaviest."""
    if isinstance(value, tuple):
        codes = cast("tuple[object, ...]", value)
        return max((_points(sign, each) for each in codes), default=0.0)
    code = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    return sign.points.get(code, 0.0)


def borne_out(interview: Interview, rating: Rating, prefix: str, read: Iterable[FactRead]) -> bool:
    """Whether more than one source tells of it: two tellers, or somebody who read it in a file."""
    tellers: set[str] = set()
    for sign in rating.points:
        if sign.when is not None:
            continue
        slot = sign.question if sign.once else prefix + sign.question
        question = interview.question(slot)
        for given in interview.answers(slot) if question else ():
            seen = seen_by_conditions(question, given.value) if question else None
            if _points(sign, seen) > 0:
                tellers.add(given.informant or "")
                if given.basis == "read":
                    tellers.add("a file")
    sure = chain.from_iterable(each.tellers for each in read if each.truth is True)
    return len(tellers.union(sure)) > 1


def facts_of(interview: Interview, rating: Rating, period: str) -> tuple[FactRead, ...]:
    """Return the facts that surely or perhaps bear on a rating, in the order of the rules."""
    return tuple(_facts(interview, rating, period))


def _facts(interview: Interview, rating: Rating, period: str) -> Iterator[FactRead]:
    seen = interview.seen
    prefix = f"{period}/" if period else ""
    for rule in rating.facts:
        if rule.periods and period not in rule.periods:
            continue
        if rule.each is None:
            truth = rule.when(seen, prefix) if rule.when else True
            if truth is not False and (truth is True or _is_told(interview, rule, prefix)):
                yield FactRead(rule, truth, *_told(interview, _slots(rule, prefix)))
            continue
        rows = {row: bears(rule, seen, f"{row}/", period) for row in interview.instances(rule.each)}
        sure = [row for row, truth in rows.items() if truth is True]
        maybe = [row for row, truth in rows.items() if truth is not False]
        if len(maybe) < rule.count:
            continue
        truth = True if len(sure) >= rule.count else None
        slots = (slot for row in maybe for slot in _slots(rule, f"{row}/"))
        yield FactRead(rule, truth, *_told(interview, slots), len(sure if truth else maybe))


def _is_told(interview: Interview, rule: FactRule, prefix: str) -> bool:
    """Whether something of it was said, so that it is undecided and not just not asked yet."""
    return any(interview.answers(slot) for slot in _slots(rule, prefix))


def bears(rule: FactRule, seen: Answers, prefix: str, period: str) -> Truth:
    """Whether a row fits the rule and overlaps the period (any time, for a rating of today)."""
    fits = rule.when(seen, prefix) if rule.when else True
    if fits is False or not period:
        return fits
    slot = prefix + rule.during
    value: Value = seen.values.get(slot)
    if value is None or seen.states.get(slot, State.OPEN) is not State.OPEN:
        return None
    return _both(fits, overlaps(value, period, seen.facts.get("client.age_months"), rule.lasting))


def overlaps(value: Value, period: str, now: Value, lasting: bool = False) -> Truth:
    """Whether an interval reaches into a period: surely, surely not, or perhaps (None).

    What ends in the month in which a period begins is of the period before. `lasting` asks for a
    good part of the period, or of what happened: a third (ours).
    """
    each = alternatives(value)
    masks = {in_period(one, period) for one in each}
    truth = True if masks == {TRUE} else False if masks == {FALSE} else None
    if truth and lasting:
        parts = {_part(one, period, now) >= _LASTING for one in each if isinstance(one, Stretch)}
        return parts.pop() if len(parts) == 1 else None
    return truth


def _part(stretch: Stretch, period: str, now: Value) -> float:
    """Return how much of a period, or of a stretch if that is shorter, the two have in common."""
    place = PERIODS.index(period)
    begins = PERIOD_STARTS[period]
    ends = PERIOD_STARTS[PERIODS[place + 1]] if place + 1 < len(PERIODS) else inf
    start = _middle(stretch.start)
    end = _middle(stretch.end) if stretch.end else _middle(now) or start
    if start is None or end is None:
        return 0.0
    shorter = min(end - start, ends - begins)
    return (min(end, ends) - max(start, begins)) / shorter if shorter > 0 else 1.0


def _middle(age: object) -> float | None:
    if isinstance(age, Possible):
        return _middle(age.values[len(age.values) // 2])
    if isinstance(age, Range):
        ends = [end for end in (age.low, age.high) if end is not None]
        return sum(ends) / len(ends) if ends else None
    return float(age) if isinstance(age, int | float) else None


def _both(one: Truth, other: Truth) -> Truth:
    if one is False or other is False:
        return False
    return True if one and other else None


def _slots(rule: FactRule, prefix: str) -> Iterator[str]:
    for name, reach in rule.when.reads if rule.when else ():
        yield name if reach == "once" else prefix + name
    if rule.during:
        yield prefix + rule.during


def _told(interview: Interview, slots: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who told what stands in these slots, and where something stands, each once."""
    said = {slot: interview.answers(slot) for slot in slots}
    tellers = dict.fromkeys(given.informant or "" for each in said.values() for given in each)
    return tuple(tellers), tuple(slot for slot, given in said.items() if given)


__all__ = [
    "FactRead",
    "Weight",
    "bears",
    "borne_out",
    "facts_of",
    "overlaps",
    "span_of",
    "weight_of",
]
