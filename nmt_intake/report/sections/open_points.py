"""Safety: notes and answers of concern; what differs between informants; what is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nmt_intake.interview.concerns import FROM_ANSWER, Concern
from nmt_intake.interview.events import MissingReason
from nmt_intake.interview.progress import progress
from nmt_intake.interview.remaining import parked
from nmt_intake.interview.speaking import misfit_words
from nmt_intake.interview.state import Interview
from nmt_intake.report.context import Material
from nmt_intake.report.markdown import (
    NOTHING,
    Lines,
    Section,
    bullets,
    cut,
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
    title = material.say("safety")
    if interview is None or not interview.safety:
        return Section(title, NOTHING, code="safety")
    rows = [_row(material, concern) for concern in interview.safety]
    header = ("column_topic", "column_raised", "column_informed", "column_state")
    lines = (
        *table(tuple(material.say(code) for code in header), rows),
        *_words(material, interview),
        *paragraph(material.say("safety_note")),
    )
    return Section(title, lines, code="safety")


def _row(material: Material, concern: Concern) -> tuple[str, str, str, str]:
    return (
        topic(material, concern),
        material.when(concern.at, concern.zone),
        material.text(concern.informed) or material.say("nobody_noted"),
        _state(material, concern),
    )


def topic(material: Material, concern: Concern, longest: int = 400) -> str:
    """Return what a concern is about: a note's own topic, or the question that was answered."""
    slot = concern.slot
    words = concern.topic.replace("_", " ")
    if words == FROM_ANSWER:
        words = material.plain("from_answer")
    if not concern.codes or slot is None or material.withheld(slot):
        return material.text(cut(words, longest))
    asked = f"{material.text(cut(material.plain_ask(slot), longest))} {material.cite(slot)}"
    if longest < 400:
        name = material.instance(slot)
        return f"{name}: {asked}" if name else asked
    return f"{material.text(words)}: {asked} ({material.where(slot)})"


def _state(material: Material, concern: Concern) -> str:
    match concern.state:
        case "open":
            return strong(material.say("state_open"))
        case "past":
            return material.say("state_past")
        case "acknowledged":
            last = concern.closings[-1]
            day = material.when(last.at, last.zone)
            return f"{material.say('state_acknowledged')} {day}".rstrip()


def _words(material: Material, interview: Interview) -> Lines:
    if not material.wanted.safety_words:
        return paragraph(material.say("safety_words_stay"))
    said: list[str] = []
    for concern in interview.safety:
        words = [material.quoted(each) for each in _said(interview, concern)]
        words += [
            f"{material.say('reason')} {material.quoted(each.reason)}" for each in concern.closings
        ]
        told = "; ".join(each for each in words if each) or material.say("no_words_noted")
        said.append(f"{topic(material, concern)}: {told}")
    return bullets(said)


def _said(interview: Interview, concern: Concern) -> Iterator[str]:
    """Yield the words of a note, or those in which an answer of concern was given."""
    yield concern.note
    if concern.slot is not None and concern.codes:
        state = interview.said(concern.slot)
        yield from (
            each.words for each in (*state.given, *state.marks) if each.event in concern.ids
        )


_MOST_IN_SUMMARY: Final = 4


def differences(material: Material) -> Section:
    """Return the questions on which informants differ; empty where they agree."""
    interview = material.interview
    title = material.say("differences_section")
    if interview is None:
        return Section(title, NOTHING, code="differences")
    rows = [
        (
            f"{material.ask(slot)} ({material.where(slot)}) {material.sign(slot)}",
            tuple(
                f"{strong(material.says(slot, given))} ({material.source(given)})"
                for given in interview.answers(slot)
            ),
        )
        for slot in material.open_slots
        if interview.said(slot).differs(material.question(slot))
    ]
    if not rows:
        return Section(title, NOTHING, code="differences")
    most = _MOST_IN_SUMMARY if material.edition.length == "summary" else len(rows)
    left = len(rows) - most
    more = paragraph(material.say("more_in_record", n=left)) if left > 0 else NOTHING
    lines = (*paragraph(material.say("differences_intro")), *nested(rows[:most]), *more)
    return Section(title, lines, code="differences")


