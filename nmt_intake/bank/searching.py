"""Finds the place for what somebody just said: from everyday words to the questions they answer.

No model: five views of the same words are added up, each in its own measure (weights are judgement,
tuned on one half of the utterances of tests/capture and measured on the other):

- the phrase that is nearest, by the rarity of the words they share (`heard_as`, options, ask);
- all words that a question is told by, and all that its block is told by;
- words in a row, little words too ("right here", "on my own");
- a keyword that was said whole.

A word that no question holds counts as those it was probably meant to be: a slip away, or alike in
meaning. A time that is told ("when she was two") lifts the blocks that ask about that time.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from itertools import pairwise
from threading import Lock
from typing import Final

from nmt_intake.bank.model import Bank, Block
from nmt_intake.bank.stems import LITTLE, language_of, marked_stems
from nmt_intake.vocabulary import PERIODS

# What a saying is worth by where it stands, for the nearest phrase and for the words of a question.
_AS_PHRASE: Final = {"phrase": 1.0, "keyword": 0.7, "option": 0.6, "ask": 0.5, "rest": 0.3}
_AS_WORDS: Final = {"phrase": 1.0, "keyword": 1.0, "option": 0.8, "ask": 0.8, "rest": 0.4}
_SECOND: Final = 0.3  # the next phrases of a question, each so much of the one before
_MOST_PHRASES: Final = 4
_SHORT_PHRASE: Final = 20.0  # keeps a phrase of one word from being as near as one of four

# How much each view counts.
_PHRASE: Final = 0.8
_QUESTION: Final = 1.15
_BLOCK: Final = 1.0
_ROW: Final = 1.4
_KEYWORD: Final = 0.5
_LITTLE_ROW: Final = (1.0, 0.7, 0.4)  # by how many of the two words say little

# How fast a word counts less the oftener it stands, and the more words its question has (BM25).
_OFTEN: Final = 1.2
_LENGTH: Final = 0.5

# Where a time was told: the blocks of that time, those of every time, of another, of today.
_THAT_TIME: Final = 1.35
_EVERY_TIME: Final = 1.05
_OTHER_TIME: Final = 0.45
_TODAY: Final = 0.8
_NO_TIME: Final = 0.85  # a block of one time, where none was told
_NEAR: Final = 1.1  # the block that is asked about now
# Asked of a life as a whole, in whatever time: what was told of may belong there too.
_WHOLE_LIFE: Final = frozenset({"caregiver", "placement", "exposure"})

_CLEARLY: Final = 1.15  # so much nearer than any other's phrase is the one of the option proposed
_SLIP: Final = 0.7
_BEGINNING: Final = 0.6
_ALIKE: Final = 0.7
_UNKNOWN: Final = 0.5  # of the rarity of a word that nothing holds
_SHORTEST_SLIP: Final = 4
_LONG: Final = 7
_MOST_WORDS: Final = 40
_MOST_CHARACTERS: Final = 500


@dataclass(frozen=True, slots=True)
class Found:
    """One place where what was said may belong; the higher the score the surer.

    `option` is the answer that the nearest phrase tells, where one does.
    """

    question: str
    block: str
    title: str
    ask: str
    score: float
    option: str | None = None


def search(
    bank: Bank, words: str, limit: int = 5, period: str | None = None, near: str | None = None
) -> tuple[Found, ...]:
    """Return the questions where what was said belongs, the best first, `limit` at most.

    `period` is the time that the words tell, `near` the block that is asked about now. The index
    is made at the first search in a bank; `prepare` makes it before.
    """
    return _index(bank).best(words[:_MOST_CHARACTERS], limit, period, near)


def prepare(bank: Bank) -> None:
    """Make the index of a bank now, so that the first search is as quick as the next."""
    _index(bank)


_making: Final = Lock()


def _index(bank: Bank) -> _Index:
    with _making:  # who comes while it is made waits for it, and makes no second one
        return _index_of(_Held(bank))


class _Bag:
    """Which words stand where, how often, and how rare each is: for questions, or for blocks."""

    def __init__(self) -> None:
        self.postings: dict[str, dict[int, float]] = {}
        self._lengths: defaultdict[int, float] = defaultdict(float)
        self.rarity: dict[str, float] = {}

    def add(self, place: int, words: Iterable[str], weight: float) -> None:
        """Enter words at a place."""
        for word in words:
            held = self.postings.setdefault(word, {})
            held[place] = held.get(place, 0.0) + weight
            self._lengths[place] += weight

    def close(self, count: int) -> None:
        """Turn counts into what each word is worth at each place."""
        mean = sum(self._lengths.values()) / (len(self._lengths) or 1)
        for word, held in self.postings.items():
            rarity = self.rarity[word] = math.log(1 + count / len(held))
            for place, times in held.items():
                length = 1 - _LENGTH + _LENGTH * self._lengths[place] / mean
                held[place] = rarity * times * (_OFTEN + 1) / (times + _OFTEN * length)


@dataclass(frozen=True, slots=True)
class _Phrase:
    place: int
    part: str
    code: str
    words: int
    weight: float


class _Index:
    """Where each stem stands in a bank, with what weight, and how rare it is."""

    def __init__(self, bank: Bank) -> None:
        self._places = [(block, each) for block in bank.blocks for each in block.questions]
        self._times = {block.id: times_of(block) for block in bank.blocks}
        by_id = {question.id: place for place, (_, question) in enumerate(self._places)}
        blocks = {block.id: number for number, block in enumerate(bank.blocks)}
        self._block_of = [blocks[block.id] for block, _ in self._places]
        self._alike: dict[str, set[str]] = {}
        self._words, self._blocks, self._rows = _Bag(), _Bag(), _Bag()
        self._exact: dict[tuple[str, ...], set[int]] = {}
        told: list[tuple[int, str, str, tuple[str, ...]]] = []
        for saying in bank.sayings:
            stems = [_named(each, saying.language) for each in saying.stems.split()]
            place = by_id.get(saying.question)
            if saying.part == "alike":
                for each in stems:
                    self._alike.setdefault(each, set()).update(stems)
            if place is None:
                continue
            if saying.part in ("keyword", "phrase"):
                self._exact.setdefault(tuple(stems), set()).add(place)
            content = [each for each in stems if not each.startswith(LITTLE)]
            weight = _AS_WORDS[saying.part]
            self._words.add(place, dict.fromkeys(content), weight)
            self._blocks.add(self._block_of[place], dict.fromkeys(content), weight)
            if saying.part != "rest":
                self._rows.add(place, _rows(stems), weight)
            if content:
                told.append((place, saying.part, saying.code, tuple(dict.fromkeys(content))))
        self._words.close(len(self._places))
        self._blocks.close(len(blocks))
        self._rows.close(len(self._places))
        self._phrases: list[_Phrase] = []
        self._holding: dict[str, list[int]] = {}
        for place, part, code, content in told:
            norm = sum(self._words.rarity[each] ** 2 for each in content)
            weight = _AS_PHRASE[part] / math.sqrt(norm + _SHORT_PHRASE)
            for each in content:
                self._holding.setdefault(each, []).append(len(self._phrases))
            self._phrases.append(_Phrase(place, part, code, len(content), weight))
        self._known = {
            language: sorted(each for each in self._words.rarity if _of(each, language))
            for language in ("en", "es")
        }
        self._meant: dict[str, dict[str, float]] = {}
        import_module("rapidfuzz.process")  # 20 ms that no letter shall wait for
        self._unknown = _UNKNOWN * math.log(1 + len(self._places))

    def best(
        self, words: str, limit: int, period: str | None, near: str | None
    ) -> tuple[Found, ...]:
        """Return the best places for these words."""
        language = self._language(words)
        stems = [_named(each, language) for each in marked_stems(words, language)[:_MOST_WORDS]]
        scores, options = self._scores(stems, language)
        surest = max(scores.values(), default=1.0)
        for place in self._exact.get(tuple(stems), ()):
            scores[place] = scores.get(place, 0.0) + surest  # said word for word
        for place in scores:
            block = self._places[place][0]
            scores[place] *= self._in_time(block, period) * (_NEAR if block.id == near else 1.0)
        best = sorted(scores, key=lambda place: (-scores[place], place))[: max(0, limit)]
        return tuple(self._found(place, scores[place], options.get(place)) for place in best)

    def _language(self, words: str) -> str:
        """Return the language whose words of the bank are said, if the little ones do not tell."""
        little = language_of(words)
        if little != "en" or not self._known["es"]:
            return little
        held = self._words.rarity
        known = {
            each: sum(
                _named(stem, each) in held
                for stem in marked_stems(words, each)
                if not stem.startswith(LITTLE)
            )
            for each in self._known
        }
        return "es" if known["es"] > known["en"] else "en"

    def _found(self, place: int, score: float, option: str | None) -> Found:
        block, question = self._places[place]
        return Found(
            question.id, block.id, block.title, question.ask, round(score, 3), option or None
        )

    def _in_time(self, block: Block, period: str | None) -> float:
        times = self._times[block.id]
        if period is None:
            return _NO_TIME if 0 < len(times) <= 2 else 1.0
        if not times:
            return 1.0 if block.for_each in _WHOLE_LIFE else _TODAY
        if period not in times:
            return _OTHER_TIME
        return _EVERY_TIME if len(times) > 2 else _THAT_TIME

    def _scores(
        self, stems: list[str], language: str
    ) -> tuple[dict[int, float], Mapping[int, str]]:
        """Return a score for each place, and the option that its nearest phrase tells."""
        said = [each for each in dict.fromkeys(stems) if not each.startswith(LITTLE)]
        understood = [self._understood(each, language) for each in said]
        rarity = self._words.rarity
        whole = 0.0
        words: defaultdict[int, float] = defaultdict(float)
        blocks: defaultdict[int, float] = defaultdict(float)
        shared: defaultdict[int, float] = defaultdict(float)
        met: defaultdict[int, int] = defaultdict(int)
        for meant in understood:
            if not meant:
                whole += self._unknown
                continue
            whole += max(rarity[each] * sure for each, sure in meant.items())
            _add(words, self._words.postings, meant)
            _add(blocks, self._blocks.postings, meant)
            nearest: dict[int, float] = {}
            for each, sure in meant.items():
                worth = rarity[each] ** 2 * sure
                for phrase in self._holding[each]:
                    if worth > nearest.get(phrase, 0.0):
                        nearest[phrase] = worth
            for phrase, worth in nearest.items():
                shared[phrase] += worth
                met[phrase] += 1
        whole = whole or 1.0
        phrases, keywords, options = self._nearest(shared, met)
        rows: defaultdict[int, float] = defaultdict(float)
        for row, weight in _weighed_rows(stems).items():
            for place, worth in self._rows.postings.get(row, {}).items():
                rows[place] += worth * weight
        scores: dict[int, float] = {}
        for place in {*words, *rows}:
            scores[place] = (
                _PHRASE * phrases.get(place, 0.0)
                + _QUESTION * words[place]
                + _BLOCK * blocks[self._block_of[place]]
                + _ROW * rows[place]
                + _KEYWORD * keywords.get(place, 0.0)
            ) / whole
        return scores, options

    def _nearest(
        self, shared: Mapping[int, float], met: Mapping[int, int]
    ) -> tuple[dict[int, float], dict[int, float], dict[int, str]]:
        """Return for each place how near its phrases are, its whole keywords, and its option."""
        found: defaultdict[int, list[tuple[float, str]]] = defaultdict(list)
        keywords: dict[int, float] = {}
        for number, worth in shared.items():
            phrase = self._phrases[number]
            found[phrase.place].append((worth * phrase.weight, phrase.code))
            if phrase.part == "keyword" and met[number] == phrase.words:
                keywords[phrase.place] = max(keywords.get(phrase.place, 0.0), math.sqrt(worth))
        near: dict[int, float] = {}
        options: dict[int, str] = {}
        for place, phrases in found.items():
            phrases.sort(reverse=True)
            near[place] = sum(
                worth * _SECOND**rank for rank, (worth, _) in enumerate(phrases[:_MOST_PHRASES])
            )
            others = max((worth for worth, code in phrases if code != phrases[0][1]), default=0.0)
            if phrases[0][0] > _CLEARLY * others:
                options[place] = phrases[0][1]
        return near, keywords, options

    def _understood(self, word: str, language: str) -> dict[str, float]:
        """Return the stems of the bank that a word said may stand for, and how surely."""
        known = self._meant.get(word)
        if known is None:
            known = self._meant[word] = dict(self._meanings(word, language))
        return known

    def _meanings(self, word: str, language: str) -> Iterator[tuple[str, float]]:
        held = self._words.rarity
        heard = {word: 1.0}
        if word not in held and word not in self._alike:
            known = self._known[language]
            heard = dict(_slips(word, known, language)) or dict(_longer(word, known, language))
        for each, sure in heard.items():
            for other in self._alike.get(each, ()):
                if other in held and other not in heard:
                    yield other, sure * _ALIKE
        yield from ((each, sure) for each, sure in heard.items() if each in held)


def _add(
    sums: defaultdict[int, float],
    postings: Mapping[str, Mapping[int, float]],
    meant: Mapping[str, float],
) -> None:
    """Add what the best meaning of a word is worth at each place; once for the word."""
    if len(meant) == 1:
        for each, sure in meant.items():
            for place, worth in postings[each].items():
                sums[place] += worth * sure
        return
    best: dict[int, float] = {}
    for each, sure in meant.items():
        for place, worth in postings[each].items():
            if worth * sure > best.get(place, 0.0):
                best[place] = worth * sure
    for place, worth in best.items():
        sums[place] += worth


def _named(stem: str, language: str) -> str:
    """Return a stem under its language; English goes without a name."""
    return stem if language == "en" or stem.startswith(LITTLE) else f"{language}:{stem}"


def _of(stem: str, language: str) -> bool:
    return (":" in stem) == (language != "en")


def _rows(stems: list[str]) -> list[str]:
    bare = [each.lstrip(LITTLE) for each in stems]
    return [f"{first} {second}" for first, second in pairwise(bare)]


def _weighed_rows(stems: list[str]) -> dict[str, float]:
    """Return the words in a row that were said; two little ones tell least."""
    little = [sum(each.startswith(LITTLE) for each in pair) for pair in pairwise(stems)]
    return {row: _LITTLE_ROW[count] for row, count in zip(_rows(stems), little, strict=True)}


def _slips(word: str, known: list[str], language: str) -> Iterator[tuple[str, float]]:
    """Yield the known stems one slip away, two for a long word, and how surely they were meant."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    length = len(word) - (0 if language == "en" else len(language) + 1)
    if length < _SHORTEST_SLIP:
        return
    most = 1 if length < _LONG else 2
    near = process.extract(word, known, scorer=OSA.distance, score_cutoff=most, limit=4)
    for other, slips, _ in near:
        yield other, _SLIP ** int(slips)


def _longer(word: str, known: list[str], language: str) -> Iterator[tuple[str, float]]:
    """Yield the known stems that a word is the beginning of: it may still be typed."""
    if len(word) - (0 if language == "en" else len(language) + 1) < _SHORTEST_SLIP:
        return
    for other in known[bisect_left(known, word) :]:
        if not other.startswith(word):
            return
        yield other, _BEGINNING


def times_of(block: Block) -> frozenset[str]:
    """Return the periods that a block asks about; none for one that is not about a time."""
    if block.for_each != "period":
        return frozenset()
    text = block.when.text if block.when else ""
    named = frozenset(each for each in PERIODS if f"'{each}'" in text or f'"{each}"' in text)
    return named or frozenset(PERIODS)


class _Held:
    """A bank by its words: one that is loaded again has the same index."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self._name = (bank.hash, len(bank.blocks), len(bank.questions))

    def __hash__(self) -> int:
        return hash(self._name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other._name == self._name


@lru_cache(maxsize=4)
def _index_of(held: _Held) -> _Index:
    return _Index(held.bank)
