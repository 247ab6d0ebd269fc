"""Finds questions that may ask for the same fact twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from nmt_intake.bank.checking.branches import together
from nmt_intake.bank.checking.finding import Finding, question_subject
from nmt_intake.bank.model import Bank, Question
from nmt_intake.bank.proof.goals import POSSIBLE, Decider, Verdict

_WORD: Final = re.compile(r"[^\W_]+")
_FEW_WORDS: Final = 4
# Share of the words that two questions have in common (judgement, tried on the shipped bank).
_MUCH_ALIKE: Final = 0.85


@dataclass(frozen=True, slots=True)
class Suspects:
    """Two questions that may ask for the same fact, why it seems so, and whether both are asked."""

    first: Question
    second: Question
    why: str
    both: Verdict


def suspects(bank: Bank, decider: Decider) -> list[Suspects]:
    """Return pairs that share a keyword or nearly all their words, and may both be asked."""
    found: dict[tuple[str, str], tuple[Question, Question, str]] = {}
    for first, second, why in (*_same_keyword(bank), *_same_words(bank)):
        found.setdefault((first.id, second.id), (first, second, why))
    pairs = list(found.values())
    goals = {
        place: goal
        for place, (first, second, _) in enumerate(pairs)
        if (goal := together(bank, first, second))
    }
    verdicts = dict(zip(goals, decider.decide(list(goals.values())), strict=True))
    every = (
        Suspects(first, second, why, verdicts.get(place, POSSIBLE))
        for place, (first, second, why) in enumerate(pairs)
    )
    return [each for each in every if each.both.outcome != "never"]


def check_suspects(bank: Bank, found: Iterable[Suspects]) -> Iterator[Finding]:
    """Say which pairs of questions may ask for the same fact."""
    for each in found:
        if each.both.outcome == "not finished":
            continue
        message = f"may ask for the same as {each.first.id}: {each.why}."
        block = bank.block_by_id[each.second.block]
        advice = "Ask once, or say apart what each asks for."
        yield question_subject(each.second, block).finding("BANK-026", message, advice)


def _same_keyword(bank: Bank) -> Iterator[tuple[Question, Question, str]]:
    holders: dict[str, list[Question]] = {}
    for question in bank.questions.values():
        for keyword in dict.fromkeys(question.keywords):
            if keyword.strip():
                holders.setdefault(keyword.strip(), []).append(question)
    for keyword, questions in holders.items():
        for first, second in combinations(questions, 2):
            yield first, second, f"both have the keyword {keyword!r}"


def _same_words(bank: Bank) -> Iterator[tuple[Question, Question, str]]:
    """Yield pairs asked in the same words, or nearly, for what may be the same fact."""
    words = {each.id: _WORD.findall(each.ask.lower()) for each in bank.questions.values()}
    sets = {name: frozenset(found) for name, found in words.items()}
    for first, second in _candidates(bank):
        mine, theirs = sets[first.id], sets[second.id]
        if words[first.id] == words[second.id]:
            yield first, second, "the words are the same"
        elif (
            min(len(mine), len(theirs)) >= _FEW_WORDS
            and len(mine & theirs) >= _MUCH_ALIKE * len(mine | theirs)
            and not _follows(second, first)
        ):
            yield first, second, "nearly all words are the same"


def _follows(question: Question, other: Question) -> bool:
    """Whether a question stands behind the other, and so asks for more of the same."""
    return question.when is not None and any(name == other.id for name, _ in question.when.reads)


def _candidates(bank: Bank) -> Iterator[tuple[Question, Question]]:
    """Yield the pairs that are evidence for the same rating, or both for none."""
    groups: dict[str, list[Question]] = {}
    for question in bank.questions.values():
        for rating in question.evidence_for or ("",):
            groups.setdefault(rating, []).append(question)
    for questions in groups.values():
        yield from combinations(questions, 2)
