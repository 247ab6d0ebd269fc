"""Where the conversation goes next, seen from the desk: a question, an offer to add, or the end.

The interview's own `next_slot` knows the questions that are there. Carers, homes and exposures
are there only once somebody names them, so between two parts the desk offers to add one.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Final, TypeAlias

from nmt_intake.bank.model import Block
from nmt_intake.interview.asking import next_slot, waits
from nmt_intake.interview.graph import loop_of, split_slot
from nmt_intake.interview.progress import is_shown
from nmt_intake.interview.state import Interview

NAMED: Final = ("caregiver", "placement", "exposure")


@dataclass(frozen=True, slots=True)
class AtQuestion:
    """At one question instance."""

    slot: str


@dataclass(frozen=True, slots=True)
class AtOffer:
    """Between two parts: is there one (more) caregiver, placement or exposure to add?"""

    loop: str


@dataclass(frozen=True, slots=True)
class AtEnd:
    """Nothing waits to be asked."""


Place: TypeAlias = AtQuestion | AtOffer | AtEnd


def next_place(
    interview: Interview,
    after: Place | None,
    declined: frozenset[str],
    wanted: Callable[[str], bool] | None = None,
) -> Place:
    """Return where to go after a place; offers that were declined are not made again.

    Where a sitting has not all `wanted`, no offers are made, but an entry that is begun goes on.
    """
    start = _block_of(interview, after)
    if wanted is not None:
        slot = next_slot(interview, _behind(interview, after, start), _begun_too(after, wanted))
        return AtQuestion(slot) if slot else AtEnd()
    slot = next_slot(interview, _behind(interview, after, start))
    end = _block_of(interview, AtQuestion(slot)) if slot else 0
    if slot is None or end < start:
        end = len(interview.bank.blocks)
    for loop, first, last in _loops(interview):
        if loop not in declined and last < end and (first >= start or first <= start <= last):
            return AtOffer(loop)
    return AtQuestion(slot) if slot else AtEnd()


def beside(interview: Interview, place: Place, step: int) -> str | None:
    """Return the slot before (-1) or after (1) a place; a closed one only if it keeps an answer.

    After an offer, and after the end, there is none: what comes is for the walk to say.
    """
    slots = interview.layout.slots
    match place:
        case AtQuestion(slot):
            index = interview.layout.position.get(slot, 0) + step
        case AtOffer() if step < 0:
            index = _first_behind(interview, _block_of(interview, place)) - 1
        case AtEnd() if step < 0:
            index = len(slots) - 1
        case _:
            return None
    while 0 <= index < len(slots):
        if is_shown(interview, slots[index]):
            return slots[index]
        index += step
    return None


def _first_behind(interview: Interview, block: int) -> int:
    """Return the place in the walk of the first slot of this block of the bank, or a later one."""
    ahead = {each.id for each in interview.bank.blocks[:block]}
    counts = [len(part.slots) for part in interview.layout.parts if part.block.id in ahead]
    return sum(counts)


def next_instance(interview: Interview, loop: str) -> str:
    """Return a new id for one more entry, by chance: two people's work is joined without mixing.

    What a person reads is the entry's name, or its number in the order named.
    """
    found = _by_chance(loop)
    return next_instance(interview, loop) if found in interview.setting.named else found


def next_informant(interview: Interview) -> str:
    """Return a new id for somebody who tells, by chance as for an entry: nobody turns into another.

    A person reads the relation or the name, never the id.
    """
    found = _by_chance("informant")
    return next_informant(interview) if found in interview.informants else found


def _by_chance(kind: str) -> str:
    letters = string.ascii_lowercase
    rest = "".join(secrets.choice(letters + string.digits) for _ in range(7))
    return f"{kind}-{secrets.choice(letters)}{rest}"


def first_slot_of(interview: Interview, instance: str) -> str | None:
    """Return the first slot of an instance that was just added."""
    slots = (slot for slot in interview.layout.slots if slot.startswith(f"{instance}/"))
    return next(slots, None)


def loop_block(interview: Interview, loop: str) -> Block | None:
    """Return the first block that is repeated over this."""
    return next((each for each in interview.bank.blocks if each.for_each == loop), None)


def _begun_too(after: Place | None, wanted: Callable[[str], bool]) -> Callable[[str], bool]:
    """Return what is wanted, and the rest of the entry that we are in."""
    instance = split_slot(after.slot)[0] if isinstance(after, AtQuestion) else ""
    if loop_of(instance[:-1]) not in NAMED:
        return wanted
    return lambda slot: slot.startswith(instance) or wanted(slot)


def _behind(interview: Interview, after: Place | None, start: int) -> str | None:
    """Return the slot to go on behind; of an offer, the last before the block `start`."""
    if not isinstance(after, AtOffer):
        return after.slot if isinstance(after, AtQuestion) else None
    blocks = interview.bank.blocks
    behind = {block.id for block in blocks[:start]}
    last = [part for part in interview.layout.parts if part.block.id in behind]
    return last[-1].slots[-1] if last else None


def _block_of(interview: Interview, place: Place | None) -> int:
    """Return the place in the bank of the block we are at; for an offer, of the one after it."""
    match place:
        case AtQuestion(slot):
            question = interview.question(slot)
            block = interview.bank.block_by_id[question.block] if question else None
            return interview.bank.blocks.index(block) if block else 0
        case AtOffer(loop):
            return next((last + 1 for each, _first, last in _loops(interview) if each == loop), 0)
        case AtEnd():
            return len(interview.bank.blocks)
        case None:
            return 0


def _loops(interview: Interview) -> list[tuple[str, int, int]]:
    """Return the runs of blocks over entries that are offered, with their places."""
    found: list[tuple[str, int, int]] = []
    place = 0
    for loop, group in groupby(interview.bank.blocks, key=lambda block: block.for_each):
        blocks = list(group)
        count = len(blocks)
        if loop in NAMED and not all(block.by_hand for block in blocks):
            found.append((loop, place, place + count - 1))
        place += count
    return found


def entry_to(interview: Interview, slots: tuple[str, ...]) -> str | None:
    """Return where to enter some slots: the first that waits, else the first that is shown."""
    waiting = [slot for slot in slots if waits(interview, slot)]
    shown = [slot for slot in slots if is_shown(interview, slot)]
    return next(iter(waiting or shown), None)
