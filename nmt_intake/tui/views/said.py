"""Everything that was said, line by line: answers, reasons for none, and words kept beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from textual.content import Content

from nmt_intake.interview.events import Noted
from nmt_intake.interview.find_out import teller_of
from nmt_intake.interview.speaking import labels_of, part_title, spoken
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import in_words
from nmt_intake.tui import literal

Order: TypeAlias = Literal["part", "teller", "time"]
ORDERS: Final[tuple[Order, ...]] = ("part", "teller", "time")
_NOWHERE: Final = "Beside no question"


@dataclass(frozen=True, slots=True)
class SaidLine:
    """One thing that was said: where, by whom, when, what was asked, and the words as they read."""

    event: str
    slot: str | None
    part: str
    teller: str
    at: datetime
    ask: str
    words: str
    note: bool = False

    def heading(self, order: Order) -> str:
        """Return what it stands under in this order."""
        match order:
            case "part":
                return self.part
            case "teller":
                return self.teller
            case "time":
                return f"{self.at.astimezone():%Y-%m-%d}"

    def holds(self, wanted: Sequence[str]) -> bool:
        """Whether all these words stand in it, in lower case."""
        text = f"{self.part} {self.teller} {self.ask} {self.words}".casefold()
        return all(word in text for word in wanted)


def said_lines(interview: Interview, language: str | None) -> tuple[SaidLine, ...]:
    """Return all that stands, in the order of the conversation; 500 answers take 30 ms."""
    notes: dict[str | None, list[Noted]] = {}
    for note in interview.notes:
        notes.setdefault(note.slot, []).append(note)
    position, titles = interview.layout.position, dict[int, str]()
    found: list[SaidLine] = []
    slots = {*interview.slots, *(each for each in notes if each)}
    for slot in sorted(slots, key=lambda each: position.get(each, len(position))):
        part, question = interview.part(slot), interview.question(slot)
        title = _NOWHERE
        if part is not None:
            title = titles.get(id(part)) or part_title(interview, part, language)
            titles[id(part)] = title
        ask = spoken(interview, slot, language).ask if question is not None else slot
        for event, teller, at, words, is_note in _at(interview, slot, notes, language):
            who = teller_of(interview, teller)
            found.append(SaidLine(event, slot, title, who, at, ask, words, is_note))
    for note in notes.get(None, ()):
        who = teller_of(interview, note.informant)
        found.append(SaidLine(note.id, None, _NOWHERE, who, note.at, "", _quoted(note), note=True))
    return tuple(found)


def _at(
    interview: Interview, slot: str, notes: dict[str | None, list[Noted]], language: str | None
) -> Iterator[tuple[str, str | None, datetime, str, bool]]:
    question, state = interview.question(slot), interview.slots.get(slot)
    words = interview.words(language)
    for each in state.given if state and question else ():
        assert question is not None, "looked at above"
        said = in_words(question, each.value, labels_of(interview, question, language))
        yield each.event, each.informant, each.at, said, False
    for each in state.marks if state else ():
        said = words.missing_at_desk[each.reason]
        yield each.event, each.informant, each.at, said, False
    for note in notes.get(slot, ()):
        yield note.id, note.informant, note.at, _quoted(note), True


def _quoted(note: Noted) -> str:
    return f"“{note.text}”" if note.verbatim else f"Note: {note.text}"


def ordered(lines: Sequence[SaidLine], order: Order) -> list[SaidLine]:
    """Return the lines by part (as they come), by teller, or by time, the last first."""
    match order:
        case "part":
            return list(lines)
        case "teller":
            return sorted(lines, key=lambda each: each.teller)
        case "time":
            return sorted(lines, key=lambda each: each.at, reverse=True)


def line_text(line: SaidLine, order: Order, width: int) -> Content:
    """Return one line as it is shown: what was asked, then the words, and by whom or where."""
    beside = line.part if order == "teller" else line.teller
    clock = f"{line.at.astimezone():%H:%M} " if order == "time" else ""
    tail = literal.line(f"{clock}{beside}", "$aside").truncate(28, ellipsis=True)
    tail = Content("  ") + tail
    ask = literal.line(line.ask or "Said", "$aside", width - 2)
    words = literal.line(line.words, "italic" if line.note else "")
    words = words.truncate(max(8, width - 4 - tail.cell_length), ellipsis=True, pad=True)
    return literal.lines(Content("  ") + ask, Content("    ") + words + tail)
