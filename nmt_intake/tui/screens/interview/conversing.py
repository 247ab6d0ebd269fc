"""The parts of the conversation that need a line of words: notes, captures, people, safety."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from textual import work
from textual.containers import VerticalScroll
from textual.content import Content

from nmt_intake.bank.searching import search
from nmt_intake.bank.wording import fill
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.session import Session
from nmt_intake.errors import IntakeError
from nmt_intake.interview import walk
from nmt_intake.interview.asking import said_in_words
from nmt_intake.interview.concerns import Concern
from nmt_intake.interview.events import (
    Basis,
    Informant,
    InformantAdded,
    InformantChosen,
    InstanceAdded,
    MissingReason,
    Noted,
    SafetyAcknowledged,
    SafetyRaised,
)
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.speaking import part_title, spoken, text_facts
from nmt_intake.interview.timeline import witnessed
from nmt_intake.interview.values import AnswerError
from nmt_intake.interview.walk import AtQuestion, Place
from nmt_intake.tui import literal
from nmt_intake.tui.panes.asking_line import Prompt
from nmt_intake.tui.screens.new_case import born_or_aged
from nmt_intake.tui.screens.page import Page
from nmt_intake.tui.screens.with_case import CaseScreen
from nmt_intake.tui.views.safety import safety_card
from nmt_intake.vocabulary import PERIODS

_CAPTURE_KEYS = "Enter first · 1-3 choose · Tab note only · Esc back"
_GO_TO_KEYS = "Enter first · 1-5 choose · Esc back"
_KINDS = (("caregiver", "A carer or relative"), ("self", "The client"), ("professional", "At work"))
_LOOPS = (("caregiver", "A carer"), ("placement", "A home"), ("exposure", "A hard thing"))


class Conversing(CaseScreen):
    """Turns what is typed at the bottom into events; where to go is decided by the walk."""

    place: Place

    def __init__(self, desk: Casework, case: Session, *, closes: bool = False) -> None:
        super().__init__(desk, case, closes=closes)
        self.declined: frozenset[str] = frozenset()
        self.return_to: str | None = None
        self._topic: str | None = None
        self.safety_open = False

    @property
    def language(self) -> str | None:
        """The language of the questions, None for the bank's own."""
        return self.desk.settings.language

    @property
    @abstractmethod
    def slot(self) -> str | None:
        """The slot on the screen."""

    @abstractmethod
    def go(self, place: Place) -> None:
        """Show another place."""

    @abstractmethod
    def refill(self) -> None:
        """Show the state again."""

    @abstractmethod
    def answer(self, raw: object, *, stay: bool = False) -> None:
        """Record an answer."""

    @abstractmethod
    def action_missing(self, reason: MissingReason, who_knows: str = "") -> None:
        """Mark the question with a reason."""

    def filled(self, text: str) -> str:
        """Return a text of the bank with the client's facts in it."""
        return fill(text, text_facts(self.interview, "", self.language))

    def default_basis(self, slot: str) -> Basis | None:
        """Return how sure an answer is until somebody says: told, for a time not witnessed."""
        instance = split_slot(slot)[0][:-1]
        speaking = self.interview.speaking
        if instance not in PERIODS or speaking is None:
            return None
        return None if witnessed(self.interview, speaking, instance) else "told"

    # Words

    @work(exclusive=True, group="asking")
    async def action_note(self) -> None:
        """Keep words beside this question."""
        if not self.may_record():
            return
        reply = await self.asking.ask(Prompt("Note"))
        if reply and reply.text:
            informant = self.interview.speaking
            if self.record(Noted, text=reply.text, slot=self.slot, informant=informant):
                self.say("Note kept.")
        self.refill()

    @work(exclusive=True, group="asking")
    async def action_who_knows(self) -> None:
        """Mark as not known, with who would know."""
        if not self.may_record():
            return
        reply = await self.asking.ask(Prompt("Who would know?"))
        if reply is not None:
            self.action_missing("asked-unknown", reply.text)
        else:
            self.refill()

    @work(exclusive=True, group="asking")
    async def action_capture(self) -> None:
        """Keep what was just said: at one of the places found for it, or as a note."""
        if not self.may_record():
            return
        found = partial(self._places, limit=3)
        reply = await self.asking.ask(Prompt("Just said", _CAPTURE_KEYS, find=_texts_of(found)))
        if reply is None or not reply.text:
            self.refill()
            return
        places = [] if reply.note_only else await asyncio.to_thread(found, reply.text)
        slot = places[reply.choice][0] if reply.choice is not None and places else self.slot
        speaking = self.interview.speaking
        kept = self.record(Noted, text=reply.text, slot=slot, informant=speaking, verbatim=True)
        if reply.choice is None or not places or slot is None or kept is None:
            if kept:
                self.say("Kept as a note.")
            self.refill()
            return
        if self.slot != slot and self.return_to is None:
            self.return_to = self.slot
        self.go(AtQuestion(slot))

    @work(exclusive=True, group="asking")
    async def action_go_to(self) -> None:
        """Look through all questions and go to one."""
        found = partial(self._places, limit=5)
        prompt = Prompt("Go to", _GO_TO_KEYS, find=_texts_of(found), said=False)
        reply = await self.asking.ask(prompt)
        places = await asyncio.to_thread(found, reply.text) if reply else []
        if reply and reply.choice is not None and reply.choice < len(places):
            self.go(AtQuestion(places[reply.choice][0]))
        else:
            self.refill()

    def _places(self, words: str, limit: int) -> list[tuple[str, Content]]:
        """Return the best places for these words, each with what is said there now."""
        interview = self.interview
        found: list[tuple[str, Content]] = []
        for each in search(interview.bank, words, limit * 4):
            question = interview.bank.questions[each.question]
            slot = walk.slot_for(interview, question, self.slot, words)
            if slot is not None and slot in interview.layout.position and len(found) < limit:
                found.append((slot, self._place_text(slot)))
        return found

    def _place_text(self, slot: str) -> Content:
        part = self.interview.part(slot)
        title = part_title(self.interview, part, self.language) if part else ""
        ask = spoken(self.interview, slot, self.language).ask
        now = said_in_words(self.interview, slot)
        return (
            literal.line(f"{title}: {ask}", "", 56) + Content("  ") + literal.line(now, "dim", 18)
        )

    # People

    @work(exclusive=True, group="asking")
    async def action_informant(self) -> None:
        """Choose who is telling, or add somebody by relation."""
        if not self.may_record():
            return
        known = list(self.interview.informants.values())
        choices = tuple(literal.line(each.name or each.relation) for each in known)
        prompt = Prompt("Who is telling? Number, or relation", choices=choices)
        reply = await self.asking.ask(prompt)
        if reply and reply.choice is not None:
            self.record(InformantChosen, informant=known[reply.choice].id)
        elif reply and reply.text:
            await self._add_informant(reply.text, len(known))
        self.refill()

    async def _add_informant(self, relation: str, count: int) -> None:
        choices = tuple(literal.line(words) for _, words in _KINDS)
        reply = await self.asking.ask(
            Prompt(f"{relation} is", "1-3 choose · Enter carer", choices=choices)
        )
        kind = _KINDS[reply.choice or 0][0] if reply else "caregiver"
        months = None
        if kind != "self":
            name = self.filled("{client.name}")
            asked = f"Has known {name} since which age? Blank: not known"
            reply = await self.asking.ask(Prompt(asked, "0, 3, 14 months · Enter"))
            months = born_or_aged(reply.text)[1] if reply else None
            if reply and reply.text and months is None:
                # What was said goes where it can be read again; the age can be put right later.
                said = f"{relation} has known {name} since: {reply.text}"
                if self.record(Noted, text=said):
                    self.say("Not read as an age: kept as a note.")
        informant = Informant.model_validate(
            {
                "id": f"informant-{count + 1}",
                "relation": relation,
                "kind": kind,
                "known_from_months": months,
            }
        )
        if self.record(InformantAdded, informant=informant):
            self.record(InformantChosen, informant=informant.id)

    @work(exclusive=True, group="asking")
    async def action_add(self) -> None:
        """Add a carer, a home or a hard thing to the time line."""
        if not self.may_record():
            return
        choices = tuple(literal.line(words) for _, words in _LOOPS)
        reply = await self.asking.ask(Prompt("Add", "1-3 choose · Esc back", choices=choices))
        if reply and reply.choice is not None:
            if self.return_to is None:
                self.return_to = self.slot
            self.add_instance(_LOOPS[reply.choice][0])
            self.return_to = None
        else:
            self.refill()

    def add_instance(self, loop: str) -> None:
        """Add one more and ask about it."""
        instance = walk.next_instance(self.interview, loop)
        if self.record(InstanceAdded, instance=instance) is None:
            return
        self.declined -= {loop}
        first = walk.first_slot_of(self.interview, instance)
        if first is not None:
            self.go(AtQuestion(first))
        else:
            self.refill()

    @work(exclusive=True, group="asking")
    async def add_row(self) -> None:
        """Ask for each column of a table in turn and keep the row."""
        slot = self.slot
        question = self.interview.question(slot) if slot else None
        if slot is None or question is None or not self.may_record():
            return
        row: dict[str, object] = {}
        for column in question.columns:
            codes = list(column.options)
            if column.kind == "yes_no":
                codes = ["yes", "no"]
            labels = tuple(literal.line(column.options.get(code, code)) for code in codes)
            reply = await self.asking.ask(
                Prompt(column.ask, "Enter · blank leaves it out · Esc drops the row", labels)
            )
            if reply is None:
                self.refill()
                return
            raw: object = codes[reply.choice] if reply.choice is not None and codes else reply.text
            if column.kind == "choices" and raw:
                raw = [raw]
            try:
                if raw:
                    row[column.name] = self.case.read(column, raw)
            except AnswerError as error:
                self.say(f"Left out: this {error.what}")
        given = [
            each
            for each in self.interview.said(slot).given
            if each.informant == self.interview.speaking
        ]
        rows = list(given[0].value) if given and isinstance(given[0].value, list) else []
        if row:
            self.answer([*rows, row], stay=True)

    # Safety

    @work(exclusive=True, group="asking")
    async def action_safety(self) -> None:
        """Open the safety panel beside the interview and ask what it is about."""
        self.safety_open = True
        self.fill_safety()
        topics = self.desk.agency.topics
        choices = tuple(literal.line(each.title) for each in topics)
        waiting = self.interview.open_safety
        if waiting:
            choices = (*choices, literal.line("Close an open note, with a reason"))
        reply = await self.asking.ask(
            Prompt("Safety card", "1-9 choose · PgDn reads on · Esc back", choices)
        )
        if reply is None or reply.choice is None:
            self.refill()
        elif reply.choice < len(topics):
            self._topic = topics[reply.choice].id
            self.fill_safety()
            await self._note_safety(topics[reply.choice].title)
        else:
            await self._acknowledge(waiting[-1])

    async def _note_safety(self, title: str) -> None:
        if not self.may_record(SafetyRaised):
            return
        words = await self.asking.ask(
            Prompt("Their words, as said", "Enter keeps · PgDn reads on · Esc back")
        )
        if words is None:
            self.refill()
            return
        told = await self.asking.ask(Prompt("Who was informed? Blank: nobody yet"))
        kept = self.record(
            SafetyRaised,
            topic=title,
            note=words.text,
            informed=told.text if told else "",
            slot=self.slot,
        )
        if kept:
            self.say("Safety note kept. It stays open until somebody closes it with a reason.")
        self.refill()

    async def _acknowledge(self, note: Concern) -> None:
        if not self.may_record(SafetyAcknowledged):
            return
        reply = await self.asking.ask(
            Prompt(f"“{note.topic}”: what was done, and why it can be closed")
        )
        reason = reply.text if reply else ""
        if reason and self.record(SafetyAcknowledged, raised=note.id, reason=reason):
            self.say("Safety note closed.")
        self.refill()

    def raise_safety(self) -> None:
        """Open the panel for an answer that is a concern; it stays open until it is closed."""
        self.safety_open = True

    def action_read_beside(self, pages: str | int) -> None:
        """Turn a page of what stands beside the question."""
        beside = self.query_one("#beside", VerticalScroll)
        if int(pages) > 0:
            beside.scroll_page_down(animate=False)
        else:
            beside.scroll_page_up(animate=False)

    def close_safety(self) -> None:
        """Close the panel; open notes stay open."""
        self.safety_open = False
        self._topic = None
        self.fill_safety()

    def fill_safety(self) -> None:
        """Show the panel, if it is open, in place of what is known here."""
        self.set_class(self.safety_open, "-safety")
        if not self.safety_open:
            return
        card = safety_card(self.desk.agency, self._topic, self.interview.open_safety)
        self.put("#known", card)
        self.query_one("#beside", VerticalScroll).scroll_home(animate=False)

    # Settings and leaving

    def change_moving(self) -> None:
        """Stay after an answer instead of moving on, or the other way round."""
        settings = replace(self.desk.settings, move_on=not self.desk.settings.move_on)
        try:
            self.desk.keep(settings)
        except IntakeError as error:
            self.say_error(error)
            return
        self.say("After an answer: on." if settings.move_on else "After an answer: stay here.")

    def action_end_early(self) -> None:
        """Show how to end well, then close the case."""
        agency = self.desk.agency
        waiting = len(self.interview.open_safety)
        pieces = [literal.line(agency.end_title, "bold"), literal.spoken(agency.end_say)]
        pieces += [literal.literal(f"· {step}") for step in agency.end_steps]
        if waiting:
            pieces.append(literal.line(f"⚑ {waiting} safety note open.", "bold"))
        pieces += [
            literal.spoken(agency.goodbye, "italic"),
            Content(" "),
            literal.line("Enter closes the case. Esc goes back to the question.", "dim"),
        ]
        text = literal.lines(*pieces)
        self.app.push_screen(Page(text), self._ended)

    async def _ended(self, ends: bool | None) -> None:
        if ends:
            await self.action_close()

    def action_rate(self) -> None:
        """Open the rating desk on this case."""
        from nmt_intake.tui.screens.rating import RatingScreen

        self.app.push_screen(RatingScreen(self.desk, self.case))

    def action_report(self) -> None:
        """Show the report so far."""
        from nmt_intake.tui.screens.report import ReportScreen

        self.app.push_screen(ReportScreen(self.desk, self.case))


def _texts_of(
    found: Callable[[str], list[tuple[str, Content]]],
) -> Callable[[str], tuple[Content, ...]]:
    return lambda words: tuple(text for _, text in found(words))
