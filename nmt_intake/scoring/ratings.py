"""A ratings file: what a clinician rated, and at which age."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from math import isfinite
from types import MappingProxyType
from typing import Annotated, Final, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from nmt_intake.errors import IntakeError
from nmt_intake.scoring.metrics import Json, number
from nmt_intake.text import clean_line
from nmt_intake.vocabulary import (
    ADVERSITY,
    FUNCTIONS,
    HIGHEST_RATING,
    LOWEST_RATING,
    PERIOD_STARTS,
    PERIODS,
    RELATIONAL,
    RELATIONSHIPS,
)

OLDEST_MONTHS: Final = 1500

NOT_APPLICABLE: Final = "not_applicable"
_BY_PERIOD: Final = ("adversity", "relational")

_Rating = Annotated[int, Field(ge=LOWEST_RATING, le=HIGHEST_RATING)] | None
_Items = dict[str, _Rating] | None


class _RatingsFile(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    age_months: Annotated[float, Field(ge=0, le=OLDEST_MONTHS, allow_inf_nan=False)]
    gestation_weeks: Annotated[float, Field(ge=20, le=45, allow_inf_nan=False)] | None = None
    adversity: dict[str, _Items] | None = None
    relational: dict[str, _Items] | None = None
    functions: _Items = None
    relationships: _Items = None
    context: object = None  # what the planner reads (planner/circumstances.py)


@dataclass(frozen=True, slots=True)
class Ratings:
    """What was rated, 1 to 12, by id; what is not in here is unknown.

    `not_applicable` are the keys (`relationships.siblings`, `infancy/relational.kin_support`) of
    what there is nothing to rate in: it leaves sums and denominators.

    Made by `read_ratings` or `ratings_from`, which let only known ids, and periods that the
    age has reached, in.
    """

    age_months: Fraction
    gestation_weeks: Fraction | None
    adversity: Mapping[str, Mapping[str, int]]
    relational: Mapping[str, Mapping[str, int]]
    functions: Mapping[str, int]
    relationships: Mapping[str, int]
    not_applicable: frozenset[str] = frozenset()

    @property
    def periods(self) -> tuple[str, ...]:
        """The developmental periods that apply: those whose lower bound the age has reached."""
        return tuple(period for period in PERIODS if self.age_months >= PERIOD_STARTS[period])

    def as_json(self) -> Mapping[str, Json]:
        """Return the ratings file: every item that applies, null where it is unknown."""
        return {
            "age_months": number(self.age_months),
            "gestation_weeks": number(self.gestation_weeks),
            "adversity": self._periods_as_json("adversity", self.adversity, ADVERSITY),
            "relational": self._periods_as_json("relational", self.relational, RELATIONAL),
            "functions": self._items_as_json("functions", self.functions, FUNCTIONS),
            "relationships": self._items_as_json(
                "relationships", self.relationships, RELATIONSHIPS
            ),
        }

    def _periods_as_json(
        self, part: str, rated: Mapping[str, Mapping[str, int]], items: tuple[str, ...]
    ) -> Mapping[str, Json]:
        return {
            period: self._items_as_json(f"{period}/{part}", rated.get(period, {}), items)
            for period in self.periods
        }

    def _items_as_json(
        self, place: str, rated: Mapping[str, int], items: tuple[str, ...]
    ) -> Mapping[str, Json]:
        return {
            item: NOT_APPLICABLE if f"{place}.{item}" in self.not_applicable else rated.get(item)
            for item in items
        }


def read_ratings(source: str | bytes, where: str = "ratings") -> Ratings:
    """Return the ratings in the JSON text `source`; `where` names it in the error if it is bad."""
    return ratings_from(parse(source, where), where)


def ratings_from(data: object, where: str = "ratings") -> Ratings:
    """Return the ratings in plain nested `data` with the keys of a ratings file.

    Raises IntakeError with SCORE-007 for a wrong type or range, SCORE-008 for an unknown id and
    SCORE-009 for ratings of a period that the age has not reached.
    """
    left_out: set[str] = set()
    try:
        file = _RatingsFile.model_validate(_without_not_applicable(data, "", left_out))
    except ValidationError as error:
        raise _wrong_value(error, where) from None
    ratings = Ratings(
        Fraction(file.age_months),
        None if file.gestation_weeks is None else Fraction(file.gestation_weeks),
        _periods(file.adversity, ADVERSITY, "adversity", where),
        _periods(file.relational, RELATIONAL, "relational", where),
        _items(file.functions, FUNCTIONS, "functions", where),
        _items(file.relationships, RELATIONSHIPS, "relationships", where),
        frozenset(left_out),
    )
    _refuse_the_future(ratings, where)
    return ratings


def _without_not_applicable(data: object, place: str, left_out: set[str]) -> object:
    """Return `data` with null for what does not apply; the keys of that go to `left_out`."""
    if not isinstance(data, Mapping):
        return data
    kept: dict[object, object] = {}
    for key, value in cast("Mapping[object, object]", data).items():
        part, _, period = place.partition("/")
        if value == NOT_APPLICABLE and part in (_BY_PERIOD if period else ("relationships",)):
            left_out.add(f"{period}/{part}.{key}" if period else f"{part}.{key}")
            value = None
        deeper = f"{place}/{key}" if place in _BY_PERIOD else "" if place else str(key)
        kept[key] = _without_not_applicable(value, deeper, left_out) if deeper else value
    return kept


def _periods(
    given: dict[str, _Items] | None, items: tuple[str, ...], part: str, where: str
) -> Mapping[str, Mapping[str, int]]:
    given = given or {}
    _refuse_unknown(given, PERIODS, part, where)
    read = {
        period: _items(given.get(period), items, f"{part}.{period}", where) for period in PERIODS
    }
    return MappingProxyType({period: rated for period, rated in read.items() if rated})


def _items(given: _Items, items: tuple[str, ...], part: str, where: str) -> Mapping[str, int]:
    given = given or {}
    _refuse_unknown(given, items, part, where)
    ordered = ((item, given.get(item)) for item in items)
    return MappingProxyType({item: rating for item, rating in ordered if rating is not None})


def _refuse_unknown(given: Iterable[str], known: tuple[str, ...], part: str, where: str) -> None:
    for key in given:
        if key in known:
            continue
        shown = clean_line(key, 40)
        close = get_close_matches(shown, known, 1)
        advice = f"Did you mean '{close[0]}'?" if close else f"Known: {', '.join(known)}."
        raise IntakeError("SCORE-008", where, f"{part} has no '{shown}'.", advice)


def _refuse_the_future(ratings: Ratings, where: str) -> None:
    for part, periods in (("adversity", ratings.adversity), ("relational", ratings.relational)):
        for period in periods:
            if period in ratings.periods:
                continue
            what = f"{part}.{period} is rated, but that period has not begun at this age."
            advice = f"It begins at {PERIOD_STARTS[period]:g} months; check age_months."
            raise IntakeError("SCORE-009", where, what, advice)


def _wrong_value(error: ValidationError, where: str) -> IntakeError:
    details = error.errors(include_url=False, include_input=False)
    others = f" ({len(details) - 1} more such problems.)" if len(details) > 1 else ""
    place = ".".join(clean_line(str(step), 40) for step in details[0]["loc"]) or "the file"
    what = f"{place} {_what_is_wrong(details[0])}.{others}"
    return IntakeError("SCORE-007", where, what, "See the ratings file in the README.")


def _what_is_wrong(detail: ErrorDetails) -> str:
    match detail["type"], detail["loc"]:
        case "missing", _:
            return "is missing"
        case "extra_forbidden", _:
            return "is not a part of a ratings file"
        case _, ("age_months",):
            return f"must be a number of months from 0 to {OLDEST_MONTHS}"
        case _, ("gestation_weeks",):
            return "must be a number of weeks from 20 to 45, or null"
        case (("dict_type" | "model_type"), _):
            return "must be an object with names and ratings"
        case _:
            return f"must be a whole number from {LOWEST_RATING} to {HIGHEST_RATING}, or null"


LARGEST_BYTES: Final = 1_000_000
DEEPEST: Final = 20

_LONGEST_NUMBER: Final = 40
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_BRACKET: Final = re.compile(r"[\[\]{}]")


class _RefusedError(Exception):
    def __init__(self, code: str, what: str, advice: str) -> None:
        super().__init__(code)
        self.code = code
        self.what = what
        self.advice = advice


def parse(source: str | bytes, where: str) -> object:
    """Return the value of the JSON text `source`: plain nested data, finite numbers only.

    Raises one IntakeError, SCORE-001 to SCORE-006, for bytes that are not UTF-8, too much of
    them, broken JSON, deep nesting, a key that stands twice and numbers out of reach.
    """
    try:
        text = _text(source)
        _check_depth(text)
        return _decode(text)
    except _RefusedError as refused:
        raise IntakeError(refused.code, where, refused.what, refused.advice) from None


def _text(source: str | bytes) -> str:
    if len(source) > LARGEST_BYTES:
        what = "The file is larger than 1 MB."
        raise _RefusedError("SCORE-002", what, "A ratings file has a few kilobytes.")
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _RefusedError(
            "SCORE-001", "The file is not UTF-8 text.", "Save it as UTF-8."
        ) from None


def _check_depth(text: str) -> None:
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > DEEPEST:
            what = f"The JSON is nested deeper than {DEEPEST} levels."
            raise _RefusedError("SCORE-004", what, "Check that this is the file you meant.")


def _decode(text: str) -> object:
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_finite(int),
            parse_float=_finite(float),
            parse_constant=_refuse_number,
        )
    except json.JSONDecodeError as error:
        what = f"Line {error.lineno} is not JSON: {error.msg}."
        raise _RefusedError("SCORE-003", what, "Correct that line.") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read: dict[str, object] = {}
    for key, value in pairs:
        if key in read:
            what = f"'{clean_line(key, 40)}' stands twice in one object."
            raise _RefusedError("SCORE-005", what, "Keep one of the two.")
        read[key] = value
    return read


def _finite(read: Callable[[str], int | float]) -> Callable[[str], int | float]:
    def number(literal: str) -> int | float:
        if len(literal) > _LONGEST_NUMBER:
            return _refuse_number(literal)
        value = read(literal)
        return value if isfinite(value) else _refuse_number(literal)

    return number


def _refuse_number(_literal: str) -> int:
    what = "A number in the file is infinite, not a number, or too long."
    raise _RefusedError("SCORE-006", what, "Write ratings as whole numbers, unknown as null.")
