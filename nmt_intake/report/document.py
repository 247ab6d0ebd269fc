"""Puts the sections in order, numbers them, and writes the one Markdown document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from nmt_intake.report.context import Material
from nmt_intake.report.markdown import Section
from nmt_intake.report.sections.appendices import answers, assessments, evidence, limits, versions
from nmt_intake.report.sections.first_page import summary
from nmt_intake.report.sections.functioning import brain_map, domains, pattern, relationships
from nmt_intake.report.sections.history import history, support
from nmt_intake.report.sections.open_points import differences, misfits, safety, unknown
from nmt_intake.report.sections.recommendations import doctor, recommendations, strengths
from nmt_intake.report.sections.sources import how_to_read, sources

_SECTIONS: Final[tuple[Callable[[Material], Section], ...]] = (
    summary,
    sources,
    how_to_read,
    strengths,
    history,
    support,
    brain_map,
    domains,
    relationships,
    pattern,
    recommendations,
    doctor,
    safety,
    differences,
    misfits,
    unknown,
    assessments,
    limits,
    versions,
)
_APPENDICES: Final[tuple[Callable[[Material], Section], ...]] = (evidence, answers)


def written(material: Material) -> str:
    """Return the whole report as Markdown; the same in, the same out."""
    body = [section for make in _SECTIONS if not (section := make(material)).empty]
    back = [section for make in _APPENDICES if not (section := make(material)).empty]
    numbered = [
        replace(section, title=f"{number}. {section.title}")
        for number, section in enumerate(body, 1)
    ]
    lettered = [
        replace(section, title=f"Appendix {letter}. {section.title}")
        for letter, section in zip("ABCDEFGH", back, strict=False)
    ]
    lines = [f"# Intake report: {material.text(material.shown)}", "", *_lines(numbered + lettered)]
    return "\n".join(lines).rstrip() + "\n"


def _lines(sections: Iterable[Section]) -> Iterator[str]:
    for section in sections:
        yield f"## {section.title}"
        yield ""
        yield from section.lines
        number = section.title.removeprefix("Appendix ").split(".")[0]
        for index, part in enumerate(section.parts, 1):
            yield f"### {number}.{index} {part.title}"
            yield ""
            yield from part.lines
