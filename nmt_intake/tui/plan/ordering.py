"""The order of a plan by hand: which choices bring it about. Ids only, no screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from nmt_intake.scoring.recommending import Chosen, Plan

# The activities of each phase, in order; the phases in order too.
Order: TypeAlias = Mapping[str, tuple[str, ...]]


def order_of(plan: Plan) -> Order:
    """Return which activity stands where."""
    return {phase.id: tuple(line.activity.id for line in phase.lines) for phase in plan.phases}


def phase_of(order: Order, activity: str) -> str | None:
    """Return the phase that an activity stands in."""
    return next((phase for phase, names in order.items() if activity in names), None)


def moved(order: Order, activity: str, step: int) -> Order:
    """Return the order with an activity one place up (-1) or down (+1).

    Beyond the end of its phase it goes into the one beside it; at the very end it stays.
    """
    phase = phase_of(order, activity)
    if phase is None:
        return order
    names = order[phase]
    place = names.index(activity) + step
    rest = tuple(name for name in names if name != activity)
    if 0 <= place < len(names):
        return {**order, phase: (*rest[:place], activity, *rest[place:])}
    phases = list(order)
    beside = phases.index(phase) + step
    if not 0 <= beside < len(phases):
        return order
    there = order[phases[beside]]
    joined = (*there, activity) if step < 0 else (activity, *there)
    return {**order, phase: rest, phases[beside]: joined}


def kept(before: Order, now: Order) -> Order:
    """Return `now` with what stood in the same phase before in the order it had there."""
    found: dict[str, tuple[str, ...]] = {}
    for phase, names in now.items():
        old = iter([name for name in before.get(phase, ()) if name in names])
        known = set(before.get(phase, ()))
        found[phase] = tuple(next(old) if name in known else name for name in names)
    return found


def replayed(base: Order, choices: Sequence[Chosen]) -> Order:
    """Return the order after the choices, each applied to what the ones before it left."""
    order = dict(base)
    for choice in choices:
        own = phase_of(order, choice.activity)
        phase = choice.phase or own
        if phase is None or phase not in order or (choice.place is None and phase == own):
            continue
        order = {
            name: tuple(each for each in names if each != choice.activity)
            for name, names in order.items()
        }
        names = order[phase]
        place = len(names) if choice.place is None else max(0, choice.place - 1)
        order[phase] = (*names[:place], choice.activity, *names[place:])
    return order


def choices_for(
    base: Order, choices: Sequence[Chosen], wanted: Order, first: str = ""
) -> tuple[Chosen, ...]:
    """Return the further choices that bring the plan into the wanted order; as few as it takes.

    `base` is the order without any choice, `choices` those in force. A later choice about an
    activity takes the place of an earlier one, so moving one line can shift others: those are
    put back. The activity `first` is placed before any other, so that one move is one choice.
    """
    made = _Making(base, {choice.activity: choice for choice in choices})
    if first and (phase := phase_of(wanted, first)):
        made.place(first, phase, wanted[phase].index(first) + 1)
    for force in (False, False, True):
        for phase, names in wanted.items():
            for place, name in enumerate(names, start=1):
                if force or made.order.get(phase, ())[:place] != names[:place]:
                    made.place(name, phase, place)
        if made.order == wanted:
            break
    return tuple(made.new.values())


@dataclass(slots=True)
class _Making:
    """The choices in force by activity, in order, and those that are new among them."""

    base: Order
    standing: dict[str, Chosen]
    new: dict[str, Chosen] = field(default_factory=dict[str, Chosen])

    @property
    def order(self) -> Order:
        """The order that all of them give."""
        return replayed(self.base, tuple(self.standing.values()))

    def place(self, activity: str, phase: str, place: int) -> None:
        """Put a choice last, with the reason that an earlier one about the activity gave."""
        earlier = self.standing.pop(activity, None)
        self.new.pop(activity, None)
        choice = Chosen(activity, phase, place, earlier.reason if earlier else "")
        self.standing[activity] = self.new[activity] = choice
