"""The figures that a case comes to, each with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from nmt_intake.scoring.norms import AgeBand, PatternRule, RatingBand, RecommendationBand

_VERSIONS: Final = ("bank", "domain_key", "expectation")


@dataclass(frozen=True, slots=True)
class ItemSum:
    """A sum of ratings over `of` items, `rated` of them known; its centre takes the rest at 6.5."""

    sum: Interval
    rated: int
    of: int

    def as_json(self) -> dict[str, Json]:
        """Return the sum as the metrics contract has it."""
        return {"sum": self.sum.as_json(), "rated": self.rated, "of": self.of}


@dataclass(frozen=True, slots=True)
class PeriodMetrics:
    """One developmental period: adversity, relational health and developmental risk (0-100).

    The counts are of rated items only: adversity rated in its top band, relational health in its
    lowest.
    """

    id: str
    adversity: ItemSum
    relational: ItemSum
    severe_count: int
    poor_count: int
    risk: Interval

    def as_json(self) -> Mapping[str, Json]:
        """Return the period as the metrics contract has it."""
        return {
            "adversity": {**self.adversity.as_json(), "severe_count": self.severe_count},
            "relational": {**self.relational.as_json(), "poor_count": self.poor_count},
            "risk": self.risk.as_json(),
        }


@dataclass(frozen=True, slots=True)
class FunctionMetrics:
    """One function: its rating (None is unknown) beside what the age expects.

    `age_band` is what a reader sees; `band` is the published absolute one, on the scale of adults.
    """

    id: str
    rating: int | None
    band: RatingBand | None
    expected: Fraction
    age_band: AgeBand | None

    @property
    def percent(self) -> Fraction | None:
        """The rating in percent of what the age expects, None where it is unknown."""
        return None if self.rating is None else 100 * self.rating / self.expected


@dataclass(frozen=True, slots=True)
class Share:
    """Ratings of some functions beside their age expectation.

    Low and high take each unrated function at 1 and 12. The centre is the share that the rated
    ones reach of their own expectation, carried over to the whole; None when nothing is rated.
    """

    sum: Interval
    expected: Fraction
    rated: int
    of: int

    @property
    def percent(self) -> Interval:
        """The sum in percent of the age expectation."""
        return self.sum.times(100 / self.expected)

    @property
    def lowest_percent(self) -> Fraction:
        """The percentage with every function rated 1.

        At a young age it is high: where it reaches a cut-off, no rating can come out below that.
        """
        return 100 * self.of / self.expected

    def as_json(self) -> dict[str, Json]:
        """Return the share as the metrics contract has it."""
        return {
            "sum": self.sum.as_json(),
            "expected": number(self.expected),
            "percent": self.percent.as_json(),
            "rated": self.rated,
            "of": self.of,
        }


@dataclass(frozen=True, slots=True)
class DomainMetrics:
    """One domain, with the recommendation band of its centre.

    `band_range` holds the lowest and the highest band that low, centre and high fall in, and is
    None when all are in one band.
    """

    id: str
    share: Share
    band: RecommendationBand | None
    band_range: tuple[RecommendationBand, RecommendationBand] | None

    def as_json(self) -> Mapping[str, Json]:
        """Return the domain as the contract has it; `band_range` only where there is one."""
        read: dict[str, Json] = self.share.as_json()
        read["band"] = None if self.band is None else self.band.id
        if self.band_range is not None:
            read["band_range"] = [band.id for band in self.band_range]
        return read


@dataclass(frozen=True, slots=True)
class TopDown:
    """Mean rating of the two upper regions over that of the two lower; the same as expected.

    The ratio's centre is of the rated functions; None when one of the two has none.
    """

    ratio: Interval
    expected: Fraction

    def as_json(self) -> Mapping[str, Json]:
        """Return the ratio as the metrics contract has it, its interval beside it."""
        return {
            "ratio": number(self.ratio.mid),
            "low": number(self.ratio.low),
            "high": number(self.ratio.high),
            "expected": number(self.expected),
        }


@dataclass(frozen=True, slots=True)
class PatternToConsider:
    """A pattern that the centres show, not a finding; `certain`: no completion could undo it."""

    rule: PatternRule
    certain: bool


@dataclass(frozen=True, slots=True)
class Metrics:
    """All figures of one case at one time.

    `age` is the age in months that expectations were taken at, `age_is_corrected` says whether
    it was corrected for an early birth, `says_percent` whether percentages say anything at it.
    """

    versions: Mapping[str, str]
    age: Fraction
    age_is_corrected: bool
    says_percent: bool
    periods: Mapping[str, PeriodMetrics]
    functions: Mapping[str, FunctionMetrics]
    total: Share
    regions: Mapping[str, Share]
    domains: Mapping[str, DomainMetrics]
    top_down: TopDown
    relationships: ItemSum
    patterns: tuple[PatternToConsider, ...]

    def as_json(self) -> Mapping[str, Json]:
        """Return the metrics file: plain data at full precision."""
        return {
            "versions": {name: self.versions[name] for name in _VERSIONS},
            "periods": {name: period.as_json() for name, period in self.periods.items()},
            "functions": self._functions_as_json(),
            "relationships": self.relationships.as_json(),
        }

    def _functions_as_json(self) -> Mapping[str, Json]:
        return {
            "total": self.total.sum.as_json(),
            "expected": number(self.total.expected),
            "percent": self.total.percent.as_json(),
            "rated": self.total.rated,
            "of": self.total.of,
            "expectation": {name: number(f.expected) for name, f in self.functions.items()},
            "regions": {name: region.as_json() for name, region in self.regions.items()},
            "top_down": self.top_down.as_json(),
            "domains": {name: domain.as_json() for name, domain in self.domains.items()},
        }


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
