"""A plan: which activities, in which order, each with its reasons; never a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from nmt_intake.bank.model import Activity
from nmt_intake.scoring.metrics import Json
from nmt_intake.scoring.planner.circumstances import Dropped

# Page one and the desk name so many steps.
_FIRST_STEPS: Final = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One activity of a plan; the first of `reasons` says what in the ratings it answers to.

    `band` is the level of its domain, the same everywhere; None for a line to carers, web or
    clinic, and where the domain has no level. `functions` begin with what the line is there for.
    `need` is that function, or empty. `led_by` are the people of this case. `half_dose`: begin with
    the smaller dose. `by_clinician`: the clinician put it there. `unconfirmed`: a reason rests on
    a rating that nobody has confirmed. `form` is how it looks at this age. `who` are `led_by` in
    words, `of_school` those of them who are there on school days only; `when` is said in words.
    """

    activity: Activity
    domain: str
    band: str | None
    reasons: tuple[str, ...]
    half_dose: bool = False
    by_clinician: bool = False
    unconfirmed: bool = False
    addressee: str = "person"
    need: str = ""
    functions: tuple[str, ...] = ()
    led_by: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    minutes_a_week: int = 0
    form: str = ""
    adaptations: tuple[str, ...] = ()
    ask_first: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    of_school: frozenset[str] = frozenset()
    when: str = ""

    @property
    def gives(self) -> bool:
        """Whether those who care get something by it, and owe nothing."""
        return "gives_relief" in self.activity.traits

    def as_json(self) -> Mapping[str, Json]:
        """Return the line as the plan contract has it, and what else is known of it."""
        return {
            "activity": self.activity.id,
            "title": self.activity.title,
            "to": self.addressee,
            "domain": self.domain,
            "band": self.band,
            "need": self.need,
            "functions": list(self.functions),
            "led_by": list(self.led_by),
            "settings": list(self.settings),
            "minutes_a_week": self.minutes_a_week,
            "effect": self.activity.effect,
            "reasons": list(self.reasons),
            "adaptations": [*([self.form] if self.form else []), *self.adaptations],
            "ask_first": list(self.ask_first),
            "signs": self.activity.signs,
            "unconfirmed": self.unconfirmed,
        }


