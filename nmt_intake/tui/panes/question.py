"""The question: what is said, what can be answered, the writing line, what helps beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.css.scalar import Scalar
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nmt_intake.tui import literal
from nmt_intake.tui.panes.entry import Entry
from nmt_intake.tui.panes.more import More, Reading
from nmt_intake.tui.views.question import QuestionView

_SIDES: Final = 4  # cells that the padding takes
_AROUND: Final = 9  # lines: title, marks, margins, the writing line, and the first of what helps
_MOST_OPTIONS: Final = 12
_LEAST_BEFORE: Final = 3


class QuestionPane(Vertical):
    """Shows a `QuestionView` in the same few widgets; refilling costs 3 ms, a new screen 100."""

    @dataclass
    class Chosen(Message):
        """An option was chosen by its key or with the mouse."""

        code: str

    @dataclass
    class Taken(Message):
        """Enter was pressed beside options: on this one, or on none."""

        code: str | None

    @dataclass
    class Written(Message):
        """What stood on the writing line was sent."""

        text: str

    def __init__(self) -> None:
        super().__init__(id="talk")
        self._view: QuestionView | None = None

    def compose(self) -> ComposeResult:
        """Lay out title, talk, question, options, writing line and what helps."""
        yield Static(id="place", markup=False)
        yield (before := Reading("before", "before-scroll", "PgDn"))
        yield before.more
        yield Static(id="ask", markup=False)
        yield (options := _Options(id="options", markup=False, compact=True))
        yield options.more
        yield Entry("entry")
        yield (after := Reading("after", "after-scroll"))
        yield after.more

    @property
    def view(self) -> QuestionView | None:
        """What is shown."""
        return self._view

    @property
    def entry(self) -> Entry:
        """The writing line."""
        return self.query_one(Entry)

    @property
    def options(self) -> _Options:
        """The options to choose from."""
        return self.query_one(_Options)

    def show(self, view: QuestionView, *, focus: bool) -> None:
        """Show another view; `focus` puts the cursor where the answer goes."""
        before, self._view = self._view, view
        if self.entry.text != view.line:
            self.entry.load_text(view.line)
            self.entry.move_cursor(self.entry.document.end)
        self.entry.placeholder = literal.line(view.hint)
        self._put("#place", view.title, before.title if before else None)
        self._put("#ask", view.ask, before.ask if before else None)
        self._put("#after", view.after, before.after if before else None)
        self._show_before(view, before)
        self._show_options(view, before)
        if focus:
            self.take_focus()

    def take_focus(self) -> None:
        """Put the cursor where the answer goes: on the line, or on the options."""
        view = self._view
        writes = view is None or view.writes or not view.choices or bool(self.entry.text)
        wanted = self.entry if writes else self.options
        if not wanted.has_focus:
            wanted.focus()

    def clear(self) -> None:
        """Empty the writing line: what stood there was taken."""
        self.entry.load_text("")

    def choose_by_key(self, key: str) -> bool:
        """Choose the option with this key; return whether there is one."""
        for choice in self._view.choices if self._view else ():
            if choice.key == key:
                self.post_message(self.Chosen(choice.code))
                return True
        return False

    def choose_highlighted(self) -> bool:
        """Mark the highlighted one of several; return whether there is one."""
        option = self.options.highlighted_option
        if self._view is None or not self._view.several or option is None:
            return False
        self.post_message(self.Chosen(option.id or ""))
        return True

    def turned(self, pages: int) -> bool:
        """Turn a page of what is said before the question, then of what stands below it."""
        parts = [self.query_one(name, Reading) for name in ("#before-scroll", "#after-scroll")]
        return any(part.turned(pages) for part in parts[:: 1 if pages > 0 else -1])

    def on_resize(self) -> None:
        """Give the text before the question the room that the answers leave."""
        if self._view is not None:
            self._make_room(self._view)

    def begin_writing(self, character: str) -> None:
        """Start the words with a key that was pressed elsewhere on the screen."""
        self.entry.focus()
        self.entry.insert(character, self.entry.document.end)

    @on(OptionList.OptionSelected, "#options")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        """Take what the mouse chose: one of several is marked, as with its key."""
        event.stop()
        code = event.option.id or ""
        several = self._view is not None and self._view.several
        self.post_message(self.Chosen(code) if several else self.Taken(code))

    @on(Entry.Typed)
    def _typed(self, event: Entry.Typed) -> None:
        event.stop()
        if event.text.strip() or self._view is None or self._view.writes:
            self.post_message(self.Written(event.text))
        else:
            self.take_focus()

    @on(Entry.Emptied)
    def _emptied(self, event: Entry.Emptied) -> None:
        event.stop()
        if self._view is not None and not self._view.writes:
            self.take_focus()

    def enter_options(self) -> None:
        """Take Enter beside the options."""
        option = self.options.highlighted_option
        self.post_message(self.Taken(option.id if option else None))

    def _show_before(self, view: QuestionView, before: QuestionView | None) -> None:
        scroll = self.query_one("#before-scroll", Reading)
        self._put("#before", view.before, before.before if before else None)
        if scroll.display != bool(view.before.plain):
            scroll.display = scroll.more.display = bool(view.before.plain)
        self._make_room(view)
        if view.before.plain and (before is None or before.place != view.place):
            scroll.scroll_home(animate=False)

    def _make_room(self, view: QuestionView) -> None:
        """Let what is said before go on below its last line rather than push the answers out."""
        width = self.size.width - _SIDES
        if width <= 0 or not view.before.plain:
            return
        answers = min(_MOST_OPTIONS, len(view.choices)) + bool(view.choices)
        taken = _AROUND + view.ask.get_height({}, width) + answers
        room = max(_LEAST_BEFORE, self.size.height - taken)
        scroll = self.query_one("#before-scroll")
        if scroll.styles.max_height != Scalar.from_number(room):
            scroll.styles.max_height = room

    def _show_options(self, view: QuestionView, before: QuestionView | None) -> None:
        options = self.options
        same = before is not None and before.place == view.place
        option = options.highlighted_option
        stays = option.id if same and option else None
        codes = [choice.code for choice in view.choices]
        options.set_options([Option(choice.text, id=choice.code) for choice in view.choices])
        if options.display != bool(codes):
            options.display = options.more.display = bool(codes)
        # The highlight stands on the answer kept; on a new question on none, so that Enter alone
        # never answers.
        wanted = next((code for code in (view.chosen, stays) if code in codes), None)
        options.highlighted = codes.index(wanted) if wanted else None

    def _put(self, selector: str, content: Content, before: Content | None) -> None:
        if before is None or (content.plain, content.spans) != (before.plain, before.spans):
            self.query_one(selector, Static).update(content)


class _Options(OptionList):
    """The options: Enter says what it is on, also where that is nothing."""

    @cached_property
    def more(self) -> More:
        """The line under the options that says how many are not seen."""
        return More(self, "↓")

    def on_resize(self) -> None:
        """Look again at what is not seen."""
        self.more.look()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the paging keys to the screen: they read on in the text."""
        return action not in ("page_up", "page_down")

    def on_key(self, event: events.Key) -> None:
        """Take Enter before the list does, which is silent without a highlight."""
        pane = self.parent
        if event.key == "enter" and isinstance(pane, QuestionPane):
            event.stop()
            event.prevent_default()
            pane.enter_options()
