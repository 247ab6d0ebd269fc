"""History by period: adversity beside relational health, developmental risk, and who was there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nmt_intake.interview.timeline import Stretch, stretches
from nmt_intake.report.answer_lines import good_things
from nmt_intake.report.context import Material, adversity_keys, period_keys, relational_keys
from nmt_intake.report.figures import history_chart, life_line, people
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
from nmt_intake.report.words import span, whole_span
from nmt_intake.scoring import ItemSum, Part, PeriodMetrics

_HEADER: Final = (
    "column_period",
    "column_adversity",
    "column_rated",
    "column_severe",
    "column_relational",
    "column_rated",
    "column_poor",
    "column_risk",
)


def life(material: Material) -> Section:
    """Return the pictures of people and of the life so far; empty without an interview."""
    title = material.say("life_section")
    interview = material.interview
    if interview is None:
        return Section(title, NOTHING, code="life")
    line = life_line.as_text(material, interview)
    web = people.as_text(material, interview)
    lines = (
        *(fence(people.NAME, web) if web else NOTHING),
        *(paragraph(material.say("people_note")) if web else NOTHING),
        *(fence(life_line.NAME, line) if line else NOTHING),
        *(paragraph(material.say("life_line_note")) if line else NOTHING),
    )
    return Section(title, lines, code="life")


def history(material: Material) -> Section:
    """Return the history in figures; empty where nothing of it is rated."""
    metrics = material.figures
    title = material.say("history_section")
    if metrics is None:
        return Section(title, NOTHING, code="history")
    severe = material.norms.rating_bands["adversity"][-1]
    poor = material.norms.rating_bands["relational"][0]
    rows = [_row(material, period) for period in metrics.periods.values()]
    lines = (
        *fence(history_chart.NAME, history_chart.as_text(material, metrics)),
        *table(tuple(material.say(code) for code in _HEADER), rows),
        *paragraph(
            material.say(
                "history_note",
                severe=f"{severe.first}-{severe.last}",
                poor=f"{poor.first}-{poor.last}",
            )
        ),
        *paragraph(material.say("risk_note")),
    )
    return Section(title, lines, code="history")


def _row(material: Material, period: PeriodMetrics) -> Sequence[str]:
    adversity, relational = adversity_keys(period.id), relational_keys(period.id)
    marks = material.mark(adversity), material.mark(relational)
    known = period.adversity.rated + period.relational.rated
    return (
        material.text(material.period(period.id)),
        _sum(period.adversity, marks[0]),
        material.rated_of(adversity),
        _counted(material, period.severe_count, period.adversity.rated, marks[0]),
        _sum(period.relational, marks[1]),
        material.rated_of(relational),
        _counted(material, period.poor_count, period.relational.rated, marks[1]),
        whole_span(period.risk) + material.mark(period_keys(period.id)) if known else "?",
    )


def _sum(found: ItemSum, mark: str) -> str:
    return span(found.sum) + mark if found.rated else "?"


def _counted(material: Material, number: int, rated: int, mark: str) -> str:
    return material.say("n_of", n=number, of=rated) + mark if rated else "?"


def support(material: Material) -> Section:
    """Return, for each period, its ratings, its time line, and what went well and helped."""
    parts = [
        Section(_title(material, period), lines)
        for period in _periods(material)
        if (lines := _period(material, period))
    ]
    title = material.say("support_section")
    if not parts:
        return Section(title, NOTHING, code="support")
    return Section(title, paragraph(material.say("support_intro")), tuple(parts), "support")


def _periods(material: Material) -> Sequence[str]:
    if material.interview is not None:
        return material.interview.instances("period")
    return material.ratings.periods if material.ratings else ()


def _title(material: Material, period: str) -> str:
    ages = material.name(f"ages.{period}", material.norms.periods[period].ages)
    return f"{material.text(material.period(period))} ({material.text(ages)})"


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
    header = ("column_adversity", "column_rating", "column_relational", "column_rating")
    return table(tuple(material.say(code) for code in header), rows)


def _item(material: Material, part: Part, key: str) -> Sequence[str]:
    value = material.given.get(key)
    if material.hides_rating(key):
        return (material.title(key), material.say("left_out"))
    if value is None:
        return (material.title(key), "?")
    refs = material.refs(key, 1)
    band = material.text(material.band(part, value)).lower()
    return (material.title(key), f"{material.rating(key)} {band} {refs}".rstrip())


def _time_line(material: Material, period: str) -> Lines:
    if material.interview is None:
        return NOTHING
    found = stretches(material.interview, period)
    told = [
        f"{strong(material.say(f'time_line_{kind}'))} "
        f"{'; '.join(stretch_words(material, each) for each in of_kind)}."
        for kind in ("caregiver", "placement", "exposure")
        if (of_kind := [each for each in found if each.kind == kind])
    ]
    return bullets(told)


def stretch_words(material: Material, stretch: Stretch) -> str:
    """Return a carer, home or hard thing with its ages, as safe Markdown."""
    name = material.text(stretch.name)
    if stretch.start is None and stretch.end is None and not stretch.ongoing:
        return f"{name} ({material.say('ages_not_known')})"
    start = "?" if stretch.start is None else material.age(stretch.start)
    last = "?" if stretch.end is None else material.age(stretch.end)
    start = material.text(stretch.first or start)
    last = material.say("now") if stretch.ongoing else material.text(stretch.last or last)
    return f"{name} ({material.say('from_to', start=start, end=last)})"


def _helped(material: Material, period: str) -> Lines:
    if material.interview is None:
        return NOTHING
    said = list(_said(material, period))
    if said:
        return (*paragraph(material.say("went_well")), *bullets(said))
    return paragraph(material.say("nothing_went_well"))


def _said(material: Material, period: str) -> Iterator[str]:
    slots = (slot for slot in material.open_slots if slot.startswith(f"{period}/"))
    yield from good_things(material, slots)
