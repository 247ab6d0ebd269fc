"""`nmt-intake` in a process of its own, forked from one that has loaded the program already.

A process from nothing takes 0.4 s to load it, and a new home another second to compile the shipped
bank. So it is loaded and compiled once; each command still has its own environment, home, standard
streams and end. What a start loads is held by `tests/test_layers.py`.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO, Final

LOADED: Final = (
    *("nmt_intake.cli.arguments", "nmt_intake.cli.bank", "nmt_intake.cli.cases"),
    *("nmt_intake.cli.playing", "nmt_intake.cli.rating_files", "nmt_intake.report.document"),
    *("nmt_intake.report.html", "nmt_intake.bank.assembling", "nmt_intake.bank.checking"),
    *("nmt_intake.rehearsal.persona", "nmt_intake.interview.coverage"),
)
LONGEST: Final = 60  # seconds


def run_command(
    arguments: Sequence[object], variables: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a command with exactly these variables and no terminal; return what came of it."""
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    given = [str(each) for each in arguments]
    with tempfile.TemporaryDirectory() as folder:
        job = {"arguments": given, "variables": dict(variables), "folder": folder}
        server.stdin.write(json.dumps(job) + "\n")
        server.stdin.flush()
        status = int(server.stdout.readline())
        out, err = (Path(folder, name).read_text("utf-8") for name in ("out", "err"))
    return subprocess.CompletedProcess(given, status, out, err)


@cache
def _server() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.command"]
    root = Path(__file__).parent.parent
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=root)


def serve(jobs: IO[str], said: IO[str]) -> None:
    """Fork for each job; returns, in the child too, with the end of its process as SystemExit."""
    for name in LOADED:
        import_module(name)
    with tempfile.TemporaryDirectory() as cache_folder:
        compiled = _compiled_bank(Path(cache_folder))
    for line in jobs:
        child = os.fork()
        if child == 0:
            raise SystemExit(_run(json.loads(line), compiled))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=said, flush=True)


def _compiled_bank(folder: Path) -> tuple[str, bytes]:
    from nmt_intake.bank.loading import load_bank

    load_bank(cache=folder)
    (path,) = folder.iterdir()
    return path.name, path.read_bytes()


def _run(job: dict[str, object], compiled: tuple[str, bytes]) -> object:
    signal.alarm(LONGEST)
    os.environ.clear()
    os.environ.update(job["variables"])  # type: ignore[arg-type]
    streams = (
        (0, os.devnull, "r"),
        (1, f"{job['folder']}/out", "w"),
        (2, f"{job['folder']}/err", "w"),
    )
    for number, path, mode in streams:
        file = open(path, mode)  # noqa: SIM115
        os.dup2(file.fileno(), number)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    _keep_compiled(compiled)

    from nmt_intake.cli import main

    sys.argv = ["nmt-intake", *job["arguments"]]  # type: ignore[misc]
    return main()


def _keep_compiled(compiled: tuple[str, bytes]) -> None:
    """Put the compiled bank where a start before this one would have left it."""
    from nmt_intake.store.paths import find_places

    cache_folder = find_places().cache
    try:
        cache_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = cache_folder / compiled[0]
        if not path.exists():
            path.write_bytes(compiled[1])
    except OSError:
        pass  # a home that is unusable on purpose


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
