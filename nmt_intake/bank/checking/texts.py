"""The words of a bank, one by one: which key they stand under, and whether they are said aloud."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from nmt_intake.bank.model import Block, Question, Rating

_SPOKEN: Final = frozenset(
    {"opening", "another", "ask", "wordings", "preface", "probes", "options", "columns"}
)


@dataclass(frozen=True, slots=True)
class Words:
    """One text: the key it stands under, its language, the text."""

    key: str
    language: str
    text: str

    @property
    def spoken(self) -> bool:
        """Whether the interviewer says it, or shows it as an answer."""
        return self.key in _SPOKEN


def words_of_block(block: Block, language: str) -> Iterator[Words]:
    """Yield what a block itself says, in its own language and in the others."""
    for key, text in (
        ("title", block.title),
        ("opening", block.opening),
        ("another", block.another),
    ):
        if text:
            yield Words(key, language, text)
    for other, words in block.translations.items():
        for key, text in words.items():
            yield Words(key, other, text)


def words_of_question(question: Question, language: str) -> Iterator[Words]:
    """Yield everything a question says, in its own language and in the others."""
    own: dict[str, object] = {
        "ask": question.ask,
        "wordings": question.wordings,
        "options": question.options,
        "preface": question.preface,
        "listen_for": question.listen_for,
        "probes": question.probes,
        "columns": [[column.ask, column.options] for column in question.columns],
        "soft_check": question.soft_check.say if question.soft_check else None,
        "hard_check": question.hard_check.say if question.hard_check else None,
        "refer": question.refer.say if question.refer else None,
    }
    for spoken_in, words in ((language, own), *question.translations.items()):
        for key, held in words.items():
            for text in _texts(held):
                yield Words(key, spoken_in, text)


def words_of_rating(rating: Rating, language: str) -> Iterator[Words]:
    """Yield a rating's title, anchors and the reasons of its rules."""
    yield Words("title", language, rating.title)
    for text in rating.anchors.values():
        yield Words("anchors", language, text)
    for rule in (*rating.rules, *rating.facts):
        yield Words("rules", language, rule.because)


def _texts(held: object) -> Iterator[str]:
    if isinstance(held, str):
        yield held
    elif isinstance(held, Mapping):
        for part in cast("Mapping[str, object]", held).values():
            yield from _texts(part)
    elif isinstance(held, list | tuple):
        for part in cast("Sequence[object]", held):
            yield from _texts(part)
