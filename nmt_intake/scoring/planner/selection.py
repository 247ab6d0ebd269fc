"""Which activities stand in which phase: people, then needs one by one, then what is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from nmt_intake.bank.model import Activity
from nmt_intake.scoring.planner.library import Fitting, Library, things_at_once
from nmt_intake.scoring.planner.needs import Level, Need, in_order
from nmt_intake.scoring.planner.rules import BANDS

Kind: TypeAlias = Literal["carers", "web", "need", "keep", "chosen"]

# A well person's plan keeps so many things; one need more, one thing less is kept.
_KEPT: Final = 2
_RELATIONAL: Final = "relational"
# What is between people: what a school, kin or a club mend, and what is kept first.
_WEB_FUNCTIONS: Final = frozenset({"attachment", "reward", "attunement_empathy"})


@dataclass(frozen=True, slots=True)
class Pick:
    """An activity in a phase, and for what: a need, carers, the web, or to be kept."""

    activity: Activity
    phase: str
    kind: Kind
    need: str = ""


Picks: TypeAlias = tuple[Pick, ...]
Columns: TypeAlias = Mapping[str, Picks]


@dataclass(frozen=True, slots=True)
class Selection:
    """The columns of a plan and, by function, why a need has no line; an empty word is a wait."""

    columns: Columns
    held: Mapping[str, str]
    things: int


@dataclass(slots=True)
class _Budget:
    """What is left of the household's minutes in one phase; None is no limit."""

    minutes: int | None

    def spend(self, minutes: int) -> None:
        if self.minutes is not None:
            self.minutes -= minutes


def selected(library: Library, levels: Mapping[str, Level]) -> Selection:
    """Return what is suggested, phase by phase; nothing stands twice."""
    things = things_at_once(library.circumstances.minutes_a_week, library.rules)
    making = _Making(library, levels, things)
    columns = making.columns()
    return Selection(columns, making.held, things)


