"""What a told time means as a date: EDTF level 1, both ends included."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from nmt_intake.interview.spoken_times.context import Context, Entry, day_at
from nmt_intake.interview.spoken_times.phrases import (
    Ago,
    AtEntry,
    Between,
    Birthday,
    Calendar,
    Node,
    Relative,
    Said,
)
from nmt_intake.interview.spoken_times.results import Ages, Unclear

ONE_DAY: Final = timedelta(days=1)
# Judgement: the months of the early, middle and late part of a year.
_PARTS: Final = {"early": (1, 4), "mid": (4, 9), "late": (9, 12)}
# The months of a season and the one behind it, north: what a season is as an age (judgement).
_SEASON_MONTHS: Final = {21: (3, 6), 22: (6, 9), 23: (9, 12)}
_BOUNDS: Final = (
    *("before", "by", "by_suffix", "after", "after_suffix", "at_least", "up_to"),
    *("just_before", "just_after", "since", "until"),
)
_NEAR: Final = ("near", "near_after")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the calendar: its first and last day, and how EDTF writes it."""

    first: date
    last: date
    text: str
    mark: str = ""  # what the words themselves make of it: Christmas is about December


def place(core: Calendar | Relative, context: Context) -> Place:
    """Return where in the calendar a time is; raises `Unclear`."""
    if isinstance(core, Relative):
        return _relative(core, context)
    year = core.year
    if year is None:
        raise Unclear("year")
    if not 1800 <= year <= 2200:
        raise Unclear("impossible")
    if core.decade:
        if core.part == "mid":
            raise Unclear("too_vague")
        first, last = {"early": (0, 4), "late": (5, 9)}.get(core.part or "", (0, 9))
        text = f"{year + first}/{year + last}" if core.part else f"{year // 10}X"
        return Place(date(year + first, 1, 1), date(year + last, 12, 31), text)
    if core.christmas:
        return Place(date(year, 12, 1), date(year + 1, 1, 31), f"{year}-12", "~")
    if core.season is not None:
        first, last = season_days(year, core.season)
        return Place(first, last, f"{year}-{core.season}")
    if core.part is not None:
        low, high = _PARTS[core.part]
        first, last = date(year, low, 1), _month_end(year, high)
        return Place(first, last, f"{year}-{low:02}/{year}-{high:02}")
    if core.month is None:
        return Place(date(year, 1, 1), date(year, 12, 31), f"{year}")
    if not 1 <= core.month <= 12:
        raise Unclear("impossible")
    last = _month_end(year, core.month)
    if core.day is None:
        return Place(date(year, core.month, 1), last, f"{year}-{core.month:02}")
    if not 1 <= core.day <= last.day:
        raise Unclear("impossible")
    day = date(year, core.month, core.day)
    return Place(day, day, day.isoformat())


def season_days(year: int, season: int) -> tuple[date, date]:
    """Return the widest days of a season of either hemisphere: those of its year."""
    return date(year, 1, 1), date(year, 12, 31)


def season_as_age(year: int, season: int) -> Place:
    """Return the three months of a northern season and the month behind it (judgement)."""
    low, high = _SEASON_MONTHS[season]
    return Place(date(year, low, 1), _month_end(year, high), f"{year}-{season}")


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _relative(core: Relative, context: Context) -> Place:
    today = context.today
    match core.which, core.what:
        case "last", "year":
            return place(Calendar(today.year - 1), context)
        case "last", "month":
            year, month = divmod(today.year * 12 + today.month - 2, 12)
            return place(Calendar(year, month + 1), context)
        case "last", "christmas":
            return place(Calendar(today.year - 1, christmas=True), context)
        case "this", "year":
            return place(Calendar(today.year), context)
        case "this", "month":
            return place(Calendar(today.year, today.month), context)
        case "yesterday", _:
            day = today - ONE_DAY
            return Place(day, day, day.isoformat())
        case "today", _:
            return Place(today, today, today.isoformat())
        case "next", _:
            raise Unclear("impossible")
        case _:
            raise Unclear("year")


def edtf(node: Node, context: Context, ages: Callable[[Said, Context], Ages]) -> str:
    """Return a date question's answer in EDTF; `ages` reads what is told as an age.

    Raises `Unclear`.
    """
    if isinstance(node, Between):
        first, last = (
            _ended(each, context, low) for each, low in ((node.first, True), (node.second, False))
        )
        _not_ahead(first.first, context)
        if first.first > last.last:
            raise Unclear("impossible")
        return f"{first.text.split('/')[0]}/{last.text.split('/')[-1]}"
    core = node.core
    if isinstance(core, Ago):
        return _ago(core, node, context)
    found = place(core, context) if isinstance(core, Calendar | Relative) else None
    if found is None:
        return _from_age(node, context, ages)
    _not_ahead(found.first, context)
    return bounded(found, node, context)


