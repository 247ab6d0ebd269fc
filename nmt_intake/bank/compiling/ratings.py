"""Compiles ratings: their ids, anchors, and the rules that suggest them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nmt_intake.bank import sources
from nmt_intake.bank.compiling.conditions import Conditions
from nmt_intake.bank.compiling.notes import Notes, near
from nmt_intake.bank.compiling.placing import Place, PlacedFacts, PlacedRating
from nmt_intake.bank.model import FactForm, FactRule, ForEach, Rating, Rule
from nmt_intake.text import clean
from nmt_intake.vocabulary import (
    ADVERSITY,
    FUNCTIONS,
    HIGHEST_RATING,
    LOWEST_RATING,
    PERIODS,
    RELATIONAL,
    RELATIONSHIPS,
)

BANDS: Final[dict[str, tuple[str, ...]]] = {
    "adversity": ("none", "mild", "moderate", "severe"),
    "relational": ("poor", "episodic", "adequate", "positive"),
    "functions": ("severe", "moderate", "mild", "typical"),
    "relationships": ("poor", "episodic", "adequate", "positive"),
}
_ITEMS: Final[dict[str, tuple[str, ...]]] = {
    "adversity": ADVERSITY,
    "relational": RELATIONAL,
    "functions": FUNCTIONS,
    "relationships": RELATIONSHIPS,
}
_BY_PERIOD: Final = ("adversity", "relational")
KNOWN_RATINGS: Final = tuple(f"{part}.{item}" for part, items in _ITEMS.items() for item in items)


def rating_ids(rating: str, for_each: str | None) -> tuple[str, ...]:
    """Return the ids of the ratings that an `evidence_for` entry names, or none if it is unknown.

    `adversity.neglect` in a block repeated over periods is that of each period
    (`*/adversity.neglect`); elsewhere the period is written out (`infancy/adversity.neglect`).
    """
    period, _, bare = rating.rpartition("/")
    part = bare.partition(".")[0]
    if bare not in KNOWN_RATINGS:
        return ()
    if part not in _BY_PERIOD:
        return () if period else (bare,)
    if period:
        return (rating,) if period in PERIODS else ()
    return (f"*/{bare}",) if for_each == "period" else ()


def note_unknown_rating(rating: str, place: Place, name: str, notes: Notes) -> None:
    """Note an `evidence_for` entry that names no rating here, and what to write instead."""
    bare = rating.rpartition("/")[2]
    if bare in KNOWN_RATINGS and bare.partition(".")[0] in _BY_PERIOD:
        advice = f"Outside a period block write the period too: infancy/{bare}."
    elif bare in KNOWN_RATINGS:
        advice = f"Write {bare}."
    else:
        advice = near(bare, KNOWN_RATINGS)
    message = f"there is no rating {clean(rating, 60)!r} here."
    notes.note(place, "evidence_for", "BANK-018", name, message, advice)


def compiled_ratings(
    placed: Sequence[PlacedRating],
    facts: Sequence[PlacedFacts],
    conditions: Conditions,
    notes: Notes,
) -> Iterator[Rating]:
    """Yield the compiled ratings with the facts that bear on them; every problem is noted."""
    apart: dict[str, list[FactRule]] = {}
    for each in facts:
        name = each.source.rating
        if name not in {rating.source.rating for rating in placed}:
            message = f"there is no rating {clean(name, 60)!r}."
            advice = near(name, [rating.source.rating for rating in placed])
            notes.note(each.place, "rating", "BANK-018", name, message, advice)
        _check_periods(each.source, each.place, notes)
        found = _facts(each.source.facts, each.facts, each.source, conditions, notes)
        apart.setdefault(name, []).extend(found)
    for rating in placed:
        yield _compiled_rating(rating, apart.get(rating.source.rating, ()), conditions, notes)


def _compiled_rating(
    placed: PlacedRating, facts: Sequence[FactRule], conditions: Conditions, notes: Notes
) -> Rating:
    source, place = placed.source, placed.place
    _check(source, place, notes)
    loop = _loop(source.rating)
    signs = (
        conditions.sign(key, points, (place, source.rating), loop)
        for key, points in source.points.items()
    )
    return Rating(
        id=source.rating,
        title=clean(source.title, 200),
        file=place.file,
        line=place.line,
        periods=tuple(source.periods),
        anchors={band: clean(text) for band, text in source.anchors.items()},
        rules=tuple(_rules(placed, conditions, notes)),
        silence=source.silence,
        points=tuple(sign for sign in signs if sign),
        facts=(*_facts(source.facts, placed.facts, source, conditions, notes), *facts),
    )


def _loop(rating: str) -> ForEach | None:
    return "period" if rating.partition(".")[0] in _BY_PERIOD else None


def _facts(
    facts: Sequence[sources.FactSource],
    places: Sequence[Place],
    about: sources.RatingSource | sources.FactsSource,
    conditions: Conditions,
    notes: Notes,
) -> Iterator[FactRule]:
    periods = tuple(about.periods) if isinstance(about, sources.FactsSource) else ()
    for source, place in zip(facts, places, strict=True):
        name = f"{about.rating} {source.id}"
        form: FactForm = "at_least" if source.at_least else "at_most" if source.at_most else "widen"
        low = source.widen or source.at_least or LOWEST_RATING
        high = source.widen or source.at_most or HIGHEST_RATING
        rows = conditions.rows(source.each) if source.each else ("", "")
        if rows is None:
            message = f"no block here lists each {source.each} with its times."
            notes.note(place, "each", "BANK-014", name, message, "Write one, or take this out.")
            continue
        block, during = rows
        when = conditions.read(source.when, place, name, block, source.each or _loop(about.rating))
        because = clean(source.because)
        count, each = source.count, source.each
        yield FactRule(
            source.id, form, low, high, because, when, each, during, count, source.lasting, periods
        )


def _check(source: sources.RatingSource, place: Place, notes: Notes) -> None:
    part = source.rating.partition(".")[0]
    if source.rating not in KNOWN_RATINGS:
        message = f"there is no rating {clean(source.rating, 60)!r}."
        advice = near(source.rating, KNOWN_RATINGS)
        notes.note(place, "rating", "BANK-018", source.rating, message, advice)
    elif sorted(source.anchors) != sorted(BANDS[part]):
        advice = f"Write {', '.join(BANDS[part])}."
        message = "the anchors are not the four bands."
        notes.note(place, "anchors", "BANK-019", source.rating, message, advice)
    _check_periods(source, place, notes)


def _check_periods(
    source: sources.RatingSource | sources.FactsSource, place: Place, notes: Notes
) -> None:
    part = source.rating.partition(".")[0]
    if source.periods and part not in _BY_PERIOD:
        message = "a rating of today has no periods."
        notes.note(place, "periods", "BANK-019", source.rating, message, "Take them out.")
        return
    for period in source.periods:
        if period not in PERIODS:
            message = f"there is no period {clean(period, 40)!r}."
            advice = near(period, PERIODS)
            notes.note(place, "periods", "BANK-019", source.rating, message, advice)


def _rules(placed: PlacedRating, conditions: Conditions, notes: Notes) -> Iterator[Rule]:
    rating = placed.source.rating
    loop = _loop(rating)
    seen: set[str] = set()
    for source, place in zip(placed.source.rules, placed.rules, strict=True):
        name = f"{rating} {source.id}"
        low, high = source.suggest or (LOWEST_RATING, HIGHEST_RATING)
        if low > high:
            message = f"suggests from {low} to {high}."
            notes.note(place, "suggest", "BANK-019", name, message, "Write the lower first.")
        if source.not_applicable and rating.startswith("functions."):
            message = "says that a function does not apply."
            advice = "A function is rated or unknown; suggest what is expected."
            notes.note(place, "not_applicable", "BANK-019", name, message, advice)
        if source.id in seen:
            message = f"the rule {clean(source.id, 40)!r} stands twice in this rating."
            notes.note(place, "id", "BANK-010", name, message, "Rename one of them.")
        seen.add(source.id)
        when = conditions.read(source.when, place, name, "", loop)
        because = clean(source.because)
        yield Rule(source.id, when, low, high, because, source.not_applicable)
