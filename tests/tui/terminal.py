"""Runs the desk in a pseudo-terminal of its own and keeps every byte it wrote."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUN = "from tests.tui.plain_desk import run; raise SystemExit(run())"


class Terminal:
    """A desk in a terminal: `seen` holds all that reached it, errors included."""

    def __init__(self, pid: int, file: int) -> None:
        self.pid = pid
        self.seen = b""
        self._file = file

    def until(self, text: str, seconds: float = 30) -> None:
        """Read until a text has come."""
        end = time.monotonic() + seconds
        while text.encode() not in self.seen:
            assert time.monotonic() < end, f"no {text!r} in {self.seen[-2000:]!r}"
            if not self._read(0.1):
                break
        assert text.encode() in self.seen, self.seen[-2000:]

    def quiet(self, seconds: float = 0.4) -> None:
        """Read until nothing has come for a while."""
        before = -1
        while before != len(self.seen):
            before = len(self.seen)
            self._read(seconds)

    def until_again(self, text: str) -> None:
        """Read until a text has come after all that was seen before."""
        before, self.seen = self.seen, b""
        try:
            self.until(text)
        finally:
            self.seen = before + self.seen

    def until_stopped(self, seconds: float = 30) -> None:
        """Read until the process has been stopped by a signal."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)
            if pid and os.WIFSTOPPED(status):
                self.quiet()
                return
        raise AssertionError("it was not stopped")

    def press(self, text: str) -> None:
        os.write(self._file, text.encode())

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def end(self, seconds: float = 30) -> int:
        """Read to the end and return the exit status."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit and self._read(0.1):
            pass
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)

    def _read(self, wait: float) -> bool:
        waiting = select.poll()  # and not select: a long run of tests holds more than 1,024 files
        waiting.register(self._file, select.POLLIN | select.POLLHUP)
        if not waiting.poll(wait * 1000):
            return True
        try:
            data = os.read(self._file, 65536)
        except OSError:
            return False
        self.seen += data
        return bool(data)


@contextmanager
def terminal(
    home: Path, code: str = RUN, environment: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """Start a desk on a home of its own; whatever happens, it ends with the block."""
    pid, file = pty.fork()
    if pid == 0:
        os.chdir(home)
        wanted = {
            "NMT_INTAKE_HOME": str(home),
            "TERM": "xterm-256color",
            "PYTHONPATH": str(ROOT),
            "PATH": os.environ.get("PATH", ""),
            "TEXTUAL_ANIMATIONS": "none",
            **(environment or {}),
        }
        os.execve(sys.executable, [sys.executable, "-c", code], wanted)
    found = Terminal(pid, file)
    try:
        yield found
    finally:
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(file)
