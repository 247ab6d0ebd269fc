"""One key at a time: the next is let in when what the one before began is done and painted.

Keys of one burst (a slow line, a stall, a fast typist) would else reach a question that nobody has
seen, or a line that is not open yet. None is dropped: the record is that of the same keys
pressed slowly.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Any, Final

from textual.app import App
from textual.events import Event

from nmt_intake.tui.screens.base import DeskScreen

_LONGEST: Final = 2.0  # seconds a key waits for another one at most: nothing may lock the keyboard


class KeyOrder:
    """Holds what is typed and pasted until the screen has caught up."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._waiting: deque[Event] = deque()
        self._let_in: Event | None = None
        self._catching_up: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many keys have not been let in yet."""
        return len(self._waiting)

    def holds(self, event: Event) -> bool:
        """Return whether a key has to wait; it then comes again by itself in its turn."""
        if event.is_forwarded:
            return False
        if event is self._let_in:
            self._let_in = None
            return False
        if self._catching_up is None and not self._busy():
            self._catching_up = asyncio.create_task(self._catch_up())
            return False
        self._waiting.append(event)
        if self._catching_up is None:
            self._catching_up = asyncio.create_task(self._catch_up())
        return True

    async def _catch_up(self) -> None:
        try:
            await self._painted()
            while self._waiting and self._app.is_running:
                self._let_in = self._waiting.popleft()
                self._app.post_message(self._let_in)
                await self._painted()
        finally:
            self._catching_up = None

    async def _painted(self) -> None:
        """Wait until nothing is under way, twice in a row with a paint between."""
        end, quiet = time.monotonic() + _LONGEST, 0
        while quiet < 2 and self._app.is_running and time.monotonic() < end:
            if self._busy():
                quiet = 0
                await asyncio.sleep(0.001)
            else:
                quiet += 1
                await self._paint()

    async def _paint(self) -> None:
        done = asyncio.Event()
        if self._app.screen.call_after_refresh(done.set):
            try:
                await asyncio.wait_for(done.wait(), 0.25)
            except TimeoutError:
                return

    def _busy(self) -> bool:
        if not self._app.screen_stack:
            return False
        screen = self._app.screen
        if not screen.is_mounted or self._app.message_queue_size or self._let_in is not None:
            return True
        if any(each.message_queue_size for each in screen.walk_children(with_self=True)):
            return True
        if not isinstance(screen, DeskScreen) or screen.asking.asks:
            return False
        # What asks for words has begun and is not asking yet, or not done with the reply.
        return any(
            each.node is screen and each.group == "asking" and not each.is_finished
            for each in self._app.workers
        )
