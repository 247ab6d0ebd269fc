"""`nmt-intake score` and `nmt-intake report`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from nmt_intake.casework.assessment import assess_ratings, norms_of
from nmt_intake.cli.loading import chosen_bank, read_bytes
from nmt_intake.errors import IntakeError
from nmt_intake.private_files import write_private
from nmt_intake.scoring import read_ratings


def score_file(options: argparse.Namespace) -> int:
    """Print the metrics of a ratings file."""
    ratings = read_ratings(read_bytes(options.ratings), options.ratings.name)
    metrics = assess_ratings(ratings, norms_of(chosen_bank(options))).metrics
    print(json.dumps(metrics.as_json() if metrics else None, indent=2, ensure_ascii=False))
    return 0


def report(options: argparse.Namespace) -> int:
    """Write the report of a case or of a ratings file."""
    from nmt_intake.casework.reports import make_report, report_of
    from nmt_intake.report import Wanted

    if (options.case is None) == (options.ratings is None):
        raise IntakeError("USAGE-002", "", "name either a case or --ratings FILE.", "See --help.")
    bank = chosen_bank(options)
    norms = norms_of(bank)
    wanted = Wanted(
        substance=not options.without_substance,
        safety_words=options.safety_words,
        name=options.pseudonym,
    )
    if options.ratings is not None:
        ratings = read_ratings(read_bytes(options.ratings), options.ratings.name)
        made = report_of(assess_ratings(ratings, norms), wanted=wanted)
    else:
        from nmt_intake.cli.cases import interview_of

        made = make_report(interview_of(options, bank), norms, wanted)
    put_out(made.rendered(options.format), options.out, options.format)
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
