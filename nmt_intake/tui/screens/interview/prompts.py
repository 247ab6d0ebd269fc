"""What is asked for in words: each function asks on the line and returns a value, or None."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pydantic import JsonValue
from textual.content import Content

from nmt_intake.bank.kinds import KINDS as BANK_KINDS
from nmt_intake.bank.model import Column, Question
from nmt_intake.casework.agency import Topic
from nmt_intake.casework.opening import born_or_aged
from nmt_intake.casework.talk import Captured, NewInformant
from nmt_intake.interview.concerns import Concern
from nmt_intake.interview.events import Informant, InformantKind
from nmt_intake.interview.kinds import KINDS
from nmt_intake.interview.placing import Proposal
from nmt_intake.interview.values import AnswerError
from nmt_intake.tui import literal
from nmt_intake.tui.panes.asking_line import AskingLine, Prompt

CAPTURE_KEYS: Final = "Enter first · 1-3 choose · Tab note only · Esc back"
GO_TO_KEYS: Final = "Enter first · 1-5 choose · Esc back"
_KINDS: Final[tuple[tuple[InformantKind, str], ...]] = (
    ("caregiver", "A carer or relative"),
    ("self", "The client"),
    ("professional", "At work"),
)
_LOOPS: Final = (
    ("caregiver", "A carer"),
    ("placement", "A home"),
    ("exposure", "A hard thing"),
)

Found: TypeAlias = Sequence[tuple[Proposal, Content]]
Find: TypeAlias = Callable[[str], Found]


@dataclass(frozen=True, slots=True)
class SafetyNote:
    """What a safety note holds: the topic's title, their words, who was informed."""

    topic: str
    words: str
    informed: str


@dataclass(frozen=True, slots=True)
class SafetyClosed:
    """The safety concern that is closed, by its id, with the reason."""

    concern: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; `left_out` says of each cell that did not fit why."""

    cells: dict[str, JsonValue]
    left_out: tuple[str, ...] = ()


async def ask_note(line: AskingLine) -> str | None:
    """Ask for the interviewer's own words beside a question."""
    reply = await line.ask(Prompt("Note"))
    return reply.text or None if reply else None


async def ask_own_words(line: AskingLine) -> str | None:
    """Ask for what the interviewer says to a persona; empty is a silence."""
    reply = await line.ask(Prompt("You say"))
    return reply.text if reply else None


async def ask_who_knows(line: AskingLine) -> str | None:
    """Ask who would know; empty where nobody is named."""
    reply = await line.ask(Prompt("Who would know?"))
    return reply.text if reply else None


async def ask_capture(line: AskingLine, find: Find) -> Captured | None:
    """Ask for what was just said, and at which of the places found for it it belongs."""
    reply = await line.ask(Prompt("Just said", CAPTURE_KEYS, find=_texts_of(find)))
    if reply is None or not reply.text:
        return None
    if reply.note_only or reply.choice is None:
        return Captured(reply.text, None)
    places = await asyncio.to_thread(find, reply.text)
    if reply.choice >= len(places):
        return Captured(reply.text, None)
    place = places[reply.choice][0]
    return Captured(reply.text, place.slot, place.option_words)


async def ask_place(line: AskingLine, find: Find) -> str | None:
    """Ask where to go; return the slot."""
    reply = await line.ask(Prompt("Go to", GO_TO_KEYS, find=_texts_of(find), said=False))
    places = await asyncio.to_thread(find, reply.text) if reply else ()
    if reply is None or reply.choice is None or reply.choice >= len(places):
        return None
    return places[reply.choice][0].slot


async def ask_informant(
    line: AskingLine, known: Sequence[Informant], client: str
) -> Informant | NewInformant | None:
    """Ask who is telling: one who is known, or somebody new by relation."""
    choices = tuple(literal.line(each.name or each.relation) for each in known)
    reply = await line.ask(Prompt("Who is telling? Number, or relation", choices=choices))
    if reply is None or (reply.choice is None and not reply.text):
        return None
    if reply.choice is not None:
        return known[reply.choice]
    return await ask_new_informant(line, reply.text, client)


