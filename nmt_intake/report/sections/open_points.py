"""Safety: notes and answers of concern; what differs between informants; what is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nmt_intake.interview.concerns import Concern
from nmt_intake.interview.events import MissingReason
from nmt_intake.interview.progress import progress
from nmt_intake.interview.remaining import parked
from nmt_intake.interview.speaking import misfit_words
from nmt_intake.interview.state import Interview
from nmt_intake.report.answer_lines import mark_line, where
from nmt_intake.report.context import Material
from nmt_intake.report.markdown import (
    NOTHING,
    Lines,
    Section,
    bullets,
    count,
    nested,
    paragraph,
    strong,
    table,
)


def safety(material: Material) -> Section:
    """Return the safety notes: topic, time, who was informed; the words only if wanted here.

    An answer with a safety code is a note by itself. Empty where there is none.
    """
    interview = material.interview
    if interview is None or not interview.safety:
        return Section("Safety notes", NOTHING)
    rows = [_row(material, concern) for concern in interview.safety]
    lines = (
        *table(("Topic", "Raised", "Who was informed", "State"), rows),
        *_words(material, interview),
        *paragraph("The program informs nobody and judges no risk. People do."),
    )
    return Section("Safety notes", lines)


def _row(material: Material, concern: Concern) -> tuple[str, str, str, str]:
    return (
        _topic(material, concern),
        material.when(concern.at, concern.zone),
        material.text(concern.informed) or "nobody noted",
        _state(material, concern),
    )


def _topic(material: Material, concern: Concern) -> str:
    """Return what a concern is about: a note's own topic, or the question that was answered."""
    topic = material.text(concern.topic.replace("_", " "))
    slot = concern.slot
    if not concern.codes or slot is None or material.withheld(slot):
        return topic
    return f"{topic}: {material.ask(slot)} ({where(material, slot)})"


def _state(material: Material, concern: Concern) -> str:
    match concern.state:
        case "open":
            return strong("open")
        case "past":
            return "past: the answer was changed or taken back since"
        case "acknowledged":
            last = concern.closings[-1]
            return f"acknowledged {material.when(last.at, last.zone)}".rstrip()


def _words(material: Material, interview: Interview) -> Lines:
    if not material.wanted.safety_words:
        return paragraph("What was said stays in the case.")
    said: list[str] = []
    for concern in interview.safety:
        words = [material.quoted(each) for each in _said(interview, concern)]
        words += [f"reason {material.quoted(each.reason)}" for each in concern.closings]
        told = "; ".join(each for each in words if each) or "no words noted"
        said.append(f"{_topic(material, concern)}: {told}")
    return bullets(said)


def _said(interview: Interview, concern: Concern) -> Iterator[str]:
    """Yield the words of a note, or those in which an answer of concern was given."""
    yield concern.note
    if concern.slot is not None and concern.codes:
        state = interview.said(concern.slot)
        yield from (
            each.words for each in (*state.given, *state.marks) if each.event in concern.ids
        )


def differences(material: Material) -> Section:
    """Return the questions on which informants differ; empty where they agree."""
    interview = material.interview
    if interview is None:
        return Section("Where informants differ", NOTHING)
    rows: list[list[str]] = []
    for slot in material.open_slots:
        if interview.said(slot).differs(material.question(slot)):
            said = [
                f"{strong(material.says(slot, given))} ({material.source(given)})"
                for given in interview.answers(slot)
            ]
            rows.append([f"{material.ask(slot)} ({where(material, slot)})", *said])
    if not rows:
        return Section("Where informants differ", NOTHING)
    most = max(len(row) for row in rows)
    header = ("Question", *(f"Answer {number}" for number in range(1, most)))
    lines = (
        *paragraph(
            "Disagreement is information. A rule that depends on such an answer takes both.",
        ),
        *table(header, [(*row, *[""] * (most - len(row))) for row in rows]),
    )
    return Section("Where informants differ", lines)


def misfits(material: Material) -> Section:
    """Return the checks between answers that do not hold; empty where all fit together.

    A check that reads what this report leaves out is left out, too.
    """
    interview = material.interview
    shown = set(material.open_slots)
    found = [
        (each, [slot for slot in each.slots if slot in interview.slots])
        for each in (interview.against if interview else ())
        if interview and all(slot in shown for slot in each.slots if slot in interview.slots)
    ]
    if interview is None or not found:
        return Section("These do not fit together", NOTHING)
    lines: list[str] = []
    for each, slots in found:
        places = "; ".join(dict.fromkeys(where(material, slot) for slot in slots))
        unsure = "" if each.surely else " So by one informant, not by another."
        lines.append(f"{material.text(misfit_words(interview, each))} ({places}){unsure}")
    intro = paragraph("The program cannot say which of the answers is the one to look at again.")
    return Section("These do not fit together", (*intro, *bullets(lines)))


_GROUPS: Final[tuple[MissingReason, ...]] = (
    "temp-unknown",
    "asked-unknown",
    "not-asked",
    "asked-declined",
    "masked",
)


def unknown(material: Material) -> Section:
    """Return what is unknown by reason, and which ratings that leaves open."""
    parts = tuple(_group(material, reason) for reason in _GROUPS)
    lines = (*bullets(_not_reached(material)), *_ratings(material))
    return Section(
        "What is not known, and who might know",
        lines,
        tuple(part for part in parts if not part.empty),
    )


def _group(material: Material, reason: MissingReason) -> Section:
    interview = material.interview
    if interview is None:
        return Section("", NOTHING)
    title, note = material.lists.missing_titles[reason], material.lists.missing_advice[reason]
    items = [
        (
            f"{material.ask(slot)} ({where(material, slot)})",
            tuple(mark_line(material, slot, mark) for mark in interview.said(slot).marks),
        )
        for slot in material.open_slots
        if interview.said(slot).reason == reason
    ]
    if not items:
        return Section(title, NOTHING)
    return Section(title, (*paragraph(f"{count(len(items), 'question')}. {note}"), *nested(items)))


def _not_reached(material: Material) -> Iterator[str]:
    interview = material.interview
    if interview is None:
        return
    done = progress(interview)
    for reason, waiting in parked(interview).items():
        yield f"{count(waiting, 'question')} not asked: {reason}. They come back when that changes."
    if done.remaining:
        yield f"{count(done.remaining, 'question')} not reached yet."
    if done.undecided:
        yield (
            f"{count(done.undecided, 'question')} not decidable yet: they hang on something that is"
            " not known."
        )
    flagged = dict.fromkeys(
        flag.slot
        for flag in interview.flags
        if flag.slot in interview.layout.position and not material.withheld(flag.slot)
    )
    for slot in flagged:
        yield f"Marked to come back to: {material.ask(slot)} ({where(material, slot)})"


def _ratings(material: Material) -> Lines:
    if material.figures is None:
        return NOTHING
    missing = [key for key in material.keys if key not in material.given]
    if not missing:
        return paragraph("Every rating is made.")
    return paragraph(
        f"{len(missing)} of {len(material.keys)} ratings are not made, and stay unknown in every",
        "figure.",
    )
