"""The clinician's decisions about a plan, as events of the case; one decision is one undo."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from nmt_intake.casework.assessment import PlanBasis
from nmt_intake.casework.session import Session
from nmt_intake.interview.events import ActivityChosen, ActivityDropped
from nmt_intake.scoring.planner import Chosen, Circumstances, Dropped, Plan, circumstances_of


@dataclass(slots=True)
class Decisions:
    """A case, what its plan is made from, and the plan as it stands.

    Every decision may raise IntakeError (reading only, signed): then nothing has changed. Making
    the plan again takes a tenth of a second, so it happens beside the screen, one at a time.
    """

    case: Session
    basis: PlanBasis
    plan: Plan
    _base: tuple[tuple[Dropped, ...], Order] | None = None
    _taken: list[int] = field(default_factory=list[int])
    _given_back: list[int] = field(default_factory=list[int])
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def of(cls, case: Session, basis: PlanBasis) -> Decisions:
        """Return the decisions of a case with the plan they make; takes a tenth of a second."""
        return cls(case, basis, basis.plan(case.interview))

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """What was dropped, the last one last."""
        return self.plan.dropped

    def reason(self, activity: str) -> str:
        """Return the clinician's reason for what was decided about an activity."""
        decided = (*self._circumstances.chosen, *self._circumstances.dropped)
        return next((each.reason for each in decided if each.activity == activity), "")

    async def move(self, activity: str, step: int) -> bool:
        """Move an activity one place up (-1) or down (+1); False where it cannot go further."""
        async with self._turn:
            before = order_of(self.plan)
            wanted = moved(before, activity, step)
            if wanted == before:
                return False
            self._begin()
            await self._arrange(wanted, activity)
            await self._again()
            return True

    async def drop(self, activity: str, reason: str = "") -> None:
        """Take an activity out of the plan; the others stay in the order they had."""
        async with self._turn:
            before = order_of(self.plan)
            self._record(ActivityDropped, activity, reason=reason, begins=True)
            await self._keep_order(before)

    async def add(self, activity: str, reason: str = "") -> None:
        """Put an activity into the phase of its domain, at the end."""
        async with self._turn:
            before = order_of(self.plan)
            phase = self._own_phase(activity)
            self._record(ActivityChosen, activity, phase=phase, reason=reason, begins=True)
            await self._keep_order(before)

    async def give_reason(self, activity: str, reason: str) -> None:
        """Give or change the reason for an activity that stands in the plan or was dropped."""
        async with self._turn:
            if any(each.activity == activity for each in self.dropped):
                self._record(ActivityDropped, activity, reason=reason, begins=True)
            else:
                before = order_of(self.plan)
                phase = phase_of(before, activity)
                place = before[phase].index(activity) + 1 if phase else None
                self._record(
                    ActivityChosen, activity, phase=phase, place=place, reason=reason, begins=True
                )
                await self._arrange(before)
            await self._again()

    async def undo(self) -> bool:
        """Take the last decision back; False where the last thing done was none."""
        return await self._back(self._taken, self._given_back, again=False)

    async def redo(self) -> bool:
        """Bring back what was undone last; False where that was no decision about the plan."""
        return await self._back(self._given_back, self._taken, again=True)

    async def _back(self, steps: list[int], other: list[int], *, again: bool) -> bool:
        async with self._turn:
            if not self._is_about_plan(again):
                return False
            count = steps.pop() if steps else 1
            for _ in range(count):
                if self._is_about_plan(again):
                    _ = self.case.redo() if again else self.case.undo()
            other.append(count)
            await self._again()
            return True

    def _is_about_plan(self, again: bool) -> bool:
        interview = self.case.interview
        next_ones = interview.undone if again else interview.done
        event = self.case.event(next_ones[-1]) if next_ones else None
        return isinstance(event, ActivityChosen | ActivityDropped)

    async def _keep_order(self, before: Order) -> None:
        """Make the plan again, and put back what the last decision shifted."""
        await self._again()
        now = order_of(self.plan)
        wanted = kept(before, now)
        if wanted != now:
            await self._arrange(wanted)
            await self._again()

    async def _arrange(self, wanted: Order, first: str = "") -> None:
        base = await self._unmoved()
        chosen = [self._placed(base, choice) for choice in self._circumstances.chosen]
        for choice in choices_for(base, chosen, wanted, first):
            self._record(
                ActivityChosen,
                choice.activity,
                phase=choice.phase,
                place=choice.place,
                reason=choice.reason,
            )

    def _placed(self, base: Order, choice: Chosen) -> Chosen:
        """Return an added activity's choice with the phase it has got, if it names none."""
        if choice.phase is not None or phase_of(base, choice.activity):
            return choice
        return replace(choice, phase=self._own_phase(choice.activity))

    async def _unmoved(self) -> Order:
        """Return the order without any choice; it changes only with what is dropped."""
        dropped = self._circumstances.dropped
        if self._base is None or self._base[0] != dropped:
            interview = self.case.interview
            plan = await asyncio.to_thread(self.basis.plan, interview, unmoved=True)
            self._base = (dropped, order_of(plan))
        return self._base[1]

    def _own_phase(self, name: str) -> str:
        activity = self.basis.activity(name)
        own = (
            area.phase for area in self.plan.areas if activity and area.domain == activity.domain
        )
        return next(own, self.plan.phases[0].id)

    @property
    def _circumstances(self) -> Circumstances:
        return circumstances_of(
            self.case.interview, self.basis.assessment.unconfirmed, self.basis.rules
        )

    def _begin(self) -> None:
        self._taken.append(0)
        self._given_back.clear()

    def _record(
        self,
        kind: type[ActivityChosen] | type[ActivityDropped],
        activity: str,
        *,
        begins: bool = False,
        **content: object,
    ) -> None:
        self.case.record(kind, activity=activity, **content)
        if begins:
            self._begin()
        self._taken[-1] += 1

    async def _again(self) -> None:
        self.plan = await asyncio.to_thread(self.basis.plan, self.case.interview)


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
    order: dict[str, tuple[str, ...]] = dict(base)
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
