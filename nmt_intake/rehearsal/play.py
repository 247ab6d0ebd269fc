"""Plays interviews without a screen: an answers file as it is, or a persona asked by the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from nmt_intake.bank.model import Bank
from nmt_intake.interview.asking import next_slot
from nmt_intake.interview.events import Event, FactSettled
from nmt_intake.interview.guard import refusal
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.state import Interview, fold
from nmt_intake.rehearsal.answer_events import (
    Script,
    answer_event,
    check_fit,
    entries_by_slot,
    known_of,
    opening_events,
    rating_events,
    read_script,
    refused_in_file,
    replies,
    settled_events,
)

# A file tells its answers in any order: that one cannot stand beside another, or is of somebody who
# was taken out, is for `check_fit` to say when all of them are known.
_SETTLED_AT_THE_END: Final = ("GUARD-010", "GUARD-014")


@dataclass(frozen=True, slots=True)
class Played:
    """A played interview: the events, the state after them, and the slots in the order asked."""

    interview: Interview
    events: tuple[Event, ...]
    asked: tuple[str, ...]


@dataclass(slots=True)
class _Taken:
    """Events as they are taken in, one by one, each past the guard that every face has."""

    interview: Interview
    events: list[Event] = field(default_factory=list[Event])

    def take(self, events: Iterable[Event], script: Script) -> None:
        """Take events in; raises IntakeError with file and line for one that is refused."""
        for event in events:
            refused = refusal(self.interview, event)
            at_the_end = not isinstance(event, FactSettled) and refused is not None
            if refused and not (at_the_end and refused.code in _SETTLED_AT_THE_END):
                raise refused_in_file(script, event, refused)
            self.events.append(event)
            self.interview = self.interview.apply(event)


def play_file(path: Path, bank: Bank, author: str, today: date) -> Played:
    """Play the answers file at `path`: every entry, in the order of the file.

    Raises IntakeError with file and line for a file that does not fit the bank or itself.
    """
    script = read_script(path, bank, today)
    recorder = Recorder(author=author, bank=bank)
    taken = _Taken(fold(bank, ()))
    taken.take(_as_written(script, recorder), script)
    check_fit(script, taken.interview)
    asked = tuple(entry.question for entry in script.source.answers)
    return Played(taken.interview, tuple(taken.events), asked)


def play_persona(path: Path, bank: Bank, author: str, today: date) -> Played:
    """Let the engine ask the persona at `path` until nothing is left to ask.

    What the file does not answer is marked with its `otherwise` reason (asked-unknown if none).
    """
    script = read_script(path, bank, today)
    recorder = Recorder(author=author, bank=bank)
    check_fit(script, fold(bank, _as_written(script, recorder)))
    taken = _Taken(fold(bank, ()))
    taken.take(opening_events(script, recorder, practice=True), script)
    entries = entries_by_slot(script)
    asked: list[str] = []
    slot = next_slot(taken.interview)
    while slot is not None:
        asked.append(slot)
        taken.take(replies(script, entries, slot, recorder), script)
        slot = next_slot(taken.interview, slot)
    taken.take(settled_events(script, recorder), script)
    taken.take(rating_events(script, recorder), script)
    return Played(taken.interview, tuple(taken.events), tuple(asked))


def _as_written(script: Script, recorder: Recorder) -> Iterator[Event]:
    """Yield the events of a whole file, in its order."""
    yield from opening_events(script, recorder)
    speaker, language = script.source.speaker, script.client.language
    known = known_of(script, recorder)
    for entry in script.source.answers:
        yield answer_event(entry, speaker, recorder, language, known)
    yield from settled_events(script, recorder)
    yield from rating_events(script, recorder)
