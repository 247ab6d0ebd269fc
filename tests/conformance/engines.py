"""Engines that the suite can drive: ours within this process, ours as a command, any command."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.conformance.kinds import STATES

REFUSED = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an engine made of a bank and answers; `ratings` and `report` where it gives them.

    `status` is 0, or 2 for a refusal, which `said` explains.
    """

    status: int
    states: dict[str, str]
    said: str = ""
    ratings: dict[str, Any] | None = None
    report: str | None = None


class Engine(Protocol):
    """What is asked of an engine."""

    def play(self, bank: Path, answers: Path, out: Path) -> Outcome:
        """Read a bank folder and an answers file, and tell the state."""
        ...

    def migrated(self, before: Path, bank: Path, answers: Path, out: Path) -> Outcome | None:
        """Answer under the bank `before`, then read with `bank`; None if the engine cannot."""
        ...


class Ours:
    """`nmt-intake play` within this process: what a person types, without a process for each."""

    def play(self, bank: Path, answers: Path, out: Path) -> Outcome:
        from nmt_intake.cli import main

        arguments = ["play", str(answers), "--out", str(out), "--json", "--bank", str(bank)]
        printed, said = io.StringIO(), io.StringIO()
        with (
            _home(out.parent / "home"),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(said),
        ):
            try:
                status = main(arguments)
            except SystemExit as ended:
                status = int(ended.code or 0)
        return _outcome(status, printed.getvalue(), said.getvalue(), out)

    def migrated(self, before: Path, bank: Path, answers: Path, out: Path) -> Outcome | None:
        """Play under the old bank and fold what was said under the new one.

        The only case that needs more than the command line: there, a case would have to be sealed
        in a store first.
        """
        from datetime import date

        from nmt_intake.bank.loading import load_bank
        from nmt_intake.errors import IntakeError
        from nmt_intake.interview.state import fold
        from nmt_intake.rehearsal.play import play_file

        try:
            old = load_bank(before)
            played = play_file(answers, old, author="conformance", today=date(2026, 11, 22))
            interview = fold(load_bank(bank), played.events)
        except IntakeError as refusal:
            return Outcome(refusal.status, {}, str(refusal))
        names = {True: "open", False: "hidden", None: "unknown"}
        truths = {slot: interview.truths[slot] for slot in interview.layout.slots}
        return Outcome(0, {slot: names[truth] for slot, truth in truths.items()})


class Command:
    """An engine behind a command line that holds `{bank}`, `{answers}` and perhaps `{out}`.

    It prints `{"open": [...], "hidden": [...], "unknown": [...]}` and ends with 0, or with 2 for
    what it refuses. `ratings.json` and `report.md` are read from `{out}` if they are there.
    """

    def __init__(self, line: str, environment: dict[str, str] | None = None) -> None:
        self._words = shlex.split(line)
        self._environment = environment

    def play(self, bank: Path, answers: Path, out: Path) -> Outcome:
        places = {"{bank}": str(bank), "{answers}": str(answers), "{out}": str(out)}
        home = {"NMT_INTAKE_HOME": str(out.parent / "home")}
        ended = subprocess.run(
            [places.get(word, word) for word in self._words],
            capture_output=True,
            text=True,
            timeout=120,
            stdin=subprocess.DEVNULL,
            check=False,
            env={**os.environ, **home, **(self._environment or {})},
        )
        return _outcome(ended.returncode, ended.stdout, ended.stderr, out)

    def migrated(self, before: Path, bank: Path, answers: Path, out: Path) -> Outcome | None:
        return None


def our_command() -> Command:
    """Return our own program as a command of its own process."""
    ours: Sequence[str] = (sys.executable, "-m", "nmt_intake", "play", "{answers}")
    return Command(shlex.join([*ours, "--out", "{out}", "--json", "--bank", "{bank}"]))


def _outcome(status: int, printed: str, said: str, out: Path) -> Outcome:
    if status:
        return Outcome(status, {}, said)
    listed = json.loads(printed)
    states = {slot: state for state in STATES for slot in listed[state]}
    ratings, report = out / "ratings.json", out / "report.md"
    return Outcome(
        status,
        states,
        said,
        json.loads(ratings.read_text(encoding="utf-8")) if ratings.is_file() else None,
        report.read_text(encoding="utf-8") if report.is_file() else None,
    )


@contextlib.contextmanager
def _home(folder: Path) -> Iterator[None]:
    """Keep the program's own files below this folder meanwhile."""
    before = os.environ.get("NMT_INTAKE_HOME")
    os.environ["NMT_INTAKE_HOME"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["NMT_INTAKE_HOME"]
        else:
            os.environ["NMT_INTAKE_HOME"] = before
