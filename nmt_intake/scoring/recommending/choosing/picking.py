"""Which activities a plan begins with: domain by domain, then what the rules want beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from nmt_intake.bank.model import Activity
from nmt_intake.scoring.ratings import Ratings
from nmt_intake.scoring.recommending.choosing.library import Library
from nmt_intake.scoring.recommending.needs import Placed
from nmt_intake.scoring.recommending.sequence import AlwaysInNow, LowRating

# The acting key by which an activity is in the plan.
Rule: TypeAlias = Literal[
    "at_most",
    "always_in_now",
    "keep_strengths",
    "settings_balance",
    "caregiver_activities",
    "caregiver_first_when",
    "clinician_may",
]

_NEVER: Final = AlwaysInNow(0, ())


@dataclass(frozen=True, slots=True)
class Pick:
    """An activity in a phase, by a rule. `kept`: no limit moves it or swaps it."""

    activity: Activity
    band: str | None
    phase: str
    by: Rule = "at_most"
    kept: bool = False


Picks: TypeAlias = tuple[Pick, ...]


def activities_of(picks: Iterable[Pick]) -> tuple[Activity, ...]:
    """Return the activities of some picks."""
    return tuple(pick.activity for pick in picks)


def by_domain(library: Library, domains: Iterable[Placed]) -> Picks:
    """Return the picks of each rated domain, the domains in order, each up to its limit."""
    sequence = library.sequence
    picks: Picks = ()
    for domain in domains:
        candidates = library.for_client(domain.domain, domain.band)
        limit = sequence.at_most.get(domain.band, len(candidates))
        always = sequence.always_in_now.get(domain.domain, _NEVER)
        for place in range(limit):
            plan = activities_of(picks)
            if place < always.at_least:
                wanted = [each for each in candidates if set(each.functions) & set(always.works_on)]
                best = library.best(wanted, plan) or library.best(candidates, plan)
                phase, by, kept = sequence.now, "always_in_now", True
            else:
                best = library.best(candidates, plan)
                phase, by, kept = domain.phase, "at_most", False
            if best is None:
                break
            picks = (*picks, Pick(best, domain.band, phase, by, kept))
    return picks


def with_strengths(library: Library, domains: Iterable[Placed], picks: Picks) -> Picks:
    """Return the picks with so many loved things begun at once as the rules want, if there are."""
    sequence = library.sequence
    bands = {each.domain: each.band for each in domains if each.band in sequence.strengths_kept_in}
    kept = 0
    for place, pick in enumerate(picks):
        if kept < sequence.strengths_kept and _is_loved_now(library, pick, bands):
            by = "keep_strengths" if pick.by == "at_most" else pick.by
            picks = (*picks[:place], replace(pick, by=by, kept=True), *picks[place + 1 :])
            kept += 1
    while kept < sequence.strengths_kept:
        loved = [
            activity
            for domain, band in bands.items()
            for activity in library.for_client(domain, band)
            if library.matches.get(activity.id) and not _is_begun(activity, picks, sequence.now)
        ]
        best = min(loved, key=lambda each: library.rank(each, activities_of(picks)), default=None)
        if best is None:
            break
        picks = _with_loved(library, picks, best, bands[best.domain])
        kept += 1
    return picks


def _is_loved_now(library: Library, pick: Pick, bands: Iterable[str]) -> bool:
    loved = bool(library.matches.get(pick.activity.id))
    return loved and pick.phase == library.sequence.now and pick.activity.domain in bands


def _is_begun(activity: Activity, picks: Picks, now: str) -> bool:
    return any(pick.activity.id == activity.id and pick.phase == now for pick in picks)


def _with_loved(library: Library, picks: Picks, loved: Activity, band: str) -> Picks:
    """Return the picks with `loved` in the first phase; a full domain gives its last one for it."""
    sequence = library.sequence
    others = tuple(pick for pick in picks if pick.activity.id != loved.id)
    same = [pick for pick in others if pick.activity.domain == loved.domain]
    if len(same) >= sequence.at_most.get(band, len(same) + 1):
        free = [pick for pick in same if not pick.kept]
        if not free:
            return picks
        others = tuple(pick for pick in others if pick is not free[-1])
    return (*others, Pick(loved, band, sequence.now, "keep_strengths", kept=True))


def for_caregivers(library: Library, ratings: Ratings) -> Picks:
    """Return the picks for those who care; the library has none if only the client tells."""
    sequence = library.sequence
    first = bool(low_ratings(library, ratings))
    counts = sequence.caregiver_activities
    candidates = library.for_caregivers()
    chosen: list[Activity] = []
    while len(chosen) < (counts.first if first else counts.usual):
        best = library.best(candidates, chosen)
        if best is None:
            break
        chosen.append(best)
    by: Rule = "caregiver_first_when" if first else "caregiver_activities"
    return tuple(Pick(activity, None, sequence.now, by, kept=True) for activity in chosen)


def low_ratings(library: Library, ratings: Ratings) -> tuple[tuple[LowRating, int], ...]:
    """Return the ratings that put the caregiver first, with their figures; unknown is not low."""
    parts = {"relationships": ratings.relationships, "functions": ratings.functions}
    found: list[tuple[LowRating, int]] = []
    for low in library.sequence.caregiver_first_when:
        part, _, item = low.key.partition(".")
        rating = parts[part].get(item)
        if rating is not None and rating <= low.at_most:
            found.append((low, rating))
    return tuple(found)
