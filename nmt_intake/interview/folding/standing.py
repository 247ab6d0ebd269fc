"""What stands for each slot: its condition, and what other conditions see of it.

A condition is worked out again only when something it reads has changed, in an order in which
each comes after all that it reads. The fold from nothing is the same with everything changed.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from nmt_intake.bank.evaluation import Overlay
from nmt_intake.bank.model import Question
from nmt_intake.bank.truth import Answers, State, Value, all_states
from nmt_intake.interview.ages import reached
from nmt_intake.interview.events import Answered, MarkedMissing, Noted
from nmt_intake.interview.folding.entries import CHANGES, Entries, entries_of
from nmt_intake.interview.folding.ledger import Ledger
from nmt_intake.interview.folding.setting import Setting, with_facts, with_labels
from nmt_intake.interview.graph import CheckNode, Graph, question_at, split_slot
from nmt_intake.interview.slots import EMPTY, SlotState, slot_state


@dataclass(frozen=True, slots=True)
class Standing:
    """`states` holds what the condition of every slot in the layout comes to; `values` and
    `reasons` what conditions see of them: what was said to slots that are not closed. `against`
    holds the checks that do not hold: open if surely not, disputed if not by one teller.
    """

    states: Mapping[str, State] = field(default_factory=dict[str, State])
    values: Mapping[str, Value] = field(default_factory=dict[str, Value])
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])
    against: Mapping[str, State] = field(default_factory=dict[str, State])


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said, closed slots included; `orphans` hold words this bank cannot place or read."""

    slots: Mapping[str, SlotState] = field(default_factory=dict[str, SlotState])
    orphans: frozenset[str] = frozenset()
    entries: Entries = field(default_factory=Entries)

    def after(
        self, graph: Graph, ledger: Ledger, subjects: Iterable[str]
    ) -> tuple[Spoken, tuple[tuple[str, Question], ...]]:
        """Return what was said now, and the slots (with their questions) where that is new."""
        entries, touched = self._touched(graph, ledger, tuple(subjects))
        slots = dict(self.slots)
        orphans = set(self.orphans)
        changed: list[tuple[str, Question]] = []
        for slot in touched:
            events = entries.words(ledger, slot)
            question = question_at(graph.bank, slot)
            words = partial(_words_of, ledger)
            read = EMPTY, bool(events)
            if question:
                read = slot_state(
                    question, events, words, entries.present, entries.settling(ledger, slot)
                )
            state, misfit = read
            (orphans.add if misfit else orphans.discard)(slot)
            if question is None or state == slots.get(slot, EMPTY):
                continue
            changed.append((slot, question))
            slots.pop(slot, None)
            if state != EMPTY:
                slots[slot] = state
        return Spoken(slots, frozenset(orphans), entries), tuple(changed)

    def _touched(
        self, graph: Graph, ledger: Ledger, subjects: Sequence[str]
    ) -> tuple[Entries, Iterable[str]]:
        """Return what became of the entries, and the slots on which these subjects bear."""
        about = (each.partition(":") for each in subjects)
        slots = [slot for kind, _, slot in about if kind in ("slot", "fact")]
        if not any(each.startswith(_CHANGES) for each in subjects):
            return self.entries, dict.fromkeys(self.entries.touched(slots))
        entries = entries_of(ledger)
        changed = {one for each in (self.entries, entries) for one in _involved(each)}
        choosing = {question.id for question in graph.choosing_questions}
        told = (each for each in ledger.by_subject if each.startswith("slot:"))
        slots += [
            slot
            for slot in (each.removeprefix("slot:") for each in told)
            if slot.partition("/")[0] in changed or split_slot(slot)[1] in choosing
        ]
        every = dict.fromkeys((*slots, *self.entries.touched(slots), *entries.touched(slots)))
        return entries, every


_CHANGES: Final = tuple(f"{each}:" for each in CHANGES)


def _involved(entries: Entries) -> Iterator[str]:
    for entry, origins in entries.origins.items():
        yield entry
        yield from origins


def _words_of(ledger: Ledger, event: Answered | MarkedMissing) -> str:
    """Return the words an answer was given in: its own, or those it cites of the same teller.

    What was undone, said elsewhere or by somebody else is not among them.
    """
    if not event.cites:
        return event.words
    cited = [
        note.text
        for note in ledger.in_force("noted", Noted)
        if note.id in event.cites
        and note.verbatim
        and (note.slot, note.informant) == (event.slot, event.informant)
    ]
    return "\n".join(cited)


def seen_by(standing: Standing, setting: Setting) -> Answers:
    """Return what conditions and rules can see of an interview."""
    return Answers(
        values=standing.values,
        reasons=standing.reasons,
        facts=setting.facts,
        informants=setting.informant_facts,
        prefixes=setting.layout.prefixes,
        states=standing.states,
        complete=setting.complete,
        told=setting.choices,
    )


