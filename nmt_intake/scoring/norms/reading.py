"""From plain nested data, as the data files hold it, to norms."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from pydantic import ValidationError

from nmt_intake.errors import IntakeError
from nmt_intake.scoring.norms.consistency import contradictions
from nmt_intake.scoring.norms.documents import Document, Documents, ItemRow, RatingBandRow
from nmt_intake.scoring.norms.expectation import Expectation, PretermCorrection
from nmt_intake.scoring.norms.values import (
    BrainFunction,
    Norms,
    Part,
    PatternRule,
    Period,
    RatingBand,
    RecommendationBand,
)
from nmt_intake.text import clean_line
from nmt_intake.vocabulary import DOMAINS, FUNCTIONS, PERIODS, REGIONS


def norms_from(documents: Mapping[str, object], bank_version: str) -> Norms:
    """Return the norms in the scoring data `documents`, keyed by file stem, of a bank's version.

    Scalars may be text. Raises IntakeError: SCORE-020 for a missing file, SCORE-021 for a wrong
    shape, SCORE-022 for files that contradict themselves or the ids of the contract.
    """
    try:
        files = Documents.model_validate(documents)
    except ValidationError as error:
        raise _malformed(error) from None
    for stem, problem in contradictions(files):
        advice = "Correct the scoring data or restore the shipped file."
        raise IntakeError("SCORE-022", f"scoring/{stem}.yaml", problem, advice)
    return _norms(files, bank_version)


def _norms(files: Documents, bank_version: str) -> Norms:
    versions = {stem: clean_line(file.version) for stem, file in _by_stem(files).items()}
    sources = {stem: clean_line(file.source, 1000) for stem, file in _by_stem(files).items()}
    return Norms(
        versions=MappingProxyType({"bank": bank_version} | versions),
        sources=MappingProxyType(sources),
        functions=MappingProxyType({name: _function(files, name) for name in FUNCTIONS}),
        region_titles=MappingProxyType({r: files.functions.regions[r].title for r in REGIONS}),
        domain_titles=MappingProxyType({d: files.functions.domains[d].title for d in DOMAINS}),
        rating_bands=MappingProxyType(_rating_bands(files)),
        recommendation_bands=_recommendation_bands(files),
        patterns=_patterns(files),
        periods=MappingProxyType({name: _period(files, name) for name in PERIODS}),
        preterm=PretermCorrection(
            Fraction(files.expectation.corrected_below_weeks),
            Fraction(files.expectation.corrected_until_months),
        ),
        _titles=MappingProxyType(_titles(files)),
    )


def _by_stem(files: Documents) -> dict[str, Document]:
    return {
        "bands": files.bands,
        "domain_key": files.domain_key,
        "expectation": files.expectation,
        "functions": files.functions,
        "items": files.items,
        "patterns": files.patterns,
        "periods": files.periods,
    }


def _function(files: Documents, name: str) -> BrainFunction:
    row = files.expectation.functions[name]
    return BrainFunction(
        id=name,
        title=clean_line(files.functions.functions[name].title),
        region=files.functions.functions[name].region,
        domain=files.domain_key.functions[name].domain,
        expectation=Expectation(
            Fraction(row.shows),
            Fraction(row.reliable),
            Fraction(row.adult),
            clean_line(row.reason),
        ),
    )


def _rating_bands(files: Documents) -> dict[Part, tuple[RatingBand, ...]]:
    def bands(rows: list[RatingBandRow]) -> tuple[RatingBand, ...]:
        return tuple(
            RatingBand(row.id, clean_line(row.title), row.letter, row.colour, row.first, row.last)
            for row in rows
        )

    ratings = files.bands.ratings
    return {
        "adversity": bands(ratings.adversity),
        "relational": bands(ratings.relational),
        "functions": bands(ratings.functions),
        "relationships": bands(ratings.relationships),
    }


def _recommendation_bands(files: Documents) -> tuple[RecommendationBand, ...]:
    return tuple(
        RecommendationBand(row.id, clean_line(row.title), row.letter, Fraction(row.from_percent))
        for row in files.bands.recommendations
    )


def _patterns(files: Documents) -> tuple[PatternRule, ...]:
    return tuple(
        PatternRule(
            id=name,
            title=clean_line(row.title),
            consider=clean_line(row.consider, 1000),
            reason=clean_line(row.reason, 1000),
            typical=tuple(row.typical),
            typical_from=Fraction(row.typical_from_percent),
            low=tuple(row.low),
            low_below=Fraction(row.low_below_percent),
            rated_at_least=Fraction(row.rated_at_least_percent),
        )
        for name, row in files.patterns.patterns.items()
    )


def _period(files: Documents, name: str) -> Period:
    row = files.periods.periods[name]
    end = None if row.end is None else Fraction(row.end)
    return Period(name, clean_line(row.title), clean_line(row.ages), Fraction(row.start), end)


def _titles(files: Documents) -> dict[tuple[str, str, str | None], str]:
    parts: dict[Part, dict[str, ItemRow]] = {
        "adversity": files.items.adversity,
        "relational": files.items.relational,
        "relationships": files.items.relationships,
    }
    titles: dict[tuple[str, str, str | None], str] = {}
    for part, rows in parts.items():
        for item, row in rows.items():
            titles[part, item, None] = clean_line(row.title)
            for period, title in row.in_period.items():
                titles[part, item, period] = clean_line(title)
    return titles


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
