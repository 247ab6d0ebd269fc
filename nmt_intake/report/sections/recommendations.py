"""First recommendations by domain, in sequence, each with the reason for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.speaking import referral
from nmt_intake.report.answer_lines import good_things, where
from nmt_intake.report.context import Material
from nmt_intake.report.markdown import (
    NOTHING,
    Lines,
    Section,
    bullets,
    listed,
    nested,
    paragraph,
    strong,
)
from nmt_intake.report.sections.functioning import domain_keys
from nmt_intake.report.sections.week import addressees, week_page
from nmt_intake.scoring.planner import Line, Phase, Plan
from nmt_intake.vocabulary import PERIODS

_PHASES: Final = {"now": "Now", "next": "Next", "later": "Later"}
_LEADERS: Final = {
    "caregiver": "a carer",
    "teacher": "a teacher",
    "clinician": "a clinician",
    "peer": "a peer",
    "self": "the person",
    "kin": "family or close friends",
    "leader": "somebody who leads a group",
    "sibling": "a brother or sister",
    "partner": "a partner",
    "mentor": "a mentor",
    "helper": "a helper",
}
_PLACES: Final = {
    "home": "at home",
    "school": "at school",
    "clinic": "in the clinic",
    "community": "out in the community",
}


def recommendations(material: Material) -> Section:
    """Return the plan; empty where there is none."""
    plan = material.plan
    if plan is None or material.figures is None:
        return Section("First recommendations", NOTHING)
    phases = tuple(
        Section(_PHASES.get(phase.id, material.text(phase.id)), _phase(material, phase))
        for phase in plan.phases
        if phase.lines
    )
    lines = (
        *paragraph(*(strong(material.text(each)) for each in plan.said_first)),
        *_asks(material, plan),
        *paragraph(
            "Help goes from the lowest system up: first regulate, then relate, then reason. This",
            "is a suggestion to choose from; the clinician drops, adds and reorders.",
            material.text(plan.basis),
        ),
        *_areas(material, plan),
        *_not_answered(material, plan),
    )
    first = (week_page(material, plan), addressees(material, plan))
    parts = (*(each for each in first if each.lines), *phases, *_around(material, plan))
    return Section("First recommendations", lines, parts)


def _areas(material: Material, plan: Plan) -> Lines:
    steps = [
        (
            f"Step {number}, {_PHASES.get(area.phase, area.phase).lower()}:"
            f" {strong(material.text(area.title))}, {material.text(area.band)}"
            f"{_starred(material, domain_keys(material, area.domain))}",
            [" ".join(material.text(each) for each in area.reasons)],
        )
        for number, area in enumerate(plan.areas, 1)
    ]
    held = ((strong(material.text(each.title)), [material.text(each.reason)]) for each in plan.held)
    remarks = ((material.text(each), ()) for each in (*plan.moved_on, *plan.remarks))
    return nested((*steps, *held, *remarks))


def _asks(material: Material, plan: Plan) -> Lines:
    """Write whom to ask first; it stands above all activities."""
    if all(ask.safety for ask in plan.asks):
        return NOTHING
    said = [material.text(ask.says) for ask in plan.asks if not ask.safety]
    return (*paragraph(strong("Ask first:")), *bullets(said))


def _not_answered(material: Material, plan: Plan) -> Lines:
    """Write which needs have no line, each with the reason."""
    if not plan.unanswered:
        return NOTHING
    said = [
        f"{strong(material.text(each.title))}: {material.text(each.reason)}"
        for each in plan.unanswered
    ]
    return (*paragraph("What needs help and has no line of its own here:"), *bullets(said))


def _phase(material: Material, phase: Phase) -> Lines:
    return nested((_title(material, line), _details(material, line)) for line in phase.lines)


def _title(material: Material, line: Line) -> str:
    domain = material.norms.domain_titles.get(line.domain, line.domain)
    band = f", {material.text(line.band)}" if line.band else ""
    star = " \\*" if line.unconfirmed else ""
    chosen = "; chosen by the clinician" if line.by_clinician else ""
    title = strong(material.text(line.activity.title))
    return f"{title}{star} ({material.text(domain)}{band}{chosen})"


def _details(material: Material, line: Line) -> Iterator[str]:
    activity = line.activity
    yield f"Why: {' '.join(material.text(reason) for reason in line.reasons)}"
    yield material.text(activity.looks_like)
    if line.form:
        yield f"At this age: {material.text(line.form)}"
    own = material.plan.own_adaptations(line) if material.plan else ()
    if own:
        yield f"Adapted: {' '.join(material.text(each) for each in own)}"
    if line.ask_first:
        yield f"Ask first: {' '.join(material.text(each) for each in line.ask_first)}"
    half = material.plan.half_dose_says if material.plan and line.half_dose else ""
    half = f"{half} Smaller is: {activity.down}" if half and activity.down else half
    yield (
        f"How often: {material.text(activity.how_often)}. How long:"
        f" {material.text(activity.how_long)}. {_led(material, line)} {material.text(half)}"
    )
    if activity.cautions:
        yield f"Take care: {' '.join(material.text(each) for each in activity.cautions)}"


def _led(material: Material, line: Line) -> str:
    leaders = line.led_by or tuple(each.strip() for each in line.activity.led_by.split(","))
    led = listed([material.text(_LEADERS.get(each, each.replace("_", " "))) for each in leaders])
    settings = line.settings or line.activity.settings
    places = listed([material.text(_PLACES.get(each, each)) for each in settings])
    return f"Led by {led}, {places}." if places else f"Led by {led}."


def _starred(material: Material, keys: Iterable[str]) -> str:
    return " \\*" if material.mark(keys) else ""


def _around(material: Material, plan: Plan) -> Iterator[Section]:
    said = [material.text(each) for each in (*plan.always_says, *plan.principles)]
    yield from _told("What holds for all of it", said)
    yield from _told("When to stop", [material.text(each) for each in plan.stop_when])
    if plan.review:
        asks = [material.text(each) for each in plan.review.asks]
        sooner = [material.text(each) for each in plan.review.sooner_when]
        lines = (
            *paragraph(
                material.text(plan.review.says), f"Sooner if {'; '.join(sooner)}." if sooner else ""
            ),
            *bullets(asks),
        )
        yield Section("Looking again", lines)
    occasions = [
        f"{strong(material.text(each.activity.title))}: {material.text(each.occasion)}"
        for each in plan.on_occasion
    ]
    yield from _told("On occasion", occasions)


def _told(title: str, items: list[str]) -> Iterator[Section]:
    if items:
        yield Section(title, bullets(items))


def strengths(material: Material) -> Section:
    """Return strengths and what helps, by topic; those of a period stand with the period."""
    if material.interview is None:
        return Section("Strengths and what helps", NOTHING)
    by_topic: dict[str, list[str]] = {}
    for slot in material.open_slots:
        if split_slot(slot)[0][:-1] not in PERIODS:
            for said in good_things(material, (slot,)):
                by_topic.setdefault(where(material, slot), []).append(said)
    if not by_topic:
        return Section(
            "Strengths and what helps", paragraph("None is noted yet. Ask for them first.")
        )
    lines = (
        *nested(by_topic.items()),
        *paragraph("What helped in each period stands with the period, above."),
    )
    return Section("Strengths and what helps", lines)


def doctor(material: Material) -> Section:
    """Return what a doctor should be told; empty where nothing came up."""
    things = tuple(things_to_mention(material))
    if not things:
        return Section("Things to mention to a doctor", NOTHING)
    lines = (
        *paragraph("These are notes, not findings. A doctor decides what they mean."),
        *nested(things),
    )
    return Section("Things to mention to a doctor", lines)


def things_to_mention(material: Material) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each note with the answers that it came from."""
    interview = material.interview
    if interview is None:
        return
    for slot in material.open_slots:
        if material.question(slot).refer is None:
            continue
        found: dict[str, list[str]] = {}
        for given in interview.answers(slot):
            note = referral(interview, slot, given.value)
            if note:
                says = strong(material.says(slot, given))
                found.setdefault(note, []).append(
                    f"{material.ask(slot)} {says} ({material.source(given)})"
                )
        for note, said in found.items():
            yield material.text(note), tuple(said)
