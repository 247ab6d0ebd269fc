"""What a check says about the words of a bank: missing translations, labels, blame, prefaces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, cast

from nmt_intake.bank.checking.finding import (
    Finding,
    Subject,
    bank_subject,
    block_subject,
    question_subject,
    rating_subject,
)
from nmt_intake.bank.checking.texts import (
    Words,
    words_of_block,
    words_of_question,
    words_of_rating,
)
from nmt_intake.bank.model import Bank, Block, Question
from nmt_intake.bank.reading import MappingNode, SequenceNode, read_file

_WORDS: Final = Path(__file__).with_name("words.yaml")
_PAINFUL: Final = 2
_MOSTLY: Final = 0.75


def check_words(bank: Bank) -> Iterator[Finding]:
    """Find text that names a diagnosis, and spoken text of blame or that leads."""
    for block in bank.blocks:
        subject = block_subject(block)
        yield from _labels(subject, words_of_block(block, bank.language))
        for question in block.questions:
            subject = question_subject(question, block)
            yield from _labels(subject, words_of_question(question, bank.language))
    for rating in bank.ratings:
        yield from _labels(rating_subject(rating), words_of_rating(rating, bank.language))


def _labels(subject: Subject, texts: Iterable[Words]) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for words in texts:
        for found in _looked_for("diagnosis", words):
            if ("025", found) not in seen:
                seen.add(("025", found))
                message = f"its {words.key} names a diagnosis: {found!r}."
                yield subject.finding("BANK-025", message, "Say what is seen instead.")
        for found in _looked_for("leading", words) if words.spoken else ():
            if ("034", found) not in seen:
                seen.add(("034", found))
                message = f"its {words.key} may read as blame, or lead: {found!r}."
                yield subject.finding("BANK-034", message, "Ask for what happened, openly.")


def _looked_for(kind: str, words: Words) -> list[str]:
    pattern = _patterns(kind).get(words.language.partition("-")[0])
    text = words.text.replace("’", "'")
    return pattern.findall(text) if pattern else []


@cache
def _patterns(kind: str) -> Mapping[str, re.Pattern[str]]:
    lists = read_file(_WORDS, _WORDS.name)
    languages = lists.get(kind) if isinstance(lists, MappingNode) else None
    assert isinstance(languages, MappingNode), f"{_WORDS.name} holds lists by language"
    return {
        language: _any_of(words)
        for language, words in languages.items()
        if isinstance(words, SequenceNode)
    }


def _any_of(words: SequenceNode) -> re.Pattern[str]:
    longest_first = sorted((str(word) for word in words), key=len, reverse=True)
    either = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)
    return re.compile(rf"\b(?:{either})\b", re.IGNORECASE)


def check_translations(bank: Bank) -> Iterator[Finding]:
    """Find what is not translated in the blocks that the bank says are, and of closed lists."""
    for language, words in bank.words.items():
        if words.lacking:
            message = f"the words for closed lists in {language!r} lack {', '.join(words.lacking)}."
            advice = f"Write them in words/{language}.yaml; until then they are in English."
            yield bank_subject(bank).finding("BANK-024", message, advice)
    for block in bank.blocks:
        if block.id not in bank.translated:
            continue
        for language in bank.languages:
            lacking = _lacking(_head(block), block.translations.get(language, {}))
            yield from _untranslated(block_subject(block), language, lacking)
            for question in block.questions:
                lacking = _lacking(_own_words(question), question.translations.get(language, {}))
                yield from _untranslated(question_subject(question, block), language, lacking)


def _untranslated(subject: Subject, language: str, lacking: list[str]) -> Iterator[Finding]:
    if lacking:
        message = f"the translation {language!r} lacks {', '.join(lacking)}."
        yield subject.finding("BANK-024", message, f"Write it under translations: {language}.")


def _head(block: Block) -> dict[str, object]:
    return {"title": block.title, "opening": block.opening, "another": block.another}


def _own_words(question: Question) -> dict[str, object]:
    scale_of_numbers = all(code == label for code, label in question.options.items())
    return {
        "ask": question.ask,
        "wordings": question.wordings,
        "options": {} if scale_of_numbers else question.options,
        "preface": question.preface,
        "listen_for": question.listen_for,
        "probes": question.probes,
        "unit": question.unit,
        "columns": {
            column.name: {"ask": column.ask, "options": column.options, "unit": column.unit}
            for column in question.columns
        },
        "soft_check": question.soft_check and question.soft_check.say,
        "hard_check": question.hard_check and question.hard_check.say,
        "refer": question.refer and question.refer.say,
    }


def _lacking(own: Mapping[str, object], words: Mapping[str, object]) -> list[str]:
    """Return the keys of `own` that `words` does not hold, as dotted paths."""
    found: list[str] = []
    for key, text in own.items():
        other = words.get(key)
        if isinstance(text, Mapping):
            inner = cast("Mapping[str, object]", other if isinstance(other, Mapping) else {})
            parts = _lacking(cast("Mapping[str, object]", text), inner)
            found += [f"{key}.{part}" for part in parts]
        elif isinstance(text, tuple):
            said = cast("Sequence[object]", text)
            if len(cast("Sequence[object]", other or ())) < len(said):
                found.append(key)
        elif text and not other:
            found.append(key)
    return found


def check_prefaces(bank: Bank) -> Iterator[Finding]:
    """Find painful questions that nobody is prepared for."""
    for block in bank.blocks:
        for question in block.questions:
            if question.sensitivity >= _PAINFUL and not _prepared(bank, question, set()):
                message = f"asks for something painful ({question.sensitivity}) without a preface."
                advice = "Write a preface: why it is asked, and that it can be skipped."
                yield question_subject(question, block).finding("BANK-027", message, advice)


def _prepared(bank: Bank, question: Question, seen: set[str]) -> bool:
    """Whether a question has a preface, or stands behind a question that has."""
    if question.preface:
        return True
    if question.when is None or question.id in seen:
        return False
    seen.add(question.id)
    return any(_prepared(bank, bank.questions[name], seen) for name, _ in question.when.reads)


def check_keywords(bank: Bank) -> Iterator[Finding]:
    """Find questions that the search cannot know, in a bank whose questions mostly have keywords.

    A small bank that gives words to its opening questions only is fine as it is.
    """
    with_words = sum(bool(question.keywords) for question in bank.questions.values())
    if with_words < _MOSTLY * len(bank.questions):
        return
    for block in bank.blocks:
        for question in block.questions:
            if not question.keywords and not question.hidden:
                message = "has no keywords, so a search for what was said will hardly find it."
                advice = "Write three to eight everyday words."
                yield question_subject(question, block).finding("BANK-029", message, advice)
