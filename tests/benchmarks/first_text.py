"""Measures the desk's first text in a pseudo-terminal beside that of an empty Textual app.

    python tests/benchmarks/first_text.py [rounds]

Prints the medians in milliseconds and their ratio, which must stay at or below 1.5.
"""

from __future__ import annotations

import os
import pty
import re
import select
import statistics
import sys
import tempfile
import time

_EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("first text")
Empty().run()
"""
_DESK = "from nmt_intake.tui import run; run()"
_ESCAPES = re.compile(rb"\x1b(\[[0-9;?<>=]*[a-zA-Z$]*[a-zA-Z]|[()].|[=>])")


def first_text(code: str, home: str) -> float:
    """Return the milliseconds from start to the first printable text on the terminal."""
    start = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(NMT_INTAKE_HOME=home, TERM="xterm-256color", COLUMNS="80", LINES="24")
        os.execv(sys.executable, [sys.executable, "-c", code])
    seen = b""
    try:
        while time.perf_counter() - start < 20:
            ready, _, _ = select.select([terminal], [], [], 0.5)
            if ready:
                seen += os.read(terminal, 65536)
                if b"first text" in seen or b"cases" in _ESCAPES.sub(b"", seen):
                    return (time.perf_counter() - start) * 1000
        raise SystemExit("no text within 20 seconds")
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(terminal)


def main() -> None:
    """Measure both in turn and print what was found."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    found: dict[str, list[float]] = {"empty": [], "desk": []}
    with tempfile.TemporaryDirectory() as home:
        for _ in range(rounds + 1):
            for name, code in (("empty", _EMPTY), ("desk", _DESK)):
                found[name].append(first_text(code, home))
    medians = {name: statistics.median(times[1:]) for name, times in found.items()}
    ratio = medians["desk"] / medians["empty"]
    print(f"empty {medians['empty']:.0f} ms, desk {medians['desk']:.0f} ms, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
