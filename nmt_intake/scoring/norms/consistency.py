"""What the scoring data files must agree on, with themselves and with the ids of the contract."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from nmt_intake.scoring.norms.files import ItemRow, RatingBand, ScoringFiles
from nmt_intake.vocabulary import (
    ADVERSITY,
    DOMAINS,
    FUNCTIONS,
    HIGHEST_RATING,
    LOWEST_RATING,
    PERIOD_STARTS,
    PERIODS,
    REGIONS,
    RELATIONAL,
    RELATIONSHIPS,
)

LATEST_ADULT_MONTHS: Final = 300
RECOMMENDATIONS: Final = ("essential", "therapeutic", "enrichment")


def contradictions(files: ScoringFiles) -> Iterator[tuple[str, str]]:
    """Give each problem as the stem of its file and a sentence; nothing when all is in order."""
    checks = {
        "functions": _functions(files),
        "domain_key": _domain_key(files),
        "expectation": _expectation(files),
        "bands": _bands(files),
        "patterns": _patterns(files),
        "periods": _periods(files),
        "items": _items(files),
    }
    for stem, problems in checks.items():
        for problem in problems:
            yield stem, problem


def _functions(files: ScoringFiles) -> Iterator[str]:
    document = files.functions
    yield from _ids(document.functions, FUNCTIONS, "functions")
    yield from _ids(document.regions, REGIONS, "regions")
    yield from _ids(document.domains, DOMAINS, "domains")
    for name, row in document.functions.items():
        if row.region not in REGIONS:
            yield f"functions.{name} has a region that does not exist."
    for region in REGIONS:
        if all(row.region != region for row in document.functions.values()):
            yield f"no function lies in the region {region}."


def _domain_key(files: ScoringFiles) -> Iterator[str]:
    rows = files.domain_key.functions
    yield from _ids(rows, FUNCTIONS, "functions")
    for name, row in rows.items():
        if row.domain not in DOMAINS:
            yield f"functions.{name} has a domain that does not exist."
    for domain in DOMAINS:
        if all(row.domain != domain for row in rows.values()):
            yield f"no function counts for the domain {domain}."


def _expectation(files: ScoringFiles) -> Iterator[str]:
    rows = files.expectation.functions
    yield from _ids(rows, FUNCTIONS, "functions")
    for name, row in rows.items():
        if not 0 <= row.shows < row.reliable < row.adult <= LATEST_ADULT_MONTHS:
            yield (
                f"functions.{name} needs 0 <= shows < reliable < adult <= "
                f"{LATEST_ADULT_MONTHS} months."
            )


def _bands(files: ScoringFiles) -> Iterator[str]:
    ratings = files.bands.ratings
    yield from _rating_bands(ratings.adversity, "adversity")
    yield from _rating_bands(ratings.relational, "relational")
    yield from _rating_bands(ratings.functions, "functions")
    yield from _rating_bands(ratings.relationships, "relationships")
    rows = files.bands.recommendations
    if tuple(row.id for row in rows) != RECOMMENDATIONS:
        yield f"recommendations must be {', '.join(RECOMMENDATIONS)}, in this order."
    yield from _letters([row.letter for row in rows], "recommendations")
    yield from _letters([row.letter for row in files.bands.age_bands], "age_bands")
    for place, starts in (
        ("recommendations", [row.from_percent for row in rows]),
        ("age_bands", [row.from_percent for row in files.bands.age_bands]),
    ):
        if starts[:1] != [0] or any(a >= b for a, b in pairwise(starts)):
            yield f"{place} must start at 0 % and rise."


def _rating_bands(rows: Sequence[RatingBand], part: str) -> Iterator[str]:
    covered = [rating for row in rows for rating in range(row.first, row.last + 1)]
    if covered != list(range(LOWEST_RATING, HIGHEST_RATING + 1)):
        yield f"ratings.{part} must cover {LOWEST_RATING} to {HIGHEST_RATING} once, in order."
    yield from _letters([row.letter for row in rows], f"ratings.{part}")


def _letters(letters: Sequence[str], place: str) -> Iterator[str]:
    if len(set(letters)) != len(letters):
        yield f"{place} uses a letter twice."


def _patterns(files: ScoringFiles) -> Iterator[str]:
    for name, row in files.patterns.patterns.items():
        if not row.typical or not row.low:
            yield f"patterns.{name} needs domains that are typical and domains that are low."
        if not set(row.typical) | set(row.low) <= set(DOMAINS):
            yield f"patterns.{name} has a domain that does not exist."


def _periods(files: ScoringFiles) -> Iterator[str]:
    rows = files.periods.periods
    yield from _ids(rows, PERIODS, "periods")
    for name, row in rows.items():
        if name in PERIOD_STARTS and row.start != PERIOD_STARTS[name]:
            yield f"periods.{name} must start at {PERIOD_STARTS[name]:g} months."
    ordered = [rows[name] for name in PERIODS if name in rows]
    if any(earlier.end != later.start for earlier, later in pairwise(ordered)):
        yield "each period must end where the next one starts."
    if ordered and ordered[-1].end is not None:
        yield "the last period has no end."


def _items(files: ScoringFiles) -> Iterator[str]:
    document = files.items
    yield from _ids(document.adversity, ADVERSITY, "adversity")
    yield from _ids(document.relational, RELATIONAL, "relational")
    yield from _ids(document.relationships, RELATIONSHIPS, "relationships")
    yield from _periods_of(document.adversity, "adversity")
    yield from _periods_of(document.relational, "relational")


def _periods_of(rows: Mapping[str, ItemRow], part: str) -> Iterator[str]:
    for name, row in rows.items():
        if not row.in_period.keys() <= set(PERIODS):
            yield f"{part}.{name} has a title for a period that does not exist."


def _ids(given: Collection[str], known: Sequence[str], place: str) -> Iterator[str]:
    missing = [name for name in known if name not in given]
    if missing:
        yield f"{place} lacks {', '.join(missing)}."
    if len(given) + len(missing) > len(known):
        yield f"{place} has an id that does not exist."
