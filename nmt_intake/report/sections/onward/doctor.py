"""Things to mention to a doctor: notes that the bank attaches to certain answers."""

from __future__ import annotations

from collections.abc import Iterator

from nmt_intake.bank.wording import fill
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.speaking import text_facts
from nmt_intake.interview.values import codes_of
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
    for slot in material.open_slots:
        refer = material.question(slot).refer
        if interview is None or refer is None:
            continue
        said = tuple(
            f"{material.ask(slot)} {strong(material.says(slot, given))} ({material.source(given)})"
            for given in interview.answers(slot)
            if set(codes_of(material.question(slot), given.value)) & set(refer.on)
        )
        if said:
            facts = text_facts(interview, split_slot(slot)[0][:-1])
            yield material.text(fill(refer.say, facts)), said
