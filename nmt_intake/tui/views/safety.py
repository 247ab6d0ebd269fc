"""The safety card: the agency's words, quietly beside the interview."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from nmt_intake.casework.agency import Agency
from nmt_intake.interview.concerns import Concern
from nmt_intake.tui import literal


def safety_card(agency: Agency, topic_id: str | None, waiting: Sequence[Concern]) -> Content:
    """Return the card of a topic, or what is there to choose; open notes stand first."""
    pieces = [literal.line("Safety", "bold")]
    if agency.trouble:
        pieces.append(literal.literal(agency.trouble))
    for note in waiting:
        pieces.append(literal.line(f"⚑ open: {note.topic}"))
        if note.note:
            pieces.append(literal.literal(f"“{note.note}”"))
    topic = agency.topic(topic_id or "")
    if topic is None:
        pieces.append(
            literal.literal("F8 chooses a card. Esc closes this panel. Nothing is blocked.")
        )
        return Content("\n\n").join(pieces)
    pieces.append(literal.line(topic.title, "bold"))
    pieces.append(literal.spoken(topic.say, "italic"))
    pieces.append(literal.lines(*(literal.spoken(f"· {step}") for step in topic.steps)))
    pieces.append(literal.lines(*(literal.spoken(each) for each in topic.contacts)))
    return Content("\n\n").join([each for each in pieces if each.plain])
