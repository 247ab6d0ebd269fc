"""Which activities can be suggested to this person, why others cannot, and which is best."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from nmt_intake.bank.model import Activity
from nmt_intake.scoring.planner.care import Care
from nmt_intake.scoring.planner.circumstances import Circumstances, Match, words_heard
from nmt_intake.scoring.planner.needs import Need
from nmt_intake.scoring.planner.people import People
from nmt_intake.scoring.planner.rules import BANDS, Rules

_COSTS: Final = ("none", "low", "some")
_SOME_OTHERS: Final = 2
# What is far below wants a thing done at least so often in a week.
_OFTEN: Final = 2
_FAR_BELOW: Final = 2
# Who has no minute at all still does what is folded into care, a minute each time.
_FOLDED_IN: Final = 1
# An activity whose ages end later than this was not thought out for a baby, a small child.
_BABY_THINGS_END: Final = 84
_CHILD_THINGS_END: Final = 240

Obstacle: TypeAlias = Literal["fits", "place", "leader", "ask", "time"]
Rank: TypeAlias = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Fitting:
    """An activity that can be suggested: where, led by whom, matching which loved things.

    `minutes` is what it costs in a week; half of its dose where `smaller` says that the household
    has no more for one thing. `late`: not among what is begun at once.
    """

    activity: Activity
    settings: tuple[str, ...]
    led_by: tuple[str, ...]
    matches: tuple[Match, ...]
    needed: tuple[str, ...]
    late: bool
    minutes: int
    smaller: bool


@dataclass(frozen=True)
class Library:
    """The activities as they are for one person; `obstacles` says why some cannot be suggested."""

    rules: Rules
    age: float
    needs: Mapping[str, Need]
    typical: frozenset[str]
    people: People
    care: Care
    circumstances: Circumstances
    activities: Mapping[str, Activity]
    fitting: Mapping[str, Fitting]
    obstacles: Mapping[str, tuple[Obstacle, str]]
    _by_function: Mapping[str, tuple[Fitting, ...]] = field(repr=False)

    def serving(self, function: str) -> tuple[Fitting, ...]:
        """Return what can be suggested that is made for a function."""
        return self._by_function.get(function, ())

    def addressed(self, addressee: str) -> tuple[Fitting, ...]:
        """Return what can be suggested to carers, web or clinic."""
        return tuple(each for each in self.fitting.values() if each.activity.addressee == addressee)

    def fits_age(self, activity: Activity) -> bool:
        """Return whether it is written for this age."""
        return activity.fits(self.age)

    def best_for(
        self, need: Need, taken: Collection[str], minutes: int | None, *, now: bool
    ) -> Fitting | None:
        """Return what answers a need best among what is not taken and fits into the minutes."""
        left = [
            each
            for each in self.serving(need.function)
            if each.activity.id not in taken
            and not (now and each.late)
            and (minutes is None or each.minutes <= minutes)
        ]
        return min(left, key=lambda each: self._rank(each, need), default=None)

    def costs_too_much(self, each: Fitting, need: Need | None = None) -> bool:
        """Return whether it takes more than one thing's part of what the household has.

        What is far below may take twice as much.
        """
        share = share_of_one(self.circumstances.minutes_a_week, self.rules)
        parts = _FAR_BELOW if need is not None and need.band == BANDS[0] else 1
        return share is not None and each.minutes > share * parts

    def _rank(self, each: Fitting, need: Need) -> Rank:
        activity = each.activity
        low, high = activity.levels
        tied = self.people.strongest
        others = sum(name != need.function for name in each.needed)
        return (
            self.costs_too_much(each, need),
            activity.addressee != "person",
            not low <= need.rating <= high,
            not self.made_for_age(activity),
            need.function in self.rules.sequence.effect_against.get(activity.effect, ()),
            self.people.come_first and tied is not None and tied.name not in each.led_by,
            need.band == BANDS[0] and not self._is_of_every_day(each),
            activity.mainly.index(need.function),
            -self.care.preferred(activity),
            -min(1, len(each.matches)),
            need.band not in activity.band,
            len(activity.mainly),
            -min(_SOME_OTHERS, others),
            _COSTS.index(activity.cost),
            activity.id,
        )

    def _is_of_every_day(self, each: Fitting) -> bool:
        """Return whether it comes often and where the days are lived."""
        return each.activity.times >= _OFTEN and bool({"home", "school"} & set(each.settings))

    def made_for_age(self, activity: Activity) -> bool:
        """Return whether it belongs to this stage of life, or says how it looks in it."""
        group = age_group(self.age)
        start, end = activity.ages
        if group in activity.forms:
            return True
        match group:
            case "baby":
                return end <= _BABY_THINGS_END
            case "small_child":
                return end <= _CHILD_THINGS_END
            case "adult":
                return start >= self.rules.sequence.ages.childish_until
            case _:
                return True

    def form(self, activity: Activity) -> str:
        """Return how it looks at this age, where it says so."""
        return activity.forms.get(age_group(self.age), "")


def things_at_once(minutes: int | None, rules: Rules) -> int:
    """Return how many things a household begins at once that has so many minutes a week."""
    rule = rules.sequence.at_once
    few = minutes is not None and minutes < rule.few_minutes_below
    return rule.with_few_minutes if few else rule.things


def share_of_one(minutes: int | None, rules: Rules) -> float | None:
    """Return one thing's part of the minutes that a household has; None without a limit."""
    return None if minutes is None else minutes / things_at_once(minutes, rules)