def with_value(seen: Answers, prefix: str, check: CheckNode) -> Answers | None:
    """Return what a check sees: `value` is the answer it stands with; None where there is none."""
    if check.question is None:
        return seen
    value = seen.values.get(prefix + check.question.id)
    return None if value is None else replace(seen, values=Overlay({"value": value}, seen.values))


class Recount:
    """One recount: plain dicts, changed in place, bound into a `Standing` at the end.

    Questions that hold a fact of the client come before all that reads the fact; when what they
    hold is settled, the setting is made anew and whoever reads the fact is recounted.
    """

    def __init__(
        self,
        graph: Graph,
        setting: Setting,
        slots: Mapping[str, SlotState],
        before: Standing,
    ) -> None:
        self._graph = graph
        self._setting = setting
        self._slots = slots
        self._states = dict(before.states)
        self._values = dict(before.values)
        self._reasons = dict(before.reasons)
        self._against = dict(before.against)
        self._bound = Standing(self._states, self._values, self._reasons, self._against)
        self._waiting: dict[int, dict[str, None]] = {}
        self._ranks: list[int] = []
        self._said_anew: set[str] = set()
        self._unweighed: set[str] = set()
        self.touched: set[str] = set()
        self._names_moved = True
        self._counted = {each.id: slots.get(each.id, EMPTY) for each in graph.fact_questions}
        self._look()

    def _look(self) -> None:
        """See what conditions see now: again after a change of the setting."""
        self._seen = seen_by(self._bound, self._setting)
        self._prefixes = {
            loop: frozenset(each) for loop, each in self._setting.layout.prefixes.items()
        }
        self._seen_by_kinds: dict[tuple[str, ...], Answers] = {}

    def everything(self) -> tuple[Setting, Standing]:
        """Return what stands, worked out from nothing."""
        for rank in range(len(self._graph.by_rank) + len(self._graph.checks)):
            self._recount(rank)
        return self._settled()

    def since(
        self, before: Setting, changed: Iterable[tuple[str, Question]]
    ) -> tuple[Setting, Standing]:
        """Return what stands after a change of the setting and of what was said to some slots."""
        self._names_moved = before is not self._setting
        if before is self._setting:
            self._counted = {
                name: EMPTY if self._states.get(name) is State.CLOSED else state
                for name, state in self._counted.items()
            }
        else:
            self._reset(before)
            for question in self._graph.fact_questions:
                self._recount(self._graph.rank[question.id])
        for slot, question in changed:
            prefix = split_slot(slot)[0]
            if prefix in self._setting.layout.prefixes_of(question):
                self._said_anew.add(slot)
                self._recount(self._graph.rank[question.id], (prefix,))
                if question.fact and before is self._setting:
                    self._unweighed.add(slot)
        return self._settled()

    def _reset(self, before: Setting) -> None:
        now = self._setting
        for fact in before.facts.keys() | now.facts.keys():
            if before.facts.get(fact) != now.facts.get(fact):
                self._recount_readers_of(fact)
        if before.choices != now.choices:
            for fact in ("age_months", "corrected_age_months", "gestation_weeks", "birth"):
                self._recount_readers_of(f"client.{fact}")
        if (before.choices, before.facts.get("client.age_months")) != (
            now.choices,
            now.facts.get("client.age_months"),
        ):
            self._recount_loop("period", ())
        if before.informant_facts != now.informant_facts:
            for fact in ("relation", "kind", "known_from_months"):
                self._recount_readers_of(f"informant.{fact}")
        for name in before.referred.keys() | now.referred.keys():
            if before.referred.get(name) != now.referred.get(name):
                self._said_anew.add(name)
                self._recount(self._graph.rank[name])
        for loop in before.complete ^ now.complete:
            for rank in self._graph.readers_over(loop):
                self._recount(rank)
        if before.layout is not now.layout:
            for loop, instances in now.layout.instances.items():
                if before.layout.instances.get(loop) != instances:
                    self._replace(loop, before.layout.prefixes.get(loop, ()))

    def _replace(self, loop: str, before: tuple[str, ...]) -> None:
        now = self._prefixes[loop]
        for prefix in (each for each in before if each not in now):
            for slot in self._slots_of(loop, prefix):
                for held in (self._states, self._values, self._reasons, self._against):
                    held.pop(slot, None)
        self._recount_loop(loop, before)
        for rank in self._graph.readers_over(loop):
            self._recount(rank)

    def _slots_of(self, loop: str, prefix: str) -> Iterator[str]:
        nodes = (*self._graph.by_rank, *self._graph.checks)
        return (prefix + each.id for each in nodes if each.for_each == loop)

    def _recount_loop(self, loop: str, but: tuple[str, ...]) -> None:
        left_out = frozenset(but)
        prefixes = [
            each for each in self._setting.layout.prefixes.get(loop, ()) if each not in left_out
        ]
        for rank, question in enumerate((*self._graph.by_rank, *self._graph.checks)):
            if prefixes and question.for_each == loop:
                self._recount(rank, prefixes)

    def _recount_readers_of(self, fact: str) -> None:
        for rank in self._graph.readers_of_fact(fact):
            self._recount(rank)

    def _recount(self, rank: int, prefixes: Iterable[str] | None = None) -> None:
        """Have some instances of a question recounted, all of them if None."""
        if prefixes is None:
            prefixes = self._setting.layout.prefixes_of(self._graph.node(rank))
        waiting = self._waiting.get(rank)
        if waiting is None:
            waiting = self._waiting[rank] = {}
            heapq.heappush(self._ranks, rank)
        waiting.update(dict.fromkeys(prefixes))

    def _settled(self) -> tuple[Setting, Standing]:
        while self._ranks:
            rank = heapq.heappop(self._ranks)
            node = self._graph.node(rank)
            settle = self._check if isinstance(node, CheckNode) else self._settle
            for prefix in self._waiting.pop(rank):
                if not prefix or prefix in self._prefixes[node.for_each or ""]:
                    settle(node, prefix)  # type: ignore[arg-type]
            if isinstance(node, Question) and node.fact:
                self._weigh_fact(node)
        if self._names_moved:
            self._setting = with_labels(self._graph, self._setting, self._slots, self._states)
        return self._setting, self._bound

    def _weigh_fact(self, question: Question) -> None:
        """Make the setting anew if what was told of a fact counts otherwise than thought."""
        if question.id not in self._counted:
            return
        closed = self._states.get(question.id) is State.CLOSED
        counted = EMPTY if closed else self._slots.get(question.id, EMPTY)
        if counted is self._counted[question.id] and question.id not in self._unweighed:
            return
        self._unweighed.discard(question.id)
        self._counted[question.id] = counted
        before = self._setting
        self._setting = with_facts(self._graph, before, self._counted)
        self._look()
        self._reset(before)

    def _settle(self, question: Question, prefix: str) -> None:
        slot = prefix + question.id
        state = self._state(question, prefix)
        before = self._states.get(slot)
        if state is before and slot not in self._said_anew:
            return
        self._states[slot] = state
        self.touched.add(slot)
        self._names_moved = self._names_moved or question.names_this
        seen_anew = self._publish(slot, question, before, state)
        # Of one instance among several, being open or pending says by itself how many there are.
        moved = question.for_each is not None and state is not before
        for rank, same in self._graph.readers(question.id) if seen_anew or moved else ():
            if seen_anew or not same:
                self._recount(rank, (prefix,) if same else None)

    def _check(self, check: CheckNode, prefix: str) -> None:
        """Note whether a check fails; one that stands with a question waits for its answer."""
        seen = with_value(self._seen, prefix, check)
        state = State.CLOSED if seen is None else check.expect.fails(seen, prefix)
        self._against.pop(prefix + check.id, None)
        if state in (State.OPEN, State.DISPUTED):
            self._against[prefix + check.id] = state

    def _state(self, question: Question, prefix: str) -> State:
        told = bool(self._slots.get(prefix + question.id, EMPTY).given)
        gates = self._graph.gates_of_told(question) if told else self._graph.gates[question.id]
        seen = self._seen_for(question.informants) if gates and question.informants else self._seen
        states = [gate.state(seen, prefix) for gate in gates]
        if question.for_each == "period":
            setting = self._setting
            states.append(reached(prefix[:-1], setting.choices, setting.facts))
        return all_states(states)

    def _seen_for(self, kinds: tuple[str, ...]) -> Answers:
        """See it with the informants of these kinds: a question nobody can answer is not open.

        Where none of them is here (yet), as one of whom only the kind is known.
        """
        if kinds not in self._seen_by_kinds:
            here = [
                each for each in self._setting.informant_facts if each["informant.kind"] in kinds
            ]
            someone = [{"informant.kind": kind} for kind in kinds]
            self._seen_by_kinds[kinds] = replace(self._seen, informants=here or someone)
        return self._seen_by_kinds[kinds]

    def _publish(self, slot: str, question: Question, was: State | None, state: State) -> bool:
        """Show conditions what stands for a slot; tell whether readers see anything new.

        An answer behind an undecided gate is doubtful, so its state is a part of what they see;
        without an answer only closed is.
        """
        said = self._slots.get(slot, EMPTY)
        value: Value = None
        reason: str | None = None
        if state is not State.CLOSED:
            value = said.seen(question) if said.given else self._setting.referred.get(slot)
            reason = said.reason if value is None else None
        before = self._values.pop(slot, None), self._reasons.pop(slot, None)
        if value is not None:
            self._values[slot] = value
        if reason is not None:
            self._reasons[slot] = reason
        now = (value, reason)
        if now != before or (was is State.CLOSED) != (state is State.CLOSED):
            return True
        return state is not was and now != (None, None)
