"""The agency's own words for safety, breaks and an early end, from the bank's safety file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nmt_intake.bank.files import shipped_bank
from nmt_intake.bank.problems import Problem
from nmt_intake.bank.safety_file import SafetySource, TopicSource, TranslationSource, read_safety


@dataclass(frozen=True, slots=True)
class Topic:
    """One safety card: what to say, the steps, whom to reach."""

    id: str
    title: str
    say: str
    steps: tuple[str, ...]
    contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agency:
    """What the agency wants said; `trouble` says why the shipped words stand in for it."""

    topics: tuple[Topic, ...] = ()
    break_line: str = "Back when you are ready."
    break_words: tuple[str, ...] = ()
    end_title: str = "Ending early, and well"
    end_say: str = ""
    end_steps: tuple[str, ...] = ()
    goodbye: str = ""
    trouble: str = ""

    def topic(self, topic_id: str) -> Topic | None:
        """Return a safety topic by id."""
        return next((each for each in self.topics if each.id == topic_id), None)


def read_agency(bank_folder: str, language: str | None = None) -> Agency:
    """Return the agency's words in a bank's folder, in a language where they are translated.

    A bank without a safety file gets the shipped words; one with a file that cannot be used, too,
    and the agency's `trouble` says so.
    """
    own, problems = read_safety(Path(bank_folder)) if bank_folder else (None, ())
    shipped = read_safety(shipped_bank())[0]
    source = own or shipped
    if source is None:
        return Agency()
    agency = _agency(source, language or "")
    if own is not None and shipped is not None:
        there = {each.id for each in agency.topics}
        others = _agency(shipped, language or "").topics
        agency = replace(
            agency, topics=(*agency.topics, *(each for each in others if each.id not in there))
        )
    return replace(agency, trouble=_trouble(problems))


def _trouble(problems: Sequence[Problem]) -> str:
    if not problems:
        return ""
    return (
        f"{problems[0]} Until that is mended, the card that comes with the program stands here:"
        " it holds no contacts of this agency."
    )


def _agency(source: SafetySource, language: str) -> Agency:
    other = source.translations.get(language) or TranslationSource()
    topics = {**source.topics, **(other.topics or {})}
    pause = other.break_page or source.break_page
    end = other.end_early or source.end_early
    default = Agency()
    return Agency(
        topics=tuple(_topic(name, each) for name, each in topics.items()),
        break_line=pause.line if pause else default.break_line,
        break_words=tuple(pause.words) if pause else (),
        end_title=end.title if end else default.end_title,
        end_say=end.say if end else "",
        end_steps=tuple(end.steps) if end else (),
        goodbye=end.goodbye if end else "",
    )


def _topic(name: str, words: TopicSource) -> Topic:
    return Topic(name, words.title, words.say, tuple(words.steps), tuple(words.contacts))
