"""Tells a bank as an XLSForm, and what of it the standard has no place for.

Columns that begin with `intake_` are our own and are left alone by other programs: kinds, loops
and conditions that a form cannot say. With them a bank that is exported and taken in again is the
bank it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias, cast

from nmt_intake.bank.exchange.fhir_export import UNTOLD, left_out_everywhere, limits_of
from nmt_intake.bank.exchange.forms import HOLDS, LeftOut
from nmt_intake.bank.exchange.gates import Holds, NotExpressible, gate_of, simplified, written
from nmt_intake.bank.exchange.sheets import sheets_bytes
from nmt_intake.bank.exchange.xlsform import read_rows
from nmt_intake.bank.exchange.xpath import condition_text
from nmt_intake.bank.kinds import KINDS
from nmt_intake.bank.model import Bank, Block, Condition, Question

_Row: TypeAlias = dict[str, str]
_COLUMNS: Final = (
    "type",
    "name",
    "label",
    "hint",
    "relevant",
    "constraint",
    "constraint_message",
    "intake_kind",
    "intake_options_from",
    "intake_alone",
    "intake_expect",
    "intake_unit",
    "intake_hidden",
    "intake_loinc",
    "intake_for_each",
    "intake_when",
    "intake_told",
)
_YES_NO: Final = {"en": ("Yes", "No"), "es": ("Sí", "No")}


def xlsform_of(bank: Bank) -> tuple[bytes, tuple[LeftOut, ...]]:
    """Return a bank as an xlsx workbook, and line by line what it does not hold."""
    exporter = _Exporter(bank)
    for block in bank.blocks:
        exporter.block(block)
    exporter.keep_conditions()
    settings = [
        ["form_title", "form_id", "version", "default_language"],
        [bank.title or bank.id, bank.id, bank.version, exporter.language],
    ]
    sheets: dict[str, Sequence[Sequence[str]]] = {
        "survey": _table(exporter.rows, exporter.columns),
        "choices": _table(exporter.choices, exporter.choice_columns),
        "settings": settings,
    }
    keys = (*UNTOLD, *(() if bank.languages[1:] or bank.translated else ("translations",)))
    left_out = [*exporter.left_out, *left_out_everywhere(bank, keys, "XLSForm")]
    return sheets_bytes(sheets), tuple(left_out)


def _table(rows: Sequence[_Row], columns: Sequence[str]) -> list[list[str]]:
    return [[*columns], *([row.get(column, "") for column in columns] for row in rows)]


class _Exporter:
    """Makes the rows of the survey and the choices, and notes what is left out."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._others = sorted(
            {language for each in bank.questions.values() for language in each.translations}
        )
        self.language = bank.language if self._others else ""
        labels = [f"label::{each} ({each})" for each in (bank.language, *self._others)]
        self._label = labels[0] if self._others else "label"
        if self._others:
            self.language = self._label.removeprefix("label::")
        shown = labels if self._others else ["label"]
        self._hint = self._label.replace("label", "hint")
        self._message = self._label.replace("label", "constraint_message")
        own = {"label": shown, "hint": [self._hint], "constraint_message": [self._message]}
        self.columns = [name for column in _COLUMNS for name in own.get(column, [column])]
        self.choice_columns = ["list_name", "name", *shown]
        self.rows: list[_Row] = []
        self.choices: list[_Row] = []
        self.left_out: list[LeftOut] = []
        self._lists: dict[tuple[object, ...], str] = {}
        self._told: dict[str, tuple[_Row, Condition | None]] = {}

    def block(self, block: Block) -> None:
        """Add the rows of a block: a group, or a repeat if it is asked for each of something."""
        kind = "repeat" if block.for_each else "group"
        row = {"type": f"begin_{kind}", "name": block.id, self._label: block.title}
        row["relevant"] = self._relevant(block.id, block.when)
        if block.for_each:
            row["intake_for_each"] = block.for_each
            if block.for_each == "period":
                why = "a repeat goes on as often as somebody says; periods follow the age"
                self.left_out.append(LeftOut(block.id, "for_each: period", why))
        self._told[block.id] = row, block.when
        self.rows.append(row)
        if block.opening:
            note = {"type": "note", "name": f"{block.id}_opening", self._label: block.opening}
            self.rows.append(note)
        for question in block.questions:
            self._question(question)
        self.rows.append({"type": f"end_{kind}"})

    def _question(self, question: Question) -> None:
        relevant = self._relevant(question.id, question.when)
        if question.preface:
            note = {"type": "note", "name": f"{question.id}_preface", "relevant": relevant}
            note |= {self._label: question.preface, "intake_kind": "preface"}
            self.rows.append(note)
        row = {"type": self._type(question), "name": question.id, "relevant": relevant}
        row |= self._labels(question)
        row |= {
            self._hint: question.listen_for or "",
            "intake_unit": question.unit or "",
            "intake_loinc": question.loinc or "",
            "intake_hidden": "yes" if question.hidden else "",
        }
        if KINDS[question.kind].own_in_xlsform:
            row["intake_kind"] = question.kind
        if question.alone:
            row["intake_alone"] = " ".join(question.alone)
            why = "without our column it goes with others"
            self.left_out.append(LeftOut(question.id, "alone", why))
        if question.options_from:
            row["intake_options_from"] = question.options_from
            row["intake_kind"] = question.kind
            why = "choices are the same for everybody; somebody named is written as a word"
            self.left_out.append(LeftOut(question.id, "options taken from entries", why))
        if KINDS[question.kind].only_words:
            why = "there is no such type; it is asked in words"
            self.left_out.append(LeftOut(question.id, f"the kind {question.kind}", why))
        self._limit(row, question)
        self._told[question.id] = row, question.when
        self.rows.append(row)

    def _type(self, question: Question) -> str:
        if question.options_from and not question.options:
            return "text"
        match KINDS[question.kind].xlsform:
            case "yes_no":
                yes, no = _YES_NO.get(self._bank.language, _YES_NO["en"])
                return f"select_one {self._list('yes_no', {'yes': yes, 'no': no}, {})}"
            case "select_one":
                return f"select_one {self._own_list(question)}"
            case "select_multiple":
                return f"select_multiple {self._own_list(question)}"
            case written:
                return written

    def _own_list(self, question: Question) -> str:
        labels = {
            language: _strings(words.get("options"))
            for language, words in question.translations.items()
        }
        return self._list(question.id, question.options, labels)

    def _list(
        self, name: str, options: Mapping[str, str], labels: Mapping[str, Mapping[str, str]]
    ) -> str:
        """Return the name of the list with these choices; a list is written once."""
        key = (*options.items(), *((language, *labels[language].items()) for language in labels))
        if key not in self._lists:
            self._lists[key] = name.replace(".", "_")
            for code, label in options.items():
                row = {"list_name": self._lists[key], "name": code, self._label: label}
                for language in self._others:
                    row[f"label::{language} ({language})"] = labels.get(language, {}).get(code, "")
                self.choices.append(row)
        return self._lists[key]

    def _labels(self, question: Question) -> _Row:
        made = {self._label: question.ask}
        for language, words in question.translations.items():
            ask = words.get("ask")
            made[f"label::{language} ({language})"] = ask if isinstance(ask, str) else ""
        return made

    def _limit(self, row: _Row, question: Question) -> None:
        limits = limits_of(question)
        if limits is None and question.hard_check:
            why = "only a least and a most can be said; without our column it is not there"
            self.left_out.append(LeftOut(question.id, "hard_check", why))
            row["intake_expect"] = question.hard_check.expect.text
        whole, least, most = limits or (False, "", "")
        if whole and question.kind == "number":
            row["type"] = "integer"
        bounds = [f". >= {least}" if least else "", f". <= {most}" if most else ""]
        row["constraint"] = " and ".join(each for each in bounds if each)
        if question.hard_check:
            row[self._message] = question.hard_check.say

    def _holds(self, name: str) -> Holds | None:
        return HOLDS.get(self._bank.questions[name].kind)

    def _relevant(self, where: str, condition: Condition | None) -> str:
        """Return a condition as a form says it, empty, told, for one that it cannot say."""
        if condition is None:
            return ""
        try:
            gate = simplified(gate_of(condition.tree, self._holds))
            return condition_text(gate, lambda name: f"${{{name}}}")
        except NotExpressible as reason:
            why = f"{reason}; without our column it is always asked"
            self.left_out.append(LeftOut(where, "the condition", why))
            return ""

    def keep_conditions(self) -> None:
        """Keep each condition in our own words beside what it was told as."""
        survey = [
            {"": str(number), **{key: text for key, text in row.items() if text}}
            for number, row in enumerate(self.rows, 2)
        ]
        choices = [{"": "", **row} for row in self.choices]
        form = read_rows({"survey": survey, "choices": choices})
        gates = {section.key: section.gate for section in form.sections}
        gates |= {item.key: item.gate for _, item in form.items()}
        for name, (row, condition) in self._told.items():
            if condition is not None:
                row["intake_when"] = condition.text
                row["intake_told"] = written(gates[name], str, decided=False) or "always"


def _strings(value: object) -> Mapping[str, str]:
    return cast("Mapping[str, str]", value) if isinstance(value, Mapping) else {}
