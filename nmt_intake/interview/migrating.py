"""Reads what was said under an earlier version of the bank in the terms of the present one."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from nmt_intake.bank.model import Bank, Migration
from nmt_intake.interview.events import Answered, Event, MarkedMissing
from nmt_intake.interview.graph import split_slot


def current(bank: Bank, event: Event) -> Event:
    """Return the event in the terms of this bank: renamed questions and codes followed.

    The stored event is never changed; a question that was dropped keeps its old name, and so
    shows among the answers this bank does not ask.
    """
    if not isinstance(event, Answered | MarkedMissing) or event.bank_version == bank.version:
        return event
    for step in steps_from(bank, event.bank_version):
        event = _after(step, event)
    return event


def steps_from(bank: Bank, version: str) -> tuple[Migration, ...]:
    """Return the migrations that lead from `version` to this bank's, in order."""
    versions = [step.from_version for step in bank.migrations]
    return bank.migrations[versions.index(version) :] if version in versions else ()


def _after(step: Migration, event: Answered | MarkedMissing) -> Answered | MarkedMissing:
    prefix, question = split_slot(event.slot)
    slot = prefix + step.renamed.get(question, question)
    if isinstance(event, MarkedMissing):
        return event.model_copy(update={"slot": slot})
    codes = step.codes.get(question, {})
    return event.model_copy(update={"slot": slot, "value": _recoded(event.value, codes)})


def _recoded(value: JsonValue, codes: Mapping[str, str]) -> JsonValue:
    if not codes:
        return value
    if isinstance(value, list):
        return [_recoded(each, codes) for each in value]
    return codes.get(value, value) if isinstance(value, str) else value
