"""Cuts words to stems, so that `cried`, `crying` and `cries` are one word."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
_FACT: Final = re.compile(r"\{[^{}]*\}")
_SHORT: Final = 3

# Words that say nothing about where something belongs.
_EMPTY_WORDS: Final = """
    a about after again all also always am an and any anything are as ask at be because been before
    being but by can could did do does doing done each ever every everyone few for from get gets
    getting go goes going got had has have having he her here hers him his how i if in into is it
    its ive just know let like little lot made make makes many may me mean might more most mostly
    much must my no not now of often oh on once one or other our out over own quite really said say
    says she should so some someone something sometimes such take takes taken than that the their
    them then there these they thing things this those time times to told too up us used very was
    we well went were what when where which while who why will with would yes yet you your
    cannot cant couldnt didnt doesnt dont hadnt hasnt havent isnt wasnt werent wont wouldnt
    de el ella en es esta este fue la las le les lo los mi muy no nos o para pero por que se si su
    sus un una y ya al del con como cuando
"""
_EMPTY: Final = frozenset(_EMPTY_WORDS.split())

# Endings, what stands instead, and how many letters must be left; the first that fits is cut.
_ENDINGS: Final = (
    ("ies", "y", 2),
    ("ied", "y", 2),
    ("ying", "y", 2),
    ("sses", "ss", 2),
    ("ings", "", 3),
    ("ing", "", 3),
    ("ed", "", 3),
    ("ches", "ch", 2),
    ("shes", "sh", 2),
    ("ss", "ss", 2),
    ("us", "us", 2),
    ("es", "", 3),
    ("ly", "", 4),
    ("s", "", 3),
)
# Words whose forms no ending tells.
_IRREGULAR: Final = {
    "ate": "eat",
    "eaten": "eat",
    "began": "begin",
    "bit": "bite",
    "bitten": "bite",
    "bites": "bite",
    "broke": "break",
    "broken": "break",
    "brought": "bring",
    "children": "child",
    "drank": "drink",
    "drunk": "drink",
    "fallen": "fall",
    "fell": "fall",
    "feet": "foot",
    "fought": "fight",
    "hidden": "hide",
    "hid": "hide",
    "left": "leave",
    "leaving": "leave",
    "died": "die",
    "dies": "die",
    "dying": "die",
    "lied": "lie",
    "lies": "lie",
    "lying": "lie",
    "lost": "lose",
    "losing": "lose",
    "men": "man",
    "ran": "run",
    "saw": "see",
    "slept": "sleep",
    "sleeping": "sleep",
    "spoke": "speak",
    "stole": "steal",
    "stolen": "steal",
    "taught": "teach",
    "teeth": "tooth",
    "threw": "throw",
    "thrown": "throw",
    "woke": "wake",
    "woken": "wake",
    "waking": "wake",
    "women": "woman",
}


def stems(text: str) -> list[str]:
    """Return the words of a text that say something, without their endings, in order."""
    return [stem(word) for word in plain_words(text) if word not in _EMPTY and len(word) > 1]


def plain_words(text: str) -> list[str]:
    """Return the words of a text in small letters, facts in braces left out, in order."""
    return _WORD.findall(_FACT.sub(" ", text.lower().replace("'", "").replace("’", "")))


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """Return a word without the common endings of English: `cried`, `crying`, `cries` are `cry`."""
    known = _IRREGULAR.get(word)
    if known is not None:
        return known if known == word else stem(known)
    if len(word) <= _SHORT:
        return word
    for ending, instead, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return _single(word[: len(word) - len(ending)] + instead)
    return _single(word)


def _single(word: str) -> str:
    """Return a stem without a doubled last letter or a silent e: hitt, hate."""
    if len(word) > _SHORT and word[-1] == word[-2] and word[-1] not in "aeious":
        return word[:-1]
    return word.removesuffix("e") if len(word) > _SHORT else word
