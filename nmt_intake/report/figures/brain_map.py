"""The functional brain map: 32 boxes, the client beside what the age expects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from nmt_intake.report.context import Material
from nmt_intake.report.drawing import FAINT, FILLS, Box, Drawing, Label, Shape
from nmt_intake.report.markdown import fenced
from nmt_intake.report.words import age
from nmt_intake.scoring import AgeBand, Metrics
from nmt_intake.scoring.norms import nearest
from nmt_intake.vocabulary import FUNCTIONS, REGIONS

NAME: Final = "brain-map"
# Row lengths of each region from the top of its rows to the bottom, the usual picture.
_ROWS: Final = {
    "frontal_cortex": (6,),
    "cortex": (6,),
    "limbic": (6,),
    "diencephalon_cerebellum": (4, 4),
    "brainstem": (2, 2, 2),
}
_ACROSS: Final = 6
_CELL: Final = 7
_BOX: Final = (54, 40)
_GAP: Final = 4
_BETWEEN: Final = 30
_TOP: Final = 46
_MARGIN: Final = 3
_REGION_GAP: Final = 16
# The heavier the border, the greater the difficulty: so the map reads in black and white.
_WEIGHTS: Final = {"red": 3.2, "yellow": 1.7, "green": 0.7}


@dataclass(frozen=True, slots=True)
class Cell:
    """One box: which function, its number, and what stands in it (None is unknown)."""

    function: str
    number: int
    value: int | None
    band: AgeBand | None
    suggested: bool

    @property
    def words(self) -> str:
        """The number and letter of the box, `?` where it is unknown."""
        if self.value is None or self.band is None:
            return "?"
        return f"{self.value} {self.band.letter}{'*' if self.suggested else ''}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the map, the client's boxes and the expected ones."""

    region: str
    first_of_region: bool
    client: tuple[Cell, ...]
    expected: tuple[Cell, ...]


def rows(material: Material, metrics: Metrics) -> tuple[Row, ...]:
    """Return the rows of the map from the frontal cortex down to the brainstem."""
    return tuple(_rows(material, metrics))


def as_text(material: Material, metrics: Metrics) -> tuple[str, ...]:
    """Return the map for a fixed-width page, at most 100 characters wide."""
    width = _ACROSS * _CELL
    lines = [
        " " * 2 + "Client".center(width) + " " * 4 + _expected_title(metrics).center(width),
    ]
    for row in rows(material, metrics):
        if row.first_of_region:
            title = fenced(material.norms.region_titles[row.region])
            lines += ["", f"  {title}"]
        for part in (_numbers, _boxes):
            left, right = (part(cells).center(width) for cells in (row.client, row.expected))
            lines.append(f"  {left}    {right}".rstrip())
    return tuple(lines)


def drawing(material: Material, metrics: Metrics) -> Drawing:
    """Return the map as a drawing."""
    side = _ACROSS * (_BOX[0] + _GAP) - _GAP
    width = 2 * side + _BETWEEN + 2 * _MARGIN
    shapes: list[Shape] = [
        Label(_MARGIN + side / 2, 16, "Client", 14, True, "middle"),
        Label(_MARGIN + side * 1.5 + _BETWEEN, 16, _expected_title(metrics), 14, True, "middle"),
    ]
    y = float(_TOP)
    for row in rows(material, metrics):
        if row.first_of_region:
            y += 0 if y == _TOP else _REGION_GAP
            title = material.norms.region_titles[row.region]
            shapes.append(Label(width / 2, y - 5, title, 10.5, False, "middle", "#444444"))
        for start, cells in ((_MARGIN, row.client), (_MARGIN + side + _BETWEEN, row.expected)):
            shapes += _drawn_row(start + side / 2, y, cells)
        y += _BOX[1] + _GAP
    shapes += _legend(material, y + 16)
    words = "Functions from the frontal cortex at the top to the brainstem at the bottom. " + (
        "; ".join(_spoken(material, row) for row in rows(material, metrics))
    )
    return Drawing(width, y + 44, "Functional brain map", words, tuple(shapes))


