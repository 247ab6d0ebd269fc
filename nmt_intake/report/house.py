"""An agency's own look, from a small file: name, logo, wording, sections, length, template.

```yaml
name: Riverside Family Service
foot: 12 Mill Lane · for the addressee alone
logo: logo.svg             # beside this file; SVG or PNG, at most 200 KB
paper: a4                  # or us-letter
length: report             # what is made where nothing is asked for
language: es
sections: [summary, map, domains, plan, safety]
wording: {title: "Bericht: {name}"}
template: paper.typ        # Typst: the five functions of nmt_intake/report/template.typ
```
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from nmt_intake.bank.compiling.words import shipped_words
from nmt_intake.bank.reading import MappingNode, Node, SequenceNode, Text, UnreadableFile, read_file
from nmt_intake.errors import IntakeError
from nmt_intake.report.options import LENGTHS, House, Length
from nmt_intake.text import clean, clean_line

_LARGEST_LOGO: Final = 200_000
_LARGEST_TEMPLATE: Final = 100_000
_PAPERS: Final = ("a4", "us-letter")
_KEYS: Final = (
    *("name", "foot", "logo", "paper", "length", "language", "sections", "wording", "template"),
)
_PLACE: Final = re.compile(r"\{(\w*)\}")


def read_house(path: Path) -> House:
    """Return the look that a file describes; IntakeError HOUSE-001 says what does not fit."""
    try:
        node = read_file(path, path.name)
    except UnreadableFile as refusal:
        raise _fault(path, 1, refusal.problem.message) from None
    except OSError as error:
        raise _fault(path, 1, f"cannot be read ({error.strerror or 'no such file'})") from None
    if not isinstance(node, MappingNode):
        raise _fault(path, 1, "is no list of `name: value`")
    for key in node:
        if key not in _KEYS:
            line = node.lines.get(key, 1)
            raise _fault(path, line, f"{clean_line(key, 40)} is not known; {', '.join(_KEYS)} are")
    return House(
        name=_line(path, node, "name"),
        foot=_line(path, node, "foot"),
        logo=_logo(path, node),
        paper=_one_of(path, node, "paper", _PAPERS) or _PAPERS[0],
        length=_length(path, node),
        language=_line(path, node, "language") or None,
        sections=_sections(path, node),
        wording=_wording(path, node),
        template=_template(path, node),
    )


def _length(path: Path, node: MappingNode) -> Length | None:
    said = _one_of(path, node, "length", LENGTHS)
    return next((each for each in LENGTHS if each == said), None)


def _line(path: Path, node: MappingNode, key: str) -> str:
    found = node.get(key, Text(""))
    if isinstance(found, MappingNode | SequenceNode):
        raise _fault(path, node.lines.get(key, 1), f"{key} is no text")
    return clean_line(str(found), 200)


def _one_of(path: Path, node: MappingNode, key: str, known: tuple[str, ...]) -> str:
    said = _line(path, node, key)
    if said and said not in known:
        raise _fault(path, node.lines.get(key, 1), f"{key} may be {', '.join(known)}")
    return said


def _sections(path: Path, node: MappingNode) -> tuple[str, ...]:
    from nmt_intake.report.document import SECTIONS

    found: Node = node.get("sections") or SequenceNode(1)
    line = node.lines.get("sections", 1)
    if not isinstance(found, SequenceNode):
        raise _fault(path, line, "sections is no list")
    names = tuple(dict.fromkeys(str(each) for each in found))
    unknown = [each for each in names if each not in SECTIONS]
    if unknown:
        known = ", ".join(SECTIONS)
        raise _fault(path, line, f"{clean_line(unknown[0], 40)} is no section; {known} are")
    return names


def _wording(path: Path, node: MappingNode) -> Mapping[str, str]:
    found = node.get("wording") or MappingNode(1)
    if not isinstance(found, MappingNode):
        raise _fault(path, node.lines.get("wording", 1), "wording is no list of `code: text`")
    usual = shipped_words("en").report
    made: dict[str, str] = {}
    for code, text in found.items():
        line = found.lines.get(code, 1)
        if code not in usual:
            raise _fault(path, line, f"{clean_line(code, 40)} is no text of a report")
        own = clean_line(str(text), 900)
        strange = set(_PLACE.findall(own)) - set(_PLACE.findall(usual[code]))
        if strange:
            raise _fault(path, line, f"{code} has no {{{clean_line(min(strange), 30)}}}")
        made[code] = own
    return made


def _logo(path: Path, node: MappingNode) -> bytes:
    raw = _beside(path, node, "logo", _LARGEST_LOGO)
    if raw and not raw.startswith(b"\x89PNG\r\n") and raw.lstrip()[:5] not in (b"<svg ", b"<?xml"):
        raise _fault(path, node.lines.get("logo", 1), "logo is neither SVG nor PNG")
    return raw


def _template(path: Path, node: MappingNode) -> str:
    raw = _beside(path, node, "template", _LARGEST_TEMPLATE)
    return clean(raw.decode("utf-8", "replace"), _LARGEST_TEMPLATE)


def _beside(path: Path, node: MappingNode, key: str, largest: int) -> bytes:
    """Return a file that stands beside the agency's own; a name alone, never a path."""
    name = _line(path, node, key)
    if not name:
        return b""
    line = node.lines.get(key, 1)
    if Path(name).name != name:
        raise _fault(path, line, f"{key} is a file beside this one: a name without a folder")
    try:
        with (path.parent / name).open("rb") as file:
            raw = file.read(largest + 1)
    except OSError as error:
        raise _fault(path, line, f"{key} cannot be read ({error.strerror})") from None
    if len(raw) > largest:
        raise _fault(path, line, f"{key} is larger than {largest} bytes")
    return raw


def _fault(path: Path, line: int, what: str) -> IntakeError:
    advice = "See .readme/report.md, “An agency's own look”."
    return IntakeError("HOUSE-001", f"{path.name}:{line}", f"{what}.", advice)
