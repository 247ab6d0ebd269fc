"""The interview: one question at a time, in the same few widgets, refilled."""

from __future__ import annotations

from typing import ClassVar

from pydantic import JsonValue
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nmt_intake.bank.model import Question
from nmt_intake.interview.asking import ratings_served, why
from nmt_intake.interview.events import (
    Answered,
    Basis,
    BreakTaken,
    Flagged,
    MarkedMissing,
    Retracted,
)
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.progress import progress
from nmt_intake.interview.speaking import Spoken, opening_talk, part_title
from nmt_intake.interview.values import AnswerError, codes_of, in_words, read_value
from nmt_intake.tui import literal
from nmt_intake.tui.commands import Where, bindings, footer
from nmt_intake.tui.desk import Desk
from nmt_intake.tui.said import known, outline, status
from nmt_intake.tui.said import question as says
from nmt_intake.tui.screens.conversing import Conversing
from nmt_intake.tui.screens.page import Page
from nmt_intake.tui.widgets.entry import Entry
from nmt_intake.tui.work import walking
from nmt_intake.tui.work.open_case import OpenCase
from nmt_intake.tui.work.walking import AtEnd, AtOffer, AtQuestion, Place

_TYPED = ("number", "age", "date", "interval", "text", "person")
_BASES: tuple[Basis | None, ...] = ("saw", "told", "read", "guess", None)
_DIGITS = tuple(Binding(digit, f"digit('{digit}')", show=False) for digit in "1234567890")


