"""The functional brain map, and the 32 functions behind it."""

from __future__ import annotations

from collections.abc import Sequence

from nmt_intake.report.figures import brain_map as picture
from nmt_intake.report.material import Material
from nmt_intake.report.words import figure, percent
from nmt_intake.report.writing import NOTHING, Section, fence, paragraph, strong, table
from nmt_intake.scoring import Metrics
from nmt_intake.vocabulary import FUNCTIONS


def brain_map(material: Material) -> Section:
    """Return the map and the table of functions; empty without ratings."""
    metrics = material.figures
    if metrics is None:
        return Section("Functional brain map", NOTHING)
    bands = material.norms.rating_bands["functions"]
    letters = ", ".join(
        f"{material.text(band.letter)} {material.text(band.title).lower()}"
        for band in reversed(bands)
    )
    lines = (
        *paragraph(
            "Each box is one function: its rating on the scale of 1 to 12, and a letter. The",
            "widest row is the frontal cortex, the lowest the brainstem. Compare each box with",
            "the one on the right, which is what is expected at this age (ours, a judgement).",
        ),
        *fence(picture.NAME, picture.as_text(material, metrics)),
        *paragraph(f"Letters: {letters}; ? not known. The small numbers are those of this table."),
        *table(
            ("No.", "Function", "Rating", "Expected", "Of expected"),
            [_row(material, metrics, name) for name in FUNCTIONS],
            right=(0, 3),
        ),
        *paragraph(
            "The functions and their order are published (Hambrick, Brawner and Perry 2019); their",
            "regions and what is expected at an age are ours.",
        ),
    )
    return Section("Functional brain map", lines)


def _row(material: Material, metrics: Metrics, name: str) -> Sequence[str]:
    function, key = metrics.functions[name], f"functions.{name}"
    share = percent(picture.share_of_expected(metrics, name), material.norms)
    band = f" {material.text(function.band.letter)}" if function.band else ""
    rating = "?" if function.rating is None else f"{function.rating}{band}{material.mark((key,))}"
    needs = f"{share} %{material.mark((key,))}" if function.rating is not None else "?"
    title = material.title(key)
    low = share != "?" and _is_low(material, metrics, name)
    return (
        str(FUNCTIONS.index(name) + 1),
        strong(title) if low else title,
        rating,
        figure(function.expected),
        needs,
    )


def _is_low(material: Material, metrics: Metrics, name: str) -> bool:
    share = picture.share_of_expected(metrics, name)
    first = material.norms.recommendation_bands[0]
    return share is not None and material.norms.recommendation(share) == first
