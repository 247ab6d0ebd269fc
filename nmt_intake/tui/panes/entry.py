"""The writing line: where an answer is written, or the words beside one. Wraps, undoes, sends."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from nmt_intake.text import LONGEST_TEXT, clean

# Textual gives these keys to the text area; here they are commands of the screen.
_OF_THE_SCREEN = frozenset(
    {"select_line", "select_all", "cursor_page_up", "cursor_page_down", "redo"}
)


class Entry(TextArea):
    """A few lines to write on; Enter sends, Ctrl+J starts a new line."""

    @dataclass
    class Typed(Message):
        """What stands here was sent."""

        text: str

    @dataclass
    class Emptied(Message):
        """Nothing stands here any more: the last letter was taken back."""

    def __init__(self, entry_id: str) -> None:
        super().__init__(id=entry_id, soft_wrap=True, compact=True, tab_behavior="focus")
        self.cursor_blink = False
        self.highlight_cursor_line = False

    def edit(self, edit: Edit) -> EditResult:
        """Take in nothing but plain text."""
        edit.text = clean(edit.text, LONGEST_TEXT)
        return super().edit(edit)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys of the screen to the screen."""
        return action not in _OF_THE_SCREEN

    async def _on_key(self, event: events.Key) -> None:
        if event.key.startswith("alt+"):
            return  # It carries a letter, and is a command all the same.
        match event.key:
            case "enter":
                self.post_message(self.Typed(self.text))
            case "ctrl+j":
                self.insert("\n")
            case _:
                await super()._on_key(event)
                return
        event.stop()
        event.prevent_default()

    def action_delete_left(self) -> None:
        """Delete to the left; say when nothing is left."""
        super().action_delete_left()
        if not self.text:
            self.post_message(self.Emptied())
