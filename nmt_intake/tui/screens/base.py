"""What the desk's screens share: the message line, the asking line, the footer."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from nmt_intake.errors import IntakeError
from nmt_intake.tui import literal
from nmt_intake.tui.commands import Where, commands_at, footer
from nmt_intake.tui.widgets.asking_line import AskingLine


class DeskScreen(Screen[None]):
    """A screen with a line to say something, a line to ask something, and its keys at the bottom."""

    WHERE: ClassVar[Where] = "everywhere"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS: ClassVar = [(0, "-narrow"), (110, "-wide")]

    def bottom(self, keys: str = "") -> ComposeResult:
        """Yield the widgets that every screen ends with; `keys` stand first in the footer."""
        yield Static(id="says", markup=False)
        yield AskingLine()
        yield Static(Content(footer(self.WHERE, keys)), id="keys", markup=False)

    @property
    def asking(self) -> AskingLine:
        """The line that asks."""
        return self.query_one(AskingLine)

    def say(self, text: str | Content) -> None:
        """Show a sentence above the keys until the next one."""
        content = literal.literal(text) if isinstance(text, str) else text
        says = self.query_one("#says", Static)
        says.update(content)
        says.display = bool(content.plain)

    def say_error(self, error: IntakeError) -> None:
        """Show what went wrong and what to do."""
        self.say(f"{error.what} {error.advice}")

    def action_help(self) -> None:
        """Show the keys that work here."""
        from nmt_intake.tui.screens.page import Page

        self.app.push_screen(Page(help_text(self.WHERE)))


def help_text(where: Where) -> Content:
    """Return the help of a screen, from its commands."""
    rows = [
        literal.line(f"{command.key}", "bold", 8)
        + literal.line(command.title, "", 26)
        + literal.line(command.says, "dim")
        for command in commands_at(where)
    ]
    head = literal.line("What works here. Esc goes back; Ctrl+P finds any command.")
    return literal.lines(head, Content(" "), *rows, Content(" "), literal.literal(ABOUT, "dim"))


ABOUT = (
    "Independent: not affiliated with, not certified as, not interchangeable with certified NMT\n"
    "Metrics. Scores are not validated and not normed. All conclusions are the clinician's own."
)
