"""The shapes of the scoring data files, checked at the edge."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from nmt_intake.vocabulary import HIGHEST_RATING, LOWEST_RATING

Text = Annotated[str, Field(min_length=1, max_length=2000)]
Letter = Annotated[str, Field(min_length=1, max_length=1)]
Months = Annotated[Decimal, Field(ge=-12, le=1500, max_digits=12)]
Percent = Annotated[Decimal, Field(ge=0, le=1000, max_digits=12)]
RatingBound = Annotated[int, Field(ge=LOWEST_RATING, le=HIGHEST_RATING)]
Colour = Literal["green", "yellow", "red"]


class Row(BaseModel):
    """One row of a data file; numbers may stand as text, unknown keys may not stand at all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Text


class Document(BaseModel):
    """What every scoring data file has: its version and where its content comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Text
    source: Text


class TitleRow(Row):
    """A title in plain words."""

    title: Text


class FunctionRow(TitleRow):
    """A brain-mediated function and its region."""

    region: str


class FunctionsDocument(Document):
    """functions.yaml: the 32 functions, their regions and domains, in words."""

    domains: dict[str, TitleRow]
    regions: dict[str, TitleRow]
    functions: dict[str, FunctionRow]


class KeyRow(Row):
    """The domain of a function, and the published loadings it follows."""

    domain: str
    loads: Annotated[list[Literal["SI", "SR", "RE", "CO"]], Field(min_length=1, max_length=4)]


class DomainKeyDocument(Document):
    """domain_key.yaml: each function in exactly one domain."""

    rule: Text
    functions: dict[str, KeyRow]


class ExpectationRow(Row):
    """Three ages in months of one function."""

    shows: Months
    reliable: Months
    adult: Months


class ExpectationDocument(Document):
    """expectation.yaml: what is typical at which age."""

    method: Text
    corrected_below_weeks: Annotated[Decimal, Field(ge=20, le=40, max_digits=12)]
    corrected_until_months: Months
    functions: dict[str, ExpectationRow]


class RatingBandRow(TitleRow):
    """A band of ratings, both ends included."""

    id: Text
    letter: Letter
    colour: Colour
    first: RatingBound = Field(alias="from")
    last: RatingBound = Field(alias="to")


class RecommendationRow(TitleRow):
    """A band of recommendations, up to where the next one starts."""

    id: Text
    letter: Letter
    from_percent: Percent


class RatingBands(BaseModel):
    """The bands of the four parts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    adversity: list[RatingBandRow]
    relational: list[RatingBandRow]
    functions: list[RatingBandRow]
    relationships: list[RatingBandRow]


class BandsDocument(Document):
    """bands.yaml: what a rating and a percentage are called."""

    ratings: RatingBands
    recommendations: list[RecommendationRow]


class PatternRow(TitleRow):
    """A pattern to consider, and when it is shown."""

    consider: Text
    typical: list[str]
    typical_from_percent: Percent
    low: list[str]
    low_below_percent: Percent
    rated_at_least_percent: Percent


class PatternsDocument(Document):
    """patterns.yaml: patterns over the domains."""

    patterns: dict[str, PatternRow]


class PeriodRow(TitleRow):
    """A developmental period, its lower bound included, its upper one not."""

    ages: Text
    start: Months = Field(alias="from")
    end: Months | None = Field(default=None, alias="until")


class PeriodsDocument(Document):
    """periods.yaml: the developmental periods."""

    periods: dict[str, PeriodRow]


class ItemRow(TitleRow):
    """A rating item's title, and other titles where a period needs one."""

    in_period: dict[str, Text] = Field(default_factory=dict)


class ItemsDocument(Document):
    """items.yaml: titles of the items of adversity, relational health and relationships."""

    adversity: dict[str, ItemRow]
    relational: dict[str, ItemRow]
    relationships: dict[str, ItemRow]


class Documents(BaseModel):
    """All scoring data files, keyed by file stem; files that are not scoring's are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    functions: FunctionsDocument
    domain_key: DomainKeyDocument
    expectation: ExpectationDocument
    bands: BandsDocument
    patterns: PatternsDocument
    periods: PeriodsDocument
    items: ItemsDocument
