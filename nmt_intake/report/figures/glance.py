"""The first page's small pictures: domains in percent, risk by period, the people of today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import cos, pi, sin
from typing import Final

from nmt_intake.report.context import Material, domain_keys, period_keys
from nmt_intake.report.drawing import (
    ACCENT,
    FAINT,
    FILLS,
    INK,
    SOFT,
    Box,
    Drawing,
    Label,
    Rule,
    Shape,
)
from nmt_intake.report.figures.levels import level_at, level_words
from nmt_intake.report.markdown import cut, fenced
from nmt_intake.report.words import percent, percent_span, whole_span
from nmt_intake.scoring import DomainMetrics, Metrics, PeriodMetrics
from nmt_intake.vocabulary import RELATIONSHIPS

BARS: Final = "domain-bars"
RISK: Final = "risk-line"
WEB: Final = "people-web"
_MOST_PERCENT: Final = 120
_CELLS: Final = 40
_WIDTH: Final = 400
_WIDE: Final = 528
_NAME: Final = 132
_BAR: Final = 150
_CUTS: Final = (65, 85)


def domain_words(material: Material, metrics: Metrics, domain: DomainMetrics) -> str:
    """Return a domain's percent with its interval and its mark, or in words."""
    keys = domain_keys(material.norms, domain.id)
    return unmarked_words(material, metrics, domain) + material.mark(keys)


def unmarked_words(material: Material, metrics: Metrics, domain: DomainMetrics) -> str:
    """Return a domain's percent with its interval, or in words where percents say nothing."""
    if domain.share.percent.mid is None:
        return material.plain("not_rated")
    if not metrics.says_percent:
        level = level_at(material, domain.share.percent.mid)
        keys = domain_keys(material.norms, domain.id)
        return f"{level_words(material, level)}; {material.rated_of(keys)}"
    return percent_span(domain.share.percent, material.norms)


def known_periods(metrics: Metrics) -> tuple[PeriodMetrics, ...]:
    """Return the periods of which anything is rated."""
    return tuple(
        each for each in metrics.periods.values() if each.adversity.rated + each.relational.rated
    )


def bars_as_text(material: Material, metrics: Metrics) -> tuple[str, ...]:
    """Return the domain bars for a fixed-width page."""
    return tuple(_bar_lines(material, metrics))


def risk_as_text(material: Material, metrics: Metrics) -> tuple[str, ...]:
    """Return risk by period on one line, or as few as it needs."""
    return tuple(_risk_lines(material, metrics))


def _bar_lines(material: Material, metrics: Metrics) -> Iterator[str]:
    percents = metrics.says_percent
    if percents:
        scale = [" "] * (_CELLS + 1)
        for at in _CUTS:
            scale[_cell(Fraction(at)) : _cell(Fraction(at)) + 2] = list(str(at))
        yield f"  {fenced(material.plain('percent_of_expected')):<27}{''.join(scale).rstrip()}"
    for name, domain in metrics.domains.items():
        words = domain_words(material, metrics, domain)
        bar = f"{_bar(domain)}  " if percents else ""
        yield f"  {fenced(material.domain(name)):<26}{bar}{words}".rstrip()


def _bar(domain: DomainMetrics) -> str:
    cells = ["·"] * _CELLS
    span = domain.share.percent
    if span.mid is not None:
        low, high = _cell(span.low), _cell(span.high)
        cells[low : high + 1] = ["="] * (high - low + 1)
        cells[_cell(span.mid)] = "O"
    for at in _CUTS:
        if cells[_cell(Fraction(at))] == "·":
            cells[_cell(Fraction(at))] = "|"
    return "".join(cells)


def _cell(value: Fraction) -> int:
    return min(_CELLS - 1, max(0, int(value * _CELLS / _MOST_PERCENT)))


def _risk_lines(material: Material, metrics: Metrics) -> Iterator[str]:
    said = [
        f"{fenced(material.period(each.id))} {_risk(material, each)}"
        for each in known_periods(metrics)
    ]
    title = fenced(material.plain("risk_line"))
    line = f"  {title} "
    for each in said or [fenced(material.plain("not_rated"))]:
        if len(line) + len(each) > 92:
            yield line.rstrip()
            line = "    "
        line += f"{each} · "
    yield line.rstrip(" ·")


def _risk(material: Material, period: PeriodMetrics) -> str:
    return whole_span(period.risk).replace(" ", "") + material.mark(period_keys(period.id))


def web_as_text(material: Material) -> tuple[str, ...]:
    """Return the nine areas of relational health today, three to a line."""
    cells = [
        f"{fenced(cut(material.named(key), 20))} {'▪' * (material.given.get(key, 0) // 3)}"
        f"{material.rating(key)}"
        for key in (f"relationships.{item}" for item in RELATIONSHIPS)
    ]
    rows = [cells[at : at + 3] for at in range(0, len(cells), 3)]
    title = fenced(material.plain("web_line"))
    return (f"  {title}", *("  " + "".join(f"{cell:<31}" for cell in row).rstrip() for row in rows))


def bars(material: Material, metrics: Metrics) -> Drawing:
    """Return the four domain bars and the line of risk as one drawing."""
    shapes: list[Shape] = []
    percents = metrics.says_percent
    y = 16.0
    title = material.plain("domains_title" if percents else "domains_title_words")
    shapes.append(Label(0, y, title, 14.5, True))
    y += 24
    left = float(_NAME)
    if percents:
        for at in _CUTS:
            x = left + _BAR * at / _MOST_PERCENT
            shapes.append(Rule(x, y - 6, x, y + 4 * 27, 1, FAINT, True))
            shapes.append(Label(x, y - 10, str(at), 10.5, anchor="middle", colour=SOFT))
    for name, domain in metrics.domains.items():
        shapes += _drawn_domain(material, metrics, name, domain, y)
        y += 27
    says = "; ".join(
        f"{material.domain(name)}: {domain_words(material, metrics, domain)}"
        for name, domain in metrics.domains.items()
    )
    return Drawing(_WIDTH, y, title, says, tuple(shapes))


