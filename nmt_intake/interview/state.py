"""The interview as a value: everything that stands after a list of events.

`fold(bank, events)` builds it from nothing; `interview.apply(event)` returns the next one. Both
give the same (a property of the test suite).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from pydantic import JsonValue

from nmt_intake.bank.model import Bank, Question
from nmt_intake.bank.truth import Answers, State, Truth, Value
from nmt_intake.bank.words import Words
from nmt_intake.interview.ages import days_of
from nmt_intake.interview.concerns import Concern
from nmt_intake.interview.events import (
    Addendum,
    Client,
    ConsentGiven,
    Event,
    Flagged,
    Informant,
    Noted,
    Opened,
    Rated,
    Signed,
    Sitting,
    SittingChosen,
)
from nmt_intake.interview.folding.ledger import Ledger
from nmt_intake.interview.folding.setting import (
    Setting,
    is_structure,
    reshapes,
    setting_of,
    with_parked,
)
from nmt_intake.interview.folding.standing import Recount, Spoken, Standing, seen_by
from nmt_intake.interview.graph import CheckNode, Graph, Layout, Part, graph_of, split_slot
from nmt_intake.interview.left import Left, left_of
from nmt_intake.interview.slots import EMPTY, Given, Mark, SlotState
from nmt_intake.interview.values import codes_of

_Wanted = TypeVar("_Wanted")


@dataclass(frozen=True, slots=True)
class Against:
    """A check that does not hold for an instance (`prefix`): what answers it does not fit.

    `surely` false: it fails by what one informant said and not by another.
    """

    check: CheckNode
    prefix: str
    surely: bool

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots of this instance, or asked once, that it reads; its own question first."""
        own = (self.check.question.id,) if self.check.question else ()
        reads = [(name, "same") for name in own]
        reads += [(name, reach) for name, reach in self.check.expect.reads if name != "value"]
        found = (self.prefix + name if reach == "same" else name for name, reach in reads)
        return tuple(dict.fromkeys(found))

    def says(self, language: str | None = None) -> str:
        """Return what the bank says to it, in a language if it has the words."""
        return self.check.in_language(language)


