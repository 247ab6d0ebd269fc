"""What was told as a time, as the answer that is stored: spans of `interview.spans`.

Ages here are half-open (`low <= age < high`); the engine's spans include both ends. An age is told
and kept with two decimals of a month, so the stored high end is a hundredth of a month (a third of
a day) below: [12, 24) is stored as 12 to 23.99. `values.in_words` says the open end again. Numbers
and days have both ends included on either side and are stored as they are.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from pydantic import JsonValue

from nmt_intake.interview.spans import PartialDate, Span
from nmt_intake.interview.spoken_times import dates
from nmt_intake.interview.spoken_times.context import Context, months_at
from nmt_intake.interview.spoken_times.lexicon import lexicon
from nmt_intake.interview.spoken_times.phrases import IN_MONTHS
from nmt_intake.interview.spoken_times.reader import read
from nmt_intake.interview.spoken_times.results import Ages, Days, Number, Period, Told, Unclear
from nmt_intake.text import clean_line

GRAIN: Final = 0.01  # months: what a half-open end is above the last value that it holds
_LONGEST_WORDS: Final = 200
_UNITS: Final = ("minutes", "hours", "days", "weeks", "months", "years")
# Units of a number that is no time and no count: what people say of them is not read here.
_MEASURES: Final = frozenset(
    [
        "g",
        "kg",
        "mg",
        "cm",
        "mm",
        "m",
        "km",
        "ml",
        "l",
        "%",
        "percent",
        "°c",
        "c",
        "f",
        "lb",
        "lbs",
        "oz",
        "points",
        "score",
        "grams",
        "kilos",
    ]
)
# Judgement: how much wider a date with ~ or ? is for a condition, by what it was told to.
_DOUBT: Final = {4: timedelta(days=366), 7: timedelta(days=62), 10: timedelta(days=7)}


def spoken_value(kind: str, unit: str | None, words: str, context: Context) -> JsonValue:
    """Return the stored form of what was said to a question of this kind and unit.

    Raises `Unclear` where the reader would ask back, also for a kind that takes no time.
    """
    told = read_for(kind, unit, words, context)
    if told is None:
        raise Unclear("not_told")
    if told.meant is None:
        raise Unclear(told.unclear or "too_vague", told.about)
    said = clean_line(words, _LONGEST_WORDS)
    match told.meant:
        case Ages() as ages:
            return _age(ages, said).stored()
        case Days(edtf) if kind == "date":
            return _date(edtf, said, context)
        case Days(edtf):
            return _dated_period(edtf, said, context)
        case Period() as period:
            return _period(period, said)
        case Number() as number:
            return _number(number, unit, said)
    raise Unclear("too_vague")


def read_for(kind: str, unit: str | None, words: str, context: Context) -> Told | None:
    """Return what was said to a question of the bank; None for one that takes no spoken time."""
    match kind:
        case "age" | "date" | "interval":
            return read(words, kind, context)
        case "number" if unit == "hours":
            return read(words, "hours", context)
        case "number" if unit in _UNITS:
            return read(words, "duration", context.with_unit(unit))
        case "number" if (unit or "").casefold() not in _MEASURES:
            return read(words, "count", context)
        case _:
            return None


def _age(ages: Ages, words: str) -> Span:
    low = round(ages.low, 2)
    high = None if ages.high is None else max(low, round(ages.high - GRAIN, 2))
    return Span(_whole(low), None if high is None else _whole(high), words)


def _whole(number: float) -> float:
    return int(number) if number == int(number) else number


def _period(period: Period, words: str) -> JsonValue:
    start = _age(period.start, words).stored() if period.start else None
    end = _age(period.end, words).stored() if isinstance(period.end, Ages) else period.end
    return {"from": start, "to": end}


def _dated_period(edtf: str, words: str, context: Context) -> JsonValue:
    """Return two dates as the ages at which it began and ended; raises `Unclear` without birth."""
    first, last = context.born
    start, end = edtf.split("/")
    ends: list[JsonValue] = []
    for text in (start, end):
        if text in ("", ".."):
            ends.append("now" if text == ".." else None)
            continue
        low, high = _days(text, context)
        ages = Ages(max(-9, months_at(last, low)), months_at(first, high) + 1)
        ends.append(_age(ages, words).stored())
    return {"from": None if ends[0] == "now" else ends[0], "to": ends[1]}


def _date(edtf: str, words: str, context: Context) -> JsonValue:
    plain = PartialDate.read(edtf)
    if plain is not None:
        return str(plain)
    start, slash, end = edtf.partition("/")
    if not slash:
        low, high = _days(edtf, context)
    else:
        low = None if start in ("", "..") else _days(start, context)[0]
        high = None if end in ("", "..") else _days(end, context)[1]
    return Span.of_dates(low, high, words, edtf).stored()


def _days(text: str, context: Context) -> tuple[date, date]:
    """Return the first and last day that a date of EDTF level 1 may mean, with its doubt."""
    bare = text.rstrip("?~%")
    doubt = _DOUBT.get(len(bare), timedelta()) if bare != text else timedelta()
    if bare.endswith("X"):
        low, high = date(int(bare[:3] + "0"), 1, 1), date(int(bare[:3] + "9"), 12, 31)
    elif len(bare) == 7 and int(bare[5:]) > 12:
        low, high = _season(int(bare[:4]), int(bare[5:]), context)
    else:
        found = PartialDate.read(bare)
        bounds = found.bounds() if found else None
        if bounds is None:
            raise Unclear("too_vague")
        low, high = bounds
    return low - doubt, high + doubt


def _season(year: int, season: int, context: Context) -> tuple[date, date]:
    """Return the days of a season: of the north where that is sure, else of either hemisphere."""
    if context.northern and season != 24:
        place = dates.season_as_age(year, season)
        return place.first, place.last
    return date(year - 1, 12, 1), date(year + 1, 3, 31)


def _number(number: Number, unit: str | None, words: str) -> JsonValue:
    """Return a number in the unit of its question; raises `Unclear` where that cannot be."""
    if number.per is not None:
        asked = (unit or "").casefold()
        if number.per not in asked.replace("weekly", "week").replace("monthly", "month"):
            raise Unclear("too_vague")
        return _exact(number.low, number.high, words, "count")
    if number.unit is None:
        return _exact(number.low, number.high, words, "hours" if unit == "hours" else "count")
    rate = 1.0
    if number.unit != unit:
        rate = IN_MONTHS[number.unit.removesuffix("s")] / IN_MONTHS[str(unit).removesuffix("s")]
    low = round(number.low * rate, 2)
    high = None if number.high is None else round(number.high * rate, 2)
    return _exact(low, high, words, unit if unit in ("weeks", "days", "months") else "count")


def _exact(low: float, high: float | None, words: str, unit: str) -> JsonValue:
    if high is not None and low == high:
        return _whole(low)
    ends = (_whole(low), None if high is None else _whole(high))
    return Span(*ends, words, unit).stored()  # type: ignore[arg-type]


def asking_back(unclear: Unclear, language: str) -> str:
    """Return the one sentence that asks what is unclear, in a language of the reader."""
    asks = lexicon(language).asks
    if unclear.code == "unit" and unclear.about:
        return asks["unit"].format(
            number=unclear.about[:1].upper() + unclear.about[1:], again=unclear.about
        )
    return asks["unit_bare" if unclear.code == "unit" else unclear.code]
