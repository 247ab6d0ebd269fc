"""Differences between raters in points of the scale: bias, limits of agreement, drift.

All of it says how far, not how well: a difference of two points is two points, however varied
the profile is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import fsum, sqrt
from typing import Final

from nmt_intake.rehearsal.agreement.panel import MOST_PAIRED, Panel, RatedItem
from nmt_intake.rehearsal.agreement.quantiles import t_quantile
from nmt_intake.rehearsal.agreement.reliability import (
    Interval,
    Number,
    kappa,
    tally_of_pair,
)
from nmt_intake.scoring import Json

FEWEST_ITEMS: Final = 10
FEWEST_CASES: Final = 5

_MOST_LISTED: Final = 1_000
_NORMAL: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Minimum:
    """The fewest common items and the fewest cases with which figures are given."""

    items: int = FEWEST_ITEMS
    cases: int = FEWEST_CASES


@dataclass(frozen=True, slots=True)
class Missed:
    """A figure that is not there, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Bias:
    """How far a rater lies above (or below) the mean of the others, in points of the scale.

    The interval is over items or, from five cases on, over cases, as `over` says: items of one
    case are not independent of each other.
    """

    rater: str
    over: str
    points: Interval

    def as_json(self) -> Mapping[str, Json]:
        """Return the bias as `agree` prints it."""
        return {"rater": self.rater, "over": self.over, **interval_as_json(self.points)}


def biases(
    name: str,
    items: Sequence[RatedItem],
    panel: Panel,
    least: Minimum,
    missed: list[Missed],
) -> tuple[Bias, ...]:
    """Return each rater's bias over `items`; what has no interval is added to `missed`."""
    found: list[Bias] = []
    for rater, apart in zip(panel.raters, _from_the_others(items, panel), strict=True):
        by_case = panel.rows_are_cases or len(apart) >= least.cases
        values = [mean(case) for case in apart.values()] if by_case else _flat(apart.values())
        points = _mean_interval(values)
        if values and points.low is None:
            why = "no variance: the rater lies equally far from the others everywhere"
            missed.append(Missed(f"{name}.bias.{rater}.interval", why))
        found.append(Bias(rater, "cases" if by_case else "items", points))
    return tuple(found)


def _from_the_others(items: Iterable[RatedItem], panel: Panel) -> list[dict[str, list[float]]]:
    """Return, for each rater, by case how far each rating lies from the mean of the others'."""
    apart: list[dict[str, list[float]]] = [{} for _ in panel.raters]
    one = panel.scale.one
    for item in items:
        given = [rating for rating in item.ratings if rating is not None]
        size = len(given)
        if size < 2:
            continue
        total, share = sum(given), (size - 1) * one
        for g, rating in enumerate(item.ratings):
            if rating is not None:
                points = (size * rating - total) / share
                apart[g].setdefault(item.case, []).append(points)
    return apart


def _flat(lists: Iterable[list[float]]) -> list[float]:
    return [value for values in lists for value in values]


def mean(values: Sequence[float]) -> float:
    """Return the mean of some values, the same in every order."""
    return fsum(values) / len(values)


def standard_deviation(values: Sequence[float]) -> float:
    """Return the standard deviation of a sample of two values or more."""
    centre = mean(values)
    return sqrt(fsum((value - centre) ** 2 for value in values) / (len(values) - 1))


def _mean_interval(values: Sequence[float]) -> Interval:
    if not values:
        return Interval(None, None, None)
    centre = mean(values)
    if len(values) < 2 or min(values) == max(values):
        return Interval(centre, None, None)
    reach = t_quantile(0.975, len(values) - 1) * standard_deviation(values) / sqrt(len(values))
    return Interval(centre, centre - reach, centre + reach)


