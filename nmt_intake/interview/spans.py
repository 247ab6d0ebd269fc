"""Times and amounts as wide as they were told: lowest, highest, unit, and the words.

"About 14 months" is neither 14 nor unknown: it is a span. Everything that reads an answer (values,
conditions, checks, ratings, the report) carries the span; nothing picks a middle.

A span is stored as JSON with its ends as people would write them:
`{"low": 12, "high": 15, "unit": "months", "words": "12-15 months"}`, and dates as
`{"low": "2019-06-01", "high": "2019-08-31", "unit": "date", "words": "summer 2019"}`. A date whose
day or month is not known is a `PartialDate` and is stored in its short form, `2019-06`. A date that
was told with doubt, or as a season, keeps how EDTF level 1 writes it beside its ends: `"edtf":
"2019-22"`; the ends then are the widest days that it may mean.

Both ends are included. The reader of spoken times gives ages half-open (`low <= age < high`); what
it stores as `high` is a hundredth of a month below, see `spoken_times.stored`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias, cast, get_args

from pydantic import JsonValue

from nmt_intake.text import clean_line

# Ages are in `months` from birth (pregnancy is -9 to 0); `date` holds days as `date.toordinal`.
Unit: TypeAlias = Literal["months", "date", "weeks", "days", "hours", "count"]
UNITS: Final[tuple[str, ...]] = get_args(Unit)

_WRITTEN: Final = re.compile(
    r"(?P<year>[0-9]{4}|XXXX)(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX))?)?"
)
# EDTF level 1: a date with at most one qualifier, a decade, or an interval of two of them.
_ONE: Final = r"(?:[0-9]{3}X|[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)[?~%]?"
_EDTF: Final = re.compile(rf"{_ONE}|(?:{_ONE}|\.\.)?/(?:{_ONE}|\.\.)?")
_SEASONS: Final = ("21", "22", "23", "24")  # spring, summer, autumn, winter of EDTF level 1


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A calendar date of which year, month or day may not be known; what is known exists.

    The 29th of February needs a leap year or no year; a month or day 00 is refused when read.
    """

    year: int | None
    month: int | None = None
    day: int | None = None

    @classmethod
    def read(cls, text: str) -> PartialDate | None:
        """Return the date that `2019-09-14`, `2019-09`, `2019` or `XXXX-09` writes, or None.

        Unknown digits are written XX, as in EDTF; a month or day of 00 is no date.
        """
        found = _WRITTEN.fullmatch(text)
        if found is None:
            return None
        year, month, day = (
            None if part is None or part.startswith("X") else int(part) for part in found.groups()
        )
        made = cls(year, month, day)
        return made if made._exists() else None

    def _exists(self) -> bool:
        if self.year is None and self.month is None:
            return False
        if self.year == 0 or (self.month is not None and not 1 <= self.month <= 12):
            return False
        if self.day is None:
            return True
        if self.month is None:
            return False
        return 1 <= self.day <= calendar.monthrange(self.year or 2000, self.month)[1]

    def bounds(self) -> tuple[date, date] | None:
        """Return the first and the last day it may be; None where the year is not known."""
        if self.year is None:
            return None
        month = self.month or 12
        last = self.day or calendar.monthrange(self.year, month)[1]
        return date(self.year, self.month or 1, self.day or 1), date(self.year, month, last)

    def __str__(self) -> str:
        """Return it as it is stored: EDTF, without the part that is not known at the end."""
        year = "XXXX" if self.year is None else f"{self.year:04}"
        if self.month is None:
            return year
        return f"{year}-{self.month:02}" + (f"-{self.day:02}" if self.day else "")


