"""Puts the sections of an edition in order, numbers them, and writes the one Markdown document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from nmt_intake.report.context import Material
from nmt_intake.report.markdown import Section
from nmt_intake.report.options import Length
from nmt_intake.report.sections.appendices import (
    answers,
    assessments,
    evidence,
    limits,
    notes,
    versions,
)
from nmt_intake.report.sections.first_page import summary
from nmt_intake.report.sections.functioning import brain_map, domains, pattern, relationships
from nmt_intake.report.sections.history import history, life, support
from nmt_intake.report.sections.open_points import differences, misfits, safety, unknown
from nmt_intake.report.sections.plain import family, school
from nmt_intake.report.sections.recommendations import (
    doctor,
    recommendations,
    recommendations_in_short,
    strengths,
)
from nmt_intake.report.sections.sources import how_to_read, signature, sources

Maker: TypeAlias = Callable[[Material], Section]
SECTIONS: Final[Mapping[str, Maker]] = {
    "summary": summary,
    "plan_in_short": recommendations_in_short,
    "strengths": strengths,
    "life": life,
    "history": history,
    "support": support,
    "map": brain_map,
    "domains": domains,
    "relationships": relationships,
    "pattern": pattern,
    "plan": recommendations,
    "doctor": doctor,
    "safety": safety,
    "differences": differences,
    "misfits": misfits,
    "unknown": unknown,
    "assessments": assessments,
    "sources": sources,
    "signature": signature,
    "how_to_read": how_to_read,
    "limits": limits,
    "versions": versions,
    "evidence": evidence,
    "answers": answers,
    "notes": notes,
}
_SUMMARY: Final = ("summary", "plan_in_short", "differences", "limits")
_REPORT: Final = (
    *("summary", "strengths", "life", "history", "support", "map", "domains", "relationships"),
    *("pattern", "plan", "doctor", "safety", "differences", "misfits", "unknown", "assessments"),
    *("sources", "signature", "how_to_read", "limits", "versions", "notes"),
)
_RECORD: Final = ("sources", "signature", "evidence", "answers", "limits", "versions")
_LENGTHS: Final[Mapping[Length, Sequence[str]]] = {
    "summary": _SUMMARY,
    "report": _REPORT,
    "record": _RECORD,
}
# Looked up, not read: lettered, and set small.
_BEHIND: Final = ("evidence", "answers", "notes")
# A section by its code; its number is known only when all are made. Brackets that people typed are
# escaped, so nobody's words look like this.
_PLACE: Final = re.compile(r"_\[§(\w+)\]_")
# An agency may put sections in another order, but the first page stays first and these stay.
_ALWAYS: Final = ("signature", "limits", "answers", "notes")


def written(material: Material) -> str:
    """Return the whole report as Markdown; the same in, the same out."""
    match material.wanted.reader:
        case "family":
            made = family(material)
        case "school":
            made = school(material)
        case _:
            made = [SECTIONS[code](material) for code in order_of(material)]
    shown = [section for section in made if not section.empty]
    numbered = [
        replace(section, title=f"{number}. {section.title}")
        for number, section in enumerate((s for s in shown if s.code not in _BEHIND), 1)
    ]
    appendix = material.say("appendix")
    lettered = [
        replace(section, title=f"{appendix} {letter}. {section.title}")
        for letter, section in zip(
            "ABCDEFGH", (s for s in shown if s.code in _BEHIND), strict=False
        )
    ]
    lines = [f"# {title(material)}", "", *_lines(numbered + lettered, appendix)]
    places = {each.code: each.title.split(".")[0] for each in numbered}
    text = "\n".join(lines).rstrip() + "\n"
    return _PLACE.sub(lambda found: f"_[§{places.get(found[1], '')}]_", text)


def title(material: Material) -> str:
    """Return the title of the document as safe Markdown."""
    reader = material.wanted.reader
    code = f"title_{reader}" if reader in ("family", "school") else "title"
    if code == "title" and material.edition.length == "record":
        code = "title_record"
    return material.say(code, name=material.text(material.shown))


def order_of(material: Material) -> Sequence[str]:
    """Return the sections of this edition in order: the agency's, where its file names them."""
    usual = _LENGTHS[material.edition.length]
    # Without figures nothing leads to an answer: the answers themselves stand there.
    if material.edition.length == "report" and material.figures is None:
        usual = (*usual[:-1], "answers")
    own = material.edition.house.sections
    if not own or material.edition.length == "record":
        return usual
    wanted = [code for code in own if code in usual and code not in ("summary", "notes")]
    kept = [code for code in _ALWAYS if code in usual and code not in wanted]
    return ("summary", *wanted, *kept)


def _lines(sections: Iterable[Section], appendix: str) -> Iterator[str]:
    for section in sections:
        yield f"## {section.title}"
        yield ""
        yield from section.lines
        number = section.title.removeprefix(f"{appendix} ").split(".")[0]
        for index, part in enumerate(section.parts, 1):
            yield f"### {number}.{index} {part.title}"
            yield ""
            yield from part.lines
