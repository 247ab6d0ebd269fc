"""Other assessments: results of other instruments, beside this one and never mixed into it."""

from __future__ import annotations

from typing import Final

from nmt_intake.report.material import Material
from nmt_intake.report.telling import table_rows
from nmt_intake.report.writing import NOTHING, Section, paragraph, table

_BLOCK: Final = "assessments"


def assessments(material: Material) -> Section:
    """Return the table of results of others; empty where there is none."""
    interview = material.interview
    if interview is None:
        return Section("Other assessments", NOTHING)
    lines: list[str] = []
    for slot in material.open_slots:
        question = material.question(slot)
        if question.block != _BLOCK or question.kind != "table":
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
