"""`nmt-intake play` and `nmt-intake demo`: whole interviews without a screen."""

from __future__ import annotations

import argparse
import json
from datetime import date
from itertools import chain
from pathlib import Path

from nmt_intake.bank.loading import shipped_bank
from nmt_intake.bank.model import Bank
from nmt_intake.casework.assessment import norms_of
from nmt_intake.cli.loading import chosen_bank, policy_for
from nmt_intake.cli.output import put_files
from nmt_intake.errors import IntakeError
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.overhearing import topics_heard
from nmt_intake.interview.state import Interview
from nmt_intake.rehearsal.play import Played, play_file, play_persona
from nmt_intake.report import Edition, compose_copy, to_html
from nmt_intake.report.disclosure import Policy, copy_of, left_out_questions
from nmt_intake.report.options import Length

USUAL_PERSONA = "grandmother"


def play(options: argparse.Namespace) -> int:
    """Play an answers file and leave the report, the ratings and the metrics in a folder."""
    bank = chosen_bank(options)
    played = play_file(options.answers, bank, author="play", today=date.today())
    policy = policy_for(options, played.interview)
    copy = leave_results(bank, played, options.out, policy, options.length)
    if options.json:
        print(json.dumps(conditions(copy, policy), indent=2, ensure_ascii=False))
    elif heard := topics_heard(copy, chain.from_iterable(copy.ledger.by_subject.values())):
        print(f"Safety cards that the words typed may be about: {', '.join(heard)}.")
    return 0


def demo(options: argparse.Namespace) -> int:
    """Play a shipped persona: on the desk, or headless with its results in a folder."""
    path = persona_file(options.persona)
    out: Path | None = options.out
    if not options.headless:
        if out is not None or options.json:
            raise IntakeError(
                "USAGE-007", "", "--out and --json are for a demo without a screen.",
                "Add --headless.",
            )  # fmt: skip
        from nmt_intake.cli.desk import practise

        return practise(options, path)
    bank = chosen_bank(options)
    played = play_persona(path, bank, author="demo", today=date.today())
    out = out or Path("nmt-intake-demo")
    leave_results(bank, played, out, Policy())
    if options.json:
        print(json.dumps({"asked": played.asked, **conditions(played.interview)}, indent=2))
    else:
        print(f"{len(played.asked)} questions asked. Results are in {out}.")
    return 0


def persona_file(name: str | None) -> Path:
    """Return the file of a shipped persona by name, the usual one if None."""
    files = sorted((shipped_bank() / "personas").glob("*.yaml"))
    found = [path for path in files if path.stem == (name or USUAL_PERSONA)]
    if not found:
        known = ", ".join(path.stem for path in files)
        raise IntakeError("PLAY-010", "", "there is no such persona.", f"There are: {known}.")
    return found[0]


def leave_results(
    bank: Bank, played: Played, out: Path, policy: Policy, length: Length = "report"
) -> Interview:
    """Write report.md, report.html, ratings.json and metrics.json of a copy; return the copy."""
    copy = copy_of(played.interview, norms_of(bank), policy)
    report = compose_copy(copy, edition=Edition(length))
    files = {"report.md": report.markdown, "report.html": to_html(report)}
    for name, value in (("ratings", copy.ratings), ("metrics", copy.metrics)):
        plain = value.as_json() if value else None
        files[f"{name}.json"] = json.dumps(plain, indent=2, ensure_ascii=False) + "\n"
    put_files({out / name: content for name, content in files.items()})
    return copy.interview or played.interview


def conditions(interview: Interview, policy: Policy | None = None) -> dict[str, list[str]]:
    """Return every question instance by its condition: open, hidden, or not decidable yet.

    Of a copy, those that it leaves out are in none of the lists.
    """
    names = {True: "open", False: "hidden", None: "unknown"}
    found: dict[str, list[str]] = {name: [] for name in names.values()}
    left_out: frozenset[str] = left_out_questions(interview.bank, policy) if policy else frozenset()
    for slot in interview.layout.slots:
        if split_slot(slot)[1] not in left_out:
            found[names[interview.truths[slot]]].append(slot)
    return found
