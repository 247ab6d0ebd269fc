"""The interview: one question at a time; every key becomes an event."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import events, on
from textual.binding import Binding
from textual.widgets import OptionList

from nmt_intake.bank.model import Question
from nmt_intake.errors import IntakeError
from nmt_intake.interview import walk
from nmt_intake.interview.asking import ratings_served, why
from nmt_intake.interview.events import (
    Answered,
    Basis,
    BreakTaken,
    Flagged,
    MarkedMissing,
    MissingReason,
    Retracted,
)
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.values import codes_of
from nmt_intake.interview.walk import AtOffer, AtQuestion
from nmt_intake.tui import literal
from nmt_intake.tui.commands import Where, bindings
from nmt_intake.tui.panes.entry import Entry
from nmt_intake.tui.screens.interview.filling import TYPED, Filling
from nmt_intake.tui.screens.page import Page
from nmt_intake.tui.views import known
from nmt_intake.tui.views import question as says

_BASES: Final[tuple[Basis | None, ...]] = ("saw", "told", "read", "guess", None)


class InterviewScreen(Filling):
    """Turns keys into events and goes where the walk says."""

    WHERE: ClassVar[Where] = "interview"
    BINDINGS: ClassVar = [
        *bindings("interview"),
        Binding("space", "space", show=False),
        Binding("escape", "leave_panel", show=False),
    ]

    @on(OptionList.OptionSelected, "#options")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        question = self.question
        code = event.option.id or ""
        if question is not None and question.kind == "choices":
            self._done_choosing(question)
        elif question is not None and self._is_kept(question, code):
            self.move_on()
        else:
            self.choose(code)

    def action_digit(self, digit: str) -> None:
        """Choose the option with this key; for typed answers, begin to type with it."""
        question, slot = self.question, self.slot
        if question is not None and slot and question.kind in TYPED and question.kind != "text":
            entry = self.query_one(Entry)
            entry.load_text(digit)
            entry.move_cursor((0, 1))
            entry.focus()
            return
        codes = [option.id or "" for option in self.query_one("#options", OptionList).options]
        for place, code in enumerate(codes):
            key = says.key_of(question, code, place) if question else str(place + 1)
            if key == digit:
                self.choose(code)
                return

    def action_space(self) -> None:
        """Mark the highlighted one of several; elsewhere, read on in what is said first."""
        highlighted = self.query_one("#options", OptionList).highlighted_option
        if self.question and self.question.kind == "choices" and highlighted:
            self.choose(highlighted.id or "")
        else:
            self.query_one("#before-scroll").scroll_page_down(animate=False)

    def action_enter(self) -> None:
        """Type an answer, add a row, or go on."""
        question = self.question
        if question is None:
            return
        if question.kind in TYPED:
            self.query_one(Entry).focus()
        elif question.kind == "table":
            self.add_row()

    def choose(self, code: str) -> None:
        """Answer with an option."""
        question, slot = self.question, self.slot
        if isinstance(self.place, AtOffer):
            self._answer_offer(self.place.loop, code)
        elif question is None or slot is None:
            return
        elif question.kind == "choices":
            given = says.own(self.interview.said(slot), self.interview.speaking)
            chosen = list(codes_of(question, given.value)) if given else []
            self.answer(
                [each for each in question.options if (each in chosen) != (each == code)], stay=True
            )
        else:
            self.answer(code)

    def _answer_offer(self, loop: str, code: str) -> None:
        if code == "yes":
            self.add_instance(loop)
        else:
            self.declined |= {loop}
            self.move_on()

    def _done_choosing(self, question: Question) -> None:
        assert self.slot is not None, "choosing is for a question"
        if says.own(self.interview.said(self.slot), self.interview.speaking) is None:
            self.answer([])
        else:
            self.move_on()

    def _is_kept(self, question: Question, code: str) -> bool:
        given = says.own(self.interview.said(self.slot or ""), self.interview.speaking)
        return given is not None and code in codes_of(question, given.value)

    @on(Entry.Typed)
    def _typed(self, event: Entry.Typed) -> None:
        event.stop()
        if event.text.strip():
            self.answer(event.text)
        else:
            self.set_focus(None)

    @on(Entry.Left)
    def _left(self, event: Entry.Left) -> None:
        event.stop()
        self.keep_draft()
        self.set_focus(None)

    def answer(self, raw: object, *, stay: bool = False) -> None:
        """Record an answer as it was given; where it does not fit, say why and change nothing."""
        question, slot = self.question, self.slot
        if question is None or slot is None:
            return
        if self._is_doubted(slot, raw):
            return
        try:
            done = self.case.answer(slot, raw, basis=self.basis_now(slot))
        except IntakeError as error:
            self.say_error(error)
            return
        self._drafts.pop(slot, None)
        self._entry_slot = None
        if self.query_one(Entry).has_focus:
            self.set_focus(None)
        self._after_saying(done, stay=stay)

    def _after_saying(self, said: Answered | MarkedMissing, *, stay: bool) -> None:
        if any(said.id in concern.ids for concern in self.interview.open_safety):
            self.raise_safety()
        if stay or not self.desk.settings.move_on:
            self.say("")
            self.refill()
        else:
            self.move_on()

    def _is_doubted(self, slot: str, raw: object) -> bool:
        """Ask once more for an answer that the bank does not expect."""
        doubt = self.case.doubt(slot, raw)
        if doubt is None or self._asked_softly == (slot, raw):
            return False
        self._asked_softly = (slot, raw)
        self.say(f"{doubt} Enter again keeps it.")
        return True

    def action_missing(self, reason: MissingReason, who_knows: str = "") -> None:
        """Mark the question with a reason instead of an answer."""
        question, slot = self.question, self.slot
        if question is None or slot is None:
            return
        try:
            done = self.case.mark_missing(slot, reason, who_knows=who_knows)
        except IntakeError as error:
            self.say_error(error)
            return
        self._after_saying(done, stay=False)

    def move_on(self) -> None:
        """Go to what comes next: back to where a capture began, else onward."""
        if self.return_to is not None:
            place, self.return_to = AtQuestion(self.return_to), None
            self.go(place)
            return
        self.go(walk.next_place(self.interview, self.place, self.declined))

    def action_step(self, step: str | int) -> None:
        """Go to the neighbouring question; what is typed stays."""
        steps = int(step)
        found = walk.beside(self.interview, self.place, steps)
        if found:
            self.go(AtQuestion(found))
        elif steps < 0:
            self.say("This is the first question.")
        else:
            self.move_on()

    def action_undo(self) -> None:
        """Take the last thing back and show where it was."""
        self._show_taken_back(self.take_back(again=False))

    def action_redo(self) -> None:
        """Bring back what was undone last."""
        self._show_taken_back(self.take_back(again=True))

    def _show_taken_back(self, event: object) -> None:
        slot = getattr(event, "slot", None)
        self._drafts.pop(slot or "", None)
        self._entry_slot = None
        if isinstance(slot, str) and slot in self.interview.layout.position:
            self.keep_draft()
            self.place = AtQuestion(slot)
        self.refill()

    def action_sure(self) -> None:
        """Go through saw, told, read, guess, not said."""
        slot = self.slot
        if slot is None:
            return
        basis = _BASES[(_BASES.index(self.basis_now(slot)) + 1) % len(_BASES)]
        self._basis[slot] = basis
        given = says.own(self.interview.said(slot), self.interview.speaking)
        if given is not None:
            try:
                self.case.answer(slot, given.value, basis=basis, confidence=given.confidence)
            except IntakeError as error:
                self.say_error(error)
        self.refill()

    def action_why(self) -> None:
        """Say in a sentence why this is asked or hidden, and what it is evidence for."""
        if self.slot is None:
            return
        found = why(self.interview, self.slot)
        keys = ratings_served(self.question, split_slot(self.slot)[0])
        names = "; ".join(known.rating_title(self.interview, key) for key in keys)
        self.say(found.sentence + (f" Evidence for: {names}." if names else ""))

    def action_flag(self) -> None:
        """Mark this place to come back to, or take the mark off."""
        flags = [flag for flag in self.interview.flags if flag.slot == self.slot]
        if self.slot is None:
            return
        if flags:
            done = self.record(Retracted, target=flags[-1].id)
        else:
            done = self.record(Flagged, slot=self.slot)
        if done:
            self.say("Flag taken off." if flags else "Flagged.")
        self.refill()

    def action_moving(self) -> None:
        """Change between staying and moving on after an answer."""
        self.change_moving()

    def action_break_page(self) -> None:
        """Clear the screen; nothing is kept about why."""
        self.record(BreakTaken)
        agency = self.desk.agency
        more = literal.lines(*(literal.literal(each) for each in agency.break_words))
        self.app.push_screen(
            Page(
                literal.literal(agency.break_line), any_key=True, more=more if more.plain else None
            )
        )

    # Columns that are keys on a narrow screen

    def action_outline(self) -> None:
        """Show the outline, or go back to the question."""
        self.toggle_class("-outline")
        self.remove_class("-known")
        if self.has_class("-outline"):
            self.query_one("#outline").focus()
        else:
            self.refill()

    def action_known(self) -> None:
        """Show what is known here, or go back to the question."""
        self.toggle_class("-known")
        self.remove_class("-outline")

    @on(OptionList.OptionSelected, "#outline")
    def _go_to_part(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.remove_class("-outline")
        row = self.shown_rows[event.option_index]
        slot = walk.entry_to(self.interview, row.slots)
        if slot is not None:
            self.go(AtQuestion(slot))

    def action_leave_panel(self) -> None:
        """Leave whatever is open beside the question; nothing else."""
        if self.has_class("-outline") or self.has_class("-known"):
            self.remove_class("-outline", "-known")
            self.refill()
        elif self.safety_open:
            self.close_safety()
        else:
            self.say("e ends for today. Ctrl+Q closes the desk.")

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Show the state after another screen worked on the case."""
        self.watch_saving()
        if self.is_mounted and self._filled is not None:
            self.refill()
