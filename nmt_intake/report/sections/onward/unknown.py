"""What is not known, why, and who might know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nmt_intake.interview.events import MissingReason
from nmt_intake.interview.progress import progress
from nmt_intake.report.material import Material
from nmt_intake.report.telling import mark_line, where
from nmt_intake.report.writing import NOTHING, Lines, Section, bullets, count, nested, paragraph

_GROUPS: Final[tuple[tuple[MissingReason, str, str], ...]] = (
    ("temp-unknown", "Records requested", "Look again when they come."),
    ("asked-unknown", "To find out", "Somebody else may know."),
    ("not-asked", "Not asked", "Still on the list."),
    (
        "asked-declined",
        "Chose not to answer",
        "That is their right. The program does not ask again; the interviewer may.",
    ),
    ("masked", "Known but withheld", "Kept out of this report on purpose."),
)


def unknown(material: Material) -> Section:
    """Return what is unknown by reason, and which ratings that leaves open."""
    parts = tuple(_group(material, *group) for group in _GROUPS)
    lines = (*bullets(_not_reached(material)), *_ratings(material))
    return Section(
        "What is not known, and who might know",
        lines,
        tuple(part for part in parts if not part.empty),
    )


def _group(material: Material, reason: MissingReason, title: str, note: str) -> Section:
    interview = material.interview
    if interview is None:
        return Section(title, NOTHING)
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
