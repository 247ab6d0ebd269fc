"""`nmt-intake rehearse`: practise with a persona, play one headless, tell a question's kind."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from nmt_intake.cli.commands import Commands
from nmt_intake.errors import IntakeError

if TYPE_CHECKING:
    from nmt_intake.rehearsal.styles import Style


def _count(typed: str) -> int:
    """Return a number of interviews or processes, 0 or more."""
    if not typed.isascii() or not typed.isdecimal():
        raise argparse.ArgumentTypeError("it is a whole number from 0")
    return int(typed)


def add_command(commands: Commands) -> argparse.ArgumentParser:
    """Add `rehearse` to the commands; return its parser."""
    says = "practise an interview, and hear what your way of asking does"
    made = commands.add_parser("rehearse", help=says, description=says)
    made.add_argument("persona", nargs="?", metavar="PERSONA", help="a persona's name, or its file")
    made.add_argument("--headless", action="store_true", help="a style asks, without a screen")
    made.add_argument("--style", metavar="NAME", help="default: by_the_book")
    made.add_argument("--seed", type=int, default=0, metavar="N", help="the same, the same talk")
    made.add_argument("--out", type=Path, metavar="DIR", help="default: nmt-intake-rehearsal")
    made.add_argument("--all", action="store_true", help="every persona with every style")
    made.add_argument("--runs", type=_count, default=100, metavar="N", help="how many, with --all")
    made.add_argument(
        "--jobs", type=_count, default=0, metavar="N", help="processes (default: all)"
    )
    made.add_argument("--json", action="store_true", help="for a program")
    made.add_argument("--classify", metavar="WORDS", help="what kind of question these words are")
    return made


def rehearse(options: argparse.Namespace) -> int:
    """Run the rehearsal that the options ask for."""
    if options.classify is not None:
        return _classify(options)
    if options.all:
        return _many(options)
    if options.persona is None:
        raise IntakeError(
            "USAGE-008", "", "say whom to rehearse with.", f"There are: {', '.join(_names())}."
        )
    if options.headless:
        return _headless(options)
    from nmt_intake.cli.desk import practise

    return practise(options, _persona(options.persona))


def _classify(options: argparse.Namespace) -> int:
    from nmt_intake.bank.searching import search
    from nmt_intake.cli.loading import chosen_bank
    from nmt_intake.rehearsal.question_kinds import classify, content

    found = classify(options.classify)
    places = search(chosen_bank(options), content(options.classify), 1)
    matched = places[0] if places else None
    record = {
        "kind": found.kind,
        "group": found.group,
        "second": found.second,
        "because": list(found.because),
        "question": matched.question if matched else None,
        "block": matched.block if matched else None,
        "title": matched.title if matched else None,
        "ask": matched.ask if matched else None,
        "score": matched.score if matched else None,
    }
    print(json.dumps(record, indent=2, ensure_ascii=False))
    return 0


def _headless(options: argparse.Namespace) -> int:
    from nmt_intake.cli.loading import chosen_bank
    from nmt_intake.cli.output import put_files
    from nmt_intake.rehearsal.cast import load_cast
    from nmt_intake.rehearsal.results import results

    style = _style(options.style)
    cast = load_cast(_persona(options.persona), chosen_bank(options), date.today())
    found = results(cast, style, options.seed)
    out: Path = options.out or Path("nmt-intake-rehearsal")
    put_files({out / name: content for name, content in found.files.items()})
    if options.json:
        print(found.files["debrief.json"], end="")
    else:
        heard, facts = found.debrief.coverage.heard, found.debrief.coverage.facts
        print(
            f"{len(found.debrief.record.turns)} turns, {heard} of {facts} things heard. See {out}."
        )
    return 0


def _many(options: argparse.Namespace) -> int:
    import sys

    from nmt_intake.cli.loading import bank_folder
    from nmt_intake.rehearsal.many import Told, rehearse_many
    from nmt_intake.store.paths import find_cache

    if options.runs < 1:
        raise IntakeError("USAGE-009", "", "--runs is less than one.", "Name a number.")
    shown = sys.stderr.isatty()

    def tell(told: Told) -> None:
        if shown:
            print(f"\r{told.done} of {told.of}", end="", file=sys.stderr, flush=True)

    files = [_persona(name) for name in _names()]
    table = rehearse_many(
        files, bank_folder(options), find_cache(), options.runs, options.seed, options.jobs, tell
    )
    if shown:
        print(file=sys.stderr)
    print(json.dumps(table.as_json(), indent=2) if options.json else table.text())
    return 0


def _style(name: str | None) -> Style:
    from nmt_intake.rehearsal.styles import STYLES

    found = STYLES.get(name or "by_the_book")
    if found is None:
        raise IntakeError(
            "REHEARSE-002", "", "there is no such style.", f"There are: {', '.join(STYLES)}."
        )
    return found


def _names() -> list[str]:
    from nmt_intake.bank.loading import shipped_bank

    return [path.stem for path in sorted((shipped_bank() / "personas").glob("*.yaml"))]


def _persona(name: str) -> Path:
    """Return a persona's file: a path, or a shipped one by name."""
    if name.endswith((".yaml", ".yml")):
        return Path(name)
    from nmt_intake.cli.playing import persona_file

    return persona_file(name)
