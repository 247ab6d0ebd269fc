"""Each rating with what it rests on: who decided it, by which rule, from which answers."""

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
    count,
    listed,
    nested,
    paragraph,
    strong,
    table,
)
from nmt_intake.report.words import figure
from nmt_intake.version import __version__
from nmt_intake.vocabulary import FUNCTIONS, RELATIONSHIPS


def evidence(material: Material) -> Section:
    """Return every rating with its evidence; empty for a report without interview or ratings."""
    interview = material.interview
    if interview is None or material.figures is None:
        return Section("Ratings and their evidence", NOTHING)
    groups = [
        (material.text(material.norms.periods[period].title), period_keys(period))
        for period in material.figures.periods
    ]
    groups += [
        ("Functions", tuple(f"functions.{item}" for item in FUNCTIONS)),
        ("People today", tuple(f"relationships.{item}" for item in RELATIONSHIPS)),
    ]
    parts = tuple(
        Section(title, nested(_rating(material, interview, key) for key in keys))
        for title, keys in groups
    )
    opening = paragraph(
        "So every figure can be traced. A suggestion is a range from the bank's rules (ours);",
        "where something is unknown it widens, and a range wider than three steps gives no number.",
    )
    return Section("Ratings and their evidence", opening, parts)


def _rating(material: Material, interview: Interview, key: str) -> tuple[str, tuple[str, ...]]:
    if material.hides_rating(key):
        return f"{strong(material.title(key))}: left out of this copy, and unknown in it", ()
    decided = interview.ratings.get(key)
    value = material.given.get(key)
    if decided is not None:
        state = "left unknown by the clinician" if value is None else "rated by the clinician"
    elif key in material.unconfirmed:
        state = f"suggested, not confirmed{SUGGESTED}"
    else:
        state = "not rated" if value is None else "as given"
    said = "" if value is None else f"{value}, "
    return f"{strong(material.title(key))}: {said}{state}", tuple(
        _grounds(material, interview, key)
    )


def _grounds(material: Material, interview: Interview, key: str) -> Iterator[str]:
    decided = interview.ratings.get(key)
    if decided is not None:
        sure = material.lists.confidences[decided.confidence] if decided.confidence else ""
        if sure or decided.reason:
            parts = (sure, material.quoted(decided.reason))
            yield f"Clinician: {', '.join(part for part in parts if part)}"
    yield from _suggested(material, key)
    yield from _said(material, key)


def _suggested(material: Material, key: str) -> Iterator[str]:
    found = material.suggestion(key)
    if found.low is None or found.high is None:
        return
    scaled = (
        f", scaled to the {figure(found.expected)} expected at this age"
        if found.expected is not None
        else ""
    )
    because = " Or: ".join(material.text(outcome.rule.because) for outcome in found.rules)
    rules = material.text(found.rule_ids)
    yield f"Rules suggest {found.low} to {found.high}{scaled} ({rules}): {because}"


def _said(material: Material, key: str) -> Iterator[str]:
    slots = dict.fromkeys(line.slot for line in material.suggestion(key).evidence)
    for slot in slots:
        if not material.withheld(slot):
            differs = " Informants differ." if _differs(material, slot) else ""
            yield f"{material.ask(slot)} {'; '.join(lines_of(material, slot))}{differs}"


def _differs(material: Material, slot: str) -> bool:
    interview = material.interview
    return interview is not None and interview.said(slot).differs(material.question(slot))


_CLOSED: Final = "(branch closed: kept, and left out of every figure)"


def answers(material: Material) -> Section:
    """Return everything that was said, by block, with source, basis, confidence and changes."""
    interview = material.interview
    if interview is None:
        return Section("Answers in full", NOTHING)
    spoken = frozenset(material.spoken_of)
    parts = tuple(
        Section(material.text(part_title(interview, part)), lines)
        for part in interview.layout.parts
        if spoken.intersection(part.slots) and (lines := _part(material, interview, part))
    )
    lines = (
        *paragraph(
            "Each answer with who gave it, on which basis, how sure they were, and how often it",
            "was changed; earlier versions stay in the case.",
            f"Left out of this copy: {listed(material.left_out)}." if material.left_out else "",
        ),
        *bullets(_without_place(material, interview)),
    )
    return Section("Answers in full", lines if parts else NOTHING, parts)


