"""Where informants differ: their answers side by side, none of them overwritten."""

from __future__ import annotations

from nmt_intake.report.material import Material
from nmt_intake.report.telling import where
from nmt_intake.report.writing import NOTHING, Section, paragraph, strong, table


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
