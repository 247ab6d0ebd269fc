"""A persona beside the interview: what a made-up person says, for practice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from nmt_intake.bank.model import Bank
from nmt_intake.interview.events import Event
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.speaking import labels_of
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import in_words, read_value
from nmt_intake.rehearsal.answer_events import entries_by_slot, opening_events, read_script


class Persona:
    """Somebody made up who is being interviewed; raises IntakeError for a file that is wrong."""

    def __init__(self, path: Path, bank: Bank, today: date) -> None:
        self._script = read_script(path, bank, today)
        self._entries = entries_by_slot(self._script)
        self._recorder = Recorder("persona", bank)

    @property
    def alias(self) -> str:
        """The alias of the client they speak of."""
        return self._script.client.alias

    @property
    def birth(self) -> str | None:
        """The client's birth date."""
        return self._script.client.birth

    def opening(self) -> Iterator[Event]:
        """Yield what is known before the first question: client, informants, named instances."""
        return opening_events(self._script, self._recorder, practice=True)

    def says(self, interview: Interview, slot: str) -> Iterator[str]:
        """Yield what is said to a question, a line for each who speaks of it."""
        question = interview.question(slot)
        for entry in self._entries.get(slot, ()) if question else ():
            informant = interview.informants.get(
                entry.informant or self._script.source.speaker or ""
            )
            who = informant.relation if informant else "They"
            lists = interview.words(self._script.client.language)
            reply = lists.missing_at_desk[entry.missing] if entry.missing else ""
            if question and not entry.missing:
                reply = in_words(
                    question,
                    read_value(question, entry.value),
                    labels_of(interview, question, self._script.client.language),
                )
            words = f" “{entry.note}”" if entry.note else ""
            yield f"{who}:{words} ({reply})"
