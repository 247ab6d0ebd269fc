"""Drawings as values: boxes, lines and labels, which a page and a sheet of paper both can draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from nmt_intake.report.markdown import in_drawing

# For those who see red and green alike, and in grey: from light blue over sand to a dark orange.
# Light enough for black letters; colour only helps the letter and the border.
FILLS: Final[Mapping[str, str]] = {
    "green": "#e4f0f6",
    "yellow": "#f6d58c",
    "red": "#e59866",
    "none": "#ffffff",
    "bar": "#b9cbdc",
    "track": "#f1f3f5",
}
INK: Final = "#1c1c1c"
SOFT: Final = "#4a4f55"
FAINT: Final = "#6b7177"
ACCENT: Final = "#1f4e79"
# What a page draws letters with, and what a sheet of paper has at hand.
FONTS: Final = "system-ui, Helvetica, Arial, sans-serif"
PAPER_FONTS: Final = "DejaVu Sans"
Anchor: TypeAlias = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; a `weight` of 0 has no border, a `round` of half its height no corners."""

    x: float
    y: float
    width: float
    height: float
    fill: str = FILLS["none"]
    weight: float = 1
    dashed: bool = False
    round: float = 0
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line."""

    x: float
    y: float
    to_x: float
    to_y: float
    weight: float = 1
    colour: str = INK
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """Words, not yet escaped; `y` is their base line."""

    x: float
    y: float
    words: str
    size: float = 11
    bold: bool = False
    anchor: Anchor = "start"
    colour: str = INK


Shape: TypeAlias = Box | Rule | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on a sheet, with a title and a description for those who cannot see them."""

    width: float
    height: float
    title: str
    description: str
    shapes: tuple[Shape, ...]


def svg(drawing: Drawing, fonts: str = FONTS) -> str:
    """Return the drawing as one inline SVG element, without scripts, links or style sheets."""
    shapes = "\n".join(_element(shape) for shape in drawing.shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {drawing.width:g} {drawing.height:g}" '
        f'font-family="{fonts}" font-stretch="condensed">\n'
        f"<title>{in_drawing(drawing.title)}</title>\n"
        f"<desc>{in_drawing(drawing.description)}</desc>\n{shapes}\n</svg>"
    )


def _element(shape: Shape) -> str:
    match shape:
        case Box():
            corner = f' rx="{shape.round:g}"' if shape.round else ""
            return (
                f'<rect x="{shape.x:g}" y="{shape.y:g}" width="{shape.width:g}" '
                f'height="{shape.height:g}" fill="{shape.fill}"'
                f"{_stroke(shape.weight, shape.colour)}{_dashes(shape.dashed)}{corner}/>"
            )
        case Rule():
            return (
                f'<line x1="{shape.x:g}" y1="{shape.y:g}" x2="{shape.to_x:g}" y2="{shape.to_y:g}"'
                f"{_stroke(shape.weight, shape.colour)}{_dashes(shape.dashed)}/>"
            )
        case Label():
            weight = ' font-weight="bold"' if shape.bold else ""
            return (
                f'<text x="{shape.x:g}" y="{shape.y:g}" font-size="{shape.size:g}" '
                f'text-anchor="{shape.anchor}" fill="{shape.colour}"{weight}>'
                f"{in_drawing(shape.words)}</text>"
            )


def _stroke(weight: float, colour: str) -> str:
    return f' stroke="{colour}" stroke-width="{weight:g}"' if weight else ""


def _dashes(dashed: bool) -> str:
    return ' stroke-dasharray="3 3"' if dashed else ""
