"""The report for a family, and the one for a school: plain words, strengths first.

A family reads what is good, what is harder than for most, and what to try. No number stands without
its word. A school reads what it needs in class: no history, nothing of anybody's private life.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nmt_intake.interview.kinds import KINDS
from nmt_intake.report.answer_lines import good_things
from nmt_intake.report.context import Material
from nmt_intake.report.disclosure import CLASSROOM
from nmt_intake.report.figures import brain_map as picture
from nmt_intake.report.figures.levels import level_of, levels
from nmt_intake.report.markdown import (
    NOTHING,
    Lines,
    Section,
    bullets,
    cut,
    fence,
    paragraph,
    strong,
    table,
)
from nmt_intake.report.private_words import mentions_substances
from nmt_intake.report.sections.first_page import client_age, furthest_below
from nmt_intake.report.sections.recommendations import led_by
from nmt_intake.report.words import begun
from nmt_intake.scoring.planner import Line
from nmt_intake.vocabulary import FUNCTIONS

_STRENGTHS: Final = ("closing.strength_to_keep", "strengths_first.")
# What helps is asked by function, or (tagged so) of several at once.
_TAG: Final = "helps"
_HELPS: Final = ("what_helps", "helps", "likes", "where", "elsewhere")
_SCHOOL: Final = frozenset({"school"})


def family(material: Material) -> Sequence[Section]:
    """Return the sections for a family."""
    short = material.edition.length == "summary"
    sections = (
        _opening(material, "family"),
        _strengths(material),
        _helping(material, FUNCTIONS),
        _harder(material, FUNCTIONS, 5 if short else 12),
        _steps(material, _lines_for(material, None), 3 if short else 8),
        _map(material),
        _people(material),
        _asking(material),
        _limits(material),
    )
    return [each for each in sections if not (short and each.code in ("map", "people"))]


def school(material: Material) -> Sequence[Section]:
    """Return the sections for a school."""
    short = material.edition.length == "summary"
    return (
        _opening(material, "school"),
        _strengths(material),
        _in_class(material),
        _helping(material, CLASSROOM),
        _steps(material, _lines_for(material, _SCHOOL), 3 if short else 8),
        _limits(material),
    )


def _limits(material: Material) -> Section:
    """Return what this is not, in plain words."""
    lines = paragraph(material.say("plain_limits"))
    return Section(material.say("limits_section"), lines, code="limits")


def _opening(material: Material, reader: str) -> Section:
    interview = material.interview
    age = client_age(material, interview) if interview else ""
    name = material.text(material.shown)
    lines = paragraph(
        material.say(f"{reader}_about", name=strong(name), age=f", {age}" if age else ""),
        material.say(f"{reader}_how"),
    )
    out = material.say("copy_leaves_out", what="; ".join(material.left_out))
    more = paragraph(out) if material.left_out else NOTHING
    return Section(material.say(f"{reader}_opening"), (*lines, *more), code="opening")


def _good(material: Material, starts: Sequence[str]) -> Iterator[str]:
    """Yield what is good, in the words in which it was said; by whom stays here."""
    interview = material.interview
    for start in starts if interview else ():
        for slot in material.open_slots:
            if not slot.startswith(start):
                continue
            for given in interview.answers(slot) if interview else ():
                if isinstance(given.value, str):
                    yield material.brief(given.value, 240)


def _strengths(material: Material) -> Section:
    said = list(dict.fromkeys(_good(material, _STRENGTHS)))
    title = material.say("plain_strengths")
    lines = bullets(said) if said else paragraph(material.say("no_strengths"))
    return Section(title, lines, code="strengths")


def _helping(material: Material, names: Sequence[str]) -> Section:
    """Return what helps already, as it was said: by function, or by what was asked."""
    said: dict[str, list[str]] = {}
    keys = {f"functions.{name}" for name in names}
    for slot in material.open_slots:
        question = material.question(slot)
        asks = _TAG in question.tags or question.name in _HELPS
        of = [key for key in question.evidence_for if key in keys]
        if not (asks and of) or KINDS[question.kind].tells != "words" or question.sensitivity:
            continue
        if material.is_about_safety(slot):
            continue
        one = len(question.evidence_for) == 1
        head = _plainly(material, of[0].removeprefix("functions.")) if one else material.ask(slot)
        said.setdefault(head, []).extend(
            material.brief(str(given.value), 240)
            for given in (material.interview.answers(slot) if material.interview else ())
            if isinstance(given.value, str)
        )
    items = [f"{strong(head)} {' '.join(words)}" for head, words in said.items() if any(words)]
    return Section(material.say("plain_helps"), bullets(items), code="helps")


def _harder(material: Material, names: Sequence[str], most: int) -> Section:
    """Return what is harder than for most, in words, the hardest first."""
    metrics = material.figures
    title = material.say("plain_harder")
    if metrics is None:
        return Section(title, NOTHING, code="harder")
    low = [name for name in furthest_below(metrics) if name in names][:most]
    said = [
        f"{strong(begun(material.say(f'plain_{level.id}')))}: {'; '.join(there)}."
        for level in reversed(levels(material))
        if (there := [_plainly(material, name) for name in low if level_of(metrics, name) == level])
    ]
    lines = bullets(said) if said else paragraph(material.say("plain_nothing_harder"))
    return Section(title, (*paragraph(material.say("plain_harder_note")), *lines), code="harder")


def _plainly(material: Material, name: str) -> str:
    """Return the title of a function without what stands in brackets for those who know it."""
    return material.text(material.named(f"functions.{name}").partition(" (")[0])


def _in_class(material: Material) -> Section:
    """Return how each function that a class sees stands, in words."""
    metrics = material.figures
    title = material.say("school_functions")
    if metrics is None:
        return Section(title, NOTHING, code="functions")
    rows = [
        (_plainly(material, name), material.say(f"plain_{found.id}"))
        for each in reversed(levels(material))
        for name in CLASSROOM
        if (found := level_of(metrics, name)) is not None and found.id == each.id
    ]
    header = (material.say("column_function"), material.say("column_in_class"))
    return Section(title, table(header, rows), code="functions")


def _lines_for(material: Material, settings: frozenset[str] | None) -> list[Line]:
    plan = material.plan
    found = [line for phase in plan.phases for line in phase.lines] if plan else []
    if settings is None:
        return found
    return [
        line
        for line in found
        if settings.intersection(line.settings or line.activity.settings)
        and (not line.functions or set(line.functions).intersection(CLASSROOM))
    ]


def _steps(material: Material, found: Sequence[Line], most: int) -> Section:
    """Return the first activities: what it looks like, how often, who; no reasons."""
    said = [
        f"{strong(material.text(line.activity.title))}: {material.text(line.activity.looks_like)}"
        f" {material.say('how_often')} {material.text(line.activity.how_often)}."
        + (
            ""
            if material.wanted.reader == "school"
            else f" {material.say('led', who=led_by(material, line))}"
        )
        for line in found[:most]
    ]
    lines = (*paragraph(material.say("plain_steps_note")), *bullets(said)) if said else NOTHING
    return Section(material.say("plain_steps"), lines, code="plan")


def _map(material: Material) -> Section:
    metrics = material.figures
    title = material.say("map_title")
    if metrics is None:
        return Section(title, NOTHING, code="map")
    lines: Lines = (
        *paragraph(material.say("family_map")),
        *fence(picture.NAME, picture.as_text(material, metrics)),
    )
    return Section(title, lines, code="map")


def _people(material: Material) -> Section:
    """Return who is there today and does good, as it was said."""
    slots = [
        slot
        for slot in material.open_slots
        if slot.startswith("people_today.") and material.question(slot).kind == "text"
    ]
    return Section(
        material.say("plain_people"), bullets(good_things(material, slots)), code="people"
    )


def _asking(material: Material) -> Section:
    """Return what is still to be found out together, without saying who did not know."""
    plan = material.plan
    said = [
        material.text(cut(each.says, 200))
        for each in (plan.asks if plan else ())
        if not (each.safety or mentions_substances(each.says))
    ]
    lines = (
        *(bullets(said) if said else NOTHING),
        *paragraph(material.say("family_asking")),
    )
    return Section(material.say("plain_asking"), lines, code="asking")
