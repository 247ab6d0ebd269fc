"""What a reader sees of a function or a domain: a letter, a word and a fill, by its share.

The share is of the age expectation, with the published cut-offs of the recommendation bands; the
published band of the rating itself is a footnote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from nmt_intake.report.context import Material
from nmt_intake.report.drawing import FILLS
from nmt_intake.scoring import Metrics

# Under a year a rating of 1 throughout is already 40 % of what is expected: no percent there.
YOUNGEST_WITH_PERCENT: Final = 12


@dataclass(frozen=True, slots=True)
class Level:
    """One of three levels; the heavier the border, the farther below: the map reads in grey."""

    id: str
    fill: str
    weight: float


_LEVELS: Final[Mapping[str, Level]] = {
    "essential": Level("far_below", FILLS["red"], 2.6),
    "therapeutic": Level("below", FILLS["yellow"], 1.5),
    "enrichment": Level("as_expected", FILLS["green"], 0.7),
}
LEVELS: Final = tuple(reversed(_LEVELS.values()))


def level_at(material: Material, percent: Fraction) -> Level:
    """Return the level of a percentage of the age expectation."""
    return _LEVELS[material.norms.recommendation(percent).id]


def level_of(material: Material, metrics: Metrics, name: str) -> Level | None:
    """Return the level of a function, None where it is not rated."""
    share = share_of_expected(metrics, name)
    return None if share is None else level_at(material, share)


def share_of_expected(metrics: Metrics, name: str) -> Fraction | None:
    """Return a rating in percent of what the age expects, None where it is unknown."""
    function = metrics.functions[name]
    return None if function.rating is None else 100 * function.rating / function.expected


def shows_percent(metrics: Metrics) -> bool:
    """Whether percentages say something at this age."""
    return metrics.age >= YOUNGEST_WITH_PERCENT


def letter(material: Material, level: Level) -> str:
    """Return the letter of a level in the report's language."""
    return material.plain(f"letter_{level.id}")
