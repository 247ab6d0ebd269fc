"""A sitting of a case: what it asks, what that is for, and how long it may take, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from nmt_intake.interview.asking import next_slot, waits
from nmt_intake.interview.events import Sitting
from nmt_intake.interview.sitting import essential_slots, minutes_in_words, typical_minutes
from nmt_intake.interview.speaking import rating_title
from nmt_intake.interview.state import Interview
from nmt_intake.scoring.information import BESIDE, changes_a_level, information

SITTINGS: Final[Mapping[Sitting, str]] = {
    "essential": "the essential",
    "next": "what can still change a level",
    "full": "everything",
}
_FEW: Final = 3


class Asked:
    """Says of each slot whether the sitting of an interview asks it, quickly, from step to step.

    What could change something at one step is all that can at the next, unless an answer is
    changed; so only the slots that come next are looked at again, and all of them at the end.
    """

    def __init__(self) -> None:
        self._found: dict[str, frozenset[str]] = {}
        self._fresh: Interview | None = None
        self._essential: frozenset[str] | None = None

    def wanted(self, interview: Interview, after: str | None) -> Callable[[str], bool] | None:
        """Return whether a slot is asked in this sitting; None: all are."""
        if interview.sitting == "full":
            return None
        if interview.sitting == "essential":
            self._essential = self._kept(interview, after)
            return self._essential.__contains__
        if self._fresh is interview:
            return self._found.__contains__
        still = self._still(interview)
        if not self._found or next_slot(interview, after, still) is None:
            self._found, self._fresh = _worth_a_visit(interview), interview
            return self._found.__contains__
        return still

    def forget(self) -> None:
        """Look at everything again at the next step: something was taken back or changed."""
        self._found, self._fresh, self._essential = {}, None, None

    def _kept(self, interview: Interview, after: str | None) -> frozenset[str]:
        """Return the essential; room that shows only behind us is not used: no way back there."""
        now, before = essential_slots(interview), self._essential
        if before is None or after is None:
            return now
        place = interview.layout.position
        here = place.get(after, -1)
        return frozenset(slot for slot in now if slot in before or place[slot] > here)

    def _still(self, interview: Interview) -> Callable[[str], bool]:
        found, seen = self._found, set[str]()

        def wanted(slot: str) -> bool:
            if slot in seen or slot not in found:
                return slot in seen
            keys = found[slot].difference(BESIDE)
            changes = information(interview, keys).get(slot, frozenset())
            if changes_a_level(interview, changes):
                seen.add(slot)
            else:
                del found[slot]
            return slot in seen

        return wanted


def could_change(interview: Interview, slot: str) -> str:
    """Return what an answer here could still change, in one sentence; empty once it is told."""
    if not waits(interview, slot):
        return ""
    changes = information(interview).get(slot, frozenset())
    if not changes:
        return "Could change no rating, and neither the plan nor safety; for the story."
    titles = dict.fromkeys(
        [*(each for each in BESIDE if each in changes)]
        + [rating_title(interview, each) for each in sorted(changes.difference(BESIDE))]
    )
    more = f" and {len(titles) - _FEW} more" if len(titles) > _FEW else ""
    return f"Could still change: {'; '.join([*titles][:_FEW])}{more}."


def left_open(interview: Interview) -> str:
    """Return how many open questions could still change something, and how many could not."""
    waiting = [slot for slot in interview.layout.slots if waits(interview, slot)]
    if not waiting:
        return ""
    can = len(information(interview).keys() & set(waiting))
    return f"{can} more could change something; {len(waiting) - can} could not."


def what_is_left(interview: Interview) -> str:
    """Return what is said at the end of a sitting."""
    counts = left_open(interview)
    if not counts:
        return "Nothing is left to ask: every open question has an answer or a mark."
    return f"This sitting is done: {SITTINGS[interview.sitting]}. {counts}"


def asked_now(interview: Interview) -> list[str]:
    """Return the slots that wait to be asked in this sitting, in order."""
    waiting = [slot for slot in interview.layout.slots if waits(interview, slot)]
    if interview.sitting == "essential":
        wanted = essential_slots(interview)
        return [slot for slot in waiting if slot in wanted]
    if interview.sitting == "next":
        worth = _worth_a_visit(interview)
        return [slot for slot in waiting if slot in worth]
    return waiting


def to_come(interview: Interview) -> str:
    """Return how many questions of a sitting wait, and how long they typically take."""
    slots = asked_now(interview)
    if not slots:
        return f"{SITTINGS[interview.sitting].capitalize()}: nothing is left of it."
    minutes = minutes_in_words(typical_minutes(interview, slots))
    return (
        f"{SITTINGS[interview.sitting].capitalize()}: {len(slots)} questions are open,"
        f" typically {minutes}."
    )


def _worth_a_visit(interview: Interview) -> dict[str, frozenset[str]]:
    """Return the slots that can still change a level, the plan, safety or consent, and what."""
    found = information(interview)
    every = frozenset[str]().union(*found.values())
    worth = {each for each in every if changes_a_level(interview, (each,))}
    return {slot: changes for slot, changes in found.items() if changes & worth}


__all__ = ["SITTINGS", "Asked", "asked_now", "could_change", "left_open", "to_come", "what_is_left"]
