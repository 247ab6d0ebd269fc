"""What an interview tells the reader of spoken times: birth, day, carers and homes so far."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import JsonValue

from nmt_intake.bank.kinds import KINDS as BANK_KINDS
from nmt_intake.interview.ages import days_meant, days_of
from nmt_intake.interview.events import Client
from nmt_intake.interview.spans import span_from
from nmt_intake.interview.speaking import instance_name
from nmt_intake.interview.spoken_times import Context
from nmt_intake.interview.spoken_times.context import Entry
from nmt_intake.interview.spoken_times.results import Ages
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import GRAIN, spoken_language

_LOOPS = ("caregiver", "placement", "exposure")


def context_of_client(client: Client, language: str | None) -> Context:
    """Return what a client's record tells; a bare number of its answers is of months."""
    interviewed = days_of(client.interviewed or "")
    return Context(
        spoken_language(language),
        country=_country(language),
        birth=days_of(client.birth or ""),
        interviewed=interviewed[1] if interviewed else None,
    )


def context_of(interview: Interview, *, asks_unit: bool = False) -> Context:
    """Return what an interview tells; `asks_unit` where a bare number was typed by a person."""
    fact = interview.client.birth
    return Context(
        spoken_language(interview.language),
        country=_country(interview.language),
        birth=days_meant(fact) if fact else None,
        interviewed=interview.held_on,
        entries=tuple(_entries(interview)),
        asks_unit=asks_unit,
    )


def _country(language: str | None) -> str | None:
    """Return the country of a locale (`en-GB`), None where only a language is told."""
    _, _, country = (language or "").replace("_", "-").partition("-")
    return country.upper() if len(country) == 2 else None


def _entries(interview: Interview) -> Iterator[Entry]:
    for loop in _LOOPS:
        questions = [
            question.id
            for block in interview.bank.blocks
            if block.for_each == loop
            for question in block.questions
            if BANK_KINDS[question.kind].shape == "interval"
        ]
        for instance in interview.instances(loop):
            told = [
                given.value
                for name in questions
                for given in interview.answers(f"{instance}/{name}")
                if isinstance(given.value, dict)
            ]
            if len(told) == 1:  # where tellers differ, an entry is no safe measure of time
                yield _entry(instance_name(interview, instance), told[0])


def _entry(name: str, value: dict[str, JsonValue]) -> Entry:
    end = value.get("to")
    return Entry(name, _ages(value.get("from")), _ages(end), lasting=end == "now")


def _ages(end: JsonValue) -> Ages | None:
    """Return an end of an interval as half-open ages: a plain number is of its month."""
    span = span_from(end)
    if span is not None and span.unit == "months" and span.low is not None:
        return Ages(span.low, None if span.high is None else round(span.high + GRAIN, 2))
    if isinstance(end, int | float) and not isinstance(end, bool):
        return Ages(end, end + 1)
    return None
