"""`nmt-intake score` and `nmt-intake report`."""

from __future__ import annotations

import argparse
import json

from nmt_intake.casework.assessment import Assessment, assess_ratings, norms_of
from nmt_intake.cli.loading import chosen_bank, read_bytes
from nmt_intake.cli.output import put_out
from nmt_intake.errors import IntakeError
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
        from nmt_intake.cli.plan import plan_of_file

        ratings, metrics, plan = plan_of_file(options.ratings, bank, norms)
        made = report_of(Assessment(norms, ratings, metrics), wanted=wanted, plan=plan)
    else:
        from nmt_intake.cli.cases import interview_of

        made = make_report(interview_of(options, bank), norms, wanted)
    put_out(made.rendered(options.format), options.out, options.format)
    return 0
