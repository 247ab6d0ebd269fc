"""The record: every question once with its answers, every rating with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nmt_intake.interview.graph import Part
from nmt_intake.interview.kinds import KINDS
from nmt_intake.interview.progress import progress_of
from nmt_intake.interview.speaking import part_title
from nmt_intake.interview.state import Interview
from nmt_intake.report.answer_lines import lines_of, table_rows
from nmt_intake.report.context import SUGGESTED, Material, period_keys
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
from nmt_intake.report.words import figure
from nmt_intake.version import __version__
from nmt_intake.vocabulary import FUNCTIONS, RELATIONSHIPS

# What is noted with a rating that came in a file of answers; it is nobody's reason.
_IN_FILE: Final = "given in the file"
_BLOCK: Final = "assessments"


def evidence(material: Material) -> Section:
    """Return every rating with what it rests on; empty without interview or ratings."""
    interview = material.interview
    title = material.say("evidence_section")
    if interview is None or material.figures is None:
        return Section(title, NOTHING, code="evidence")
    groups = [
        (material.text(material.period(period)), period_keys(period))
        for period in material.figures.periods
    ]
    groups += [
        (material.say("part_functions"), tuple(f"functions.{item}" for item in FUNCTIONS)),
        (material.say("part_people"), tuple(f"relationships.{item}" for item in RELATIONSHIPS)),
    ]
    parts = tuple(
        Section(title, nested(_rating(material, interview, key) for key in keys))
        for title, keys in groups
    )
    return Section(title, paragraph(material.say("evidence_intro")), parts, code="evidence")


def _rating(material: Material, interview: Interview, key: str) -> tuple[str, tuple[str, ...]]:
    title = strong(material.title(key))
    if material.hides_rating(key):
        return f"{title}: {material.say('rating_left_out')}", ()
    decided = interview.ratings.get(key)
    value = material.given.get(key)
    said = "" if value is None else f"{value}, "
    state = rating_state(material, interview, key)
    refs = " ".join(
        material.cite(slot) for slot in material.evidence(key) if not material.withheld(slot)
    )
    lines: list[str] = []
    if decided is not None and decided.reason != _IN_FILE:
        sure = material.lists.confidences[decided.confidence] if decided.confidence else ""
        told = [part for part in (sure, material.quoted(decided.reason)) if part]
        if told:
            lines.append(f"{material.say('clinician')} {', '.join(told)}")
    lines += _suggested(material, key)
    return f"{title}: {said}{state} {refs}".rstrip(), tuple(lines)


def rating_state(material: Material, interview: Interview, key: str) -> str:
    """Return who decided a rating: a clinician, the file it came in, the rules, or nobody yet."""
    decided, value = interview.ratings.get(key), material.given.get(key)
    if decided is not None:
        if value is None:
            return material.say("left_unknown")
        return material.say("rated_in_file" if decided.reason == _IN_FILE else "rated_by_clinician")
    if key in material.unconfirmed:
        return f"{material.say('suggested')}{SUGGESTED}"
    return material.say("not_rated" if value is None else "as_given")


def _suggested(material: Material, key: str) -> Iterator[str]:
    """Yield the range that the rules give; one that says nothing (nearly all) is not printed."""
    found = material.suggestion(key)
    if found.low is None or found.high is None or found.high - found.low >= _SAYS_NOTHING:
        return
    scaled = (
        material.say("scaled", expected=figure(found.expected))
        if found.expected is not None
        else ""
    )
    because = f" {material.say('or')} ".join(
        material.text(outcome.rule.because) for outcome in found.rules
    )
    rules = material.text(found.rule_ids)
    span = material.say("rules_suggest", low=found.low, high=found.high)
    yield f"{span}{scaled} ({rules}): {because}"
    facts = [fact for fact in found.facts if not any(map(material.withheld, fact.slots))]
    if facts:
        read = " ".join(
            f"{material.text(fact.rule.because)} {' '.join(map(material.cite, fact.slots[:1]))}"
            for fact in facts
        )
        yield material.say("facts_read", facts=read)


_SAYS_NOTHING: Final = 9


def answers(material: Material) -> Section:
    """Return everything that was said, by block, with source, basis, confidence and changes."""
    interview = material.interview
    title = material.say("answers_section")
    if interview is None:
        return Section(title, NOTHING, code="answers")
    spoken = frozenset(material.spoken_of)
    parts = tuple(
        Section(material.text(part_title(interview, part, material.language)), lines)
        for part in interview.layout.parts
        if spoken.intersection(part.slots) and (lines := _part(material, interview, part))
    )
    out = material.say("left_out_of_copy", what="; ".join(material.left_out))
    lines = (
        *paragraph(material.say("answers_intro"), out if material.left_out else ""),
        *bullets(_without_place(material, interview)),
    )
    return Section(title, lines if parts else NOTHING, parts, code="answers")


def _part(material: Material, interview: Interview, part: Part) -> Lines:
    slots = [slot for slot in part.slots if slot in material.spoken_set]
    shown = [slot for slot in slots if not material.withheld(slot)]
    if not shown:
        return NOTHING
    counted = paragraph(_counted(material, interview, part))
    return (*counted, *nested(_item(material, slot) for slot in shown))


def _counted(material: Material, interview: Interview, part: Part) -> str:
    """Return yes / answered / asked of the part's yes-or-no questions, and what all were."""
    done = progress_of(interview, part)
    plain = [
        slot
        for slot in part.slots
        if slot in material.spoken_set and material.question(slot).kind == "yes_no"
    ]
    said = material.say("part_counts", answered=done.answered, asked=done.asked)
    if not plain:
        return said
    answered = [slot for slot in plain if interview.answers(slot)]
    yes = sum(any(g.value is True for g in interview.answers(slot)) for slot in answered)
    return f"{said} {material.say('yes_counts', yes=yes, answered=len(answered), asked=len(plain))}"


