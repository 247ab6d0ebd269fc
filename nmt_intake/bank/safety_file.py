"""The safety file of a bank: its shape, and what is wrong with it, told line by line.

A slip here once emptied the card in silence: a contact read as a key, a misspelt `contacts:`, a
tab. So the file is read strictly or not at all, and who cannot use it says so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nmt_intake.bank.compiling.notes import near
from nmt_intake.bank.faults import line_of, shape_problems
from nmt_intake.bank.problems import Problem
from nmt_intake.bank.reading import MappingNode, UnreadableFile, read_file
from nmt_intake.vocabulary import SAFETY_TOPICS

FILE: Final = "safety/safety.yaml"

_Text = Annotated[str, Field(min_length=1, max_length=2000)]
_Texts = Annotated[list[_Text], Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TopicSource(_Part):
    """One safety card: what to say, the steps, whom to reach."""

    title: _Text
    say: _Text
    steps: _Texts
    contacts: _Texts


class BreakSource(_Part):
    """The page of a break."""

    line: _Text
    words: _Texts


class EndSource(_Part):
    """The page of an early end."""

    title: _Text
    say: _Text
    steps: _Texts
    goodbye: _Text


class HintSource(_Part):
    """How well something is remembered, and how that is known."""

    topic: _Text
    informant: _Text
    level: _Text
    hint: _Text
    source: _Text


class TranslationSource(_Part):
    """The cards in another language; what is left out is shown in the bank's own."""

    agency: _Text | None = None
    note: _Text | None = None
    topics: dict[str, TopicSource] | None = None
    break_page: BreakSource | None = None
    end_early: EndSource | None = None
    confidence_hints: dict[str, _Text] = {}


class SafetySource(_Part):
    """The whole file."""

    version: _Text
    agency: _Text
    note: _Text | None = None
    topics: dict[str, TopicSource]
    break_page: BreakSource | None = None
    end_early: EndSource | None = None
    confidence_hints: list[HintSource] = []
    translations: dict[str, TranslationSource] = {}


def read_safety(folder: Path) -> tuple[SafetySource | None, tuple[Problem, ...]]:
    """Return the safety file of the bank in `folder`, and what is wrong with it.

    None where it cannot be used, and where there is none: then there is no problem, either. One
    that only lacks a card can be used: the shipped card stands in for that one.
    """
    if not (folder / FILE).exists():
        return None, ()
    try:
        node = read_file(folder / FILE, FILE)
    except UnreadableFile as refusal:
        return None, (refusal.problem,)
    if not isinstance(node, MappingNode):
        return None, (Problem(FILE, 1, "BANK-006", "", "does not begin with keys.", _ADVICE),)
    try:
        source = SafetySource.model_validate(node)
    except ValidationError as error:
        return None, tuple(shape_problems(error, node, SafetySource, FILE, ""))
    problems = [
        *_topics(source, node, ()),
        *(
            problem
            for language, words in source.translations.items()
            if words.topics is not None
            for problem in _topics(words, node, ("translations", language))
        ),
    ]
    return source, tuple(problems)


_ADVICE: Final = "Compare it with the file that comes with the program."


def _topics(
    source: SafetySource | TranslationSource, node: MappingNode, within: tuple[str, ...]
) -> list[Problem]:
    """Find cards that are missing and cards that nothing opens."""
    topics = source.topics or {}
    where = (*within, "topics")
    found = [
        Problem(
            FILE, line_of(node, (*where, name)), "BANK-040", "",
            f"there is no safety topic {name!r}.", near(name, SAFETY_TOPICS),
        )
        for name in topics if name not in SAFETY_TOPICS
    ]  # fmt: skip
    lacking = [name for name in SAFETY_TOPICS if name not in topics]
    if lacking:
        message = f"has no card for {', '.join(lacking)}."
        found.append(Problem(FILE, line_of(node, where), "BANK-040", "", message, _ADVICE))
    return found
