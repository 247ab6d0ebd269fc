"""Figures, ages, times and codes in words. All rounding of the project happens here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from typing import Final

from nmt_intake.interview.values import age_in_words
from nmt_intake.scoring import Interval, Norms

UNKNOWN: Final = "?"
_FINEST: Final = 6


def begun(words: str) -> str:
    """Return words as a line begins: with a large letter, the rest as it is."""
    return words[:1].upper() + words[1:]


def rounded(value: Fraction, places: int = 0) -> str:
    """Return `value` rounded half up to so many places, without trailing noughts."""
    scale = 10**places
    whole = (2 * value * scale + 1) // 2
    text = f"{whole // scale}.{whole % scale:0{places}d}" if places else str(whole)
    return text.rstrip("0").rstrip(".") if "." in text else text


def figure(value: Fraction | None) -> str:
    """Return a sum or a rating to at most one decimal place; `?` where there is none."""
    return UNKNOWN if value is None else rounded(value, 1)


def percent(value: Fraction | None, norms: Norms) -> str:
    """Return a percentage rounded down, so that it never seems to reach a cut-off it has not.

    It is whole, unless the cut-offs of the bands are so fine that this would lose its band.
    """
    if value is None:
        return UNKNOWN
    places = 0
    while places < _FINEST and norms.recommendation(_down(value, places)) != (
        norms.recommendation(value)
    ):
        places += 1
    return rounded(_down(value, places), places)


def span(interval: Interval) -> str:
    """Return low, centre and high of a sum; the centre is `?` where nothing speaks for one."""
    return " – ".join(figure(value) for value in (interval.low, interval.mid, interval.high))


def whole_span(interval: Interval) -> str:
    """Return low, centre and high in whole numbers."""
    values = (interval.low, interval.mid, interval.high)
    return " – ".join(UNKNOWN if value is None else rounded(value) for value in values)


def percent_span(interval: Interval, norms: Norms) -> str:
    """Return low, centre and high of percentages."""
    values = (interval.low, interval.mid, interval.high)
    return " – ".join(percent(value, norms) for value in values) + " %"


def age(months: Fraction | float) -> str:
    """Return an age in months as people say it."""
    return age_in_words(float(round(months, 1)))


def age_said(months: float, texts: Mapping[str, str]) -> str:
    """Return an age with the words of a language: weeks under three months, months to two years."""
    if months <= 0:
        return texts["age_birth"] if months > -1 else texts["age_before"]
    if months < 3:
        return texts["age_weeks"].format(n=int(months * 365.25 / 12 / 7 + 1e-9))
    if months < 24:
        return texts["age_months"].format(n=int(months + 1e-9))
    years, rest = divmod(int(months + 1e-9), 12)
    return texts["age_years_months" if rest else "age_years"].format(y=years, m=rest)


def when(moment: datetime, zone: str) -> str:
    """Return a time as the clock on the wall showed it, with its zone."""
    offset = _offset(zone)
    local = moment.astimezone(timezone(offset))
    return f"{local:%Y-%m-%d %H:%M} ({f'UTC{local:%z}' if offset else 'UTC'})"


def _down(value: Fraction, places: int) -> Fraction:
    return Fraction(value * 10**places // 1, 10**places)


def _offset(zone: str) -> timedelta:
    sign, digits = zone[:1], zone[1:].replace(":", "")
    if sign not in ("+", "-") or len(digits) != 4 or not (digits.isascii() and digits.isdigit()):
        return timedelta()
    length = timedelta(hours=int(digits[:2]) % 24, minutes=int(digits[2:]) % 60)
    return -length if sign == "-" else length
