"""What stands for each slot: its condition, and what other conditions see of it.

A condition is worked out again only when something it reads has changed, in an order in which
each comes after all that it reads. The fold from nothing is the same with everything changed.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from nmt_intake.bank.model import Question
from nmt_intake.bank.truth import Answers, Truth, Value, all_true
from nmt_intake.interview.ages import surely_reached
from nmt_intake.interview.events import Answered, MarkedMissing, Noted
from nmt_intake.interview.folding.ledger import Ledger
from nmt_intake.interview.folding.setting import Setting
from nmt_intake.interview.graph import Graph, question_at, split_slot
from nmt_intake.interview.slots import EMPTY, SlotState, slot_state


@dataclass(frozen=True, slots=True)
class Standing:
    """`truths` holds the condition of every slot in the layout; `values` and `reasons` what
    conditions see of them: what was said to slots that are not closed.
    """

    truths: Mapping[str, Truth] = field(default_factory=dict[str, Truth])
    values: Mapping[str, Value] = field(default_factory=dict[str, Value])
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said, closed slots included; `orphans` hold words this bank cannot place or read."""

    slots: Mapping[str, SlotState] = field(default_factory=dict[str, SlotState])
    orphans: frozenset[str] = frozenset()

    def after(
        self, graph: Graph, ledger: Ledger, touched: Iterable[str]
    ) -> tuple[Spoken, tuple[tuple[str, Question], ...]]:
        """Return what was said now, and the slots (with their questions) where that is new."""
        slots = dict(self.slots)
        orphans = set(self.orphans)
        changed: list[tuple[str, Question]] = []
        for slot in touched:
            events = ledger.in_force(f"slot:{slot}", (Answered, MarkedMissing))
            question = question_at(graph.bank, slot)
            words = partial(_words_of, ledger)
            read = slot_state(question, events, words) if question else (EMPTY, bool(events))
            state, misfit = read
            (orphans.add if misfit else orphans.discard)(slot)
            if question is None or state == slots.get(slot, EMPTY):
                continue
            changed.append((slot, question))
            slots.pop(slot, None)
            if state != EMPTY:
                slots[slot] = state
        return Spoken(slots, frozenset(orphans)), tuple(changed)


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
    )


class Recount:
    """One recount: plain dicts, changed in place, bound into a `Standing` at the end."""

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
        self._truths = dict(before.truths)
        self._values = dict(before.values)
        self._reasons = dict(before.reasons)
        bound = Standing(self._truths, self._values, self._reasons)
        self._bound = bound
        self._seen = seen_by(bound, setting)
        self._waiting: dict[int, dict[str, None]] = {}
        self._ranks: list[int] = []
        self._said_anew: set[str] = set()

    def everything(self) -> Standing:
        """Return what stands, worked out from nothing."""
        for rank in range(len(self._graph.by_rank)):
            self._recount(rank)
        return self._settled()

    def since(self, before: Setting, changed: Iterable[tuple[str, Question]]) -> Standing:
        """Return what stands after a change of the setting and of what was said to some slots."""
        if before is not self._setting:
            self._reset(before)
        for slot, question in changed:
            prefix = split_slot(slot)[0]
            if prefix in self._setting.layout.prefixes_of(question):
                self._said_anew.add(slot)
                self._recount(self._graph.rank[question.id], (prefix,))
        return self._settled()

    def _reset(self, before: Setting) -> None:
        now = self._setting
        for fact in before.facts.keys() | now.facts.keys():
            if before.facts.get(fact) != now.facts.get(fact):
                self._recount_readers_of(fact)
        if before.facts.get("client.age_months") != now.facts.get("client.age_months"):
            self._recount_loop("period", ())
        if before.informant_facts != now.informant_facts:
            for fact in ("relation", "kind", "known_from_months"):
                self._recount_readers_of(f"informant.{fact}")
        for name in before.referred.keys() | now.referred.keys():
            self._said_anew.add(name)
            self._recount(self._graph.rank[name])
        if before.layout is not now.layout:
            for loop, instances in now.layout.instances.items():
                if before.layout.instances[loop] != instances:
                    self._replace(loop, before.layout.prefixes[loop])

    def _replace(self, loop: str, before: tuple[str, ...]) -> None:
        now = self._setting.layout.prefixes[loop]
        for prefix in (each for each in before if each not in now):
            for slot in self._slots_of(loop, prefix):
                for held in (self._truths, self._values, self._reasons):
                    held.pop(slot, None)
        self._recount_loop(loop, before)
        for rank in self._graph.readers_over(loop):
            self._recount(rank)

    def _slots_of(self, loop: str, prefix: str) -> Iterator[str]:
        return (prefix + each.id for each in self._graph.by_rank if each.for_each == loop)

    def _recount_loop(self, loop: str, but: tuple[str, ...]) -> None:
        prefixes = [each for each in self._setting.layout.prefixes[loop] if each not in but]
        for rank, question in enumerate(self._graph.by_rank):
            if prefixes and question.for_each == loop:
                self._recount(rank, prefixes)

    def _recount_readers_of(self, fact: str) -> None:
        for rank in self._graph.readers_of_fact(fact):
            self._recount(rank)

    def _recount(self, rank: int, prefixes: Iterable[str] | None = None) -> None:
        """Have some instances of a question recounted, all of them if None."""
        if prefixes is None:
            prefixes = self._setting.layout.prefixes_of(self._graph.by_rank[rank])
        waiting = self._waiting.get(rank)
        if waiting is None:
            waiting = self._waiting[rank] = {}
            heapq.heappush(self._ranks, rank)
        waiting.update(dict.fromkeys(prefixes))

    def _settled(self) -> Standing:
        while self._ranks:
            rank = heapq.heappop(self._ranks)
            question = self._graph.by_rank[rank]
            for prefix in self._waiting.pop(rank):
                self._settle(question, prefix)
        return self._bound

    def _settle(self, question: Question, prefix: str) -> None:
        slot = prefix + question.id
        truth = self._truth(question, prefix)
        moved = truth is not self._truths.get(slot, "")
        self._truths[slot] = truth
        if (moved or slot in self._said_anew) and self._publish(slot, question, truth):
            for rank, same in self._graph.readers(question.id):
                self._recount(rank, (prefix,) if same else None)

    def _truth(self, question: Question, prefix: str) -> Truth:
        truths = [gate(self._seen, prefix) for gate in self._graph.gates[question.id]]
        if question.for_each == "period" and not surely_reached(prefix[:-1], self._setting.facts):
            truths.append(None)
        return all_true(truths)

    def _publish(self, slot: str, question: Question, truth: Truth) -> bool:
        """Show conditions what stands for a slot unless it is closed; tell whether it changed."""
        state = self._slots.get(slot, EMPTY)
        value: Value = None
        reason: str | None = None
        if truth is not False:
            value = state.seen(question) if state.given else self._setting.referred.get(slot)
            reason = state.reason if value is None else None
        before = self._values.pop(slot, None), self._reasons.pop(slot, None)
        if value is not None:
            self._values[slot] = value
        if reason is not None:
            self._reasons[slot] = reason
        return (value, reason) != before
