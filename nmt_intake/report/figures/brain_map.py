"""The functional brain map: 32 boxes, the client beside what the age expects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from nmt_intake.report.context import Material
from nmt_intake.report.drawing import FILLS, SOFT, Box, Drawing, Label, Shape
from nmt_intake.report.figures.levels import Level, letter, level_of, level_words, levels
from nmt_intake.report.markdown import fenced
from nmt_intake.scoring import Metrics
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
_BOX: Final = (54, 38)
_GAP: Final = 4
_BETWEEN: Final = 30
_TOP: Final = 44
_MARGIN: Final = 3
_REGION_GAP: Final = 15


@dataclass(frozen=True, slots=True)
class Cell:
    """One box: which function, its number, and what stands in it (None is unknown).

    `level` is how the rating stands to the age expectation; an expected box has none.
    """

    function: str
    number: int
    value: int | None
    level: Level | None
    letter: str
    suggested: bool

    @property
    def words(self) -> str:
        """The number and letter of the box, `?` where it is unknown."""
        if self.value is None:
            return "?"
        return f"{self.value} {self.letter}".rstrip() + ("*" if self.suggested else "")


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


def as_text(material: Material, metrics: Metrics, *, small: bool = False) -> tuple[str, ...]:
    """Return the map for a fixed-width page, at most 100 characters wide; `small`: a line a row."""
    width = _ACROSS * _CELL
    heads = (_client_title(material), _expected_title(material, metrics))
    lines = ["  " + "    ".join(head.center(width) for head in heads).rstrip()]
    parts = (_boxes,) if small else (_numbers, _boxes)
    for row in rows(material, metrics):
        if row.first_of_region and not small:
            lines += ["", f"  {fenced(material.region(row.region))}"]
        for part in parts:
            left, right = (part(cells).center(width) for cells in (row.client, row.expected))
            lines.append(f"  {left}    {right}".rstrip())
    if small:
        lines.append("  " + "   ".join(f"{sign} {words}" for sign, words in _signs(material)))
    return tuple(lines)


def drawing(material: Material, metrics: Metrics, *, small: bool = False) -> Drawing:
    """Return the map as a drawing; `small` without the names of regions, for the first page."""
    side = _ACROSS * (_BOX[0] + _GAP) - _GAP
    between = 18 if small else _BETWEEN
    width = 2 * side + between + 2 * _MARGIN
    left, right = _MARGIN + side / 2, _MARGIN + side * 1.5 + between
    head = 19 if small else 14
    shapes: list[Shape] = [
        Label(left, 18, _client_title(material), head, True, "middle"),
        Label(right, 18, _expected_title(material, metrics), head, True, "middle"),
    ]
    y = 30.0 if small else float(_TOP)
    for row in rows(material, metrics):
        if row.first_of_region and not small:
            y += 0 if y == _TOP else _REGION_GAP
            title = material.region(row.region)
            shapes.append(Label(width / 2, y - 5, title, 10.5, False, "middle", SOFT))
        for middle, cells in ((left, row.client), (right, row.expected)):
            shapes += _drawn_row(middle, y, cells)
        y += _BOX[1] + _GAP
    shapes += _legend(material, y + (6 if small else 14), 15 if small else 11, width)
    words = f"{material.plain('map_says')} " + (
        "; ".join(_spoken(material, row) for row in rows(material, metrics))
    )
    height = y + (28 if small else 34)
    return Drawing(width, height, material.plain("map_title"), words, tuple(shapes))


def _rows(material: Material, metrics: Metrics) -> Iterator[Row]:
    functions = material.norms.functions
    for region in reversed(REGIONS):
        names = [name for name in FUNCTIONS if functions[name].region == region]
        for index, line in enumerate(_lines(names, _ROWS.get(region, (_ACROSS,)))):
            client = tuple(_client_cell(material, metrics, name) for name in line)
            expected = tuple(_expected_cell(metrics, name) for name in line)
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
    function, level = metrics.functions[name], level_of(metrics, name)
    sign = letter(material, level) if level else ""
    suggested = f"functions.{name}" in material.unconfirmed
    return Cell(name, _number(name), function.rating, level, sign, suggested)


def _expected_cell(metrics: Metrics, name: str) -> Cell:
    value = nearest(metrics.functions[name].expected)
    return Cell(name, _number(name), value, None, "", False)


def _number(name: str) -> int:
    return FUNCTIONS.index(name) + 1


def _client_title(material: Material) -> str:
    return material.plain("map_client")


def _expected_title(material: Material, metrics: Metrics) -> str:
    code = "map_expected_corrected" if metrics.age_is_corrected else "map_expected"
    return material.plain(code, age=material.age(metrics.age))


def _numbers(cells: Sequence[Cell]) -> str:
    return "".join(str(cell.number).center(_CELL) for cell in cells)


def _boxes(cells: Sequence[Cell]) -> str:
    return "".join(f"[{cell.words.replace(' ', ''):^5}]" for cell in cells)


def _drawn_row(middle: float, y: float, cells: Sequence[Cell]) -> Iterator[Shape]:
    width, height = _BOX
    x = middle - (len(cells) * (width + _GAP) - _GAP) / 2
    for cell in cells:
        unknown = cell.value is None
        fill = cell.level.fill if cell.level else FILLS["none" if unknown else "track"]
        weight = cell.level.weight if cell.level else 1 if unknown else 0.5
        yield Box(x, y, width, height, fill, weight, dashed=unknown, round=4)
        yield Label(x + 4, y + 11, str(cell.number), 9, colour=SOFT)
        bold = cell.level is not None or unknown
        yield Label(x + width / 2 + 2, y + 28, cell.words, 17, bold, "middle")
        x += width + _GAP


def _signs(material: Material) -> list[tuple[str, str]]:
    found = [(letter(material, each), level_words(material, each)) for each in levels(material)]
    return [*found, ("?", material.plain("not_known")), ("*", material.plain("star_says"))]


def _legend(material: Material, y: float, size: float, width: float) -> Iterator[Shape]:
    signs = _signs(material)
    fills = [*((each.fill, each.weight) for each in levels(material)), (FILLS["none"], 1), None]
    lengths = [size * 1.9 + size * 0.52 * len(words) for _sign, words in signs]
    x, gap = 2.0, max(6.0, (width - sum(lengths)) / len(signs))
    for (sign, words), box, length in zip(signs, fills, lengths, strict=True):
        if box:
            yield Box(x, y, size * 1.5, size * 1.25, box[0], box[1], sign == "?", 2)
        yield Label(x + size * 0.75, y + size, sign, size * 0.95, True, "middle")
        yield Label(x + size * 1.8, y + size, words, size)
        x += length + gap


def _spoken(material: Material, row: Row) -> str:
    boxes = ", ".join(
        material.plain(
            "map_box",
            name=material.named(f"functions.{client.function}"),
            n=client.number,
            words=client.words,
            expected=expected.words,
        )
        for client, expected in zip(row.client, row.expected, strict=True)
    )
    return f"{material.region(row.region)}: {boxes}"
