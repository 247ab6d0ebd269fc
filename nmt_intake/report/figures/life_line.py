"""The life line: carers, homes and hard things to scale, from birth until today."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nmt_intake.interview.state import Interview
from nmt_intake.interview.timeline import Stretch, stretches
from nmt_intake.report.context import Material
from nmt_intake.report.drawing import FAINT, SOFT, Box, Drawing, Label, Rule, Shape
from nmt_intake.report.markdown import cut, fenced
from nmt_intake.scoring.suggest import age_in_months

NAME: Final = "life-line"
_LABEL: Final = 24
_CELLS: Final = 64
_WIDTH: Final = 720
_LEFT: Final = 170
_ROW: Final = 17
# More rows than these make no picture: the latest are drawn, the rest counted.
_MOST: Final = 34
_KINDS: Final = ("caregiver", "placement", "exposure")
_SIGNS: Final = {"caregiver": "█", "placement": "▒", "exposure": "▚"}
_FILLS: Final = {"caregiver": "#1f4e79", "placement": "#9fb8cd", "exposure": "#d9894f"}


def drawn(interview: Interview) -> tuple[tuple[Stretch, ...], float]:
    """Return what has ages, kind by kind and by start, and the age today in months (0: unknown)."""
    months = age_in_months(interview) or 0.0
    known = [each for each in stretches(interview) if each.start is not None or each.ongoing]
    return tuple(sorted(known, key=lambda each: _KINDS.index(each.kind))), months


def as_text(material: Material, interview: Interview) -> tuple[str, ...]:
    """Return the line for a fixed-width page, at most 100 characters wide, or nothing."""
    found, months = drawn(interview)
    if not found or months <= 0:
        return ()
    lines = [f"  {fenced(material.plain('life_line_head')):<{_LABEL}} {_scale(months)}"]
    kind = ""
    for each in found[:_MOST]:
        if each.kind != kind:
            kind = each.kind
            lines.append(f"  {fenced(material.plain(f'time_line_{kind}'))}")
        first, last = _span(each, months, _CELLS)
        bar = _SIGNS[each.kind] * max(1, last - first)
        end = "▶" if each.ongoing else "?" if each.end is None else ""
        start = "?" if each.start is None else ""
        name = fenced(cut(each.name, _LABEL - 4))
        lines.append(f"    {name:<{_LABEL - 2}} {' ' * first}{start}{bar}{end}".rstrip())
    if found[_MOST:]:
        lines.append(f"    {fenced(material.plain('and_more', n=len(found) - _MOST))}")
    return tuple(lines)


def _span(each: Stretch, months: float, cells: int) -> tuple[int, int]:
    start = max(0.0, each.start or 0)
    end = months if each.ongoing or each.end is None else each.end
    first = min(cells - 1, int(start / months * cells))
    return first, min(cells, max(first + 1, round(min(end, months) / months * cells)))


def _years(months: float) -> Sequence[int]:
    years = int(months // 12)
    step = max(1, -(-years // 12))
    return range(step, years + 1, step)


def _scale(months: float) -> str:
    line = list("├" + "─" * _CELLS)
    for year in _years(months):
        at = int(year * 12 / months * _CELLS)
        for offset, sign in enumerate(str(year)):
            if at + offset < _CELLS:
                line[at + offset] = sign
    return "".join(line)


def drawing(material: Material, interview: Interview) -> Drawing | None:
    """Return the line as a drawing, None where nothing has ages."""
    found, months = drawn(interview)
    if not found or months <= 0:
        return None
    length = _WIDTH - _LEFT - 10
    shapes: list[Shape] = []
    shown = found[:_MOST]
    bottom = 30 + (len(shown) + len({each.kind for each in shown})) * _ROW
    shapes.append(Label(0, 14, material.plain("life_line_head"), 10.5, colour=SOFT))
    for year in (0, *_years(months)):
        x = _LEFT + length * year * 12 / months
        shapes.append(Rule(x, 20, x, bottom, 0.5, FAINT, True))
        shapes.append(Label(x, 14, str(year), 10.5, anchor="middle", colour=SOFT))
    y, kind = 24.0, ""
    for each in shown:
        if each.kind != kind:
            kind = each.kind
            shapes.append(Label(0, y + 13, material.plain(f"time_line_{kind}"), 11, True))
            y += _ROW
        shapes += _row(material, each, months, y, length)
        y += _ROW
    if found[_MOST:]:
        more = material.plain("and_more", n=len(found) - _MOST)
        shapes.append(Label(0, y + 13, more, 11, colour=SOFT))
        y += _ROW
    says = "; ".join(_spoken(material, each) for each in found)
    return Drawing(_WIDTH, y + 8, material.plain("life_line_title"), says, tuple(shapes))


def _row(material: Material, each: Stretch, months: float, y: float, length: float) -> list[Shape]:
    start = max(0.0, each.start or 0)
    end = months if each.ongoing or each.end is None else min(each.end, months)
    x = _LEFT + length * min(start, months) / months
    width = max(3.0, length * max(0.0, end - start) / months)
    open_ended = each.start is None or (each.end is None and not each.ongoing)
    ages = _ages(material, each)
    inside = x + width + 6 + 5.2 * len(ages) > _WIDTH
    label = Label(
        x - 5 if inside else x + width + 5,
        y + 12,
        ages,
        10,
        False,
        "end" if inside else "start",
        SOFT,
    )
    if inside and x - 5 - 5.2 * len(ages) < _LEFT:
        label = Label(x + 6, y + 12, ages, 10, True, colour="#ffffff")
        if each.kind != "caregiver":
            label = Label(x + 6, y + 12, ages, 10, True)
    return [
        Label(10, y + 12, cut(each.name, 26), 11),
        Box(x, y + 2, width, 12, _FILLS[each.kind], 0.8, open_ended, 2),
        label,
    ]


def _ages(material: Material, each: Stretch) -> str:
    start = "?" if each.start is None else material.age(each.start)
    end = "?" if each.end is None else material.age(each.end)
    return material.plain(
        "from_to", start=start, end=material.plain("now") if each.ongoing else end
    )


def _spoken(material: Material, each: Stretch) -> str:
    return f"{each.name}, {_ages(material, each)}"
