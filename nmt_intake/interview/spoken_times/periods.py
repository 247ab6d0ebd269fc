"""Which time of a life somebody speaks of in passing: "when she was three", "as a newborn"."""

from __future__ import annotations

from typing import Final

from nmt_intake.interview.spoken_times.context import Context
from nmt_intake.interview.spoken_times.lexicon import lexicon, pieces
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
    """Return the period that words speak of, by an age or a word for a time; None for neither."""
    aged = _age_said(words[:_LONGEST], language)
    if aged is not None:
        return _period_at(aged)
    text = pieces(words[:_LONGEST])
    for period, phrases in lexicon(language).periods.items():
        if any(_holds(text, phrase) for phrase in phrases):
            return period
    return None


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
