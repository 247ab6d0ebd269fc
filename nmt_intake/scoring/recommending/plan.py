"""A plan: which activities, in which order, each with its reasons; never a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from nmt_intake.bank.model import Activity
from nmt_intake.scoring.recommending.circumstances import Dropped


@dataclass(frozen=True, slots=True)
class Line:
    """One activity of a plan; the first of `reasons` says what in the ratings it answers to.

    `band` is the level of need of its domain, None where that is not known or not the point (an
    activity for the caregiver). `half_dose`: begin with half the time. `by_clinician`: the
    clinician put it there. `unconfirmed`: a reason rests on a rating that nobody has confirmed.
    """

    activity: Activity
    domain: str
    band: str | None
    reasons: tuple[str, ...]
    half_dose: bool = False
    by_clinician: bool = False
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class Phase:
    """One column of a plan: now, next or later."""

    id: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """One rated domain: its level of need, in percent of what is expected, and its phase.

    `band` is the one the plan goes by; the centre of the figure may lie in a higher one.
    """

    domain: str
    title: str
    band: str
    percent: Fraction
    phase: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A domain that gets nothing, and why."""

    domain: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class OnOccasion:
    """An activity that is never suggested by itself, and the occasion that it is for."""

    activity: Activity
    occasion: str


@dataclass(frozen=True, slots=True)
class Review:
    """When to look at the plan again, sooner in which case, and what to ask then."""

    weeks: int
    says: str
    sooner_when: tuple[str, ...]
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is printed as the plan.

    `said_first` stands at the top; `moved_on` says which domains have come up since the last
    plan; `principles` are the rules that shaped it as a whole; `remarks` what the clinician should
    know about the plan itself. `review` is None while no domain is rated.
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

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, phase by phase."""
        return tuple(line for phase in self.phases for line in phase.lines)
