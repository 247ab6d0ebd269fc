"""`nmt-intake score` and `nmt-intake report`."""

from __future__ import annotations

import argparse
import json

from nmt_intake.casework.assessment import assess_ratings, norms_of
from nmt_intake.cli.loading import chosen_bank, edition_for, policy_for, read_bytes
from nmt_intake.cli.output import put_out
from nmt_intake.errors import IntakeError
from nmt_intake.scoring import ratings_from, read_ratings
from nmt_intake.scoring.ratings import parse


def score_file(options: argparse.Namespace) -> int:
    """Print the metrics of a ratings file."""
    ratings = read_ratings(read_bytes(options.ratings), options.ratings.name)
    if options.without_substance:
        from nmt_intake.report.disclosure import Policy, disclosed_ratings

        ratings = disclosed_ratings(ratings, Policy(substance=False))
    metrics = assess_ratings(ratings, norms_of(chosen_bank(options))).metrics
    print(json.dumps(metrics.as_json() if metrics else None, indent=2, ensure_ascii=False))
    return 0


def report(options: argparse.Namespace) -> int:
    """Write the report of a case or of a ratings file."""
    from nmt_intake.report import compose_copy
    from nmt_intake.report.disclosure import copy_of, copy_with_ratings

    if (options.case is None) == (options.ratings is None):
        raise IntakeError("USAGE-002", "", "name either a case or --ratings FILE.", "See --help.")
    bank = chosen_bank(options)
    norms = norms_of(bank)
    if options.ratings is not None:
        from nmt_intake.cli.plan import plan_for

        _refuse_for_ratings(options)
        data, name = parse(read_bytes(options.ratings), options.ratings.name), options.ratings.name
        policy = policy_for(options, None)
        copy = copy_with_ratings(None, ratings_from(data, name), frozenset(), norms, policy)
        plan = plan_for(data, name, copy.ratings, copy.metrics, bank, norms, policy)
    else:
        from nmt_intake.cli.cases import interview_of

        interview = interview_of(options, bank)
        copy, plan = copy_of(interview, norms, policy_for(options, interview)), None
    made = compose_copy(copy, plan, edition_for(options, bank))
    put_out(made.rendered(options.format), options.out, options.format)
    return 0


def _refuse_for_ratings(options: argparse.Namespace) -> None:
    """Refuse what can change nothing where there is no interview behind the ratings."""
    for name in ("practice", "safety_words", "without_third_parties", "ages_not_dates"):
        if getattr(options, name):
            raise IntakeError(
                "USAGE-006",
                "",
                f"--{name.replace('_', '-')} says nothing of a file of ratings.",
                "Leave it out.",
            )
