"""Where words belong in an interview: the slots for what was just said, and the answer it tells.

The bank's search knows questions; here they become slots: of the time that is told ("when she was
two", "before he came to us", "last winter"), of the entry that is named ("the second foster home"),
and the question that opens one that is not asked yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from nmt_intake.bank.model import Bank, Question
from nmt_intake.bank.searching import Found, search, times_of
from nmt_intake.bank.stems import language_of, stems
from nmt_intake.interview.ages import days_meant
from nmt_intake.interview.asking import said_in_words
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.speaking import instance_name, part_title, spoken
from nmt_intake.interview.spoken_times.periods import period_said
from nmt_intake.interview.state import Interview
from nmt_intake.interview.timeline import stretches
from nmt_intake.interview.values import codes_of
from nmt_intake.vocabulary import PERIOD_STARTS, PERIODS

_SEARCHED: Final = 6  # so many places are looked at for each that is wanted
_MONTH: Final = 30.4375  # days

# How a time before somebody came is told, and how one is counted back from today.
_BEFORE_US: Final = {
    "en": re.compile(r"\bbefore (?:he|she|they|we|i) (?:came|moved|was placed|got|arrived|had h)"),
    "es": re.compile(r"\bantes de que (?:llegara|viniera|estuviera|lo tuvi|la tuvi)"),
}
_BACK_FROM_TODAY: Final = {
    "en": re.compile(
        r"\b(?:last|this past) (winter|summer|spring|autumn|fall|year|month|week|christmas|easter"
        r"|term|night)\b|\b(yesterday|these days|nowadays|lately)\b"
    ),
    "es": re.compile(
        r"\b(?:el|la) (invierno|verano|ano|mes|semana) pasad[oa]\b|\b(ayer|ultimamente)\b"
    ),
}
# Months back; a season or a feast is about half a year ago, all else of late.
_MONTHS_BACK: Final = {"year": 12, "ano": 12}
_HALF_A_YEAR: Final = 6
_SEASONS: Final = frozenset(
    ["winter", "summer", "spring", "autumn", "fall", "christmas", "easter", "invierno", "verano"]
)
_RANKS: Final = {
    "first": 1,
    "1st": 1,
    "primera": 1,
    "primer": 1,
    "second": 2,
    "2nd": 2,
    "segunda": 2,
    "third": 3,
    "3rd": 3,
    "tercera": 3,
    "fourth": 4,
    "4th": 4,
    "cuarta": 4,
}
_HOMES: Final = {
    "foster": ("foster", "acogida"),
    "group": ("children's home", "group home", "unit", "casa hogar"),
}
_RANKED: Final = re.compile(
    rf"\b(?:{'|'.join(_RANKS)}) (foster|group|children'?s|home|placement|casa de acogida|casa)"
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One slot where words may belong; `option` is the code of the answer that they tell, if clear.

    `title` is its part and entry, `ask` what is asked there, `now` what is said there by now;
    `answered`: somebody has told or marked something there.
    """

    slot: str
    title: str
    ask: str
    now: str
    answered: bool = False
    option: str | None = None
    option_words: str = ""


def proposals(
    interview: Interview, words: str, near: str | None, language: str | None, limit: int
) -> tuple[Proposal, ...]:
    """Return the best places for these words, `limit` at most; `near` is the slot we are at."""
    told = period_told(interview, words)
    question = interview.question(near) if near else None
    found: dict[str, Proposal] = {}
    for each in search(
        interview.bank, words, limit * _SEARCHED, told, question.block if question else None
    ):
        slot = slot_for(interview, interview.bank.questions[each.question], near, words, told)
        if slot is not None and slot in interview.layout.position and slot not in found:
            found[slot] = _proposal(interview, slot, each, language)
        if len(found) == limit:
            break
    return tuple(found.values())


def _proposal(interview: Interview, slot: str, found: Found, language: str | None) -> Proposal:
    said = spoken(interview, slot, language)
    question = interview.question(slot)
    asked = question is not None and question.id == found.question
    option = found.option if asked and found.option in said.options else None
    return Proposal(
        slot,
        _title(interview, slot, language),
        said.ask,
        said_in_words(interview, slot, language),
        slot in interview.slots,
        option,
        said.options[option] if option else "",
    )


def _title(interview: Interview, slot: str, language: str | None) -> str:
    """Return the entry or the time, then the part; a part of one time says which by itself."""
    part = interview.part(slot)
    if part is None:
        return ""
    title = part_title(interview, part, language).partition(" · ")[0]
    instance = split_slot(slot)[0][:-1]
    if not instance or len(times_of(part.block)) == 1:
        return title
    return f"{instance_name(interview, instance, language)} · {title}"


