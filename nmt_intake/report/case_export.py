"""A case for other programs: JSON and CSV of what was said, and the audit trail without content.

It holds what the one disclosure policy lets out: nobody is named, words of safety notes go with it
only if asked for, and what is left out is said by kind, never by how much there was. What a branch
closed is exported as not applicable, what was withheld as masked
(FHIR data-absent-reason codes).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, cast

from pydantic import JsonValue

from nmt_intake.interview.events import Event
from nmt_intake.interview.folding.ledger import subject_of
from nmt_intake.interview.slots import Given, Mark
from nmt_intake.interview.speaking import labels_of, spoken
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import in_words
from nmt_intake.report.disclosure import (
    Policy,
    disclosed,
    hides_rating,
)

FORMAT: Final = "nmt-intake-export/1"
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


def export_json(interview: Interview, policy: Policy) -> Mapping[str, JsonValue]:
    """Return the case as plain data, as a copy under this policy holds it."""
    copy = disclosed(interview, policy)
    day = {"at": None} if not policy.dates else {}
    left_out: dict[str, JsonValue] = {"substance": 0}
    for tag in sorted(policy.tags):
        questions = interview.bank.questions.values()
        left_out[tag] = sum(tag in question.tags for question in questions)
    plain: dict[str, object] = {
        "format": FORMAT,
        "bank": {
            "id": interview.bank.id,
            "version": interview.bank.version,
            "hash": interview.bank.hash,
        },
        "client": copy.client.model_dump(mode="json"),
        "informants": [each.model_dump(mode="json") for each in copy.informants.values()],
        "answers": [dict(answer) for answer in _answers(copy, policy)],
        "ratings": {
            key: {
                "value": rated.value,
                "confidence": rated.confidence,
                "suggested": list(rated.suggested) if rated.suggested else None,
                "by": rated.author,
            }
            for key, rated in sorted(copy.ratings.items())
            if not hides_rating(interview.bank, policy, key)
        },
        "notes": [
            {"slot": note.slot, "text": note.text, "at": note.at.isoformat(), "by": note.author}
            | day
            for note in copy.notes
        ],
        "safety": [
            {
                "slot": note.slot,
                "topic": note.topic,
                "text": note.note,
                "informed": note.informed,
                "open": note.is_open,
                "state": note.state,
                "codes": list(note.codes),
                "at": note.at.isoformat(),
                "by": note.author,
            }
            | day
            for note in copy.safety
        ],
        # Questions of the bank, whether anything was said to them: what was, would tell.
        "left_out": left_out,
    }
    return cast("Mapping[str, JsonValue]", plain)


def export_csv(interview: Interview, policy: Policy) -> str:
    """Return the answers as CSV, one row an informant's answer; no cell can act as a formula."""
    answers = _answers(disclosed(interview, policy), policy)
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


def _answers(copy: Interview, policy: Policy) -> Iterator[Mapping[str, JsonValue]]:
    """Yield each answer and each reason for none of a copy; who the client is, never."""
    for slot in copy.layout.slots:
        question = copy.question(slot)
        state = copy.said(slot)
        if question is None or not (state.given or state.marks) or question.fact == "client.name":
            continue
        ask = spoken(copy, slot).ask
        for given in state.given:
            yield _row(copy, policy, slot, ask, given) | {
                "value": given.value,
                "in_words": in_words(question, given.value, labels_of(copy, question)),
                "missing": None,
                "basis": given.basis,
                "confidence": given.confidence,
            }
        for mark in state.marks:
            yield _row(copy, policy, slot, ask, mark) | {"missing": mark.reason}


def _row(
    copy: Interview, policy: Policy, slot: str, ask: str, said: Given | Mark
) -> dict[str, JsonValue]:
    informant = copy.informants.get(said.informant or "")
    return {
        "slot": slot,
        "question": ask,
        "informant": informant.relation if informant else None,
        "value": None,
        "in_words": None,
        "missing": None,
        "basis": None,
        "confidence": None,
        "words": said.words,
        "counts": copy.counts(slot),
        "at": said.at.isoformat() if policy.dates else None,
        "author": said.author,
    }


def _cell(value: JsonValue) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
