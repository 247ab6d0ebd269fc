"""Every rating on one list: what is decided, what is suggested, where tellers differ."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nmt_intake.casework.assessment import RatingList
from nmt_intake.interview.speaking import rating_title
from nmt_intake.interview.state import Interview
from nmt_intake.tui import literal
from nmt_intake.tui.views.rating import PARTS, part_of


class RatingListPage(ModalScreen[str | None]):
    """Ends with the rating that was chosen; of `hidden` ones no figure is shown."""

    BINDINGS: ClassVar = [Binding("escape", "dismiss(None)", show=False)]
    DEFAULT_CSS = """
    RatingListPage { background: $background; }
    RatingListPage Static { height: 1; padding: 0 1; color: $text-muted; }
    RatingListPage OptionList { height: 1fr; padding: 0 1; }
    """

    def __init__(
        self, interview: Interview, ratings: RatingList, here: str, hidden: frozenset[str]
    ) -> None:
        super().__init__()
        self._interview = interview
        self._ratings = ratings
        self._here = here
        self._hidden = hidden

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        head = "decided  suggested   Enter goes there · Esc back · ≠ tellers differ"
        yield Static(Content(head), markup=False)
        yield OptionList(*self._options(), markup=False, compact=True)

    def on_mount(self) -> None:
        """Stand on the rating that was being looked at."""
        options = self.query_one(OptionList)
        options.highlighted = options.get_option_index(self._here)
        options.focus()

    def _options(self) -> Iterator[Option]:
        for part, keys in groupby(self._ratings.keys, key=part_of):
            yield Option(literal.line(PARTS.get(part, part), "bold"), disabled=True)
            for key in keys:
                yield Option(self._line(key), id=key)

    def _line(self, key: str) -> Content:
        found = self._ratings.suggestion(self._interview, key)
        decided = self._interview.ratings.get(key)
        low, high = found.low, found.high
        span = "–" if low is None else f"{low}" if low == high else f"{low}–{high}"
        value = "·" if decided is None else "?" if decided.value is None else str(decided.value)
        if key in self._hidden:
            span, value = "hidden", "·" if decided is None else "✓"
        differ = "≠ " if any(each.differs for each in found.evidence) else "  "
        title = rating_title(self._interview, key)
        return Content(f"{value:>5}    {span:<9}{differ}") + literal.line(
            title[:1].upper() + title[1:], "" if decided is None else "bold"
        )

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option.id)
