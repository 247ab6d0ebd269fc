"""What is left: to find out and from whom, told differently, undecided; and how far it is.

Kept with every event: the walk is cut into stretches of `STRETCH` slots, and only those that an
event touched are counted again. At 50,000 slots that costs less than the answer itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from nmt_intake.bank.truth import State
from nmt_intake.interview.folding.setting import Setting
from nmt_intake.interview.graph import Graph, split_slot
from nmt_intake.interview.slots import EMPTY, SlotState

STRETCH: Final = 64
# Marks that leave a slot on the to-do list: somebody else, a file, or another day may tell.
TO_FIND_OUT: Final = frozenset({"asked-unknown", "temp-unknown", "not-asked"})


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is left of some slots that follow each other in the walk.

    `counts` are of slots that count: answered, remaining (open, not spoken of), undecided, and
    each reason for no answer.
    """

    counts: Mapping[str, int]
    to_find_out: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a whole interview, stretch by stretch, with the counts over all."""

    stretches: tuple[Stretch, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def to_find_out(self) -> tuple[str, ...]:
        """The slots that somebody could not answer and nobody has since, in order."""
        return tuple(chain.from_iterable([each.to_find_out for each in self.stretches]))

    @property
    def differing(self) -> tuple[str, ...]:
        """The slots on which informants differ, in order."""
        return tuple(chain.from_iterable([each.differing for each in self.stretches]))

    @property
    def undecided(self) -> tuple[str, ...]:
        """The slots not spoken of that are pending or disputed, in order."""
        return tuple(chain.from_iterable([each.undecided for each in self.stretches]))

    def after(
        self,
        graph: Graph,
        setting: Setting,
        slots: Mapping[str, SlotState],
        states: Mapping[str, State],
        touched: Iterable[str],
    ) -> Left:
        """Return what is left now that these slots were touched."""
        position = setting.layout.position
        places = {position[slot] // STRETCH for slot in touched if slot in position}
        found = list(self.stretches)
        counts = Counter(self.counts)
        walk = setting.layout.slots
        for place in places:
            stretch = _stretch(
                graph, setting, slots, states, walk[place * STRETCH : (place + 1) * STRETCH]
            )
            counts.subtract(found[place].counts)
            counts.update(stretch.counts)
            found[place] = stretch
        return Left(tuple(found), +counts)


def left_of(
    graph: Graph,
    setting: Setting,
    slots: Mapping[str, SlotState],
    states: Mapping[str, State],
) -> Left:
    """Return what is left, worked out from nothing."""
    walk = setting.layout.slots
    found = tuple(
        _stretch(graph, setting, slots, states, walk[start : start + STRETCH])
        for start in range(0, len(walk), STRETCH)
    )
    counts: Counter[str] = Counter()
    for each in found:
        counts.update(each.counts)
    return Left(found, +counts)


def _stretch(
    graph: Graph,
    setting: Setting,
    slots: Mapping[str, SlotState],
    states: Mapping[str, State],
    walk: Sequence[str],
) -> Stretch:
    counts: Counter[str] = Counter()
    find: list[str] = []
    differing: list[str] = []
    undecided: list[str] = []
    for slot in walk:
        state = states.get(slot, State.CLOSED)
        if state is State.CLOSED:
            continue
        said = slots.get(slot, EMPTY)
        if said is EMPTY:
            if setting.passes_over(split_slot(slot)[1]):
                continue
            if state is State.OPEN:
                counts["remaining"] += 1
            else:
                counts["undecided"] += 1
                undecided.append(slot)
        elif said.given:
            counts["answered"] += 1
            if len(said.given) > 1 and said.differs(graph.bank.questions[split_slot(slot)[1]]):
                differing.append(slot)
        else:
            counts[said.reason or ""] += 1
            if any(mark.reason in TO_FIND_OUT for mark in said.marks):
                find.append(slot)
    return Stretch(counts, tuple(find), tuple(differing), tuple(undecided))
