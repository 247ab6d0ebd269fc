"""`nmt-intake rehearse`: practise with a persona, play one headless, tell a question's kind."""

from __future__ import annotations

import argparse
import json

from nmt_intake.cli.commands import Commands
from nmt_intake.errors import IntakeError


def add_command(commands: Commands) -> argparse.ArgumentParser:
    """Add `rehearse` to the commands; return its parser."""
    says = "practise an interview, and hear what your way of asking does"
    made = commands.add_parser("rehearse", help=says, description=says)
    made.add_argument("--classify", metavar="WORDS", help="what kind of question these words are")
    return made


def rehearse(options: argparse.Namespace) -> int:
    """Run the rehearsal that the options ask for."""
    if options.classify is not None:
        return _classify(options)
    raise IntakeError("USAGE-008", "", "say whom to rehearse with.", "Name a persona.")


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
