"""What was typed in an interview, and the safety topics it may belong to: an offer, no finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pydantic import JsonValue

from nmt_intake.bank.hearing import safety_topics
from nmt_intake.interview.events import Answered, Event, MarkedMissing, Noted
from nmt_intake.interview.state import Interview
from nmt_intake.vocabulary import SAFETY_TOPICS

_TYPED: Final = frozenset({"text", "person", "table"})


def topics_heard(interview: Interview, events: Iterable[Event]) -> tuple[str, ...]:
    """Return the safety topics that what was typed in `events` may belong to; nothing is kept."""
    folder = interview.bank.folder
    heard = {
        topic
        for event in events
        for words in _typed(interview, event)
        for topic in safety_topics(folder, words)
    }
    return tuple(topic for topic in SAFETY_TOPICS if topic in heard)


def _typed(interview: Interview, event: Event) -> Iterator[str]:
    match event:
        case Noted():
            yield event.text
        case MarkedMissing():
            yield event.words
        case Answered():
            yield event.words
            question = interview.question(event.slot)
            if question is not None and question.kind in _TYPED:
                yield from _texts(event.value)
        case _:
            pass


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
