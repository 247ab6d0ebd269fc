"""In which order help goes: the rules a plan is made by, checked once and then only read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class AgeSpan:
    """Ages in months from `start` up to, not with, `end`."""

    start: Fraction
    end: Fraction

    def holds(self, age: Fraction) -> bool:
        """Return whether `age` lies in it."""
        return self.start <= age < self.end


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the order (regulate, relate, reason): its domains in order, and why it is there."""

    id: str
    title: str
    domains: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class AlwaysInNow:
    """So many activities of a domain are begun at once; if it can be, they work on these."""

    at_least: int
    works_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LowRating:
    """The rating `key` (`relationships.siblings`) counts as low at `at_most` and below."""

    key: str
    at_most: int


@dataclass(frozen=True, slots=True)
class CaregiverCounts:
    """How many activities for the caregiver: usually, and when the caregiver comes first."""

    usual: int
    first: int


@dataclass(frozen=True, slots=True)
class SettingsBalance:
    """Counts by setting: doable there at least, doable only there at most; and ages it is for."""

    at_least: Mapping[str, int]
    at_most: Mapping[str, int]
    ages: Mapping[str, AgeSpan]


@dataclass(frozen=True, slots=True)
class MoveOn:
    """What is said when a domain has come up from one band to another."""

    start: str
    end: str
    says: str


@dataclass(frozen=True, slots=True)
class ReviewTime:
    """After how many weeks to look at a plan again, and how that is said."""

    weeks: int
    says: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """The sequence rules as values.

    `says` holds the sentence of each rule by its acting key; of the keys that stand more than
    once (`move_on`, `always_says`, `say_first_when`) the sentences are in fields of their own.
    """

    version: str
    basis: str
    steps: tuple[Step, ...]
    phases: tuple[str, str, str]
    says: Mapping[str, str]
    lowest_system_first: bool
    one_domain_at_a_time: Mapping[str, int]
    enrichment_goes_to: str
    always_in_now: Mapping[str, AlwaysInNow]
    strengths_kept: int
    strengths_kept_in: tuple[str, ...]
    at_most: Mapping[str, int]
    at_most_now: int
    caregiver_first_when: tuple[LowRating, ...]
    caregiver_activities: CaregiverCounts
    rank_by: tuple[str, ...]
    needed_below_percent: Fraction
    needed_steps_below: Fraction
    settings_balance: SettingsBalance
    settings_open: Mapping[str, AgeSpan]
    led_without_caregiver: tuple[str, ...]
    only_on_occasion: Mapping[str, str]
    lowest_of_range: bool
    half_dose_when: tuple[str, ...]
    move_on: tuple[MoveOn, ...]
    said_first_if_safety_open: tuple[str, ...]
    always_says: tuple[str, ...]
    clinician_may: tuple[str, ...]
    stop_when: tuple[str, ...]
    review: Mapping[str, ReviewTime]
    review_sooner_when: tuple[str, ...]
    review_asks: tuple[str, ...]
    strength_words: Mapping[str, tuple[str, ...]]
    strength_not_after: tuple[str, ...]

    @property
    def now(self) -> str:
        """The phase that is begun at once."""
        return self.phases[0]

    @property
    def next(self) -> str:
        """The phase that is begun when the first one holds."""
        return self.phases[1]

    @property
    def domains(self) -> tuple[str, ...]:
        """All domains, lowest system first."""
        return tuple(domain for step in self.steps for domain in step.domains)
