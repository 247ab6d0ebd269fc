"""Wipes the terminal before it is given back: at exit, at suspend, at a signal."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable

from textual.driver import Driver

# Everything on the screen, then what scrolled off it, then the cursor to the corner.
WIPE = "\x1b[2J\x1b[3J\x1b[H"


def clearing(driver: type[Driver]) -> type[Driver]:
    """Return a driver that wipes the screen before it leaves the alternate one."""

    class ClearingDriver(driver):
        def stop_application_mode(self) -> None:
            self.write(WIPE)
            super().stop_application_mode()

    return ClearingDriver


def on_end_signals(act: Callable[[int], None]) -> None:
    """Call `act` with the number of a signal that ends a program, in the running event loop."""
    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"):
        number = getattr(signal, name, None)
        if number is not None:
            with contextlib.suppress(NotImplementedError):  # Windows has no such handlers.
                loop.add_signal_handler(number, act, number)
