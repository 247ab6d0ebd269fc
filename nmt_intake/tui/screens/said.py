"""Everything said: the read-back; each thing is gone to, put right, moved, taken back."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nmt_intake.casework.cases import Casework
from nmt_intake.casework.session import Session
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import Answered, Noted, Retracted
from nmt_intake.interview.kinds import KINDS, WRITTEN
from nmt_intake.interview.shown import shown_options
from nmt_intake.interview.speaking import labels_of, spoken
from nmt_intake.interview.values import in_words
from nmt_intake.tui import literal
from nmt_intake.tui.commands import Where, bindings
from nmt_intake.tui.panes.asking_line import Prompt
from nmt_intake.tui.screens.interview import prompts
from nmt_intake.tui.screens.with_case import CaseScreen
from nmt_intake.tui.views import places, status
from nmt_intake.tui.views.said import ORDERS, Order, SaidLine, line_text, ordered, said_lines

_NOTHING = "Nothing was said yet."
_MOST_OPTIONS = 9


class SaidScreen(CaseScreen):
    """Lists all that stands; `chosen` is the slot to go to, once Enter has closed it."""

    WHERE: ClassVar[Where] = "said"
    BINDINGS: ClassVar = bindings("said")
    DEFAULT_CSS = """
    SaidScreen #said { height: 1fr; padding: 0 1; margin-top: 1; }
    """

    def __init__(self, desk: Casework, case: Session) -> None:
        super().__init__(desk, case)
        self.chosen: str | None = None
        self.order: Order = "part"
        self._words = ""
        self._follow = ""  # what takes the place of the highlighted line
        self._lines: list[SaidLine] = []

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        yield from self.top()
        yield OptionList(id="said", markup=False, compact=True)
        yield from self.bottom()

    def on_mount(self) -> None:
        """Show all that was said."""
        self.watch_saving()
        self.refill()

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        super().on_resize()
        if self.is_mounted:
            self.refill()

    def refill(self) -> None:
        """Show what stands, in the order and with the words that are wanted."""
        before, self._follow = self._follow or (self.line.event if self.line else ""), ""
        wanted = self._words.casefold().split()
        every = said_lines(self.interview, self.desk.settings.language)
        found = [each for each in every if each.holds(wanted)]
        self._lines = ordered(found, self.order)
        self.put("#who", status.who(self.interview))
        self.saving_changed()
        options = self.query_one(OptionList)
        options.set_options(self._options())
        ids = [each.event for each in self._lines]
        if ids:
            here = before if before in ids else ids[0]
            options.highlighted = options.get_option_index(here)
        options.focus()
        shown = f"{len(found)} of {len(every)}: “{self._words}”. " if wanted else f"{len(every)}. "
        self.say(f"{shown}By {self.order}." if every else _NOTHING)

    def _options(self) -> list[Option]:
        found: list[Option] = []
        heading = ""
        width = max(30, self.size.width - 4)
        for each in self._lines:
            if each.heading(self.order) != heading:
                heading = each.heading(self.order)
                found.append(Option(literal.line(heading, "bold"), disabled=True))
            found.append(Option(line_text(each, self.order, width), id=each.event))
        return found

    @property
    def line(self) -> SaidLine | None:
        """The line that is highlighted."""
        option = self.query_one(OptionList).highlighted_option
        wanted = option.id if option else None
        return next((each for each in self._lines if each.event == wanted), None)

    @on(OptionList.OptionSelected)
    async def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        await self.action_go()

    async def action_go(self) -> None:
        """Go to the question of the highlighted line."""
        line = self.line
        if line is None or line.slot not in self.interview.layout.position:
            self.say("There is no question to go to here." if line else _NOTHING)
            return
        self.chosen = line.slot
        await self.action_close()

    def action_sort(self) -> None:
        """Go through the orders: by part, by teller, by time."""
        self.order = ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]
        self.refill()

    @work(exclusive=True, group="asking")
    async def action_filter(self) -> None:
        """Show only what holds some words: of a part, a teller, a question, an answer."""
        reply = await self.asking.ask(Prompt("Only with", "Enter shows · empty: all", said=False))
        if reply is not None:
            self._words = reply.text
        self.refill()

    def action_remove(self) -> None:
        """Take the highlighted line back; it stays on record."""
        line = self.line
        if line is not None and self.record(Retracted, target=line.event):
            self.refill()
            self.say("Taken back. It stays on record; F9 brings it back.")

    @work(exclusive=True, group="asking")
    async def action_edit(self) -> None:
        """Put right what was written: the teller, and where it stands, stay the same."""
        line = self.line
        event = self.case.event(line.event) if line else None
        says = ""
        try:
            match event:
                case Noted():
                    says = await self._edit_note(event)
                case Answered() if self.may_record():
                    says = await self._edit_answer(event)
                case _:
                    says = "Enter goes there, to say it again." if line else _NOTHING
        except IntakeError as error:
            says = f"{error.what} {error.advice}"
        self.refill()
        self.say(says)

    async def _edit_note(self, note: Noted) -> str:
        prompt = Prompt("Put right", "Enter keeps · Esc back", initial=note.text)
        reply = await self.asking.ask(prompt) if self.may_record() else None
        if reply is None or not reply.text or reply.text == note.text:
            return ""
        self._again(note, note.slot, reply.text)
        return "Put right. The words before stay on record."

    async def _edit_answer(self, event: Answered) -> str:
        question = self.interview.question(event.slot)
        assert question is not None, "an answer that stands has a question"
        said = spoken(self.interview, event.slot, self.desk.settings.language)
        options = shown_options(question, said, self.interview.words())
        several = KINDS[question.kind].desk in ("marks", "rows")
        if several or len(options) > _MOST_OPTIONS or not (options or question.kind in WRITTEN):
            return "Enter goes there, to mark it again."
        now = in_words(question, event.value, labels_of(self.interview, question))
        choices = tuple(literal.line(label) for label in options.values())
        prompt = Prompt(said.ask, f"now: {now}", choices, initial="" if options else now)
        reply = await self.asking.ask(prompt)
        if reply is None or (reply.choice is None and (options or reply.text in ("", now))):
            return ""
        raw = list(options)[reply.choice] if reply.choice is not None else reply.text
        again = self.case.answer(event.slot, raw, basis=event.basis, informant=event.informant)
        self._follow = again.id
        return "Put right. The answer before stays on record."

    @work(exclusive=True, group="asking")
    async def action_move(self) -> None:
        """Move words to another question; who said them stays."""
        line = self.line
        note = self.case.event(line.event) if line else None
        if not isinstance(note, Noted):
            self.say("Only words and notes are moved; an answer belongs to its question.")
            return
        language = self.desk.settings.language
        find = partial(places.found, self.interview, note.slot, language, 5)
        slot = await prompts.ask_place(self.asking, find) if self.may_record() else None
        if slot is not None and slot != note.slot:
            self._again(note, slot, note.text)
        self.refill()
        self.say("Moved." if slot is not None else "")

    def _again(self, note: Noted, slot: str | None, text: str) -> None:
        """Keep a note once more, elsewhere or otherwise, in place of the one before."""
        if self.record(Retracted, target=note.id):
            kept = {"informant": note.informant, "verbatim": note.verbatim}
            again = self.record(Noted, text=text, slot=slot, **kept)
            self._follow = again.id if again else ""

    def action_undo(self) -> None:
        """Take the last thing back."""
        event = self.take_back(again=False)
        if event is not None:
            self.refill()

    def action_redo(self) -> None:
        """Bring back what was undone."""
        event = self.take_back(again=True)
        if event is not None:
            self.refill()
