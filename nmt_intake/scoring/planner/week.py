"""The week on one page: what of `now` happens on which day, when, by whom, for how long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from nmt_intake.bank.model import Activity
from nmt_intake.scoring.planner.plan import Day, Entry, Line, WeekRow

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# The moments of a day as they are printed, in order.
MOMENTS: Final = {
    "all_day": "Through the day",
    "morning": "Morning",
    "meals": "At a meal",
    "school": "At school or work",
    "afternoon": "Afternoon",
    "evening": "Evening",
    "night": "Bedtime and night",
    "any": "When it comes up",
}
# So many times a week fall on these days. Judgement: rest days between, school on school days.
_SPREAD: Final = {
    1: (2,),
    2: (1, 4),
    3: (0, 2, 4),
    4: (0, 1, 3, 4),
    5: (0, 1, 2, 3, 4),
    6: (0, 1, 2, 3, 4, 5),
}
_WEEKEND: Final = {1: (5,), 2: (5, 6)}
_EVERY_DAY: Final = 7
_SCHOOL_DAYS: Final = 5
# What is done ten times a week or more at no set hour goes through the day.
_MANY_TIMES: Final = 10
# What has no hour of its own goes where its effect serves: awake before school, quiet before sleep.
_BY_EFFECT: Final = {"alerting": "morning", "organising": "afternoon", "calming": "evening"}
# What wakes up does not belong before sleep.
_BEFORE_SLEEP: Final = frozenset({"evening", "night"})
_COUNTS: Final = ("", "once", "twice", "three times", "four times", "five times", "six times")
_PHRASES: Final = {
    "all_day": "",
    "morning": "in the morning",
    "meals": "at a meal",
    "school": "at school or work",
    "afternoon": "in the afternoon",
    "evening": "in the evening",
    "night": "at bedtime",
    "any": "",
}


def slot_of(activity: Activity) -> str:
    """Return the moment of a day that an activity is for: its own, or the one its effect serves."""
    moment = activity.moment or "day"
    if moment == "any":
        return moment
    if activity.effect == "alerting" and moment in _BEFORE_SLEEP:
        return "afternoon"
    if moment in ("day", "weekend"):
        if activity.times >= _MANY_TIMES:
            return "all_day"
        own = _BY_EFFECT.get(activity.effect, "afternoon")
        return "afternoon" if moment == "weekend" and own == "evening" else own
    return moment


def when_in_words(activity: Activity) -> str:
    """Return when an activity is done, in words: three times a week in the afternoon."""
    slot = slot_of(activity)
    whole = int(activity.times)
    if slot == "any":
        return "when it comes up"
    if whole < 1:
        return "now and then"
    if activity.moment == "weekend" and whole in _WEEKEND:
        return "at the weekend"
    if slot == "all_day":
        return "many times a day"
    if slot == "school" and whole >= _SCHOOL_DAYS:
        return "every school or work day"
    count = "every day" if whole >= _EVERY_DAY else f"{_COUNTS[whole]} a week"
    return f"{count} {_PHRASES[slot]}".strip()


def week_of(lines: Iterable[Line]) -> tuple[tuple[Day, ...], tuple[Entry, ...]]:
    """Return the seven days from Monday, and what comes less than once a week.

    What is begun comes day by day in the order of the day's moments; a thing done several times
    a day stands once, with the minutes of that day.
    """
    entries: dict[int, list[Entry]] = {day: [] for day in range(_EVERY_DAY)}
    seldom: list[Entry] = []
    for line in lines:
        activity = line.activity
        moment = slot_of(activity)
        days = _days(activity.times, activity.moment if activity.moment == "weekend" else moment)
        minutes = round(line.minutes_a_week / len(days)) if days else round(activity.minutes)
        if not days:
            seldom.append(_entry(line, moment, _first(line, moment), minutes))
        for day in days:
            leader = _first(line, moment, weekend=day >= _SCHOOL_DAYS)
            if leader or not line.led_by:
                entries[day].append(_entry(line, moment, leader, minutes))
    order = list(MOMENTS)

    def place(entry: Entry) -> int:
        return order.index(entry.moment)

    return (
        tuple(Day(name, tuple(sorted(entries[n], key=place))) for n, name in enumerate(DAYS)),
        tuple(seldom),
    )


def rows_of(week: Sequence[Day], *, school_days: bool) -> tuple[WeekRow, ...]:
    """Return the week as one page: for each moment what a weekday and what the weekend has."""
    rows: list[WeekRow] = []
    for moment, title in MOMENTS.items():
        weekday = _cell(week[:_SCHOOL_DAYS], moment)
        weekend = _cell(week[_SCHOOL_DAYS:], moment)
        if school_days and moment == "school":
            title = "At school"
        if weekday or weekend:
            rows.append(WeekRow(moment, title, weekday, weekend))
    return tuple(rows)


def _cell(days: Sequence[Day], moment: str) -> tuple[str, ...]:
    """Return one sentence for each thing of a moment, with its days where it is not on all."""
    found: dict[tuple[str, str, int], list[str]] = {}
    for day in days:
        for entry in day.entries:
            if entry.moment == moment:
                key = (entry.title, entry.who, entry.minutes)
                found.setdefault(key, []).append(day.day[:2].capitalize())
    return tuple(_said(*key, on, len(days)) for key, on in found.items())


def _said(title: str, who: str, minutes: int, on: list[str], of: int) -> str:
    facts = [who] if who else []
    facts += [f"{minutes} min"] if minutes else []
    facts += [", ".join(on)] if len(on) < of else []
    return f"{title} ({'; '.join(facts)})" if facts else title


def _entry(line: Line, moment: str, leader: str, minutes: int) -> Entry:
    who = dict(zip(line.led_by, line.who, strict=False)).get(leader, leader)
    return Entry(moment, line.activity.id, line.activity.title, leader, minutes, who)


def _first(line: Line, moment: str, *, weekend: bool = False) -> str:
    """Return who leads it then: at school somebody of the school, at home somebody of home."""
    of_school = [name for name in line.led_by if name in line.of_school]
    others = [name for name in line.led_by if name not in of_school]
    if moment == "school":
        return next(iter((*of_school, *others)), "")
    if weekend:
        return next(iter(others), "")
    return next(iter((*others, *of_school)), "")


def _days(times: float, moment: str) -> tuple[int, ...]:
    whole = int(times)
    if moment == "any":
        return tuple(range(_EVERY_DAY))
    if whole < 1:
        return ()
    if moment == "school":
        return _SPREAD[min(whole, _SCHOOL_DAYS)]
    if moment == "weekend" and whole in _WEEKEND:
        return _WEEKEND[whole]
    return tuple(range(_EVERY_DAY)) if whole >= _EVERY_DAY else _SPREAD[whole]
