"""The interview: one question at a time. Keys and messages become what is done in the talk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import ClassVar, Final, TypeAlias

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from nmt_intake.bank.model import Question
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.session import Session
from nmt_intake.casework.talk import Talk
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import (
    BreakTaken,
    MissingReason,
)
from nmt_intake.interview.kinds import KINDS
from nmt_intake.interview.progress import progress
from nmt_intake.interview.remaining import parked
from nmt_intake.interview.walk import AtQuestion, Place
from nmt_intake.rehearsal.sitting import Sitting
from nmt_intake.store.protocols import CaseSummary
from nmt_intake.tui.commands import Where, bindings
from nmt_intake.tui.panes.beside import BesidePane
from nmt_intake.tui.panes.outline import OutlinePane
from nmt_intake.tui.panes.question import QuestionPane
from nmt_intake.tui.screens.interview import asked
from nmt_intake.tui.screens.page import Page
from nmt_intake.tui.screens.with_case import CaseScreen
from nmt_intake.tui.views import ending, outline, status
from nmt_intake.tui.views.debrief import debrief_page
from nmt_intake.tui.views.known import known_here
from nmt_intake.tui.views.question import QuestionView, view_of
from nmt_intake.tui.views.safety import safety_card

Deed: TypeAlias = Callable[[], str]
_PAINTED: Final = 0.03  # seconds; a callback after the refresh comes before the panes' own layout
_IN_THE_TALK: Final[dict[str, Callable[[Talk], str]]] = {
    "back": Talk.back,
    "on": Talk.on,
    "above": Talk.above,
    "below": Talk.below,
    "undo": Talk.undo,
    "redo": Talk.redo,
    "why": Talk.why,
    "flag": Talk.flag,
    "sure": Talk.change_basis,
    "sitting": Talk.next_sitting,
}


class InterviewScreen(CaseScreen):
    """Holds the talk, shows it in four panes, and routes what they and the keys say."""

    WHERE: ClassVar[Where] = "interview"
    PAUSE: ClassVar[float] = 1.0  # seconds after which what is typed is safe; 0 in tests
    BINDINGS: ClassVar = [
        *bindings("interview"),
        Binding("space", "space", show=False),
        Binding("escape", "leave_panel", show=False),
    ]

    def __init__(self, desk: Casework, case: Session) -> None:
        super().__init__(desk, case, closes=True)
        self.talk = Talk(case, lambda: desk.settings.move_on)
        self.safety_open = False
        self._topic: str | None = None
        self._offered = ""
        self._heard_to = len(case.events)
        self._listed = len(case.events)
        self._rested: tuple[object, ...] = ()
        self._outline: tuple[object, tuple[outline.Row, ...]] = (None, ())

    def compose(self) -> ComposeResult:
        """Lay out the panes and the lines around them."""
        yield from self.top()
        with Horizontal(id="columns"):
            yield OutlinePane()
            yield QuestionPane()
            yield BesidePane()
        yield Static(id="counts", markup=False)
        yield from self.bottom()

    def on_mount(self) -> None:
        """Show the very question."""
        self.watch_saving()
        self.refill()
        self.say(self.talk.take_up() or status.trouble(self.case))
        if self.PAUSE:
            self.set_interval(self.PAUSE, self.rest)

    def rest(self) -> None:
        """Record place and unsent words once they stood still from one call to the next.

        A look once a second costs a key nothing, and the record an event only where one is due.
        """
        self.keep_draft()
        now = (self.talk.place, self.talk.drafts.get(self.slot or ""), self.asking.unsent)
        stands, self._rested = now == self._rested, now
        if stands and self.is_current:
            with suppress(IntakeError):  # What cannot be kept stays on the line.
                self.talk.rest(self.asking.unsent)
            if len(self.case.events) != self._listed and not self.case.read_only:
                self._listed = len(self.case.events)
                self._list(self.case.summary())

    @work(thread=True, exclusive=True, group="listing")
    def _list(self, summary: CaseSummary) -> None:
        """Bring the list up to date while somebody thinks, so that a kill leaves no old counts."""
        with suppress(IntakeError, OSError):
            self.desk.summarise(self.case, summary)

    @property
    def place(self) -> Place:
        """Where we are."""
        return self.talk.place

    @property
    def slot(self) -> str | None:
        """The slot on the screen, if it is a question."""
        return self.talk.slot

    @property
    def question(self) -> Question | None:
        """The question on the screen."""
        return self.talk.question

    @property
    def pane(self) -> QuestionPane:
        """The question's pane."""
        return self.query_one(QuestionPane)

    def do(self, deed: Deed) -> bool:
        """Do something in the talk and show what came of it; a refusal changes nothing."""
        self.keep_draft()
        known = len(self.interview.open_safety)
        try:
            says = deed()
        except IntakeError as error:
            self.say_error(error)
            return False
        self.safety_open = self.safety_open or len(self.interview.open_safety) > known
        self._show()
        self.say(says)
        return True

    def go(self, place: Place) -> None:
        """Show another place."""
        self.do(partial(self.talk.go, place))

    # Showing

    def refill(self) -> None:
        """Show the talk as it stands, with what is written and not sent."""
        self.keep_draft()
        self._show()

    def _show(self) -> None:
        self.talk.stay_in_the_walk()
        view = self._view()
        self.pane.show(view, focus=not self.asking.asks)
        self._show_beside()
        self.put("#who", status.who(self.interview))
        self.saving_changed()
        self.fill_keys(view.keys)
        self._catch_up()

    def _view(self) -> QuestionView:
        talk = self.talk
        return view_of(
            self.interview,
            talk.place,
            language=self.desk.settings.language,
            basis=talk.basis,
            draft=talk.drafts.get(talk.slot or ""),
            persona=tuple(self._persona_says()),
        )

    def _persona_says(self) -> Iterator[str]:
        if self.slot:
            yield from self.desk.replies(self.case, self.slot)

    def _show_beside(self) -> None:
        self.set_class(self.safety_open, "-safety")
        if self.safety_open:
            open_notes = self.interview.open_safety
            beside = safety_card(self.desk.agency, self._topic, open_notes)
        else:
            beside = known_here(self.interview, self.slot) if self.slot else Content("")
        self.query_one(BesidePane).show(beside)

    @work(exclusive=True, group="counting")
    async def _catch_up(self) -> None:
        """Count and show the outline once the question is painted: 100 parts take 10 ms."""
        await asyncio.sleep(_PAINTED)
        panes = self.query(OutlinePane)
        if not panes:
            return  # The screen has been left meanwhile.
        await self._listen()
        total = progress(self.interview)
        waiting, against = len(self.interview.open_safety), len(self.interview.against)
        kept_back = parked(self.interview)
        self.put("#counts", status.counts(total, waiting, against, kept_back, self._offered))
        if self._outline[0] is not self.interview.layout:
            rows = outline.rows(self.interview, self.desk.settings.language)
            self._outline = (self.interview.layout, rows)
        panes.first().show(outline.view_of(self.interview, self._outline[1], self.slot))

    async def _listen(self) -> None:
        """Offer the safety card that newly typed words may be about, until it or Esc is pressed.

        In a thread: the words that danger is heard by take a quarter of a second to read once.
        """
        count = len(self.case.events)
        if count == self._heard_to:
            return
        heard = await asyncio.to_thread(self.case.heard, self._heard_to)
        self._heard_to = count
        topic = self.desk.agency.topic(heard[0]) if heard else None
        if topic is not None and not self.safety_open:
            self._topic, self._offered = topic.id, topic.title

    # Answering

    @on(QuestionPane.Chosen)
    def _chosen(self, event: QuestionPane.Chosen) -> None:
        self.do(partial(self.talk.choose, event.code))

    @on(QuestionPane.Taken)
    def _taken(self, event: QuestionPane.Taken) -> None:
        self.do(partial(self.talk.take, event.code))

    @on(QuestionPane.Written)
    def _written(self, event: QuestionPane.Written) -> None:
        if (
            self.question is not None
            and KINDS[self.question.kind].desk == "rows"
            and event.text.strip()
        ):
            self.pane.clear()
            self._add_row(event.text.strip())
        else:
            self.do(partial(self.talk.write, event.text))

    @on(OutlinePane.PartChosen)
    def _part_chosen(self, event: OutlinePane.PartChosen) -> None:
        self.remove_class("-outline")
        self.do(partial(self.talk.go_to_one_of, event.slots))

    def on_key(self, event: events.Key) -> None:
        """Let a letter that nothing else takes begin the words."""
        letter = event.character or ""
        bound = {"space", "slash", "exclamation_mark", "question_mark"}
        if not event.is_printable or event.key.startswith("alt+") or event.key in bound:
            return
        if letter.isdecimal() and letter.isascii():
            return
        event.stop()
        self._begin(letter)

    def on_paste(self, event: events.Paste) -> None:
        """Put what is pasted on the writing line."""
        event.stop()
        self._begin(event.text)

    def _begin(self, text: str) -> None:
        if self.is_mounted and not self.asking.asks and not self.pane.entry.has_focus:
            self.remove_class("-outline", "-known")
            self.pane.begin_writing(text)

    def action_digit(self, digit: str) -> None:
        """Choose the option with this key; where there is none, it begins the words."""
        if self._is_covered:
            self.action_leave_panel()
        elif not self.pane.choose_by_key(digit):
            self._begin(digit)

    @property
    def _is_covered(self) -> bool:
        """Whether the outline has the keys, or a panel stands in place of the question."""
        panel = self.has_class("-outline") or self.has_class("-known")
        return self.query_one(OutlinePane).has_focus or (panel and self.has_class("-narrow"))

    def action_space(self) -> None:
        """Mark the highlighted one of several; elsewhere, read on."""
        if not self.pane.choose_highlighted():
            self.action_read(1)

    def action_talk(self, name: str) -> None:
        """Do one of the things that need no words."""
        self.do(partial(_IN_THE_TALK[name], self.talk))

    def action_missing(self, reason: MissingReason, who_knows: str = "") -> None:
        """Mark the question with a reason instead of an answer."""
        self.do(partial(self.talk.leave_out, reason, who_knows))

    # Asking for words

    @work(exclusive=True, group="asking")
    async def action_ask(self, name: str) -> None:
        """Ask for words, one thing at a time, and do what they are for."""
        await asked.ASKED[name](self)
        self.refill()

    @work(exclusive=True, group="asking")
    async def _add_row(self, first: str) -> None:
        await asked.row(self, first)
        self.refill()

    def add_instance(self, loop: str) -> None:
        """Add a carer, a home or a hard thing, and ask about it."""
        self.do(partial(self.talk.add_instance, loop))

    def show_card(self, topic: str | None) -> None:
        """Put the safety card beside the question, with a topic's words."""
        self.safety_open = True
        self._topic = topic or self._topic
        self._offered = ""
        self._show_beside()
        self._catch_up()

    # Beside the question, and leaving

    def action_read(self, pages: int) -> None:
        """Turn a page: of what is said first, of what helps, of what stands beside the question."""
        pages, beside = int(pages), self.query_one(BesidePane)
        parts = [self.pane.turned, beside.turned]
        if self.safety_open or pages < 0 or self.has_class("-known"):
            parts.reverse()
        if not any(turned(pages) for turned in parts):
            self.say("That is all of it." if pages > 0 else "")

    def action_panel(self, name: str) -> None:
        """Show the outline or what is known here in place of the question, or go back to it."""
        self.remove_class("-known" if name == "-outline" else "-outline")
        self.toggle_class(name)
        if self.has_class("-outline"):
            self.query_one(OutlinePane).focus()
        else:
            self.refill()

    def action_leave_panel(self) -> None:
        """Leave whatever is open beside the question; nothing else."""
        covered = self._is_covered
        self._offered = ""
        self.remove_class("-outline", "-known")
        if not covered and not self.safety_open:
            self.say("Alt+E ends for today. Ctrl+Q closes the desk.")
        self.safety_open = self.safety_open and covered
        self.refill()

    def action_moving(self) -> None:
        """Stay after an answer instead of moving on, or the other way round."""
        self.change_moving()

    def action_break_page(self) -> None:
        """Clear the screen; nothing is kept about why."""
        self.record(BreakTaken)
        if sitting := self.sitting:
            sitting.pause()
        line, more = ending.break_page(self.desk.agency)
        self.app.push_screen(Page(line, any_key=True, more=more))

    def action_end_early(self) -> None:
        """Show how to end well, then close the case."""
        text = ending.end_page(self.desk.agency, len(self.interview.open_safety))
        self.app.push_screen(Page(text), self._ended)

    async def _ended(self, ends: bool | None) -> None:
        if ends and not self._debrief(self._close_after):
            await self.action_close()

    async def _close_after(self, _again: bool | None) -> None:
        await self.action_close()

    def keep_draft(self) -> None:
        """Remember what is written and not sent, for when this question comes back."""
        view = self.pane.view
        if view is not None:
            self.talk.keep_draft(view.place, self.pane.entry.text, view.kept)

    def keep_unsent(self) -> None:
        """Keep words that were written and not sent as notes, each beside its question."""
        self.desk.keep_debrief(self.case)  # no rehearsal ends without one
        self.keep_draft()
        try:
            self.talk.note_unsent(self.asking.unsent)
        except IntakeError as error:
            self.say_error(error)
        self.asking.put_aside()

    def on_screen_resume(self) -> None:
        """Show the state after another screen worked on the case."""
        self.watch_saving()
        if self.is_mounted and self.pane.view is not None:
            self.refill()

    # A rehearsal

    @property
    def sitting(self) -> Sitting | None:
        """The rehearsal that this is, None with a real case."""
        return self.desk.sitting(self.case)

    def action_rehearse(self, _name: str) -> None:
        """Read out what the bank has here; the persona answers."""
        if (sitting := self.sitting) is None or self.slot is None:
            self.say("This works in a rehearsal: nmt-intake rehearse PERSONA.")
            return
        sitting.read_on(self.interview, self.slot)
        self.refill()

    def action_debrief(self) -> None:
        """Show the debrief so far; Enter there takes the first moment to try again."""
        self._debrief(self._take_again)

    def _debrief(
        self, then: Callable[[bool | None], None] | Callable[[bool | None], Awaitable[None]]
    ) -> bool:
        sitting = self.sitting
        if sitting is None or not sitting.talk.turns:
            return False
        kept = self.desk.keep_debrief(self.case)
        text = debrief_page(sitting.debrief(self.interview), kept)
        self.app.push_screen(Page(text), then)
        return True

    def _take_again(self, again: bool | None) -> None:
        sitting = self.sitting
        if not again or sitting is None:
            return
        found = sitting.debrief(self.interview).try_next
        turn = next((each.turn for each in found if each.turn), None)
        slot = sitting.again(turn) if turn else None
        if slot in self.interview.layout.position and slot is not None:
            self.go(AtQuestion(slot))
        self.refill()

    def action_rate(self) -> None:
        """Open the rating desk on this case."""
        from nmt_intake.tui.screens.rating import RatingScreen

        self.app.push_screen(RatingScreen(self.desk, self.case))

    def action_find_out(self) -> None:
        """Show what is left; a line chosen there leads to its question."""
        from nmt_intake.tui.screens.find_out import FindOutScreen

        left = FindOutScreen(self.desk, self.case)
        self.app.push_screen(
            left, lambda _: self.go(AtQuestion(left.chosen)) if left.chosen else None
        )

    def action_said(self) -> None:
        """Show everything that was said; a line chosen there leads to its question."""
        from nmt_intake.tui.screens.said import SaidScreen

        said = SaidScreen(self.desk, self.case)
        self.app.push_screen(
            said, lambda _: self.go(AtQuestion(said.chosen)) if said.chosen else None
        )

    def action_entries(self) -> None:
        """Show the people, homes and events that were named."""
        from nmt_intake.tui.screens.entries import EntriesScreen

        self.app.push_screen(EntriesScreen(self.desk, self.case))

    def action_report(self) -> None:
        """Show the report so far."""
        from nmt_intake.tui.screens.report import ReportScreen

        self.app.push_screen(ReportScreen(self.desk, self.case))
