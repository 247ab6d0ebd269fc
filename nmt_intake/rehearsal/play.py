"""Plays interviews without a screen: an answers file as it is, or a persona asked by the engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nmt_intake.bank.model import Bank
from nmt_intake.interview.asking import next_slot
from nmt_intake.interview.events import Event
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.state import Interview, fold
from nmt_intake.rehearsal.answer_events import (
    Script,
    answer_event,
    check_fit,
    entries_by_slot,
    opening_events,
    rating_events,
    read_script,
    replies,
)


@dataclass(frozen=True, slots=True)
class Played:
    """A played interview: the events, the state after them, and the slots in the order asked."""

    interview: Interview
    events: tuple[Event, ...]
    asked: tuple[str, ...]


def play_file(path: Path, bank: Bank, author: str, today: date) -> Played:
    """Play the answers file at `path`: every entry, in the order of the file.

    Raises IntakeError with file and line for a file that does not fit the bank or itself.
    """
    return _as_written(read_script(path, bank, today), Recorder(author=author, bank=bank))


def play_persona(path: Path, bank: Bank, author: str, today: date) -> Played:
    """Let the engine ask the persona at `path` until nothing is left to ask.

    What the file does not answer is marked with its `otherwise` reason (asked-unknown if none).
    """
    script = read_script(path, bank, today)
    recorder = Recorder(author=author, bank=bank)
    _as_written(script, recorder)
    events = list(opening_events(script, recorder, practice=True))
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
    events += rating_events(script, recorder)
    return Played(fold(bank, events), tuple(events), tuple(asked))


def _as_written(script: Script, recorder: Recorder) -> Played:
    events = [*opening_events(script, recorder)]
    speaker = script.source.speaker
    events += [
        answer_event(entry, speaker, recorder, script.client.language)
        for entry in script.source.answers
    ]
    events += rating_events(script, recorder)
    interview = fold(recorder.bank, events)
    check_fit(script, interview)
    return Played(
        interview, tuple(events), tuple(entry.question for entry in script.source.answers)
    )
