"""A new case: an alias, a birth date or an age. Nothing else is asked, and nothing blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from nmt_intake.casework.cases import Casework
from nmt_intake.casework.opening import born_or_aged
from nmt_intake.casework.session import Session
from nmt_intake.errors import IntakeError
from nmt_intake.interview.values import age_in_words
from nmt_intake.text import clean_line
from nmt_intake.tui import literal
from nmt_intake.tui.panes.asking_line import Line

_ALONE = "Nothing else is needed. Initials or an alias will do; no full name."
_UNREAD = "Not read as a date or an age. Change it, or Enter again to start without."


class NewCaseScreen(ModalScreen[Session | None]):
    """Two lines; Enter goes from the first to the second, and from there starts the case."""

    if TYPE_CHECKING:

        @property
        def app(self) -> App[object]:
            """The desk; Textual's own type leaves open what it returns."""
            ...

    BINDINGS: ClassVar = [("escape", "dismiss(None)")]

    def __init__(self, desk: Casework) -> None:
        super().__init__()
        self._desk = desk
        self._refused: str | None = None

    def compose(self) -> ComposeResult:
        """Lay out the two lines."""
        with Vertical(id="new-case"):
            yield Static(Content.styled("New case", "bold"))
            yield Static(Content("What shall we call the client here?"))
            yield Line(id="alias", placeholder="M.", compact=True)
            yield Static(Content("Born when, or how old? A number alone means years."))
            yield Line(id="born", placeholder="2019-09-14, 2019, 7, 14 months", compact=True)
            yield Static(Content.styled(_ALONE, "$aside"), id="new-says")

    def on_mount(self) -> None:
        """Start with the alias."""
        self.query_one("#alias").focus()

    @on(Input.Changed, "#born")
    def _show_meaning(self, event: Input.Changed) -> None:
        event.stop()
        birth, months = born_or_aged(event.value, self._desk.settings.language)
        says = f"Born {birth}." if birth else f"{age_in_words(months)} old." if months else _ALONE
        self._say(says)

    @on(Input.Submitted, "#alias")
    def _on_to_birth(self, event: Input.Submitted) -> None:
        event.stop()
        self.query_one("#born").focus()

    @on(Input.Submitted, "#born")
    def _start(self, event: Input.Submitted) -> None:
        event.stop()
        birth, months = born_or_aged(event.value, self._desk.settings.language)
        unread = event.value.strip() and birth is None and months is None
        if unread and self._refused != event.value:
            self._refused = event.value
            self._say(_UNREAD)
            return
        alias = clean_line(self.query_one("#alias", Line).value, 60) or "no alias"
        self._say("Starting.")
        self.run_worker(lambda: self._make(alias, birth, months), thread=True, exclusive=True)

    def _make(self, alias: str, birth: str | None, months: float | None) -> None:
        try:
            case = self._desk.start(alias, birth, months)
        except IntakeError as error:
            self.app.call_from_thread(self._say, f"{error.what} {error.advice}")
            return
        self.app.call_from_thread(self.dismiss, case)

    def _say(self, text: str) -> None:
        self.query_one("#new-says", Static).update(literal.literal(text))