def risk(material: Material, metrics: Metrics) -> Drawing:
    """Return risk by period as one small line: a dot at the centre, a bar from low to high."""
    shapes = tuple(_drawn_risk(material, metrics, 15))
    said = "; ".join(
        f"{material.period(each.id)} {whole_span(each.risk)}" for each in known_periods(metrics)
    )
    words = said or material.plain("not_rated")
    return Drawing(_WIDE, 108, material.plain("risk_title"), words, shapes)


def _drawn_domain(
    material: Material, metrics: Metrics, name: str, domain: DomainMetrics, y: float
) -> Iterator[Shape]:
    span = domain.share.percent
    yield Label(0, y + 13, material.domain(name), 13)
    words = domain_words(material, metrics, domain)
    if not metrics.says_percent:
        yield Label(_NAME, y + 13, words, 13)
        return
    yield Box(_NAME, y, _BAR, 17, FILLS["track"], 0, round=3)
    if span.mid is not None:
        start, end = (_NAME + _BAR * _within(at) for at in (span.low, span.high))
        fill = level_at(material, span.mid).fill
        yield Box(start, y + 3, max(end - start, 3), 11, fill, 0.9, round=2)
        at = _NAME + _BAR * _within(span.mid)
        yield Rule(at, y, at, y + 17, 3)
    yield Label(_NAME + _BAR + 8, y + 13, words, 12.5)


def _within(value: Fraction) -> float:
    return float(min(Fraction(1), max(Fraction(0), value / _MOST_PERCENT)))


def _drawn_risk(material: Material, metrics: Metrics, y: float) -> Iterator[Shape]:
    yield Label(0, y, material.plain("risk_title"), 14.5, True)
    yield Label(_WIDE - 4, y, material.plain("risk_scale"), 11, anchor="end", colour=SOFT)
    top, height = y + 16, 54
    periods = tuple(metrics.periods.values())
    step = (_WIDE - 8) / len(periods)
    yield Rule(0, top + height, _WIDE - 4, top + height, 0.7, FAINT)
    before: tuple[float, float] | None = None
    for index, each in enumerate(periods):
        x = step * (index + 0.5)
        words = cut(material.period(each.id), max(7, int(step / 5.6)))
        yield Label(x, top + height + 15, words, 11.5, anchor="middle", colour=SOFT)
        mid = each.risk.mid
        if mid is None or not each.adversity.rated + each.relational.rated:
            yield Label(x, top + height - 6, "?", 13, True, "middle", FAINT)
            before = None
            continue
        low, high, at = (
            top + height * (1 - float(value) / 100)
            for value in (each.risk.low, each.risk.high, mid)
        )
        if before:
            yield Rule(*before, x, at, 1.4, ACCENT)
        yield Rule(x, low, x, high, 4, FILLS["bar"])
        yield Box(x - 4, at - 4, 8, 8, ACCENT, 0, round=4)
        mark = material.mark(period_keys(each.id))
        yield Label(x + 9, at - 5, f"{int(mid + Fraction(1, 2))}{mark}", 12.5, True)
        before = (x, at)


def web(material: Material) -> Drawing:
    """Return the people of today as a web: the client in the middle, a line to each area."""
    width, height, middle = 400.0, 242.0, (200.0, 132.0)
    shapes: list[Shape] = [Label(0, 15, material.plain("web_title"), 14.5, True)]
    keys = [f"relationships.{item}" for item in RELATIONSHIPS]
    nodes: list[Shape] = []
    for index, key in enumerate(keys):
        angle = 2 * pi * index / len(keys) - pi / 2
        x, y = middle[0] + 138 * cos(angle), middle[1] + 82 * sin(angle)
        value = material.given.get(key)
        weight = 1.0 if value is None else 0.8 + value * 0.5
        shapes.append(
            Rule(*middle, x, y, weight, FAINT if value is None else ACCENT, value is None)
        )
        nodes += _node(material, key, x, y, value, above=y < middle[1] - 20)
    shapes += nodes
    shapes.append(Box(middle[0] - 26, middle[1] - 15, 52, 30, "#ffffff", 2, round=15))
    shapes.append(
        Label(middle[0], middle[1] + 5, cut(material.shown, 7), 13, True, anchor="middle")
    )
    says = "; ".join(f"{material.named(key)}: {material.rating(key)}" for key in keys)
    return Drawing(width, height, material.plain("web_title"), says, tuple(shapes))


_TIE: Final[Sequence[tuple[int, str, float]]] = (
    (3, FILLS["red"], 2.4),
    (6, FILLS["yellow"], 1.6),
    (12, FILLS["green"], 0.8),
)


def _node(
    material: Material, key: str, x: float, y: float, value: int | None, *, above: bool
) -> Iterator[Shape]:
    fill, weight = next(
        ((fill, weight) for most, fill, weight in _TIE if value is not None and value <= most),
        (FILLS["none"], 1.0),
    )
    yield Box(x - 19, y - 12, 38, 22, fill, weight, value is None, 4)
    yield Label(x, y + 4, material.rating(key), 13, True, "middle")
    at = y - 16 if above else y + 22
    yield Label(x, at, cut(material.named(key), 24), 11, False, "middle", INK)


def percent_words(material: Material, metrics: Metrics, share: Fraction | None) -> str:
    """Return a share in percent, or nothing where percents say nothing at this age."""
    if share is None or not metrics.says_percent:
        return ""
    return f"{percent(share, material.norms)} %"