@dataclass(frozen=True, slots=True)
class Interview:
    """One interview. Nothing in it is ever changed: the next event makes the next value.

    `ledger` is what happened, `setting` who is here and what there is to ask about, `spoken` what
    was said to each slot, `standing` what of it counts, and `left` what is to find out.
    """

    graph: Graph
    ledger: Ledger
    setting: Setting
    spoken: Spoken
    standing: Standing
    left: Left

    def apply(self, event: Event) -> Interview:
        """Return the interview after this event; never raises for what an event may hold."""
        bank = self.graph.bank
        ledger, touched = self.ledger.taking(bank, (event,))
        spoken, changed = self.spoken.after(self.graph, ledger, touched)
        setting = self.setting
        if any(is_structure(each) for each in touched) or any(
            reshapes(slot, question, slot in spoken.slots, setting) for slot, question in changed
        ):
            setting = setting_of(self.graph, ledger, spoken.slots, spoken.entries, setting)
        if setting is self.setting and not changed:
            return Interview(self.graph, ledger, setting, spoken, self.standing, self.left)
        recount = Recount(self.graph, setting, spoken.slots, self.standing)
        setting, standing = recount.since(self.setting, changed)
        setting = with_parked(self.graph, setting, seen_by(standing, setting))
        here = self.setting.layout is setting.layout and (
            (self.setting.unasked, self.setting.parked) == (setting.unasked, setting.parked)
        )
        now = (self.graph, setting, spoken.slots, standing.states)
        left = self.left.after(*now, recount.touched) if here else left_of(*now)
        return Interview(self.graph, ledger, setting, spoken, standing, left)

    @property
    def bank(self) -> Bank:
        """The bank it is read with."""
        return self.graph.bank

    @property
    def client(self) -> Client:
        """Who it is about, with the facts that were told since."""
        return self.setting.client

    @property
    def language(self) -> str:
        """The language people answer in: the client's record says it, else the bank's."""
        return self.client.language or self.bank.language

    def words(self, language: str | None = None) -> Words:
        """Return the words for closed lists in a language, else in the bank's own."""
        return self.bank.words_in(language)

    @property
    def held_on(self) -> date | None:
        """The day of the interview: as the record says, else the day it was opened."""
        told = days_of(self.client.interviewed or "")
        if told is not None:
            return told[1]
        opened = self.in_force("client", Opened)
        return opened[-1].at.date() if opened else None

    @property
    def informants(self) -> Mapping[str, Informant]:
        """Everybody who tells, by id."""
        return self.setting.informants

    @property
    def speaking(self) -> str | None:
        """The informant who is speaking now."""
        return self.setting.speaking

    @property
    def labels(self) -> Mapping[str, str]:
        """What named instances are called: `caregiver-1` is grandmother."""
        return self.setting.labels

    @property
    def facts(self) -> Mapping[str, Value]:
        """What conditions may read of the client."""
        return self.setting.facts

    @property
    def layout(self) -> Layout:
        """The walk: every part and slot there is, in order."""
        return self.setting.layout

    @property
    def states(self) -> Mapping[str, State]:
        """What the condition of every slot comes to: open, closed, pending or disputed."""
        return self.standing.states

    @property
    def truths(self) -> Mapping[str, Truth]:
        """The same as True (open), False (closed) and None (pending or disputed)."""
        return _Truths(self.standing.states)

    @property
    def slots(self) -> Mapping[str, SlotState]:
        """What was said to the slots that were spoken of, closed ones included."""
        return self.spoken.slots

    @property
    def values(self) -> Mapping[str, Value]:
        """The answers as conditions see them, closed slots left out."""
        return self.standing.values

    @property
    def reasons(self) -> Mapping[str, str]:
        """The reasons for no answer as conditions see them, closed slots left out."""
        return self.standing.reasons

    @property
    def against(self) -> tuple[Against, ...]:
        """The checks that do not hold now, in the order of the conversation."""
        if not self.standing.against:
            return ()
        found: list[Against] = []
        for part in self.layout.parts:
            for check in self.graph.checks_of(part.block):
                state = self.standing.against.get(part.prefix + check.id)
                if state is not None:
                    found.append(Against(check, part.prefix, state is State.OPEN))
        return tuple(found)

    @property
    def orphans(self) -> frozenset[str]:
        """Slots with words that this bank does not ask for or cannot read; they are kept."""
        return self.spoken.orphans

    @property
    def retracted(self) -> frozenset[str]:
        """The ids of the events that were undone."""
        return self.ledger.retracted

    @property
    def done(self) -> tuple[str, ...]:
        """What undo takes next, last first out."""
        return self.ledger.done

    @property
    def undone(self) -> tuple[str, ...]:
        """What redo takes next, last first out."""
        return self.ledger.undone

    @property
    def sequence(self) -> int:
        """How many events there are."""
        return len(self.ledger.subjects)

    @property
    def seen(self) -> Answers:
        """What conditions and rules can see of the interview."""
        return seen_by(self.standing, self.setting)

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
        return self.states.get(slot, State.CLOSED) is not State.CLOSED

    def answers(self, slot: str) -> tuple[Given, ...]:
        """Return the answers that count, one an informant."""
        return self.said(slot).given if self.counts(slot) else ()

    def standing_value(self, slot: str) -> JsonValue:
        """Return the one value to show where one is shown: as settled, else as told first."""
        given = self.answers(slot)
        settled = self.said(slot).settled
        if given and settled:
            return settled.value
        return given[0].value if given else None

    def instances(self, loop: str) -> tuple[str, ...]:
        """Return the instances of a kind of repeated block: periods, or caregiver-1, ..."""
        return self.layout.instances.get(loop, ())

    def words_of(self, instance: str) -> Mapping[str, str]:
        """Return the slots of the words of an entry, and of answers that chose it, by event."""
        choosing = {each.id for each in self.graph.choosing_questions}
        return {
            said.event: slot
            for slot, state in self.slots.items()
            for said in (*state.given, *state.marks)
            if slot.startswith(f"{instance}/")
            or (split_slot(slot)[1] in choosing and self._chose(slot, said, instance))
        }

    def _chose(self, slot: str, said: Given | Mark, instance: str) -> bool:
        question = self.question(slot)
        return (
            question is not None
            and isinstance(said, Given)
            and instance in codes_of(question, said.value)
        )

    def history(self, slot: str) -> tuple[Event, ...]:
        """Return every event about a slot, undone ones included, oldest first."""
        return self.ledger.about(f"slot:{slot}")

    def in_force(
        self, subject: str, kind: type[_Wanted] | tuple[type[_Wanted], ...]
    ) -> tuple[_Wanted, ...]:
        """Return the events of this kind about a subject that were not undone, oldest first."""
        return self.ledger.in_force(subject, kind)

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
    def safety(self) -> tuple[Concern, ...]:
        """Every safety concern, oldest first: notes, and answers that are concerns themselves."""
        return self.ledger.concerns(self.bank)

    @property
    def open_safety(self) -> tuple[Concern, ...]:
        """The safety concerns that nobody has acknowledged yet, and that still stand."""
        return tuple(each for each in self.safety if each.is_open)

    @property
    def ratings(self) -> Mapping[str, Rated]:
        """The clinician's rating in force, by rating id; its value is None when left unknown."""
        return {each.rating: each for each in self.ledger.last_of_each("rating:", Rated)}

    @property
    def signed(self) -> bool:
        """Whether the record is signed and not reopened since."""
        return self.signature is not None

    @property
    def signature(self) -> Signed | None:
        """How the record was signed, if it is; None once it was reopened."""
        events = [each for each in self.ledger.about("status") if not isinstance(each, Addendum)]
        return events[-1] if events and isinstance(events[-1], Signed) else None

    @property
    def addenda(self) -> tuple[Addendum, ...]:
        """What was added to the signed record, oldest first."""
        return self.in_force("status", Addendum)

    @property
    def practice(self) -> bool:
        """Whether this is a practice case."""
        return any(each.practice for each in self.in_force("client", Opened))

    @property
    def sitting(self) -> Sitting:
        """How much is asked from here on: as chosen last, else everything."""
        chosen = self.in_force("sitting_chosen", SittingChosen)
        return chosen[-1].sitting if chosen else "full"

    def view(self) -> tuple[object, ...]:
        """Return what two interviews must share to be the same, whatever the way to it was."""
        return (
            self.client,
            dict(self.informants),
            self.speaking,
            dict(self.labels),
            dict(self.setting.told),
            dict(self.facts),
            self.setting.choices,
            self.setting.complete,
            dict(self.states),
            {slot: state for slot, state in self.slots.items() if state != EMPTY},
            dict(self.values),
            dict(self.reasons),
            dict(self.standing.against),
            self.left,
            dict(self.ratings),
            self.signed,
            self.sitting,
            self.layout.slots,
            self.orphans,
        )


