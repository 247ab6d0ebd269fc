"""A case for other programs: JSON and CSV of what was said, and the audit trail without content.

Nobody is named: the client goes by initials or a pseudonym, informants by relation, and their names
are replaced in what was said and noted. Answers tagged `substance` can be left out; how many were
is always said. What a branch closed is exported as not applicable, what was withheld as masked
(FHIR data-absent-reason codes).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from pydantic import JsonValue

from nmt_intake.bank.model import Question
from nmt_intake.interview.events import Event
from nmt_intake.interview.folding.ledger import subject_of
from nmt_intake.interview.slots import Given, Mark
from nmt_intake.interview.speaking import spoken
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import in_words
from nmt_intake.report.disclosure import Naming, called, naming_of

FORMAT: Final = "nmt-intake-export/1"
_SUBSTANCE: Final = "substance"
_COLUMNS: Final = (
    "slot",
    "question",
    "informant",
    "value",
    "in_words",
    "missing",
    "basis",
    "confidence",
    "words",
    "counts",
    "at",
    "author",
)
# A spreadsheet takes a cell that begins like this for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an export holds: with or without substance answers, and the name to use."""

    substance: bool = True
    pseudonym: str | None = None


def export_json(interview: Interview, chosen: Chosen) -> Mapping[str, JsonValue]:
    """Return the case as plain data."""
    copy = _Copy.of(interview, chosen)
    client = copy.interview.client.model_dump(mode="json")
    if chosen.pseudonym:
        client |= {"birth": None, "age_months": _whole_months(interview)}
    return {
        "format": FORMAT,
        "bank": {
            "id": interview.bank.id,
            "version": interview.bank.version,
            "hash": interview.bank.hash,
        },
        "client": client,
        "informants": [
            each.model_dump(mode="json") | {"name": None} for each in interview.informants.values()
        ],
        "answers": [dict(answer) for answer in copy.answers()],
        "ratings": {
            key: {
                "value": rated.value,
                "confidence": rated.confidence,
                "suggested": list(rated.suggested) if rated.suggested else None,
                "by": rated.author,
            }
            for key, rated in sorted(interview.ratings.items())
            if chosen.substance or not key.endswith("adversity.substance")
        },
        "notes": [
            {
                "slot": note.slot,
                "text": copy.naming.applied(note.text),
                "at": note.at.isoformat(),
                "by": note.author,
            }
            for note in interview.notes
            if chosen.substance or not (note.slot and _about_substance(interview, note.slot))
        ],
        "safety": [
            {
                "slot": note.slot,
                "topic": note.topic,
                "text": copy.naming.applied(note.note),
                "informed": copy.naming.applied(note.informed),
                "open": note.is_open,
                "state": note.state,
                "codes": list(note.codes),
                "at": note.at.isoformat(),
                "by": note.author,
            }
            for note in interview.safety
            if chosen.substance or not (note.slot and _about_substance(interview, note.slot))
        ],
        "left_out": {"substance": _left_out(interview, chosen)},
    }


def export_csv(interview: Interview, chosen: Chosen) -> str:
    """Return the answers as CSV, one row an informant's answer; no cell can act as a formula."""
    answers = _Copy.of(interview, chosen).answers()
    return as_table([{key: answer[key] for key in _COLUMNS} for answer in answers], _COLUMNS)


def as_table(rows: Sequence[Mapping[str, JsonValue]], columns: Sequence[str] | None = None) -> str:
    """Return rows as CSV with a head of `columns`, by default those of the first row."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns or list(rows[0] if rows else ()), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def audit_trail(events: Iterable[Event]) -> Sequence[Mapping[str, JsonValue]]:
    """Return who did what when, without any content: kind, what it was about, and the bank."""
    return [
        {
            "id": event.id,
            "at": event.at.isoformat(),
            "zone": event.zone,
            "author": event.author,
            "device": event.device,
            "kind": event.kind,
            "about": subject_of(event),
            "bank_version": event.bank_version,
            "bank_hash": event.bank_hash,
        }
        for event in events
    ]


@dataclass(frozen=True, slots=True)
class _Copy:
    """One copy of an interview: who is called how in it, and what is left out."""

    interview: Interview
    naming: Naming
    chosen: Chosen

    @classmethod
    def of(cls, interview: Interview, chosen: Chosen) -> Self:
        naming = naming_of(interview, chosen.pseudonym)
        return cls(called(interview, naming), naming, chosen)

    def answers(self) -> Iterator[Mapping[str, JsonValue]]:
        for slot in self.interview.layout.slots:
            question = self.interview.question(slot)
            state = self.interview.said(slot)
            if question is None or not (state.given or state.marks) or self._withholds(question):
                continue
            ask = spoken(self.interview, slot).ask
            for given in state.given:
                yield self._row(slot, ask, given) | {
                    "value": self._hidden(given.value),
                    "in_words": self.naming.applied(in_words(question, given.value)),
                    "missing": None,
                    "basis": given.basis,
                    "confidence": given.confidence,
                }
            for mark in state.marks:
                yield self._row(slot, ask, mark) | {"missing": mark.reason}

    def _withholds(self, question: Question) -> bool:
        """Whether an answer says who the client is, or was to be left out."""
        who = ("client.name", "client.birth") if self.chosen.pseudonym else ("client.name",)
        if question.fact in who:
            return True
        return not self.chosen.substance and _SUBSTANCE in question.tags

    def _row(self, slot: str, ask: str, said: Given | Mark) -> dict[str, JsonValue]:
        informant = self.interview.informants.get(said.informant or "")
        return {
            "slot": slot,
            "question": ask,
            "informant": informant.relation if informant else None,
            "value": None,
            "in_words": None,
            "missing": None,
            "basis": None,
            "confidence": None,
            "words": self.naming.applied(said.words),
            "counts": self.interview.counts(slot),
            "at": said.at.isoformat(),
            "author": said.author,
        }

    def _hidden(self, value: JsonValue) -> JsonValue:
        match value:
            case str():
                return self.naming.applied(value)
            case list():
                return [self._hidden(item) for item in value]
            case dict():
                return {key: self._hidden(item) for key, item in value.items()}
            case _:
                return value


def _whole_months(interview: Interview) -> int | None:
    """Return the age in whole months: days would tell the date of birth again."""
    age = interview.facts.get("client.age_months")
    return int(age) if isinstance(age, int | float) else None


def _left_out(interview: Interview, chosen: Chosen) -> int:
    if chosen.substance:
        return 0
    return sum(_about_substance(interview, slot) for slot in interview.slots)


def _about_substance(interview: Interview, slot: str) -> bool:
    question = interview.question(slot)
    return question is not None and _SUBSTANCE in question.tags


def _cell(value: JsonValue) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