async def ask_new_informant(line: AskingLine, relation: str, client: str) -> NewInformant:
    """Ask what somebody is to the client, and since which age they have known the client."""
    choices = tuple(literal.line(words) for _, words in _KINDS)
    reply = await line.ask(Prompt(f"{relation} is", "1-3 choose · Enter carer", choices))
    kind = _KINDS[reply.choice or 0][0] if reply else "caregiver"
    if kind == "self":
        return NewInformant(relation, kind, None)
    asked = f"Has known {client} since which age? Blank: not known"
    reply = await line.ask(Prompt(asked, "0, 3, 14 months · Enter"))
    months = born_or_aged(reply.text)[1] if reply else None
    unread = reply.text if reply and months is None else ""
    return NewInformant(relation, kind, months, unread)


async def ask_loop(line: AskingLine) -> str | None:
    """Ask what to add to the time line: caregiver, placement or exposure."""
    choices = tuple(literal.line(words) for _, words in _LOOPS)
    reply = await line.ask(Prompt("Add", "1-3 choose · Esc back", choices))
    return _LOOPS[reply.choice][0] if reply and reply.choice is not None else None


async def ask_row(
    line: AskingLine,
    question: Question,
    read: Callable[[Column, object], JsonValue],
    first: str = "",
) -> Row | None:
    """Ask for each column of a table in turn; `first` is what was written for the first one.

    `read` reads a cell as the case would: with its language, and with what it tells so far.
    """
    cells: dict[str, JsonValue] = {}
    left_out: list[str] = []
    for place, column in enumerate(question.columns):
        raw = await ask_cell(line, column, first if place == 0 else "")
        if raw is None:
            return None
        try:
            if raw:
                cells[column.name] = read(column, raw)
        except AnswerError as error:
            left_out.append(f"Left out: this {error.what}")
    return Row(cells, tuple(left_out))


async def ask_cell(line: AskingLine, column: Column, written: str) -> str | list[str] | None:
    """Ask for one cell; what fits and was written already is not asked for again."""
    codes = ["yes", "no"] if BANK_KINDS[column.kind].codes == "yes_no" else list(column.options)
    if written and not codes:
        return written
    labels = tuple(literal.line(column.options.get(code, code)) for code in codes)
    keys = "Enter · blank leaves it out · Esc drops the row"
    reply = await line.ask(Prompt(column.ask, keys, labels, initial=written))
    if reply is None:
        return None
    raw = codes[reply.choice] if reply.choice is not None and codes else reply.text
    return [raw] if KINDS[column.kind].desk == "marks" and raw else raw


async def ask_safety(
    line: AskingLine,
    topics: Sequence[Topic],
    waiting: Sequence[Concern],
    show: Callable[[str], object],
) -> SafetyNote | SafetyClosed | None:
    """Ask what the safety card is about; `show` puts a topic's card beside the interview.

    Behind the topics stands each open note, to be closed with a reason.
    """
    choices = [literal.line(each.title) for each in topics]
    choices += [literal.line(f"Close: {note.topic}{_opening(note.note)}") for note in waiting]
    keys = "1-9 choose · PgDn reads on · Esc back"
    reply = await line.ask(Prompt("Safety card", keys, tuple(choices)))
    if reply is None or reply.choice is None:
        return None
    if reply.choice < len(topics):
        topic = topics[reply.choice]
        show(topic.id)
        return await ask_safety_note(line, topic.title)
    return await ask_safety_closed(line, waiting[reply.choice - len(topics)])


async def ask_safety_note(line: AskingLine, title: str) -> SafetyNote | None:
    """Ask for their words and who was informed."""
    keys = "Enter keeps · PgDn reads on · Esc back"
    words = await line.ask(Prompt("Their words, as said", keys))
    if words is None:
        return None
    told = await line.ask(Prompt("Who was informed? Blank: nobody yet"))
    return SafetyNote(title, words.text, told.text if told else "")


async def ask_safety_closed(line: AskingLine, note: Concern) -> SafetyClosed | None:
    """Ask why an open note can be closed."""
    label = f"“{note.topic}”: what was done, and why it can be closed"
    reply = await line.ask(Prompt(label))
    return SafetyClosed(note.id, reply.text) if reply and reply.text else None


def _opening(words: str) -> str:
    return f" “{words[:40]}”" if words else ""


def _texts_of(find: Find) -> Callable[[str], tuple[Content, ...]]:
    return lambda words: tuple(text for _, text in find(words))
