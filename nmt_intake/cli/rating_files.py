"""`nmt-intake score` and `nmt-intake report`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from nmt_intake.cli.loading import bank_folder, chosen_bank, norms_for, read_bytes
from nmt_intake.errors import IntakeError
from nmt_intake.private_files import write_private
from nmt_intake.scoring import read_ratings, score


def score_file(options: argparse.Namespace) -> int:
    """Print the metrics of a ratings file."""
    ratings = read_ratings(read_bytes(options.ratings), options.ratings.name)
    metrics = score(ratings, norms_for(bank_folder(options), chosen_bank(options).version))
    print(json.dumps(metrics.as_json(), indent=2, ensure_ascii=False))
    return 0


def report(options: argparse.Namespace) -> int:
    """Write the report of a case or of a ratings file."""
    from nmt_intake.report import Wanted, compose

    if (options.case is None) == (options.ratings is None):
        raise IntakeError("USAGE-002", "", "name either a case or --ratings FILE.", "See --help.")
    bank = chosen_bank(options)
    norms = norms_for(bank.folder, bank.version)
    wanted = Wanted(
        substance=not options.without_substance,
        safety_words=options.safety_words,
        name=options.pseudonym,
    )
    if options.ratings is not None:
        from nmt_intake.cli.plan import plan_of_file

        ratings, metrics, plan = plan_of_file(options.ratings, bank, norms)
        document = compose(None, ratings, metrics, norms, frozenset(), wanted, plan)
    else:
        from nmt_intake.cli.cases import interview_of
        from nmt_intake.scoring.suggest import ratings_of

        interview = interview_of(options, bank)
        ratings, unconfirmed = ratings_of(interview, norms)
        metrics = score(ratings, norms) if ratings else None
        document = compose(interview, ratings, metrics, norms, unconfirmed, wanted)
    put_out(document.rendered(options.format), options.out, options.format)
    return 0


def put_out(content: str | bytes, out: Path | None, form: str) -> None:
    """Write to a file, or to standard output; a PDF needs a file or a pipe."""
    if out is not None:
        write_private(out, content)
    elif isinstance(content, str):
        sys.stdout.write(content)
    elif sys.stdout.isatty():
        raise IntakeError("OUT-002", "", f"a {form} needs a file.", "Add --out FILE.")
    else:
        sys.stdout.buffer.write(content)
