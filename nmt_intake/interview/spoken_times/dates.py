"""What a told time means as a date: EDTF level 1, both ends included."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from nmt_intake.interview.spoken_times.context import Context, Entry
from nmt_intake.interview.spoken_times.phrases import (
    AtEntry,
    Calendar,
    Relative,
    Said,
)
from nmt_intake.interview.spoken_times.results import Unclear

ONE_DAY: Final = timedelta(days=1)
# Judgement: the months of the early, middle and late part of a year.
_PARTS: Final = {"early": (1, 4), "mid": (4, 9), "late": (9, 12)}
# The months of a season and the one behind it, north: what a season is as an age (judgement).
_SEASON_MONTHS: Final = {21: (3, 6), 22: (6, 9), 23: (9, 12)}
BOUNDS: Final = (
    *("before", "by", "by_suffix", "after", "after_suffix", "at_least", "up_to"),
    *("just_before", "just_after", "since", "until"),
)
NEAR: Final = ("near", "near_after")


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


def bounded(found: Place, said: Said, context: Context) -> str:
    """Return a place with its bound and its marks of nearness and doubt."""
    near = found.mark == "~" or any(mod & set(NEAR) for mod in said.mods)
    doubt = any("doubt" in mod and not mod & set(NEAR) for mod in said.mods)
    mark = "%" if near and doubt else "~" if near else "?" if doubt else ""
    part = any("part" in mod for mod in said.mods)
    bounds = [
        next(role for role in BOUNDS if role in mod) for mod in said.mods if mod & set(BOUNDS)
    ]
    others = [
        mod
        for mod in said.mods
        if not mod & {*BOUNDS, *NEAR, "doubt", "just", "turned", "still", "exact", "part"}
    ]
    if others or len(set(bounds)) > 1 or (part and bounds):
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


def entry_of(core: AtEntry, context: Context) -> Entry:
    """Return the one entry that is meant; raises `Unclear` for none or several."""
    if core.places is None:
        return context.teller()
    if len(core.places) != 1:
        raise Unclear("entry")
    return context.entries[core.places[0]]
