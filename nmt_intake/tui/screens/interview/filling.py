"""State into text: the interview's few widgets, refilled for each place in the walk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nmt_intake.bank.model import Question
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.session import Session
from nmt_intake.interview import walk
from nmt_intake.interview.events import Basis, Noted
from nmt_intake.interview.progress import progress
from nmt_intake.interview.speaking import Spoken
from nmt_intake.interview.values import codes_of, in_words
from nmt_intake.interview.walk import AtEnd, AtOffer, AtQuestion, Place
from nmt_intake.tui import literal
from nmt_intake.tui.panes.entry import Entry
from nmt_intake.tui.screens.interview.conversing import Conversing
from nmt_intake.tui.views import known, outline, status
from nmt_intake.tui.views import question as says

TYPED: Final = ("number", "age", "date", "interval", "text", "person")
_LOOP_WORDS: Final = {"caregiver": "carer", "placement": "home", "exposure": "hard thing"}


class Filling(Conversing):
    """Shows the interview at `place`; nothing here records anything."""

    def __init__(self, desk: Casework, case: Session) -> None:
        super().__init__(desk, case, closes=True)
        self.place: Place = self._where_we_were()
        self._filled: Place | None = None
        self._entry_slot: str | None = None
        self._rows: tuple[outline.Row, ...] = ()
        self._rows_of: object = None
        self._outlined: list[Content] = []
        self._behind = False
        self.shown_rows: list[outline.Row] = []
        self._drafts: dict[str, str] = {}
        self._asked_softly: tuple[str, object] | None = None
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
        self.keep_draft()
        self.place = place
        self._asked_softly = None
        self.say("")
        self.refill()

    def refill(self) -> None:
        """Show the interview at this place; refilling costs 3 ms, a new screen 100."""
        if self.slot and self.slot not in self.interview.layout.position:
            self.place = walk.next_place(self.interview, None, self.declined)
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
            literal.lines(
                *self._persona_says(slot),
                says.after(self.interview, slot, said, question, self.basis_now(slot)),
            ),
        )
        self._fill_options(slot, question, said)
        self._fill_entry(slot, question, said)
        panel = known.known_here(self.interview, slot)
        self.put("#known", panel)

    def _persona_says(self, slot: str) -> Iterator[Content]:
        for line in self.desk.replies(self.case, slot):
            yield literal.line(line, "italic")

    def _texts(self, place: Content, before: Content, ask: Content, after: Content) -> None:
        self.put("#place", place)
        self.put("#before", before)
        scroll = self.query_one("#before-scroll")
        if scroll.display != bool(before.plain):
            scroll.display = bool(before.plain)
        if before.plain:
            scroll.scroll_home(animate=False)
        self.put("#ask", ask)
        self.put("#after", after)

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
            chosen[0] if chosen and not several else None,
        )

    def _set_options(self, texts: dict[str, Content], chosen: str | None) -> None:
        options = self.query_one("#options", OptionList)
        before = options.highlighted_option
        options.set_options([Option(text, id=code) for code, text in texts.items()])
        if options.display != bool(texts):
            options.display = bool(texts)
        codes = list(texts)
        # The highlight stands on the answer kept, so that Enter never writes over it unseen.
        stays = before.id if before and self._same_question else None
        wanted = next((code for code in (chosen, stays) if code in codes), None)
        if codes:
            options.highlighted = codes.index(wanted) if wanted else 0
        self._filled = self.place
        if texts and not self.asking.asks and not options.has_focus:
            options.focus()

    @property
    def _same_question(self) -> bool:
        return self._filled == self.place

    def _fill_entry(self, slot: str, question: Question, said: Spoken) -> None:
        entry = self.query_one(Entry)
        if entry.display != (question.kind in TYPED):
            entry.display = question.kind in TYPED
        if question.kind not in TYPED:
            if question.kind == "table" and not self.asking.asks:
                self.set_focus(None)
            return
        if not (entry.has_focus and self._entry_slot == slot):
            given = says.own(self.interview.said(slot), self.interview.speaking)
            kept = in_words(question, given.value) if given else ""
            text = self._drafts.get(slot, kept if question.kind in ("text", "person") else "")
            entry.load_text(text)
        self._entry_slot = slot
        entry.placeholder = literal.line(f"Enter to type: {says.hint(question, said)}")
        if not self.asking.asks and not entry.has_focus:
            self.set_focus(None)

    def _fill_offer(self, loop: str) -> None:
        block = walk.loop_block(self.interview, loop)
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
        self.put("#known", Content(""))

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
        self.put("#known", Content(""))
        self.set_focus(None)

    def _fill_around(self) -> None:
        self.put("#who", status.who(self.interview))
        self.saving_changed()
        self.fill_keys(self._answer_keys())
        self.fill_safety()
        if not self._behind:
            # The counts of 100 parts take 10 ms: the question is painted first.
            self._behind = True
            self.call_after_refresh(self._catch_up)

    def _catch_up(self) -> None:
        self._behind = False
        if not self.is_attached:
            return
        total = progress(self.interview)
        self.put("#counts", status.counts(total, len(self.interview.open_safety)))
        self._fill_outline()

    def _answer_keys(self) -> str:
        if self.question is None:
            return "1-2 answer" if isinstance(self.place, AtOffer) else ""
        match self.question.kind:
            case "choices":
                return "1-9 mark  Enter done"
            case "table":
                return "Enter adds a row"
            case kind if kind in TYPED:
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
        self._show_outline(shown, texts)

    def _show_outline(self, shown: list[outline.Row], texts: list[Content]) -> None:
        found = self.query_one("#outline", OptionList)
        before, self._outlined = self._outlined, texts
        if [row.title for row in shown] == [row.title for row in self.shown_rows]:
            for at, (old, new) in enumerate(zip(before, texts, strict=True)):
                if old.plain != new.plain:
                    found.replace_option_prompt_at_index(at, new)
        else:
            found.set_options([Option(text) for text in texts])
        self.shown_rows = shown
        here = next((at for at, row in enumerate(shown) if self.slot in row.slots), None)
        if not found.has_focus and found.highlighted != here:
            found.highlighted = here

    def keep_draft(self) -> None:
        """Remember what is typed and not sent, for when this question comes back."""
        entry = self.query_one(Entry)
        if self._entry_slot and entry.display and entry.text.strip():
            self._drafts[self._entry_slot] = entry.text

    def keep_unsent(self) -> None:
        """Keep words that were typed and not sent as notes, each beside its question."""
        self.keep_draft()
        self._entry_slot = None
        unsent = [each for each in self._drafts.items() if not self._is_answer(*each)]
        self._drafts.clear()
        if self.asking.unsent:
            unsent.append((self.slot or "", self.asking.unsent))
            self.asking.put_aside()
        if self.case.refusal() is not None:
            return
        for slot, text in unsent:
            text = f"Typed, not sent: {text}"
            self.record(Noted, text=text, slot=slot or None, informant=self.interview.speaking)

    def _is_answer(self, slot: str, text: str) -> bool:
        question = self.interview.question(slot)
        given = self.interview.said(slot).given
        return question is not None and text in [in_words(question, each.value) for each in given]

    def basis_now(self, slot: str) -> Basis | None:
        """Return how sure the answer here is, or will be."""
        given = says.own(self.interview.said(slot), self.interview.speaking)
        if slot in self._basis:
            return self._basis[slot]
        return given.basis if given else self.default_basis(slot)

    def _where_we_were(self) -> Place:
        last = self.case.last_slot()
        return walk.next_place(self.interview, AtQuestion(last) if last else None, self.declined)
