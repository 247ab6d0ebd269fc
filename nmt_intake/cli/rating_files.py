"""`nmt-intake score` and `nmt-intake report`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from nmt_intake.casework.assessment import assess_ratings, norms_of
from nmt_intake.cli.loading import chosen_bank, policy_for, read_bytes
from nmt_intake.errors import IntakeError
from nmt_intake.private_files import write_private_set
from nmt_intake.scoring import ratings_from, read_ratings
from nmt_intake.scoring.ratings import parse
from nmt_intake.text import clean_line


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
    put_out(compose_copy(copy, plan).rendered(options.format), options.out, options.format)
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


def put_out(content: str | bytes, out: Path | None, form: str) -> None:
    """Write to a file, or to standard output (`-`, or none named); a PDF needs a file or a pipe."""
    if out is not None and str(out) != "-":
        put_files({out: content})
    elif isinstance(content, str):
        sys.stdout.write(content)
    elif sys.stdout.isatty():
        raise IntakeError("OUT-002", "", f"a {form} needs a file.", "Add --out FILE.")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def put_files(files: Mapping[Path, str | bytes]) -> None:
    """Write files that only their owner can read, all or none; say where that can't be kept."""
    readable = write_private_set(files)
    if readable:
        print(
            f"nmt-intake: {clean_line(str(readable[0]), 300)}: others may read it: its disk keeps"
            " no permissions. [OUT-003]",
            file=sys.stderr,
        )
