"""A case for other programs: JSON and CSV of what was said, and the audit trail without content.

Answers tagged `substance` can be left out; how many were is always said. What a branch closed is
exported as not applicable, what was withheld as masked (FHIR data-absent-reason codes).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from nmt_intake.interview.events import Event
from nmt_intake.interview.folding.ledger import subject_of
from nmt_intake.interview.slots import Given, Mark
from nmt_intake.interview.speaking import client_name, spoken
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import in_words

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


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an export holds: with or without substance answers, and the name to use."""

    substance: bool = True
    pseudonym: str | None = None


def export_json(interview: Interview, chosen: Chosen) -> Mapping[str, JsonValue]:
    """Return the case as plain data."""
    answers = list(_answers(interview, chosen))
    client = interview.client.model_dump(mode="json")
    name = chosen.pseudonym or interview.client.alias
    if chosen.pseudonym:
        client |= {"name": None, "birth": None}
    return {
        "format": FORMAT,
        "bank": {
            "id": interview.bank.id,
            "version": interview.bank.version,
            "hash": interview.bank.hash,
        },
        "client": {**client, "alias": name},
        "informants": [
            _informant(each.model_dump(mode="json"), chosen)
            for each in interview.informants.values()
        ],
        "answers": [dict(answer) for answer in answers],
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
            {"slot": note.slot, "text": note.text, "at": note.at.isoformat(), "by": note.author}
            for note in interview.notes
            if chosen.substance or not (note.slot and _about_substance(interview, note.slot))
        ],
        "left_out": {"substance": _left_out(interview, chosen)},
    }


def export_csv(interview: Interview, chosen: Chosen) -> str:
    """Return the answers as CSV, one row an informant's answer; no cell can act as a formula."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for answer in _answers(interview, chosen):
        writer.writerow({key: _cell(answer[key]) for key in _COLUMNS})
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


def _answers(interview: Interview, chosen: Chosen) -> Iterator[Mapping[str, JsonValue]]:
    for slot in interview.layout.slots:
        question = interview.question(slot)
        state = interview.said(slot)
        if question is None or not (state.given or state.marks):
            continue
        if not chosen.substance and _about_substance(interview, slot):
            continue
        ask = spoken(interview, slot).ask
        for given in state.given:
            words = in_words(question, given.value)
            yield _row(interview, slot, ask, given, chosen) | {
                "value": given.value,
                "in_words": words,
                "missing": None,
                "basis": given.basis,
                "confidence": given.confidence,
            }
        for mark in state.marks:
            yield _row(interview, slot, ask, mark, chosen) | {"missing": mark.reason}


def _row(
    interview: Interview, slot: str, ask: str, said: Given | Mark, chosen: Chosen
) -> dict[str, JsonValue]:
    informant = interview.informants.get(said.informant or "")
    if chosen.pseudonym:
        ask = ask.replace(client_name(interview), chosen.pseudonym)
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
        "counts": interview.counts(slot),
        "at": said.at.isoformat(),
        "author": said.author,
    }


def _informant(informant: dict[str, JsonValue], chosen: Chosen) -> dict[str, JsonValue]:
    return informant | {"name": None} if chosen.pseudonym else informant


def _left_out(interview: Interview, chosen: Chosen) -> int:
    if chosen.substance:
        return 0
    return sum(_about_substance(interview, slot) for slot in interview.slots)


def _about_substance(interview: Interview, slot: str) -> bool:
    question = interview.question(slot)
    return question is not None and "substance" in question.tags


def _cell(value: JsonValue) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
