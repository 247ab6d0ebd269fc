"""The pages of a break and of an early end, in the agency's own words."""

from __future__ import annotations

from textual.content import Content

from nmt_intake.casework.agency import Agency
from nmt_intake.tui import literal


def break_page(agency: Agency) -> tuple[Content, Content | None]:
    """Return the line of a break, and the words that can be shown after it."""
    more = literal.lines(*(literal.literal(each) for each in agency.break_words))
    return literal.literal(agency.break_line), more if more.plain else None


def end_page(agency: Agency, open_safety: int) -> Content:
    """Return how to end well, with how many safety notes are open."""
    pieces = [literal.line(agency.end_title, "bold"), literal.spoken(agency.end_say)]
    pieces += [literal.literal(f"· {step}") for step in agency.end_steps]
    if open_safety:
        notes = "note" if open_safety == 1 else "notes"
        pieces.append(literal.line(f"⚑ {open_safety} safety {notes} open.", "bold"))
    pieces += [
        literal.spoken(agency.goodbye, "italic"),
        Content(" "),
        literal.line("Enter closes the case. Esc goes back to the question.", "$aside"),
    ]
    return literal.lines(*pieces)
