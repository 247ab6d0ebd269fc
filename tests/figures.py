"""Figures of README, written by the commands that measure them: `python -m tests.figures NAME ...`.

Without a name it lists them. Each named command is run, what it prints is read, and the block
between the markers in README.md is written again. What was seen last is kept in
`.readme/figures.json`; nothing in that block is typed by hand: a test holds the two to each other.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
SEEN = ROOT / ".readme" / "figures.json"
START, END = "<!-- figures -->", "<!-- end of figures -->"
PYTEST = "python -m pytest -n0"


@dataclass(frozen=True)
class Figure:
    """One row: what is measured, the commands as README shows them, and how they are read."""

    what: str
    commands: tuple[str, ...]
    read: Callable[[str], str]


def found(pattern: str, as_text: str) -> Callable[[str], str]:
    """Return a reader that puts the groups of a pattern into a text."""

    def read(output: str) -> str:
        match = re.search(pattern, output, re.DOTALL)
        if match is None:
            raise ValueError(f"{pattern!r} is not in what it printed:\n{output[-2000:]}")
        return as_text.format(*match.groups())

    return read


def each(pattern: str, between: str) -> Callable[[str], str]:
    """Return a reader that joins every match of a pattern."""

    def read(output: str) -> str:
        matches = re.findall(pattern, output)
        if not matches:
            raise ValueError(f"{pattern!r} is not in what it printed:\n{output[-2000:]}")
        return between.join(matches)

    return read


_ROW = r"\n *10000((?: +[\d.]+ ?/ ?[\d.]+){3,4})"
_FAULTS = r"(\d+) +in (\d+) s, (\d+) wrong"
FIGURES: dict[str, Figure] = {
    "personas": Figure(
        "questions asked of the personas: grandmother, grown woman, adoptive father",
        tuple(
            f"nmt-intake demo --headless --persona {name} --out demo"
            for name in ("grandmother", "grown_woman", "adoptive_father")
        ),
        each(r"(\d+) questions asked", ", "),
    ),
    "reading": Figure(
        "what is said aloud: average US grade",
        ("python -m tests.reading_level",),
        found(r"average grade ([\d.]+)", "{}"),
    ),
    "first text": Figure(
        "the desk's first text beside an empty Textual app",
        ("python -m tests.benchmarks.first_text",),
        found(r"ratio ([\d.]+)", "{} times"),
    ),
    "key to paint": Figure(
        "key to the next question painted, median",
        ("python -m tests.benchmarks.key_to_paint",),
        found(r'"median_ms": ([\d.]+)', "{} ms"),
    ),
    "store": Figure(
        "one answer saved in a case of 10,000 events, ms, median / 99th percentile: bare append of"
        " the same bytes, ours, sqlite3 WAL FULL, stock TinyDB",
        ("python -m tests.benchmarks.store_table",),
        found(_ROW, "{}"),
    ),
    "coverage": Figure(
        "branches of the store covered by its own tests",
        ("python -m pytest tests/store --cov=nmt_intake/store --cov-branch",),
        found(r"TOTAL.*?(\d+)%", "{} %"),
    ),
    "kill": Figure(
        "faults: killed processes",
        ("python -m tests.faults.kill",),
        found(r"(\d+) runs in (\d+) s, (\d+) wrong", "{}, {2} wrong ({1} s)"),
    ),
    "inject": Figure(
        "faults: injected errors and power cuts",
        ("python -m tests.faults.inject",),
        found(_FAULTS, "{}, {2} wrong ({1} s)"),
    ),
    "tamper": Figure(
        "faults: changed files",
        ("python -m tests.faults.tamper",),
        found(_FAULTS, "{}, {2} wrong ({1} s)"),
    ),
    "mutants": Figure(
        "guard, fold, truth and scoring broken on purpose: noticed by a narrow set of tests",
        ("python -m tests.mutation",),
        found(r"(\d+) of (\d+) noticed", "{} of {}"),
    ),
    "doors": Figure(
        "ways in which a left-out value or a lost byte gets past the doors, of all that are tried",
        ("python -m tests.doors",),
        found(r"(\d+) found\.", "{}"),
    ),
}


def measure(name: str) -> str:
    """Run the commands of a figure and return what README is to say."""
    said: list[str] = []
    with TemporaryDirectory() as folder:
        for command in FIGURES[name].commands:
            words = command.replace("nmt-intake", "python -m nmt_intake").split()
            done = subprocess.run(
                [sys.executable, *words[1:]],
                cwd=folder if "-m nmt_intake" in " ".join(words) else ROOT,
                env=_environment(folder),
                capture_output=True,
                text=True,
                check=False,
            )
            said.append(done.stdout)
    return FIGURES[name].read("\n".join(said))


def _environment(folder: str) -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT), "NMT_INTAKE_HOME": folder}


def block(seen: dict[str, str]) -> str:
    """Return the block of README for what was seen."""
    rows = ["| what | seen | command |", "|---|---|---|"]
    for name, figure in FIGURES.items():
        if name in seen:
            commands = ", ".join(f"`{each}`" for each in figure.commands)
            rows.append(f"| {figure.what} | {seen[name]} | {commands} |")
    return "\n".join([START, *rows, END])


def written(readme: str, seen: dict[str, str]) -> str:
    """Return README with its block written again."""
    before, _, rest = readme.partition(START)
    after = rest.partition(END)[2]
    return f"{before}{block(seen)}{after}"


def main(names: list[str]) -> int:
    """Measure these figures and write them into README."""
    if not names or not set(names) <= FIGURES.keys():
        print(", ".join(FIGURES))
        return 2
    seen: dict[str, str] = json.loads(SEEN.read_text("utf-8"))
    for name in names:
        seen[name] = measure(name)
        print(f"{name}: {seen[name]}")
    SEEN.write_text(json.dumps(seen, indent=2, ensure_ascii=False) + "\n", "utf-8")
    README.write_text(written(README.read_text("utf-8"), seen), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
