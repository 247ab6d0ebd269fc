"""What has happened, by subject: every event is kept, and what was undone is only marked.

An event's effect is worked out from all events about its subject that were not undone, so that
undo, redo, late and merged events need no special case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from nmt_intake.bank.model import Bank
from nmt_intake.interview.concerns import Concern, concerns_in
from nmt_intake.interview.events import (
    ActivityChosen,
    ActivityDropped,
    Addendum,
    Answered,
    BankMigrated,
    BreakTaken,
    ClientDescribed,
    ConsentGiven,
    Drafted,
    EntriesComplete,
    Event,
    FactSettled,
    InformantAdded,
    InstanceAdded,
    InstanceRemoved,
    InstancesJoined,
    InstanceSplit,
    MarkedMissing,
    Noted,
    Opened,
    Rated,
    Reopened,
    Restored,
    Retracted,
    SafetyAcknowledged,
    SafetyRaised,
    Signed,
)
from nmt_intake.interview.folding.migrating import current

_Wanted = TypeVar("_Wanted")

_UNDO: Final = "undo"
_NOTED: Final = "noted"
_NEVER_UNDONE: Final = (
    Opened,
    ConsentGiven,
    SafetyRaised,
    SafetyAcknowledged,
    BreakTaken,
    Drafted,
    Signed,
    Addendum,
    Reopened,
    BankMigrated,
)


def subject_of(event: Event) -> str:
    """Return what an event is about; retracting and restoring are about nothing of their own."""
    match event:
        case Answered() | MarkedMissing():
            return f"slot:{event.slot}"
        case Opened() | ClientDescribed():
            return "client"
        case InformantAdded():
            return f"informant:{event.informant.id}"
        case InstanceAdded():
            return f"instance:{event.instance}"
        case InstanceRemoved():
            return f"removal:{event.instance}"
        case InstancesJoined():
            return f"join:{event.instance}"
        case InstanceSplit():
            return f"split:{event.instance}"
        case EntriesComplete():
            return f"entries:{event.loop}"
        case FactSettled():
            return f"fact:{event.fact}"
        case Rated():
            return f"rating:{event.rating}"
        case ActivityChosen() | ActivityDropped():
            return "plan"
        case Signed() | Addendum() | Reopened():
            return "status"
        case _:
            return event.kind


def merged(*ledgers: Iterable[Event]) -> tuple[Event, ...]:
    """Return two or more people's events on one case as one list, by id (UUIDv7: by time)."""
    found = {event.id: event for ledger in ledgers for event in ledger}
    return tuple(found[each] for each in sorted(found))


@dataclass(frozen=True, slots=True)
class Ledger:
    """All events by subject, oldest first, in the terms of the present bank.

    `subjects` gives each event id its subject; `retracted` holds the ids that were undone; `done`
    and `undone` what undo and redo take next, last first out.
    """

    by_subject: Mapping[str, tuple[Event, ...]] = field(
        default_factory=dict[str, tuple[Event, ...]]
    )
    subjects: Mapping[str, str] = field(default_factory=dict[str, str])
    retracted: frozenset[str] = frozenset()
    done: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    _concerns: list[tuple[Concern, ...]] = field(
        default_factory=list[tuple[Concern, ...]], init=False, repr=False, compare=False
    )

    def concerns(self, bank: Bank) -> tuple[Concern, ...]:
        """Return the safety concerns, worked out once for each ledger (0.5 ms in a long case)."""
        if not self._concerns:
            self._concerns.append(concerns_in(bank, self))
        return self._concerns[0]

    def about(self, subject: str) -> tuple[Event, ...]:
        """Return every event about a subject, undone ones included."""
        return self.by_subject.get(subject, ())

    def in_force(
        self, subject: str, kind: type[_Wanted] | tuple[type[_Wanted], ...]
    ) -> tuple[_Wanted, ...]:
        """Return the events of this kind about a subject that were not undone, oldest first."""
        return tuple(
            event
            for event in self.by_subject.get(subject, ())
            if isinstance(event, kind) and event.id not in self.retracted
        )

    def last_of_each(self, subjects: str, kind: type[_Wanted]) -> list[_Wanted]:
        """Return the event in force of each subject that begins so (`informant:`)."""
        found = [self.in_force(each, kind) for each in self.by_subject if each.startswith(subjects)]
        return [events[-1] for events in found if events]

    def taking(self, bank: Bank, events: Iterable[Event]) -> tuple[Ledger, tuple[str, ...]]:
        """Return the ledger after more events, and the subjects on which they bear."""
        pages = _Pages(self)
        for event in events:
            pages.take(bank, event)
        return pages.bound(), tuple(pages.touched)


class _Pages:
    """A ledger being written in: plain collections, bound again at the end."""

    def __init__(self, ledger: Ledger) -> None:
        self._by_subject = dict(ledger.by_subject)
        self._subjects = dict(ledger.subjects)
        self._retracted = set(ledger.retracted)
        self._done = list(ledger.done)
        self._undone = list(ledger.undone)
        self.touched: dict[str, None] = {}

    def bound(self) -> Ledger:
        return Ledger(
            self._by_subject,
            self._subjects,
            frozenset(self._retracted),
            tuple(self._done),
            tuple(self._undone),
        )

    def take(self, bank: Bank, event: Event) -> None:
        """Take one event in; an event that is known already changes nothing."""
        if event.id in self._subjects:
            return
        match event:
            case Retracted() | Restored():
                self._subjects[event.id] = _UNDO
                self._retracted.discard(event.id)
                change = self._retract if isinstance(event, Retracted) else self._restore
                change(event.target)
            case _:
                self._enter(current(bank, event))

    def _enter(self, event: Event) -> None:
        subject = subject_of(event)
        self._subjects[event.id] = subject
        self._by_subject[subject] = (*self._by_subject.get(subject, ()), event)
        self._touch(event.id)
        if isinstance(event, _NEVER_UNDONE):
            self._retracted.discard(event.id)
        elif event.id in self._retracted:
            self._undone.append(event.id)
        else:
            self._done.append(event.id)
            self._undone.clear()

    def _retract(self, target: str) -> None:
        """Undo what can be; a target that is still to come (a merge) is undone when it comes."""
        if target in self._subjects and target not in self._done:
            return
        self._retracted.add(target)
        if target in self._subjects:
            self._done.remove(target)
            self._undone.append(target)
            self._touch(target)

    def _restore(self, target: str) -> None:
        if target not in self._retracted:
            return
        self._retracted.discard(target)
        if target not in self._subjects:
            return
        if target in self._undone:
            self._undone.remove(target)
        self._done.append(target)
        self._touch(target)

    def _touch(self, event_id: str) -> None:
        """Note what an event bears on: its subject, and for a note the slot that may cite it."""
        subject = self._subjects[event_id]
        self.touched[subject] = None
        if subject == _NOTED:
            note = next(each for each in self._by_subject[subject] if each.id == event_id)
            if isinstance(note, Noted) and note.slot is not None:
                self.touched[f"slot:{note.slot}"] = None
