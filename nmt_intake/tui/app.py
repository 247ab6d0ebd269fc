"""The application: starts with a list, opens the rest, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.driver import Driver
from textual.events import Key, Paste
from textual.screen import Screen

from nmt_intake.errors import IntakeError
from nmt_intake.text import clean
from nmt_intake.tui.commands import bindings
from nmt_intake.tui.key_order import KeyOrder
from nmt_intake.tui.palette import DeskCommands
from nmt_intake.tui.screens.base import DeskScreen
from nmt_intake.tui.screens.cases import CasesScreen
from nmt_intake.tui.terminal import (
    WIPE,
    clearing,
    farewell,
    guard_hooks,
    on_end_signals,
    quieten,
    quieten_loop,
    trace_for_developers,
)
from nmt_intake.tui.themes import THEMES, theme_for
from nmt_intake.tui.vault.idle import Idle

if TYPE_CHECKING:
    from nmt_intake.casework.cases import Casework
    from nmt_intake.store.home import VaultState

LOOKS_EVERY = 5.0  # seconds between two looks whether anybody is there


class DeskApp(App[int]):
    """The desk. `open_desk` runs in a worker once the first text is on the screen."""

    CSS_PATH = "desk.tcss"
    TITLE = "nmt-intake"
    COMMANDS: ClassVar[set[Any]] = {DeskCommands}
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[Any]] = bindings("everywhere")

    def __init__(
        self,
        open_desk: Callable[[], Casework],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self._open_desk = open_desk
        self._idle = Idle(monotonic, wall)
        self.key_order = KeyOrder(self)
        self._covered = False
        self._lock_wanted = False
        self._locking = False
        self._said: str | None = None
        self._runs_for_real = False
        self.desk: Casework | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "desk-dark"

    def get_default_screen(self) -> Screen[Any]:
        """Return the case list: the first thing to see."""
        return CasesScreen(lambda: self.desk)

    def on_mount(self) -> None:
        """Open the desk beside the first paint, and watch for an unattended one."""
        self.call_after_refresh(
            self.run_worker, self._open, thread=True, exit_on_error=True, group="opening"
        )
        self.set_interval(LOOKS_EVERY, self.lock_if_idle)
        # Textual leaves open of what the app in this signal is.
        self.app_resume_signal.subscribe(  # pyright: ignore[reportUnknownMemberType]
            self, self._resumed, immediate=True
        )
        if self._runs_for_real:
            quieten_loop()
            on_end_signals(self._end_by)
            asyncio.get_running_loop().set_exception_handler(self._failed_aside)

    def _open(self) -> None:
        try:
            desk = self._open_desk()
        except IntakeError as error:
            self._said = f"nmt-intake: {error}"
            self.call_from_thread(self.exit, error.status, error.status)
            return
        self.call_from_thread(self._opened, desk)

    def _opened(self, desk: Casework) -> None:
        self.desk = desk
        chosen = desk.settings
        self.theme = theme_for(light=chosen.light, contrast=chosen.contrast, no_color=self.no_color)
        if desk.locked:
            self._push_lock()
        else:
            self._list_again()
            found = self.screen_stack[0]
            if desk.persona is not None and isinstance(found, CasesScreen):
                found.rehearse()

    def _list_again(self) -> None:
        found = self.screen_stack[0]
        if isinstance(found, CasesScreen):
            found.refill()

    # Keys for every screen

    async def action_leave(self) -> None:
        """Close the desk; with unsaved answers, only at the second time of asking."""
        if self._at_work_on_vault:
            return
        if self.desk is not None:
            if await self._close_cases():
                return
            await self._leave_desk(self.desk)
        self.exit(0)

    async def action_lock(self) -> None:
        """Save, clear the screen and drop the keys; what cannot be saved is covered and kept."""
        if self.desk is None or self._covered or self.desk.locked:
            return
        self._lock_wanted = self._at_work_on_vault
        if self._lock_wanted or self._locking:
            return
        self._locking = True
        try:
            await self._lock(self.desk)
        finally:
            self._locking = False

    async def _lock(self, desk: Casework) -> None:
        if unsaved := await self._unsaved():
            self._cover(desk, unsaved)
            return
        await self._close_cases()
        desk.lock()
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        self._push_lock()

    @property
    def _at_work_on_vault(self) -> bool:
        """Whether a backup or new keys are being written: they must not lose the keys."""
        from nmt_intake.tui.vault.page import VaultPage

        return any(isinstance(each, VaultPage) and each.busy for each in self.screen_stack)

    async def _unsaved(self) -> int:
        """Save what waits; return how many answers could not be saved."""
        from nmt_intake.tui.screens.with_case import CaseScreen

        screens = [screen for screen in self.screen_stack if isinstance(screen, CaseScreen)]
        for screen in screens:
            screen.keep_unsent()
        cases = [screen.case for screen in screens]
        for case in cases:
            await asyncio.to_thread(case.settled)
        return max((case.saving.waiting for case in cases), default=0)

    def _cover(self, desk: Casework, unsaved: int) -> None:
        from nmt_intake.tui.vault.covers import Cover

        self._covered = True
        self._clipboard = ""
        self.push_screen(Cover(desk.prove, unsaved), self._uncovered)
        self._wipe_terminal()

    def _uncovered(self, _result: None) -> None:
        self._covered = False

    def action_help_quit(self) -> None:
        """Say how to close: Ctrl+C must not end a talk by accident."""
        if isinstance(self.screen, DeskScreen):
            self.screen.say("Ctrl+Q closes the desk.")

    def action_settings(self) -> None:
        """Show the settings."""
        if self.desk is not None and not self.desk.locked and not self._covered:
            from nmt_intake.tui.screens.settings import SettingsScreen

            self.push_screen(SettingsScreen(self.desk))

    def _push_lock(self) -> None:
        assert self.desk is not None, "opened before it is locked"
        found = self.screen_stack[0]
        if isinstance(found, CasesScreen):
            found.wipe()
        self._clipboard = ""
        self._wipe_terminal()
        from nmt_intake.tui.vault.entry import entrance

        self.push_screen(entrance(self.desk), partial(self._came_in, self.desk))

    def _came_in(self, desk: Casework, cases: VaultState | None) -> None:
        """Go on with the cases that were chosen; Esc at the first run leaves."""
        if cases is None:
            self.exit(0)
            return
        desk.have_at_hand(cases)
        self._list_again()

    def _wipe_terminal(self) -> None:
        """Leave nothing in the terminal of what was on the screen, nor of what scrolled off."""
        if self._driver is not None:
            self._driver.write(WIPE)
            self.refresh(layout=True)

    async def _close_cases(self) -> int:
        """Close every open case; return how many answers could not be saved the first time."""
        from nmt_intake.tui.screens.with_case import CaseScreen

        for screen in reversed(self.screen_stack):
            if isinstance(screen, CaseScreen) and (unsaved := await screen.leave_for_good()):
                return unsaved
        return 0

    # Idle

    async def on_event(self, event: Any) -> None:
        """Remember when the last key came; let nothing but plain text be pasted anywhere."""
        match event:
            case Key():
                self._idle.touched()
            case Paste():
                # The palette's own line would send an escape sequence on to the terminal.
                event.text = clean(event.text)
            case _:
                pass
        if isinstance(event, Key | Paste) and self.key_order.holds(event):
            return
        await super().on_event(event)

    def _resumed(self, _app: App[Any]) -> None:
        """Lock a desk that was suspended for too long, before somebody reads it."""
        self.call_later(self.lock_if_idle)

    async def lock_if_idle(self) -> None:
        """Lock a desk that nobody has touched for as long as the settings say."""
        if self.desk is None:
            return
        if self._lock_wanted or self._idle.due(self.desk.settings.idle_minutes):
            await self.action_lock()

    # What must not get out

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer none of Textual's own: its screenshot is a plain file with the note in it."""
        return ()

    def copy_to_clipboard(self, text: str) -> None:
        """Keep copied text inside the desk, unless the settings let it out."""
        if self.desk is not None and self.desk.settings.copying:
            super().copy_to_clipboard(text)
        else:
            self._clipboard = text

    def deliver_screenshot(self, *_arguments: Any, **_options: Any) -> None:  # type: ignore[override]
        """Make no screenshots."""

    def get_driver_class(self) -> type[Driver]:
        """Return the platform's driver, made to wipe the screen when it leaves."""
        return clearing(super().get_driver_class())

    def _fatal_error(self) -> None:
        """Say what failed and where, without the local variables that Textual would print."""
        error = sys.exc_info()[1] or self._exception
        self._fail(error)

    def panic(self, *_renderables: Any) -> None:
        """Say that something failed; what Textual would print may hold a note."""
        self._fail(sys.exc_info()[1] or self._exception)

    def _handle_exception(self, error: Exception) -> None:
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()  # pyright: ignore[reportUnknownMemberType]
        self._fail(error)

    def _failed_aside(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Take a failure that nobody waited for: asyncio would log it with its message."""
        error = context.get("exception")
        if isinstance(error, Exception):
            self._fail(error)

    def _fail(self, error: BaseException | None) -> None:
        if self._said is None:
            error = error or RuntimeError()
            self._said = trace_for_developers(error) + farewell(error)
        self._return_code = 1
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        self._exit_renderables.clear()

    def run_to_the_end(self) -> int:
        """Run, and return the exit status; say the last words once the screen is clear."""
        guard_hooks()
        quieten()
        self._runs_for_real = True
        try:
            status = self.run()
        except Exception as error:  # The outermost frame: no traceback may reach the terminal.
            self._fail_quietly(error)
            status = 1
        if self._said and sys.__stderr__ is not None:
            sys.__stderr__.write(self._said + "\n")
        return self.return_code or status or 0

    def _fail_quietly(self, error: Exception) -> None:
        self._said = self._said or farewell(error)

    def _end_by(self, number: int) -> None:
        """Save, wipe and end on a signal; a terminal that is gone must not stop that."""
        status = 128 + number
        if number == getattr(signal, "SIGHUP", None):
            self._said = ""
        self.run_worker(self._end_with(status))

    async def _end_with(self, status: int) -> None:
        if self.desk is not None:
            await self._close_cases()
            await self._leave_desk(self.desk)
        self.exit(status, status)

    async def _leave_desk(self, desk: Casework) -> None:
        if not self._at_work_on_vault:
            await asyncio.to_thread(desk.leave)
