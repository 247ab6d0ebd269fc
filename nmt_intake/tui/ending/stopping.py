"""What is said when the program fails: the kind of error, the place and a code. Never a value.

Textual prints the local variables of a failing function, and they hold names and notes.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import traceback
import warnings
from types import TracebackType
from typing import Final

from nmt_intake.crash_reports import last_words
from nmt_intake.tui.ending.switches import DEVELOPMENT

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
