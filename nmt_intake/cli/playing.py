"""`nmt-intake play` and `nmt-intake demo`: whole interviews without a screen."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path

from nmt_intake.bank.loading import shipped_bank
from nmt_intake.bank.model import Bank
from nmt_intake.casework.assessment import assess, norms_of
from nmt_intake.casework.reports import report_of
from nmt_intake.cli.loading import chosen_bank
from nmt_intake.errors import IntakeError
from nmt_intake.private_files import write_private
from nmt_intake.rehearsal.play import Played, play_file, play_persona
from nmt_intake.report import Wanted, to_html

USUAL_PERSONA = "grandmother"


def play(options: argparse.Namespace) -> int:
    """Play an answers file and leave the report, the ratings and the metrics in a folder."""
    bank = chosen_bank(options)
    played = play_file(options.answers, bank, author="play", today=date.today())
    leave_results(bank, played, options.out, Wanted(substance=not options.without_substance))
    if options.json:
        print(json.dumps(conditions(played), indent=2, ensure_ascii=False))
    return 0


def demo(options: argparse.Namespace) -> int:
    """Play a shipped persona: on the desk, or headless with its results in a folder."""
    path = persona_file(options.persona)
    if not options.headless:
        from nmt_intake.cli.desk import practise

        return practise(options, path)
    bank = chosen_bank(options)
    played = play_persona(path, bank, author="demo", today=date.today())
    leave_results(bank, played, options.out, Wanted())
    if options.json:
        print(json.dumps({"asked": played.asked, **conditions(played)}, indent=2))
    else:
        print(f"{len(played.asked)} questions asked. Results are in {options.out}.")
    return 0


def persona_file(name: str | None) -> Path:
    """Return the file of a shipped persona by name, the usual one if None."""
    files = sorted((shipped_bank() / "personas").glob("*.yaml"))
    found = [path for path in files if path.stem == (name or USUAL_PERSONA)]
    if not found:
        known = ", ".join(path.stem for path in files)
        raise IntakeError("PLAY-010", "", "there is no such persona.", f"There are: {known}.")
    return found[0]


def leave_results(bank: Bank, played: Played, out: Path, wanted: Wanted) -> None:
    """Write report.md, report.html, ratings.json and metrics.json into a folder."""
    made = assess(played.interview, norms_of(bank))
    report = report_of(made, played.interview, wanted)
    write_private(out / "report.md", report.markdown)
    write_private(out / "report.html", to_html(report))
    for name, value in (("ratings", made.ratings), ("metrics", made.metrics)):
        plain = value.as_json() if value else None
        write_private(out / f"{name}.json", json.dumps(plain, indent=2, ensure_ascii=False) + "\n")


def conditions(played: Played) -> dict[str, list[str]]:
    """Return every question instance by its condition: open, hidden, or not decidable yet."""
    names = {True: "open", False: "hidden", None: "unknown"}
    found: dict[str, list[str]] = {name: [] for name in names.values()}
    for slot in played.interview.layout.slots:
        found[names[played.interview.truths[slot]]].append(slot)
    return found
