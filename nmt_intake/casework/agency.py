"""The agency's own words for safety, breaks and an early end, from the bank's safety file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from nmt_intake.bank.reading import UnreadableFile, read_file


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
    """What the agency wants said; every part may be missing."""

    topics: tuple[Topic, ...] = ()
    break_line: str = "Back when you are ready."
    break_words: tuple[str, ...] = ()
    end_title: str = "Ending early, and well"
    end_say: str = ""
    end_steps: tuple[str, ...] = ()
    goodbye: str = ""

    def topic(self, topic_id: str) -> Topic | None:
        """Return a safety topic by id."""
        return next((each for each in self.topics if each.id == topic_id), None)


def read_agency(bank_folder: str, language: str | None = None) -> Agency:
    """Return the agency's words in a bank's folder, in a language where they are translated."""
    if not bank_folder:
        return Agency()
    try:
        found = read_file(Path(bank_folder) / "safety" / "safety.yaml", "safety/safety.yaml")
    except UnreadableFile:
        return Agency()
    own = _mapping(found)
    translated = _mapping(_mapping(own.get("translations")).get(language or ""))
    return _agency({**own, **translated})


def _agency(words: Mapping[str, object]) -> Agency:
    pause, end = _mapping(words.get("break_page")), _mapping(words.get("end_early"))
    default = Agency()
    return Agency(
        topics=tuple(_topic(name, each) for name, each in _mapping(words.get("topics")).items()),
        break_line=_text(pause.get("line")) or default.break_line,
        break_words=_texts(pause.get("words")),
        end_title=_text(end.get("title")) or default.end_title,
        end_say=_text(end.get("say")),
        end_steps=_texts(end.get("steps")),
        goodbye=_text(end.get("goodbye")),
    )


def _topic(name: str, found: object) -> Topic:
    words = _mapping(found)
    return Topic(
        name,
        _text(words.get("title")) or name,
        _text(words.get("say")),
        _texts(words.get("steps")),
        _texts(words.get("contacts")),
    )


def _mapping(found: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", found) if isinstance(found, Mapping) else {}


def _text(found: object) -> str:
    return str(found) if isinstance(found, str) else ""


def _texts(found: object) -> tuple[str, ...]:
    items = cast("list[object]", found) if isinstance(found, list) else []
    return tuple(str(each) for each in items if isinstance(each, str))