class _Truths(Mapping[str, Truth]):
    """The states of slots, read as decided or not."""

    __slots__ = ("_states",)

    def __init__(self, states: Mapping[str, State]) -> None:
        self._states = states

    def __getitem__(self, slot: str) -> Truth:
        return self._states[slot].truth

    def __contains__(self, slot: object) -> bool:
        return slot in self._states

    def __iter__(self) -> Iterator[str]:
        return iter(self._states)

    def __len__(self) -> int:
        return len(self._states)


def fold(bank: Bank, events: Iterable[Event]) -> Interview:
    """Return the interview that these events, in order, make with this bank."""
    ledger, _ = Ledger().taking(bank, events)
    return interview_from(bank, ledger)


def interview_from(bank: Bank, ledger: Ledger, unasked: frozenset[str] = frozenset()) -> Interview:
    """Return the interview that a ledger, in the terms of this bank, makes.

    `unasked` are more questions, by id, that are not asked in it.
    """
    graph = graph_of(bank)
    spoken, _ = Spoken().after(graph, ledger, tuple(ledger.by_subject))
    setting = setting_of(graph, ledger, spoken.slots, spoken.entries, None)
    setting, standing = Recount(graph, setting, spoken.slots, Standing()).everything()
    setting = with_parked(graph, setting, seen_by(standing, setting))
    setting = replace(setting, unasked=setting.unasked | unasked)
    left = left_of(graph, setting, spoken.slots, standing.states)
    return Interview(graph, ledger, setting, spoken, standing, left)