def slot_for(
    interview: Interview,
    question: Question,
    near: str | None,
    words: str = "",
    told: str | None = None,
) -> str | None:
    """Return the instance of a question that fits best, or that opens it; None for neither.

    First the entry or the period that the words name, then the one at hand, then the first open;
    the time before birth last, which few mean who do not say so.
    """
    instances = tuple(_instances(interview, question, near, words, told))
    for each in (question, *_gates(interview.bank, question)):
        slots = [f"{place}/{each.id}" if each.for_each else each.id for place in instances or ("",)]
        open_or_kept = (slot for slot in slots if interview.counts(slot) or slot in interview.slots)
        if (slot := next(open_or_kept, None)) is not None:
            return slot
    return None


def _instances(
    interview: Interview, question: Question, near: str | None, words: str, told: str | None
) -> Iterator[str]:
    if question.for_each is None:
        return
    instances = interview.instances(question.for_each)
    here = split_slot(near)[0][:-1] if near else ""
    said = words.casefold()
    named = [each for each in instances if instance_name(interview, each).casefold() in said]
    if question.for_each == "period":
        period = told or period_told(interview, words)
        named += [each for each in instances if each == period]
    else:
        named += _entries_named(interview, question.for_each, words)
    at_hand = [each for each in instances if each == here]
    rest = sorted(instances, key=lambda each: each == PERIODS[0])
    yield from dict.fromkeys((*named, *at_hand, *rest))


def _gates(bank: Bank, question: Question) -> Iterator[Question]:
    """Yield the questions that open this one, the nearest first."""
    seen = {question.id}
    waiting = [question]
    while waiting:
        each = waiting.pop(0)
        for name, _ in each.when.reads if each.when else ():
            gate = bank.questions.get(name)
            if (
                gate is not None
                and gate.id not in seen
                and gate.for_each in (None, question.for_each)
            ):
                seen.add(gate.id)
                waiting.append(gate)
                yield gate


def period_told(interview: Interview, words: str) -> str | None:
    """Return the period that words tell: by an age, a word for a time, who came then, or today."""
    language = language_of(words)
    said = words.casefold()
    if (before := _BEFORE_US.get(language)) is not None and before.search(said):
        known = interview.informants.get(interview.speaking or "")
        if known is not None and known.known_from_months:
            return _period_before(known.known_from_months)
    if (back := _BACK_FROM_TODAY.get(language)) is not None and (when := back.search(said)):
        word = when.group(1) or when.group(2)
        aged = _age_today(interview)
        if aged is not None:
            return _period_at(max(0.0, aged - _months_back(word)))
    return period_said(words, language)


def _months_back(word: str) -> float:
    return _MONTHS_BACK.get(word, _HALF_A_YEAR if word in _SEASONS else 0)


def _age_today(interview: Interview) -> float | None:
    """Return the client's age in months on the day of the talk, None where no birth is known."""
    fact = interview.client.birth
    days = days_meant(fact) if fact else None
    if not days:
        return None
    return ((interview.held_on or date.today()) - days[0]).days / _MONTH


def _period_at(months: float) -> str:
    return next(each for each in reversed(PERIODS) if PERIOD_STARTS[each] <= months)


def _period_before(months: float) -> str:
    """Return the last period that began before somebody came at this age."""
    return next((each for each in reversed(PERIODS) if PERIOD_STARTS[each] < months), PERIODS[0])


def _entries_named(interview: Interview, loop: str, words: str) -> list[str]:
    """Return the carers, homes or hard things that words name: by rank, else by what they are."""
    lines = [each for each in stretches(interview) if each.kind == loop]
    said = words.casefold()
    if loop == "placement" and (ranked := _RANKED.search(said)):
        number = _RANKS[ranked.group(0).split()[0]]
        sort = next((sort for sort in _HOMES if ranked.group(1).startswith(sort)), None)
        lines = [each for each in lines if sort is None or _is_sort(interview, each.instance, sort)]
        return [lines[number - 1].instance] if number <= len(lines) else []
    language = language_of(words)
    heard = _same(interview.bank, frozenset(stems(words, language)), language)
    return [
        each.instance
        for each in lines
        if (name := frozenset(stems(each.name, language))) and name <= heard
    ]


def _is_sort(interview: Interview, instance: str, sort: str) -> bool:
    """Whether a home was told to be of this sort, or is called so."""
    for slot in interview.layout.slots:
        if slot.startswith(f"{instance}/"):
            question = interview.question(slot)
            for given in interview.answers(slot) if question and question.options else ():
                if question is not None and sort in codes_of(question, given.value):
                    return True
    return any(word in instance_name(interview, instance).casefold() for word in _HOMES[sort])


def _same(bank: Bank, said: frozenset[str], language: str) -> frozenset[str]:
    """Return the stems said and those that mean the same: `dad` for who is called father."""
    groups = _people(_ByIdentity(bank), language)
    return said | frozenset(each for group in groups if group & said for each in group)


@dataclass(frozen=True, slots=True)
class _ByIdentity:
    bank: Bank

    def __hash__(self) -> int:
        return id(self.bank)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.bank is self.bank


@lru_cache(maxsize=4)
def _people(held: _ByIdentity, language: str) -> tuple[frozenset[str], ...]:
    return tuple(
        frozenset(each.stems.split())
        for each in held.bank.sayings
        if each.part == "alike" and each.language == language
    )
