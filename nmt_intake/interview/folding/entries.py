"""People, homes and events as entries: taken out, brought back, joined, split; always by events.

Words stay where they were said. An entry that was removed is kept and counts nowhere, like what is
behind a closed branch. Of two entries that are one, the words of both are read as one's; of an
entry that was two, the words named belong to the new one. Each of these events can be undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nmt_intake.interview.events import (
    Answered,
    FactSettled,
    InstanceAdded,
    InstanceRemoved,
    InstancesJoined,
    InstanceSplit,
    MarkedMissing,
)
from nmt_intake.interview.folding.ledger import Ledger
from nmt_intake.interview.graph import loop_of, split_slot

Words = Answered | MarkedMissing
CHANGES = ("removal", "join", "split")


@dataclass(frozen=True, slots=True)
class Entries:
    """Which entries were removed, which are read as another, and which words were moved.

    `into` gives an entry that was joined the one it is now; `moved` the entry that words of an
    entry (by the id of their event) belong to since a split; `origins` where an entry's words may
    have been said.
    """

    removed: frozenset[str] = frozenset()
    into: Mapping[str, str] = field(default_factory=dict[str, str])
    moved: Mapping[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    origins: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def home(self, instance: str, event: str) -> str:
        """Return the entry that words of an entry belong to now."""
        seen: set[str] = set()
        while instance not in seen:
            seen.add(instance)
            moved = self.moved.get((instance, event), instance)
            instance = self.into.get(moved, moved)
        return instance

    def present(self, instance: str, event: str) -> str | None:
        """Return the entry that one chosen by an answer is now, None if it was taken out."""
        home = self.home(instance, event)
        return None if home in self.removed else home

    def words(self, ledger: Ledger, slot: str) -> tuple[Words, ...]:
        """Return all that was said to a slot and was not undone, oldest first."""
        prefix, name = split_slot(slot)
        instance = prefix[:-1]
        if not self.origins or not instance:
            return ledger.in_force(f"slot:{slot}", (Answered, MarkedMissing))
        found = [
            event
            for place in (instance, *self.origins.get(instance, ()))
            for event in ledger.in_force(f"slot:{place}/{name}", (Answered, MarkedMissing))
            if self.home(place, event.id) == instance
        ]
        if len({event.slot for event in found}) > 1:
            found.sort(key=lambda event: event.id)
        return tuple(found)

    def settling(self, ledger: Ledger, slot: str) -> FactSettled | None:
        """Return the clinician's last word on a slot, also from where its words were said."""
        prefix, name = split_slot(slot)
        origins = self.origins.get(prefix[:-1], ())
        places = (slot, *(f"{each}/{name}" for each in origins))
        found = [e for each in places for e in ledger.in_force(f"fact:{each}", FactSettled)]
        return max(found, key=lambda each: each.id, default=None)

    def touched(self, slots: Iterable[str]) -> Iterable[str]:
        """Return these slots and those whose words they hold or held."""
        for slot in slots:
            yield slot
            prefix, name = split_slot(slot)
            for place in (*self._targets(prefix[:-1]), *self.origins.get(prefix[:-1], ())):
                yield f"{place}/{name}"

    def _targets(self, instance: str) -> Iterable[str]:
        return [each for each, origins in self.origins.items() if instance in origins]


def entries_of(ledger: Ledger) -> Entries:
    """Return what became of the entries, by the events in force."""
    removed = frozenset(
        event.instance
        for event in ledger.last_of_each("removal:", InstanceRemoved)
        if event.removed
    )
    joins = {event.instance: event.into for event in ledger.last_of_each("join:", InstancesJoined)}
    into = {instance: _end(joins, instance) for instance in joins}
    into = {one: other for one, other in into.items() if one != other}
    moved: dict[tuple[str, str], str] = {}
    edges = set(into.items())
    for subject in ledger.by_subject:
        for event in ledger.in_force(subject, InstanceSplit) if subject[:6] == "split:" else ():
            if loop_of(event.instance) == loop_of(event.into) and event.instance != event.into:
                moved |= {(event.instance, word): event.into for word in event.words}
                edges.add((event.instance, event.into))
    return Entries(removed, into, moved, _origins(edges))


def _origins(edges: set[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """Return for each entry all from which a way of joins and splits leads to it."""
    found: dict[str, set[str]] = {}
    before = -1
    while before != sum(map(len, found.values())):
        before = sum(map(len, found.values()))
        for one, other in edges:
            found.setdefault(other, set()).update({one, *found.get(one, ())} - {other})
    return {entry: tuple(sorted(origins)) for entry, origins in found.items()}


def named_entries(
    ledger: Ledger, slots: Iterable[str], chosen: Iterable[str], entries: Entries
) -> dict[str, str]:
    """Return the entries there are, with the labels given; words, and being chosen, name one, too.

    Counted ids come by their number, others by when they were first named.
    """
    added = ledger.last_of_each("instance:", InstanceAdded)
    labels = {event.instance: event.label for event in added}
    spoken_of = {slot.partition("/")[0] for slot in slots if "-" in slot}
    found = {each for each in (*labels, *spoken_of, *chosen) if loop_of(each)}
    found -= entries.removed | entries.into.keys()
    first = {each: _first(ledger, each) for each in found}
    order = sorted(found, key=lambda each: (*_number(each), first[each], each))
    return {each: labels.get(each, "") for each in order}


def _first(ledger: Ledger, instance: str) -> str:
    events = ledger.in_force(f"instance:{instance}", InstanceAdded)
    return events[0].id if events else "~"


def _number(instance: str) -> tuple[int, int]:
    number = instance.rpartition("-")[2]
    return (0, int(number)) if number.isdigit() else (1, 0)


def _end(joins: Mapping[str, str], instance: str) -> str:
    """Follow joins to their end; in a circle, the first of it by id is the one."""
    seen = [instance]
    while seen[-1] in joins:
        following = joins[seen[-1]]
        if loop_of(following) != loop_of(instance):
            return seen[-1]
        if following in seen:
            return min(seen[seen.index(following) :])
        seen.append(following)
    return seen[-1]
