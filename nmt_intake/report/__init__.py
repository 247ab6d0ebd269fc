"""The report: one Markdown document, and from it a page and a paper.

report = compose(interview, ratings, metrics, norms, unconfirmed, Wanted())
report.markdown; to_html(report); to_pdf(report); report.rendered("json")
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Literal, TypeAlias

from nmt_intake.errors import IntakeError
from nmt_intake.report.options import Edition, House, Wanted

if TYPE_CHECKING:
    from nmt_intake.interview.state import Interview
    from nmt_intake.report.disclosure import Copy
    from nmt_intake.report.drawing import Drawing
    from nmt_intake.scoring import Metrics, Norms, Ratings
    from nmt_intake.scoring.planner import Plan

Format: TypeAlias = Literal["md", "html", "pdf", "json"]


@dataclass(frozen=True, slots=True)
class Report:
    """One report: its Markdown, its drawings by name, and its figures as plain data.

    `head` runs over every page of paper; `texts` are the fixed texts that a page needs besides.
    Of the kinds only the clinical one begins with a page that stands alone; `plain` is set larger.
    """

    title: str
    markdown: str
    drawings: Mapping[str, Drawing]
    figures: Mapping[str, object] | None
    language: str = "en"
    head: str = ""
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    house: House = field(default_factory=House)
    kind: Literal["clinical", "plain", "record"] = "clinical"

    def rendered(self, form: Format) -> str | bytes:
        """Return the report as a file of this form holds it; JSON is the metrics, and safety."""
        match form:
            case "md":
                return self.markdown
            case "html":
                return to_html(self)
            case "pdf":
                return to_pdf(self)
            case "json":
                return json.dumps(self.figures, indent=2, ensure_ascii=False) + "\n"


def compose(
    interview: Interview | None,
    ratings: Ratings | None,
    metrics: Metrics | None,
    norms: Norms,
    unconfirmed: frozenset[str] = frozenset(),
    wanted: Wanted | None = None,
    plan: Plan | None = None,
    edition: Edition | None = None,
) -> Report:
    """Return the report of an interview, of ratings, or of both.

    `unconfirmed` are the keys of ratings that are suggestions. Without a `plan` the one that the
    interview's bank and the clinician's choices give is used; ratings alone have none. What
    `wanted` leaves out is left out first, and all that rests on it is worked out again: the
    `metrics` and `plan` that are given count only for a copy that leaves no answers out.
    """
    from nmt_intake.report.disclosure import copy_with_ratings

    wanted = wanted or Wanted()
    copy = copy_with_ratings(interview, ratings, unconfirmed, norms, wanted)
    told_before = not (wanted.tags or wanted.hides_birth)
    return compose_copy(copy, plan if told_before else None, edition)


def compose_copy(copy: Copy, plan: Plan | None = None, edition: Edition | None = None) -> Report:
    """Return the report of a copy: nothing that its policy leaves out has got this far.

    Raises IntakeError (DISCLOSE-004) for the record of a family or a school: it is everything said.
    """
    from nmt_intake.report.context import material
    from nmt_intake.report.document import title, written
    from nmt_intake.report.figures import drawings_of
    from nmt_intake.report.markdown import plain_words

    edition = edition or Edition()
    if edition.length == "record" and copy.policy.reader in ("family", "school"):
        raise IntakeError(
            "DISCLOSE-004", "", f"the record does not go to: {copy.policy.reader}.",
            "Take the report or the summary.",
        )  # fmt: skip
    interview, ratings, metrics = copy.interview, copy.ratings, copy.metrics
    if plan is None and interview is not None and ratings is not None and metrics is not None:
        from nmt_intake.scoring.assessment import Assessment

        assessment = Assessment(copy.norms, ratings, metrics, copy.unconfirmed)
        plan = assessment.plan(interview)
    given = material(
        interview, ratings, metrics, copy.norms, copy.unconfirmed, copy.policy, plan, edition
    )
    markdown = written(given)
    day = interview.client.interviewed if interview else None
    return Report(
        plain_words(title(given)),
        markdown,
        drawings_of(given, markdown),
        _figures(metrics, interview),
        given.language,
        " · ".join(each for each in (given.shown, day or "") if each),
        {code: given.plain(code) for code in ("contents", "page_of")},
        edition.house,
        _kind(copy.policy, edition),
    )


def _kind(policy: Wanted, edition: Edition) -> Literal["clinical", "plain", "record"]:
    if policy.reader in ("family", "school"):
        return "plain"
    return "record" if edition.length == "record" else "clinical"


def _figures(metrics: Metrics | None, interview: Interview | None) -> Mapping[str, object] | None:
    """Return the metrics as plain data; with them, how many safety concerns there are, if any."""
    found = metrics.as_json() if metrics else None
    if interview is None or not interview.safety:
        return found
    counts = {"open": len(interview.open_safety), "of": len(interview.safety)}
    return {**(found or {}), "safety": counts}


def to_html(report: Report) -> str:
    """Return the report as one self-contained HTML page: no scripts, nothing from a network."""
    from nmt_intake.report.html import page

    return page(report)


def to_pdf(report: Report) -> bytes:
    """Return the report as a PDF; raises IntakeError (REPORT-001) without the `pdf` extra."""
    from nmt_intake.report.pdf import paper

    return paper(report)


__all__ = [
    "Edition",
    "Format",
    "House",
    "Report",
    "Wanted",
    "compose",
    "compose_copy",
    "to_html",
    "to_pdf",
]


class _Package(ModuleType):
    """This package, and the function `report` of the public interface: both have one name.

    Python binds a package in its parent when anything in it is imported, so that whoever says
    `from nmt_intake import report` may get either; both can be called.
    """

    def __call__(self, *given: object, **named: object) -> object:
        """Return `casework.scripting.report` of what is given (by name: it lies above)."""
        return import_module("nmt_intake.casework.scripting").report(*given, **named)


sys.modules[__name__].__class__ = _Package
