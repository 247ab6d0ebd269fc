"""The one page that every vault screen is: words, a line to type on, how it stands, the keys.

A screen of this kind is a walk: straight-line code that asks, waits, and goes on with the reply.
Nothing that is typed stays: the line is emptied as soon as it is read.
"""

from __future__ import annotations

import asyncio
import threading
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from nmt_intake.errors import IntakeError
from nmt_intake.tui import literal
from nmt_intake.tui.commands import Command
from nmt_intake.tui.panes.asking_line import Line
from nmt_intake.tui.vault.commands import BACK, Way

Result = TypeVar("Result")
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Typed:
    """Words were typed and sent with Enter."""

    text: str


@dataclass(frozen=True, slots=True)
class Took:
    """A door was taken, by its key or from the palette."""

    way: Way


Reply: TypeAlias = Typed | Took


@dataclass(frozen=True, slots=True)
class Step:
    """One thing on the page: what is said, what is asked (no label: nothing), what leads on.

    `typing` returns what is said about the words while they are typed.
    """

    words: Content
    label: str = ""
    commands: Sequence[Command] = (BACK,)
    secret: bool = False
    initial: str = ""
    typing: Callable[[str], str] | None = None


@dataclass(slots=True)
class _Asked:
    step: Step
    reply: asyncio.Future[Reply] = field(repr=False)


class VaultPage(Screen[Result], Generic[Result]):
    """A page that is walked through; the result of the walk is the result of the screen."""

    if TYPE_CHECKING:

        @property
        def app(self) -> App[object]:
            """The desk; Textual's own type leaves open what it returns."""
            ...

    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    VaultPage { layout: vertical; }
    VaultPage #vault-scroll { height: 1fr; padding: 1 2; }
    VaultPage #vault-words { width: 1fr; max-width: 76; height: auto; }
    VaultPage #vault-label { height: 1; padding: 0 2; text-style: bold; }
    VaultPage #vault-line, VaultPage #vault-line:focus {
        height: 1; border: none; padding: 0 2; background: $panel;
    }
    VaultPage #vault-says { height: auto; max-height: 5; min-height: 1; padding: 0 2; }
    VaultPage #vault-commands { height: auto; max-height: 3; padding: 0 2; color: $text-muted; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.busy = False
        self._stop: threading.Event | None = None
        self._asked: _Asked | None = None
        self._said = ""

    def compose(self) -> ComposeResult:
        """Lay out the five things that every step refills."""
        with VerticalScroll(id="vault-scroll"):
            yield Static(id="vault-words", markup=False)
        yield Static(id="vault-label", markup=False)
        yield Line(id="vault-line", compact=True)
        yield Static(id="vault-says", markup=False)
        yield Static(id="vault-commands", markup=False)

    def on_mount(self) -> None:
        """Begin the walk."""
        self._ask_nothing()
        self.run_worker(self._walked(), group="asking", exclusive=True)

    @abstractmethod
    async def walk(self) -> Result:
        """Ask what is to be asked, and return the result of the screen."""

    async def _walked(self) -> None:
        self.dismiss(await self.walk())

    async def ask(self, step: Step) -> Reply:
        """Show a step and wait for words or a door; empty the line whatever came."""
        asked = self._asked = _Asked(step, asyncio.get_running_loop().create_future())
        self.query_one("#vault-words", Static).update(step.words)
        self.query_one("#vault-scroll").scroll_home(animate=False)
        line = self.query_one(Line)
        line.password = step.secret
        line.value = step.initial
        line.cursor_position = len(step.initial)
        line.display = bool(step.label)
        label = self.query_one("#vault-label", Static)
        label.update(literal.line(step.label))
        label.display = bool(step.label)
        self._show_doors(step)
        self.set_focus(line if step.label else self.query_one("#vault-scroll"))
        reply = await asked.reply
        self._ask_nothing()
        return reply

    async def work(
        self, says: str, act: Callable[[], _Made], stop: threading.Event | None = None
    ) -> _Made:
        """Say that something takes a while and do it beside the screen; Esc sets `stop`."""
        self.says(says)
        self.busy, self._stop = True, stop
        try:
            made = await asyncio.to_thread(act)
        finally:
            self.busy, self._stop = False, None
        self.says("")
        return made

    async def tried(
        self, says: str, act: Callable[[], _Made], stop: threading.Event | None = None
    ) -> _Made | None:
        """Do as `work` does; where it goes wrong, say what and what to do, and return None."""
        try:
            return await self.work(says, act, stop)
        except IntakeError as error:
            self.says(told(error))
            return None

    def says(self, text: str) -> None:
        """Show how things stand, until the next sentence."""
        self._said = text
        self.query_one("#vault-says", Static).update(literal.literal(text))

    def says_later(self, seconds: float, text: str) -> None:
        """Say something else in a while, where what is said now still stands then."""

        def change(said: str = self._said) -> None:
            if self._said == said:
                self.says(text)

        self.set_timer(seconds, change)

    def says_from_a_thread(self, text: str) -> None:
        """Do as `says` does, from the thread of `work`."""
        self.app.call_from_thread(self.says, text)

    @property
    def asks(self) -> bool:
        """Whether the page waits for a person, and not for the disk."""
        return self._asked is not None and not self.busy

    @property
    def offered(self) -> Sequence[Command]:
        """The commands that lead on from here."""
        return self._asked.step.commands if self._asked else ()

    def action_take(self, way: Way) -> None:
        """Take a door, if it is there now; Esc stops what is at work and can be stopped."""
        if way == "back" and self._stop is not None:
            self._stop.set()
        if any(door.id == way for door in self.offered):
            self._reply(Took(way))

    def action_help(self) -> None:
        """Show the keys that work here."""
        from nmt_intake.tui.screens.page import Page

        self.app.push_screen(Page(_help(self.offered)))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._reply(Typed(event.value))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        step = self._asked.step if self._asked else None
        if step is None or step.typing is None or event.value != self.query_one(Line).value:
            return
        if event.value != step.initial:
            self.says(step.typing(event.value))

    def _reply(self, reply: Reply) -> None:
        if self._asked is not None and not self._asked.reply.done():
            self._asked.reply.set_result(reply)

    def _ask_nothing(self) -> None:
        self._asked = None
        line = self.query_one(Line)
        line.value = ""
        line.display = False
        self.set_focus(self.query_one("#vault-scroll"))
        self.query_one("#vault-label").display = False
        self.query_one("#vault-commands", Static).update(Content(""))

    def _show_doors(self, step: Step) -> None:
        shown = [f"{door.key} {door.short}" for door in step.commands if door.short]
        if step.label:
            shown.insert(0, "Enter sends")
        self.query_one("#vault-commands", Static).update(literal.line(" · ".join(shown)))


def told(error: IntakeError) -> str:
    """Return what went wrong and what to do, in a line or two."""
    return f"{error.what} {error.advice}"


def command_bindings(commands: Sequence[Command]) -> list[Binding]:
    """Return the bindings of a page's commands."""
    return [Binding(door.keys, door.action, door.title, show=False) for door in commands]


def _help(commands: Sequence[Command]) -> Content:
    rows = [
        literal.line(door.key, "bold", 8)
        + literal.line(door.title, "", 28)
        + literal.line(door.says, "$aside")
        for door in commands
    ]
    head = literal.line("What works here. Esc goes back; Ctrl+P finds any command.")
    return literal.lines(head, Content(" "), *rows)