def _item(material: Material, slot: str) -> tuple[str, tuple[str, ...]]:
    closed = material.interview is not None and not material.interview.counts(slot)
    note = f" {material.say('branch_closed')}" if closed else ""
    fed = [material.title(key) for key in material.fed.get(slot, ())]
    rates = f" {material.say('rates', what=', '.join(dict.fromkeys(fed)))}" if fed else ""
    differs = f" {material.say('tellers_differ')}" if _differs(material, slot) else ""
    head = f"{material.cite(slot)} {material.ask(slot)}{note}{differs}{rates}"
    return head, tuple(lines_of(material, slot))


def _differs(material: Material, slot: str) -> bool:
    interview = material.interview
    return interview is not None and interview.said(slot).differs(material.question(slot))


_ASK: Final = 70


def notes(material: Material) -> Section:
    """Return the answers that this report cites, by number; all the others are in the record.

    Made last: what was cited so far is what it holds.
    """
    title = material.say("notes_section")
    if material.interview is None or not material.cited:
        return Section(title, NOTHING, code="notes")
    slots = [slot for slot in material.spoken_of if slot in material.cited]
    items = [
        f"{material.cite(slot)} {material.text(cut(material.plain_ask(slot), _ASK))}"
        f" {' · '.join(lines_of(material, slot, in_short=True))}"
        for slot in slots
        if not material.withheld(slot)
    ]
    return Section(title, (*paragraph(material.say("notes_intro")), *bullets(items)), code="notes")


def _without_place(material: Material, interview: Interview) -> Iterator[str]:
    for note in interview.notes:
        if note.slot is None or note.slot not in interview.layout.position:
            said = f" ({material.who(note.informant)})" if note.informant else ""
            yield f"{material.say('note')} {material.quoted(note.text)}{said}"
    if interview.orphans:
        yield material.count("orphans", len(interview.orphans))


def assessments(material: Material) -> Section:
    """Return the table of results of others; empty where there is none."""
    interview = material.interview
    title = material.say("assessments_section")
    if interview is None:
        return Section(title, NOTHING, code="assessments")
    lines: list[str] = []
    for slot in material.open_slots:
        question = material.question(slot)
        if question.block != _BLOCK or KINDS[question.kind].desk != "rows":
            continue
        told = [
            (*(cell for _name, cell in row), material.source(given))
            for given in interview.answers(slot)
            for row in table_rows(material, slot, given)
        ]
        header = [material.text(column.ask) for column in question.columns]
        lines += table((*header, material.say("told_by").rstrip(":")), told)
    if not lines:
        return Section(title, NOTHING, code="assessments")
    note = paragraph(material.say("assessments_note"))
    return Section(title, (*lines, *note), code="assessments")


def limits(material: Material) -> Section:
    """Return the disclaimers."""
    return Section(material.say("limits_section"), bullets(_limit_lines(material)), code="limits")


def _limit_lines(material: Material) -> Iterator[str]:
    for each in ("independent", "not_validated", "no_diagnosis"):
        yield f"{strong(material.say(each))} {material.say(f'{each}_says')}"
    suggested = len(material.unconfirmed)
    if suggested:
        title = strong(material.say("read_suggested"))
        yield f"{title} {material.count('suggested_here', suggested)}"
    yield f"{strong(material.say('memory'))} {material.say('memory_says')}"
    if material.left_out:
        what = "; ".join(material.left_out)
        yield f"{strong(material.say('left_out_title'))} {material.say('left_out_says', what=what)}"


def versions(material: Material) -> Section:
    """Return the versions of program, bank and scoring data, with their sources."""
    norms = material.norms
    rows = [(material.say("program"), material.text(__version__), "nmt-intake")]
    rows += [
        (
            material.text(name.replace("_", " ")),
            material.text(version),
            material.text(norms.sources.get(name, "")),
        )
        for name, version in norms.versions.items()
        if name != "bank" or material.interview is None
    ]
    if material.plan:
        rows += [
            (material.text(name.replace("_", " ")), material.text(version), "plan of activities")
            for name, version in material.plan.versions.items()
            if name not in norms.versions
        ]
    header = ("column_data", "column_version", "column_source")
    data = (
        table(tuple(material.say(code) for code in header), rows)
        if material.edition.length == "record"
        else paragraph(
            material.say("data_versions", versions=", ".join(f"{row[0]} {row[1]}" for row in rows))
        )
    )
    lines = (
        *bullets(_bank(material)),
        *data,
        *paragraph(material.say("other_versions")),
    )
    return Section(material.say("versions_section"), lines, code="versions")


def _bank(material: Material) -> Iterator[str]:
    interview = material.interview
    if interview is None:
        return
    bank = interview.bank
    yield material.say(
        "bank_version",
        bank=material.text(bank.id),
        version=material.text(bank.version),
        hash=material.text(bank.hash),
    )
    other = sorted(
        {
            (event.bank_version, event.bank_hash)
            for events in interview.ledger.by_subject.values()
            for event in events
            if event.bank_hash and event.bank_hash != bank.hash
        }
    )
    for version, digest in other:
        yield material.say("other_bank", version=material.text(version), hash=material.text(digest))
