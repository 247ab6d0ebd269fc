"""Finds the place for what somebody just said: from everyday words to the questions they answer.

No library and no model: words are cut to stems, and each part of a question (keywords, what is
asked, its options, its titles) gives the weight that it has shown to have. A word that no
question holds counts as the one it was probably meant to be: one slip away, or its beginning.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from nmt_intake.bank.model import Bank, Block, Question
from nmt_intake.bank.speech import meant
from nmt_intake.bank.stems import stems

# How much a word counts where it stands (judgement, tuned on everyday phrases; see the tests).
_KEYWORD: Final = 4.0
_ASK: Final = 2.0
_OPTION: Final = 2.0
_TITLE: Final = 1.5
_REST: Final = 0.6
_WHOLE_KEYWORD: Final = 3.0

_SLIP: Final = 0.7
_BEGINNING: Final = 0.6
_SHORTEST_SLIP: Final = 4
_SHORTEST_BEGINNING: Final = 4
_MOST_WORDS: Final = 40
_MOST_CHARACTERS: Final = 500

_Postings: TypeAlias = dict[str, dict[int, float]]
_Phrases: TypeAlias = dict[str, list[tuple[int, tuple[str, ...]]]]


@dataclass(frozen=True, slots=True)
class Found:
    """One place where what was said may belong; the higher the score the surer."""

    question: str
    block: str
    title: str
    ask: str
    score: float


def search(bank: Bank, words: str, limit: int = 5) -> tuple[Found, ...]:
    """Return the questions where what was said belongs, the best first, `limit` at most.

    The index is made at the first search in a bank; `prepare` makes it before.
    """
    return _index_of(_ByIdentity(bank)).best(stems(words[:_MOST_CHARACTERS])[:_MOST_WORDS], limit)


def prepare(bank: Bank) -> None:
    """Make the index of a bank now, so that the first search is as quick as the next."""
    _index_of(_ByIdentity(bank))


class _Index:
    """Where each stem stands in a bank, with what weight, and how rare it is."""

    def __init__(self, bank: Bank) -> None:
        self._places = [(block, each) for block in bank.blocks for each in block.questions]
        self._postings: _Postings = {}
        self._phrases: _Phrases = {}
        for place, (block, question) in enumerate(self._places):
            self._note(place, block, question)
        count = len(self._places) + 1
        self._rarity = {
            word: math.log(1 + count / len(found)) for word, found in self._postings.items()
        }
        self._slips = _slips(self._postings)

    def _note(self, place: int, block: Block, question: Question) -> None:
        for keyword in question.keywords:
            phrase = tuple(dict.fromkeys(stems(keyword)))
            for word in phrase:
                # A word of a long keyword says less than a keyword of one word.
                self._post(word, place, _KEYWORD / math.sqrt(len(phrase)))
            if phrase:
                self._phrases.setdefault(phrase[0], []).append((place, phrase))
        for weight, texts in _weighted(block, question):
            for text in texts:
                for word in stems(text):
                    self._post(word, place, weight)

    def _post(self, word: str, place: int, weight: float) -> None:
        posting = self._postings.setdefault(word, {})
        posting[place] = max(posting.get(place, 0.0), weight)

    def best(self, said: Sequence[str], limit: int) -> tuple[Found, ...]:
        """Return the best places for these stems."""
        scores = self._scores(said)
        best = sorted(scores, key=lambda place: (-scores[place], place))[: max(0, limit)]
        return tuple(self._found(place, scores[place]) for place in best)

    def _found(self, place: int, score: float) -> Found:
        block, question = self._places[place]
        return Found(question.id, block.id, block.title, question.ask, round(score, 2))

    def _scores(self, said: Sequence[str]) -> dict[int, float]:
        """Return a score for each place: its words, more for a whole keyword, less for gaps."""
        understood = {word: dict(self._understood(word)) for word in dict.fromkeys(said)}
        scores: dict[int, float] = {}
        heard: dict[int, float] = {}
        weight_of_all = 0.0
        for known in understood.values():
            best: dict[int, float] = {}
            rarest = 0.0
            for word, likeness in known.items():
                worth = likeness * self._rarity[word]
                rarest = max(rarest, self._rarity[word])
                for place, weight in self._postings[word].items():
                    best[place] = max(best.get(place, 0.0), worth * weight)
            weight_of_all += rarest
            for place, score in best.items():
                scores[place] = scores.get(place, 0.0) + score
                heard[place] = heard.get(place, 0.0) + rarest
        for place, worth in self._whole_keywords(understood).items():
            scores[place] += worth
        return {
            place: score * (0.4 + 0.6 * heard[place] / weight_of_all)
            for place, score in scores.items()
        }

    def _whole_keywords(self, understood: Mapping[str, Mapping[str, float]]) -> dict[int, float]:
        """Return what the keywords add that were said whole."""
        held: dict[str, float] = {}
        for known in understood.values():
            for word, likeness in known.items():
                held[word] = max(held.get(word, 0.0), likeness)
        added: dict[int, float] = {}
        for word in held:
            for place, phrase in self._phrases.get(word, ()):
                if all(each in held for each in phrase):
                    worth = sum(held[each] * self._rarity[each] for each in phrase)
                    added[place] = max(added.get(place, 0.0), _WHOLE_KEYWORD * worth)
        return added

    def _understood(self, word: str) -> Iterator[tuple[str, float]]:
        """Yield the stems of the bank that a word said may stand for, and how surely."""
        for known, likeness in meant(word):
            if known in self._postings:
                yield known, likeness
        if word in self._postings:
            yield word, 1.0
            return
        near = _near(word, self._slips)
        if near:
            yield from ((known, _SLIP) for known in near)
            return
        if len(word) >= _SHORTEST_BEGINNING:
            for known in self._postings:
                if known.startswith(word) or (
                    len(known) >= _SHORTEST_BEGINNING and word.startswith(known)
                ):
                    yield known, _BEGINNING


def _weighted(block: Block, question: Question) -> Iterator[tuple[float, Iterable[str]]]:
    yield _ASK, (question.ask,)
    yield _OPTION, question.options.values()
    yield _TITLE, (block.title,)
    yield _REST, (*question.wordings.values(), question.listen_for or "", *question.probes)


def _shortened(word: str) -> Iterator[str]:
    yield from (word[:index] + word[index + 1 :] for index in range(len(word)))


def _slips(words: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the words by what is left of them without one letter: two that meet are near."""
    found: dict[str, list[str]] = {}
    for word in words:
        if len(word) >= _SHORTEST_SLIP:
            for short in {word, *_shortened(word)}:
                found.setdefault(short, []).append(word)
    return {short: tuple(known) for short, known in found.items()}


def _near(word: str, slips: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the known words one slip away: a letter more, less, other, or two swapped."""
    if len(word) < _SHORTEST_SLIP:
        return []
    met = {known for short in (word, *_shortened(word)) for known in slips.get(short, ())}
    return sorted(known for known in met if _one_slip(word, known))


def _one_slip(word: str, other: str) -> bool:
    if abs(len(word) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    mine, theirs = word[start:], other[start:]
    return (
        mine[1:] == theirs[1:]
        or mine[1:] == theirs
        or mine == theirs[1:]
        or (mine[:2] == theirs[:2][::-1] and mine[2:] == theirs[2:])
    )


@dataclass(frozen=True, slots=True)
class _ByIdentity:
    bank: Bank

    def __hash__(self) -> int:
        return id(self.bank)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.bank is self.bank


@lru_cache(maxsize=4)
def _index_of(held: _ByIdentity) -> _Index:
    return _Index(held.bank)
