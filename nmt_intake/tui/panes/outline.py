"""The outline: where we are, and the way to any other part."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nmt_intake.tui.views.outline import OutlineView


class OutlinePane(OptionList):
    """Shows an `OutlineView`, changing only the lines that changed."""

    @dataclass
    class PartChosen(Message):
        """A part was chosen, by the slots it holds."""

        slots: tuple[str, ...]

    def __init__(self) -> None:
        super().__init__(id="outline", markup=False, compact=True)
        self._view = OutlineView((), (), None)

    def show(self, view: OutlineView) -> None:
        """Show another view."""
        before, self._view = self._view, view
        if [row.title for row in view.rows] == [row.title for row in before.rows]:
            for at, (old, new) in enumerate(zip(before.texts, view.texts, strict=True)):
                if old.plain != new.plain:
                    self.replace_option_prompt_at_index(at, new)
        else:
            self.set_options([Option(text) for text in view.texts])
        if not self.has_focus and self.highlighted != view.here:
            self.highlighted = view.here

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.PartChosen(self._view.rows[event.option_index].slots))
