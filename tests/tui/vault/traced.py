"""Runs the desk and writes down every file, folder, process and connection that Python makes.

`python -m tests.tui.vault.traced LOG BANK`; nothing here imports the desk before the hook is set.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MAKING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# How many of an event's first arguments are paths.
_PATHS = {
    "open": 1,
    "os.mkdir": 1,
    "os.rename": 2,
    "os.link": 2,
    "os.symlink": 2,
    "os.truncate": 1,
    "tempfile.mkstemp": 1,
    "tempfile.mkdtemp": 1,
    "shutil.copyfile": 2,
    "shutil.copytree": 2,
    "shutil.move": 2,
    "shutil.make_archive": 1,
    "shutil.unpack_archive": 2,
    "sqlite3.connect": 1,
}
_OUTWARD = (
    "socket.connect",
    "socket.bind",
    "socket.sendto",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
)


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that was made: the audit event and the paths it names, absolute."""

    event: str
    paths: tuple[Path, ...] = ()


def trace_to(log: Path) -> None:
    """From now on write down what this process makes; the log is open before anybody looks."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _OUTWARD:
            paths: list[str] = []
        elif event in _PATHS and not (event == "open" and not _makes(arguments)):
            named = arguments[: _PATHS[event]]
            paths = [os.path.abspath(os.fsdecode(each)) for each in named if _is_path(each)]
            if not paths:  # the number of a file that is open already
                return
        else:
            return
        os.write(file, (json.dumps([event, *paths]) + "\n").encode())

    sys.addaudithook(hook)


def traces_in(log: Path) -> list[Trace]:
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return [Trace(event, tuple(Path(each) for each in paths)) for event, *paths in lines]


def _makes(arguments: tuple[Any, ...]) -> bool:
    _, mode, flags = arguments
    return bool(flags & _MAKING) or any(each in (mode or "") for each in "wax+")


def _is_path(found: object) -> bool:
    return isinstance(found, str | bytes | os.PathLike)


def main() -> int:
    log, bank = sys.argv[1:]
    trace_to(Path(log))
    from nmt_intake.tui import run

    return run(Path(bank))


if __name__ == "__main__":
    raise SystemExit(main())
