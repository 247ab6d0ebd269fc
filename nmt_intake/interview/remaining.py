"""What is left: to be found out elsewhere, not decidable, or told differently by two people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from nmt_intake.interview.asking import Read, Reason, unknowns, waits, waits_for
from nmt_intake.interview.events import MissingReason
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.left import TO_FIND_OUT
from nmt_intake.interview.slots import Given
from nmt_intake.interview.state import Interview


@dataclass(frozen=True, slots=True)
class ToFindOut:
    """One line of the to-do list: a question nobody could answer, and who may know."""

    slot: str
    reason: MissingReason
    informant: str | None
    who_knows: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """A slot nobody can say of yet whether it is to be asked, and what that hangs on.

    `stuck` means that no question still to be asked will tell: the answer was marked missing, a
    fact is not known. The interviewer may ask it all the same.
    """

    slot: str
    waits_for: tuple[Reason, ...]
    stuck: bool


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A question to which informants gave different answers; both stand."""

    slot: str
    given: tuple[Given, ...]


def to_find_out(interview: Interview) -> tuple[ToFindOut, ...]:
    """Return the to-do list, in the order of the conversation; an answer takes a line off it."""
    return tuple(
        ToFindOut(slot, mark.reason, mark.informant, mark.who_knows)
        for slot in interview.left.to_find_out
        for mark in interview.said(slot).marks
        if mark.reason in TO_FIND_OUT
    )


def disagreements(interview: Interview) -> tuple[Disagreement, ...]:
    """Return the questions on which informants differ, in the order of the conversation."""
    return tuple(
        Disagreement(slot, interview.said(slot).given) for slot in interview.left.differing
    )


def undecided_slots(interview: Interview) -> tuple[Undecided, ...]:
    """Return the slots that are neither open nor closed, with what they wait for.

    Left out are those that were spoken of, those that are asked anyway because informants differ,
    and those that hang only on questions which are closed themselves.
    """
    outlooks: dict[str, _Outlook] = {}
    found: list[Undecided] = []
    for slot in _undecided_by_rank(interview):
        awaited = unknowns(interview, slot)
        if not awaited and waits(interview, slot):
            outlooks[slot] = _Outlook.COMING
            continue
        each_outlook = [_outlook(interview, each, outlooks) for each in awaited]
        outlooks[slot] = max(each_outlook, default=_Outlook.STUCK)
        if outlooks[slot] is not _Outlook.NEVER:
            stuck = outlooks[slot] is _Outlook.STUCK
            found.append(Undecided(slot, waits_for(interview, slot), stuck))
    place = interview.layout.position
    return tuple(sorted(found, key=lambda each: place[each.slot]))


def parked(interview: Interview) -> Mapping[str, int]:
    """Return how many open questions are not asked for now, by the reason: not alone."""
    found: Counter[str] = Counter()
    for slot in interview.layout.slots if interview.setting.parked else ():
        park = interview.setting.parked.get(split_slot(slot)[1])
        if park and slot not in interview.slots and interview.truths.get(slot) is True:
            found[park.translations.get(interview.language, park.reason)] += 1
    return found


class _Outlook(IntEnum):
    NEVER = 0
    STUCK = 1
    COMING = 2


def _undecided_by_rank(interview: Interview) -> Iterator[str]:
    for question in interview.graph.by_rank:
        for prefix in interview.layout.prefixes_of(question):
            slot = prefix + question.id
            if interview.truths[slot] is None and slot not in interview.slots:
                yield slot


def _outlook(interview: Interview, awaited: Read, known: dict[str, _Outlook]) -> _Outlook:
    """Return whether what is awaited will be asked, is stuck, or is closed and never comes."""
    kind, name = awaited
    if kind != "slot":
        return _Outlook.STUCK
    if name in known:
        return known[name]
    if not interview.counts(name):
        return _Outlook.NEVER
    return _Outlook.COMING if waits(interview, name) else _Outlook.STUCK
