"""What is good today and what helps, in the words of those who said it."""

from __future__ import annotations

from nmt_intake.interview.graph import split_slot
from nmt_intake.report.material import Material
from nmt_intake.report.telling import good_things, where
from nmt_intake.report.writing import NOTHING, Section, nested, paragraph
from nmt_intake.vocabulary import PERIODS


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
