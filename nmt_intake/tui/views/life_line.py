"""The life line to scale: a bar a carer, home or hard thing, the period in question lit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.content import Content

from nmt_intake.interview.timeline import Stretch
from nmt_intake.tui import literal
from nmt_intake.vocabulary import PERIOD_STARTS, PERIODS

_NAME: Final = 10
_SIGNS: Final = {"caregiver": "▇", "placement": "▒", "exposure": "░"}


def life_line(
    stretches: Sequence[Stretch], months: float, period: str | None, width: int
) -> Content:
    """Return the line from birth to `months`, `width` cells wide; what has no ages is left out."""
    known = [each for each in stretches if each.start is not None or each.end is not None]
    cells = width - _NAME - 1
    if months <= 0 or cells < 8 or not known:
        return Content("")
    lit = _span(*_ends_of(period, months), months, cells) if period else None
    rows = [_scale(months, cells)]
    rows += [_row(each, months, cells, lit) for each in known]
    if lit is not None:
        mark = "╰" + "─" * max(0, lit[1] - lit[0] - 2) + "╯" if lit[1] - lit[0] > 1 else "▲"
        rows.append(literal.literal(" " * (_NAME + 1 + lit[0]) + mark, "$accent"))
    return literal.lines(*rows)


def _ends_of(period: str, months: float) -> tuple[float, float]:
    place = PERIODS.index(period)
    later = PERIODS[place + 1] if place + 1 < len(PERIODS) else None
    return PERIOD_STARTS[period], min(months, PERIOD_STARTS[later]) if later else months


def _span(start: float, end: float, months: float, cells: int) -> tuple[int, int]:
    """Return the first cell and the one behind the last, at least one cell within the line."""
    first = min(cells - 1, max(0, int(start / months * cells)))
    last = min(cells, max(first + 1, round(min(end, months) / months * cells)))
    return first, last


def _scale(months: float, cells: int) -> Content:
    years = max(1, int(months // 12))
    step = max(1, -(-years * 4 // cells))
    line = list("├" + "─" * (cells - 1))
    for year in range(step, years + 1, step):
        at = int(year * 12 / months * cells)
        for offset, sign in enumerate(str(year)):
            if at + offset < cells:
                line[at + offset] = sign
    return (
        literal.line("age", "$edge", _NAME) + Content(" ") + literal.literal("".join(line), "$edge")
    )


def _row(stretch: Stretch, months: float, cells: int, lit: tuple[int, int] | None) -> Content:
    start = 0 if stretch.start is None else stretch.start
    end = months if stretch.ongoing or stretch.end is None else stretch.end
    first, last = _span(start, end, months, cells)
    sign = _SIGNS.get(stretch.kind, "▇")
    bar = sign * (last - first)
    if stretch.start is None:
        bar = "?" + bar[1:]
    if stretch.ongoing:
        bar = bar[:-1] + "▶"
    elif stretch.end is None:
        bar = bar[:-1] + "?"
    touched = lit is not None and first < lit[1] and lit[0] < last
    style = "$foreground" if touched else "$aside"
    name = literal.line(stretch.name.removeprefix("the "), style, _NAME)
    return (
        name + Content(" " * (1 + first)) + literal.literal(bar, "$accent" if touched else "$aside")
    )