class _Making:
    """The making of one selection; what is taken and held grows while it is made."""

    def __init__(self, library: Library, levels: Mapping[str, Level], things: int) -> None:
        self._library = library
        self._levels = levels
        self._things = things
        self._taken: set[str] = set()
        self.held: dict[str, str] = {}

    def columns(self) -> Columns:
        now, following, later = self._library.rules.sequence.phases
        waiting = self._answerable()
        begun, waiting = self._now(now, waiting)
        then, waiting = self._following(following, waiting, with_web=True)
        last, waiting = self._following(later, waiting, with_web=False)
        for need in waiting:
            self.held.setdefault(need.function, "waits")
        return {now: begun, following: then, later: last}

    def _answerable(self) -> list[Need]:
        """Return the needs that may get a line, in order; the others are held with the reason."""
        found: list[Need] = []
        for need in in_order(self._library.needs.values()):
            if need.function in self._library.care.unanswered:
                self.held[need.function] = "ask"
            elif self._levels[need.domain].band is None:
                self.held[need.function] = "rate"
            else:
                found.append(need)
        return found

    def _now(self, phase: str, needs: list[Need]) -> tuple[Picks, list[Need]]:
        people, budget = self._library.people, _Budget(self._library.circumstances.minutes_a_week)
        worst, rest = needs[:_KEPT], needs[_KEPT:]
        picks: list[Pick] = []
        carers = 1 if people.has_carers and self._has_levels else 0
        web = 1 if people.come_first and people.web_weak else 0
        room = self._things - carers - web
        left = self._answer(phase, worst, room, budget, picks, now=True)
        if carers:
            self._add_people(phase, "carers", budget, picks)
        if web:
            self._add_people(phase, "web", budget, picks)
        if missing := [kind for kind in ("carers", "web") if self._lacks(kind, carers, web, picks)]:
            room += len(missing)
        left += self._answer(
            phase, self._with_a_tie(rest, room, picks), room, budget, picks, now=True
        )
        self._keep(phase, room, budget, picks)
        answered = {pick.need for pick in picks}
        return self._lined_up(picks), [need for need in needs if need.function not in answered]

    @property
    def _has_levels(self) -> bool:
        """Whether anything is settled, or people alone are known to need something."""
        return any(level.band for level in self._levels.values()) or self._library.people.come_first

    def _lacks(self, kind: str, carers: int, web: int, picks: Iterable[Pick]) -> bool:
        wanted = carers if kind == "carers" else web
        return bool(wanted) and not any(pick.kind == kind for pick in picks)

    def _with_a_tie(self, needs: list[Need], room: int, picks: list[Pick]) -> list[Need]:
        """Return needs with one of the relational area moved to where it is still begun at once."""
        begun = [pick for pick in picks if pick.kind == "need"]
        room_left = room - len(begun)
        known = self._library.needs
        if room_left < 1 or any(known[pick.need].domain == _RELATIONAL for pick in begun):
            return needs
        head = needs[:room_left]
        tie = next((need for need in needs if need.domain == _RELATIONAL), None)
        if tie is None or tie in head:
            return needs
        return [*head[:-1], tie, head[-1], *(n for n in needs[room_left:] if n is not tie)]

    def _answer(
        self,
        phase: str,
        needs: Iterable[Need],
        room: int,
        budget: _Budget,
        picks: list[Pick],
        *,
        now: bool,
    ) -> list[Need]:
        """Add a line for each need while there is room; return those without one."""
        left: list[Need] = []
        for need in needs:
            own = sum(pick.kind in ("need", "keep") for pick in picks)
            if own >= room:
                left.append(need)
                continue
            best = self._library.best_for(need, self._taken, budget.minutes, now=now)
            if best is None:
                self._hold(need, budget)
                left.append(need)
                continue
            self.held.pop(need.function, None)
            self._add(Pick(best.activity, phase, "need", need.function), budget, picks)
        return left

    def _hold(self, need: Need, budget: _Budget) -> None:
        """Keep why a need has no line: the obstacle of most activities that serve it."""
        serving = self._library.serving(need.function)
        if serving:
            spare = [each for each in serving if each.activity.id not in self._taken]
            if not spare:
                self.held[need.function] = "served"
            elif budget.minutes is not None and all(
                each.minutes > budget.minutes for each in spare
            ):
                self.held[need.function] = "time"
            else:
                self.held[need.function] = "waits"
            return
        obstacles = [
            obstacle
            for name, (obstacle, _) in self._library.obstacles.items()
            if need.function in self._library.activities[name].mainly
            and self._library.activities[name].addressee == "person"
        ]
        held = [each for each in ("ask", "time", "leader", "place") if each in obstacles]
        self.held[need.function] = max(held, key=obstacles.count, default="fits")

    def _add_people(self, phase: str, kind: Kind, budget: _Budget, picks: list[Pick]) -> None:
        best = self._best_of_people(kind, budget)
        if best is not None:
            self._add(Pick(best.activity, phase, kind), budget, picks)

    def _best_of_people(self, kind: str, budget: _Budget) -> Fitting | None:
        library, people = self._library, self._library.people
        tied = people.strongest
        left = [
            each
            for each in library.addressed(kind)
            if each.activity.id not in self._taken
            and not each.late
            and (budget.minutes is None or each.minutes <= budget.minutes)
        ]
        at_school = bool({"peers", "school_work"}.intersection(people.poor_ties))
        worn = people.carers_first or bool(library.care.conditions)

        def rank(each: Fitting) -> tuple[int | str, ...]:
            activity = each.activity
            return (
                library.costs_too_much(each),
                kind == "carers" and worn and "gives_relief" not in activity.traits,
                kind == "web" and at_school and "school" not in each.settings,
                kind == "web" and not _WEB_FUNCTIONS.intersection(activity.functions[:2]),
                tied is not None and tied.name not in each.led_by,
                not library.made_for_age(activity),
                -len(each.matches),
                -min(2, len(each.needed)),
                "essential" not in activity.band,
                activity.cost != "none",
                each.minutes,
                activity.id,
            )

        return min(left, key=rank, default=None)

    def _keep(self, phase: str, room: int, budget: _Budget, picks: list[Pick]) -> None:
        """Add what is loved and goes well, or is safe where needs wait for an answer.

        The more needs there are, the less is kept; a need that has to wait leaves its place to it,
        so that a better rating never means more things at once.
        """
        if not any(level.band for level in self._levels.values()):
            return
        settled = [need for need in self._library.needs.values() if self._levels[need.domain].band]
        target = min(room, max(_KEPT, len(settled) + 1))
        while sum(pick.kind in ("need", "keep") for pick in picks) < target:
            best = self._best_to_keep(budget, picks)
            if best is None:
                return
            self._add(Pick(best.activity, phase, "keep"), budget, picks)

    def _best_to_keep(self, budget: _Budget, picks: Iterable[Pick]) -> Fitting | None:
        served = {pick.activity.domain for pick in picks}
        left = [
            each
            for each in self._library.addressed("person")
            if each.activity.id not in self._taken
            and not each.late
            and self._may_be_kept(each)
            and (budget.minutes is None or each.minutes <= budget.minutes)
        ]

        def rank(each: Fitting) -> tuple[int | str, ...]:
            activity = each.activity
            return (
                self._library.costs_too_much(each),
                -min(1, len(each.matches)),
                not self._library.made_for_age(activity),
                not _WEB_FUNCTIONS.intersection(activity.mainly[:1]),
                activity.domain in served,
                activity.cost != "none",
                each.minutes // 60,
                activity.id,
            )

        return min(left, key=rank, default=None)

    def _may_be_kept(self, each: Fitting) -> bool:
        """Whether it belongs to an area that has a level, and names no need falsely as its own."""
        library, activity = self._library, each.activity
        if "enrichment" not in activity.band and not each.matches:
            return False
        if library.care.unanswered.keys() & set(each.needed):
            return False
        band = self._levels[activity.domain].band
        first = next(iter(each.needed or activity.mainly))
        return band is not None and (band == BANDS[-1] or first not in library.typical)

    def _following(
        self, phase: str, needs: list[Need], *, with_web: bool
    ) -> tuple[Picks, list[Need]]:
        budget = _Budget(self._library.circumstances.minutes_a_week)
        picks: list[Pick] = []
        if with_web and self._library.people.poor_ties:
            self._add_people(phase, "web", budget, picks)
        left = self._answer(phase, needs, self._things - len(picks), budget, picks, now=False)
        return self._lined_up(picks), left

    def _add(self, pick: Pick, budget: _Budget, picks: list[Pick]) -> None:
        picks.append(pick)
        self._taken.add(pick.activity.id)
        budget.spend(self._library.fitting[pick.activity.id].minutes)

    def _lined_up(self, picks: Iterable[Pick]) -> Picks:
        """Return picks as they are printed: people where they come first, the gravest needs first.

        Of equals the lowest in the order of development.
        """
        people, needs = self._library.people, self._library.needs

        def place(pick: Pick) -> tuple[int, int, int]:
            match pick.kind:
                case "carers":
                    return (0 if people.carers_first else 3), 0, 0
                case "web":
                    return (0 if people.come_first else 3), 1, 0
                case "keep":
                    return 2, 0, 0
                case _:
                    need = needs[pick.need]
                    return 1, need.severity, need.order

        return tuple(sorted(picks, key=place))


def moved(pick: Pick, phase: str) -> Pick:
    """Return a pick in another phase."""
    return replace(pick, phase=phase)
