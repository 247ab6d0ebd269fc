"""A persona made ready for a conversation: the story, the key, and how each answer sounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from nmt_intake.bank.model import Bank, Question
from nmt_intake.errors import IntakeError
from nmt_intake.interview.graph import question_at, split_slot
from nmt_intake.interview.speaking import labels_of
from nmt_intake.interview.spoken_times import Context
from nmt_intake.interview.told_context import context_of_client
from nmt_intake.interview.values import in_words, read_value
from nmt_intake.rehearsal.answer_events import entries_by_slot, read_script
from nmt_intake.rehearsal.answers_file import AnswerEntry, Script
from nmt_intake.rehearsal.story import Fact, Story

if TYPE_CHECKING:
    from nmt_intake.rehearsal.conversation import Heard


@dataclass(slots=True)
class Cast:
    """Who is played: a persona's file, checked against a bank, with its story."""

    name: str
    bank: Bank
    script: Script
    story: Story
    key: dict[str, list[AnswerEntry]]
    _labels: dict[tuple[str, str | None], str] = field(
        default_factory=dict[tuple[str, "str | None"], str]
    )

    @property
    def speaker(self) -> str | None:
        """The id of the informant who is played."""
        return self.script.source.speaker

    @property
    def teller(self) -> str:
        """The relation of the informant who is played."""
        return self.relation(None)

    @property
    def known(self) -> Context:
        """What the file tells the reader of spoken times."""
        language = self.script.client.language or self.bank.language
        return context_of_client(self.script.client, language)

    @property
    def goodbye(self) -> str:
        """What they say at the end."""
        persona = self.script.source.persona
        return (persona.goodbye if persona else "") or "Goodbye, then."

    @property
    def greeting(self) -> str:
        """What they say at the door."""
        persona = self.script.source.persona
        return (persona.greeting if persona else "") or "Hello."

    def relation(self, informant: str | None) -> str:
        """Return what an informant is to the client, of the one who is played if None."""
        wanted = informant or self.speaker
        for each in self.script.source.informants:
            if each.id == wanted:
                return each.relation
        return "teller"

    def question(self, slot: str | None) -> Question | None:
        """Return the bank's question at a slot."""
        return question_at(self.bank, slot) if slot else None

    def entries(self, slot: str) -> Sequence[AnswerEntry]:
        """Return the key's answers at a slot, one for each informant who speaks of it."""
        return self.key.get(slot, ())

    def is_text(self, slot: str) -> bool:
        """Whether the answer is in words of their own."""
        question = self.question(slot)
        return question is not None and question.kind in ("text", "person", "table")

    def label(self, slot: str, entry: AnswerEntry) -> str:
        """Return how an answer of the key reads."""
        place = (slot, entry.informant)
        if place not in self._labels:
            self._labels[place] = self._read(slot, entry)
        return self._labels[place]

    def _read(self, slot: str, entry: AnswerEntry) -> str:
        question = self.question(slot)
        if question is None or entry.missing is not None:
            return ""
        language = self.script.client.language or self.bank.language
        words = self.bank.words_in(language)
        value = read_value(question, entry.value, language, self.known)
        said = in_words(question, value, labels_of(question, words, language))
        return said if said.endswith((".", "!", "?", "…")) else f"{said}."

    def heard_of_entry(self, entry: AnswerEntry, with_words: bool = True) -> Heard:
        """Return how a careful listener codes an answer of the key."""
        from nmt_intake.rehearsal.conversation import Heard

        return Heard(
            slot=entry.question,
            informant=entry.informant or self.speaker,
            value=entry.value,
            missing=entry.missing,
            basis=entry.basis,
            confidence=entry.confidence,
            words=entry.note if with_words else "",
        )

    def heard_of(self, fact: Fact) -> Iterator[Heard]:
        """Yield how a careful listener codes a fact that was told: the key at its slots."""
        for slot in fact.at:
            for entry in self.entries(slot):
                yield self.heard_of_entry(entry)

    def parts_of(self, fact: Fact) -> frozenset[str]:
        """Return the parts that a fact belongs to, such as `infancy/hard_times`."""
        return frozenset(part_of(slot) for slot in fact.at)

    def never_at(self, slot: str) -> Fact | None:
        """Return what is never told at a slot."""
        return next((each for each in self.story.facts if each.never and slot in each.at), None)


def part_of(slot: str) -> str:
    """Return the part that a slot belongs to: its instance and its block."""
    prefix, name = split_slot(slot)
    return prefix + name.partition(".")[0]


def load_cast(path: Path, bank: Bank, today: date) -> Cast:
    """Return the persona at `path` with its story; raises IntakeError for a file that is wrong."""
    script = read_script(path, bank, today)
    if script.source.story is None:
        raise IntakeError(
            "REHEARSE-001", path.name, "has no story, so nobody can be rehearsed with.",
            "Write one: question_bank/personas/README.md says how.",
        )  # fmt: skip
    return Cast(path.stem, bank, script, script.source.story, entries_by_slot(script))
