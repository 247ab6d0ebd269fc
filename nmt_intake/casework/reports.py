"""The report of a case, with the options that every face has; and written to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nmt_intake.casework.cases import Casework
from nmt_intake.casework.session import Session
from nmt_intake.errors import IntakeError
from nmt_intake.interview.state import Interview
from nmt_intake.private_files import write_private
from nmt_intake.scoring import Norms
from nmt_intake.scoring.assessment import Assessment, assess
from nmt_intake.store.sealed.audit import Action

if TYPE_CHECKING:
    from nmt_intake.report import Format, Report
    from nmt_intake.report.options import Edition, Wanted
    from nmt_intake.scoring.planner import Plan


def make_report(
    interview: Interview,
    norms: Norms | None,
    wanted: Wanted | None = None,
    edition: Edition | None = None,
) -> Report:
    """Return the report of an interview as it stands now, with what its reader may see.

    Raises IntakeError (DESK-015) for a bank without scoring data.
    """
    if norms is None:
        what = "This bank has no scoring data."
        raise IntakeError("DESK-015", "", what, "Use a bank that has it.")
    return report_of(assess(interview, norms), interview, wanted, edition=edition)


def report_of(
    assessment: Assessment,
    interview: Interview | None = None,
    wanted: Wanted | None = None,
    plan: Plan | None = None,
    edition: Edition | None = None,
) -> Report:
    """Return the report of an assessment: of an interview, or of ratings alone.

    Without a `plan` the one that the interview's bank and decisions give is used.
    """
    # Deferred: the report's parts take 60 ms and only this needs them.
    from nmt_intake.report import compose

    return compose(
        interview,
        assessment.ratings,
        assessment.metrics,
        assessment.norms,
        assessment.unconfirmed,
        wanted,
        plan,
        edition,
    )


def save_report(
    casework: Casework, session: Session, report: Report, form: Format, path: Path
) -> None:
    """Write a case's report to a file for its owner alone, and note that in the audit.

    Raises IntakeError: OUT-001 where it can't be written, REPORT-001 without the pdf extra.
    """
    content = report.rendered(form)
    write_private(path, content)
    casework.note(Action.PRINTED, session.file.case_id)


__all__ = ["make_report", "report_of", "save_report"]
