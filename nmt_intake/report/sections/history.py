"""History by period: adversity beside relational health, and developmental risk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nmt_intake.interview.timeline import Stretch, stretches
from nmt_intake.report.answer_lines import good_things
from nmt_intake.report.context import Material, adversity_keys, period_keys, relational_keys
from nmt_intake.report.figures import history_chart
from nmt_intake.report.markdown import (
    NOTHING,
    Lines,
    Section,
    bullets,
    fence,
    paragraph,
    strong,
    table,
)
from nmt_intake.report.words import age, span, whole_span
from nmt_intake.scoring import Part, PeriodMetrics

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


def support(material: Material) -> Section:
    """Return, for each period, its ratings, its time line, and what went well and helped."""
    periods = _periods(material)
    parts = [
        Section(_title(material, period), lines)
        for period in periods
        if (lines := _period(material, period))
    ]
    if not parts:
        return Section("Who was there, and what helped", NOTHING)
    opening = paragraph(
        "Current relational health was the strongest predictor of functioning in the published",
        "sample (3,523 clients aged 6 to 13; Hambrick, Brawner and Perry 2019). So what was",
        "hard stands beside who was there.",
    )
    return Section("Who was there, and what helped", opening, tuple(parts))


def _periods(material: Material) -> Sequence[str]:
    if material.interview is not None:
        return material.interview.instances("period")
    return material.ratings.periods if material.ratings else ()


def _title(material: Material, period: str) -> str:
    known = material.norms.periods[period]
    return f"{material.text(known.title)} ({material.text(known.ages)})"


def _period(material: Material, period: str) -> Lines:
    return (
        *_ratings(material, period),
        *_time_line(material, period),
        *_helped(material, period),
    )


def _ratings(material: Material, period: str) -> Lines:
    rated = any(key.startswith(f"{period}/") for key in material.given)
    # A copy that leaves ratings out says so of every period: where they were, would tell.
    if not rated and not any(map(material.hides_rating, adversity_keys(period))):
        return NOTHING
    hard = [_item(material, "adversity", key) for key in adversity_keys(period)]
    there = [_item(material, "relational", key) for key in relational_keys(period)]
    rows = [(*left, *right) for left, right in zip(hard, there, strict=True)]
    return table(("Adversity", "Rating", "Relational health", "Rating"), rows)


def _item(material: Material, part: Part, key: str) -> Sequence[str]:
    value = material.given.get(key)
    if material.hides_rating(key):
        return (material.title(key), "left out")
    if value is None:
        return (material.title(key), "?")
    band = material.norms.band(part, value)
    return (material.title(key), f"{material.rating(key)} {material.text(band.title).lower()}")


def _time_line(material: Material, period: str) -> Lines:
    if material.interview is None:
        return NOTHING
    found = stretches(material.interview, period)
    titles = (("caregiver", "Who cared"), ("placement", "Where"), ("exposure", "What happened"))
    told = [
        f"{strong(f'{title}:')} {'; '.join(_stretch(material, each) for each in of_kind)}."
        for kind, title in titles
        if (of_kind := [each for each in found if each.kind == kind])
    ]
    return bullets(told)


def _stretch(material: Material, stretch: Stretch) -> str:
    name = material.text(stretch.name)
    if stretch.start is None and stretch.end is None and not stretch.ongoing:
        return f"{name} (ages not known)"
    start = stretch.first or ("?" if stretch.start is None else age(stretch.start))
    end = stretch.last or ("?" if stretch.end is None else age(stretch.end))
    end = "now" if stretch.ongoing else end
    return f"{name} ({start} to {end})"


def _helped(material: Material, period: str) -> Lines:
    if material.interview is None:
        return NOTHING
    said = list(_said(material, period))
    if said:
        return (*paragraph("What went well and who helped:"), *bullets(said))
    return paragraph("Nothing is noted yet about what went well and who helped. Worth asking.")


def _said(material: Material, period: str) -> Iterator[str]:
    slots = (slot for slot in material.open_slots if slot.startswith(f"{period}/"))
    yield from good_things(material, slots)
