"""The history chart: adversity, relational health and risk by period, each as an interval."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from nmt_intake.report.context import Material, adversity_keys, period_keys, relational_keys
from nmt_intake.report.drawing import FAINT, FILLS, SOFT, Box, Drawing, Label, Rule, Shape
from nmt_intake.report.markdown import fenced
from nmt_intake.report.words import span, whole_span
from nmt_intake.scoring import Interval, Metrics, PeriodMetrics
from nmt_intake.vocabulary import HIGHEST_RATING, LOWEST_RATING

NAME: Final = "history-chart"
_COLUMNS: Final = 46
_LABEL: Final = 16
_GUIDE: Final = "#cfcfcf"
_LABEL_WIDTH: Final = 104
_PANEL: Final = 190
_ROW: Final = 34


@dataclass(frozen=True, slots=True)
class Panel:
    """One of the three scales, from `low` to `high`, and how to read a period on it."""

    title: str
    note: str
    low: int
    high: int
    of: Callable[[PeriodMetrics], Interval | None]
    keys: Callable[[str], Sequence[str]]
    words: Callable[[Interval], str]


def panels(material: Material) -> tuple[Panel, ...]:
    """Return the three scales."""
    say = material.plain
    low, high = 6 * LOWEST_RATING, 6 * HIGHEST_RATING
    return (
        Panel(
            say("column_adversity"),
            say("chart_adversity", low=low, high=high),
            low,
            high,
            lambda period: period.adversity.sum if period.adversity.rated else None,
            adversity_keys,
            span,
        ),
        Panel(
            say("column_relational"),
            say("chart_relational", low=low, high=high),
            low,
            high,
            lambda period: period.relational.sum if period.relational.rated else None,
            relational_keys,
            span,
        ),
        Panel(
            say("risk_title"),
            say("chart_risk"),
            0,
            100,
            lambda period: (
                period.risk if period.adversity.rated + period.relational.rated else None
            ),
            period_keys,
            whole_span,
        ),
    )


def as_text(material: Material, metrics: Metrics) -> tuple[str, ...]:
    """Return the chart for a fixed-width page, at most 100 characters wide."""
    lines: list[str] = []
    for panel in panels(material):
        lines += ["", f"{fenced(panel.title)} ({fenced(panel.note)})"]
        for period in metrics.periods.values():
            title = fenced(material.period(period.id))[: _LABEL - 1]
            found = panel.of(period)
            bar = _bar(panel, found) if found else "-" * _COLUMNS
            lines.append(f"  {title:<{_LABEL}}|{bar}|  {_words(material, panel, period)}")
    return tuple(lines[1:])


def _words(material: Material, panel: Panel, period: PeriodMetrics) -> str:
    found = panel.of(period)
    return f"{panel.words(found)}{material.mark(panel.keys(period.id))}" if found else "?"


def drawing(material: Material, metrics: Metrics) -> Drawing:
    """Return the chart as a drawing: a bar from low to high, a thick line at the centre."""
    periods = tuple(metrics.periods.values())
    height = 44 + len(periods) * _ROW
    width = _LABEL_WIDTH + 3 * _PANEL
    shapes: list[Shape] = []
    for row, period in enumerate(periods):
        middle = 44 + row * _ROW + 12
        shapes.append(Label(0, middle + 4, material.period(period.id), 11))
    for index, panel in enumerate(panels(material)):
        shapes += _drawn_panel(material, panel, periods, _LABEL_WIDTH + index * _PANEL + 12)
    words = "; ".join(
        f"{material.period(period.id)}: "
        + ", ".join(
            f"{panel.title} {_words(material, panel, period)}" for panel in panels(material)
        )
        for period in periods
    )
    return Drawing(width, height, material.plain("history_section"), words, tuple(shapes))


def _bar(panel: Panel, interval: Interval) -> str:
    cells = ["-"] * _COLUMNS
    low, high = _column(panel, interval.low), _column(panel, interval.high)
    cells[low : high + 1] = ["="] * (high - low + 1)
    if interval.mid is not None:
        cells[_column(panel, interval.mid)] = "O"
    return "".join(cells)


def _column(panel: Panel, value: Fraction) -> int:
    way = (value - panel.low) / (panel.high - panel.low)
    return min(_COLUMNS - 1, max(0, round(way * (_COLUMNS - 1))))


def _drawn_panel(
    material: Material, panel: Panel, periods: Sequence[PeriodMetrics], left: float
) -> Iterator[Shape]:
    length = _PANEL - 24
    bottom = 44 + len(periods) * _ROW - 8
    yield Label(left, 13, panel.title, 12, True)
    yield Label(left, 27, panel.note, 9, colour=SOFT)
    for part in (0, 0.5, 1):
        yield Rule(left + part * length, 34, left + part * length, bottom, 0.6, _GUIDE, True)
    for row, period in enumerate(periods):
        y = 44 + row * _ROW
        interval = panel.of(period)
        if interval is None:
            yield Label(left + length / 2, y + 10, "?", 11, True, "middle", FAINT)
            continue
        start, end = (left + length * _way(panel, at) for at in (interval.low, interval.high))
        yield Box(start, y, max(end - start, 1.5), 12, FILLS["bar"], 0.9)
        if interval.mid is not None:
            at = left + length * _way(panel, interval.mid)
            yield Rule(at, y - 2, at, y + 14, 3)
        words = _words(material, panel, period)
        yield Label(left + length / 2, y + 23, words, 10, anchor="middle")


def _way(panel: Panel, value: Fraction) -> float:
    return float((value - panel.low) / (panel.high - panel.low))
