"""The functional brain map as text: a box a function, with the age expectation in it.

Each box carries its number, a letter and what the age expects; colour only helps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from textual.content import Content

from nmt_intake.casework.assessment import Box
from nmt_intake.scoring import Norms
from nmt_intake.scoring.norms import nearest
from nmt_intake.tui import literal

# Boxes in a row for each region, from the top of the map to the bottom (DOMAIN: 6 6 6 4+4 2+2+2).
_ROWS: Final = (
    ("frontal_cortex", 6),
    ("cortex", 6),
    ("limbic", 6),
    ("diencephalon_cerebellum", 4),
    ("brainstem", 2),
)
_WIDE: Final = 29  # six boxes of four cells with one between
_COLOURS: Final = {
    "green": "$foreground on $map-green",
    "yellow": "$foreground on $map-yellow",
    "red": "$foreground on $map-red",
}


def map_panel(norms: Norms, boxes: Mapping[str, Box], age: Fraction) -> Content:
    """Return the map as boxes of four by two cells: the rating, and under it what is expected."""
    head = literal.line("Brain map", "bold")
    return Content("\n").join([head, Content(" "), *_rows(norms, boxes, age), _legend(norms)])


def map_page(norms: Norms, boxes: Mapping[str, Box], age: Fraction) -> Content:
    """Return the map, and each function by name with its rating and what is expected."""
    names = [
        _rated(norms, boxes.get(name, Box(None)), usual)
        + literal.line(f" {nearest(usual):>2}", "$aside")
        + Content("  ")
        + literal.line(norms.functions[name].title)
        for name, usual in norms.expected(age).items()
    ]
    return Content("\n").join([map_panel(norms, boxes, age), Content(" "), *names])


def _rows(norms: Norms, boxes: Mapping[str, Box], age: Fraction) -> list[Content]:
    expected, lines = norms.expected(age), list[Content]()
    for region, wide in _ROWS:
        names = [name for name, each in norms.functions.items() if each.region == region]
        for start in range(0, len(names), wide):
            row = names[start : start + wide]
            above = [_rated(norms, boxes.get(name, Box(None)), expected[name]) for name in row]
            below = [_usual(norms, boxes.get(name, Box(None)), expected[name]) for name in row]
            lines += [_centred(above), _centred(below), Content(" ")]
    return lines


def _centred(cells: Sequence[Content]) -> Content:
    row = Content(" ").join(cells)
    return Content(" " * ((_WIDE - row.cell_length) // 2)) + row


def _rated(norms: Norms, box: Box, expected: Fraction) -> Content:
    """Return the upper half of a box: the number, and a letter for it beside the age."""
    if box.rating is None:
        return Content.styled("  ? ", "$aside on $panel")
    band = norms.age_band(box.rating, expected)
    letter = band.letter if box.sure else band.letter.lower()
    return Content.styled(f" {box.rating:>2}{letter}", f"bold {_COLOURS[band.colour]}")


def _usual(norms: Norms, box: Box, expected: Fraction) -> Content:
    """Return the lower half: the age expectation, as a thin mark in the same box."""
    band = norms.age_band(box.rating, expected) if box.rating is not None else None
    style = _COLOURS[band.colour] if band else "$aside on $panel"
    return Content.styled(f"‾{nearest(expected):>2} ", style)


def _legend(norms: Norms) -> Content:
    return literal.lines(
        *(
            literal.line(f"{band.letter} {band.title.lower()}", "$aside")
            for band in norms.age_bands
        ),
        literal.line("small letter: not confirmed", "$aside"),
        literal.line("‾ expected at this age", "$aside"),
        literal.line("? unknown", "$aside"),
    )