def _ended(said: Said, context: Context, low: bool) -> Place:
    if not isinstance(said.core, Calendar | Relative):
        raise Unclear("two_times")
    if any(mod & set(_BOUNDS) for mod in said.mods):
        raise Unclear("two_times")
    return place(said.core, context)


def _not_ahead(first: date, context: Context) -> None:
    if context.interviewed is not None and first > context.interviewed:
        raise Unclear("impossible")


def bounded(found: Place, said: Said, context: Context) -> str:
    """Return a place with its bound and its marks of nearness and doubt."""
    near = found.mark == "~" or any(mod & set(_NEAR) for mod in said.mods)
    doubt = any("doubt" in mod and not mod & set(_NEAR) for mod in said.mods)
    mark = "%" if near and doubt else "~" if near else "?" if doubt else ""
    bounds = [
        next(role for role in _BOUNDS if role in mod) for mod in said.mods if mod & set(_BOUNDS)
    ]
    others = [
        mod
        for mod in said.mods
        if not mod & {*_BOUNDS, *_NEAR, "doubt", "just", "turned", "still", "exact"}
    ]
    if others or len(set(bounds)) > 1:
        raise Unclear("too_vague")
    if "/" in found.text and (mark or bounds):
        raise Unclear("too_vague")
    match bounds[:1]:
        case []:
            return found.text + mark
        case ["before"] | ["just_before"]:
            if "X" in found.text or mark or _is_season(found.text):
                raise Unclear("too_vague")
            return f"../{_neighbour(found, found.first - ONE_DAY)}"
        case ["by"] | ["by_suffix"] | ["up_to"] | ["until"]:
            return f"../{found.text}{mark}"
        case ["since"] | ["at_least"] | ["after_suffix"]:
            return f"{found.text}{mark}/.."
        case _:
            if "X" in found.text or mark or _is_season(found.text):
                raise Unclear("too_vague")
            return f"{_neighbour(found, found.last + ONE_DAY)}/.."


def _is_season(text: str) -> bool:
    return len(text) == 7 and int(text[5:]) > 12


def _neighbour(found: Place, day: date) -> str:
    """Return the day, month or year beside a place, as exact as the place is."""
    return day.isoformat()[: len(found.text)]


def _ago(core: Ago, said: Said, context: Context) -> str:
    amount, today = core.amount, context.today
    rounded = not amount.rest and not amount.few and not amount.coarse
    exact = {"near", "near_after", "doubt", "just"}
    if not rounded or any(not mod & exact for mod in said.mods):
        raise Unclear("too_vague")
    doubt = any("doubt" in mod and not mod & set(_NEAR) for mod in said.mods)
    mark = "%" if doubt else "~"
    count = int(amount.low)
    match amount.unit:
        case "year" if count < 200:
            return f"{today.year - count:04}{mark}"
        case "month" if count < 2400:
            year, month = divmod(today.year * 12 + today.month - 1 - count, 12)
            return f"{year:04}-{month + 1:02}{mark}"
        case "day" if count < 4000:
            return f"{(today - timedelta(days=count)).isoformat()}{mark}"
        case _:
            raise Unclear("too_vague")


def _from_age(said: Said, context: Context, ages: Callable[[Said, Context], Ages]) -> str:
    """Return the days on which the client had an age."""
    first, last = context.born
    core = said.core
    plain = not any(mod - {"turned"} for mod in said.mods)
    if isinstance(core, Birthday) and plain and first == last:
        day = day_at(first, core.number * 12)
        _not_ahead(day, context)
        return day.isoformat()
    found = ages(said, context)
    start = day_at(first, found.low)
    _not_ahead(start, context)
    if found.high is None:
        return f"{start.isoformat()}/.."
    end = day_at(last, found.high) - ONE_DAY
    return f"{start.isoformat()}/{max(start, end).isoformat()}"


def entry_of(core: AtEntry, context: Context) -> Entry:
    """Return the one entry that is meant; raises `Unclear` for none or several."""
    if core.places is None:
        return context.teller()
    if len(core.places) != 1:
        raise Unclear("entry")
    return context.entries[core.places[0]]
