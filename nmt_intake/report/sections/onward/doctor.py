"""Things to mention to a doctor: notes that the bank attaches to certain answers."""

from __future__ import annotations

from collections.abc import Iterator

from nmt_intake.interview.speaking import referral
from nmt_intake.report.material import Material
from nmt_intake.report.writing import NOTHING, Section, nested, paragraph, strong


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
