"""Reads an HL7 FHIR R4 Questionnaire (JSON) as a form.

What it means is the standard's: `enableWhen` with `enableBehavior`, the seven operators as the
code system `questionnaire-enable-operator` defines them ("at least one answer", "no answer has a
value that is equal"), a disabled item disables all below it, and its answers do not count.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, cast, get_args

from pydantic import JsonValue

from nmt_intake.bank.exchange.forms import (
    HOLDS,
    LOOPS,
    Form,
    FormError,
    Item,
    Section,
    usable_code,
)
from nmt_intake.bank.exchange.gates import ALWAYS, NEVER, All, Any, Atom, Gate, Sign, both, negated
from nmt_intake.bank.model import ForEach, Kind

EXTENSION: Final = "http://hl7.org/fhir/StructureDefinition/"
OURS: Final = "urn:nmt-intake:"
LOINC: Final = "http://loinc.org"

_Object = Mapping[str, JsonValue]
_KINDS: Final[dict[str, Kind]] = {
    "boolean": "yes_no",
    "decimal": "number",
    "integer": "number",
    "date": "date",
    "dateTime": "date",
    "time": "text",
    "string": "text",
    "text": "text",
    "url": "text",
    "choice": "choice",
    "open-choice": "choice",
    "coding": "choice",
    "quantity": "number",
    "attachment": "text",
    "reference": "text",
}
_LOSSES: Final = {
    "dateTime": ("the time of the day", "a date has none here"),
    "time": ("a time of the day", "there is no such kind; it is asked in words"),
    "url": ("an address", "there is no such kind; it is asked in words"),
    "open-choice": ("an answer in other words", "options here have codes; note it beside them"),
    "attachment": ("an attachment", "files are not taken in; it is asked in words"),
    "reference": ("a reference", "other records are not reached; it is asked in words"),
}
_OUR_KINDS: Final[frozenset[str]] = frozenset({"age", "scale", "interval", "person"})
_EXPRESSIONS: Final = {
    "enableWhenExpression": "it is a FHIRPath or CQL expression; the question is always asked",
    "calculatedExpression": "nothing is calculated here",
    "initialExpression": "nothing is filled in beforehand",
    "answerExpression": "options come from the bank only",
    "candidateExpression": "options come from the bank only",
    "targetConstraint": "it is a FHIRPath expression",
    "questionnaire-constraint": "it is a FHIRPath expression",
}
_SIGNS: Final[dict[str, Sign]] = {
    "exists": "exists",
    "=": "==",
    "!=": "!=",
    ">": ">",
    "<": "<",
    ">=": ">=",
    "<=": "<=",
}


def read_questionnaire(data: bytes, where: str) -> Form:
    """Return the form that a Questionnaire in JSON is; raises FormError if it is none."""
    try:
        found = cast("JsonValue", json.loads(data))
    except (ValueError, RecursionError):
        raise FormError(where, "is not JSON.", "Give a FHIR R4 Questionnaire in JSON.") from None
    if not isinstance(found, dict) or found.get("resourceType") != "Questionnaire":
        raise FormError(
            where, "is no Questionnaire.", "Give a FHIR R4 Questionnaire (resourceType)."
        )
    return read_resource(found)


def read_resource(resource: Mapping[str, JsonValue]) -> Form:
    """Return the form that a Questionnaire, read already, is."""
    return _Reader(resource).form()


@dataclass(slots=True)
class _Source:
    """An item of the Questionnaire as it was met: its JSON and, if it is asked, our item."""

    item: _Object
    section: str
    made: Item | None = None
    values: dict[tuple[str, str], str] = field(default_factory=dict["tuple[str, str]", str])


class _Reader:
    """Walks one Questionnaire twice: first for the items, then for what enables them."""

    def __init__(self, resource: _Object) -> None:
        self._resource = resource
        title = _text(resource, "title") or _text(resource, "name") or "A form"
        self._form = Form(
            id=_text(resource, "name") or _text(resource, "id") or title,
            title=title,
            version=_text(resource, "version") or "1",
            language=(_text(resource, "language") or "en").partition("-")[0],
        )
        self._met: dict[str, _Source] = {}
        self._gates: list[tuple[Item | Section, list[_Object]]] = []
        self._loops = iter(LOOPS)
        self._preface: list[str] = []
        self._section_of: dict[int, str] = {}  # by the identity of an item's JSON

    def form(self) -> Form:
        """Return the form."""
        loose: Section | None = None
        for item in _objects(self._resource, "item"):
            if item.get("type") == "group":
                loose = None
                self._group(item, [])
                continue
            if loose is None:
                loose = self._section(Section(self._free("questions"), "Questions"), [])
            self._walk(item, loose, [])
        enabled: dict[int, Gate] = {}
        for target, above in self._gates:
            gate = ALWAYS
            for item in above:
                if id(item) not in enabled:
                    enabled[id(item)] = self._enabled(item)
                gate = both(gate, enabled[id(item)])
            target.gate = gate
        return self._form

    def _free(self, key: str) -> str:
        taken = {section.key for section in self._form.sections}
        number = 2
        found = key
        while found in taken:
            found, number = f"{key}_{number}", number + 1
        return found

    def _section(self, section: Section, above: list[_Object]) -> Section:
        self._form.sections.append(section)
        self._gates.append((section, above))
        return section

    def _group(self, item: _Object, above: list[_Object]) -> None:
        """Take a group as a section; a repeated one inside a section becomes one of its own."""
        key = self._free(_text(item, "linkId") or "group")
        title = _text(item, "text") or key
        section = Section(key, title, raw_when=_ours(item, "when"), raw_told=_ours(item, "told"))
        if own := _ours(item, "for_each"):
            section.for_each = cast("ForEach", own) if own in get_args(ForEach) else None
        elif item.get("repeats") is True:
            section.for_each = next(self._loops, None)
            why = f"it is asked for each {section.for_each} here"
            if section.for_each is None:
                why = f"only {len(LOOPS)} can be repeated; it is asked once"
            self._form.leave_out(key, "a repeated group", why)
        self._common(item, key)
        self._section_of[id(item)] = key
        self._section(section, [*above, item])
        self._children(item, section, [])

    def _children(self, item: _Object, section: Section, within: list[_Object]) -> None:
        for child in _objects(item, "item"):
            self._walk(child, section, within)

    def _walk(self, item: _Object, section: Section, within: list[_Object]) -> None:
        """Take one item of a section; `within` are the items between the section and it."""
        self._section_of[id(item)] = section.key
        match item.get("type"):
            case "group" if item.get("repeats") is True and section.for_each is None:
                owner = next(above for target, above in self._gates if target is section)
                self._group(item, [*owner, *within])
            case "group":
                if item.get("repeats") is True:
                    why = "it lies inside a repeated group and is asked once in each"
                    self._form.leave_out(_key(item), "a repeated group", why)
                if text := _text(item, "text"):
                    self._preface.append(text)
                self._common(item, _key(item))
                self._children(item, section, [*within, item])
            case "display" if not section.items and not self._preface and not within:
                section.opening = _text(item, "text")
                self._display(item, said=True)
            case "display":
                self._display(item)
            case str(kind) if kind in _KINDS:
                self._question(item, kind, section, within)
                self._children(item, section, [*within, item])
            case kind:
                why = f"the type {kind!r} is not known"
                self._form.leave_out(_key(item), "an item", why)
                self._children(item, section, [*within, item])

    def _display(self, item: _Object, said: bool = False) -> None:
        """Keep words for the next question, unless the section begins with them."""
        if _objects(item, "enableWhen"):
            why = "words between questions have no condition here; they are always said"
            self._form.leave_out(_key(item), "the condition of a text", why)
        if not said and (text := _text(item, "text")):
            self._preface.append(text)

    def _question(self, item: _Object, kind: str, section: Section, within: list[_Object]) -> None:
        key = _key(item)
        if key in self._met:
            self._form.leave_out(key, "an item", "its linkId stands twice")
            return
        made = Item(key, _asked(item), _KINDS[kind])
        made.raw_when, made.raw_told = _ours(item, "when"), _ours(item, "told")
        source = _Source(item, section.key, made)
        self._met[key] = source
        own = _ours(item, "kind")
        if own in _OUR_KINDS:
            made.kind = cast("Kind", own)
        if kind in _LOSSES and own is None:
            self._form.leave_out(key, *_LOSSES[kind])
        if made.kind in ("choice", "scale"):
            self._options(item, source)
        elif item.get("repeats") is True:
            self._form.leave_out(key, "several answers", "only one is taken, but for options")
        made.unit = _unit(item)
        made.hidden = _extension(item, "questionnaire-hidden").get("valueBoolean") is True
        made.loinc = _loinc(item)
        made.listen_for = _text(_extension(item, "designNote"), "valueMarkdown")
        self._limits(item, made, kind)
        self._common(item, key)
        if self._preface:
            made.preface = "\n\n".join(self._preface)
            self._preface = []
        section.items.append(made)
        self._gates.append((made, [*within, item]))

    def _options(self, item: _Object, source: _Source) -> None:
        made = source.made
        if made is None:
            return
        if made.kind == "choice" and item.get("repeats") is True:
            made.kind = "choices"
        given = list(_answer_options(item)) or list(self._value_set(item))
        for system, code, label in given:
            ours = code if made.kind == "scale" else usable_code(code, made.options)
            made.options[ours] = label
            made.codes[f"{system}|{code}" if system else code] = ours
            source.values[(system, code)] = ours
        if not made.options:
            why = "its options are kept elsewhere; it is asked in words"
            self._form.leave_out(made.key, "the options", why)
            made.kind = "text"

    def _value_set(self, item: _Object) -> Iterator[tuple[str, str, str]]:
        """Yield the options of a value set that the form carries with it."""
        name = _text(item, "answerValueSet") or ""
        for held in _objects(self._resource, "contained"):
            if not name.startswith("#") or held.get("id") != name[1:]:
                continue
            for concept in _objects(_object(held, "expansion"), "contains"):
                yield _coded(concept, _text(concept, "system") or "")
            if _objects(_object(held, "expansion"), "contains"):
                return
            for include in _objects(_object(held, "compose"), "include"):
                for concept in _objects(include, "concept"):
                    yield _coded(concept, _text(include, "system") or "")

    def _limits(self, item: _Object, made: Item, kind: str) -> None:
        if made.kind not in ("number", "age"):
            return
        parts: list[str] = ["value % 1 == 0"] if kind == "integer" and made.kind == "number" else []
        for name, sign in (("minValue", ">="), ("maxValue", "<=")):
            limit = _number(_extension(item, name))
            if limit is not None:
                parts.append(f"value {sign} {limit}")
        if parts:
            made.expect = " and ".join(parts)
            made.say = "The form allows no such number."

    def _common(self, item: _Object, key: str) -> None:
        """Note what no item can take over, whatever it is."""
        leave_out = self._form.leave_out
        if item.get("required") is True:
            leave_out(key, "that it is required", "whatever is asked may be left unanswered here")
        if item.get("readOnly") is True:
            leave_out(key, "that it is read only", "whatever is asked can be answered here")
        if _objects(item, "initial") or any(each.startswith("initial") for each in item):
            leave_out(key, "the initial value", "an answer is what somebody said")
        if "maxLength" in item:
            leave_out(key, "the longest text", "texts are not cut")
        for extension in _objects(item, "extension"):
            name = (_text(extension, "url") or "").rpartition("/")[2]
            for known, why in _EXPRESSIONS.items():
                if name.endswith(known):
                    leave_out(key, known, why)

    def _enabled(self, item: _Object) -> Gate:
        """Return when an item is enabled by its own `enableWhen`."""
        parts = tuple(self._criterion(item, each) for each in _objects(item, "enableWhen"))
        if not parts:
            return ALWAYS
        known = tuple(part for part in parts if part is not None)
        # The rule `que-12` asks for enableBehavior; without it R4's comment says any.
        needs_all = item.get("enableBehavior") == "all"
        if not known or (len(known) < len(parts) and not needs_all):
            return ALWAYS
        if len(known) == 1:
            return known[0]
        return All(known) if needs_all else Any(known)

    def _criterion(self, item: _Object, criterion: _Object) -> Gate | None:
        """Return one criterion; None, told, if it cannot be said here (always asked, then)."""
        asked = _text(criterion, "question") or ""
        sign = _SIGNS.get(_text(criterion, "operator") or "")
        value = next((each for each in criterion.items() if each[0].startswith("answer")), None)
        if sign is None or value is None:
            return self._unsaid(item, "it has no operator or no answer")
        source = self._met.get(asked)
        if source is None or source.made is None:
            self._form.leave_out(
                _key(item), f"that it reads {asked!r}", "no such question: it never has an answer"
            )
            none = value[1] is False if sign == "exists" else sign == "!="
            return ALWAYS if none else NEVER
        if sign == "exists":
            return Atom(asked, "exists", value[1] is not False, "text")
        atoms = self._compared(item, source, sign, value)
        return self._over(item, source, atoms) if atoms is not None else None

    def _over(self, item: _Object, source: _Source, gate: Gate) -> Gate:
        """Tell that a question of a repeated group is read from outside of it."""
        loops = {section.key: section.for_each for section in self._form.sections}
        here = self._section_of.get(id(item), "")
        if loops.get(source.section) and loops[source.section] != loops.get(here):
            why = "the standard means the nearest one; here it is one of them at least"
            self._form.leave_out(_key(item), f"which {_key(source.item)!r} is read", why)
            return _over_all(gate)
        return gate

    def _compared(
        self, item: _Object, source: _Source, sign: Sign, value: tuple[str, JsonValue]
    ) -> Gate | None:
        made = source.made
        holds = HOLDS.get(made.kind) if made else None
        if made is None or holds is None:
            return self._unsaid(item, f"{_key(source.item)} cannot be compared")
        if made.options:
            return self._coded(item, source, sign, value)
        match value[1]:
            case bool(truth) if holds == "truth" and sign in ("==", "!="):
                return Atom(made.key, sign, truth, "truth", blank=sign == "!=")
            case int() | float() as number if holds == "number" and not isinstance(number, bool):
                return Atom(made.key, sign, number, "number", blank=sign == "!=")
            case dict() if holds == "number" and isinstance(value[1].get("value"), int | float):
                number = cast("int | float", value[1]["value"])
                self._units(item, source, value[1])
                return Atom(made.key, sign, number, "number", blank=sign == "!=")
            case str(text) if holds == "date":
                return Atom(made.key, sign, text[:10], "date", blank=sign == "!=")
            case str(text) if holds == "text" and sign in ("==", "!="):
                return Atom(made.key, sign, text, "text", blank=sign == "!=")
            case _:
                return self._unsaid(
                    item, f"{value[0]} {sign} cannot be said of {_key(source.item)}"
                )

    def _units(self, item: _Object, source: _Source, quantity: _Object) -> None:
        made = source.made
        unit = _text(quantity, "unit") or _text(quantity, "code")
        if made and unit and made.unit and unit != made.unit:
            why = f"{made.unit} is asked for and {unit} compared; nothing is converted"
            self._form.leave_out(_key(item), "a unit", why)

    def _coded(
        self, item: _Object, source: _Source, sign: Sign, value: tuple[str, JsonValue]
    ) -> Gate | None:
        """Return the comparison with an option: by system and code, by text, or by number."""
        made = source.made
        if made is None:
            return None
        if sign not in ("==", "!="):
            return self._ordered(item, source, sign, value)
        system, code, _ = _option(value[0].removeprefix("answer"), value[1])
        ours = [
            known
            for (own, each), known in source.values.items()
            if each == code and (own == system or not system or not own)
        ]
        if not ours:
            why = f"{_key(source.item)} has no option {code!r}"
            self._form.leave_out(_key(item), "what it compares with", why)
            return NEVER if sign == "==" else ALWAYS
        chosen: str | int = int(ours[0]) if made.kind == "scale" else ours[0]
        holds = HOLDS[made.kind]
        equal = Atom(made.key, "==", chosen, holds)
        return equal if sign == "==" else negated(equal)

    def _ordered(
        self, item: _Object, source: _Source, sign: Sign, value: tuple[str, JsonValue]
    ) -> Gate | None:
        made = source.made
        number = value[1]
        if made is None or not isinstance(number, int | float) or isinstance(number, bool):
            return self._unsaid(item, f"options of {_key(source.item)} have no order")
        holds = HOLDS[made.kind]
        fitting = [
            Atom(made.key, "==", int(ours) if made.kind == "scale" else ours, holds)
            for (_, code), ours in source.values.items()
            if re.fullmatch(r"-?[0-9]{1,9}", code) and _fits(int(code), sign, number)
        ]
        return Any(tuple(fitting))

    def _unsaid(self, item: _Object, why: str) -> None:
        self._form.leave_out(_key(item), "the condition", f"{why}; it is always asked")


def _fits(number: int, sign: Sign, limit: float) -> bool:
    match sign:
        case "<":
            return number < limit
        case "<=":
            return number <= limit
        case ">":
            return number > limit
        case ">=":
            return number >= limit
        case _:
            return number == limit


def _over_all(gate: Gate) -> Gate:
    match gate:
        case Atom():
            return Atom(gate.question, gate.sign, gate.value, gate.holds, gate.blank, over=True)
        case All(parts):
            return All(tuple(_over_all(part) for part in parts))
        case Any(parts):
            return Any(tuple(_over_all(part) for part in parts))


def _key(item: _Object) -> str:
    return _text(item, "linkId") or _text(item, "text") or "an item"


def _asked(item: _Object) -> str:
    text = _text(item, "text") or _key(item)
    prefix = _text(item, "prefix")
    return f"{prefix} {text}" if prefix else text


def _text(item: _Object, name: str) -> str | None:
    found = item.get(name)
    return found if isinstance(found, str) and found.strip() else None


def _object(item: _Object, name: str) -> _Object:
    found = item.get(name)
    return found if isinstance(found, dict) else {}


def _objects(item: _Object, name: str) -> list[_Object]:
    found = item.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _extension(item: _Object, name: str) -> _Object:
    for extension in _objects(item, "extension"):
        if extension.get("url") in (f"{EXTENSION}{name}", name):
            return extension
    return {}


def _ours(item: _Object, name: str) -> str | None:
    return _text(_extension(item, f"{OURS}{name}"), "valueString")


def _number(extension: _Object) -> int | float | None:
    for name in ("valueInteger", "valueDecimal"):
        found = extension.get(name)
        if isinstance(found, int | float) and not isinstance(found, bool):
            return found
    return None


def _unit(item: _Object) -> str | None:
    coding = _object(_extension(item, "questionnaire-unit"), "valueCoding")
    options = _object(_extension(item, "questionnaire-unitOption"), "valueCoding")
    for found in (coding, options):
        if name := _text(found, "display") or _text(found, "code"):
            return name
    return None


def _loinc(item: _Object) -> str | None:
    codes = [each for each in _objects(item, "code") if each.get("system") == LOINC]
    return _text(codes[0], "code") if codes else None


def _answer_options(item: _Object) -> Iterator[tuple[str, str, str]]:
    for option in _objects(item, "answerOption"):
        for name, value in option.items():
            if name.startswith("value"):
                yield _option(name.removeprefix("value"), value)


def _option(kind: str, value: JsonValue) -> tuple[str, str, str]:
    """Return an option's system, code and label."""
    if isinstance(value, dict):
        if kind == "Coding":
            return _coded(value, _text(value, "system") or "")
        code = _text(value, "reference") or _text(value, "display") or "option"
        return "", code, _text(value, "display") or code
    return "", str(value), str(value)


def _coded(concept: _Object, system: str) -> tuple[str, str, str]:
    code = _text(concept, "code") or _text(concept, "display") or "option"
    return system, code, _text(concept, "display") or code
