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
from nmt_intake.rehearsal.answer_events import (
    entries_by_slot,
    known_of,
    opening_events,
    read_script,
)
from nmt_intake.rehearsal.cast import Cast
from nmt_intake.rehearsal.sitting import Sitting


class Persona:
    """Somebody made up who is being interviewed; raises IntakeError for a file that is wrong."""

    def __init__(self, path: Path, bank: Bank, today: date) -> None:
        self._script = read_script(path, bank, today)
        self._entries = entries_by_slot(self._script)
        self._recorder = Recorder("persona", bank)
        self._known = known_of(self._script, self._recorder)
        story = self._script.source.story
        cast = Cast(path.stem, bank, self._script, story, self._entries) if story else None
        self.sitting = Sitting(cast) if cast else None

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
        """Yield what was said of a question; of who has no story, what they say to it."""
        if self.sitting is not None:
            yield from self.sitting.lines(slot)
            return
        question = interview.question(slot)
        for entry in self._entries.get(slot, ()) if question else ():
            informant = interview.informants.get(
                entry.informant or self._script.source.speaker or ""
            )
            who = informant.relation if informant else "They"
            lists = interview.words(self._script.client.language)
            reply = entry.note
            if question and not entry.missing and not reply:
                reply = in_words(
                    question,
                    read_value(question, entry.value, interview.language, self._known),
                    labels_of(interview, question, self._script.client.language),
                )
            yield f"{who}: “{reply or lists.missing_at_desk[entry.missing or 'asked-unknown']}”"