def age_group(age: float) -> str:
    """Return which of the five ages one in months is."""
    edges = (("baby", 18), ("small_child", 72), ("school_age", 144), ("youth", 216))
    return next((name for name, end in edges if age < end), "adult")


def library_for(
    activities: Iterable[Activity],
    needs: Mapping[str, Need],
    typical: frozenset[str],
    people: People,
    care: Care,
    circumstances: Circumstances,
    rules: Rules,
) -> Library:
    """Return the library as it is for one person; `typical` are functions in the typical range."""
    known = {activity.id: activity for activity in activities}
    heard = words_heard(circumstances.strengths, rules)
    dropped = {each.activity for each in circumstances.dropped}
    view = _View(rules, people, care, circumstances, needs, heard)
    fitting: dict[str, Fitting] = {}
    obstacles: dict[str, tuple[Obstacle, str]] = {}
    for name, activity in known.items():
        if name in dropped or not activity.fits(people.age):
            continue
        found = view.look_at(activity)
        if isinstance(found, Fitting):
            fitting[name] = found
        else:
            obstacles[name] = found
    by_function: dict[str, list[Fitting]] = {}
    for each in fitting.values():
        if each.activity.addressee != "carers":
            for function in each.activity.mainly:
                by_function.setdefault(function, []).append(each)
    return Library(
        rules,
        people.age,
        needs,
        typical,
        people,
        care,
        circumstances,
        known,
        fitting,
        obstacles,
        {name: tuple(found) for name, found in by_function.items()},
    )


@dataclass(frozen=True, slots=True)
class _View:
    """What one activity is looked at with."""

    rules: Rules
    people: People
    care: Care
    circumstances: Circumstances
    needs: Mapping[str, Need]
    heard: tuple[Match, ...]

    def look_at(self, activity: Activity) -> Fitting | tuple[Obstacle, str]:
        """Return how an activity fits, or what stands in its way and what that waits for."""
        traits = frozenset(activity.traits)
        matches = tuple(match for match in self.heard if match.word in activity.strengths)
        if activity.id in self.rules.sequence.on_occasion and not matches:
            return "fits", "occasion"
        if reason := self._unfit(traits):
            return "fits", reason
        if waits := self.care.waits_for(activity):
            return "ask", waits
        settings = self._settings(activity)
        if not settings:
            return "place", ""
        led_by = self.people.leaders(activity, settings)
        if not led_by:
            return "leader", ""
        minutes, smaller = self._dose(activity)
        limit = self.circumstances.minutes_a_week
        if limit is not None and minutes > limit:
            return "time", ""
        needed = tuple(name for name in activity.functions if name in self.needs)
        late = self.care.is_kept_for_later(activity)
        return Fitting(activity, settings, led_by, matches, needed, late, minutes, smaller)

    def _dose(self, activity: Activity) -> tuple[int, bool]:
        """Return the minutes a week, and whether that is the smaller dose for want of time."""
        minutes = activity.minutes_a_week
        share = share_of_one(self.circumstances.minutes_a_week, self.rules)
        if share is None or minutes <= share:
            return minutes, False
        if not share and activity.minutes <= _FOLDED_IN:
            return 0, True
        return -(-minutes // 2), True

    def _unfit(self, traits: frozenset[str]) -> str:
        """Return why it is not for this person whatever is asked; empty if it may be."""
        ages, people = self.rules.sequence.ages, self.people
        if "childish" in traits and people.age >= ages.childish_until:
            return "childish"
        if "needs_sibling" in traits and not people.has("sibling"):
            return "no sibling"
        if "needs_kin" in traits and not people.has("kin"):
            return "no kin"
        if "needs_partner" in traits and not people.has("partner"):
            return "no partner"
        if traits & {"needs_carer", "for_carers_only"} and not people.has_carers:
            return "no carer"
        if "nonspeaking_support" in traits and not self._may_need_signs():
            return "speaks"
        if "faith" in traits and not any(match.word == "faith" for match in self.heard):
            return "no faith named"
        return ""

    def _may_need_signs(self) -> bool:
        low = [self.needs[name] for name in ("speech", "communication") if name in self.needs]
        return "nonspeaking_support" in self.care.prefer or bool(low)

    def _settings(self, activity: Activity) -> tuple[str, ...]:
        start, end = self.rules.sequence.ages.school
        given = self.circumstances.settings
        return tuple(
            setting
            for setting in activity.settings
            if (setting != "school" or start <= self.people.age < end)
            and (given is None or setting in given)
        )
