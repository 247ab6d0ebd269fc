"""The week on one page: what of `now` happens on which day, when, by whom, for how long."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nmt_intake.scoring.planner.plan import Day, Entry, Line

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MOMENTS: Final = ("morning", "meals", "school", "day", "afternoon", "evening", "night", "weekend")
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


def week_of(lines: Iterable[Line]) -> tuple[tuple[Day, ...], tuple[Entry, ...]]:
    """Return the seven days from Monday, and what comes less than once a week.

    What is begun comes day by day in the order of the day's moments; a thing done several times
    a day stands once, with the minutes of that day.
    """
    entries: dict[int, list[Entry]] = {day: [] for day in range(_EVERY_DAY)}
    seldom: list[Entry] = []
    for line in lines:
        activity = line.activity
        days = _days(activity.times, activity.moment)
        led_by = line.led_by[0] if line.led_by else ""
        minutes = round(line.minutes_a_week / len(days)) if days else round(activity.minutes)
        entry = Entry(activity.moment or "day", activity.id, activity.title, led_by, minutes)
        if not days:
            seldom.append(entry)
        for day in days:
            entries[day].append(entry)
    return (
        tuple(Day(name, tuple(sorted(entries[n], key=_moment))) for n, name in enumerate(DAYS)),
        tuple(seldom),
    )


def _days(times: float, moment: str) -> tuple[int, ...]:
    whole = int(times)
    if whole < 1:
        return ()
    if moment == "school":
        return _SPREAD[min(whole, 5)]
    if moment == "weekend" and whole in _WEEKEND:
        return _WEEKEND[whole]
    return tuple(range(_EVERY_DAY)) if whole >= _EVERY_DAY else _SPREAD[whole]


def _moment(entry: Entry) -> int:
    return _MOMENTS.index(entry.moment)
