"""Words as said, kept as notes: which of them an answer may cite, and which waits for one."""

from __future__ import annotations

from nmt_intake.interview.events import Answered, MarkedMissing, Noted
from nmt_intake.interview.state import Interview


def quotable(interview: Interview, slot: str, informant: str | None) -> tuple[Noted, ...]:
    """Return what this informant said at a slot, word for word and not undone, oldest first."""
    return tuple(
        note
        for note in interview.notes
        if note.verbatim and note.slot == slot and note.informant == informant
    )


def pending_quote(interview: Interview, slot: str, informant: str | None) -> Noted | None:
    """Return the last words of this informant at a slot that no answer or mark cites yet."""
    notes = quotable(interview, slot, informant)
    if not notes:
        return None
    said = interview.in_force(f"slot:{slot}", (Answered, MarkedMissing))
    cited = {each for event in said for each in event.cites}
    told = {event.words for event in said if event.words}
    last = notes[-1]
    return None if last.id in cited or last.text in told else last
