"""The norms a score is measured with: versioned data, checked once and then only read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Literal, TypeAlias

from nmt_intake.scoring.norms.expectation import Expectation, PretermCorrection

Part: TypeAlias = Literal["adversity", "relational", "functions", "relationships"]


@dataclass(frozen=True, slots=True)
class RatingBand:
    """A band of ratings from `first` to `last`, with the letter and colour that stand for it."""

    id: str
    title: str
    letter: str
    colour: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class RecommendationBand:
    """A band of recommendations from `from_percent` of the age expectation up to the next one."""

    id: str
    title: str
    letter: str
    from_percent: Fraction


@dataclass(frozen=True, slots=True)
class Period:
    """A developmental period: `start` up to, not with, `end` in months from birth."""

    id: str
    title: str
    ages: str
    start: Fraction
    end: Fraction | None


@dataclass(frozen=True, slots=True)
class BrainFunction:
    """One of the 32 functions: where it sits, what it counts for, what is typical when."""

    id: str
    title: str
    region: str
    domain: str
    expectation: Expectation


@dataclass(frozen=True, slots=True)
class PatternRule:
    """When a pattern over the domains is worth considering; thresholds in percent."""

    id: str
    title: str
    consider: str
    reason: str
    typical: tuple[str, ...]
    typical_from: Fraction
    low: tuple[str, ...]
    low_below: Fraction
    rated_at_least: Fraction


@dataclass(frozen=True, slots=True)
class Norms:
    """Everything that scoring measures with, and the versions and sources to print beside it."""

    versions: Mapping[str, str]
    sources: Mapping[str, str]
    functions: Mapping[str, BrainFunction]
    region_titles: Mapping[str, str]
    domain_titles: Mapping[str, str]
    rating_bands: Mapping[Part, tuple[RatingBand, ...]]
    recommendation_bands: tuple[RecommendationBand, ...]
    patterns: tuple[PatternRule, ...]
    periods: Mapping[str, Period]
    preterm: PretermCorrection
    _titles: Mapping[tuple[str, str, str | None], str]

    def band(self, part: Part, rating: int) -> RatingBand:
        """Return the band of a `rating` from 1 to 12 in a `part` of the assessment."""
        return next(band for band in self.rating_bands[part] if rating <= band.last)

    def recommendation(self, percent: Fraction) -> RecommendationBand:
        """Return the recommendation band of a percentage of the age expectation."""
        reached = [band for band in self.recommendation_bands if percent >= band.from_percent]
        return reached[-1]

    def item_title(self, part: Part, item: str, period: str | None = None) -> str:
        """Return the plain-words title of a rating item, as it is in `period` if that differs."""
        if part == "functions":
            return self.functions[item].title
        return self._titles.get((part, item, period)) or self._titles[part, item, None]

    def expected(self, age: Fraction) -> Mapping[str, Fraction]:
        """Return the expected rating of each function, in order, at `age` months (corrected)."""
        return MappingProxyType(
            {name: function.expectation.rating_at(age) for name, function in self.functions.items()}
        )
