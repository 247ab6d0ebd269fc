"""Which questions a short sitting asks: what the bank says, and what its ratings rest on.

A rating rests on its gate: the first question whose answer has points. Where a card of kinds bears
the gate out (a sign with `when` that reads both), the card is asked always, and the gate behind it
while there is room. What a condition of any of them reads is asked as well, or it stays undecided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from nmt_intake.bank.model import Block, Condition, Essential, Question, Rating


def with_essential(blocks: Iterable[Block], ratings: Iterable[Rating]) -> tuple[Block, ...]:
    """Return the blocks, each question with its part in a short sitting."""
    blocks = tuple(blocks)
    questions = {each.id: each for block in blocks for each in block.questions}
    always = {name for name, each in questions.items() if each.essential == "always"}
    never = {name for name, each in questions.items() if each.essential == "never"}
    if_room: set[str] = set()
    for rating in ratings:
        gate, cards = _gate(rating)
        always.update(cards or {gate})
        if_room.update({gate} if cards else ())
    if_room -= never
    always = _with_what_they_read(always - never, blocks, if_room | never)
    part: dict[str, Essential] = dict.fromkeys(if_room, "if_room")
    part.update(dict.fromkeys(always, "always"))
    return tuple(
        replace(
            block,
            questions=tuple(
                each if each.essential == now else replace(each, essential=now)
                for each in block.questions
                for now in (part.get(each.id, ""),)
            ),
        )
        for block in blocks
    )


def _gate(rating: Rating) -> tuple[str, frozenset[str]]:
    """Return the question a rating rests on first, and the cards that bear it out."""
    gate = next((sign.question for sign in rating.points if sign.question), "")
    if not gate:
        firsts = (_names(rule.when) for rule in rating.rules if rule.when)
        return next((name for names in firsts for name in sorted(names)), ""), frozenset()
    read = (_names(sign.when) for sign in rating.points if sign.when)
    cards = frozenset(name for names in read if gate in names for name in names)
    return gate, cards - {gate}


def _with_what_they_read(found: set[str], blocks: Iterable[Block], left_out: set[str]) -> set[str]:
    conditions = {
        question.id: tuple(_read_by(block, question))
        for block in blocks
        for question in block.questions
    }
    waiting = [*found]
    while waiting:
        read = {name for name in conditions.get(waiting.pop(), ()) if name in conditions}
        waiting += read - found - left_out
        found |= read - left_out
    return found & conditions.keys()


def _read_by(block: Block, question: Question) -> Iterator[str]:
    for condition in (block.when, question.when):
        yield from _names(condition)


def _names(condition: Condition | None) -> frozenset[str]:
    return frozenset(name for name, _ in condition.reads) if condition else frozenset()


__all__ = ["with_essential"]
