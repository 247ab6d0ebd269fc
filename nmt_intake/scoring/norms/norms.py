"""The norms a score is measured with: versioned data, checked once and then only read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cache
from types import MappingProxyType

from pydantic import TypeAdapter, ValidationError

from nmt_intake.errors import IntakeError
from nmt_intake.scoring.norms.consistency import contradictions
from nmt_intake.scoring.norms.expectation import Expectation, PretermCorrection
from nmt_intake.scoring.norms.files import (
    AgeBand,
    DataFile,
    ItemsFile,
    Part,
    PatternRule,
    Period,
    RatingBand,
    RecommendationBand,
    ScoringFiles,
)
from nmt_intake.text import clean_line
from nmt_intake.vocabulary import DOMAINS, FUNCTIONS, PERIODS, REGIONS


@cache
def _adapter() -> TypeAdapter[ScoringFiles]:
    """Build the reader when it is first needed: 11 ms that a start without a score is spared."""
    return TypeAdapter(ScoringFiles)


@dataclass(frozen=True, slots=True)
class BrainFunction:
    """One of the 32 functions: where it sits, what it counts for, what is typical when."""

    id: str
    title: str
    region: str
    domain: str
    expectation: Expectation


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
    age_bands: tuple[AgeBand, ...]
    percent_from_months: Fraction
    patterns: tuple[PatternRule, ...]
    periods: Mapping[str, Period]
    preterm: PretermCorrection
    _items: ItemsFile

    def band(self, part: Part, rating: int) -> RatingBand:
        """Return the band of a `rating` from 1 to 12 in a `part` of the assessment."""
        return next(band for band in self.rating_bands[part] if rating <= band.last)

    def recommendation(self, percent: Fraction) -> RecommendationBand:
        """Return the recommendation band of a percentage of the age expectation."""
        reached = [band for band in self.recommendation_bands if percent >= band.from_percent]
        return reached[-1]

    def age_band(self, rating: int, expected: Fraction) -> AgeBand:
        """Return what a function's `rating` is called beside its age expectation.

        It goes by the share of the expectation. The whole number nearest to the expectation counts
        as expected: a rating has no finer steps, and beside 1.4 the next one down is already far.
        """
        if rating >= nearest(expected):
            return self.age_bands[-1]
        reached = [band for band in self.age_bands if 100 * rating >= band.from_percent * expected]
        return reached[-1]

    def says_percent(self, age: Fraction) -> bool:
        """Whether a percentage of the expectation says anything at `age` months (corrected)."""
        return age >= self.percent_from_months

    def item_title(self, part: Part, item: str, period: str | None = None) -> str:
        """Return the plain-words title of a rating item, as it is in `period` if that differs."""
        if part == "functions":
            return self.functions[item].title
        return self._items.title(part, item, period)

    def expected(self, age: Fraction) -> Mapping[str, Fraction]:
        """Return the expected rating of each function, in order, at `age` months (corrected)."""
        return MappingProxyType(
            {name: function.expectation.rating_at(age) for name, function in self.functions.items()}
        )


def nearest(expected: Fraction) -> int:
    """Return the whole rating nearest to an expectation, half up."""
    return int(expected + Fraction(1, 2))


def norms_from(documents: Mapping[str, object], bank_version: str) -> Norms:
    """Return the norms in the scoring data `documents`, keyed by file stem, of a bank's version.

    Scalars may be text. Raises IntakeError: SCORE-020 for a missing file, SCORE-021 for a wrong
    shape, SCORE-022 for files that contradict themselves or the ids of the contract.
    """
    try:
        files = _adapter().validate_python(documents)
    except ValidationError as error:
        raise _malformed(error) from None
    for stem, problem in contradictions(files):
        advice = "Correct the scoring data or restore the shipped file."
        raise IntakeError("SCORE-022", f"scoring/{stem}.yaml", problem, advice)
    by_stem: dict[str, DataFile] = {
        each.name: getattr(files, each.name)
        for each in sorted(fields(files), key=lambda each: each.name)
    }
    bands = files.bands.ratings
    return Norms(
        versions=MappingProxyType(
            {"bank": bank_version} | {stem: file.version for stem, file in by_stem.items()}
        ),
        sources=MappingProxyType({stem: file.source for stem, file in by_stem.items()}),
        functions=MappingProxyType({name: _function(files, name) for name in FUNCTIONS}),
        region_titles=MappingProxyType({r: files.functions.regions[r].title for r in REGIONS}),
        domain_titles=MappingProxyType({d: files.functions.domains[d].title for d in DOMAINS}),
        rating_bands=MappingProxyType(
            {
                "adversity": bands.adversity,
                "relational": bands.relational,
                "functions": bands.functions,
                "relationships": bands.relationships,
            }
        ),
        recommendation_bands=files.bands.recommendations,
        age_bands=files.bands.age_bands,
        percent_from_months=files.bands.percent_from_months,
        patterns=tuple(files.patterns.patterns.values()),
        periods=MappingProxyType({name: files.periods.periods[name] for name in PERIODS}),
        preterm=files.expectation.preterm,
        _items=files.items,
    )


def _function(files: ScoringFiles, name: str) -> BrainFunction:
    row = files.functions.functions[name]
    return BrainFunction(
        id=name,
        title=row.title,
        region=row.region,
        domain=files.domain_key.functions[name].domain,
        expectation=files.expectation.functions[name],
    )


def _malformed(error: ValidationError) -> IntakeError:
    details = error.errors(include_url=False, include_input=False)
    first = details[0]
    stem, *steps = (clean_line(str(step), 40) for step in first["loc"] or ("documents",))
    if first["type"] == "missing" and not steps:
        advice = "Add it, or restore the shipped file."
        return IntakeError("SCORE-020", f"scoring/{stem}.yaml", "The file is missing.", advice)
    others = f" ({len(details) - 1} more such problems.)" if len(details) > 1 else ""
    message = clean_line(first["msg"])
    what = f"{'.'.join(steps) or 'The file'}: {message}.{others}"
    return IntakeError("SCORE-021", f"scoring/{stem}.yaml", what, "Correct it and try again.")
