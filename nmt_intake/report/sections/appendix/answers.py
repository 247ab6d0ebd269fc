"""The answers in full, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nmt_intake.interview.graph import Part
from nmt_intake.interview.progress import progress_of
from nmt_intake.interview.speaking import part_title
from nmt_intake.interview.state import Interview
from nmt_intake.report.material import Material
from nmt_intake.report.telling import lines_of
from nmt_intake.report.writing import (
    NOTHING,
    Lines,
    Section,
    bullets,
    count,
    nested,
    paragraph,
)

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
    left_out = material.substance_left_out
    lines = (
        *paragraph(
            "Each answer with who gave it, on which basis, how sure they were, and how often it",
            "was changed; earlier versions stay in the case.",
            f"{count(left_out, 'answer')} about substance use left out of this copy."
            if left_out
            else "",
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
