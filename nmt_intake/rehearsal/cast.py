"""A persona made ready for a conversation: the story, the key, and how each answer sounds."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import JsonValue

from nmt_intake.bank.kinds import KINDS
from nmt_intake.bank.model import Bank, Question
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import Basis, Confidence, MissingReason
from nmt_intake.interview.graph import question_at, split_slot
from nmt_intake.interview.speaking import own_labels
from nmt_intake.interview.spoken_times import Context
from nmt_intake.interview.told_context import context_of_client
from nmt_intake.interview.values import in_words, read_value
from nmt_intake.rehearsal.answer_events import entries_by_slot, plain_entry, read_script
from nmt_intake.rehearsal.answers_file import AnswerEntry, Script
from nmt_intake.rehearsal.story import Fact, Story


@dataclass(frozen=True, slots=True)
class Heard:
    """What a careful listener codes of a reply."""

    slot: str
    informant: str | None
    value: JsonValue = None
    missing: MissingReason | None = None
    basis: Basis | None = None
    confidence: Confidence | None = None
    words: str = ""


@dataclass(slots=True)
class Cast:
    """Who is played: a persona's file, checked against a bank, with its story."""

    name: str
    bank: Bank
    script: Script
    story: Story
    key: dict[str, list[AnswerEntry]]
    _labels: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    _plain: dict[str, Sequence[AnswerEntry]] = field(
        default_factory=dict[str, "Sequence[AnswerEntry]"]
    )
    _relations: dict[str | None, str] = field(default_factory=dict["str | None", str])
    _questions: dict[str | None, Question | None] = field(
        default_factory=dict["str | None", "Question | None"]
    )

    @property
    def speaker(self) -> str | None:
        """The id of the informant who is played."""
        return self.script.source.speaker

    @property
    def teller(self) -> str:
        """What the informant who is played is to the client; the alias of a client who tells."""
        relation = self.relation(None)
        return self.script.client.alias if relation == "self" else relation

    @property
    def who(self) -> str:
        """The one who is played, within a sentence."""
        own = self.relation(None) == "self"
        return self.teller if own else f"the {self.teller}"

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
        if not self._relations:
            everybody = self.script.source.informants
            self._relations = {each.id: each.relation for each in everybody}
            self._relations[None] = self._relations.get(self.speaker, "teller")
        return self._relations.get(informant) or "teller"

    def question(self, slot: str | None) -> Question | None:
        """Return the bank's question at a slot."""
        if slot not in self._questions:
            self._questions[slot] = question_at(self.bank, slot) if slot else None
        return self._questions[slot]

    def entries(self, slot: str) -> Sequence[AnswerEntry]:
        """Return the key's answers at a slot, one for each informant who speaks of it."""
        if slot not in self.key and slot not in self._plain:
            entry = plain_entry(self.script, slot, self.bank)
            self._plain[slot] = () if entry is None else (entry,)
        return self.key.get(slot) or self._plain[slot]

    def is_text(self, slot: str) -> bool:
        """Whether the answer is in words of their own."""
        question = self.question(slot)
        return question is not None and KINDS[question.kind].shape in ("words", "rows")

    def label(self, slot: str, entry: AnswerEntry) -> str:
        """Return how an answer of the key reads."""
        place = (slot, f"{entry.informant} {entry.value}")
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
        named = {each.id: each.label for each in self.script.source.instances if each.label}
        said = in_words(question, value, {**own_labels(question, words, language), **named})
        return said if said.endswith((".", "!", "?", "…")) else f"{said}."

    def heard_of_entry(self, entry: AnswerEntry, with_words: bool = True) -> Heard:
        """Return how a careful listener codes an answer of the key."""
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
            if slot not in fact.hides:
                for entry in self.entries(slot):
                    yield self.heard_of_entry(entry)

    def shortened(self, entry: AnswerEntry, told: Container[str]) -> AnswerEntry:
        """Return an answer of the key without the codes of facts that were not told."""
        hidden = {
            code
            for fact in self.story.hiding(entry.question)
            if fact.id not in told
            for code in fact.hides[entry.question]
        }
        if not hidden or not isinstance(entry.value, list):
            return entry
        left = [each for each in entry.value if each not in hidden]
        question = self.question(entry.question)
        alone = question.alone[0] if question and question.alone else None
        value = left or ([alone] if alone else None)
        missing = None if value else "asked-declined"
        return entry.model_copy(update={"value": value, "missing": missing, "note": ""})

    def parts_of(self, fact: Fact) -> frozenset[str]:
        """Return the parts that a fact belongs to, such as `infancy/hard_times`."""
        return frozenset(part_of(slot) for slot in fact.slots)

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
