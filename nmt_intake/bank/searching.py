"""Finds the place for what somebody just said: from everyday words to the questions they answer.

No library and no model: words are cut to stems, and each part of a question (keywords, what is
asked, its options, its titles) gives the weight that it has shown to have. A word that no
question holds counts as the one it was probably meant to be: one slip away, or its beginning.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from nmt_intake.bank.model import Bank, Block, Question

_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
_FACT: Final = re.compile(r"\{[^{}]*\}")

# How much a word counts where it stands (judgement, tuned on everyday phrases; see the tests).
_KEYWORD: Final = 4.0
_ASK: Final = 1.6
_OPTION: Final = 1.2
_TITLE: Final = 1.5
_REST: Final = 0.5

_WHOLE_PHRASE: Final = 3.0
_SLIP: Final = 0.75
_BEGINNING: Final = 0.7
_MOST_WORDS: Final = 40

# Words that say nothing about where something belongs.
_EMPTY: Final = frozenset(
    """
    a about after again all also always am an and any anything are as ask at be because been before being
    but by can could did do does doing done down each ever every everyone few for from get gets getting
    go goes going got had has have having he her here hers him his how i if in into is it its
    just know let like little lot made make makes many may me mean might more most mostly much must my
    never no not now of off often oh on once one or other our out over own quite really said say says she
    should so some someone something sometimes such take takes than that the their them then there these
    they thing things this those time times to told too up us used very was we well went were what when where
    which while who why will with would yes yet you your
    de el ella en es esta este fue la las le les lo los mi muy no nos o para pero por que se si su sus
    un una y ya al del con como cuando
    """.split()
)


@dataclass(frozen=True, slots=True)
class Found:
    """One place where what was said may belong; the higher the score the surer."""

    question: str
    block: str
    title: str
    ask: str
    score: float


@dataclass(frozen=True, slots=True)
class _Index:
    """Postings by stem, phrases by question, and how rare each stem is."""

    postings: Mapping[str, Mapping[int, float]]
    phrases: Mapping[str, tuple[tuple[int, tuple[str, ...]], ...]]
    rarity: Mapping[str, float]
    shapes: Mapping[str, tuple[str, ...]]
    places: tuple[tuple[Block, Question], ...]


@dataclass(slots=True)
class _Draft:
    postings: dict[str, dict[int, float]] = field(default_factory=dict[str, dict[int, float]])
    phrases: dict[str, list[tuple[int, tuple[str, ...]]]] = field(
        default_factory=dict[str, list[tuple[int, tuple[str, ...]]]]
    )


def search(bank: Bank, words: str, limit: int = 5) -> tuple[Found, ...]:
    """Return the questions where what was said belongs, the best first, `limit` at most.

    The index is made at the first search in a bank (about 50 ms for 1,000 questions).
    """
    index = _index_of(_ByIdentity(bank))
    said = stems(words[:500])[:_MOST_WORDS]
    scores = _scores(index, said)
    best = sorted(scores, key=lambda place: (-scores[place], place))[:limit]
    return tuple(_found(index, place, scores[place]) for place in best)


def prepare(bank: Bank) -> None:
    """Make the index of a bank now, so that the first search is as quick as the next."""
    _index_of(_ByIdentity(bank))


def _found(index: _Index, place: int, score: float) -> Found:
    block, question = index.places[place]
    return Found(question.id, block.id, block.title, question.ask, round(score, 2))


def stems(text: str) -> list[str]:
    """Return the words of a text that say something, without their endings, in order."""
    words = _WORD.findall(_FACT.sub(" ", text.lower().replace("'", "").replace("’", "")))
    return [stem(word) for word in words if word not in _EMPTY]


def stem(word: str) -> str:
    """Return a word without the common endings of English: `cried`, `crying`, `cries` are `cry`."""
    if len(word) <= 3:
        return word
    for ending, instead, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return _single(word[: len(word) - len(ending)] + instead)
    return word


_ENDINGS: Final = (
    ("ies", "y", 2),
    ("ied", "y", 2),
    ("ying", "y", 2),
    ("sses", "ss", 2),
    ("ings", "", 3),
    ("ing", "", 3),
    ("edly", "", 3),
    ("eds", "", 3),
    ("ed", "", 3),
    ("ers", "", 4),
    ("er", "", 4),
    ("ches", "ch", 2),
    ("shes", "sh", 2),
    ("ss", "ss", 2),
    ("us", "us", 2),
    ("es", "", 3),
    ("ly", "", 4),
    ("s", "", 3),
    ("e", "", 3),
)


def _single(word: str) -> str:
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiousl":
        return word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


def _scores(index: _Index, said: list[str]) -> dict[int, float]:
    scores: dict[int, float] = {}
    covered: dict[int, int] = {}
    for word in dict.fromkeys(said):
        best: dict[int, float] = {}
        for known, likeness in _meant(index, word):
            worth = likeness * index.rarity[known]
            for place, weight in index.postings[known].items():
                best[place] = max(best.get(place, 0.0), worth * weight)
        for place, score in best.items():
            scores[place] = scores.get(place, 0.0) + score
            covered[place] = covered.get(place, 0) + 1
    _add_phrases(index, said, scores)
    return {
        place: score * (0.5 + 0.5 * covered.get(place, 0) / len(set(said)))
        for place, score in scores.items()
    }


def _add_phrases(index: _Index, said: list[str], scores: dict[int, float]) -> None:
    held = set(said)
    seen: dict[int, float] = {}
    for word in held:
        for place, phrase in index.phrases.get(word, ()):
            if held.issuperset(phrase):
                worth = _WHOLE_PHRASE * sum(index.rarity[each] for each in phrase)
                seen[place] = max(seen.get(place, 0.0), worth)
    for place, worth in seen.items():
        scores[place] = scores.get(place, 0.0) + worth


def _meant(index: _Index, word: str) -> Iterator[tuple[str, float]]:
    """Yield the known stems that a word may stand for, and how surely."""
    if word in index.postings:
        yield word, 1.0
        return
    for known in index.shapes.get(word, ()):
        yield known, _SLIP


@dataclass(frozen=True, slots=True)
class _ByIdentity:
    bank: Bank

    def __hash__(self) -> int:
        return id(self.bank)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.bank is self.bank


@lru_cache(maxsize=4)
def _index_of(held: _ByIdentity) -> _Index:
    draft = _Draft()
    places = tuple((block, each) for block in held.bank.blocks for each in block.questions)
    for place, (block, question) in enumerate(places):
        _note(draft, place, block, question)
    count = len(places) + 1
    rarity = {
        word: math.log(1 + count / (1 + len(found))) for word, found in draft.postings.items()
    }
    phrases = {word: tuple(found) for word, found in draft.phrases.items()}
    return _Index(draft.postings, phrases, rarity, {}, places)


def _note(draft: _Draft, place: int, block: Block, question: Question) -> None:
    for weight, texts in _weighted(block, question):
        for text in texts:
            for word in stems(text):
                posting = draft.postings.setdefault(word, {})
                posting[place] = max(posting.get(place, 0.0), weight)
    for keyword in question.keywords:
        phrase = tuple(dict.fromkeys(stems(keyword)))
        if phrase:
            draft.phrases.setdefault(phrase[0], []).append((place, phrase))


def _weighted(block: Block, question: Question) -> Iterator[tuple[float, Iterable[str]]]:
    yield _KEYWORD, question.keywords
    yield _ASK, (question.ask,)
    yield _OPTION, question.options.values()
    yield _TITLE, (block.title,)
    yield _REST, (*question.wordings.values(), question.listen_for or "", *question.probes)
