"""Which time of a life somebody speaks of: 'when she was three', 'as a newborn'. English only."""

from __future__ import annotations

import re
from typing import Final

from nmt_intake.vocabulary import PERIOD_STARTS, PERIODS

_WORDS: Final = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
)
_AGE: Final = re.compile(
    r"\b(?:aged?|at|(?:when|since|until|till|before) (?:\w+ ){1,2}(?:was|were|turned))"
    r"(?: about| around| only| just| nearly| maybe)?"
    rf" (\d{{1,2}}|{'|'.join(_WORDS)})\b(?: (weeks?|months?|times?|o'clock|homes?|of)\b)?"
)
# Judgement: what people mostly mean by these words.
_SAID: Final = (
    ("intrauterine", re.compile(r"\bpregnan|\bin the womb\b|\bunborn\b|\bexpecting\b")),
    (
        "perinatal",
        re.compile(r"\bnewborn\b|\bafter the birth\b|\bfirst (?:two )?(?:weeks|months)\b"),
    ),
    ("infancy", re.compile(r"\bas a baby\b|\bwas a baby\b|\bfirst year\b|\bin the cot\b")),
    ("early_childhood", re.compile(r"\btoddler\b|\bpreschool\b|\bnursery\b")),
    ("childhood", re.compile(r"\bprimary school\b|\bstarted school\b|\bfirst grade\b")),
    ("youth", re.compile(r"\bteen|\bhigh school\b|\bsecondary school\b")),
)


def period_said(words: str) -> str | None:
    """Return the period that words speak of, by an age or a word for a time; None for neither."""
    text = " ".join(words.casefold().split())
    aged = _AGE.search(text)
    if aged is not None and (aged[2] is None or aged[2].startswith(("week", "month"))):
        number = float(_WORDS.index(aged[1]) + 1 if aged[1] in _WORDS else aged[1])
        match aged[2]:
            case None:
                return _period_at(number * 12 + 6)  # somebody of one is 12 to 23 months old
            case unit:
                return _period_at(number * (1 if unit.startswith("month") else 12 / 52))
    return next((period for period, said in _SAID if said.search(text)), None)


def _period_at(months: float) -> str:
    return max(
        (period for period in PERIODS if PERIOD_STARTS[period] <= months),
        key=lambda period: PERIOD_STARTS[period],
    )
