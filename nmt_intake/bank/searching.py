"""Finds the place for what somebody just said: from everyday words to the questions they answer.

No library and no model: words are cut to stems, and each part of a question (keywords, what is
asked, its options, its titles) gives the weight that it has shown to have. A word that no
question holds counts as the one it was probably meant to be: one slip away, or its beginning.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from nmt_intake.bank.model import Bank, Block, Question
from nmt_intake.bank.speech import meant
from nmt_intake.bank.stems import plain_words, stem, stems

# How much a word counts where it stands (judgement, tuned on everyday phrases; see the tests).
_KEYWORD: Final = 4.0
_ASK: Final = 2.0
_OPTION: Final = 2.0
_TITLE: Final = 1.5
_REST: Final = 0.6
_WHOLE_KEYWORD: Final = 3.0
_LITTLE_WORD: Final = 0.8
_LONGEST_KEYWORD: Final = 6
# A word in more than half of many questions tells nothing while another is said.
_MANY: Final = 100

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
    return _index_of(_ByIdentity(bank)).best(words[:_MOST_CHARACTERS], limit)


def prepare(bank: Bank) -> None:
    """Make the index of a bank now, so that the first search is as quick as the next."""
    _index_of(_ByIdentity(bank))


class _Index:
    """Where each stem stands in a bank, with what weight, and how rare it is."""

    def __init__(self, bank: Bank) -> None:
        self._places = [(block, each) for block in bank.blocks for each in block.questions]
        self._postings: _Postings = {}
        self._phrases: _Phrases = {}
        self._exact: dict[tuple[str, ...], list[int]] = {}
        for place, (block, question) in enumerate(self._places):
            self._note(place, block, question)
        count = len(self._places) + 1
        self._rarity = {
            word: math.log(1 + count / len(found)) for word, found in self._postings.items()
        }
        for place, (_, question) in enumerate(self._places):
            self._note_keywords(place, question)
        self._slips = _slips(self._postings)
        self._sorted = sorted(self._postings)

    def _note(self, place: int, block: Block, question: Question) -> None:
        for keyword in question.keywords:
            phrase = tuple(dict.fromkeys(stems(keyword)))
            for word in phrase:
                # A word of a long keyword says less than a keyword of one word.
                self._post(word, place, _KEYWORD / math.sqrt(len(phrase)))
        for weight, texts in _weighted(block, question):
            for text in texts:
                for word in stems(text):
                    self._post(word, place, weight)

    def _note_keywords(self, place: int, question: Question) -> None:
        """Keep the keywords whole too, under their rarest word, so that few are looked at."""
        for keyword in question.keywords:
            phrase = tuple(dict.fromkeys(stems(keyword)))
            if phrase:
                rarest = max(phrase, key=lambda word: (self._rarity[word], word))
                self._phrases.setdefault(rarest, []).append((place, phrase))
            self._exact.setdefault(tuple(plain_words(keyword)), []).append(place)

    def _post(self, word: str, place: int, weight: float) -> None:
        posting = self._postings.setdefault(word, {})
        posting[place] = max(posting.get(place, 0.0), weight)

    def best(self, words: str, limit: int) -> tuple[Found, ...]:
        """Return the best places for these words."""
        scores = self._scores(stems(words)[:_MOST_WORDS])
        for place, worth in self._said_exactly(plain_words(words)[:_MOST_WORDS]).items():
            scores[place] = scores.get(place, 0.0) + worth
        best = sorted(scores, key=lambda place: (-scores[place], place))[: max(0, limit)]
        return tuple(self._found(place, scores[place]) for place in best)

    def _found(self, place: int, score: float) -> Found:
        block, question = self._places[place]
        return Found(question.id, block.id, block.title, question.ask, round(score, 2))

    def _scores(self, said: Sequence[str]) -> dict[int, float]:
        """Return a score for each place: its words, more for a whole keyword, less for gaps."""
        understood = self._telling({word: self._meanings(word) for word in dict.fromkeys(said)})
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

    def _telling(
        self, understood: Mapping[str, Mapping[str, float]]
    ) -> Mapping[str, Mapping[str, float]]:
        """Return the words that are not in nearly every question, or all if there are no others."""
        most = max(_MANY, len(self._places) / 2)
        rare = {
            word: known
            for word, known in understood.items()
            if known and all(len(self._postings[each]) <= most for each in known)
        }
        return rare or understood

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

    def _said_exactly(self, words: Sequence[str]) -> dict[int, float]:
        """Return what the keywords add that were said word for word, little words and all."""
        added: dict[int, float] = {}
        for start in range(len(words)):
            for end in range(start + 1, min(start + _LONGEST_KEYWORD, len(words)) + 1):
                phrase = tuple(words[start:end])
                for place in self._exact.get(phrase, ()):
                    worth = sum(self._rarity.get(stem(each), _LITTLE_WORD) for each in phrase)
                    added[place] = max(added.get(place, 0.0), worth)
        return added

    def _meanings(self, word: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for known, likeness in self._understood(word):
            found[known] = max(found.get(known, 0.0), likeness)
        return found

    def _understood(self, word: str) -> Iterator[tuple[str, float]]:
        """Yield the stems of the bank that a word said may stand for, and how surely."""
        yield from self._alike(word, 1.0)
        if word not in self._postings:
            for known in _near(word, self._slips):
                yield from self._alike(known, _SLIP)
        if len(word) >= _SHORTEST_BEGINNING:
            yield from ((known, _BEGINNING) for known in self._longer_or_shorter(word))

    def _longer_or_shorter(self, word: str) -> Iterator[str]:
        """Yield the stems that are this word and a little more, or its beginning."""
        for known in self._sorted[bisect_right(self._sorted, word) :]:
            if not known.startswith(word):
                break
            yield known
        for end in range(_SHORTEST_BEGINNING, len(word)):
            if word[:end] in self._postings:
                yield word[:end]

    def _alike(self, word: str, likeness: float) -> Iterator[tuple[str, float]]:
        if word in self._postings:
            yield word, likeness
        for known, alike in meant(word):
            if known in self._postings:
                yield known, likeness * alike


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
