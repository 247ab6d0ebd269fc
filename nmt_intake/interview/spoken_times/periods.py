"""Which time of a life somebody speaks of in passing: "when she was three", "as a newborn"."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from nmt_intake.interview.spoken_times.context import Context
from nmt_intake.interview.spoken_times.lexicon import fold, lexicon, pieces
from nmt_intake.interview.spoken_times.phrases import (
    IN_MONTHS,
    Amount,
    Between,
    Grammar,
    Item,
    Said,
)
from nmt_intake.interview.spoken_times.results import Unclear
from nmt_intake.interview.spoken_times.tokens import Lexeme, Names, lexemes
from nmt_intake.vocabulary import PERIOD_STARTS, PERIODS

_LONGEST: Final = 2000  # letters of a story that are looked at
_HOURS: Final = ("hour", "minute", "day")


def period_said(words: str, language: str = "en") -> str | None:
    """Return the period that words speak of, by an age or a word for a time; None for neither.

    A pregnancy that is named counts before an age, for months are counted there too; but not
    before the age of somebody else than the one who tells ("when he was three").
    """
    told = words[:_LONGEST]
    text = pieces(told)
    spoken = lexicon(language).periods
    named = [
        period
        for period, phrases in spoken.items()
        if any(_holds(text, phrase) for phrase in phrases)
    ]
    if named[:1] == [PERIODS[0]] and not _WHEN_THEY_WERE.search(told):
        return PERIODS[0]
    aged = _age_said(told, language)
    if aged is None:
        aged = _age_in_passing(fold(told), language)
    return _period_at(aged) if aged is not None else next(iter(named), None)


# How an age is told in a long sentence that is not one time from end to end; `#` is a number. The
# second part is what a number counts: years, months or weeks of age, or years and grades of school.
_IN_PASSING: Final = {
    "en": (
        (r"\b(?:year|grade) (#)\b(?! old)", "school"),
        (
            r"\b(?:in|first|from|till|since) (ordinal) (?:grade|class)\b|\b(ordinal) grade\b",
            "grade",
        ),
        (r"\b(#) (?:weeks?|wks?)[ -](?:old|of age)\b|\bat (?:about )?(#) weeks?\b", "week"),
        (
            r"\b(#) (?:months?|mnths?|mths?)[ -](?:old|of age)\b"
            r"|\b(?:at|from|until|till|about) (?:about )?(?:# and |# or )?(#) (?:months?|mths?)\b",
            "month",
        ),
        (r"\b(#)[ -](?:years?|yrs?)[ -](?:olds?|of age)\b|\bage(?:d)? (#)\b", "year"),
        (
            r"\b(?:at|was|were|wis|turned|since|when (?:he|she|i)|i'?m|im|he'?s|she'?s|shes|hes)"
            r" (?:about |only |nearly |maybe |just |jist |turned |around |roughly )*(#)\b"
            r"(?! (?:o'?clock|of|or more|times|in the|at night|days?|nights?|hours?|minutes?|weeks?"
            r"|months?|mths?|hrs|stone|pounds?|homes?|houses?|schools?|different|am|pm))",
            "year",
        ),
        (r"\b(#)(?: years)? at the time\b|\bher only (#)\b|\band (?:him|her|me) (#)\b", "year"),
    ),
    "es": (
        (r"\ba los? (#) mes(?:es)?\b|\btenia (#) meses\b", "month"),
        (r"\b(?:a|hasta|desde|de) los (#)(?: anos)?\b(?! mes)", "year"),
        (r"\b(?:tenia|tiene|tengo|cumplio|cumpli) (#)(?: anos)?\b(?! mes)", "year"),
        (r"\bde (#) anos\b", "year"),
        (r"\ben (ordinal) (?:grado|de primaria)\b|\bva en (ordinal)\b", "grade"),
    ),
}
_WHEN_THEY_WERE: Final = re.compile(
    r"\b(?:when|till|until) (?:he|she|they) (?:was|were)\b(?!.*\bmonths? (?:pregnant|gone))"
)
# A year of school by the age at its beginning (England; grades as in the United States).
_SCHOOL_YEAR: Final = 4
_GRADE: Final = 5


@cache
def _in_passing(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    counted = "|".join(sorted((re.escape(each) for each in _counting(language)), key=len)[::-1])
    ranked = "|".join(sorted((re.escape(each) for each in _RANKS[language]), key=len)[::-1])
    return tuple(
        (re.compile(pattern.replace("ordinal", ranked).replace("#", rf"\d{{1,2}}|{counted}")), unit)
        for pattern, unit in _IN_PASSING.get(language, ())
    )


@cache
def _counting(language: str) -> dict[str, int]:
    return {word: number for number, word in lexicon(language).number_words.items()}


_RANKS: Final[dict[str, dict[str, int]]] = {
    "en": {
        "first": 1,
        "second": 2,
        "third": 3,
        "fourth": 4,
        "fifth": 5,
        "sixth": 6,
        "seventh": 7,
        "eighth": 8,
        "ninth": 9,
        "tenth": 10,
        "eleventh": 11,
    },
    "es": {"primero": 1, "segundo": 2, "tercero": 3, "cuarto": 4, "quinto": 5, "sexto": 6},
}


def _age_in_passing(text: str, language: str) -> float | None:
    """Return an age in months that a long sentence tells on its way, the first that is told."""
    first: tuple[int, float] | None = None
    for pattern, unit in _in_passing(language):
        found = pattern.search(text)
        if found is None or (first is not None and first[0] <= found.start()):
            continue
        said = next(each for each in found.groups() if each)
        number = int(said) if said.isdigit() else _number(said, language)
        first = found.start(), _months_of(number, unit)
    return first[1] if first else None


def _number(said: str, language: str) -> int:
    return _counting(language).get(said) or _RANKS[language].get(said) or 0


def _months_of(number: int, unit: str) -> float:
    match unit:
        case "week":
            return number * 12 / 52
        case "month":
            return float(number)
        case "school":
            return (number + _SCHOOL_YEAR) * 12 + 6
        case "grade":
            return (number + _GRADE) * 12 + 6
        case _:
            return number * 12 + 6


def _age_said(words: str, language: str) -> float | None:
    """Return the first age in months that is told as one, None if there is none."""
    known = Context(language)
    try:
        found = lexemes(words, lexicon(language), Names(), mend=False, longest=_LONGEST)
        items = Grammar(found, known, "age").items()
    except Unclear:
        return None
    for index, item in enumerate(items):
        said = item.first if isinstance(item, Between) else item
        if isinstance(said, Said) and isinstance(said.core, Amount):
            months = _months(said.core, items, index)
            if months is not None:
                return months
    return None


def _months(amount: Amount, items: list[Item], index: int) -> float | None:
    if amount.few or amount.times or amount.unit in _HOURS or not _is_led(items, index):
        return None
    if amount.unit is not None:
        return amount.coarse + (amount.low + amount.rest) * IN_MONTHS[amount.unit]
    following = items[index + 1] if index + 1 < len(items) else None
    if isinstance(following, Lexeme) and (
        following.has("times", "of", "o_clock", "other") or not following.has("intro", "stop")
    ):
        return None
    return (amount.low + amount.rest) * 12 + 6  # somebody of one is 12 to 23 months old


def _is_led(items: list[Item], index: int) -> bool:
    """Whether a word that tells an age stands before: was, at, aged, turned, since, until."""
    said = items[index]
    if isinstance(said, Said) and said.has("since", "until", "before", "turned", "just_turned"):
        return True
    before = items[index - 1] if index else None
    return isinstance(before, Lexeme) and before.has("anchor", "turned", "since", "until")


def _holds(text: list[str], phrase: tuple[str, ...]) -> bool:
    width = len(phrase)
    return any(tuple(text[at : at + width]) == phrase for at in range(len(text) - width + 1))


def _period_at(months: float) -> str:
    return max(
        (period for period in PERIODS if PERIOD_STARTS[period] <= months),
        key=lambda period: PERIOD_STARTS[period],
    )
