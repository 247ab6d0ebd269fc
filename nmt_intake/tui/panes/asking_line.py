"""The one line at the bottom that asks for words: a note, a search, a name, a choice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from nmt_intake.text import LONGEST_TEXT, clean
from nmt_intake.tui import literal


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked for: `choices` stand there from the start, `find` fills them while typing."""

    label: str
    keys: str = "Enter keeps · Esc back"
    choices: tuple[Content, ...] = ()
    find: Callable[[str], tuple[Content, ...]] | None = None
    initial: str = ""
    typed: str = ""  # after `initial`: what somebody typed before the line was there
    secret: bool = False
    said: bool = True  # or only looked for: such words need not be kept


@dataclass(frozen=True, slots=True)
class Reply:
    """What came: the words, the place of a choice, and whether Tab kept them as a note only."""

    text: str
    choice: int | None = None
    note_only: bool = False


class Line(Input):
    """An Input that takes in nothing but plain text, on one line."""

    def __init__(self, **options: object) -> None:
        super().__init__(select_on_focus=False, **options)  # type: ignore[arg-type]
        self.cursor_blink = False

    def action_copy(self) -> None:
        """Copy what is selected; never what is a secret."""
        if not self.password:
            super().action_copy()

    def action_cut(self) -> None:
        """Cut what is selected; never what is a secret."""
        if not self.password:
            super().action_cut()

    def validate_value(self, value: str) -> str:
        """Return what of a typed or pasted text may stay."""
        return clean(value, LONGEST_TEXT).replace("\n", " ").replace("\t", " ")


@dataclass(slots=True)
class _Open:
    prompt: Prompt
    reply: asyncio.Future[Reply | None] = field(repr=False)


class AskingLine(Vertical):
    """Asks for one thing at a time; `ask` returns the reply, or None for Esc."""

    def __init__(self) -> None:
        super().__init__(id="asking")
        self._asked: _Open | None = None
        self._found: tuple[Content, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out label, results and the line itself."""
        yield Static(id="asking-label", markup=False)
        yield _ChoosingLine(id="asking-line", compact=True)
        yield Static(id="asking-found", markup=False)

    @property
    def asks(self) -> bool:
        """Whether something is being asked."""
        return self._asked is not None

    @property
    def unsent(self) -> str:
        """Words that were typed and not sent, and that somebody may have said."""
        prompt = self._asked.prompt if self._asked else None
        if prompt is None or prompt.secret or not prompt.said:
            return ""
        text = self.query_one(Line).value.strip()
        return "" if text == prompt.initial else text

    async def ask(self, prompt: Prompt) -> Reply | None:
        """Ask, wait, and return what was replied; a new question puts an older one aside."""
        self.put_aside()
        self._asked = _Open(prompt, asyncio.get_running_loop().create_future())
        line = self.query_one(Line)
        line.password = prompt.secret
        line.value = prompt.initial + prompt.typed
        line.cursor_position = len(line.value)
        self._show(prompt.choices)
        label = (
            literal.line(prompt.label, "bold")
            + Content("   ")
            + literal.line(prompt.keys, "$aside")
        )
        self.query_one("#asking-label", Static).update(label)
        self.display = True
        line.focus()
        asked = self._asked
        try:
            return await asked.reply
        finally:
            if self._asked is asked and self.is_attached:
                self._close()

    def put_aside(self) -> None:
        """Take Esc as the reply."""
        if self._asked is not None and not self._asked.reply.done():
            self._asked.reply.set_result(None)

    def _close(self) -> None:
        self._asked = None
        self.display = False
        line = self.query_one(Line)
        line.value = ""
        line.password = False

    def _reply(self, reply: Reply | None) -> None:
        if self._asked is not None and not self._asked.reply.done():
            self._asked.reply.set_result(reply)

    def _show(self, found: tuple[Content, ...]) -> None:
        self._found = found
        numbered = [
            Content(f" {place + 1}  ") + each for place, each in enumerate(found) if place < 9
        ]
        self.query_one("#asking-found", Static).update(literal.lines(*numbered))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        first = 0 if self._found and self._asked and self._asked.prompt.find else None
        self._reply(Reply(event.value.strip(), first))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._asked and self._asked.prompt.find and event.value == self.query_one(Line).value:
            self.run_worker(self._look(event.value), exclusive=True, group="look")

    async def _look(self, words: str) -> None:
        asked = self._asked
        if asked is None or asked.prompt.find is None:
            return
        found = await asyncio.to_thread(asked.prompt.find, words) if words.strip() else ()
        if self._asked is asked:
            self._show(found)

    def on_key(self, event: events.Key) -> None:
        """Take the keys that end the asking, before or after the line has seen them."""
        if event.key == "escape":
            self._reply(None)
        else:
            return
        event.stop()
        event.prevent_default()

    def takes(self, event: events.Key) -> bool:
        """Take a key before the line does; return whether it was one of ours.

        A digit chooses when it does not continue a number and follows a word directly, or when
        nothing is typed: so that "moved 3 times" can be written.
        """
        line = self.query_one(Line)
        typed = line.value[: line.cursor_position]
        if event.key == "tab" and self._asked and self._asked.prompt.find:
            self._reply(Reply(line.value.strip(), None, note_only=True))
            return True
        digit = event.character or ""
        if len(digit) != 1 or digit not in "123456789" or int(digit) > len(self._found):
            return False
        if typed and not typed[-1].isalpha():
            return False
        self._reply(Reply(line.value.strip(), int(digit) - 1))
        return True


class _ChoosingLine(Line):
    """The line of an `AskingLine`: shows it each key first."""

    async def _on_key(self, event: events.Key) -> None:
        holder = self.parent
        if isinstance(holder, AskingLine) and holder.takes(event):
            event.stop()
            event.prevent_default()
            return
        await super()._on_key(event)
