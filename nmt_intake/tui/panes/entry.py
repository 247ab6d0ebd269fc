"""Where an answer is typed: wraps, undoes, and sends on Enter."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from nmt_intake.text import LONGEST_TEXT, clean


class Entry(TextArea):
    """A few lines to type in; Enter sends, Ctrl+J starts a new line, Esc leaves and keeps it."""

    @dataclass
    class Typed(Message):
        """An answer was typed and sent."""

        text: str

    @dataclass
    class Left(Message):
        """The entry was left; what is in it stays."""

    def __init__(self, entry_id: str) -> None:
        super().__init__(id=entry_id, soft_wrap=True, compact=True, tab_behavior="focus")
        self.cursor_blink = False
        self.highlight_cursor_line = False

    def edit(self, edit: Edit) -> EditResult:
        """Take in nothing but plain text."""
        edit.text = clean(edit.text, LONGEST_TEXT)
        return super().edit(edit)

    async def _on_key(self, event: events.Key) -> None:
        match event.key:
            case "enter":
                self.post_message(self.Typed(self.text))
            case "escape":
                self.post_message(self.Left())
            case "ctrl+j":
                self.insert("\n")
            case _:
                await super()._on_key(event)
                return
        event.stop()
        event.prevent_default()
