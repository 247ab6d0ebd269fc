"""Tells a bank as an HL7 FHIR R4 Questionnaire, and what of it the standard has no place for.

Conditions become `enableWhen` where they read answers only; groups within groups hold what needs
an `and` of `or`s. What cannot be said so stays with the item, in an extension of our own, and so
do kinds and loops of ours: a bank that is exported and taken in again is the bank it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pydantic import JsonValue

from nmt_intake.bank.exchange.fhir import read_resource
from nmt_intake.bank.exchange.forms import HOLDS, LeftOut
from nmt_intake.bank.exchange.gates import (
    All,
    Any,
    Atom,
    Gate,
    Holds,
    NotExpressible,
    clauses_of,
    gate_of,
    written,
)
from nmt_intake.bank.exchange.resources import EXCLUSIVE, EXTENSION, LOINC, OURS
from nmt_intake.bank.kinds import KINDS
from nmt_intake.bank.model import Bank, Block, Condition, Question

_Item = dict[str, JsonValue]
_ANSWERS: Final[dict[Holds, str]] = {
    "truth": "answerBoolean",
    "number": "answerDecimal",
    "text": "answerString",
    "date": "answerDate",
}
WHOLE: Final = "value % 1 == 0"
LIMIT: Final = re.compile(r"value (>=|<=) (-?[0-9]+(?:\.[0-9]+)?)")
# Keys of a question that neither standard has a place for, and where they stand in a `Question`.
UNTOLD: Final = (
    "wordings",
    "probes",
    "sensitivity",
    "informants",
    "evidence_for",
    "keywords",
    "tags",
    "source",
    "soft_check",
    "refer",
    "safety",
    "fact",
    "names_this",
    "show_if_filled",
)


def questionnaire_of(bank: Bank) -> tuple[dict[str, JsonValue], tuple[LeftOut, ...]]:
    """Return a bank as a Questionnaire, and line by line what it does not hold."""
    exporter = _Exporter(bank)
    items: list[JsonValue] = [exporter.block(block) for block in bank.blocks]
    resource: dict[str, JsonValue] = {
        "resourceType": "Questionnaire",
        "url": f"{OURS}questionnaire:{bank.id}",
        "version": bank.version,
        "name": bank.id,
        "title": bank.title or bank.id,
        "language": bank.language,
        "status": "draft",
        "item": items,
    }
    exporter.keep_conditions(resource)
    left_out = [*exporter.left_out, *left_out_everywhere(bank, (*UNTOLD, "translations"), "FHIR")]
    return resource, tuple(left_out)


def left_out_everywhere(bank: Bank, keys: Sequence[str], standard: str) -> Iterator[LeftOut]:
    """Yield one line for each key of questions that the standard has no place for."""
    for key in keys:
        count = sum(bool(getattr(question, key)) for question in bank.questions.values())
        if count:
            what = f"{key} (of {count} question{'s' if count > 1 else ''})"
            yield LeftOut(bank.id, what, f"{standard} has no place for it")
    for key, held in (
        ("checks", [check for block in bank.blocks for check in block.checks]),
        ("another", [block.another for block in bank.blocks if block.another]),
        ("ratings", bank.ratings),
        ("activities", bank.activities),
        ("migrations", bank.migrations),
    ):
        if held:
            yield LeftOut(bank.id, f"{key} ({len(held)})", f"{standard} has no place for it")


def limits_of(question: Question) -> tuple[bool, str, str] | None:
    """Return whether a number must be whole, its least and its most; None if it says more."""
    check = question.hard_check
    if check is None:
        return False, "", ""
    whole, least, most = False, "", ""
    for part in check.expect.text.split(" and "):
        found = LIMIT.fullmatch(part.strip())
        if part.strip() == WHOLE and question.kind == "number":
            whole = True
        elif found and found[1] == ">=" and not least:
            least = found[2]
        elif found and found[1] == "<=" and not most:
            most = found[2]
        else:
            return None
    return whole, least, most


class _Exporter:
    """Makes items of blocks and questions, and notes what is left out."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._system = f"{OURS}{bank.id}"
        self._told: dict[str, tuple[_Item, Condition | None]] = {}
        self.left_out: list[LeftOut] = []

    def block(self, block: Block) -> _Item:
        """Return a block as a group."""
        group: _Item = {"linkId": block.id, "text": block.title, "type": "group"}
        if block.for_each:
            group["repeats"] = True
            _extend(group, f"{OURS}for_each", "valueString", block.for_each)
            if block.for_each == "period":
                why = "a group repeats as often as somebody says; periods follow the age"
                self.left_out.append(LeftOut(block.id, "for_each: period", why))
        self._told[block.id] = group, block.when
        items = [self._question(question) for question in block.questions]
        clauses = self._clauses(block.id, block.when)
        group.update(self._enabled(clauses[:1]))
        opening = [_display(f"{block.id}~opening", block.opening)] if block.opening else []
        layers = [self._enabled([clause]) for clause in clauses[1:]]
        group["item"] = [*opening, *_wrapped(block.id, items, layers)]
        return group

    def _question(self, question: Question) -> _Item:
        """Return a question as an item: itself, or a group that holds it with its condition."""
        item: _Item = {
            "linkId": question.id,
            "text": question.ask,
            "type": KINDS[question.kind].fhir,
        }
        self._describe(item, question)
        self._told[question.id] = item, question.when
        clauses = self._clauses(question.id, question.when)
        flat = len(clauses) < 2 or all(len(clause) == 1 for clause in clauses)
        layers = [self._enabled(clauses)] if flat else [self._enabled([each]) for each in clauses]
        if question.preface is not None:
            preface = _display(f"{question.id}~preface", question.preface)
            return _wrapped(question.id, [preface, item], layers)[0]
        if flat:
            item.update(layers[0])
            return item
        return _wrapped(question.id, [item], layers)[0]

    def keep_conditions(self, resource: _Item) -> None:
        """Keep each condition in our own words beside what it was told as.

        When the form comes back and nobody has changed what was told, our own words count.
        """
        form = read_resource(resource)
        gates = {section.key: section.gate for section in form.sections}
        gates |= {item.key: item.gate for _, item in form.items()}
        for name, (item, condition) in self._told.items():
            if condition is not None:
                _extend(item, f"{OURS}when", "valueString", condition.text)
                told = written(gates[name], str, decided=False) or "always"
                _extend(item, f"{OURS}told", "valueString", told)

    def _describe(self, item: _Item, question: Question) -> None:
        if KINDS[question.kind].own_in_fhir:
            _extend(item, f"{OURS}kind", "valueString", question.kind)
        if KINDS[question.kind].only_words:
            why = "there is no such type; it is asked in words"
            self.left_out.append(LeftOut(question.id, f"the kind {question.kind}", why))
        if question.options:
            item["answerOption"] = [
                self._option(question, code, label) for code, label in question.options.items()
            ]
        if question.options_from:
            _extend(item, f"{OURS}options_from", "valueString", question.options_from)
            why = "options are the same for everybody; somebody named is written as a word"
            self.left_out.append(LeftOut(question.id, "options taken from entries", why))
            item["type"] = "open-choice" if question.options else "string"
        if KINDS[question.kind].shape == "codes":
            item["repeats"] = True
        if question.hidden:
            _extend(item, f"{EXTENSION}questionnaire-hidden", "valueBoolean", True)
        if question.unit:
            unit: _Item = {"display": question.unit}
            _extend(item, f"{EXTENSION}questionnaire-unit", "valueCoding", unit)
        if question.loinc:
            item["code"] = [{"system": LOINC, "code": question.loinc}]
        if question.listen_for:
            _extend(item, f"{EXTENSION}designNote", "valueMarkdown", question.listen_for)
        self._limit(item, question)

    def _option(self, question: Question, code: str, label: str) -> _Item:
        coding: _Item = {"system": self._system, "code": code, "display": label}
        option: _Item = {"valueCoding": coding}
        if code in question.alone:
            _extend(option, f"{EXTENSION}{EXCLUSIVE}", "valueBoolean", True)
        return option

    def _limit(self, item: _Item, question: Question) -> None:
        if question.hard_check:
            _extend(item, f"{OURS}say", "valueString", question.hard_check.say)
        limits = limits_of(question)
        if limits is None and question.hard_check:
            why = "only a least and a most can be said; without our extension it is not there"
            self.left_out.append(LeftOut(question.id, "hard_check", why))
            _extend(item, f"{OURS}expect", "valueString", question.hard_check.expect.text)
        whole, least, most = limits or (False, "", "")
        if whole and question.kind == "number":
            item["type"] = "integer"
        for name, limit in (("minValue", least), ("maxValue", most)):
            if limit:
                number = float(limit) if "." in limit else int(limit)
                _extend(item, f"{EXTENSION}{name}", "valueDecimal", number)

    def _holds(self, name: str) -> Holds | None:
        return HOLDS.get(self._bank.questions[name].kind)

    def _clauses(self, where: str, condition: Condition | None) -> list[tuple[Atom, ...]]:
        """Return a condition's clauses, none, told, of one that cannot be said."""
        if condition is None:
            return []
        try:
            gate = self._without_order(gate_of(condition.tree, self._holds))
            return list(clauses_of(gate))
        except NotExpressible as reason:
            why = f"{reason}; without our extension it is always enabled"
            self.left_out.append(LeftOut(where, "the condition", why))
            return []

    def _without_order(self, gate: Gate) -> Gate:
        """Return a gate whose steps of scales are options, and whose `!=` asks for an answer."""
        match gate:
            case All(parts):
                return All(tuple(self._without_order(part) for part in parts))
            case Any(parts):
                return Any(tuple(self._without_order(part) for part in parts))
            case Atom(sign="exists"):
                return gate
            case Atom():
                pass
        question = self._bank.questions[gate.question]
        if KINDS[question.kind].codes == "steps":
            fitting = [code for code in question.options if _fits(int(code), gate)]
            return Any(tuple(Atom(question.id, "==", code, "code") for code in fitting))
        if gate.sign == "!=":
            there = Atom(gate.question, "exists", True, "text")
            return All((there, Atom(gate.question, "!=", gate.value, gate.holds, blank=True)))
        return gate

    def _enabled(self, clauses: Sequence[tuple[Atom, ...]]) -> _Item:
        """Return `enableWhen` and `enableBehavior` of one clause, or of clauses of one atom."""
        if not clauses:
            return {}
        atoms = [atom for clause in clauses for atom in clause]
        if not atoms:  # never: an answer that is there and is not
            some = next(iter(self._bank.questions))
            atoms = [Atom(some, "exists", True, "text"), Atom(some, "exists", False, "text")]
            return {
                "enableWhen": [self._criterion(each) for each in atoms],
                "enableBehavior": "all",
            }
        made: _Item = {"enableWhen": [self._criterion(each) for each in atoms]}
        if len(atoms) > 1:
            made["enableBehavior"] = "any" if len(clauses) == 1 else "all"
        return made

    def _criterion(self, atom: Atom) -> _Item:
        sign = {"==": "="}.get(atom.sign, atom.sign)
        made: _Item = {"question": atom.question, "operator": sign}
        if atom.sign == "exists":
            made["answerBoolean"] = atom.value
        elif atom.holds in ("code", "codes"):
            made["answerCoding"] = {"system": self._system, "code": str(atom.value)}
        elif atom.holds == "number" and self._is_whole(atom.question):
            made["answerInteger" if isinstance(atom.value, int) else "answerDecimal"] = atom.value
        else:
            made[_ANSWERS[atom.holds]] = atom.value
        return made

    def _is_whole(self, name: str) -> bool:
        limits = limits_of(self._bank.questions[name])
        return limits is not None and limits[0]


def _fits(step: int, atom: Atom) -> bool:
    value = atom.value
    if isinstance(value, bool | str):
        return False
    signs = {
        "==": step == value,
        "!=": step != value,
        "<": step < value,
        "<=": step <= value,
        ">": step > value,
        ">=": step >= value,
    }
    return signs[atom.sign]


def _wrapped(name: str, items: list[_Item], layers: Sequence[_Item]) -> list[_Item]:
    """Return items inside one group for each layer of conditions."""
    for number, enabled in enumerate(layers):
        group: _Item = {"linkId": f"{name}~{number + 1}", "type": "group"}
        items = [{**group, **enabled, "item": [*items]}]
    return items


def _display(link: str, text: str) -> _Item:
    return {"linkId": link, "text": text, "type": "display"}


def _extend(item: _Item, url: str, kind: str, value: JsonValue) -> None:
    held = item.setdefault("extension", [])
    if isinstance(held, list):
        held.append({"url": url, kind: value})
