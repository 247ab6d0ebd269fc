"""Which activities can be suggested to this client at all, and which goes before which."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from nmt_intake.bank.model import Activity
from nmt_intake.scoring.recommending.circumstances import Circumstances
from nmt_intake.scoring.recommending.needs import Need
from nmt_intake.scoring.recommending.sequence import Sequence
from nmt_intake.scoring.recommending.strengths import Match

_COSTS: Final = ("none", "low", "some")
_CAREGIVER: Final = ("caregiver",)
_TEN: Final = 10
_LAST: Final = 1000

Rank: TypeAlias = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """The activities seen for one client: what fits, and what goes before what."""

    activities: Mapping[str, Activity]
    sequence: Sequence
    age: Fraction
    needs: Mapping[str, Need]
    matches: Mapping[str, tuple[Match, ...]]
    circumstances: Circumstances

    def for_client(self, domain: str, band: str) -> tuple[Activity, ...]:
        """Return what can be suggested for a domain at this level of need, caregivers' left out."""
        return tuple(
            activity
            for activity in self._suggestible()
            if activity.made_for != _CAREGIVER
            and activity.domain == domain
            and band in activity.band
        )

    def for_caregivers(self) -> tuple[Activity, ...]:
        """Return what can be suggested for those who care, whatever its domain and band."""
        return tuple(
            activity for activity in self._suggestible() if activity.made_for == _CAREGIVER
        )

    def on_occasion(self, bands: Mapping[str, str]) -> tuple[Activity, ...]:
        """Return what fits but is for a certain occasion only; `bands` are those of the domains."""
        return tuple(
            activity
            for activity in self.activities.values()
            if activity.id in self.sequence.only_on_occasion
            and self._is_possible(activity)
            and self._suits(activity, bands)
        )

    def best(self, candidates: Iterable[Activity], plan: Collection[Activity]) -> Activity | None:
        """Return the candidate that goes first beside what the plan has; None if none is left."""
        taken = {activity.id for activity in plan}
        left = [candidate for candidate in candidates if candidate.id not in taken]
        return min(left, key=lambda activity: self.rank(activity, plan), default=None)

    def rank(self, activity: Activity, plan: Collection[Activity]) -> Rank:
        """Return the place of an activity beside what the plan has; the lowest goes first."""
        return tuple(self._rank(key, activity, plan) for key in self.sequence.rank_by)

    def open_settings(self, activity: Activity) -> tuple[str, ...]:
        """Return where it can be done at the client's age."""
        spans = self.sequence.settings_open
        return tuple(
            setting
            for setting in activity.settings
            if setting not in spans or spans[setting].holds(self.age)
        )

    def fits_age(self, activity: Activity) -> bool:
        """Return whether it is written for the client's age."""
        start, end = activity.ages
        return start <= self.age < end

    def needed_by(self, activity: Activity) -> tuple[Need, ...]:
        """Return the functions that need help and that it works on, in their published order."""
        return tuple(need for name, need in self.needs.items() if name in activity.functions)

    def _suggestible(self) -> Iterable[Activity]:
        for activity in self.activities.values():
            if activity.id not in self.sequence.only_on_occasion and self._is_possible(activity):
                yield activity

    def _is_possible(self, activity: Activity) -> bool:
        dropped = {each.activity for each in self.circumstances.dropped}
        return (
            activity.id not in dropped
            and self.fits_age(activity)
            and bool(self.open_settings(activity))
            and self._can_be_led(activity)
        )

    def _can_be_led(self, activity: Activity) -> bool:
        if not self.circumstances.client_is_only_informant:
            return True
        leaders = {leader.strip() for leader in activity.led_by.split(",")}
        alone = bool(leaders & set(self.sequence.led_without_caregiver))
        return alone and activity.made_for != _CAREGIVER

    def _suits(self, activity: Activity, bands: Mapping[str, str]) -> bool:
        if activity.made_for == _CAREGIVER:
            return True
        return bands.get(activity.domain) in activity.band

    def _newly_needed(self, activity: Activity, plan: Collection[Activity]) -> tuple[Need, ...]:
        served = {function for other in plan for function in other.functions}
        return tuple(need for need in self.needed_by(activity) if need.function not in served)

    def _rank(self, key: str, activity: Activity, plan: Collection[Activity]) -> int | str:
        match key:
            case "furthest_below":
                return min(
                    (
                        int(need.percent / _TEN)
                        for need in self._newly_needed(activity, plan)
                        if need.domain == activity.domain
                    ),
                    default=_LAST,
                )
            case "new_needed_functions":
                return -len(self._newly_needed(activity, plan))
            case "lowest_function":
                return min((need.order for need in self.needed_by(activity)), default=_LAST)
            case "strengths":
                return -len(self.matches.get(activity.id, ()))
            case "settings":
                return min(
                    sum(setting in self.open_settings(other) for other in plan)
                    for setting in self.open_settings(activity)
                )
            case "cost":
                return _COSTS.index(activity.cost)
            case _:
                return activity.id
