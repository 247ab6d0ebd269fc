"""The few things a worker may set, kept as JSON beside nobody's data."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, cast

from nmt_intake.text import clean_line

_FILE: Final = "desk.json"


@dataclass(frozen=True, slots=True)
class Settings:
    """How the desk behaves for this worker.

    `worker` signs every event. `move_on` goes to the next question after an answer. `language` is
    that of the questions, None the bank's own. `copying` lets text out to the terminal's clipboard.
    `idle_minutes` without a key lock the desk; 0 never does. `plain` holds interviews line by line.
    `rate_first` hides at the rating desk what is suggested until something is rated.
    """

    worker: str = ""
    move_on: bool = True
    language: str | None = None
    copying: bool = False
    idle_minutes: int = 10
    light: bool = False
    contrast: bool = False
    plain: bool = False
    rate_first: bool = False


def read_settings(folder: Path | None) -> Settings:
    """Return what is kept in `folder`; whatever is not understood stays as it is by default."""
    if folder is None:
        return Settings()
    try:
        found: object = json.loads((folder / _FILE).read_text(encoding="utf-8")[:10_000])
    except (OSError, ValueError, RecursionError):
        return Settings()
    if not isinstance(found, dict):
        return Settings()
    return _understood(cast("dict[str, object]", found))


def _understood(found: dict[str, object]) -> Settings:
    default = Settings()
    worker, language = found.get("worker"), found.get("language")
    minutes = found.get("idle_minutes")
    return Settings(
        worker=clean_line(worker, 60) if isinstance(worker, str) else "",
        language=clean_line(language, 12) if isinstance(language, str) else None,
        idle_minutes=minutes
        if type(minutes) is int and 0 <= minutes <= 600
        else default.idle_minutes,
        **{
            name: value if isinstance(value := found.get(name), bool) else getattr(default, name)
            for name in ("move_on", "copying", "light", "contrast", "plain", "rate_first")
        },
    )


def keep_settings(folder: Path | None, settings: Settings) -> None:
    """Write the settings in one step; raises OSError where that is not possible."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file, name = tempfile.mkstemp(dir=folder, prefix=".desk")
    with os.fdopen(file, "w", encoding="utf-8") as text:
        json.dump(asdict(settings), text)
    Path(name).replace(folder / _FILE)
