"""Reads an HL7 FHIR R4 Questionnaire (JSON) as a form.

What it means is the standard's: `enableWhen` with `enableBehavior`, the seven operators as the
code system `questionnaire-enable-operator` defines them ("at least one answer", "no answer has a
value that is equal"), a disabled item disables all below it, and its answers do not count.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final, cast, get_args

from pydantic import JsonValue

from nmt_intake.bank.exchange.enabling import Asked, Enabling
from nmt_intake.bank.exchange.forms import LOOPS, Form, FormError, Item, Section, usable_code
from nmt_intake.bank.exchange.gates import ALWAYS, Gate, both
from nmt_intake.bank.exchange.resources import (
    EXCLUSIVE,
    LOINC,
    OURS,
    Resource,
    answer_options,
    asked_text,
    coding_of,
    concepts_of,
    extension_of,
    key_of,
    loinc_of,
    number_of,
    object_of,
    objects_of,
    option_of,
    ours_of,
    text_of,
    unit_of,
)
from nmt_intake.bank.model import EntryLoop, ForEach, Kind

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


# What an extension says that is read elsewhere, or that no answer depends on.
_READ: Final = (
    *("questionnaire-hidden", "questionnaire-unit", "questionnaire-unitOption", "designNote"),
    *("minValue", "maxValue", EXCLUSIVE, *_EXPRESSIONS),
)
_SHOWN: Final = "how it is shown is for the desk to say"
_SHOWS: Final = (
    *("itemControl", "choiceOrientation", "rendering-style", "displayCategory", "entryFormat"),
    *("optionPrefix", "optionalDisplay", "sliderStepValue", "shortText", "width", "xhtml"),
    *("rendering-markdown", "supportLink", "choiceColumn", "collapsible", "openLabel"),
)
_UNREAD: Final = {
    "code": "only a LOINC code is kept",
    "definition": "nothing is filled into other records",
    "_text": "only the plain text is taken over",
}
_UNREAD_OF_FORM: Final = {
    "copyright": "keep it beside the bank",
    "description": "a bank has a title only",
    "purpose": "a bank has a title only",
    "effectivePeriod": "a bank has a version only",
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
    try:
        return read_resource(found)
    except RecursionError:
        raise FormError(where, "is nested too deep.", "Take some groups apart.") from None


def read_resource(resource: Mapping[str, JsonValue]) -> Form:
    """Return the form that a Questionnaire, read already, is."""
    return _Reader(resource).form()


class _Reader:
    """Walks one Questionnaire twice: first for the items, then for what enables them."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource
        title = text_of(resource, "title") or text_of(resource, "name") or "A form"
        self._form = Form(
            id=text_of(resource, "name") or text_of(resource, "id") or title,
            title=title,
            version=text_of(resource, "version") or "1",
            language=(text_of(resource, "language") or "en").partition("-")[0],
        )
        self._met: dict[str, Asked] = {}
        self._gates: list[tuple[Item | Section, list[Resource]]] = []
        self._loops = iter(LOOPS)
        self._preface: list[str] = []
        self._section_of: dict[int, str] = {}  # by the identity of an item's JSON
        self._compared: dict[str, dict[tuple[str, str], str]] = {}
        self._note_compared(resource)

    def form(self) -> Form:
        """Return the form."""
        for name, why in _UNREAD_OF_FORM.items():
            if self._resource.get(name):
                self._form.leave_out("the form", name, why)
        self._extensions(self._resource, "the form")
        loose: Section | None = None
        for item in objects_of(self._resource, "item"):
            if item.get("type") == "group":
                loose = None
                self._group(item, [])
                continue
            if loose is None:
                loose = self._section(Section(self._free("questions"), "Questions"), [])
            self._walk(item, loose, [])
        enabling = Enabling(self._form, self._met, self._section_of)
        enabled: dict[int, Gate] = {}
        for target, above in self._gates:
            gate = ALWAYS
            for item in above:
                if id(item) not in enabled:
                    enabled[id(item)] = enabling.enabled(item)
                gate = both(gate, enabled[id(item)])
            target.gate = gate
        return self._form

    def _note_compared(self, item: Resource) -> None:
        """Note the codings that conditions compare each question with."""
        for child in objects_of(item, "item"):
            for criterion in objects_of(child, "enableWhen"):
                coding = object_of(criterion, "answerCoding")
                if coding:
                    system, code, label = coding_of(coding, text_of(coding, "system") or "")
                    known = self._compared.setdefault(text_of(criterion, "question") or "", {})
                    known.setdefault((system, code), label)
            self._note_compared(child)

    def _free(self, key: str) -> str:
        taken = {section.key for section in self._form.sections}
        number = 2
        found = key
        while found in taken:
            found, number = f"{key}_{number}", number + 1
        return found

    def _section(self, section: Section, above: list[Resource]) -> Section:
        self._form.sections.append(section)
        self._gates.append((section, above))
        return section

    def _group(self, item: Resource, above: list[Resource]) -> None:
        """Take a group as a section; a repeated one inside a section becomes one of its own."""
        key = self._free(text_of(item, "linkId") or "group")
        title = text_of(item, "text") or key
        section = Section(
            key, title, raw_when=ours_of(item, "when"), raw_told=ours_of(item, "told")
        )
        if own := ours_of(item, "for_each"):
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

    def _children(self, item: Resource, section: Section, within: list[Resource]) -> None:
        for child in objects_of(item, "item"):
            self._walk(child, section, within)

    def _walk(self, item: Resource, section: Section, within: list[Resource]) -> None:
        """Take one item of a section; `within` are the items between the section and it."""
        self._section_of[id(item)] = section.key
        match item.get("type"):
            case "group" if item.get("repeats") is True and section.for_each is None:
                owner = next(above for target, above in self._gates if target is section)
                self._group(item, [*owner, *within])
            case "group":
                if item.get("repeats") is True:
                    why = "it lies inside a repeated group and is asked once in each"
                    self._form.leave_out(key_of(item), "a repeated group", why)
                if text := text_of(item, "text"):
                    self._preface.append(text)
                self._common(item, key_of(item))
                self._children(item, section, [*within, item])
            case "display" if not section.items and not self._preface and not within:
                section.opening = text_of(item, "text")
                self._display(item, said=True)
            case "display":
                self._display(item)
            case str(kind) if kind in _KINDS:
                self._question(item, kind, section, within)
                self._children(item, section, [*within, item])
            case kind:
                why = f"the type {kind!r} is not known"
                self._form.leave_out(key_of(item), "an item", why)
                self._children(item, section, [*within, item])

    def _display(self, item: Resource, said: bool = False) -> None:
        """Keep words for the next question, unless the section begins with them."""
        if objects_of(item, "enableWhen"):
            why = "words between questions have no condition here; they are always said"
            self._form.leave_out(key_of(item), "the condition of a text", why)
        if not said and (text := text_of(item, "text")):
            self._preface.append(text)

    def _question(
        self, item: Resource, kind: str, section: Section, within: list[Resource]
    ) -> None:
        key = key_of(item)
        if key in self._met:
            self._form.leave_out(key, "an item", "its linkId stands twice")
            return
        made = Item(key, asked_text(item), _KINDS[kind])
        made.raw_when, made.raw_told = ours_of(item, "when"), ours_of(item, "told")
        source = Asked(item, section.key, made)
        self._met[key] = source
        own = ours_of(item, "kind")
        chooses = ours_of(item, "options_from")
        if chooses in get_args(EntryLoop):
            made.options_from = cast("EntryLoop", chooses)
            made.kind, own = "choice", own or "choice"
        if own in _OUR_KINDS:
            made.kind = cast("Kind", own)
        if kind in _LOSSES and own is None:
            self._form.leave_out(key, *_LOSSES[kind])
        if made.kind in ("choice", "scale"):
            self._options(item, source)
        elif objects_of(item, "answerOption"):
            self._form.leave_out(key, "the options", f"a question of the type {kind} has none here")
        if made.kind not in ("choices", "scale", "choice") and item.get("repeats") is True:
            self._form.leave_out(key, "several answers", "only one is taken, but for options")
        made.unit = unit_of(item)
        made.hidden = extension_of(item, "questionnaire-hidden").get("valueBoolean") is True
        made.loinc = loinc_of(item)
        made.listen_for = text_of(extension_of(item, "designNote"), "valueMarkdown")
        self._limits(item, made, kind)
        self._common(item, key)
        if self._preface:
            made.preface = "\n\n".join(self._preface)
            self._preface = []
        section.items.append(made)
        self._gates.append((made, [*within, item]))

    def _options(self, item: Resource, source: Asked) -> None:
        made = source.made
        if made.kind == "choice" and item.get("repeats") is True:
            made.kind = "choices"
        given = list(answer_options(item)) or list(self._value_set(item))
        for system, code, label in given:
            ours = code if made.kind == "scale" else usable_code(code, made.options)
            made.options[ours] = label
            made.codes[f"{system}|{code}" if system else code] = ours
            source.values[(system, code)] = ours
        for option in objects_of(item, "answerOption"):
            self._option(option, source)
        if made.options or made.options_from:
            return
        for (system, code), label in self._compared.get(made.key, {}).items():
            source.values[(system, code)] = usable_code(code, made.options)
            made.codes[f"{system}|{code}" if system else code] = source.values[(system, code)]
            made.options[source.values[(system, code)]] = label
        why = "its options are kept elsewhere; it is asked in words"
        if made.options:
            why = "its options are kept elsewhere; those that conditions name are here, and another"
            made.options[usable_code("other", made.options)] = "Something else"
        else:
            made.kind = "text"
        self._form.leave_out(made.key, "the options", why)

    def _option(self, option: Resource, source: Asked) -> None:
        """Note what an option says beside its code: that it stands alone, is chosen, or weighs."""
        made = source.made
        values = (each for each in option.items() if each[0].startswith("value"))
        system, code, label = option_of(*next(((k[5:], v) for k, v in values), ("", "")))
        if option.get("initialSelected") is True:
            self._form.leave_out(made.key, "the initial value", "an answer is what somebody said")
        for extension in objects_of(option, "extension"):
            name = (text_of(extension, "url") or "").rpartition("/")[2]
            if name == EXCLUSIVE and made.kind == "choices":
                if extension.get("valueBoolean") is True and (system, code) in source.values:
                    made.alone.append(source.values[(system, code)])
            elif name != EXCLUSIVE:
                self._form.leave_out(made.key, f"{name} of {label!r}", "options have words only")

    def _value_set(self, item: Resource) -> Iterator[tuple[str, str, str]]:
        """Yield the options of a value set that the form carries with it."""
        name = text_of(item, "answerValueSet") or ""
        for held in objects_of(self._resource, "contained"):
            if not name.startswith("#") or held.get("id") != name[1:]:
                continue
            expanded = list(concepts_of(object_of(held, "expansion")))
            yield from expanded
            if expanded:
                return
            out = {
                (text_of(each, "system") or "", text_of(concept, "code") or "")
                for each in objects_of(object_of(held, "compose"), "exclude")
                for concept in objects_of(each, "concept")
            }
            for include in objects_of(object_of(held, "compose"), "include"):
                if not objects_of(include, "concept"):
                    why = "it names other value sets or filters, which are not here"
                    self._form.leave_out(key_of(item), "a part of the options", why)
                for concept in objects_of(include, "concept"):
                    found = coding_of(concept, text_of(include, "system") or "")
                    if found[:2] not in out:
                        yield found

    def _limits(self, item: Resource, made: Item, kind: str) -> None:
        parts: list[str] = []
        if kind == "integer" and made.kind == "number":
            parts.append("value % 1 == 0")
        for name, sign in (("minValue", ">="), ("maxValue", "<=")):
            limit = number_of(extension_of(item, name))
            if limit is not None and made.kind in ("number", "age"):
                parts.append(f"value {sign} {limit}")
        made.expect = ours_of(item, "expect") or " and ".join(parts) or None
        made.say = ours_of(item, "say")

    def _common(self, item: Resource, key: str) -> None:
        """Note what no item can take over, whatever it is."""
        leave_out = self._form.leave_out
        if item.get("required") is True:
            leave_out(key, "that it is required", "whatever is asked may be left unanswered here")
        if item.get("readOnly") is True:
            leave_out(key, "that it is read only", "whatever is asked can be answered here")
        if objects_of(item, "initial") or any(each.startswith("initial") for each in item):
            leave_out(key, "the initial value", "an answer is what somebody said")
        if "maxLength" in item:
            leave_out(key, "the longest text", "texts are not cut")
        for name, why in _UNREAD.items():
            codes = objects_of(item, "code") if name == "code" else []
            if item.get(name) and not (codes and all(e.get("system") == LOINC for e in codes)):
                leave_out(key, name.strip("_"), why)
        self._extensions(item, key)

    def _extensions(self, item: Resource, key: str) -> None:
        """Note each extension that is not read."""
        leave_out = self._form.leave_out
        units = 0
        for extension in objects_of(item, "extension"):
            url = text_of(extension, "url") or ""
            name = url.rpartition("/")[2]
            units += name == "questionnaire-unitOption"
            expressions = [each for each in _EXPRESSIONS if name.endswith(each)]
            for known in expressions:
                leave_out(key, known, _EXPRESSIONS[known])
            if name == "questionnaire-unitOption" and units > 1:
                leave_out(key, "a further unit", "numbers have one unit here")
            elif not expressions and not url.startswith(OURS) and name not in _READ:
                shown = name.endswith(_SHOWS)
                leave_out(key, name or "an extension", _SHOWN if shown else "it is not known here")
