"""What raters reach whose ratings have nothing to do with each other: the chance line.

Their habits stay (how often each used which value), and what they saw is taken away. What is to
expect is arithmetic; how far luck carries is found by shuffling, from a fixed seed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, combinations
from math import ceil, sqrt
from operator import mul
from random import Random
from typing import Final, cast

from nmt_intake.rehearsal.agreement.reliability import (
    Number,
    Points,
    Squares,
    Tally,
    points_of,
    tally,
    unrelated_square,
)

SEED: Final = 1979
SHUFFLES: Final = 400
_FEWEST_SHUFFLES: Final = 100
_SHUFFLED_RATINGS: Final = 80_000  # about 40 ms a block
_LAST: Final = 10**30  # beyond every rating: where a missing one sorts


def expected_squares(of: Tally) -> Squares:
    """Return the sums of squared differences to expect of unrelated raters, by unit size."""
    together = {pair for pattern in of.patterns for pair in combinations(pattern, 2)}
    apart = {pair: unrelated_square(of, *pair) for pair in together}
    sums: dict[int, Fraction] = {}
    for pattern, times in of.patterns.items():
        square = sum((apart[pair] for pair in combinations(pattern, 2)), Fraction(0))
        sums[len(pattern)] = sums.get(len(pattern), Fraction(0)) + times * square
    return sums


def expected_points(of: Tally) -> Points:
    """Return exact, within one and mean difference to expect of unrelated raters."""
    together: Counter[tuple[int, int]] = Counter()
    for pattern, times in of.patterns.items():
        for pair in combinations(pattern, 2):
            together[pair] += times
    sums = [Fraction(0)] * 3
    for (g, h), times in together.items():
        for at, share in enumerate(_unrelated(of.habits[g], of.habits[h], of.one)):
            sums[at] += times * share
    return Points(*(total / of.pairs for total in sums))


def _unrelated(
    first: Counter[int], second: Counter[int], one: int
) -> tuple[Fraction, Fraction, Fraction]:
    values = sorted(second)
    counts = [0, *accumulate(second[value] for value in values)]
    sums = [0, *accumulate(second[value] * value for value in values)]
    exact = near = distance = 0
    for value, times in first.items():
        exact += times * second.get(value, 0)
        from_, to = bisect_left(values, value - one), bisect_right(values, value + one)
        near += times * (counts[to] - counts[from_])
        at = bisect_left(values, value)
        below, above = value * counts[at] - sums[at], sums[-1] - sums[at]
        distance += times * (below + above - value * (counts[-1] - counts[at]))
    number = sum(first.values()) * counts[-1]
    return Fraction(exact, number), Fraction(near, number), Fraction(distance, number * one)


@dataclass(frozen=True, slots=True)
class Luck:
    """Shuffles of a tally: `sample` is what was shuffled, each draw its points and squares."""

    sample: Tally
    draws: tuple[tuple[Points, Squares], ...]
    reach: float

    def best_of_twenty(
        self, figure: Callable[[Points, Squares], Number | None], expected: Number | None
    ) -> float | None:
        """Return what one shuffle in twenty reaches or passes, of a figure that is to be high.

        The tally may be larger than its sample: the distance from the sample's expectation is
        then made smaller by the square root of the sizes.
        """
        found = [figure(*draw) for draw in self.draws]
        reached = sorted(float(value) for value in found if value is not None)
        centre = figure(expected_points(self.sample), expected_squares(self.sample))
        if expected is None or centre is None or not reached:
            return None
        beyond = reached[ceil(0.95 * len(reached)) - 1] - float(centre)
        return float(expected) + self.reach * beyond


def shuffled(of: Tally, seed: int = SEED) -> Luck:
    """Return shuffles of `of`: each rater's own ratings, dealt anew to the units they rated.

    The same on every machine: `Random.random` is promised not to change between versions of
    Python, and the rest is arithmetic on whole numbers; units and raters are first brought
    into an order of their own, so that neither the order of files nor of rows matters.
    """
    sample = _sample(of)
    rows = sample.rows
    columns = [[row[g] for row in rows] for g in range(sample.raters)]
    places = [[i for i, value in enumerate(column) if value is not None] for column in columns]
    sizes = [sum(value is not None for value in row) for row in rows]
    together: dict[tuple[int, int, int], list[int]] = {}
    for g, h in combinations(range(sample.raters), 2):
        for i, row in enumerate(rows):
            if row[g] is not None and row[h] is not None:
                together.setdefault((g, h, sizes[i]), []).append(i)
    cells = sum(map(len, places))
    times = max(_FEWEST_SHUFFLES, min(SHUFFLES, _SHUFFLED_RATINGS // max(1, cells)))
    chance = Random(seed).random
    draws: list[tuple[Points, Squares]] = []
    for _ in range(times):
        for column, held in zip(columns, places, strict=True):
            _deal(column, held, chance)
        draws.append(_drawn(sample, columns, together))
    reach = sqrt(sum(sample.sizes.values()) / sum(of.sizes.values()))
    return Luck(sample, tuple(draws), reach)


def _sample(of: Tally) -> Tally:
    """Return the tally with units and raters in order, thinned evenly if it is large."""
    by_habit = sorted(range(of.raters), key=lambda g: sorted(of.habits[g].items()))
    rows = [tuple(row[g] for g in by_habit) for row in of.rows]
    rows.sort(key=lambda row: tuple(_LAST if value is None else value for value in row))
    most = max(20, _SHUFFLED_RATINGS // (_FEWEST_SHUFFLES * of.raters))
    every = max(1, -(-len(rows) // most))
    return tally(rows[every // 2 :: every], of.one)


def _deal(column: list[int | None], held: list[int], chance: Callable[[], float]):
    """Shuffle what stands at the places `held` (Fisher and Yates)."""
    for last in range(len(held) - 1, 0, -1):
        i, j = held[last], held[int(chance() * (last + 1))]
        column[i], column[j] = column[j], column[i]


def _drawn(
    of: Tally,
    columns: list[list[int | None]],
    together: Mapping[tuple[int, int, int], list[int]],
) -> tuple[Points, Squares]:
    apart: list[int] = []
    squares: dict[int, int] = {}
    for (g, h, size), places in together.items():
        first = cast("list[int]", columns[g])
        second = cast("list[int]", columns[h])
        differences = [first[i] - second[i] for i in places]
        apart += differences
        squares[size] = squares.get(size, 0) + sum(map(mul, differences, differences))
    points = points_of(Counter(apart), of.one)
    return points or Points(0, 0, 0), squares
