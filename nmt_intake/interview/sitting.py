"""How much one sitting asks, and how long that takes; what it leaves out stays open as before.

The essential sitting asks what the bank marks as essential: at most `MOST` questions. Minutes are
a judgement: words read aloud at 140 a minute, then 7 seconds for a choice, 15 for several, 25 for
own words or a fact, 60 for a table.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nmt_intake.bank.kinds import KINDS as BANK_KINDS
from nmt_intake.bank.model import Question
from nmt_intake.bank.truth import State
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.speaking import spoken
from nmt_intake.interview.state import Interview

MOST: Final = 120
_SECONDS: Final = {"choice": 7, "yes_no": 7, "scale": 7, "choices": 15, "table": 60}
_WORDS_A_MINUTE: Final = 140
_FEW: Final = 60


def essential_slots(interview: Interview) -> frozenset[str]:
    """Return the slots of an essential sitting: those that are always asked, and what has room.

    What is not decided yet keeps its place, so that no more than `MOST` come to be asked; where
    even what is always asked is more, the first stretches of life give way (a judgement).
    """
    always: list[str] = []
    if_room: list[str] = []
    for question in interview.bank.questions.values():
        if question.essential and not interview.setting.passes_over(question.id):
            here = always if question.essential == "always" else if_room
            slots = (prefix + question.id for prefix in interview.layout.prefixes_of(question))
            here += (slot for slot in slots if interview.states[slot] is not State.CLOSED)
    if len(always) > MOST:
        latest = {f"{each}/": -at for at, each in enumerate(interview.instances("period"))}
        always.sort(key=lambda slot: latest.get(split_slot(slot)[0], -99))
    opened = [each for each in if_room if interview.states[each] is not State.PENDING]
    # What was told already is in, so that an answer never takes another's place.
    place = interview.layout.position
    opened.sort(key=lambda slot: (slot not in interview.slots, place[slot]))
    return frozenset([*always, *opened][:MOST])


def minutes_of(interview: Interview, slot: str) -> float:
    """Return how long a question takes to ask and to answer, in minutes (a judgement)."""
    question = interview.question(slot)
    return _minutes(interview, slot, question) if question else 0.0


def typical_minutes(interview: Interview, slots: Iterable[str]) -> float:
    """Return how long these questions take, from the first few and their number, in minutes."""
    every = list(slots)
    some = every[:: len(every) // _FEW + 1]
    return len(every) / len(some) * sum(minutes_of(interview, each) for each in some) if some else 0


def minutes_in_words(minutes: float) -> str:
    """Return a length of time as one says it: never a countdown."""
    if minutes < 3:
        return "a few minutes"
    if minutes < 53:
        return f"about {max(5, 5 * round(minutes / 5))} minutes"
    if minutes < 68:
        return "about an hour"
    quarters = round(minutes / 15)
    hours, rest = divmod(quarters, 4)
    parts = ("", " and a quarter", " and a half", " and three quarters")
    named = "one hour" if hours == 1 else f"{hours} hours"
    return f"about {named}{parts[rest]}"


def _minutes(interview: Interview, slot: str, question: Question) -> float:
    said = spoken(interview, slot)
    options = " ".join(said.options.values()) if BANK_KINDS[question.kind].shape != "codes" else ""
    words = len(" ".join([said.preface or "", said.ask, options]).split())
    return words / _WORDS_A_MINUTE + _SECONDS.get(question.kind, 25) / 60


__all__ = ["MOST", "essential_slots", "minutes_in_words", "minutes_of", "typical_minutes"]
