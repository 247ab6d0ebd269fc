"""Where words belong: the places that are proposed, each with what is said there now."""

from __future__ import annotations

from textual.content import Content

from nmt_intake.interview.placing import Proposal, proposals
from nmt_intake.interview.state import Interview
from nmt_intake.tui import literal

_WIDTH = 76  # of a line on a screen of 80, less its number


def found(
    interview: Interview, near: str | None, language: str | None, limit: int, words: str
) -> tuple[tuple[Proposal, Content], ...]:
    """Return the best places for these words with their texts; `near` is the slot we are at."""
    return tuple((each, _text(each)) for each in proposals(interview, words, near, language, limit))


def _text(place: Proposal) -> Content:
    """Return one line: part and entry, what is asked, and the answer that fits or stands there."""
    fits = f"→ {place.option_words}" if place.option_words else place.now
    aside = literal.line(fits, "$accent" if place.option_words else "$aside", 24)
    title = literal.line(place.title, "bold", 24)
    room = _WIDTH - len(title.plain) - len(aside.plain) - 4
    return title + Content("  ") + literal.line(place.ask, "", room) + Content("  ") + aside