def _part(material: Material, interview: Interview, part: Part) -> Lines:
    slots = [slot for slot in part.slots if slot in material.spoken_of]
    shown = [slot for slot in slots if not material.withheld(slot)]
    if not shown:
        return NOTHING
    return (*paragraph(_counted(interview, part)), *nested(_item(material, s) for s in shown))


def _counted(interview: Interview, part: Part) -> str:
    done = progress_of(interview, part)
    yes = sum(any(given.value is True for given in interview.answers(slot)) for slot in part.slots)
    return f"Yes {yes} / answered {done.answered} / asked {done.asked}."


def _item(material: Material, slot: str) -> tuple[str, tuple[str, ...]]:
    closed = material.interview is not None and not material.interview.counts(slot)
    note = f" {_CLOSED}" if closed else ""
    return material.ask(slot) + note, tuple(lines_of(material, slot))


def _without_place(material: Material, interview: Interview) -> Iterator[str]:
    for note in interview.notes:
        if note.slot is None or note.slot not in interview.layout.position:
            said = f" ({material.who(note.informant)})" if note.informant else ""
            yield f"Note: {material.quoted(note.text)}{said}"
    if interview.orphans:
        yield (
            f"{count(len(interview.orphans), 'answer')} given to questions that this bank does not"
            " ask or cannot read; kept in the case."
        )


_BLOCK: Final = "assessments"


def assessments(material: Material) -> Section:
    """Return the table of results of others; empty where there is none."""
    interview = material.interview
    if interview is None:
        return Section("Other assessments", NOTHING)
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
        lines += table((*header, "Told by"), told)
    if not lines:
        return Section("Other assessments", NOTHING)
    note = paragraph(
        "Copied as told. Read the report itself before you use a score.",
        "Nothing here enters a figure.",
    )
    return Section("Other assessments", (*lines, *note))


def limits(material: Material) -> Section:
    """Return the disclaimers."""
    return Section("Limits of this report", bullets(_limit_lines(material)))


def _limit_lines(material: Material) -> Iterator[str]:
    yield (
        f"{strong('Independent.')} This is not a product of, not affiliated with and not endorsed"
        " by the owners of the names NMT and Neurosequential Model. It is not certified, and nobody"
        " is certified by using it."
    )
    yield (
        f"{strong('Not validated, not normed.')} The scores are not interchangeable with certified"
        " NMT Metrics and must not be compared with them or called so."
    )
    yield (
        f"{strong('No diagnosis.')} The program asks, keeps, counts and suggests. It concludes"
        " nothing. All conclusions are the clinician's own."
    )
    suggested = len(material.unconfirmed)
    if suggested:
        yield (
            f"{strong('Suggested ratings.')} {count(suggested, 'rating')} here come from the"
            " program's rules and were not confirmed by a clinician. They and every figure that"
            " rests on them carry a star (\\*)."
        )
    yield (
        f"{strong('Memory and view.')} People told what they remember and what they were told. What"
        " nobody knew is left open, not taken as no."
    )
    if material.left_out:
        yield (
            f"{strong('Left out.')} This copy leaves out {listed(material.left_out)}, whether there"
            " was anything or not, with the ratings and questions that would tell it. In every"
            " figure, suggestion and step of the plan here it counts as unknown."
        )


def versions(material: Material) -> Section:
    """Return the versions of program, bank and scoring data, with their sources."""
    norms = material.norms
    rows = [("program", material.text(__version__), "nmt-intake")]
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
    lines = (*bullets(_bank(material)), *table(("Data", "Version", "Source"), rows))
    return Section("Versions", (*lines, *paragraph("Other versions give other figures.")))


def _bank(material: Material) -> Iterator[str]:
    interview = material.interview
    if interview is None:
        return
    bank = interview.bank
    yield (
        f"Question bank {material.text(bank.id)}, version {material.text(bank.version)}, hash"
        f" {material.text(bank.hash)}."
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
        yield (
            f"Part of this interview was held with another bank: version {material.text(version)},"
            f" hash {material.text(digest)}."
        )
