"""Everyday words that mean the same: what people say, and what a bank's author may have written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from nmt_intake.bank.stems import stem

_ALIKE: Final = 0.8

# One group a line; each word may stand for the others of its line (judgement).
_GROUPS: Final = """
    mother mum mom mummy mommy mama
    father dad daddy papa
    grandmother grandma gran granny nan nana grandparents
    grandfather grandpa grandad granddad grandparents
    brother sister sibling siblings
    wee pee wets wet urine
    poo poops soils
    hit hits hitting punch punches slap slaps beat beats thump kicks kick
    yell yells scream screams shout shouts
    cry cries weep weeps sob sobs
    drunk drinking alcohol booze beer wine
    drugs heroin cocaine meth
    cannabis weed pot
    smoke smokes tobacco cigarettes smoking
    jail prison locked
    doctor hospital clinic
    school classroom class
    nursery kindergarten daycare
    fear afraid scared frightened fright
    angry cross furious rage
    sad unhappy miserable low
    food meal meals dinner lunch breakfast
    eat eats eating
    baby newborn infant
    house home flat
    moved moves moving
    sick ill poorly
    vomit vomits throws threw
    died death dead
    friend friends mate mates buddy
    nightmares dreams
    nappy nappies diaper diapers
    pregnant pregnancy carrying expecting
    fight fights fighting
    hug hugs cuddle cuddles
    lie lies lying
    steal steals stealing
    bully bullied bullying teased
    asleep sleep sleeps
    walk walks walking
    talk talks talking speak speaks
"""


def meant(word: str) -> tuple[tuple[str, float], ...]:
    """Return the stems that a stem may stand for besides itself, and how surely."""
    return tuple((other, _ALIKE) for other in _others().get(word, ()))


@cache
def _others() -> Mapping[str, tuple[str, ...]]:
    groups = [{stem(word) for word in line.split()} for line in _GROUPS.strip().splitlines()]
    words = {word for group in groups for word in group}
    return {
        word: tuple(sorted({each for group in groups if word in group for each in group} - {word}))
        for word in words
    }
