"""`bank check --witness` and `bank diff`: what was decided, with answers that show it."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nmt_intake.cli.commands import Commands
from nmt_intake.text import clean_line

if TYPE_CHECKING:
    from nmt_intake.bank.checking import Report
    from nmt_intake.bank.model import Bank
    from nmt_intake.bank.proof.difference import Case, Change

BUDGET: Final = 25.0


def add_check_options(check: argparse.ArgumentParser) -> None:
    """Add what `bank check` takes beside the bank."""
    says = "write answers files that open each branch here"
    check.add_argument("--witness", type=Path, metavar="DIR", help=says)
    _budget(check)


def _budget(command: argparse.ArgumentParser) -> None:
    says = f"how long conditions are decided (default: {BUDGET:g})"
    command.add_argument("--budget", type=_seconds, metavar="SECONDS", default=BUDGET, help=says)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 86_400:
        raise ValueError
    return seconds


def add_commands(jobs: Commands) -> None:
    """Add `diff` to the jobs of `nmt-intake bank`."""
    says = "what a new version of a bank asks otherwise, with answers that show it"
    diff = jobs.add_parser("diff", help=says, description=says)
    diff.add_argument("old", type=Path, metavar="OLD", help="the folder of the old bank")
    diff.add_argument("new", type=Path, metavar="NEW", help="the folder of the new bank")
    diff.add_argument("--witness", type=Path, metavar="DIR", help="write the answers files here")
    diff.add_argument("--json", action="store_true", help="for a program")
    _budget(diff)
    diff.set_defaults(run=compare)


@dataclass(frozen=True, slots=True)
class Left:
    """The answers files that were left in a folder, and the branches without one that plays."""

    folder: Path
    written: tuple[str, ...]
    without: tuple[str, ...]

    def __str__(self) -> str:
        told = f"{len(self.written)} answers files are in {self.folder}."
        if self.without:
            told += f" None that plays was found for {len(self.without)}: "
            told += ", ".join(self.without[:8]) + (", ..." if len(self.without) > 8 else ".")
        return clean_line(told, 2000)

    def as_json(self) -> dict[str, object]:
        """Return it as `bank check --json` prints it."""
        return {"written": list(self.written), "without": list(self.without)}


def leave_witnesses(bank_folder: Path, report: Report, folder: Path) -> Left:
    """Play the witnesses of a report, and write those that do what they are said to do."""
    from nmt_intake.bank.loading import load_bank
    from nmt_intake.private_files import write_private
    from nmt_intake.rehearsal.witnesses import comes_about, file_text, is_asked, played

    if report.errors:
        return Left(folder, (), ())
    bank = load_bank(bank_folder)
    written: list[str] = []
    without: list[str] = []
    for each in report.witnessed:
        prefix = each.witness.prefix
        where = f", for {prefix[:-1]}" if prefix else ""
        text = file_text(each.witness, f"Opens {each.name}{where}.")
        interview = played(bank, text)
        asked = each.name not in bank.questions or is_asked(interview, prefix + each.name)
        if interview is None or not asked or not comes_about(interview, each.goal, prefix):
            without.append(each.name)
            continue
        name = f"{re.sub('[^A-Za-z0-9_.-]+', '-', each.name)}.yaml"
        write_private(folder / name, text)
        written.append(name)
    return Left(folder, tuple(written), tuple(without))


def compare(options: argparse.Namespace) -> int:
    """Print what the new bank asks otherwise; 1 if there is anything."""
    from nmt_intake.bank.loading import load_bank
    from nmt_intake.bank.proof.difference import differences
    from nmt_intake.bank.proof.prover import Deadline
    from nmt_intake.cli.loading import bank_folder

    old, new = (
        load_bank(bank_folder(argparse.Namespace(bank=each))) for each in (options.old, options.new)
    )
    shown = [
        _Shown(change, tuple(filter(None, (_verified(old, new, case) for case in change.cases))))
        for change in differences(old, new, Deadline(options.budget))
    ]
    if options.witness:
        _write(shown, options.witness)
    if options.json:
        print(json.dumps({"changes": [each.as_json() for each in shown]}, indent=2))
    else:
        for each in shown:
            for line in each.lines():
                print(clean_line(line, 2000))
        print(f"{len(shown)} changes.")
    return 1 if shown else 0


@dataclass(frozen=True, slots=True)
class _Played:
    """A case that was played with both banks; one text if both can read it."""

    case: Case
    old_text: str
    new_text: str


@dataclass(frozen=True, slots=True)
class _Shown:
    """A change, and those of its cases that did in both banks what they are said to do."""

    change: Change
    cases: tuple[_Played, ...]

    @property
    def outcome(self) -> str:
        """The outcome: without a case that plays, none was found."""
        change = self.change
        if self.cases:
            return "differs"
        if change.what == "asked in other cases" and change.outcome == "differs":
            return "not found"
        return change.outcome

    def lines(self) -> list[str]:
        """Return what is printed about it."""
        change = self.change
        if change.what != "asked in other cases":
            said = {
                "added": f"added: {change.after!r}",
                "dropped": f"dropped: {change.before!r}",
                "renamed": f"was called {change.before}",
                "reworded": f"reworded: {change.before!r} is now {change.after!r}",
            }
            kinds = f"was {change.before}, is now {change.after}"
            return [f"{change.question}: {said.get(change.what, kinds)}"]
        gate = f"{change.before or 'always'!r} is now {change.after or 'always'!r}"
        tried = max(1, change.tried)
        words = {
            "differs": f"is asked in other cases: {gate}",
            "same": f"its condition is worded otherwise, and asks in the same cases: {gate}",
            "not found": f"its condition is otherwise, and a case in which only one asks was not"
            f" found among the {tried} answers tried: {gate}",
            "not finished": f"its condition is otherwise, not finished: {gate}",
        }
        return [f"{change.question}: {words[self.outcome]}", *map(_in_words, self.cases)]

    def as_json(self) -> dict[str, object]:
        """Return it as `bank diff --json` prints it."""
        change = self.change
        found: dict[str, object] = {
            "what": change.what,
            "question": change.question,
            "before": change.before,
            "after": change.after,
        }
        if change.what == "asked in other cases":
            found["outcome"] = self.outcome
            found["cases"] = [
                {
                    "slot": each.case.slot,
                    "asked": "now" if each.case.now else "before",
                    "old_answers": each.old_text,
                    "new_answers": each.new_text,
                }
                for each in self.cases
            ]
        return found


def _in_words(each: _Played) -> str:
    case, witness = each.case, each.case.witness
    told = [f"{slot} = {json.dumps(value)}" for slot, value in witness.answers.items()]
    told += [f"{slot} missing ({reason})" for slot, reason in witness.missing.items()]
    if witness.birth is not None:
        told.append(f"born {witness.birth}, interviewed {witness.day}")
    elif witness.age_months is not None:
        told.append(f"age {witness.age_months:g} months")
    told += [f"told by a {teller.kind}" for teller in witness.tellers]
    which = "now and not before" if case.now else "before and not now"
    return f"  {case.slot} is asked {which}: {'; '.join(told)}"


def _verified(old: Bank, new: Bank, case: Case) -> _Played | None:
    """Return a case if playing it opens the question with one bank, and not with the other."""
    from nmt_intake.rehearsal.witnesses import file_text, is_asked, played

    says = (
        f"Opens {case.slot} {'with the new bank only' if case.now else 'with the old bank only'}."
    )
    texts = [file_text(case.witness, says, bank) for bank in (old, new)]
    names = _names_of(old, new, case.slot)
    asked: list[bool] = []
    for bank, text, slot in zip((old, new), texts, names, strict=True):
        interview = played(bank, text)
        if interview is None:
            return None
        asked.append(is_asked(interview, slot))
    return (
        _Played(case, *texts) if asked == ([False, True] if case.now else [True, False]) else None
    )


def _names_of(old: Bank, new: Bank, slot: str) -> tuple[str, str]:
    prefix, _, name = slot.rpartition("/")
    before = name
    if name not in old.questions:
        steps = (step.renamed for step in new.migrations)
        before = next((was for step in steps for was, now in step.items() if now == name), name)
    return (f"{prefix}/{before}" if prefix else before), slot


def _write(shown: list[_Shown], folder: Path) -> None:
    from nmt_intake.private_files import write_private

    write: Callable[[Path, str], object] = write_private
    for each in shown:
        for played in each.cases:
            name = f"{played.case.slot.replace('/', '-')}.{'now' if played.case.now else 'before'}"
            if played.old_text == played.new_text:
                write(folder / f"{name}.yaml", played.new_text)
            else:
                write(folder / f"{name}.old-bank.yaml", played.old_text)
                write(folder / f"{name}.new-bank.yaml", played.new_text)
