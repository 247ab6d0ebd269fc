"""Everything there is to say about a bank: its questions, and every other file in its folder.

The bank's own check knows no scoring, no planner and no personas; here they are read as they are
read in use, and what they refuse is told as a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from nmt_intake.bank.checking import Report, check_loaded
from nmt_intake.bank.documents import document, documents
from nmt_intake.bank.files import bank_file_names, is_plain
from nmt_intake.bank.loading import load_sources
from nmt_intake.bank.model import Bank
from nmt_intake.bank.problems import BankError, Problem
from nmt_intake.bank.proof.deciding import BUDGET_SECONDS
from nmt_intake.bank.proof.prover import Deadline
from nmt_intake.errors import IntakeError
from nmt_intake.interview.recording import Recorder
from nmt_intake.rehearsal.answer_events import answer_event, known_of, rating_events
from nmt_intake.rehearsal.answers_file import read_script
from nmt_intake.scoring.norms.norms import norms_from
from nmt_intake.scoring.planner.rules import CONTEXT, SEQUENCE, rules_from

_PLACE: Final = re.compile(r"^(?P<file>[^:]*)(?::(?P<line>\d+))?$")
_PERSONAS: Final = "personas"
# The folders whose files are read by name: any other file there is read by nobody.
_READ_BY_NAME: Final = {
    "activities": frozenset({SEQUENCE, CONTEXT}),
    "safety": frozenset({"safety/safety"}),
}


def check_bank(folder: Path, budget: float = BUDGET_SECONDS, witnesses: bool = False) -> Report:
    """Return everything there is to say about the bank in `folder`, by file and line."""
    deadline = Deadline(budget)
    loaded = load_sources(folder)
    report = check_loaded(loaded, folder, deadline, witnesses)
    bank = loaded.bank
    beside = [*_scoring(folder), *_names(folder)]
    if bank is not None:
        beside += [*_plan(folder, bank), *_personas(folder, bank)]
    return replace(report, findings=tuple(sorted({*report.findings, *beside})))


def _scoring(folder: Path) -> Iterator[Problem]:
    if not (folder / "scoring").is_dir():
        return
    try:
        norms_from(documents(folder, "scoring"), "")
    except BankError as error:
        yield from error.problems
    except IntakeError as error:
        yield _told(folder, error, "BANK-031")


def _plan(folder: Path, bank: Bank) -> Iterator[Problem]:
    if not bank.activities or not (folder / f"{SEQUENCE}.yaml").is_file():
        return
    try:
        rules_from(document(folder, SEQUENCE), document(folder, CONTEXT), bank.activities)
    except BankError as error:
        yield from error.problems
    except IntakeError as error:
        yield _told(folder, error, "BANK-041")


def _personas(folder: Path, bank: Bank) -> Iterator[Problem]:
    for path in sorted((folder / _PERSONAS).glob("*.yaml")):
        if is_plain(str(path)):
            yield from _persona(path, folder, bank)


def _persona(path: Path, folder: Path, bank: Bank) -> Iterator[Problem]:
    """Read a persona as far as it goes without playing it: names, ids, codes, reasons, ratings."""
    try:
        script = read_script(path, bank, date.today())
    except IntakeError as error:
        yield _told(folder, error, "BANK-042", f"{_PERSONAS}/")
        return
    recorder = Recorder("check", bank)
    for index, entry in enumerate(script.source.answers):
        try:
            answer_event(entry, None, recorder, script.client.language, known_of(script, recorder))
        except IntakeError as error:
            at = _at(error, script.place("answers", index))
            yield _told(folder, at, "BANK-042", f"{_PERSONAS}/")
    try:
        list(rating_events(script, recorder))
    except IntakeError as error:
        yield _told(folder, error, "BANK-042", f"{_PERSONAS}/")


def _at(error: IntakeError, place: str) -> IntakeError:
    """Return an error as it is told of another place."""
    return IntakeError(error.code, place, error.what, error.advice)


def _names(folder: Path) -> Iterator[Problem]:
    """Find files that nothing reads, most likely misspelt names."""
    for name in bank_file_names(folder):
        stem = name.removesuffix(".yaml")
        expected = _READ_BY_NAME.get(name.partition("/")[0], frozenset())
        near_one = any(_alike(stem, each) for each in expected - {stem})
        if stem not in expected and near_one:
            yield Problem(
                name, 1, "BANK-009", "", "is read by nothing.",
                f"Is it meant to be {', '.join(sorted(expected))}?",
            )  # fmt: skip


def _alike(name: str, other: str) -> bool:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, name, other).ratio() > 0.9


def _told(folder: Path, error: IntakeError, code: str, within: str = "") -> Problem:
    """Return an error as a finding; without a line it is told where its key stands."""
    place = _PLACE.match(error.where)
    file = f"{within}{place['file']}" if place else error.where
    line = int(place["line"]) if place and place["line"] else _line(folder / file, error.what)
    return Problem(file, line, code, "", error.what, error.advice)


def _line(path: Path, what: str) -> int:
    """Return the line of the last key of a dotted path that `what` begins with, 1 if not found."""
    steps = what.partition(":")[0].partition(" ")[0].strip(".").split(".")
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return 1
    at = 0
    for step in steps:
        at = next((i for i, text in enumerate(lines[at:], at) if _holds(text, step)), at)
    return at + 1


def _holds(text: str, step: str) -> bool:
    return re.search(rf"(?:^|[\s{{,-]){re.escape(step)}\s*:", text) is not None
