"""Reads an XLSForm (xlsx with the sheets survey, choices, settings) as a form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast, get_args

from nmt_intake.bank.exchange.forms import LOOPS, Form, FormError, Item, Section, usable_code
from nmt_intake.bank.exchange.gates import (
    ALWAYS,
    Gate,
    NotExpressible,
    both,
    questions_of,
    written,
)
from nmt_intake.bank.exchange.sheets import Row, read_sheets
from nmt_intake.bank.exchange.xpath import THIS, Referent, read_condition
from nmt_intake.bank.model import EntryLoop, ForEach, Kind

_KINDS: Final[dict[str, Kind]] = {
    "integer": "number",
    "int": "number",
    "decimal": "number",
    "range": "number",
    "text": "text",
    "string": "text",
    "date": "date",
    "datetime": "date",
    "time": "text",
    "acknowledge": "yes_no",
    "trigger": "yes_no",
    "barcode": "text",
    "rank": "text",
    "select_one": "choice",
    "select_multiple": "choices",
    "select_one_from_file": "text",
    "select_multiple_from_file": "text",
}
_LOSSES: Final = {
    "datetime": ("the time of the day", "a date has none here"),
    "time": ("a time of the day", "there is no such kind; it is asked in words"),
    "barcode": ("a barcode", "there is no such kind; it is asked in words"),
    "rank": ("an order of choices", "there is no such kind; it is asked in words"),
    "select_one_from_file": ("the choices", "they are kept elsewhere; it is asked in words"),
    "select_multiple_from_file": ("the choices", "they are kept elsewhere; it is asked in words"),
}
_DEVICE: Final = frozenset(
    {
        *("start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber"),
        *("username", "email", "audit", "start-geopoint", "background-audio"),
    }
)
_OUR_KINDS: Final = frozenset({"age", "scale", "interval", "person", "yes_no"})
_IGNORED: Final = {
    "required": "whatever is asked may be left unanswered here",
    "default": "an answer is what somebody said",
    "calculation": "nothing is calculated here",
    "choice_filter": "all choices are offered",
    "repeat_count": "one more is added when somebody tells of one",
    "read_only": "whatever is asked can be answered here",
    "readonly": "whatever is asked can be answered here",
    "trigger": "nothing is calculated here",
}
_NO_ROW: Final[Row] = {}
_LABEL: Final = re.compile(r"(label|hint|constraint_message)(?:::\s*(.*))?", re.IGNORECASE)
_LANGUAGE: Final = re.compile(r"\(([A-Za-z]{2,3})[^)]*\)\s*$")


def read_xlsform(data: bytes, where: str) -> Form:
    """Return the form that a workbook is; raises FormError if it is none."""
    sheets = read_sheets(data, where)
    if not sheets.get("survey"):
        raise FormError(where, "has no sheet named survey.", "Give an XLSForm.")
    return read_rows(sheets)


def read_rows(sheets: Mapping[str, Sequence[Row]]) -> Form:
    """Return the form that the rows of an XLSForm are."""
    return _Reader(sheets).form()


class _Reader:
    """Walks the survey sheet once for the items, then reads the conditions."""

    def __init__(self, sheets: Mapping[str, Sequence[Row]]) -> None:
        self._survey = sheets["survey"]
        settings: Row = next(iter(sheets.get("settings", ())), _NO_ROW)
        title = settings.get("form_title") or settings.get("form_id") or "A form"
        self._default = settings.get("default_language", "")
        self._form = Form(
            id=settings.get("form_id") or title,
            title=title,
            version=settings.get("version") or "1",
            language=_language(self._default) or "en",
        )
        self._lists: dict[str, list[Row]] = {}
        for row in sheets.get("choices", ()):
            name = row.get("list_name") or row.get("list name") or ""
            self._lists.setdefault(name, []).append(row)
        self._items: dict[str, Item] = {}
        self._section_of: dict[str, Section] = {}
        self._gates: list[tuple[Item | Section, list[Row]]] = []
        self._checks: list[tuple[Item, Row]] = []
        self._begins: dict[str, Row] = {}
        self._loops = iter(LOOPS)
        self._preface: list[Row] = []

    def form(self) -> Form:
        """Return the form."""
        # What encloses the row at hand: the row of its `begin`, and the section it stands in.
        open_: list[tuple[Row, Section]] = []
        loose: Section | None = None
        for row in self._survey:
            kind = " ".join(row.get("type", "").lower().replace("_", " ").split())
            if kind in ("begin group", "begin repeat"):
                loose = None
                open_.append((row, self._begin(row, kind, open_)))
            elif kind in ("end group", "end repeat"):
                if open_:
                    open_.pop()
            elif kind:
                if not open_ and loose is None:
                    loose = self._section(Section(self._free("questions"), "Questions"), [])
                self._row(row, open_[-1][1] if open_ else cast("Section", loose), open_)
        self._read_conditions()
        return self._form

    def _free(self, key: str) -> str:
        taken = {section.key for section in self._form.sections}
        found, number = key, 2
        while found in taken:
            found, number = f"{key}_{number}", number + 1
        return found

    def _section(self, section: Section, rows: list[Row]) -> Section:
        self._form.sections.append(section)
        self._gates.append((section, rows))
        return section

    def _begin(self, row: Row, kind: str, open_: list[tuple[Row, Section]]) -> Section:
        """Return the section of a group: one of its own at the top and for a repeat."""
        where = _where(row)
        around = open_[-1][1] if open_ else None
        if row.get("relevant") and around and kind == "begin group":
            self._common(row)
        repeats = kind == "begin repeat"
        if around and (not repeats or around.for_each):
            if repeats:
                why = "it lies inside a repeat and is asked once in each"
                self._form.leave_out(where, "a repeat", why)
            if label := self._label(row):
                self._preface.append({**row, "relevant": "", "label": label})
            return around
        key = self._free(row.get("name") or "group")
        section = Section(key, self._label(row) or key, raw_when=row.get("intake_when"))
        section.raw_told = row.get("intake_told")
        own = row.get("intake_for_each")
        if own in get_args(ForEach):
            section.for_each = cast("ForEach", own)
        elif repeats:
            section.for_each = next(self._loops, None)
            why = f"it is asked for each {section.for_each} here"
            if section.for_each is None:
                why = f"only {len(LOOPS)} can be repeated; it is asked once"
            self._form.leave_out(where, "a repeat", why)
        self._common(row)
        self._begins[key] = row
        return self._section(section, [*(each for each, _ in open_), row])

    def _row(self, row: Row, section: Section, open_: list[tuple[Row, Section]]) -> None:
        kind, _, rest = row["type"].strip().partition(" ")
        kind = kind.lower()
        if kind == "select" and rest:  # written with a space: select one LIST
            more, _, rest = rest.partition(" ")
            kind = f"select_{more.lower()}"
        if kind == "note":
            first = not section.items and not self._preface and not row.get("relevant")
            if first and row.get("intake_kind") != "preface":
                section.opening = section.opening or self._label(row)
            elif self._label(row):
                self._preface.append(row)
        elif kind in _KINDS:
            begin = self._begins.get(section.key)
            within = [each for each, around in open_ if around is section and each is not begin]
            self._question(row, kind, rest, section, within)
        elif kind not in _DEVICE:
            why = "nothing is calculated here" if kind == "calculate" else "there is no such kind"
            self._form.leave_out(_where(row), f"the type {kind}", why)

    def _question(
        self, row: Row, kind: str, rest: str, section: Section, within: list[Row]
    ) -> None:
        name = row.get("name", "")
        if not name or name in self._items:
            self._form.leave_out(_where(row), "a question", "it has no name of its own")
            return
        item = Item(name, self._label(row) or name, _KINDS[kind])
        item.raw_when, item.raw_told = row.get("intake_when"), row.get("intake_told")
        if kind in _LOSSES:
            self._form.leave_out(_where(row), *_LOSSES[kind])
        item.listen_for = self._label(row, "hint")
        item.unit = row.get("intake_unit")
        item.loinc = row.get("intake_loinc")
        item.hidden = row.get("intake_hidden") == "yes"
        for language, text in self._translated(row, "label"):
            item.translations[language] = (text, {})
        if item.kind in ("choice", "choices"):
            self._choices(row, item, rest)
        own = row.get("intake_kind")
        if own in _OUR_KINDS:
            item.kind = cast("Kind", own)
        chooses = row.get("intake_options_from")
        if chooses in get_args(EntryLoop) and own in ("choice", "choices"):
            item.kind = cast("Kind", own)
            item.options_from = cast("EntryLoop", chooses)
        item.alone = [each for each in row.get("intake_alone", "").split() if each in item.options]
        self._say_before(row, item)
        self._common(row)
        self._items[name] = item
        self._section_of[name] = section
        section.items.append(item)
        self._gates.append((item, [*within, row]))
        if row.get("constraint") or row.get("intake_expect") or kind in ("integer", "int"):
            self._checks.append((item, row))

    def _say_before(self, row: Row, item: Item) -> None:
        """Put the notes before a question into its preface."""
        for note in self._preface:
            condition = note.get("relevant")
            if condition and condition != row.get("relevant"):
                why = "words between questions have no condition here; they are always said"
                self._form.leave_out(_where(note), "the condition of a note", why)
        texts = [self._label(note) or "" for note in self._preface]
        item.preface = "\n\n".join(texts) or None
        self._preface = []

    def _choices(self, row: Row, item: Item, rest: str) -> None:
        name, _, other = rest.strip().partition(" ")
        rows = self._lists.get(name, [])
        codes = [each.get("name", "") for each in rows]
        if item.kind == "choice" and sorted(codes) == ["no", "yes"]:
            item.kind = "yes_no"
            return
        steps = item.kind == "choice" and all(re.fullmatch(r"-?[0-9]{1,6}", c) for c in codes)
        if steps and codes:
            item.kind = "scale"
        for choice in rows:
            code = choice.get("name", "")
            if not code or code in item.codes:
                self._form.leave_out(
                    _where(choice), f"a choice of {name}", "its name is no new one"
                )
                continue
            ours = code if steps else usable_code(code, item.options)
            item.codes[code] = ours
            item.options[ours] = self._label(choice) or code
            for language, text in self._translated(choice, "label"):
                ask, labels = item.translations.get(language, (None, {}))
                item.translations[language] = (ask, {**labels, ours: text})
        if "or_other" in other:
            why = "options here have codes; note it beside them"
            self._form.leave_out(_where(row), "an answer in other words", why)
            item.options.setdefault("other", "Something else")
            item.codes.setdefault("other", "other")
        if not item.options:
            self._form.leave_out(_where(row), "the choices", f"there is no list {name!r}")
            item.kind = "text"

    def _common(self, row: Row) -> None:
        for column, why in _IGNORED.items():
            said = row.get(column, "").lower()
            if said and said not in ("no", "false", "false()"):
                self._form.leave_out(_where(row), column, why)

    def _read_conditions(self) -> None:
        read: dict[int, Gate] = {}
        for target, rows in self._gates:
            gate = ALWAYS
            for row in rows:
                if id(row) not in read:
                    read[id(row)] = self._relevant(row, target)
                gate = both(gate, read[id(row)])
            target.gate = gate
        for item, row in self._checks:
            self._check(item, row)

    def _relevant(self, row: Row, target: Item | Section) -> Gate:
        text = row.get("relevant", "").strip()
        if not text:
            return ALWAYS
        here = target if isinstance(target, Section) else self._section_of[target.key]
        try:
            gate = read_condition(text, self._referent)
            for name in questions_of(gate):
                loop = self._section_of[name].for_each
                if loop and loop != here.for_each:
                    raise NotExpressible(f"{name} is asked for each of something, this is not")
            return gate
        except NotExpressible as reason:
            self._form.leave_out(_where(row), "relevant", f"{reason}; it is always asked")
            return ALWAYS

    def _check(self, item: Item, row: Row) -> None:
        text = row.get("constraint", "").strip()
        parts = ["value % 1 == 0"] if item.kind == "number" and "int" in row["type"] else []

        def resolve(name: str) -> Referent | None:
            return Referent(item.kind, item.codes) if name == THIS else self._referent(name)

        try:
            if text:
                gate = read_condition(text, resolve)
                made = written(gate, lambda name: "value" if name == THIS else "", False)
                if made and set(questions_of(gate)) == {THIS}:
                    parts.append(made if not parts or " or " not in made else f"({made})")
                elif made:
                    raise NotExpressible("it reads another question")
        except NotExpressible as reason:
            self._form.leave_out(_where(row), "constraint", str(reason))
        item.expect = row.get("intake_expect") or " and ".join(parts) or None
        item.say = self._label(row, "constraint_message")

    def _referent(self, name: str) -> Referent | None:
        item = self._items.get(name)
        return Referent(item.kind, item.codes) if item else None

    def _label(self, row: Row, wanted: str = "label") -> str | None:
        """Return a label in the form's own language, else in the first there is."""
        found: dict[str, str] = {}
        for column, text in row.items():
            match = _LABEL.fullmatch(column)
            if match and match[1].lower() == wanted:
                found[(match[2] or "").strip()] = text
        if self._default in found:
            return found[self._default]
        return found.get("") or next(iter(found.values()), None)

    def _translated(self, row: Row, wanted: str) -> Iterator[tuple[str, str]]:
        for column, text in row.items():
            match = _LABEL.fullmatch(column)
            if match is None or match[1].lower() != wanted or not match[2]:
                continue
            language = _language(match[2])
            if language and language != self._form.language:
                yield language, text


def _language(name: str) -> str:
    """Return the code of a language written as `English (en)`, or a bare code."""
    found = _LANGUAGE.search(name)
    if found:
        return found[1].lower()
    return name.strip().lower() if re.fullmatch(r"[A-Za-z]{2,3}", name.strip()) else ""


def _where(row: Row) -> str:
    return f"row {row['']}" + (f" ({row['name']})" if row.get("name") else "")
