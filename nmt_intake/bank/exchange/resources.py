"""Reads parts of a FHIR resource that may hold anything: what has another form is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from pydantic import JsonValue

EXTENSION: Final = "http://hl7.org/fhir/StructureDefinition/"
OURS: Final = "urn:nmt-intake:"
EXCLUSIVE: Final = "questionnaire-optionExclusive"
LOINC: Final = "http://loinc.org"

Resource: TypeAlias = Mapping[str, JsonValue]


def key_of(item: Resource) -> str:
    """Return an item's linkId, or what else names it."""
    return text_of(item, "linkId") or text_of(item, "text") or "an item"


def asked_text(item: Resource) -> str:
    """Return what is asked, with its prefix."""
    text = text_of(item, "text") or key_of(item)
    prefix = text_of(item, "prefix")
    return f"{prefix} {text}" if prefix else text


def text_of(item: Resource, name: str) -> str | None:
    """Return a text that is not empty, None for anything else."""
    found = item.get(name)
    return found if isinstance(found, str) and found.strip() else None


def object_of(item: Resource, name: str) -> Resource:
    """Return an object, an empty one for anything else."""
    found = item.get(name)
    return found if isinstance(found, dict) else {}


def objects_of(item: Resource, name: str) -> list[Resource]:
    """Return the objects of a list, none for anything else."""
    found = item.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def extension_of(item: Resource, name: str) -> Resource:
    """Return the extension of this name, an empty object if there is none."""
    for extension in objects_of(item, "extension"):
        if extension.get("url") in (f"{EXTENSION}{name}", name):
            return extension
    return {}


def ours_of(item: Resource, name: str) -> str | None:
    """Return the text of an extension of ours."""
    return text_of(extension_of(item, f"{OURS}{name}"), "valueString")


def number_of(extension: Resource) -> int | float | None:
    """Return the number that an extension holds."""
    for name in ("valueInteger", "valueDecimal"):
        found = extension.get(name)
        if isinstance(found, int | float) and not isinstance(found, bool):
            return found
    return None


def unit_of(item: Resource) -> str | None:
    """Return the unit that is shown for a number."""
    coding = object_of(extension_of(item, "questionnaire-unit"), "valueCoding")
    options = object_of(extension_of(item, "questionnaire-unitOption"), "valueCoding")
    for found in (coding, options):
        if name := text_of(found, "display") or text_of(found, "code"):
            return name
    return None


def loinc_of(item: Resource) -> str | None:
    """Return the LOINC code of an item."""
    codes = [each for each in objects_of(item, "code") if each.get("system") == LOINC]
    return text_of(codes[0], "code") if codes else None


def concepts_of(held: Resource) -> Iterator[tuple[str, str, str]]:
    """Yield what can be chosen of an expansion, groups opened: system, code and label."""
    for concept in objects_of(held, "contains"):
        if concept.get("abstract") is not True:
            yield coding_of(concept, text_of(concept, "system") or "")
        yield from concepts_of(concept)


def answer_options(item: Resource) -> Iterator[tuple[str, str, str]]:
    """Yield the options of an item: system, code and label."""
    for option in objects_of(item, "answerOption"):
        for name, value in option.items():
            if name.startswith("value"):
                yield option_of(name.removeprefix("value"), value)


def option_of(kind: str, value: JsonValue) -> tuple[str, str, str]:
    """Return an option's system, code and label."""
    if isinstance(value, dict):
        if kind == "Coding":
            return coding_of(value, text_of(value, "system") or "")
        code = text_of(value, "reference") or text_of(value, "display") or "option"
        return "", code, text_of(value, "display") or code
    return "", str(value), str(value)


def coding_of(concept: Resource, system: str) -> tuple[str, str, str]:
    """Return a coding's system, code and label."""
    code = text_of(concept, "code") or text_of(concept, "display") or "option"
    return system, code, text_of(concept, "display") or code