@dataclass(frozen=True, slots=True)
class Span:
    """Something between `low` and `high`, both included, in `unit`; None is an end nobody knows.

    `words` are what was said. Raises ValueError for ends the wrong way round or none at all.
    """

    low: float | None
    high: float | None
    words: str
    unit: Unit = "months"
    told: str = ""  # a date in EDTF as it was told (2019~, 2019-22), where the ends say less

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise ValueError("a span has at least one end")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("a span ends before it begins")

    @classmethod
    def of_dates(cls, first: date | None, last: date | None, words: str, told: str = "") -> Span:
        """Return the span of the days from `first` to `last`, both included."""
        ends = [None if each is None else each.toordinal() for each in (first, last)]
        return cls(ends[0], ends[1], words, "date", told)

    @property
    def exact(self) -> bool:
        """Whether it is one value."""
        return self.low is not None and self.low == self.high

    @property
    def first_day(self) -> date | None:
        """The first day of a span of dates; None where nobody knows."""
        return self._day(self.low)

    @property
    def last_day(self) -> date | None:
        """The last day of a span of dates; None where nobody knows."""
        return self._day(self.high)

    def _day(self, end: float | None) -> date | None:
        if self.unit != "date":
            raise ValueError("no span of dates")
        return None if end is None else date.fromordinal(int(end))

    def edtf(self) -> str:
        """Return a span of dates in EDTF level 1: `2019`, `2019-22`, `201X`, `../2019-06`.

        Level 1 cannot say "one day of these", so what is no calendar unit is its two ends with a
        slash; an end nobody knows is `..`. Raises ValueError for a span that is not of dates.
        """
        first, last = self.first_day, self.last_day
        if self.told:
            return self.told
        if first is None or last is None:
            return f"{first or '..'}/{last or '..'}"
        return _calendar_unit(first, last) or f"{_month_or_day(first, 1)}/{_end(last)}"

    def stored(self) -> dict[str, JsonValue]:
        """Return it as the JSON object that an answer holds."""
        if self.unit == "date":
            low = self.first_day.isoformat() if self.first_day else None
            high = self.last_day.isoformat() if self.last_day else None
            held: dict[str, JsonValue] = {
                "low": low,
                "high": high,
                "unit": "date",
                "words": self.words,
            }
            return held | {"edtf": self.told} if self.told else held
        return {"low": self.low, "high": self.high, "unit": self.unit, "words": self.words}


def span_from(stored: object) -> Span | None:
    """Return the span that a stored answer holds, or None if it is none."""
    if not isinstance(stored, Mapping):
        return None
    held = cast("Mapping[object, object]", stored)
    if not {"low", "high"} <= held.keys() <= {"low", "high", "unit", "words", "edtf"}:
        return None
    unit, words = held.get("unit", "months"), held.get("words", "")
    told = held.get("edtf", "")
    if unit not in UNITS or not isinstance(words, str) or not isinstance(told, str):
        return None
    if told and (unit != "date" or _EDTF.fullmatch(told) is None):
        return None
    try:
        low, high = (_read_end(held[key], str(unit)) for key in ("low", "high"))
        return Span(low, high, clean_line(words, 200), cast("Unit", unit), told)
    except ValueError:
        return None


def _read_end(end: object, unit: str) -> float | None:
    match end:
        case None:
            return None
        case str() if unit == "date":
            return date.fromisoformat(end).toordinal()
        case bool():
            raise ValueError("no end of a span")
        case int() | float() if unit != "date" and -1e12 <= end <= 1e12:
            return end
        case _:
            raise ValueError("no end of a span")


def _calendar_unit(first: date, last: date) -> str | None:
    """Return the year, decade, season, month or day that the days from first to last are."""
    if first == last:
        return first.isoformat()
    if first.day != 1 or last.day != calendar.monthrange(last.year, last.month)[1]:
        return None
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months == 1:
        return f"{first:%Y-%m}"
    if months == 3 and first.month % 3 == 0:  # the meteorological seasons of the north
        return f"{first.year:04}-{_SEASONS[first.month // 3 - 1]}"
    if first.month == 1 and months == 12:
        return f"{first.year:04}"
    if first.month == 1 and first.year % 10 == 0 and months == 120:
        return f"{first.year // 10:03}X"
    return None


def _month_or_day(day: date, first: int) -> str:
    return f"{day:%Y-%m}" if day.day == first else day.isoformat()


def _end(day: date) -> str:
    return _month_or_day(day, calendar.monthrange(day.year, day.month)[1])
