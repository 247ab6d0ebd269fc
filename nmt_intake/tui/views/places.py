"""Where words belong: the places that are proposed, each with what is said there now."""

from __future__ import annotations

from textual.content import Content

from nmt_intake.interview.placing import Proposal, proposals
from nmt_intake.interview.state import Interview
from nmt_intake.tui import literal

_WIDTH = 76  # of a line on a screen of 80, less its number
_BESIDE = 26  # the most for part and entry, and for the answer


def found(
    interview: Interview, near: str | None, language: str | None, limit: int, words: str
) -> tuple[tuple[Proposal, Content], ...]:
    """Return the best places for these words with their texts; `near` is the slot we are at."""
    return tuple((each, _text(each)) for each in proposals(interview, words, near, language, limit))


def _text(place: Proposal) -> Content:
    """Return one line: part and entry, what is asked, the answer there now, the one that fits."""
    fits = f"→ {place.option_words}" if place.option else ""
    now = " ".join([place.now, fits]) if place.answered or not fits else fits
    title = literal.line(place.title, "bold").truncate(_BESIDE, ellipsis=True)
    aside = literal.line(now, "$accent" if fits else "$aside").truncate(_BESIDE, ellipsis=True)
    room = _WIDTH - title.cell_length - aside.cell_length - 4
    ask = literal.line(place.ask).truncate(room, ellipsis=True)
    return title + Content("  ") + ask + Content("  ") + aside
