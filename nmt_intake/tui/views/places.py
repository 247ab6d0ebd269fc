"""Where words belong: the places that the search finds, each with what is said there now."""

from __future__ import annotations

from textual.content import Content

from nmt_intake.bank.searching import search
from nmt_intake.interview import walk
from nmt_intake.interview.asking import said_in_words
from nmt_intake.interview.speaking import part_title, spoken
from nmt_intake.interview.state import Interview
from nmt_intake.tui import literal


def found(
    interview: Interview, near: str | None, language: str | None, limit: int, words: str
) -> tuple[tuple[str, Content], ...]:
    """Return the best places for these words as slots with their texts; `near` is where we are."""
    places: list[tuple[str, Content]] = []
    for each in search(interview.bank, words, limit * 4):
        question = interview.bank.questions[each.question]
        slot = walk.slot_for(interview, question, near, words)
        if slot is not None and slot in interview.layout.position and len(places) < limit:
            places.append((slot, _text(interview, slot, language)))
    return tuple(places)


def _text(interview: Interview, slot: str, language: str | None) -> Content:
    part = interview.part(slot)
    title = part_title(interview, part, language) if part else ""
    ask = spoken(interview, slot, language).ask
    now = literal.line(said_in_words(interview, slot, language), "$aside", 18)
    return literal.line(f"{title}: {ask}", "", 56) + Content("  ") + now
