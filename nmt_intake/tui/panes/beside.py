"""What stands beside the question: what is known here, or the safety card while it is open."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static


class BesidePane(VerticalScroll):
    """Shows one text that turns by pages, without ever taking the keys."""

    def __init__(self) -> None:
        super().__init__(id="beside", can_focus=False)
        self._shown: Content | None = None

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        yield Static(id="known", markup=False)

    def show(self, content: Content) -> None:
        """Show a text from its beginning; one that is there already stays where it was read to."""
        shown = self._shown
        if shown is None or (shown.plain, shown.spans) != (content.plain, content.spans):
            self._shown = content
            self.query_one("#known", Static).update(content)
            self.scroll_home(animate=False)

    def turn(self, pages: int) -> None:
        """Turn a page on (1) or back (-1)."""
        if pages > 0:
            self.scroll_page_down(animate=False)
        else:
            self.scroll_page_up(animate=False)
