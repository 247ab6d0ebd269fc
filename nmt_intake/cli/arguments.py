"""What can be typed: every command, its options, and the function that runs it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from nmt_intake.cli import agreement, rehearsal
from nmt_intake.cli.commands import Commands
from nmt_intake.cli.forms import add_commands as add_form_commands
from nmt_intake.cli.proof import add_check_options
from nmt_intake.cli.proof import add_commands as add_proof_commands
from nmt_intake.text import clean_line
from nmt_intake.version import __version__

_FORMATS = ("md", "html", "pdf", "json")
_LENGTHS = ("summary", "report", "record")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a command in one line."""

    def error(self, message: str) -> NoReturn:
        said = clean_line(message, 1000)
        print(f"nmt-intake: {said}. Try {self.prog} --help. [USAGE-001]", file=sys.stderr)
        raise SystemExit(2)


def _runs(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    """Return a function that imports its command only when it is run (`--help` stays quick)."""

    def run(options: argparse.Namespace) -> int:
        return getattr(import_module(f"nmt_intake.cli.{module}"), function)(options)

    return run


def _file(typed: str) -> Path:
    """Return a named file; an empty name would be the current folder."""
    if not typed:
        raise argparse.ArgumentTypeError("it names nothing")
    return Path(typed)


def _folder(typed: str) -> Path:
    """Return a named folder; `-` is a stream, and several files don't go into one."""
    if typed == "-":
        raise argparse.ArgumentTypeError("several files go into a folder, - is a stream")
    return _file(typed)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = _Parser(
        prog="nmt-intake",
        description="A conversational intake assistant for the Neurosequential view of development."
        " Without a command it opens the desk.",
        epilog="Independent: not affiliated with, not certified as, not interchangeable with"
        " certified NMT Metrics. Exit status: 0 fine, 1 problems found, 2 bad usage or input.",
    )
    top.add_argument("--version", action="version", version=f"nmt-intake {__version__}")
    top.add_argument("--bank", type=Path, metavar="DIR", help=argparse.SUPPRESS)
    top.add_argument(
        "--plain",
        action=argparse.BooleanOptionalAction,
        help="hold interviews line by line: for screen readers, slow links, pipes; remembered",
    )
    top.set_defaults(run=_runs("desk", "desk"))
    commands = top.add_subparsers(metavar="COMMAND")
    _demo(commands)
    _play(commands)
    _score(commands)
    _report(commands)
    _plan(commands)
    _agree(commands)
    _rehearse(commands)
    _bank(commands)
    _cases(commands)
    return top


def _command(
    commands: Commands, name: str, says: str, module: str, function: str
) -> argparse.ArgumentParser:
    made = commands.add_parser(name, help=says, description=says)
    made.set_defaults(run=_runs(module, function))
    return made


def _with_bank(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--bank", type=Path, metavar="DIR", default=argparse.SUPPRESS, help="another question bank"
    )


def _demo(commands: Commands) -> None:
    demo = _command(commands, "demo", "a practice case from a shipped persona", "playing", "demo")
    demo.add_argument("--headless", action="store_true", help="play it through without a screen")
    demo.add_argument(
        "--plain", action="store_true", default=argparse.SUPPRESS, help="line by line"
    )
    demo.add_argument("--persona", metavar="NAME", help="which persona (default: grandmother)")
    demo.add_argument("--out", type=_folder, metavar="DIR", help="default: nmt-intake-demo")
    demo.add_argument("--json", action="store_true", help="also print what was asked")
    _with_bank(demo)


def _play(commands: Commands) -> None:
    play = _command(commands, "play", "an interview from a file of answers", "playing", "play")
    play.add_argument("answers", type=Path, metavar="ANSWERS.yaml")
    play.add_argument("--out", type=_folder, metavar="DIR", required=True)
    play.add_argument("--json", action="store_true", help="also print open, hidden and unknown")
    play.add_argument("--length", choices=_LENGTHS, default="report", help="of the report")
    _policy(play)
    _with_bank(play)


def _without(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--without-substance",
        action="store_true",
        help="leave out what is about alcohol, tobacco and drugs, and all that would tell it",
    )


def _policy(command: argparse.ArgumentParser) -> None:
    """Add what the one disclosure policy can be told on the command line."""
    _without(command)
    command.add_argument(
        "--without-third-parties",
        action="store_true",
        help="leave out other people's own lives, and what they and homes are called",
    )
    command.add_argument("--pseudonym", metavar="NAME", help="instead of the initials")
    command.add_argument(
        "--safety-words", action="store_true", help="with the words of safety notes"
    )
    command.add_argument(
        "--ages-not-dates", action="store_true", help="ages in place of dates, in words too"
    )
    command.add_argument(
        "--reader",
        "--for",
        dest="recipient",
        choices=("clinician", "family", "school", "research"),
        default="clinician",
        help="who reads it: leaves out what they must not have, and heeds limits that were agreed",
    )


def _score(commands: Commands) -> None:
    score = _command(
        commands, "score", "metrics JSON from a ratings file", "rating_files", "score_file"
    )
    score.add_argument("ratings", type=Path, metavar="RATINGS.json")
    _without(score)
    _with_bank(score)


def _report(commands: Commands) -> None:
    report = _command(
        commands, "report", "the report of a case or a ratings file", "rating_files", "report"
    )
    report.add_argument("case", nargs="?", metavar="CASE")
    report.add_argument("--ratings", type=Path, metavar="FILE")
    report.add_argument("--practice", action="store_true", help="a practice case")
    report.add_argument("--format", choices=_FORMATS, default="md")
    report.add_argument("--out", type=_file, metavar="FILE")
    report.add_argument(
        "--length",
        choices=_LENGTHS,
        help="2 pages, a dozen, or all that was said (default: report)",
    )
    report.add_argument("--language", metavar="CODE", help="of the report, such as es")
    report.add_argument("--agency", type=Path, metavar="FILE", help="your own name, look and words")
    _policy(report)
    _with_bank(report)


def _plan(commands: Commands) -> None:
    plan = _command(commands, "plan", "the plan of a ratings file", "plan", "plan_file")
    plan.add_argument("ratings", type=Path, metavar="RATINGS.json")
    plan.add_argument("--json", action="store_true", help="for a program")
    plan.add_argument("--cards", action="store_true", help="what is begun, as cards to hand out")
    plan.add_argument("--card", metavar="ID", help="one activity as a card, as it is for this case")
    _with_cards(plan)
    _without(plan)
    _with_bank(plan)


def _with_cards(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--format", choices=("text", "html"), default="text", help="of cards; html is for printing"
    )
    command.add_argument("--out", type=_file, metavar="FILE")


def _agree(commands: Commands) -> None:
    agree = _command(commands, "agree", "how well raters agree, as JSON", "agreement", "agree")
    agreement.add_options(agree)
    _with_bank(agree)


def _rehearse(commands: Commands) -> None:
    command = rehearsal.add_command(commands)
    command.set_defaults(run=rehearsal.rehearse)
    _with_bank(command)


def _bank(commands: Commands) -> None:
    bank = commands.add_parser("bank", help="check and look through a question bank")
    bank.set_defaults(run=_nothing_chosen(bank))
    jobs = bank.add_subparsers(metavar="JOB")
    for name, says in (
        ("check", "find what is wrong or doubtful in a bank"),
        ("cover", "walk a bank with made-up answers and say what was reached"),
        ("graph", "the bank's blocks and gates as Mermaid text"),
        ("schema", "the JSON Schema of the bank's files"),
        ("search", "the places for words just said"),
        ("read", "a block as it is said aloud, with its time"),
        ("try", "what a change of the bank does to an answers file"),
        ("breadth", "how many activities serve each function at each age"),
        ("activity", "one activity as a card"),
    ):
        job = _command(jobs, name, says, "bank", {"try": "try_out"}.get(name, name))
        job.add_argument("--json", action="store_true", help="for a program")
        _with_bank(job)
        if name == "check":
            add_check_options(job)
        if name == "search":
            job.add_argument("words", nargs="+", metavar="WORDS")
            job.add_argument("--limit", type=int, default=5)
        if name == "read":
            job.add_argument("block", metavar="BLOCK")
            job.add_argument("--teller", metavar="ROLE", default="grandmother")
            says = "the client's age (default: 7)"
            job.add_argument("--age", type=float, default=7.0, metavar="YEARS", help=says)
        if name == "try":
            job.add_argument("answers", type=Path, metavar="ANSWERS.yaml")
            says = "the bank as it was (default: the one that comes with the program)"
            job.add_argument("--against", type=Path, metavar="DIR", help=says)
        if name == "activity":
            job.add_argument("activity", metavar="ID")
            _with_cards(job)
        if name == "graph":
            job.add_argument("--block", metavar="ID", help="only this block and its neighbours")
    add_form_commands(jobs)
    add_proof_commands(jobs)


def _cases(commands: Commands) -> None:
    cases = commands.add_parser("cases", help="list, show, verify, export, keep and erase cases")
    cases.set_defaults(run=_nothing_chosen(cases))
    jobs = cases.add_subparsers(metavar="JOB")
    for name, says in (
        ("list", "every case, last seen first"),
        ("show", "what one case holds"),
        ("verify", "check every frame, the chain, the fold and the index"),
        ("export", "a case as JSON or CSV"),
        ("backup", "every case in one sealed file"),
        ("restore", "put a backup's cases back"),
        ("erase", "destroy a case's key and file"),
    ):
        job = _command(jobs, name, says, "cases", f"{name}_cases")
        if name != "export":  # its --format says what it is
            job.add_argument("--json", action="store_true", help="for a program")
        job.add_argument("--practice", action="store_true", help="the practice cases")
        _with_bank(job)
        if name in ("show", "erase"):
            job.add_argument("case", metavar="CASE")
        if name in ("verify", "export"):
            job.add_argument("case", nargs="?", metavar="CASE")
        if name in ("backup", "restore"):
            job.add_argument("file", type=Path, metavar="FILE")
        if name == "export":
            job.add_argument("--format", choices=("json", "csv"), default="json")
            job.add_argument("--out", type=_file, metavar="FILE")
            says = "who did what when, no content; without CASE, of all"
            job.add_argument("--audit", action="store_true", help=says)
            _policy(job)
        if name == "erase":
            job.add_argument("--reason", required=True, help="kept in the tombstone")
            job.add_argument("--yes", action="store_true", help="do not ask again")
            says = "a backup that was moved since it was written; may be given again"
            job.add_argument(
                "--backup", type=Path, action="append", default=[], metavar="FILE", help=says
            )


def _nothing_chosen(command: argparse.ArgumentParser) -> Callable[[argparse.Namespace], int]:
    def run(_options: argparse.Namespace) -> int:
        command.error("say which job")

    return run
