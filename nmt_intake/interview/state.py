"""The interview as a value: everything that stands after a list of events.

`fold(bank, events)` builds it from nothing; `interview.apply(event)` returns the next one. Both
give the same (a property of the test suite). A slot's condition is recomputed only when something
it reads has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from nmt_intake.bank.model import Bank, Question
from nmt_intake.bank.truth import Answers, Truth, Value
from nmt_intake.interview.events import (
    Client,
    ConsentGiven,
    Event,
    Flagged,
    Informant,
    Noted,
    Opened,
    Rated,
    SafetyAcknowledged,
    SafetyRaised,
    Signed,
)
from nmt_intake.interview.graph import Graph, Layout, Part, split_slot
from nmt_intake.interview.slots import EMPTY, Given, SlotState

_Wanted = TypeVar("_Wanted")


@dataclass(frozen=True, slots=True)
class Interview:
    """One interview. Mappings are never changed: the next event makes the next value.

    `truths` holds the condition of every slot (True open, False closed, None not decidable yet);
    `slots` what was said to those that were spoken of, closed ones included; `values` and
    `reasons` what conditions see (closed slots left out). `ledger` lists all events by subject,
    `retracted` the ids that were undone; `done` and `undone` what undo and redo take next, last
    first out. `orphans` are slots with answers that this bank does not ask or cannot read: kept.
    """

    graph: Graph
    layout: Layout
    client: Client
    informants: Mapping[str, Informant]
    speaking: str | None
    labels: Mapping[str, str]
    facts: Mapping[str, Value]
    truths: Mapping[str, Truth]
    slots: Mapping[str, SlotState]
    values: Mapping[str, Value]
    reasons: Mapping[str, str]
    ledger: Mapping[str, tuple[Event, ...]]
    subjects: Mapping[str, str]
    retracted: frozenset[str]
    done: tuple[str, ...]
    undone: tuple[str, ...]
    orphans: frozenset[str]
    sequence: int

    @property
    def bank(self) -> Bank:
        """The bank it is read with."""
        return self.graph.bank

    def apply(self, event: Event) -> Interview:
        """Return the interview after this event; never raises for what an event may hold."""
        from nmt_intake.interview.folding import after

        return after(self, event)

    @property
    def seen(self) -> Answers:
        """What conditions and rules can see of the interview."""
        return Answers(
            values=self.values,
            reasons=self.reasons,
            facts=self.facts,
            informants=[facts_of(each) for each in self.informants.values()],
            prefixes={
                loop: [f"{instance}/" for instance in instances]
                for loop, instances in self.layout.instances.items()
            },
        )

    def question(self, slot: str) -> Question | None:
        """Return the question of a slot, or None if the bank does not ask it."""
        return self.bank.questions.get(split_slot(slot)[1])

    def part(self, slot: str) -> Part | None:
        """Return the part (block and instance) a slot belongs to."""
        return self.layout.part_of.get(slot)

    def said(self, slot: str) -> SlotState:
        """Return what was said to a slot, closed or not."""
        return self.slots.get(slot, EMPTY)

    def counts(self, slot: str) -> bool:
        """Return whether what was said to a slot counts: it is asked here, and not closed."""
        return self.truths.get(slot, False) is not False

    def answers(self, slot: str) -> tuple[Given, ...]:
        """Return the answers that count, one an informant."""
        return self.said(slot).given if self.counts(slot) else ()

    def instances(self, loop: str) -> tuple[str, ...]:
        """Return the instances of a kind of repeated block: periods, or caregiver-1, ..."""
        return self.layout.instances.get(loop, ())

    def history(self, slot: str) -> tuple[Event, ...]:
        """Return every event about a slot, undone ones included, oldest first."""
        return self.ledger.get(f"slot:{slot}", ())

    def in_force(self, subject: str, kind: type[_Wanted]) -> tuple[_Wanted, ...]:
        """Return the events of this kind about a subject that were not undone, oldest first."""
        return tuple(
            event
            for event in self.ledger.get(subject, ())
            if isinstance(event, kind) and event.id not in self.retracted
        )

    @property
    def consent(self) -> ConsentGiven | None:
        """The consent in force."""
        given = self.in_force("consent_given", ConsentGiven)
        return given[-1] if given else None

    @property
    def notes(self) -> tuple[Noted, ...]:
        """Every note in force, oldest first."""
        return self.in_force("noted", Noted)

    @property
    def flags(self) -> tuple[Flagged, ...]:
        """Every place marked to come back to."""
        return self.in_force("flagged", Flagged)

    @property
    def safety(self) -> tuple[SafetyRaised, ...]:
        """Every safety note, oldest first."""
        return self.in_force("safety_raised", SafetyRaised)

    @property
    def open_safety(self) -> tuple[SafetyRaised, ...]:
        """The safety notes that nobody has acknowledged yet."""
        seen = {each.raised for each in self.in_force("safety_acknowledged", SafetyAcknowledged)}
        return tuple(note for note in self.safety if note.id not in seen)

    @property
    def ratings(self) -> Mapping[str, Rated]:
        """The clinician's rating in force, by rating id; its value is None when left unknown."""
        found: dict[str, Rated] = {}
        for subject in self.ledger:
            if subject.startswith("rating:"):
                decided = self.in_force(subject, Rated)
                if decided:
                    found[decided[-1].rating] = decided[-1]
        return found

    @property
    def signed(self) -> bool:
        """Whether the record is signed and not reopened since."""
        events = self.ledger.get("status", ())
        return bool(events) and isinstance(events[-1], Signed)

    @property
    def practice(self) -> bool:
        """Whether this is a practice case."""
        return any(each.practice for each in self.in_force("client", Opened))

    def view(self) -> tuple[object, ...]:
        """Return what two interviews must share to be the same, whatever the way to it was."""
        return (
            self.client,
            dict(self.informants),
            self.speaking,
            dict(self.labels),
            dict(self.truths),
            {slot: state for slot, state in self.slots.items() if state != EMPTY},
            dict(self.values),
            dict(self.reasons),
            dict(self.ratings),
            self.signed,
            self.layout.slots,
            self.orphans,
        )


def facts_of(informant: Informant) -> Mapping[str, Value]:
    """Return what conditions may read of one informant."""
    return {
        "informant.relation": informant.relation,
        "informant.kind": informant.kind,
        "informant.known_from_months": informant.known_from_months,
    }


def fold(bank: Bank, events: Iterable[Event]) -> Interview:
    """Return the interview that these events, in order, make with this bank."""
    from nmt_intake.interview.folding import from_nothing

    return from_nothing(bank, events)
