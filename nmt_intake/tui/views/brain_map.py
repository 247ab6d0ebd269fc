"""The functional brain map as text: a box a function, the client beside the age expectation.

Each box carries its number and a letter; colour only helps.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from textual.content import Content

from nmt_intake.casework.assessment import Box
from nmt_intake.scoring import Norms
from nmt_intake.tui import literal

# Boxes in a row for each region, from the top of the map to the bottom (DOMAIN: 6 6 6 4+4 2+2+2).
_ROWS: Final = (
    ("frontal_cortex", 6),
    ("cortex", 6),
    ("limbic", 6),
    ("diencephalon_cerebellum", 4),
    ("brainstem", 2),
)
_WIDE: Final = 24
_COLOURS: Final = {"green": "on #35513d", "yellow": "on #5a5233", "red": "on #5c4038"}


def map_panel(norms: Norms, boxes: Mapping[str, Box], age: Fraction) -> Content:
    """Return the map of the client over that of the age expectation, 24 cells wide."""
    return Content("\n").join(
        [
            literal.line("Brain map · the client", "bold"),
            *_rows(norms, boxes),
            Content(" "),
            literal.line("expected at this age", "bold"),
            *_rows(norms, expected(norms, age)),
            Content(" "),
            _legend(norms),
        ]
    )


def map_page(norms: Norms, boxes: Mapping[str, Box], age: Fraction) -> Content:
    """Return the whole map: client and expectation side by side, and each function by name."""
    client, usual = _rows(norms, boxes), _rows(norms, expected(norms, age))
    gap = Content("      ")
    rows = [
        left.pad_right(_WIDE - left.cell_length) + gap + right
        for left, right in zip(client, usual, strict=True)
    ]
    heads = literal.line("the client", "bold", _WIDE) + gap + literal.line("expected", "bold")
    names = [
        _box(norms, boxes.get(name, Box(None)))
        + Content(" ")
        + _box(norms, box)
        + Content("  ")
        + literal.line(norms.functions[name].title)
        for name, box in expected(norms, age).items()
    ]
    return Content("\n").join([heads, *rows, Content(" "), _legend(norms), Content(" "), *names])


def expected(norms: Norms, age: Fraction) -> Mapping[str, Box]:
    """Return what the age expects, to the nearest rating."""
    return {name: Box(int(value + Fraction(1, 2))) for name, value in norms.expected(age).items()}


def _rows(norms: Norms, boxes: Mapping[str, Box]) -> list[Content]:
    lines: list[Content] = []
    for region, wide in _ROWS:
        names = [name for name, each in norms.functions.items() if each.region == region]
        for start in range(0, len(names), wide):
            cells = [
                _box(norms, boxes.get(name, Box(None))) for name in names[start : start + wide]
            ]
            row = Content(" ").join(cells)
            lines.append(Content(" " * ((_WIDE - row.cell_length) // 2)) + row)
    return lines


def _box(norms: Norms, box: Box) -> Content:
    if box.rating is None:
        return Content.styled("  ?", "dim")
    band = norms.band("functions", box.rating)
    letter = band.letter if box.sure else band.letter.lower()
    return Content.styled(f"{box.rating:>2}{letter}", _COLOURS[band.colour])


def _legend(norms: Norms) -> Content:
    bands = norms.rating_bands["functions"]
    letters = [
        literal.line(f"{band.letter} {band.title.split()[0].lower()}", "dim") for band in bands
    ]
    return literal.lines(
        Content("  ").join(letters[:2]),
        Content("  ").join(letters[2:]),
        literal.line("small letter: not confirmed", "dim"),
        literal.line("? unknown", "dim"),
    )
