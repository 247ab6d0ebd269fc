"""The list of spoken times: what was said, to what question, and what it means.

The meaning follows from .readme/times.md. `seen.yaml` is for those who write the reader,
`unseen.yaml` is only for judging it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, JsonValue

FOLDER: Final = Path(__file__).parent
HALVES: Final = ("seen", "unseen")
FRESH: Final = "fresh"  # written later, and run once before anything was changed for it
TOLERANCE: Final = 0.05  # months, or the unit of the number: the list has two decimals

Kind: TypeAlias = Literal["age", "date", "interval", "count", "duration", "hours"]
Topic: TypeAlias = Literal[
    "sits",
    "stands_held",
    "crawls",
    "walks_held",
    "stands_alone",
    "walks_alone",
    "first_words",
    "two_words",
    "toilet_day",
    "sleep",
    "nap",
]
Unclear: TypeAlias = Literal[
    "unit",
    "year",
    "day_or_month",
    "birth_date",
    "event",
    "entry",
    "part_of_day",
    "impossible",
    "too_vague",
    "two_times",
    "slip",
    "not_told",
]
Unit: TypeAlias = Literal["minutes", "hours", "days", "weeks", "months", "years"]
Verdict: TypeAlias = Literal["right", "asked back", "wider", "wrong"]
Shape: TypeAlias = Mapping[str, JsonValue]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Ends(_Model):
    """A span of ages in months, `low <= age < high`; `high` None: up to the interview."""

    low: float
    high: float | None


class Number(_Model):
    """A number told, both ends included; `high` None: no upper bound was told."""

    low: float
    high: float | None
    unit: Unit | None = None
    per: Literal["day", "week", "month", "year"] | None = None


class Meaning(_Model):
    """What a time means: exactly one of a span, EDTF, two ends, a number, or asking back."""

    span: Ends | None = None
    edtf: str | None = None
    start: Ends | None = Field(None, alias="from")
    end: Ends | Literal["now"] | None = Field(None, alias="to")
    number: Number | None = None
    ask_back: Unclear | None = None

    def as_data(self) -> Shape:
        """Return the shape that a reader's result is compared with; null ends of intervals kept."""
        data = self.model_dump(mode="json", by_alias=True, exclude_unset=True)
        return cast("Shape", data)


class Spoken(_Model):
    """One time as it was told."""

    id: str = Field(pattern=r"^[tf]\d{3}$")
    kind: Kind
    sort: str
    case: str
    topic: Topic | None = None
    unit: Unit | None = None
    words: str = Field(min_length=1)
    expect: Meaning

    @property
    def language(self) -> str:
        """`en` or `es`."""
        return str(contexts()[self.case]["locale"])[:2]

    def context(self) -> dict[str, JsonValue]:
        """Return what a reader may know: the case, and the topic and unit of the question."""
        return {**contexts()[self.case], "topic": self.topic, "unit": self.unit}


@cache
def contexts() -> Mapping[str, Mapping[str, JsonValue]]:
    """Return the made-up clients by their short name."""
    return yaml.safe_load((FOLDER / "contexts.yaml").read_text("utf-8"))


@cache
def spoken(half: str) -> tuple[Spoken, ...]:
    """Return one half of the list, `seen` or `unseen`."""
    rows = yaml.safe_load((FOLDER / f"{half}.yaml").read_text("utf-8"))
    return tuple(Spoken.model_validate(row) for row in rows)


def judge(expected: Shape, got: Shape) -> Verdict:
    """Return how a reader's result compares with the list.

    Wider holds the whole of what was meant and more; wrong leaves out a part of it, has another
    unit, or is a time where the list asks back.
    """
    if "ask_back" in got:
        return "right" if "ask_back" in expected else "asked back"
    if "ask_back" in expected or expected.keys() != got.keys():
        return "wrong"
    verdicts = {_compared(expected[key], got[key]) for key in expected}
    return next(each for each in ("wrong", "wider", "right") if each in verdicts)


def _compared(meant: JsonValue, got: JsonValue) -> Verdict:
    """Return the verdict on one end, span, number or EDTF text; a None end is one not told."""
    match meant, got:
        case str(), str() if meant != got:
            return _dates_compared(meant, got)
        case dict(), dict():
            if any(meant.get(key) != got.get(key) for key in ("unit", "per")):
                return "wrong"
            low = _number(got.get("low"), -9e9) - _number(meant["low"], -9e9)
            high = _number(got.get("high"), 9e9) - _number(meant["high"], 9e9)
            if low > TOLERANCE or high < -TOLERANCE:
                return "wrong"
            return "right" if low >= -TOLERANCE and high <= TOLERANCE else "wider"
        case _:
            return "right" if meant == got else "wrong"


def _number(value: JsonValue, otherwise: float) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return otherwise


def _dates_compared(meant: str, got: str) -> Verdict:
    """Return the verdict on two EDTF texts; doubt, nearness and open ends must be the same."""
    if _marks(meant) != _marks(got):
        return "wrong"
    try:
        (first, last), (low, high) = _days(meant), _days(got)
    except ValueError:  # no date at all, or the word "now"
        return "wrong"
    if low > first or high < last:
        return "wrong"
    return "right" if (low, high) == (first, last) else "wider"


def _marks(text: str) -> tuple[str, bool, bool]:
    """Return what no comparison of days sees: qualifiers, an open end, an end not known."""
    qualifiers = "".join(letter for letter in text if letter in "?~%")
    return (
        qualifiers,
        text.startswith("..") or text.endswith(".."),
        (text[:1] == "/" or text[-1:] == "/"),
    )


def _days(text: str) -> tuple[str, str]:
    """Return the first and last day of an EDTF text, as ISO dates that can be compared."""
    start, _, end = text.translate({ord(mark): None for mark in "?~%"}).partition("/")
    if "/" not in text:
        end = start
    first = "0000" if start in ("", "..") else _day(start, first=True)
    return first, "9999" if end in ("", "..") else _day(end, first=False)


def _day(text: str, first: bool) -> str:
    year, *rest = text.replace("X", "0" if first else "9").split("-")
    int(year)
    if rest and int(rest[0]) > 12:  # a season: inside its year, and never the whole of it
        return f"{year}-01-02" if first else f"{year}-12-30"
    return "-".join([year, *rest, *(["01", "01"] if first else ["12", "31"])[len(rest) :]])
