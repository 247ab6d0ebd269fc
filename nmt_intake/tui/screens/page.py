"""One quiet page of text: help, a break, an early end, the brain map."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from nmt_intake.tui.panes.more import More


class Page(ModalScreen[bool]):
    """Shows a text until Enter (True) or Esc (False); with `any_key`, until any key."""

    BINDINGS: ClassVar = [
        Binding("enter", "leave(True)", show=False),
        Binding("escape", "leave(False)", show=False),
    ]

    def __init__(
        self, text: Content, *, any_key: bool = False, more: Content | None = None
    ) -> None:
        super().__init__()
        self._text = text
        self._more = more
        self._any_key = any_key

    def compose(self) -> ComposeResult:
        """Lay out the text in a scroll that the arrow keys move."""
        scroll = VerticalScroll(Static(self._text, id="page-text"), id="page")
        yield scroll
        yield More(scroll, "PgDn")

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        self.query_one("#page").focus()

    def on_resize(self) -> None:
        """Look again at what is not seen."""
        self.call_after_refresh(self.query_one(More).look)

    def on_key(self, event: events.Key) -> None:
        """Leave at any key, if that is wanted; `g` shows more first."""
        if not self._any_key:
            return
        event.stop()
        if event.key == "g" and self._more is not None:
            self.query_one("#page-text", Static).update(self._more)
            self._more = None
        else:
            self.dismiss(True)

    def action_leave(self, went_on: bool) -> None:
        """Leave the page."""
        self.dismiss(went_on)
