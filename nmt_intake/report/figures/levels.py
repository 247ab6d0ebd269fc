"""What a reader sees of a function or a domain beside its age: a letter, a word and a fill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from nmt_intake.report.context import Material
from nmt_intake.report.drawing import FILLS
from nmt_intake.scoring import AgeBand, Metrics


@dataclass(frozen=True, slots=True)
class Level:
    """One of the age bands; the heavier the border, the farther below: it reads in grey."""

    id: str
    fill: str
    weight: float


_WEIGHTS: Final[Mapping[str, float]] = {"red": 2.6, "yellow": 1.5, "green": 0.7}


def levels(material: Material) -> tuple[Level, ...]:
    """Return every level, the one that is as expected first."""
    return tuple(_level(band) for band in reversed(material.norms.age_bands))


def level_at(material: Material, percent: Fraction) -> Level:
    """Return the level of a percentage of the age expectation."""
    reached = [each for each in material.norms.age_bands if percent >= each.from_percent]
    return _level(reached[-1])


def level_of(metrics: Metrics, name: str) -> Level | None:
    """Return the level of a function, None where it is not rated."""
    band = metrics.functions[name].age_band
    return None if band is None else _level(band)


def _level(band: AgeBand) -> Level:
    return Level(band.id, FILLS[band.colour], _WEIGHTS[band.colour])


def letter(material: Material, level: Level) -> str:
    """Return the letter of a level in the report's language, else the scoring data's own."""
    return _said(material, f"letter_{level.id}", lambda band: band.letter, level)


def level_words(material: Material, level: Level) -> str:
    """Return the words of a level in the report's language, else the scoring data's own."""
    return _said(material, f"level_{level.id}", lambda band: band.title.lower(), level)


def _said(material: Material, code: str, own: Callable[[AgeBand], str], level: Level) -> str:
    if code in material.lists.report:
        return material.plain(code)
    return next(own(band) for band in material.norms.age_bands if band.id == level.id)
