"""Reads what was said under an earlier version of the bank in the terms of the present one."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from nmt_intake.bank.model import Bank, Migration
from nmt_intake.interview.events import (
    Answered,
    Event,
    FactSettled,
    Flagged,
    MarkedMissing,
    Noted,
    SafetyRaised,
)
from nmt_intake.interview.graph import split_slot


def current(bank: Bank, event: Event) -> Event:
    """Return the event in the terms of this bank: renamed questions and codes followed.

    The stored event is never changed; a question that was dropped keeps its old name, and so
    shows among the answers this bank does not ask.
    """
    if event.bank_version == bank.version:
        return event
    for step in steps_from(bank, event.bank_version):
        event = _after(step, event)
    return event


def steps_from(bank: Bank, version: str) -> tuple[Migration, ...]:
    """Return the migrations that lead from `version` to this bank's, in order."""
    versions = [step.from_version for step in bank.migrations]
    return bank.migrations[versions.index(version) :] if version in versions else ()


def _after(step: Migration, event: Event) -> Event:
    match event:
        case Answered():
            changes = {
                "slot": _renamed(step, event.slot),
                "value": _recoded(event.value, _codes(step, event.slot)),
            }
        case FactSettled():
            value = _recoded(event.value, _codes(step, event.fact))
            changes = {"fact": _renamed(step, event.fact), "value": value}
        case MarkedMissing() | Flagged() | Noted(slot=str()) | SafetyRaised(slot=str()):
            changes = {"slot": _renamed(step, event.slot or "")}
        case _:
            return event
    return event.model_copy(update=changes)


def _renamed(step: Migration, slot: str) -> str:
    prefix, question = split_slot(slot)
    return prefix + step.renamed.get(question, question)


def _codes(step: Migration, slot: str) -> Mapping[str, str]:
    """Return the new codes of a question, filed under its old name or else under its new one."""
    _, question = split_slot(slot)
    new = step.renamed.get(question, question)
    return step.codes.get(question) or step.codes.get(new) or {}


def _recoded(value: JsonValue, codes: Mapping[str, str]) -> JsonValue:
    match value:
        case list():
            return [_recoded(each, codes) for each in value]
        case bool():
            name, other = ("yes", "true") if value else ("no", "false")
            return codes.get(name, codes.get(other, value))
        case str() | int():
            return codes.get(str(value), value)
        case _:
            return value
