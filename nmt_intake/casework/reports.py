"""The report of an open case, made and written; never called on the screen's own thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nmt_intake.errors import IntakeError
from nmt_intake.interview.state import Interview
from nmt_intake.scoring import Norms, score
from nmt_intake.scoring.suggest import ratings_of

if TYPE_CHECKING:
    from nmt_intake.report import Report


def make_report(interview: Interview, norms: Norms | None) -> Report:
    """Return the report as it stands now; raises IntakeError for a bank without scoring data."""
    # Deferred: the report's parts take 60 ms and only this screen needs them.
    from nmt_intake.report import Wanted, compose

    if norms is None:
        raise IntakeError(
            "DESK-015", "", "This bank has no scoring data.", "Use a bank that has it."
        )
    ratings, unconfirmed = ratings_of(interview, norms)
    metrics = score(ratings, norms) if ratings else None
    return compose(interview, ratings, metrics, norms, unconfirmed, Wanted())


def written_as(report: Report, kind: str) -> str | bytes:
    """Return the report as md, html or pdf; raises IntakeError where the pdf extra is missing."""
    if kind == "md":
        return report.markdown
    from nmt_intake.report import to_html, to_pdf

    return to_html(report) if kind == "html" else to_pdf(report)
