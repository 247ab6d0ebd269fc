"""How to read the figures: the scales, the intervals, what is published and what is ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nmt_intake.report.material import Material
from nmt_intake.report.words import figure
from nmt_intake.report.writing import Section, bullets, paragraph, strong, table
from nmt_intake.scoring import Part, RatingBand

PUBLISHED: Final = (
    "Hambrick, Brawner and Perry 2019, Frontiers in Behavioral Neuroscience 13:183, "
    "doi 10.3389/fnbeh.2019.00183 (CC BY)"
)
_PARTS: Final[tuple[tuple[Part, str, str], ...]] = (
    ("adversity", "Adversity, by period", "high is worse"),
    ("relational", "Relational health, by period", "high is better"),
    ("functions", "Functions today", "high is better"),
    ("relationships", "Relational health today", "high is better"),
)


def how_to_read(material: Material) -> Section:
    """Return how to read the figures."""
    lines = (
        *paragraph(
            "Everything is rated from 1 to 12 by a person who knows the history. The history",
            "counts adversity and, beside it, who was there. The present counts what the body,",
            "the feelings and the mind can do today, and the people of today.",
        ),
        *table(("Part", "Direction", "Bands"), _bands(material)),
        *bullets(
            (
                f"{strong('Intervals.')} A figure reads low – centre – high. What is not known"
                " stays unknown: low and high take it at both ends of the scale. The centre takes"
                " it at 6.5 in the history and in the people of today; in functions the centre"
                " rests on the rated ones alone. A wide interval says: ask more before you act"
                " on it. Percentages are rounded down, the other figures half up.",
                f"{strong('Age.')} A child is compared with what is expected at the same age, not"
                " with grown-ups. The letters on the map follow the scale of grown-ups, so read the"
                " client's box beside the expected one, never alone.",
                f"{strong('Levels.')} {_levels(material)}",
                f"{strong('Suggested.')} A star (\\*) marks a rating that the program suggested"
                " from the answers and nobody has confirmed, and every figure that rests on one."
                " In brackets: how many of the rated ones.",
            )
        ),
        *paragraph(
            f"{strong('Published')}: the parts, the items, the scale, the bands, the three levels"
            " with their cut-offs, the counts of severe and of poor ratings, and the pattern to"
            f" consider. Source: {PUBLISHED}.",
        ),
        *paragraph(
            f"{strong('Ours')}, which means a judgement of this project and printed with its"
            " version: the wording of questions and anchors, the items before birth other than"
            " substance exposure, the regions, which function counts for which domain, what is"
            " expected at which age, developmental risk, the ratio of upper to lower regions, the"
            " last three areas of relational health today, the letters and colours, suggested"
            " ratings, and the choice of activities.",
        ),
    )
    return Section("How to read this report", lines)


def _bands(material: Material) -> list[Sequence[str]]:
    return [
        (title, direction, ", ".join(_band(material, band) for band in bands))
        for part, title, direction in _PARTS
        for bands in (material.norms.rating_bands[part],)
    ]


def _band(material: Material, band: RatingBand) -> str:
    return f"{material.text(band.title)} ({material.text(band.letter)}) {band.first}-{band.last}"


def _levels(material: Material) -> str:
    bands = material.norms.recommendation_bands
    words = [f"{material.text(band.title)} from {figure(band.from_percent)} %" for band in bands]
    return (
        f"In percent of what is expected at the age: {'; '.join(words)}. The lower, the sooner"
        " help is needed there."
    )