def _rows(material: Material, metrics: Metrics) -> Iterator[Row]:
    functions = material.norms.functions
    for region in reversed(REGIONS):
        names = [name for name in FUNCTIONS if functions[name].region == region]
        for index, line in enumerate(_lines(names, _ROWS.get(region, (_ACROSS,)))):
            client = tuple(_client_cell(material, metrics, name) for name in line)
            expected = tuple(_expected_cell(material, metrics, name) for name in line)
            yield Row(region, index == 0, client, expected)


def _lines(names: Sequence[str], lengths: Sequence[int]) -> Iterator[Sequence[str]]:
    """Split names into rows, the lowest functions in the lowest row; other keys fill rows of 6."""
    if sum(lengths) != len(names):
        lengths = [len(names[at : at + _ACROSS]) for at in range(0, len(names), _ACROSS)]
    end = len(names)
    for length in lengths:
        yield names[end - length : end]
        end -= length


def _client_cell(material: Material, metrics: Metrics, name: str) -> Cell:
    function = metrics.functions[name]
    suggested = f"functions.{name}" in material.unconfirmed
    return Cell(name, _number(name), function.rating, function.age_band, suggested)


def _expected_cell(material: Material, metrics: Metrics, name: str) -> Cell:
    expected = metrics.functions[name].expected
    value = nearest(expected)
    return Cell(name, _number(name), value, material.norms.age_band(value, expected), False)


def _number(name: str) -> int:
    return FUNCTIONS.index(name) + 1


def _expected_title(metrics: Metrics) -> str:
    corrected = ", corrected" if metrics.age_is_corrected else ""
    return f"Expected at {age(metrics.age)}{corrected}"


def _numbers(cells: Sequence[Cell]) -> str:
    return "".join(str(cell.number).center(_CELL) for cell in cells)


def _boxes(cells: Sequence[Cell]) -> str:
    return "".join(f"[{cell.words.replace(' ', ''):^5}]" for cell in cells)


def _drawn_row(middle: float, y: float, cells: Sequence[Cell]) -> Iterator[Shape]:
    width, height = _BOX
    x = middle - (len(cells) * (width + _GAP) - _GAP) / 2
    for cell in cells:
        band = cell.band
        fill = FILLS.get(band.colour, FILLS["none"]) if band else FILLS["none"]
        weight = _WEIGHTS[band.colour] if band else 1
        yield Box(x, y, width, height, fill, weight, dashed=band is None)
        yield Label(x + 4, y + 11, str(cell.number), 8.5, colour="#444444")
        yield Label(x + width / 2, y + 29, cell.words, 17, True, "middle")
        x += width + _GAP


def _legend(material: Material, y: float) -> Iterator[Shape]:
    x = 0.0
    for band in reversed(material.norms.age_bands):
        fill = FILLS.get(band.colour, FILLS["none"])
        yield Box(x + 2, y, 20, 14, fill, _WEIGHTS[band.colour])
        yield Label(x + 12, y + 11, band.letter, 10, True, "middle")
        yield Label(x + 27, y + 11, band.title, 10)
        x += 34 + 5.0 * len(band.title)
    yield Box(x + 2, y, 20, 14, FILLS["none"], 1, True)
    yield Label(x + 12, y + 11, "?", 10, True, "middle")
    yield Label(x + 27, y + 11, "Not known", 10)
    note = "Small number: the function, as in the table.  *: suggested, not confirmed"
    yield Label(2, y + 27, note, 9, colour=FAINT if not material.unconfirmed else "#444444")


def _spoken(material: Material, row: Row) -> str:
    title = material.norms.region_titles[row.region]
    boxes = ", ".join(
        f"{client.number}: {client.words}, expected {expected.words}"
        for client, expected in zip(row.client, row.expected, strict=True)
    )
    return f"{title}: {boxes}"
