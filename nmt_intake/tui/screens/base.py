"""What the desk's screens share: the message line, the asking line, the footer."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import App, ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from nmt_intake.errors import IntakeError
from nmt_intake.tui import literal
from nmt_intake.tui.commands import LOW, WIDE, Where, commands_at, footer
from nmt_intake.tui.panes.asking_line import AskingLine


class DeskScreen(Screen[None]):
    """A screen with a line that says something, one that asks, and its keys at the bottom."""

    if TYPE_CHECKING:

        @property
        def app(self) -> App[object]:
            """The desk; Textual's own type leaves open what it returns."""
            ...

    WHERE: ClassVar[Where] = "everywhere"
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self._answers = ""
        self._put: dict[str, tuple[object, ...]] = {}

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (LOW, "-tall")]  # noqa: RUF012

    def bottom(self, keys: str = "") -> ComposeResult:
        """Yield the widgets that every screen ends with; `keys` stand first in the footer."""
        yield Static(id="says", markup=False)
        yield AskingLine()
        self._answers = keys
        yield Static(Content(footer(self.WHERE, keys)), id="keys", markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take no key before the widgets are there: some typists are sooner than the paint."""
        return self.is_mounted

    def fill_keys(self, answers: str = "") -> None:
        """Show the keys that fit this width, `answers` first."""
        self._answers = answers
        text = footer(self.WHERE, answers, width=max(40, self.size.width - 2))
        self.put("#keys", Content(text))

    def on_resize(self) -> None:
        """Show the keys that fit the new width."""
        self.fill_keys(self._answers)

    @property
    def asking(self) -> AskingLine:
        """The line that asks."""
        return self.query_one(AskingLine)

    def put(self, selector: str, content: Content) -> None:
        """Show a content; one that is there already costs nothing."""
        now = (content.plain, tuple(content.spans))
        if self._put.get(selector) != now:
            self._put[selector] = now
            self.query_one(selector, Static).update(content)

    def say(self, text: str | Content) -> None:
        """Show a sentence above the keys until the next one."""
        content = literal.literal(text) if isinstance(text, str) else text
        self.put("#says", content)
        says = self.query_one("#says")
        if says.display != bool(content.plain):
            says.display = bool(content.plain)

    def say_error(self, error: IntakeError) -> None:
        """Show what went wrong and what to do."""
        self.say(f"{error.what} {error.advice}")

    def action_help(self) -> None:
        """Show the keys that work here."""
        from nmt_intake.tui.screens.page import Page

        self.app.push_screen(Page(help_text(self.WHERE)))


def help_text(where: Where) -> Content:
    """Return the help of a screen, from its commands; 76 cells wide at most."""
    rows: list[Content] = []
    for command in commands_at(where):
        first, *rest = textwrap.wrap(command.says, _SAYS) or [""]
        head = literal.line(command.key, "bold", _KEY) + literal.line(command.title, "", _TITLE)
        rows.append(head + literal.line(first, "$aside"))
        rows += [Content(" " * (_KEY + _TITLE)) + literal.line(each, "$aside") for each in rest]
    head = literal.line("What works here. Esc goes back; Ctrl+P finds any command.")
    return literal.lines(head, Content(" "), *rows, Content(" "), literal.literal(ABOUT, "$aside"))


_KEY: Final = 11
_TITLE: Final = 28
_SAYS: Final = 36

ABOUT = (
    "Independent: not affiliated with, not certified as, not interchangeable with certified NMT"
    " Metrics. Scores are not validated and not normed. All conclusions are the clinician's own."
)
