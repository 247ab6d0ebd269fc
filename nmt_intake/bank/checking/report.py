"""The findings about a bank, silenced where the author said why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nmt_intake.bank.checking.finding import Finding, Subject
from nmt_intake.bank.problems import Problem


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found in a bank, by file and line, and how many questions and blocks it has."""

    findings: tuple[Problem, ...]
    questions: int
    blocks: int

    @property
    def errors(self) -> int:
        """How many findings stop the bank from loading."""
        return sum(finding.severity == "error" for finding in self.findings)

    def as_json(self) -> dict[str, object]:
        """Return the report as the JSON object that `bank check --json` prints."""
        return {
            "findings": [_record(finding) for finding in self.findings],
            "questions": self.questions,
            "blocks": self.blocks,
        }


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


def silenced(findings: Iterable[Finding], subjects: Iterable[Subject]) -> list[Problem]:
    """Return the problems that no subject silences, and the silences that serve nothing."""
    kept: list[Problem] = []
    used: set[tuple[str, str]] = set()
    for finding in findings:
        subject: Subject | None = finding.subject
        while subject and finding.problem.code not in subject.silence:
            subject = subject.within
        if subject is None:
            kept.append(finding.problem)
        else:
            used.add((subject.file + subject.name, finding.problem.code))
    return kept + [problem for subject in subjects for problem in _idle(subject, used)]


def _idle(subject: Subject, used: set[tuple[str, str]]) -> list[Problem]:
    found: list[Problem] = []
    for code, reason in subject.silence.items():
        if (subject.file + subject.name, code) not in used:
            message = f"silences {code}, and there is nothing to silence."
            found.append(subject.finding("BANK-030", message, "Take the line out.").problem)
        elif not reason.strip():
            message = f"silences {code} without a reason."
            found.append(subject.finding("BANK-030", message, "Write the reason.").problem)
    return found
