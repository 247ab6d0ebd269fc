"""What the screens that hold an open case share: recording, and leaving without losing anything."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TypeVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from nmt_intake.casework.cases import Casework
from nmt_intake.casework.session import Session, described
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import Event
from nmt_intake.interview.state import Interview
from nmt_intake.tui.screens.base import DeskScreen
from nmt_intake.tui.views import status

_Kind = TypeVar("_Kind", bound=Event)


class CaseScreen(DeskScreen):
    """A screen on one open case; `closes` says that leaving it closes the case."""

    def __init__(self, desk: Casework, case: Session, *, closes: bool = False) -> None:
        super().__init__()
        self.desk = desk
        self.case = case
        self._closes = closes
        self._warned = False

    def top(self) -> ComposeResult:
        """Yield the head line: who, and what is saved."""
        with Horizontal(id="top"):
            yield Static(id="who", markup=False)
            yield Static(id="saved", markup=False)

    @property
    def interview(self) -> Interview:
        """The interview as it stands."""
        return self.case.interview

    def record(self, kind: type[_Kind], **content: object) -> _Kind | None:
        """Record an event; where that is not allowed, say so and return None."""
        try:
            return self.case.record(kind, **content)
        except IntakeError as error:
            self.say_error(error)
            return None

    def may_record(self, kind: type[Event] | None = None) -> bool:
        """Return whether anything (of a kind) may be recorded; if not, say why before typing."""
        refusal = self.case.refusal(kind)
        if refusal is not None:
            self.say_error(refusal)
        return refusal is None

    def keep_unsent(self) -> None:
        """Keep what was typed and not sent; a screen where nothing is typed has nothing."""

    def take_back(self, *, again: bool) -> Event | None:
        """Undo or redo, and say what."""
        try:
            event = self.case.redo() if again else self.case.undo()
        except IntakeError as error:
            self.say_error(error)
            return None
        verb = "Brought back" if again else "Undone"
        self.say(f"{verb}: {described(event)}." if event else "Nothing to take back.")
        return event

    def change_moving(self) -> None:
        """Stay after an answer instead of moving on, or the other way round."""
        settings = replace(self.desk.settings, move_on=not self.desk.settings.move_on)
        try:
            self.desk.keep(settings)
        except IntakeError as error:
            self.say_error(error)
            return
        self.say("After an answer: on." if settings.move_on else "After an answer: stay here.")

    def watch_saving(self) -> None:
        """Repaint what is said about saving after each try, from the saving thread."""
        app = self.app  # Not to be found from the saving thread once this screen has left.
        self.case.on_saved(lambda: app.call_later(self._saving_changed))

    def _saving_changed(self) -> None:
        if self.is_attached:
            self.saving_changed()

    def saving_changed(self) -> None:
        """Show what is true about saving now."""
        self.put("#saved", status.saved(self.case))
        if self.case.saving.problem is not None:
            self.say(status.trouble(self.case))

    def action_try_again(self) -> None:
        """Try again what was not saved."""
        self.case.try_again()

    def action_elsewhere(self) -> None:
        """Save the case, with what its own file could not take, to another folder."""
        if not self.case.saving.waiting:
            self.say("Nothing waits to be saved.")
            return
        # Deferred: the vault's pages take 30 ms to load, and this is for bad days only.
        from nmt_intake.tui.vault.covers import SaveElsewhere

        write = partial(self.desk.rescue, self.case)
        self.app.push_screen(
            SaveElsewhere(write, self.case.saving.waiting, self.desk.now()), self._elsewhere
        )

    def _elsewhere(self, _result: None) -> None:
        self.saving_changed()

    async def leave_for_good(self) -> int:
        """Close the case if this screen holds it; return how many answers can't be saved.

        Those that can't be saved keep the screen open the first time, so that they can be noted.
        """
        if not self._closes:
            return 0
        self.keep_unsent()
        if not await asyncio.to_thread(self.case.settled) and not self._warned:
            self._warned = True
            waiting = self.case.saving.waiting
            self.say(f"{waiting} not saved. They are kept while this is open. Again to leave.")
            return waiting
        self._closes = False
        await asyncio.to_thread(self.desk.close, self.case)
        return 0

    async def action_close(self) -> None:
        """Go back, closing the case if this screen holds it."""
        if await self.leave_for_good() == 0:
            self.dismiss(None)
