"""What must not stay on the terminal: the last words of a failure, and the screen itself."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable
from types import TracebackType
from typing import Final

from textual.driver import Driver

from nmt_intake.crash_reports import last_words
from nmt_intake.tui.launch import DEVELOPMENT

CODE: Final = "DESK-900"


def farewell(error: BaseException) -> str:
    """Return one line about an unexpected error that holds nothing personal; keep a report."""
    return last_words(_first(error), CODE)


def _first(error: BaseException) -> BaseException:
    """Return the error that a worker's failure stands for."""
    inner = getattr(error, "error", None)
    return inner if isinstance(inner, BaseException) else error


def trace_for_developers(error: BaseException) -> str:
    """Return the traceback, without any values, of a development run; else nothing."""
    if os.environ.get(DEVELOPMENT) != "1":
        return ""
    return "".join(traceback.format_exception(_first(error)))


def quieten() -> None:
    """Let Python log nothing and warn of nothing, unless this is a development run.

    With PYTHONDEVMODE asyncio logs slow tasks with what they were given, and without a handler
    that goes to the terminal, after the screen was wiped.
    """
    if os.environ.get(DEVELOPMENT) != "1":
        logging.disable()
        warnings.simplefilter("ignore")


def quieten_loop() -> None:
    """Take the running event loop out of debug, where it was started so; see `quieten`."""
    if os.environ.get(DEVELOPMENT) != "1":
        asyncio.get_running_loop().set_debug(False)


def guard_hooks() -> None:
    """Make every hook that Python prints tracebacks with print `farewell` instead."""

    def told(
        _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        _print(farewell(error))

    sys.excepthook = told
    threading.excepthook = lambda failed: _print(
        farewell(failed.exc_value) if failed.exc_value else ""
    )
    sys.unraisablehook = lambda failed: _print(
        farewell(failed.exc_value) if failed.exc_value else ""
    )


def _print(line: str) -> None:
    if line and sys.__stderr__ is not None:
        sys.__stderr__.write(line + "\n")


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
