"""Plays interviews without a screen: an answers file as it is, or a persona asked by the engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nmt_intake.bank.model import Bank
from nmt_intake.interview.asking import next_slot
from nmt_intake.interview.events import Event, MarkedMissing
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.state import Interview, fold
from nmt_intake.rehearsal.answers import (
    AnswerEntry,
    Script,
    answer_event,
    opening_events,
    rating_events,
    read_script,
)


@dataclass(frozen=True, slots=True)
class Played:
    """A played interview: the events, the state after them, and the slots in the order asked."""

    interview: Interview
    events: tuple[Event, ...]
    asked: tuple[str, ...]


def play_file(path: Path, bank: Bank, author: str, today: date) -> Played:
    """Play the answers file at `path`: every entry, in the order of the file."""
    script = read_script(path, bank, today)
    recorder = Recorder(author=author, bank=bank)
    events = [*opening_events(script, recorder)]
    events += [answer_event(entry, recorder) for entry in script.source.answers]
    events += rating_events(script, recorder)
    asked = tuple(entry.question for entry in script.source.answers)
    return Played(fold(bank, events), tuple(events), asked)


def play_persona(path: Path, bank: Bank, author: str, today: date) -> Played:
    """Let the engine ask the persona at `path` until nothing is left to ask.

    What the file does not answer is marked with its `otherwise` reason (asked-unknown if none).
    """
    script = read_script(path, bank, today)
    recorder = Recorder(author=author, bank=bank)
    events: list[Event] = list(opening_events(script, recorder, practice=True))
    interview = fold(bank, events)
    entries = entries_by_slot(script)
    asked: list[str] = []
    slot = next_slot(interview)
    while slot is not None:
        asked.append(slot)
        for event in replies(script, entries, slot, recorder):
            events.append(event)
            interview = interview.apply(event)
        slot = next_slot(interview, slot)
    for event in rating_events(script, recorder):
        events.append(event)
        interview = interview.apply(event)
    return Played(interview, tuple(events), tuple(asked))


def entries_by_slot(script: Script) -> dict[str, list[AnswerEntry]]:
    """Return the entries of a script by slot: one for each informant who speaks of it."""
    found: dict[str, list[AnswerEntry]] = {}
    for entry in script.source.answers:
        found.setdefault(entry.question, []).append(entry)
    return found


def replies(
    script: Script, entries: dict[str, list[AnswerEntry]], slot: str, recorder: Recorder
) -> Iterator[Event]:
    """Yield what the persona says to a slot."""
    if slot in entries:
        for entry in entries[slot]:
            yield answer_event(entry, recorder)
        return
    first = script.source.informants[0].id if script.source.informants else None
    yield MarkedMissing(
        slot=slot,
        reason=script.source.otherwise or "asked-unknown",
        informant=first,
        **recorder.carried(),
    )
