"""Stored times, ages and amounts as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pydantic import JsonValue

from nmt_intake.interview.readers import WEEKS_A_MONTH, Asked
from nmt_intake.interview.spans import Span, span_from
from nmt_intake.interview.spoken_times.stored import GRAIN


def age_in_words(months: float) -> str:
    """Return an age in months as people say it: 14 months, 7 y 2 m, birth."""
    if months < 0:
        return "before birth"
    if months == 0:
        return "birth"
    if months < 1:
        weeks = max(1, round(months * WEEKS_A_MONTH))
        return f"{weeks} weeks" if weeks > 1 else "1 week"
    whole = int(months)
    if whole < 24:
        return f"{digits(months)} months" if months != 1 else "1 month"
    years, rest = divmod(whole, 12)
    return f"{years} y {rest} m" if rest else f"{years} y"


def digits(number: float) -> str:
    """Return a number without an exponent and without needless decimals."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


def span_in_words(question: Asked, span: Span) -> str:
    """Return a span as a person reads it: between two ends, and what was said."""
    low, high = _ends_in_words(question, span)
    if low and high:
        found = low if low == high else f"{low} to {high}"
    else:
        found = f"{low} or more" if low else f"{high} or less"
    if span.unit == "date" and not (low and high):
        found = f"{low} or later" if low else f"{high} or earlier"
    return f"{found} (\u201c{span.words}\u201d)" if span.words else found


def _end_of_span(question: Asked, span: Span, end: float | None) -> str:
    if end is None:
        return ""
    if span.unit == "date":
        return date.fromordinal(int(end)).isoformat()
    return f"{digits(end)} {question.unit or span.unit.replace('count', '')}".rstrip()


def _ends_in_words(question: Asked, span: Span) -> tuple[str, str]:
    low, high = span.low, _open_end(span)
    if span.unit != "months":
        return _end_of_span(question, span, low), _end_of_span(question, span, high)
    in_years = all(end is None or end % 12 == 0 for end in (low, high))
    return _end_of_age(low, in_years), _end_of_age(high, in_years)


def _open_end(span: Span) -> float | None:
    """Return the high end as people say it: 12 to 23.99 months is 1 y to 2 y."""
    if span.unit != "months" or span.high is None or span.high == int(span.high):
        return span.high
    return round(span.high + GRAIN, 2)


def _end_of_age(months: float | None, in_years: bool) -> str:
    """Return an end of a span of ages: in weeks or days when young; no words for no end."""
    if months is None:
        return ""
    if in_years and months >= 12:
        return f"{int(months // 12)} y"
    if months < 0:
        return f"{digits(-months)} months before birth"
    if 0 < months < 3 and months != int(months):
        days = round(months * 365.25 / 12)
        return f"{days // 7} weeks" if days % 7 == 0 and days > 7 else f"{days} days"
    return age_in_words(round(months, 1))


def interval_in_words(value: Mapping[str, JsonValue]) -> str:
    """Return an interval as a person reads it."""
    return f"{end_in_words(value.get('from'))} to {end_in_words(value.get('to'))}"


def end_in_words(end: JsonValue) -> str:
    """Return an end of an interval as a person reads it; a whole year of life as that age."""
    span = span_from(end)
    if span is not None and span.unit == "months":
        low, high = span.low, _open_end(span)
        in_years = all(each is None or each % 12 == 0 for each in (low, high))
        if in_years and low and high == low + 12:
            return age_in_words(low)
        first, last = _end_of_age(low, in_years), _end_of_age(high, in_years)
        return f"{first or '?'}\u2013{last or '?'}" if first != last else first
    match end:
        case int() | float():
            return age_in_words(end)
        case "now":
            return "now"
        case _:
            return "not known"
