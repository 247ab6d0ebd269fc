"""First recommendations by domain, in sequence, each with the reason for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.speaking import referral
from nmt_intake.report.answer_lines import good_things
from nmt_intake.report.context import Material, domain_keys
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
from nmt_intake.report.sections.week import addressees, week_page
from nmt_intake.scoring.planner import Line, Phase, Plan
from nmt_intake.vocabulary import PERIODS


def recommendations(material: Material) -> Section:
    """Return the plan; empty where there is none."""
    plan = material.plan
    if plan is None or material.figures is None:
        return Section(material.say("plan_section"), NOTHING, code="plan")
    phases = tuple(
        Section(phase_title(material, phase.id), _phase(material, phase))
        for phase in plan.phases
        if phase.lines
    )
    lines = (
        *paragraph(*(strong(material.text(each)) for each in plan.said_first)),
        *_asks(material, plan),
        *paragraph(material.say("plan_intro"), material.text(plan.basis)),
        *_areas(material, plan),
        *_not_answered(material, plan),
    )
    first = (week_page(material, plan), addressees(material, plan))
    parts = (*(each for each in first if each.lines), *phases, *_around(material, plan))
    return Section(material.say("plan_section"), lines, parts, code="plan")


def phase_title(material: Material, phase: str) -> str:
    """Return what a phase is called."""
    code = f"phase_{phase}"
    return material.say(code) if code in material.lists.report else material.text(phase)


def _areas(material: Material, plan: Plan) -> Lines:
    steps = [
        (
            f"{material.say('step', n=number)}, {phase_title(material, area.phase).lower()}:"
            f" {strong(material.text(material.domain(area.domain)))},"
            f" {material.text(material.name(f'bands.{area.band}', area.band)).lower()}"
            f"{_starred(material, domain_keys(material.norms, area.domain))}",
            [" ".join(material.text(each) for each in area.reasons)],
        )
        for number, area in enumerate(plan.areas, 1)
    ]
    held = ((strong(material.text(each.title)), [material.text(each.reason)]) for each in plan.held)
    remarks = ((material.text(each), ()) for each in (*plan.moved_on, *plan.remarks))
    return nested((*steps, *held, *remarks))


def _asks(material: Material, plan: Plan) -> Lines:
    """Write whom to ask first; it stands above all activities."""
    said = [material.text(ask.says) for ask in plan.asks if not ask.safety]
    if not said:
        return NOTHING
    return (*paragraph(strong(material.say("ask_first"))), *bullets(said))


def _not_answered(material: Material, plan: Plan) -> Lines:
    """Write which needs have no line, each with the reason."""
    if not plan.unanswered:
        return NOTHING
    said = [
        f"{strong(material.text(each.title))}: {material.text(each.reason)}"
        for each in plan.unanswered
    ]
    return (*paragraph(material.say("without_line")), *bullets(said))


def _phase(material: Material, phase: Phase) -> Lines:
    # What comes first is told in full; what comes later will be looked at again before.
    if phase.id == _LAST:
        return paragraph("; ".join(_title(material, line) for line in phase.lines) + ".")
    details = _details if phase.id == _FIRST else _details_in_short
    return nested((_title(material, line), details(material, line)) for line in phase.lines)


_FIRST: Final = "now"
_LAST: Final = "later"


def _details_in_short(material: Material, line: Line) -> Iterator[str]:
    if line.reasons:
        yield f"{material.say('why')} {material.text(line.reasons[0])}"
    if line.ask_first:
        yield f"{material.say('ask_first')} {' '.join(map(material.text, line.ask_first))}"
    often = f"{material.say('how_often')} {material.text(line.activity.how_often)}."
    yield f"{often} {material.say('led', who=led_by(material, line, 2))}"


def _title(material: Material, line: Line) -> str:
    domain = material.domain(line.domain)
    usual = line.band or ""
    band = f", {material.text(material.name(f'bands.{usual}', usual)).lower()}" if usual else ""
    star = " \\*" if line.unconfirmed else ""
    chosen = f"; {material.say('by_clinician')}" if line.by_clinician else ""
    title = strong(material.text(line.activity.title))
    return f"{title}{star} ({material.text(domain)}{band}{chosen})"


def _details(material: Material, line: Line) -> Iterator[str]:
    activity = line.activity
    # Every good thing that an activity fits is on the desk; one of them is enough here.
    yield f"{material.say('why')} {' '.join(material.text(each) for each in line.reasons[:2])}"
    yield material.text(activity.looks_like)
    if line.form:
        yield f"{material.say('at_this_age')} {material.text(line.form)}"
    own = material.plan.own_adaptations(line) if material.plan else ()
    if own:
        yield f"{material.say('adapted')} {' '.join(map(material.text, own))}"
    if line.ask_first:
        yield f"{material.say('ask_first')} {' '.join(map(material.text, line.ask_first))}"
    half = material.plan.half_dose_says if material.plan and line.half_dose else ""
    half = (
        f"{half} {material.plain('smaller_is')} {activity.down}" if half and activity.down else half
    )
    yield (
        f"{material.say('how_often')} {material.text(activity.how_often)}."
        f" {material.say('how_long')} {material.text(activity.how_long)}."
        f" {material.say('led', who=led_by(material, line))} {material.text(half)}"
    )
    if activity.cautions:
        yield f"{material.say('take_care')} {' '.join(map(material.text, activity.cautions))}"


def led_by(material: Material, line: Line, most: int = 9) -> str:
    """Return who leads an activity, and where: so many of each at most."""
    leaders = line.led_by or tuple(each.strip() for each in line.activity.led_by.split(","))
    led = listed(_named(material, "leader", leaders[:most]), material.say("and"))
    settings = line.settings or line.activity.settings
    places = listed(_named(material, "place", settings[:most]), material.say("and"))
    return f"{led}, {places}" if places else led


def _named(material: Material, kind: str, codes: Iterable[str]) -> list[str]:
    texts = material.lists.report
    return [
        material.say(f"{kind}_{each}")
        if f"{kind}_{each}" in texts
        else material.text(each.replace("_", " "))
        for each in codes
    ]


def _starred(material: Material, keys: Iterable[str]) -> str:
    return " \\*" if material.mark(keys) else ""


def _around(material: Material, plan: Plan) -> Iterator[Section]:
    said = [material.text(each) for each in (*plan.always_says, *plan.principles)]
    yield from _told(material.say("holds_for_all"), said)
    yield from _told(material.say("when_to_stop"), [material.text(each) for each in plan.stop_when])
    if plan.review:
        asks = [material.text(each) for each in plan.review.asks]
        sooner = [material.text(each) for each in plan.review.sooner_when]
        lines = (
            *paragraph(
                material.text(plan.review.says),
                material.say("sooner_if", what="; ".join(sooner)) if sooner else "",
            ),
            *bullets(asks),
        )
        yield Section(material.say("looking_again"), lines)
    occasions = [
        f"{strong(material.text(each.activity.title))}: {material.text(each.occasion)}"
        for each in plan.on_occasion
    ]
    yield from _told(material.say("on_occasion"), occasions)


def _told(title: str, items: list[str]) -> Iterator[Section]:
    if items:
        yield Section(title, bullets(items))


def strengths(material: Material) -> Section:
    """Return strengths and what helps, by topic; those of a period stand with the period."""
    title = material.say("strengths_section")
    if material.interview is None:
        return Section(title, NOTHING, code="strengths")
    by_topic: dict[str, list[str]] = {}
    for slot in material.open_slots:
        if split_slot(slot)[0][:-1] not in PERIODS:
            for said in good_things(material, (slot,)):
                by_topic.setdefault(material.where(slot), []).append(said)
    if not by_topic:
        return Section(title, paragraph(material.say("no_strengths")), code="strengths")
    lines = (
        *bullets(f"{strong(topic)}: {'; '.join(said)}" for topic, said in by_topic.items()),
        *paragraph(material.say("strengths_note")),
    )
    return Section(title, lines, code="strengths")


def doctor(material: Material) -> Section:
    """Return what a doctor should be told; empty where nothing came up."""
    things = tuple(things_to_mention(material))
    title = material.say("doctor_section")
    if not things:
        return Section(title, NOTHING, code="doctor")
    lines = (*paragraph(material.say("doctor_intro")), *nested(things))
    return Section(title, lines, code="doctor")


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
                    f"{material.ask(slot)} {says} ({material.source(given)}) {material.sign(slot)}"
                )
        for note, said in found.items():
            yield material.text(note), tuple(said)


_IN_SHORT: Final = 6


def recommendations_in_short(material: Material) -> Section:
    """Return the first activities in a line or two each: what, why, how often, who."""
    plan = material.plan
    title = material.say("plan_section")
    if plan is None or material.figures is None:
        return Section(title, NOTHING, code="plan_in_short")
    items = [
        f"{phase_title(material, phase.id)}: {_title(material, line)}."
        f" {material.text(line.activity.looks_like)}"
        f" {material.say('how_often')} {material.text(line.activity.how_often)}."
        f" {material.say('led', who=led_by(material, line))}"
        for phase in plan.phases
        for line in phase.lines
    ]
    lines = (
        *paragraph(*(strong(material.text(each)) for each in plan.said_first)),
        *_asks(material, plan),
        *paragraph(strong(material.say("first_steps"))),
        *bullets(items[:_IN_SHORT]),
        *paragraph(material.text(plan.review.says) if plan.review else ""),
    )
    return Section(title, lines, code="plan_in_short")
