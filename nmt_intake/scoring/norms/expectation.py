"""What rating is typical at an age: three ages a function, and the line between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar, Final

from pydantic import ConfigDict

from nmt_intake.scoring.norms.fields import LongLine, Months

RATING_AT_BIRTH: Final = 1
RATING_WHEN_SHOWN: Final = 3
RATING_WHEN_RELIABLE: Final = 9
RATING_OF_ADULTS: Final = 12

_TERM_WEEKS: Final = 40
_WEEKS_A_MONTH: Final = Fraction(487, 112)  # 30.4375 days of 24 hours, seven to the week

# Libraries of mathematics differ in the last bit of a logarithm; twelve decimals are the same
# everywhere, so a metrics file is too.
_DECIMALS: Final = 10**12


@dataclass(frozen=True, slots=True)
class Expectation:
    """The ages in months at which a function shows, is reliable and is as in adults."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    shows: Months
    reliable: Months
    adult: Months
    reason: LongLine

    def rating_at(self, age: Fraction) -> Fraction:
        """Return the rating, 1 to 12, that is typical at `age` months; never falls with age."""
        age = max(age, Fraction(0))
        for (from_age, from_rating), (to_age, to_rating) in pairwise(self._line()):
            if age < to_age:
                way = _way_between(from_age, to_age, age)
                return from_rating + (to_rating - from_rating) * way
        return Fraction(RATING_OF_ADULTS)

    def _line(self) -> tuple[tuple[Fraction, int], ...]:
        return (
            (Fraction(0), RATING_AT_BIRTH),
            (self.shows, RATING_WHEN_SHOWN),
            (self.reliable, RATING_WHEN_RELIABLE),
            (self.adult, RATING_OF_ADULTS),
        )


@dataclass(frozen=True, slots=True)
class PretermCorrection:
    """Who gets a corrected age (born before `below_weeks`), and until which age in months."""

    below_weeks: Fraction
    until_months: Fraction

    def age(self, age_months: Fraction, gestation_weeks: Fraction | None) -> Fraction:
        """Return the age in months to compare with: corrected where that applies, never below 0."""
        if gestation_weeks is None or gestation_weeks >= self.below_weeks:
            return age_months
        if age_months >= self.until_months:
            return age_months
        missed = (_TERM_WEEKS - gestation_weeks) / _WEEKS_A_MONTH
        return max(age_months - missed, Fraction(0))


def _way_between(start: Fraction, end: Fraction, age: Fraction) -> Fraction:
    """Return how far `age` is from `start` to `end`, 0 to 1, on a scale of log(age + 1)."""
    whole = math.log1p(end) - math.log1p(start)
    done = math.log1p(age) - math.log1p(start)
    return Fraction(round(done / whole * _DECIMALS), _DECIMALS)