def limits_of_sums(
    panel: Panel, domain_of: Mapping[str, str], least: Minimum, missed: list[Missed]
) -> tuple[Mapping[str, Json], ...]:
    """Return each sum's limits of agreement (Bland & Altman 1986, 1999) for each two raters.

    Over the cases in which both have rated every item of the sum: a sum of fewer items is
    another measure. With fewer cases than the minimum there is the difference and no limits.
    """
    if len(panel.raters) > MOST_PAIRED:
        return ()
    found = [
        _limits(name, cases, panel, pair, least)
        for name, cases in _summed(panel, domain_of).items()
        for pair in combinations(range(len(panel.raters)), 2)
    ]
    told = [limits for limits in found if limits["cases"] or limits["incomplete_cases"]]
    without = sum(limits["low"] is None for limits in told)
    if without:
        why = f"needs more cases with every item rated by both, at least {least.cases}"
        missed.append(Missed(f"sums.limits ({without} of {len(told)})", why))
    return tuple(told)


_Cases = dict[str, list[tuple[int | None, ...]]]


def _summed(panel: Panel, domain_of: Mapping[str, str]) -> dict[str, _Cases]:
    """Return, for each sum, what was rated of it by case."""
    sums: dict[str, _Cases] = {}
    for item in panel.items:
        names = [".".join(filter(None, (item.part, item.period))) or "table"]
        if item.part == "functions" and item.item in domain_of:
            names.append(f"functions.{domain_of[item.item]}")
        for name in names:
            sums.setdefault(name, {}).setdefault(item.case, []).append(item.ratings)
    return sums


def _limits(
    name: str, cases: _Cases, panel: Panel, pair: tuple[int, int], least: Minimum
) -> dict[str, Json]:
    g, h = pair
    whole: list[float] = []
    partly = 0
    for rated in cases.values():
        apart = [a - b for row in rated if (a := row[g]) is not None and (b := row[h]) is not None]
        if len(apart) == len(rated):
            whole.append(sum(apart) / panel.scale.one)
        elif apart:
            partly += 1
    told: dict[str, Json] = {
        "sum": name,
        "raters": [panel.raters[g], panel.raters[h]],
        "cases": len(whole),
        "incomplete_cases": partly,
        "mean_difference": mean(whole) if whole else None,
    }
    keys = ("deviation", "low", "high", "low_interval", "high_interval")
    if len(whole) < least.cases:
        return {**told, **dict.fromkeys(keys)}
    centre, deviation = mean(whole), standard_deviation(whole)
    low, high = centre - _NORMAL * deviation, centre + _NORMAL * deviation
    # The standard error of a limit is about the root of 3 s^2 / n (Bland & Altman 1986).
    reach = t_quantile(0.975, len(whole) - 1) * deviation * sqrt(3 / len(whole))
    figures = (deviation, low, high, [low - reach, low + reach], [high - reach, high + reach])
    return {**told, **dict(zip(keys, figures, strict=True))}


def drifts(panel: Panel, least: Minimum, missed: list[Missed]) -> tuple[Mapping[str, Json], ...]:
    """Return how each rater's distance from the others changes from case to case.

    The slope is in points per case (or, with a time column, per day or session), by least
    squares over the cases' means, with its 95 % interval.
    """
    if len(panel.cases) < least.cases:
        why = f"needs more cases: {len(panel.cases)}, at least {least.cases}"
        missed.append(Missed("drift", why))
        return ()
    found: list[Mapping[str, Json]] = []
    for rater, apart in zip(panel.raters, _from_the_others(panel.items, panel), strict=True):
        at = {case: float(n) for n, case in enumerate(panel.cases)}
        when = panel.times or at
        points = [(when[case], mean(apart[case])) for case in panel.cases if case in apart]
        slope = _slope(points) if len(points) >= least.cases else Interval(None, None, None)
        if slope.value is None:
            why = f"needs {least.cases} cases at different times, rated by others too"
            missed.append(Missed(f"drift.{rater}", why))
        half = len(points) // 2
        ends = [
            mean([y for _, y in part]) if part else None for part in (points[:half], points[half:])
        ]
        found.append(
            {
                "rater": rater,
                "cases": len(points),
                "per": "case" if panel.times is None else "unit of time",
                **interval_as_json(slope),
                "first_half": ends[0],
                "second_half": ends[1],
            }
        )
    return tuple(found)