class InterviewScreen(Conversing):
    """Shows the question at `place`; every key becomes an event, and the events become text."""

    WHERE: ClassVar[Where] = "interview"
    BINDINGS: ClassVar = [
        *(each for each in bindings("interview") if each.key != "enter"),
        *_DIGITS,
        Binding("enter", "enter", show=False),
        Binding("space", "space", show=False),
        Binding("escape", "leave_panel", show=False),
    ]

    def __init__(self, desk: Desk, case: OpenCase) -> None:
        super().__init__(desk, case, closes=True)
        self.place: Place = self._where_we_were()
        self._rows: tuple[outline.Row, ...] = ()
        self._rows_of: object = None
        self._outlined: object = None
        self._drafts: dict[str, str] = {}
        self._asked_softly: tuple[str, JsonValue] | None = None
        self._basis: dict[str, Basis | None] = {}

    def compose(self) -> ComposeResult:
        """Lay out the three columns and the lines around them."""
        with Horizontal(id="top"):
            yield Static(id="who", markup=False)
            yield Static(id="saved", markup=False)
        with Horizontal(id="columns"):
            yield OptionList(id="outline", markup=False, compact=True)
            with Vertical(id="talk"):
                yield Static(id="place", markup=False)
                with VerticalScroll(id="before-scroll", can_focus=False):
                    yield Static(id="before", markup=False)
                yield Static(id="ask", markup=False)
                yield OptionList(id="options", markup=False, compact=True)
                yield Entry("entry")
                with VerticalScroll(id="after-scroll", can_focus=False):
                    yield Static(id="after", markup=False)
            with VerticalScroll(id="beside", can_focus=False):
                yield Static(id="known", markup=False)
        yield Static(id="counts", markup=False)
        yield from self.bottom()

    def on_mount(self) -> None:
        """Show the very question."""
        self.watch_saving()
        self.refill()
        self.say(status.trouble(self.case))

    # State into text

    @property
    def slot(self) -> str | None:
        """The slot on the screen, if it is a question."""
        return self.place.slot if isinstance(self.place, AtQuestion) else None

    @property
    def question(self) -> Question | None:
        """The question on the screen."""
        return self.interview.question(self.slot) if self.slot else None

    def go(self, place: Place) -> None:
        """Show another place, keeping what is typed and not sent."""
        self._keep_draft()
        self.place = place
        self._asked_softly = None
        self.say("")
        self.refill()

    def refill(self) -> None:
        """Show the interview at this place; refilling costs 3 ms, a new screen 100."""
        if self.slot and self.slot not in self.interview.layout.position:
            self.place = walking.next_place(self.interview, None, self.declined)
        match self.place:
            case AtQuestion(slot):
                self._fill_question(slot)
            case AtOffer(loop):
                self._fill_offer(loop)
            case AtEnd():
                self._fill_end()
        self._fill_around()

    def _fill_question(self, slot: str) -> None:
        question = self.interview.question(slot)
        assert question is not None, "a place in the walk has a question"
        said = says.spoken(self.interview, slot, self.language)
        self._texts(
            says.place_title(self.interview, slot, self.language),
            says.before(self.interview, slot, said, self.language),
            literal.spoken(said.ask, "bold"),
            says.after(self.interview, slot, said, question, self._basis_now(slot)),
        )
        self._fill_options(slot, question, said)
        self._fill_entry(slot, question, said)
        panel = known.known_here(self.interview, slot)
        self.query_one("#known", Static).update(panel)

    def _texts(self, place: Content, before: Content, ask: Content, after: Content) -> None:
        self.query_one("#place", Static).update(place)
        self.query_one("#before", Static).update(before)
        scroll = self.query_one("#before-scroll")
        scroll.display = bool(before.plain)
        scroll.scroll_home(animate=False)
        self.query_one("#ask", Static).update(ask)
        self.query_one("#after", Static).update(after)

    def _fill_options(self, slot: str, question: Question, said: Spoken) -> None:
        shown = says.shown_options(question, said)
        given = says.own(self.interview.said(slot), self.interview.speaking)
        chosen = codes_of(question, given.value) if given else ()
        several = question.kind == "choices"
        self._set_options(
            {
                code: says.option_text(
                    says.key_of(question, code, place),
                    label,
                    several=several,
                    chosen=code in chosen,
                )
                for place, (code, label) in enumerate(shown.items())
            },
            chosen[0] if chosen else None,
        )

    def _set_options(self, texts: dict[str, Content], chosen: str | None) -> None:
        options = self.query_one("#options", OptionList)
        before = options.highlighted_option
        options.set_options([Option(text, id=code) for code, text in texts.items()])
        options.display = bool(texts)
        codes = list(texts)
        # The highlight stands on the answer kept, so that Enter never writes over it unseen.
        if before and before.id in codes and self._same_question:
            options.highlighted = codes.index(before.id)
        elif codes:
            options.highlighted = codes.index(chosen) if chosen in codes else 0
        self._filled = self.place
        if texts and not self.asking.asks:
            options.focus()

    _filled: Place | None = None

    @property
    def _same_question(self) -> bool:
        return self._filled == self.place

    def _fill_entry(self, slot: str, question: Question, said: Spoken) -> None:
        entry = self.query_one(Entry)
        entry.display = question.kind in _TYPED
        if question.kind not in _TYPED:
            if question.kind == "table" and not self.asking.asks:
                self.set_focus(None)
            return
        if not (entry.has_focus and self._entry_slot == slot):
            given = says.own(self.interview.said(slot), self.interview.speaking)
            kept = in_words(question, given.value) if given else ""
            text = self._drafts.get(slot, kept if question.kind in ("text", "person") else "")
            entry.load_text(text)
        self._entry_slot = slot
        entry.placeholder = Content(f"Enter to type: {says.hint(question, said)}")
        if not self.asking.asks and not entry.has_focus:
            self.set_focus(None)

    _entry_slot: str | None = None

    def _fill_offer(self, loop: str) -> None:
        block = walking.loop_block(self.interview, loop)
        parts = [each for each in self.interview.layout.parts if each.block.for_each == loop]
        words = block.translations.get(self.language or "", {}) if block else {}
        opening = words.get("opening", block.opening) if block else None
        another = words.get("another", block.another) if block else None
        title = words.get("title", block.title) if block else loop
        ask = another if parts and another else f"Shall I add a {_LOOP_WORDS[loop]}?"
        talk = literal.spoken(opening) if opening and not parts else Content("")
        self._texts(
            literal.line(title, "bold"),
            talk,
            literal.spoken(self.filled(ask), "bold"),
            literal.line("Nothing is lost by going on; a adds one at any time.", "dim"),
        )
        self.query_one(Entry).display = False
        self._set_options(
            {
                "yes": says.option_text("1", "Yes, add one", several=False, chosen=False),
                "no": says.option_text("2", "No, go on", several=False, chosen=False),
            },
            "yes" if not parts else "no",
        )
        self.query_one("#known", Static).update("")

    def _fill_end(self) -> None:
        self._texts(
            literal.line("Nothing is left to ask", "bold"),
            Content(""),
            Content("Every open question has an answer or a mark."),
            literal.literal(
                "Ctrl+R rates. Ctrl+O shows the report. e ends for today.\n"
                "o shows the outline, to go back to any part."
            ),
        )
        self.query_one(Entry).display = False
        self._set_options({}, None)
        self.query_one("#known", Static).update("")
        self.set_focus(None)

    def _fill_around(self) -> None:
        self.query_one("#who", Static).update(status.who(self.interview))
        self.saving_changed()
        total = progress(self.interview)
        safety = len(self.interview.open_safety)
        self.query_one("#counts", Static).update(status.counts(total, safety))
        self.query_one("#keys", Static).update(Content(footer("interview", self._answer_keys())))
        self._fill_outline()
        self.fill_safety()

    def _answer_keys(self) -> str:
        if self.question is None:
            return "1-2 answer" if isinstance(self.place, AtOffer) else ""
        match self.question.kind:
            case "choices":
                return "1-9 mark  Enter done"
            case "table":
                return "Enter adds a row"
            case kind if kind in _TYPED:
                return "Enter types"
            case _:
                return f"1-{min(9, len(self.query_one('#options', OptionList).options))} answer"

    def _fill_outline(self) -> None:
        if self._rows_of is not self.interview.layout:
            self._rows = outline.rows(self.interview, self.language)
            self._rows_of = self.interview.layout
        shown = [row for row in self._rows if outline.open_row(self.interview, row)]
        flagged = frozenset(flag.slot for flag in self.interview.flags)
        texts = [
            outline.row_text(
                self.interview,
                row,
                outline.row_counts(self.interview, row),
                here=self.slot in row.slots,
                flagged=flagged,
            )
            for row in shown
        ]
        here = next((at for at, row in enumerate(shown) if self.slot in row.slots), None)
        key = (here, [text.plain for text in texts])
        if key == self._outlined:
            return
        self._outlined = key
        self._shown_rows = shown
        found = self.query_one("#outline", OptionList)
        found.set_options([Option(text) for text in texts])
        found.highlighted = here

    _shown_rows: list[outline.Row] = []

    def saving_changed(self) -> None:
        """Show what is true about saving now."""
        self.query_one("#saved", Static).update(status.saved(self.case))
        if self.case.saving.problem is not None:
            self.say(status.trouble(self.case))

    # Keys into events

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
        if question is not None and slot and question.kind in _TYPED and question.kind != "text":
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
        if question.kind in _TYPED:
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
        self._keep_draft()
        self.set_focus(None)

    def _keep_draft(self) -> None:
        entry = self.query_one(Entry)
        if self._entry_slot and entry.display and entry.text.strip():
            self._drafts[self._entry_slot] = entry.text

    def answer(self, raw: object, *, stay: bool = False) -> None:
        """Record an answer as it was given; where it does not fit, say why and change nothing."""
        question, slot = self.question, self.slot
        if question is None or slot is None:
            return
        try:
            value = read_value(question, raw)
        except AnswerError as error:
            self.say(f"This {error.what} {error.advice}")
            return
        if not self._expected(slot, question, value):
            return
        before = says.own(self.interview.said(slot), self.interview.speaking)
        words = self.quotes.pop(slot, before.words if before else "")
        done = self.record(
            Answered,
            slot=slot,
            value=value,
            informant=self.interview.speaking,
            basis=self._basis_now(slot),
            words=words,
        )
        if done is None:
            return
        self._drafts.pop(slot, None)
        self._entry_slot = None
        self.set_focus(None)
        self._after_saying(slot, question, codes_of(question, value), stay=stay)

    def _after_saying(
        self, slot: str, question: Question, codes: tuple[str, ...], *, stay: bool
    ) -> None:
        if walking.opens_safety(question, codes):
            self.raise_safety(slot)
        if stay or not self.desk.settings.move_on:
            self.say("")
            self.refill()
        else:
            self.move_on()

    def _expected(self, slot: str, question: Question, value: JsonValue) -> bool:
        if walking.unexpected(self.interview, slot, question.hard_check, value):
            assert question.hard_check is not None, "checked just now"
            self.say(question.hard_check.say)
            return False
        soft = walking.unexpected(self.interview, slot, question.soft_check, value)
        if soft and question.soft_check and self._asked_softly != (slot, value):
            self._asked_softly = (slot, value)
            self.say(f"{question.soft_check.say} Enter again keeps it.")
            return False
        return True

    def action_missing(self, reason: str, who_knows: str = "") -> None:
        """Mark the question with a reason instead of an answer."""
        question, slot = self.question, self.slot
        if question is None or slot is None:
            return
        done = self.record(
            MarkedMissing,
            slot=slot,
            reason=reason,
            informant=self.interview.speaking,
            words=self.quotes.pop(slot, ""),
            who_knows=who_knows,
        )
        if done is not None:
            self._after_saying(slot, question, (reason,), stay=False)

    def move_on(self) -> None:
        """Go to what comes next: back to where a capture began, else onward."""
        if self.return_to is not None:
            place, self.return_to = AtQuestion(self.return_to), None
            self.go(place)
            return
        self.go(walking.next_place(self.interview, self.place, self.declined))

    def action_step(self, step: str | int) -> None:
        """Go to the neighbouring question; what is typed stays."""
        steps = int(step)
        slots = self.interview.layout.slots
        match self.place:
            case AtQuestion(slot):
                found = walking.beside(self.interview, slot, steps)
            case AtOffer(loop) if steps < 0:
                first = next((s for s in slots if s.startswith(f"{loop}-")), None)
                found = self._before_offer(loop, first)
            case AtEnd() if steps < 0:
                found = slots[-1] if slots else None
            case _:
                self.move_on()
                return
        if found:
            self.go(AtQuestion(found))
        else:
            self.say("This is the first question." if steps < 0 else "This is the last one.")

    def _before_offer(self, loop: str, first: str | None) -> str | None:
        instances = self.interview.instances(loop)
        if instances and first:
            last = [s for s in self.interview.layout.slots if s.startswith(f"{instances[-1]}/")]
            return last[-1]
        block = walking.loop_block(self.interview, loop)
        blocks = self.interview.bank.blocks
        before = blocks[: blocks.index(block)] if block else ()
        ids = {each.id for each in before}
        parts = [part for part in self.interview.layout.parts if part.block.id in ids]
        return parts[-1].slots[-1] if parts else None

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
            self._keep_draft()
            self.place = AtQuestion(slot)
        self.refill()

    def action_sure(self) -> None:
        """Go through saw, told, read, guess, not said."""
        slot = self.slot
        if slot is None:
            return
        basis = _BASES[(_BASES.index(self._basis_now(slot)) + 1) % len(_BASES)]
        self._basis[slot] = basis
        given = says.own(self.interview.said(slot), self.interview.speaking)
        if given is not None:
            self.record(
                Answered,
                slot=slot,
                value=given.value,
                informant=given.informant,
                basis=basis,
                confidence=given.confidence,
                words=given.words,
            )
        self.refill()

    def _basis_now(self, slot: str) -> Basis | None:
        given = says.own(self.interview.said(slot), self.interview.speaking)
        if slot in self._basis:
            return self._basis[slot]
        return given.basis if given else self.default_basis(slot)

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
            self.record(Retracted, target=flags[-1].id)
        else:
            self.record(Flagged, slot=self.slot)
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
        row = self._shown_rows[event.option_index]
        slot = walking.entry_to(self.interview, row.slots)
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

    def action_try_again(self) -> None:
        """Try again what was not saved."""
        self.case.try_again()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Show the state after another screen worked on the case."""
        self.watch_saving()
        if self.is_mounted and self._filled is not None:
            self.refill()

    def _where_we_were(self) -> Place:
        last = self.case.last_slot()
        return walking.next_place(self.interview, AtQuestion(last) if last else None, self.declined)


_LOOP_WORDS = {"caregiver": "carer", "placement": "home", "exposure": "hard thing"}

__all__ = ["InterviewScreen", "opening_talk", "part_title"]
