"""Exact figures and their way to JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

Json: TypeAlias = "int | float | str | Sequence[Json] | Mapping[str, Json] | None"


def number(value: Fraction | None) -> int | float | None:
    """Return `value` as JSON has it: whole numbers as integers, others at full precision."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


@dataclass(frozen=True, slots=True)
class Interval:
    """What a figure can be: lowest, centre (None where nothing speaks for one) and highest.

    Every way to rate what is unrated lands within [low, high]. The centre need not: it follows
    the rated items alone, and these can promise more or less than the others are able to reach.
    """

    low: Fraction
    mid: Fraction | None
    high: Fraction

    @property
    def holds_mid(self) -> bool:
        """Whether some completion could give the centre; False also where there is none."""
        return self.mid is not None and self.low <= self.mid <= self.high

    def times(self, factor: Fraction) -> Interval:
        """Return the interval with all three figures multiplied by a `factor` above zero."""
        mid = None if self.mid is None else self.mid * factor
        return Interval(self.low * factor, mid, self.high * factor)

    def as_json(self) -> Mapping[str, Json]:
        """Return the three figures under the keys of the metrics contract."""
        return {"low": number(self.low), "mid": number(self.mid), "high": number(self.high)}