def _slope(points: Sequence[tuple[float, float]]) -> Interval:
    n = len(points)
    x_mean, y_mean = mean([x for x, _ in points]), mean([y for _, y in points])
    over = fsum((x - x_mean) ** 2 for x, _ in points)
    if not over or n < 3:
        return Interval(None, None, None)
    slope = fsum((x - x_mean) * (y - y_mean) for x, y in points) / over
    rest = fsum((y - y_mean - slope * (x - x_mean)) ** 2 for x, y in points)
    if min(y for _, y in points) == max(y for _, y in points):
        return Interval(slope, None, None)
    reach = t_quantile(0.975, n - 2) * sqrt(rest / (n - 2) / over)
    return Interval(slope, slope - reach, slope + reach)


def interval_as_json(found: Interval) -> dict[str, Json]:
    """Return a figure and its interval under the keys of the contract."""
    return {"value": found.value, "low": found.low, "high": found.high}


def _place(item: RatedItem) -> str:
    return ".".join(word for word in (item.part, item.period, item.item) if word)


def grouped(items: Iterable[RatedItem]) -> dict[str, list[RatedItem]]:
    """Return the items by their place in a ratings file: each place once for each case."""
    groups: dict[str, list[RatedItem]] = {}
    for item in items:
        groups.setdefault(_place(item), []).append(item)
    return groups


def items_by_difference(panel: Panel) -> tuple[Mapping[str, Json], ...]:
    """Return the items that two or more have rated, the largest mean difference first.

    Ties stay in the order of the ratings file; of a large table the first thousand are told.
    """
    found: list[tuple[Fraction, int, list[RatedItem]]] = []
    for items in grouped(panel.items).values():
        apart = [
            abs(a - b)
            for item in items
            for a, b in combinations(item.ratings, 2)
            if a is not None and b is not None
        ]
        if apart:
            found.append((Fraction(sum(apart), len(apart) * panel.scale.one), len(apart), items))
    found.sort(key=lambda one: -float(one[0]))
    return tuple(_difference(*one, panel) for one in found[:_MOST_LISTED])


def _difference(
    apart: Fraction, pairs: int, items: Sequence[RatedItem], panel: Panel
) -> Mapping[str, Json]:
    first = items[0]
    told: dict[str, Json] = {
        "item": first.item,
        "part": first.part,
        "period": first.period,
        "place": _place(first),
        "difference": float(apart),
        "pairs": pairs,
    }
    if len(items) == 1:
        named = zip(panel.raters, first.ratings, strict=True)
        told["ratings"] = {rater: in_points(rating, panel) for rater, rating in named}
    return told


def pairs_of_raters(panel: Panel, least: Minimum) -> tuple[Mapping[str, Json], ...]:
    """Return the agreement of each two raters, where there are more than two."""
    if not 2 < len(panel.raters) <= MOST_PAIRED:
        return ()
    found: list[Mapping[str, Json]] = []
    columns = list(zip(*(item.ratings for item in panel.items), strict=True))
    for g, h in combinations(range(len(panel.raters)), 2):
        of = tally_of_pair(columns[g], columns[h], panel.scale.one)
        enough = of.units >= least.items
        exact, near, apart = of.points if of.points and enough else (None, None, None)
        found.append(
            {
                "raters": [panel.raters[g], panel.raters[h]],
                "items": of.units,
                "exact": plain(exact),
                "within_one": plain(near),
                "mean_difference": plain(apart),
                "kappa_quadratic": plain(kappa(of, of.squares)) if enough else None,
            }
        )
    return tuple(found)


def in_points(value: int | None, panel: Panel) -> int | float | None:
    """Return a rating in points of the scale, as a whole number where it is one."""
    if value is None:
        return None
    return value // panel.scale.one if value % panel.scale.one == 0 else value / panel.scale.one


def plain(value: Number | None) -> float | None:
    """Return an exact figure as JSON has it."""
    return None if value is None else float(value)