@dataclass(frozen=True, slots=True)
class Phase:
    """One column of a plan: now, next or later."""

    id: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps in a line: what, who leads it, when, and what it is there for."""

    activity: str
    title: str
    who: str
    when: str
    why: str


@dataclass(frozen=True, slots=True)
class Area:
    """One domain with its level, in percent of what is expected, and the phase it begins in."""

    domain: str
    title: str
    band: str
    percent: Fraction
    phase: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A domain that gets no plan, why, and which functions to rate first, also in words."""

    domain: str
    title: str
    reason: str
    functions: tuple[str, ...] = ()
    names: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """Whom to ask before anything of a kind is begun; `about` are conditions and functions.

    `activities` are those that would have been suggested and wait for the answer.
    """

    about: tuple[str, ...]
    whom: tuple[str, ...]
    says: str
    soon: bool = False
    safety: bool = False
    activities: tuple[str, ...] = ()

    def as_json(self) -> Mapping[str, Json]:
        """Return the entry as plain data."""
        return {
            "about": list(self.about),
            "whom": list(self.whom),
            "says": self.says,
            "soon": self.soon,
            "activities": list(self.activities),
        }


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A function that needs help and that no line of the plan is there for, and why."""

    function: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class OnOccasion:
    """An activity that is never suggested by itself, and the occasion that it is for."""

    activity: Activity
    occasion: str


@dataclass(frozen=True, slots=True)
class Review:
    """When to look at the plan again, sooner in which case, and what to ask then.

    `weeks` is the first time; `times` are all of them, in weeks from the day the plan begins.
    """

    weeks: int
    says: str
    sooner_when: tuple[str, ...]
    asks: tuple[str, ...]
    times: tuple[int, ...] = ()

    def dates(self, begins: date) -> tuple[date, ...]:
        """Return the days to look again, counted from the day that the plan begins."""
        return tuple(begins + timedelta(weeks=weeks) for weeks in self.times)


@dataclass(frozen=True, slots=True)
class Sign:
    """What to watch of one function while the plan runs: that it helps, and that it harms."""

    function: str
    title: str
    helps: str
    harms: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of a day: when, what, who leads it, and for how many minutes beyond the day."""

    moment: str
    activity: str
    title: str
    led_by: str
    minutes: int
    who: str = ""


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One moment of the week on a page: what weekdays have beside what the weekend has."""

    moment: str
    title: str
    weekday: tuple[str, ...]
    weekend: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Already:
    """What helps already, in the teller's words: of which function, and who said it."""

    text: str
    said_by: str
    function: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week on one page."""

    day: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is printed as the plan.

    `said_first` stands at the top: safety, then people; `asks` come next, above all activities.
    `areas` are the domains with a level, `held` those that are under half rated. `moved_on` says
    which domains have come up since the last plan; `principles` are the rules that shaped it as a
    whole; `remarks` what the clinician should know about the plan itself. `review` is None while
    no domain has a level. `limit_says` is the printed rule of the household. `page` is the week,
    `already` what is there on Monday, `always_adapt` how all of it is done with this person;
    `school_days`: the person goes to school, as far as is known.
    """

    versions: Mapping[str, str]
    basis: str
    said_first: tuple[str, ...]
    phases: tuple[Phase, ...]
    areas: tuple[Area, ...]
    held: tuple[Held, ...]
    on_occasion: tuple[OnOccasion, ...]
    occasion_says: str
    dropped: tuple[Dropped, ...]
    moved_on: tuple[str, ...]
    principles: tuple[str, ...]
    always_says: tuple[str, ...]
    half_dose_says: str
    stop_when: tuple[str, ...]
    review: Review | None
    clinician_may: tuple[str, ...]
    clinician_says: str
    remarks: tuple[str, ...]
    asks: tuple[Ask, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    watch: tuple[Sign, ...] = ()
    week: tuple[Day, ...] = ()
    seldom: tuple[Entry, ...] = ()
    leave_out: tuple[str, ...] = ()
    limit_says: str = ""
    page: tuple[WeekRow, ...] = ()
    already: tuple[Already, ...] = ()
    always_adapt: tuple[str, ...] = ()
    school_days: bool = False

    def own_adaptations(self, line: Line) -> tuple[str, ...]:
        """Return how a line is adapted beyond what holds for all of them (`always_adapt`)."""
        return tuple(text for text in line.adaptations if text not in self.always_adapt)

    @property
    def first_steps(self) -> tuple[Step, ...]:
        """The first three things that are begun, as they stand in the first phase."""
        return tuple(
            Step(
                line.activity.id,
                line.activity.title,
                " or ".join(line.who[:2]) or "nobody yet",
                line.when,
                next(iter(line.reasons), ""),
            )
            for line in self.phases[0].lines[:_FIRST_STEPS]
        )

    @property
    def for_doctor(self) -> tuple[str, ...]:
        """What a doctor or specialist should be asked or told, the most pressing first."""
        return tuple(ask.says for ask in self.asks)

    @property
    def rate_first(self) -> tuple[str, ...]:
        """For each area without a level: the functions to rate first, in words."""
        return tuple(f"{held.title}: {held.names}" for held in self.held)

    @property
    def for_carers(self) -> tuple[Line, ...]:
        """What those who care get or do, of what is begun."""
        return tuple(line for line in self.phases[0].lines if line.addressee == "carers")

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, phase by phase."""
        return tuple(line for phase in self.phases for line in phase.lines)

    def as_json(self) -> Mapping[str, Json]:
        """Return the plan as its contract has it, and what else is printed of it."""
        phases: list[Json] = [
            {"id": phase.id, "lines": [line.as_json() for line in phase.lines]}
            for phase in self.phases
        ]
        review: Json = (
            None
            if self.review is None
            else {
                "weeks": self.review.weeks,
                "times": list(self.review.times),
                "sooner_when": list(self.review.sooner_when),
                "asks": list(self.review.asks),
            }
        )
        return {
            "versions": dict(self.versions),
            "said_first": list(self.said_first),
            "ask_first": [ask.as_json() for ask in self.asks],
            "levels": [
                {"domain": area.domain, "level": area.band, "phase": area.phase}
                for area in self.areas
            ],
            "rate_first": [
                {"domain": held.domain, "functions": list(held.functions), "reason": held.reason}
                for held in self.held
            ],
            "limit": self.limit_says,
            "phases": phases,
            "unanswered": [
                {"function": each.function, "reason": each.reason} for each in self.unanswered
            ],
            "week": [
                {"day": day.day, "entries": [_entry(each) for each in day.entries]}
                for day in self.week
            ],
            "seldom": [_entry(each) for each in self.seldom],
            "watch": [
                {"function": sign.function, "helps": sign.helps, "harms": sign.harms}
                for sign in self.watch
            ],
            "already": [
                {"text": each.text, "said_by": each.said_by, "function": each.function}
                for each in self.already
            ],
            "leave_out": list(self.leave_out),
            "review": review,
        }


def _entry(entry: Entry) -> Mapping[str, Json]:
    return {
        "moment": entry.moment,
        "activity": entry.activity,
        "title": entry.title,
        "led_by": entry.led_by,
        "minutes": entry.minutes,
    }
