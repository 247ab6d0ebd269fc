"""The findings about a bank, silenced where the author said why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nmt_intake.bank.checking.finding import Finding, Subject
from nmt_intake.bank.problems import RETIRED, Problem
from nmt_intake.bank.proof.goals import Goal, Witness


@dataclass(frozen=True, slots=True)
class Witnessed:
    """Answers that are said to bring a goal about; whoever shows them plays them first."""

    name: str
    goal: Goal
    witness: Witness


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found in a bank, by file and line, and how many questions and blocks it has.

    `not_finished` names what was not decided when the time was spent.
    """

    findings: tuple[Problem, ...]
    questions: int
    blocks: int
    not_finished: tuple[str, ...] = ()
    witnessed: tuple[Witnessed, ...] = ()

    @property
    def errors(self) -> int:
        """How many findings stop the bank from loading."""
        return sum(finding.severity == "error" for finding in self.findings)

    def as_json(self) -> dict[str, object]:
        """Return the report as the JSON object that `bank check --json` prints.

        `not_finished` is there only if something was not decided in time.
        """
        record: dict[str, object] = {
            "findings": [_record(finding) for finding in self.findings],
            "questions": self.questions,
            "blocks": self.blocks,
        }
        if self.not_finished:
            record["not_finished"] = list(self.not_finished)
        return record

    @property
    def to_mend(self) -> int:
        """How many findings are more than notes."""
        return sum(finding.severity != "note" for finding in self.findings)


def _record(finding: Problem) -> dict[str, str | int]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": finding.file,
        "line": finding.line,
        "question": finding.question,
        "message": finding.message,
        "advice": finding.advice,
    }


def silenced(
    findings: Iterable[Finding], subjects: Iterable[Subject], whole: Subject
) -> list[Problem]:
    """Return the problems that no subject silences, and the silences that serve nothing.

    What `whole`, the bank itself, silences is silenced everywhere.
    """
    kept: list[Problem] = []
    used: set[tuple[str, str]] = set()
    for finding in findings:
        code = finding.problem.code
        silencer = next((each for each in (*_around(finding), whole) if code in each.silence), None)
        if silencer is None:
            kept.append(finding.problem)
        else:
            used.add((silencer.file + silencer.name, code))
    return kept + [problem for subject in subjects for problem in _idle(subject, used)]


def _around(finding: Finding) -> Iterator[Subject]:
    """Yield what a finding is about, and what that stands in, outwards."""
    subject: Subject | None = finding.subject
    while subject:
        yield subject
        subject = subject.within


def _idle(subject: Subject, used: set[tuple[str, str]]) -> list[Problem]:
    found: list[Problem] = []
    for code, reason in subject.silence.items():
        if code in RETIRED:
            continue
        if (subject.file + subject.name, code) not in used:
            message = f"silences {code}, and there is nothing to silence."
            found.append(subject.finding("BANK-030", message, "Take the line out.").problem)
        elif not reason.strip():
            message = f"silences {code} without a reason."
            found.append(subject.finding("BANK-030", message, "Write the reason.").problem)
    return found
