"""The limits on what is begun at once: how many things, and where they can be done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from nmt_intake.scoring.recommending.choosing.library import Library
from nmt_intake.scoring.recommending.choosing.picking import Pick, Picks, activities_of
from nmt_intake.scoring.recommending.needs import NEEDIEST_FIRST


def few_at_once(library: Library, picks: Picks) -> Picks:
    """Return the picks with what is too many at once moved to the next phase, one by one.

    The domain with the most gives its last one, of equals the one with the least need, then the
    last in order; never one that the rules keep.
    """
    sequence = library.sequence
    while True:
        begun = [place for place, pick in enumerate(picks) if pick.phase == sequence.now]
        free = [place for place in begun if not picks[place].kept]
        if len(begun) <= sequence.at_most_now or not free:
            return picks
        counted = Counter(picks[place].activity.domain for place in begun)
        gives = max(free, key=lambda place: _spare(library, picks[place], counted, place))
        moved = replace(picks[gives], phase=sequence.next)
        picks = (*picks[:gives], moved, *picks[gives + 1 :])


def _spare(
    library: Library, pick: Pick, counted: Counter[str], place: int
) -> tuple[int, int, int, int]:
    domain = pick.activity.domain
    need = NEEDIEST_FIRST.index(pick.band) if pick.band else 0
    return counted[domain], need, library.sequence.domains.index(domain), place


def in_balance(library: Library, picks: Picks) -> Picks:
    """Return the picks with some swapped inside their domain, so that the days can hold them.

    Each swap meets more of the wishes about settings than before; where none does, all stays.
    """
    while True:
        missed = _missed(library, picks)
        better = next((each for each in _swaps(library, picks) if each[0] < missed), None)
        if better is None:
            return picks
        picks = better[1]


def _swaps(library: Library, picks: Picks) -> Iterator[tuple[int, Picks]]:
    """Yield each swap with what it still misses: the last pick first, the best ranked first."""
    if not _missed(library, picks):
        return
    for place in reversed(range(len(picks))):
        pick = picks[place]
        if pick.phase != library.sequence.now or pick.kept or pick.band is None:
            continue
        plan = activities_of(picks)
        others = [
            activity
            for activity in library.for_client(pick.activity.domain, pick.band)
            if activity not in plan
        ]
        rest = activities_of((*picks[:place], *picks[place + 1 :]))
        for activity in sorted(others, key=lambda each: library.rank(each, rest)):
            new = Pick(activity, pick.band, pick.phase, "settings_balance")
            swapped = (*picks[:place], new, *picks[place + 1 :])
            yield _missed(library, swapped), swapped


def _missed(library: Library, picks: Picks) -> int:
    """Return by how much the activities begun at once miss the wishes about settings."""
    sequence = library.sequence
    wishes = sequence.settings_balance
    places = [library.open_settings(pick.activity) for pick in picks if pick.phase == sequence.now]
    missed = 0
    for setting, wanted in wishes.at_least.items():
        span = wishes.ages.get(setting)
        if span is None or span.holds(library.age):
            there = sum(setting in settings for settings in places)
            missed += max(0, min(wanted, len(places)) - there)
    for setting, most in wishes.at_most.items():
        span = wishes.ages.get(setting)
        if span is None or span.holds(library.age):
            only_there = sum(settings == (setting,) for settings in places)
            missed += max(0, only_there - most)
    return missed
