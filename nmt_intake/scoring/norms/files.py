"""The scoring data files: one frozen model a file, checked at the edge, that is its value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, ClassVar, Final, Literal, TypeAlias

from pydantic import ConfigDict, Field

from nmt_intake.scoring.norms.expectation import Expectation, PretermCorrection
from nmt_intake.scoring.norms.fields import (
    Letter,
    Line,
    LongLine,
    Months,
    Percent,
    Rating,
    Table,
    TableWithIds,
    Text,
    exact,
)

Part: TypeAlias = Literal["adversity", "relational", "functions", "relationships"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a data file with its reason; unknown keys may not stand in it."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    reason: LongLine


@dataclass(frozen=True, slots=True, kw_only=True)
class TitledRow(Row):
    """A row with a title in plain words."""

    title: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingBand(TitledRow):
    """A band of ratings from `first` to `last`, with the letter and colour that stand for it."""

    id: Line
    letter: Letter
    colour: Literal["green", "yellow", "red"]
    first: Annotated[Rating, Field(alias="from")]
    last: Annotated[Rating, Field(alias="to")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationBand(TitledRow):
    """A band of recommendations from `from_percent` of the age expectation up to the next one."""

    id: Line
    letter: Letter
    from_percent: Percent


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeBand(TitledRow):
    """A band of one function's share of its age expectation: what a reader sees of a function."""

    id: Line
    letter: Letter
    colour: Literal["green", "yellow", "red"]
    from_percent: Percent


def _age_band(
    id_: str, title: str, colour: Literal["green", "yellow", "red"], share: int
) -> AgeBand:
    """Return a band for scoring data from before there were any."""
    start = Fraction(share)
    return AgeBand(
        id=id_, title=title, letter=title[0], colour=colour, from_percent=start, reason="Ours."
    )


_AGE_BANDS: Final = (
    _age_band("far_below", "Far below", "red", 0),
    _age_band("below", "Below", "yellow", 65),
    _age_band("as_expected", "As expected", "green", 85),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period(TitledRow):
    """A developmental period: `start` up to, not with, `end` in months from birth."""

    id: Line
    ages: Line
    start: Annotated[Months, Field(alias="from")]
    end: Annotated[Months | None, Field(alias="until")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternRule(TitledRow):
    """When a pattern over the domains is worth considering; thresholds in percent."""

    id: Line
    consider: LongLine
    typical: tuple[str, ...]
    typical_from: Annotated[Percent, Field(alias="typical_from_percent")]
    low: tuple[str, ...]
    low_below: Annotated[Percent, Field(alias="low_below_percent")]
    rated_at_least: Annotated[Percent, Field(alias="rated_at_least_percent")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionRow(TitledRow):
    """A brain-mediated function and its region."""

    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow(Row):
    """The domain of a function, and the published loadings it follows."""

    domain: str
    loads: Annotated[tuple[Literal["SI", "SR", "RE", "CO"], ...], Field(min_length=1, max_length=4)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow(TitledRow):
    """A rating item's title, and other titles where a period needs one."""

    in_period: Table[Line] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingBands:
    """The bands of the four parts."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    adversity: tuple[RatingBand, ...]
    relational: tuple[RatingBand, ...]
    functions: tuple[RatingBand, ...]
    relationships: tuple[RatingBand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """What every scoring data file has: its version and where its content comes from."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    version: Line
    source: LongLine


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionsFile(DataFile):
    """functions.yaml: the 32 functions, their regions and domains, in words."""

    domains: Table[TitledRow]
    regions: Table[TitledRow]
    functions: Table[FunctionRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainKeyFile(DataFile):
    """domain_key.yaml: each function in exactly one domain."""

    rule: Text
    functions: Table[KeyRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectationFile(DataFile):
    """expectation.yaml: what is typical at which age, and who gets a corrected age."""

    method: Text
    corrected_below_weeks: Annotated[Fraction, exact(20, 40)]
    corrected_until_months: Months
    functions: Table[Expectation]

    @property
    def preterm(self) -> PretermCorrection:
        """Who gets a corrected age, and until when."""
        return PretermCorrection(self.corrected_below_weeks, self.corrected_until_months)


@dataclass(frozen=True, slots=True, kw_only=True)
class BandsFile(DataFile):
    """bands.yaml: what a rating and a percentage are called."""

    ratings: RatingBands
    recommendations: tuple[RecommendationBand, ...]
    age_bands: tuple[AgeBand, ...] = _AGE_BANDS
    percent_from_months: Months = Fraction(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternsFile(DataFile):
    """patterns.yaml: patterns over the domains."""

    patterns: TableWithIds[PatternRule]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodsFile(DataFile):
    """periods.yaml: the developmental periods."""

    periods: TableWithIds[Period]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsFile(DataFile):
    """items.yaml: titles of the items of adversity, relational health and relationships."""

    adversity: Table[ItemRow]
    relational: Table[ItemRow]
    relationships: Table[ItemRow]

    def title(self, part: Part, item: str, period: str | None) -> str:
        """Return the title of an item, as it is in `period` if that differs."""
        rows: Mapping[str, ItemRow] = getattr(self, part)
        row = rows[item]
        return row.title if period is None else row.in_period.get(period, row.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringFiles:
    """All scoring data files, keyed by file stem; files that are not scoring's are passed over."""

    functions: FunctionsFile
    domain_key: DomainKeyFile
    expectation: ExpectationFile
    bands: BandsFile
    patterns: PatternsFile
    periods: PeriodsFile
    items: ItemsFile
