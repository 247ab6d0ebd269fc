"""The people of today: nine areas of current relational health."""

from __future__ import annotations

from nmt_intake.report.material import Material
from nmt_intake.report.words import span
from nmt_intake.report.writing import NOTHING, Section, paragraph, table
from nmt_intake.vocabulary import RELATIONSHIPS

_OURS = 3


def relationships(material: Material) -> Section:
    """Return current relational health; empty without ratings."""
    metrics = material.figures
    if metrics is None:
        return Section("Relational health today", NOTHING)
    keys = tuple(f"relationships.{item}" for item in RELATIONSHIPS)
    rows: list[tuple[str, str, str]] = []
    for key in keys:
        value = material.given.get(key)
        band = material.norms.band("relationships", value) if value is not None else None
        said = material.text(band.title).lower() if band else "not known"
        rows.append((material.title(key), material.rating(key), said))
    total = metrics.relationships
    lines = (
        *table(("Area", "Rating", "Band"), rows),
        *paragraph(
            f"Sum, 9 to 108, as low – centre – high: {span(total.sum)}{material.mark(keys)};"
            f" {material.rated_of(keys)} rated. The last {_OURS} areas are ours.",
        ),
    )
    return Section("Relational health today", lines)
