"""The answer to a date question: a told time in EDTF level 1."""

from __future__ import annotations

from datetime import date, timedelta

from nmt_intake.interview.spoken_times.ages import ages
from nmt_intake.interview.spoken_times.context import Context, day_at
from nmt_intake.interview.spoken_times.dates import BOUNDS, NEAR, ONE_DAY, Place, bounded, place
from nmt_intake.interview.spoken_times.phrases import (
    Ago,
    Between,
    Birthday,
    Calendar,
    Node,
    Relative,
    Said,
)
from nmt_intake.interview.spoken_times.results import Unclear


def edtf(node: Node, context: Context) -> str:
    """Return a date question's answer in EDTF; raises `Unclear`."""
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
        return _from_age(node, context)
    _not_ahead(found.first, context)
    return bounded(found, node, context)


def _ended(said: Said, context: Context, low: bool) -> Place:
    if not isinstance(said.core, Calendar | Relative):
        raise Unclear("two_times")
    if any(mod & set(BOUNDS) for mod in said.mods):
        raise Unclear("two_times")
    return place(said.core, context)


def _not_ahead(first: date, context: Context) -> None:
    if context.interviewed is not None and first > context.interviewed:
        raise Unclear("impossible")


def _ago(core: Ago, said: Said, context: Context) -> str:
    amount, today = core.amount, context.today
    rounded = not amount.rest and not amount.few and not amount.coarse
    exact = {"near", "near_after", "doubt", "just"}
    if not rounded or any(not mod & exact for mod in said.mods):
        raise Unclear("too_vague")
    doubt = any("doubt" in mod and not mod & set(NEAR) for mod in said.mods)
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


def _from_age(said: Said, context: Context) -> str:
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
