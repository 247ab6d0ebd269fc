"""What do I already know: the time line of the period, others' answers, what it is evidence for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from textual.content import Content

from nmt_intake.interview.asking import ratings_served
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.speaking import rating_title
from nmt_intake.interview.state import Interview
from nmt_intake.interview.timeline import Stretch, stretches
from nmt_intake.interview.values import age_in_words
from nmt_intake.tui import literal
from nmt_intake.tui.views.life_line import life_line
from nmt_intake.tui.views.question import others
from nmt_intake.vocabulary import PERIODS

_WIDTH: Final = 28  # the panel beside the question, without its border and scrollbar


def known_here(interview: Interview, slot: str) -> Content:
    """Return the panel beside a question."""
    instance = split_slot(slot)[0][:-1]
    period = instance if instance in PERIODS else None
    question = interview.question(slot)
    sections = [
        _section("Life line", _bars(interview, period)),
        _section("Time line", _timeline(interview, period)),
        _section("Others said", others(interview, slot, question) if question else ()),
        _section("Evidence for", _evidence(interview, slot)),
    ]
    found = [each for each in sections if each.plain]
    return (
        Content("\n\n").join(found)
        if found
        else literal.line("Nothing is known here yet.", "$aside")
    )


def _section(title: str, lines: Iterator[Content] | tuple[Content, ...]) -> Content:
    found = list(lines)
    return literal.lines(literal.line(title, "bold"), *found) if found else Content("")


def _timeline(interview: Interview, period: str | None) -> Iterator[Content]:
    for stretch in stretches(interview, period):
        yield literal.line(f"{_ages(stretch)}  {stretch.name}")


def _bars(interview: Interview, period: str | None) -> Iterator[Content]:
    """Yield the whole life drawn to scale; nothing where the age is not known."""
    months = interview.facts.get("client.age_months")
    if isinstance(months, int | float):
        drawn = life_line(stretches(interview), months, period, _WIDTH)
        if drawn.plain:
            yield drawn


def _ages(stretch: Stretch) -> str:
    start = stretch.first or ("?" if stretch.start is None else age_in_words(stretch.start))
    end = stretch.last or ("?" if stretch.end is None else age_in_words(stretch.end))
    end = "now" if stretch.ongoing else end
    return f"{start} – {end}"


def _evidence(interview: Interview, slot: str) -> Iterator[Content]:
    for key in ratings_served(interview.question(slot), split_slot(slot)[0]):
        yield literal.line(rating_title(interview, key))
