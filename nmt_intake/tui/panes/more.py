"""A text that goes on, and the line under it: how much more there is, and the key that reads it."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static


class Reading(VerticalScroll):
    """A text that turns by pages, without ever taking the keys; `more` goes under it."""

    def __init__(self, text_id: str, scroll_id: str, key: str = "PgDn") -> None:
        super().__init__(Static(id=text_id, markup=False), id=scroll_id, can_focus=False)
        self.more = More(self, key)

    def on_resize(self) -> None:
        """Look again at what is not seen."""
        self.more.look()

    @property
    def goes_on(self) -> bool:
        """Whether there is something below what is seen."""
        return self.display and lines_below(self) > 0

    def turned(self, pages: int) -> bool:
        """Turn a page on (1) or back (-1), a line in common; return whether there was one."""
        if not (self.goes_on if pages > 0 else self.display and self.scroll_y > 0):
            return False
        step = max(1, self.scrollable_content_region.height - 1) * pages
        self.scroll_relative(y=step, animate=False, force=True)
        return True


class More(Static):
    """Says under a scrolling widget how many lines are not seen; takes one line, also if none."""

    def __init__(self, target: Widget, key: str) -> None:
        super().__init__(classes="more", markup=False)
        self._target = target
        self._key = key
        self._lines = 0

    def on_mount(self) -> None:
        """Look again whenever the text or the place in it changes; its room tells itself."""
        self.watch(self._target, "scroll_y", self.look)
        self.watch(self._target, "virtual_size", self.look)

    def look(self) -> None:
        """Say how much is not seen now."""
        lines = lines_below(self._target) if self._target.display else 0
        if lines != self._lines:
            self._lines = lines
            text = f"▾ {lines} more line{'s' if lines > 1 else ''} · {self._key}" if lines else ""
            self.update(Content(text), layout=False)


def lines_below(target: Widget) -> int:
    """Return how many lines of a scrolling widget lie below what is seen."""
    seen = target.scrollable_content_region.height
    return max(0, target.virtual_size.height - round(target.scroll_y) - seen)
