"""The lock screen: one line, nothing else, and a passphrase where there is one."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from nmt_intake.casework.cases import Desk
from nmt_intake.errors import IntakeError
from nmt_intake.tui import literal
from nmt_intake.tui.panes.asking_line import Line


class Locked(Screen[bool]):
    """Stands until the desk is unlocked."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def compose(self) -> ComposeResult:
        """Lay out one line and the entry."""
        says = "Passphrase, then Enter." if self._desk.needs_passphrase else "Enter goes on."
        with Vertical(id="locked"):
            yield Static(Content(f"Locked. {says}"), id="locked-text")
            yield Line(id="passphrase", password=True, compact=True)

    def on_mount(self) -> None:
        """Wait for the passphrase."""
        self.query_one(Line).focus()

    @on(Input.Submitted)
    def _try(self, event: Input.Submitted) -> None:
        event.stop()
        given = event.value
        self.query_one(Line).value = ""
        self.run_worker(lambda: self._unlock(given), thread=True, exclusive=True)

    def _unlock(self, given: str) -> None:
        try:
            self._desk.unlock(given)
        except IntakeError as error:
            says = literal.literal(f"{error.what} {error.advice}")
            self.app.call_from_thread(self.query_one("#locked-text", Static).update, says)
            return
        self.app.call_from_thread(self.dismiss, True)
