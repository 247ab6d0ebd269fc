"""What is said when the program fails: the kind of error, the place and a code. Never a value.

Textual prints the local variables of a failing function, and they hold names and notes.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from types import TracebackType
from typing import Final

from nmt_intake.tui.ending.switches import DEVELOPMENT

_PACKAGE: Final = "nmt_intake"
_CODE: Final = "DESK-900"


def last_words(error: BaseException) -> str:
    """Return one line about an unexpected error that holds nothing personal."""
    error = _first(error)
    return (
        f"nmt-intake: stopped by a fault of the program: {type(error).__name__}"
        f" at {place_of(error)}. What was saved is safe. Please report this line. [{_CODE}]"
    )


def _first(error: BaseException) -> BaseException:
    """Return the error that a worker's failure stands for."""
    inner = getattr(error, "error", None)
    return inner if isinstance(inner, BaseException) else error


def place_of(error: BaseException) -> str:
    """Return file and line of the innermost frame of this program that the error went through."""
    found = ""
    trace = error.__traceback__
    while trace is not None:
        name = str(trace.tb_frame.f_globals.get("__name__", ""))
        if name.startswith(_PACKAGE) or not found:
            found = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found or "an unknown place"


def trace_for_developers(error: BaseException) -> str:
    """Return the traceback, without any values, of a development run; else nothing."""
    if os.environ.get(DEVELOPMENT) != "1":
        return ""
    return "".join(traceback.format_exception(_first(error)))


def guard_hooks() -> None:
    """Make every hook that Python prints tracebacks with print `last_words` instead."""

    def told(
        _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        _print(last_words(error))

    sys.excepthook = told
    threading.excepthook = lambda failed: _print(
        last_words(failed.exc_value) if failed.exc_value else ""
    )
    sys.unraisablehook = lambda failed: _print(
        last_words(failed.exc_value) if failed.exc_value else ""
    )


def _print(line: str) -> None:
    if line and sys.__stderr__ is not None:
        sys.__stderr__.write(line + "\n")
