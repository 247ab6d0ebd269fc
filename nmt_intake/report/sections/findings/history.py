"""History by period: adversity beside relational health, and developmental risk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nmt_intake.report.figures import history_chart
from nmt_intake.report.material import Material, adversity_keys, period_keys, relational_keys
from nmt_intake.report.words import span, whole_span
from nmt_intake.report.writing import NOTHING, Section, fence, paragraph, table
from nmt_intake.scoring import PeriodMetrics

_HEADER: Final = (
    "Period",
    "Adversity",
    "Rated",
    "Severe",
    "Relational",
    "Rated",
    "Poor",
    "Risk (ours)",
)


def history(material: Material) -> Section:
    """Return the history in figures; empty without ratings."""
    metrics = material.figures
    if metrics is None:
        return Section("History by period", NOTHING)
    severe = material.norms.rating_bands["adversity"][-1]
    poor = material.norms.rating_bands["relational"][0]
    rows = [_row(material, period) for period in metrics.periods.values()]
    lines = (
        *fence(history_chart.NAME, history_chart.as_text(material, metrics)),
        *table(_HEADER, rows),
        *paragraph(
            "Adversity and relational health: the sum of six ratings, 6 to 72, as low – centre –",
            "high. For adversity low is better, for relational health high is better.",
            f"Severe: how many adversity items are rated {severe.first}-{severe.last}. Poor: how"
            f" many relational items are rated {poor.first}-{poor.last}. Both count the rated items"
            " only, of 6.",
        ),
        *paragraph(
            "Developmental risk is ours, 0 to 100: half of it is how much adversity there was,",
            "half how much relational health was missing. It is no prediction.",
        ),
    )
    return Section("History by period", lines)


def _row(material: Material, period: PeriodMetrics) -> Sequence[str]:
    adversity, relational = adversity_keys(period.id), relational_keys(period.id)
    return (
        material.text(material.norms.periods[period.id].title),
        span(period.adversity.sum) + material.mark(adversity),
        material.rated_of(adversity),
        _counted(period.severe_count, period.adversity.rated, material.mark(adversity)),
        span(period.relational.sum) + material.mark(relational),
        material.rated_of(relational),
        _counted(period.poor_count, period.relational.rated, material.mark(relational)),
        whole_span(period.risk) + material.mark(period_keys(period.id)),
    )


def _counted(number: int, rated: int, mark: str) -> str:
    return f"{number} of {rated}{mark}" if rated else "?"