def misfits(material: Material) -> Section:
    """Return the checks between answers that do not hold; empty where all fit together.

    A check that reads what this report leaves out is left out, too.
    """
    interview = material.interview
    title = material.say("misfits_section")
    shown = set(material.open_slots)
    found = [
        (each, [slot for slot in each.slots if slot in interview.slots])
        for each in (interview.against if interview else ())
        if interview and all(slot in shown for slot in each.slots if slot in interview.slots)
    ]
    lines = [*_against_facts(material, shown)]
    if interview is None or not (found or lines):
        return Section(title, NOTHING, code="misfits")
    for each, slots in found:
        places = "; ".join(dict.fromkeys(material.where(slot) for slot in slots))
        refs = " ".join(material.cite(slot) for slot in slots)
        unsure = "" if each.surely else f" {material.say('misfit_unsure')}"
        words = material.text(misfit_words(interview, each, material.language))
        lines.append(f"{words} ({places}) {refs}{unsure}")
    intro = paragraph(material.say("misfits_intro"))
    return Section(title, (*intro, *bullets(lines)), code="misfits")


def _against_facts(material: Material, shown: set[str]) -> Iterator[str]:
    """Yield the facts that what was said to a short question leaves no room for."""
    for key in material.keys if material.interview else ():
        suggestion = material.suggestion(key)
        for fact in suggestion.contradictions:
            if shown.issuperset(fact.slots):
                told = material.text(suggestion.because)
                refs = " ".join(material.cite(slot) for slot in fact.slots[:1])
                because = material.text(fact.rule.because)
                title = material.title(key)
                yield (
                    material.say("fact_against", title=title, told=told, fact=because) + f" {refs}"
                )


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
        material.say("unknown_section"),
        lines,
        tuple(part for part in parts if not part.empty),
        code="unknown",
    )


def _group(material: Material, reason: MissingReason) -> Section:
    interview = material.interview
    if interview is None:
        return Section("", NOTHING)
    title, note = material.lists.missing_titles[reason], material.lists.missing_advice[reason]
    items = [
        _missing(material, interview, slot)
        for slot in sorted(material.open_slots, key=material.is_settled)
        if interview.said(slot).reason == reason
    ]
    if not items:
        return Section(title, NOTHING)
    lead = paragraph(f"{material.count('questions', len(items))} {material.text(note)}")
    more = len(items) - _MOST
    tail = paragraph(material.say("more_in_record", n=more)) if more > 0 else NOTHING
    return Section(title, (*lead, *bullets(items[:_MOST]), *tail))


# Those that a rating waits for come first; all of them are in the record.
_MOST: Final = 8
_ASK: Final = 90


def _missing(material: Material, interview: Interview, slot: str) -> str:
    """Return a question without an answer, its part, who was asked, and who may know."""
    marks = interview.said(slot).marks
    whom = dict.fromkeys(material.who(mark.informant) for mark in marks)
    know = dict.fromkeys(material.text(mark.who_knows) for mark in marks if mark.who_knows)
    tail = f" {material.say('who_may_know', who='; '.join(know))}" if know else ""
    asked = f"{material.where(slot)}; {', '.join(whom)}"
    ask = material.text(cut(material.plain_ask(slot), _ASK))
    return f"{ask} ({asked}) {material.sign(slot)}{tail}"


def _not_reached(material: Material) -> Iterator[str]:
    interview = material.interview
    if interview is None:
        return
    done = progress(interview)
    for reason, waiting in parked(interview).items():
        yield f"{material.count('questions', waiting).rstrip('.')}: {material.text(reason)}. " + (
            material.say("parked")
        )
    if done.remaining:
        yield material.count("not_reached", done.remaining)
    if done.undecided:
        yield material.count("undecided", done.undecided)
    flagged = dict.fromkeys(
        flag.slot
        for flag in interview.flags
        if flag.slot in interview.layout.position and not material.withheld(flag.slot)
    )
    for slot in flagged:
        yield f"{material.say('flagged')} {material.ask(slot)} ({material.where(slot)})"


def _ratings(material: Material) -> Lines:
    if material.figures is None:
        return NOTHING
    missing = [key for key in material.keys if key not in material.given]
    if not missing:
        return paragraph(material.say("every_rating_made"))
    return paragraph(material.say("ratings_missing", n=len(missing), of=len(material.keys)))
