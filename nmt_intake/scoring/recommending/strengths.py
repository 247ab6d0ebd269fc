"""Which loved things an activity fits: words of the library against words that people said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from nmt_intake.bank.model import Activity
from nmt_intake.scoring.recommending.circumstances import Strength
from nmt_intake.scoring.recommending.sequence import Sequence

# How many words a "not" reaches over. Judgement: "does not really like football".
_REACH: Final = 4
_CLAUSE: Final = re.compile(r"[.,;:!?()\n]| but ")


@dataclass(frozen=True, slots=True)
class Match:
    """A word of the library, and the strength in which it was heard."""

    word: str
    strength: Strength


def matches(
    activity: Activity, strengths: Iterable[Strength], sequence: Sequence
) -> tuple[Match, ...]:
    """Return one match for each strength word of the activity that somebody said of today."""
    today = [strength for strength in strengths if strength.of_today]
    found = (
        next((Match(word, said) for said in today if _says(said.text, word, sequence)), None)
        for word in activity.strengths
    )
    return tuple(match for match in found if match is not None)


def _says(text: str, word: str, sequence: Sequence) -> bool:
    heard = _pattern(sequence.strength_words.get(word, (word,)))
    unwanted = _pattern(sequence.strength_not_after)
    for clause in _CLAUSE.split(text.casefold()):
        for hit in heard.finditer(clause):
            before = " ".join(clause[: hit.start()].split()[-_REACH:])
            if not unwanted.search(before):
                return True
    return False


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds any of `words` as whole words; of no words, nothing."""
    either = "|".join(re.escape(word.casefold()) for word in words)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if either else r"(?!)")
