"""What is told and kept when the program fails: the kind of error, the places and a code.

Never a value or a message: both may hold a name or a note.
"""

from __future__ import annotations

import os
import platform
import re
import secrets
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final

_PACKAGE: Final = "nmt_intake"
_KEPT: Final = 20


def last_words(error: BaseException, code: str) -> str:
    """Keep a report of an unexpected error and return the one line that tells of it."""
    place = place_of(error)
    report = f" Details without content: {kept}." if (kept := keep_report(error, code)) else ""
    return (
        f"nmt-intake: stopped by a fault of the program: {type(error).__name__} at {place}."
        f" What was saved is safe. Please report this line.{report} [{code}]"
    )


def place_of(error: BaseException) -> str:
    """Return module and line of the innermost frame of this program that the error went through."""
    places = _places(error.__traceback__)
    ours = [place for place in places if place.startswith(_PACKAGE)]
    return (ours or places or ["an unknown place"])[-1]


def keep_report(error: BaseException, code: str, now: datetime | None = None) -> str:
    """Write a report without content; return its name below the cache folder, "" if it can't be.

    The oldest go when there are many.
    """
    at = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    try:
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in sorted(folder.glob("crash-*.txt"))[: -(_KEPT - 1)]:
            old.unlink()
        path = folder / f"crash-{at}-{secrets.token_hex(2)}.txt"
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as opened:
            opened.write(report_of(error, code, at))
    except Exception:  # it is asked when something has failed, perhaps the very same thing
        return ""
    return f"{folder.name}/{path.name} in the cache folder"


def report_of(error: BaseException, code: str, at: str) -> str:
    """Return versions, and for the error and each that led to it its kind and its places."""
    from nmt_intake.version import __version__

    lines = [
        f"code: {code}",
        f"at: {at}",
        f"nmt-intake: {__version__}",
        f"python: {platform.python_version()} on {platform.system()}",
    ]
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        lines.append(f"error: {type(one).__module__}.{type(one).__qualname__}")
        lines += [f"  {place}" for place in _places(one.__traceback__)]
        one = one.__cause__ or one.__context__
    return "\n".join(lines) + "\n"


def _folder() -> Path:
    # Deferred: nothing of the store is loaded for a command that does not fail.
    from nmt_intake.store.paths import find_places

    return find_places().cache / "crashes"


def _places(trace: TracebackType | None) -> list[str]:
    places: list[str] = []
    while trace is not None:
        # A module's own name, never a path: those hold the name of a login.
        name = str(trace.tb_frame.f_globals.get("__name__", ""))
        known = name if re.fullmatch(r"[A-Za-z_][\w.]*", name) else "?"
        places.append(f"{known}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places
