"""What may be left over of an utterance once its times are read.

Every word must be accounted for. A remark ("the health visitor wrote it down") may be left; a word
that may change the time ("not", "before", "than", another child) may not: then the reader asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nmt_intake.interview.spoken_times.phrases import Amount, Between, Item, Said
from nmt_intake.interview.spoken_times.results import Unclear
from nmt_intake.interview.spoken_times.tokens import Lexeme

# Words that are part of remarks and say nothing of the time itself.
_FREE: Final = ("filler", "stop", "anchor", "intro", "query", "unsure", "exact")
# Words that a remark may hold; they need the place that a remark has.
_REMARK: Final = (
    *("other", "event", "vague", "window_late", "window_early", "window_normal", "teller"),
    *("entry", "entry_with", "entry_came", "entry_left", "times", "night", "weekdays", "aux_not"),
    *("sleep_start", "sleep_end", "began", "ended", "birthday", "am", "pm", "at_night", "by_day"),
    *(
        "a",
        "and",
        "of",
        "to",
        "today",
        "yesterday",
        "still",
        "going",
        "when",
        "month",
        "christmas",
        "season",
    ),
)
_TELLING: Final = ("other", "event", "teller", "entry")
_LED_BY: Final = ("just_before", "just_after", "near", "nearly", "by", "before", "after", "doubt")
_LENGTH: Final = ("for", "lasting", "lasted", "it lasted", "durante", "duro")
# Words that, right behind an amount, make it another one.
_CHANGERS: Final = (
    *("early", "late", "overdue", "apart", "difference", "gap", "short", "off", "away", "left"),
    *("remaining", "ahead", "behind", "younger", "older", "sooner", "extra", "each", "twice"),
)
_DANGER: Final = ("question_doubt", "sibling", "correction", "slip", "dash")


def check(items: Sequence[Item], kind: str) -> None:
    """Raise `Unclear` if something is left that may change what was told."""
    times = [item for item in items if isinstance(item, Said | Between)]
    long = bool(times) and all(not _is_short(item) for item in times)
    for clause in clauses(items):
        if long and kind in ("age", "date") and _is_setting(clause):
            continue
        _check_clause(clause, kind)


def clauses(items: Sequence[Item]) -> list[list[Item]]:
    """Return the items between stops and dashes."""
    found: list[list[Item]] = [[]]
    for item in items:
        if isinstance(item, Lexeme) and item.has("stop", "dash", "query"):
            found.append([])
        else:
            found[-1].append(item)
    return found


def _is_setting(clause: Sequence[Item]) -> bool:
    """Whether a clause without a time tells what was near it: "three, just before nursery"."""
    before = ("before", "after", "just_before", "just_after")
    if not any(isinstance(each, Lexeme) and each.has(*before) for each in clause):
        return False
    allowed = (*_FREE, *_REMARK, *before)
    told = _tells(clause) or any(isinstance(e, Lexeme) and e.has("entry_came") for e in clause)
    return told and all(
        isinstance(each, Lexeme) and each.has(*allowed) and not each.has(*_DANGER)
        for each in clause
    )


def _is_short(item: Item) -> bool:
    """Whether a time is of weeks or days, which may count from what is told behind it."""
    said = item.second if isinstance(item, Between) else item
    core = said.core if isinstance(said, Said) else None
    return isinstance(core, Amount) and core.unit not in (None, "year", "month")


def _check_clause(clause: Sequence[Item], kind: str) -> None:
    times = [index for index, item in enumerate(clause) if isinstance(item, Said | Between)]
    for index, item in enumerate(clause):
        if isinstance(item, Lexeme) and _lone_one(clause, index):
            raise Unclear("too_vague")
        if isinstance(item, Lexeme) and _is_torn(clause, index, times):
            raise Unclear("too_vague")
        if isinstance(item, Lexeme) and item.has("a") and index + 1 in times:
            continue
        if not isinstance(item, Lexeme):
            continue
        if index + 1 in times and kind in ("age", "date") and item.text in _LENGTH:
            raise Unclear("too_vague")  # "for two years" is no age
        if times and kind in ("age", "date") and item.has("am", "pm", "at_night", "o_clock"):
            raise Unclear("too_vague")  # "at three in the afternoon"
        if item.has(*_FREE):
            continue
        if item.has("from") and kind in ("age", "date") and index + 1 in times:
            continue
        if item.has("most_days", "daily") and kind == "hours":
            continue
        if item.has("for") and kind in ("duration", "hours"):
            continue
        if item.has("near_after", "doubt"):
            continue
        if not times and item.has("near", "unit") and _tells(clause):
            continue  # "sitting up like a king", "it was the week of the party"
        if item.has("slip"):
            raise Unclear("slip")
        last = not [place for place in times if place > index]
        if last and item.has("from", "by", "for") and _tells(clause[index:]):
            continue  # "14 months by the red book", "straight from hospital"
        if item.has("sibling", "question_doubt"):
            raise Unclear("two_times")
        if item.has(*_DANGER):
            raise Unclear("two_times")
        if item.has("before", "after") and not (kind in ("hours", "duration", "count") and times):
            raise Unclear("event")
        if item.has("before", "after"):
            if times[-1] > index:
                raise Unclear("too_vague")
            continue
        if not item.has(*_REMARK):
            raise Unclear("too_vague")
        if times and not _has_place(clause, index, times, kind):
            raise Unclear("too_vague")


def _is_torn(clause: Sequence[Item], index: int, times: Sequence[int]) -> bool:
    """Whether an "and" behind a time may lead to more: "and a bitt", not "and then he ran"."""
    item = clause[index]
    if not times or index != times[-1] + 1 or not isinstance(item, Lexeme) or not item.has("and"):
        return False
    following = clause[index + 1] if index + 1 < len(clause) else None
    return not isinstance(following, Lexeme) or following.has("a", "other", "of", "sleep_end")


def _tells(clause: Sequence[Item]) -> bool:
    return any(isinstance(each, Lexeme) and each.has(*_TELLING) for each in clause)


def _lone_one(clause: Sequence[Item], index: int) -> bool:
    """Whether "un" or "una" stands before a word of range: it may be the number."""
    one = clause[index]
    following = clause[index + 1] if index + 1 < len(clause) else None
    return (
        isinstance(one, Lexeme)
        and one.text in ("un", "una")
        and isinstance(following, Lexeme)
        and following.has("to", "until", "or")
    )


def _has_place(clause: Sequence[Item], index: int, times: Sequence[int], kind: str) -> bool:
    """Whether a word of a remark stands where one may: led to the time, or led from it."""
    item = clause[index]
    assert isinstance(item, Lexeme)
    later = [place for place in times if place > index]
    if later and item.has("to", "and"):
        return False
    if later:
        between = clause[index + 1 : later[0]]
        subject = any(
            isinstance(each, Lexeme) and each.has("filler") and each.has("intro")
            for each in clause[:index]
        )
        if kind == "count" and subject and item.has("other"):
            return True  # "they moved him three times"
        first = clause[later[0]]
        if isinstance(first, Said) and first.has(*_LED_BY):
            return True  # "first steps just before his birthday"
        return any(isinstance(each, Lexeme) and each.has("anchor") for each in between)
    if item.has(
        "and", "of", "to", "a", "aux_not", "entry_with", "when", "am", "pm", "at_night", "by_day"
    ):
        return True
    between = clause[times[-1] + 1 : index]
    if any(
        isinstance(each, Lexeme) and each.has("intro", "entry_with", "after", "before")
        for each in between
    ):
        return True
    if kind in ("hours", "duration") and item.has("other") and item.text not in _CHANGERS:
        return True  # "eight hours broken"
    counted = kind == "count" and not any(isinstance(each, Lexeme) for each in between)
    return counted and item.has("other", "times", "event", "night")
