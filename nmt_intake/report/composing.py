"""Puts the sections in order, numbers them, and writes the one Markdown document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from nmt_intake.report.material import Material
from nmt_intake.report.sections.appendix.answers import answers
from nmt_intake.report.sections.appendix.assessments import assessments
from nmt_intake.report.sections.appendix.evidence import evidence
from nmt_intake.report.sections.appendix.limits import limits
from nmt_intake.report.sections.appendix.versions import versions
from nmt_intake.report.sections.findings.brain_map import brain_map
from nmt_intake.report.sections.findings.domains import domains
from nmt_intake.report.sections.findings.history import history
from nmt_intake.report.sections.findings.relationships import relationships
from nmt_intake.report.sections.findings.support import support
from nmt_intake.report.sections.first.how_to_read import how_to_read
from nmt_intake.report.sections.first.sources import sources
from nmt_intake.report.sections.first.summary import summary
from nmt_intake.report.sections.onward.differences import differences
from nmt_intake.report.sections.onward.doctor import doctor
from nmt_intake.report.sections.onward.pattern import pattern
from nmt_intake.report.sections.onward.recommendations import recommendations
from nmt_intake.report.sections.onward.safety import safety
from nmt_intake.report.sections.onward.strengths import strengths
from nmt_intake.report.sections.onward.unknown import unknown
from nmt_intake.report.writing import Section

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
