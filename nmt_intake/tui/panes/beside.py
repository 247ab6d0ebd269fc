"""What stands beside the question: what is known here, or the safety card while it is open."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from nmt_intake.tui.panes.more import Reading


class BesidePane(Vertical):
    """Shows one text that turns by pages, without ever taking the keys."""

    def __init__(self) -> None:
        super().__init__(id="beside")
        self._shown: Content | None = None

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        reading = Reading("known", "known-scroll")
        yield reading
        yield reading.more

    def show(self, content: Content) -> None:
        """Show a text from its beginning; one that is there already stays where it was read to."""
        shown = self._shown
        if shown is None or (shown.plain, shown.spans) != (content.plain, content.spans):
            self._shown = content
            self.query_one("#known", Static).update(content)
            self.query_one(Reading).scroll_home(animate=False)

    def turned(self, pages: int) -> bool:
        """Turn a page on (1) or back (-1); return whether there was one."""
        return self.query_one(Reading).turned(pages)
