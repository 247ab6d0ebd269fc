"""The history chart: adversity, relational health and risk by period, each as an interval."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from nmt_intake.report.context import Material, adversity_keys, period_keys, relational_keys
from nmt_intake.report.drawing import FILLS, Box, Drawing, Label, Rule, Shape
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
    of: Callable[[PeriodMetrics], Interval]
    keys: Callable[[str], Sequence[str]]
    words: Callable[[Interval], str]


def panels() -> tuple[Panel, ...]:
    """Return the three scales."""
    low, high = 6 * LOWEST_RATING, 6 * HIGHEST_RATING
    return (
        Panel(
            "Adversity",
            f"sum of six, {low}-{high}; more is worse",
            low,
            high,
            lambda period: period.adversity.sum,
            adversity_keys,
            span,
        ),
        Panel(
            "Relational health",
            f"sum of six, {low}-{high}; more is better",
            low,
            high,
            lambda period: period.relational.sum,
            relational_keys,
            span,
        ),
        Panel(
            "Developmental risk",
            "0-100, ours; more is worse",
            0,
            100,
            lambda period: period.risk,
            period_keys,
            whole_span,
        ),
    )


def as_text(material: Material, metrics: Metrics) -> tuple[str, ...]:
    """Return the chart for a fixed-width page, at most 100 characters wide."""
    lines: list[str] = []
    for panel in panels():
        lines += ["", f"{panel.title} ({panel.note})"]
        for period in metrics.periods.values():
            title = fenced(material.norms.periods[period.id].title)[: _LABEL - 1]
            words = f"{panel.words(panel.of(period))}{material.mark(panel.keys(period.id))}"
            lines.append(f"  {title:<{_LABEL}}|{_bar(panel, panel.of(period))}|  {words}")
    return tuple(lines[1:])


def drawing(material: Material, metrics: Metrics) -> Drawing:
    """Return the chart as a drawing: a bar from low to high, a thick line at the centre."""
    periods = tuple(metrics.periods.values())
    height = 44 + len(periods) * _ROW
    width = _LABEL_WIDTH + 3 * _PANEL
    shapes: list[Shape] = []
    for row, period in enumerate(periods):
        middle = 44 + row * _ROW + 12
        shapes.append(Label(0, middle + 4, material.norms.periods[period.id].title, 11))
    for index, panel in enumerate(panels()):
        shapes += _drawn_panel(material, panel, periods, _LABEL_WIDTH + index * _PANEL + 12)
    words = "; ".join(
        f"{material.norms.periods[period.id].title}: "
        + ", ".join(f"{panel.title} {panel.words(panel.of(period))}" for panel in panels())
        for period in periods
    )
    return Drawing(width, height, "History by period", words, tuple(shapes))


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
    yield Label(left, 27, panel.note, 9, colour="#444444")
    for part in (0, 0.5, 1):
        yield Rule(left + part * length, 34, left + part * length, bottom, 0.6, _GUIDE, True)
    for row, period in enumerate(periods):
        y = 44 + row * _ROW
        interval = panel.of(period)
        start, end = (left + length * _way(panel, at) for at in (interval.low, interval.high))
        yield Box(start, y, max(end - start, 1.5), 12, FILLS["bar"], 0.9)
        if interval.mid is not None:
            at = left + length * _way(panel, interval.mid)
            yield Rule(at, y - 2, at, y + 14, 3)
        words = f"{panel.words(interval)}{material.mark(panel.keys(period.id))}"
        yield Label(left + length / 2, y + 23, words, 9, anchor="middle")


def _way(panel: Panel, value: Fraction) -> float:
    return float((value - panel.low) / (panel.high - panel.low))
