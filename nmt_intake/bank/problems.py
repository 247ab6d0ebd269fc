"""What can be wrong with a bank, told so that its author can mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from nmt_intake.errors import IntakeError

Severity = Literal["error", "warning", "note"]

# Code -> (severity, what it is about). Codes are stable: a test, a search and a colleague can
# point at them, and a question can silence a warning by its code.
CATALOGUE: Final[dict[str, tuple[Severity, str]]] = {
    "BANK-001": ("error", "the file cannot be read"),
    "BANK-002": ("error", "the file is not YAML"),
    "BANK-003": ("error", "the file is too large or too deep"),
    "BANK-004": ("error", "anchors, aliases, tags and merge keys are not allowed"),
    "BANK-005": ("error", "a key stands twice"),
    "BANK-006": ("error", "a value has the wrong type or is missing"),
    "BANK-007": ("error", "a key is not known"),
    "BANK-008": ("error", "bank.yaml is missing or names a block that is not there"),
    "BANK-009": ("warning", "a block file is not named in bank.yaml"),
    "BANK-010": ("error", "an id is used twice"),
    "BANK-011": ("error", "an id has a form that is not allowed"),
    "BANK-012": ("error", "options are missing, or have no codes"),
    "BANK-013": ("error", "a condition cannot be read"),
    "BANK-014": ("error", "a condition names something that is not there"),
    "BANK-015": ("error", "a condition compares things of different kinds"),
    "BANK-016": ("error", "conditions go round in a circle"),
    "BANK-017": ("error", "text uses a fact that is not known here"),
    "BANK-018": ("error", "a rating id is not known"),
    "BANK-019": ("error", "a rule is not well formed"),
    "BANK-020": ("warning", "a condition is always true or never true"),
    "BANK-021": ("warning", "a question can never be asked"),
    "BANK-022": ("warning", "a condition looks forward to a later block"),
    "BANK-023": ("warning", "a rating has too little evidence"),
    "BANK-024": ("warning", "a translation is missing"),
    "BANK-025": ("warning", "text names a diagnosis"),
    "BANK-026": ("warning", "two questions may ask for the same fact"),
    "BANK-027": ("warning", "a sensitive question has no preface"),
    "BANK-028": ("warning", "a rating has no rule, or a rule that cannot be reached"),
    "BANK-029": ("warning", "a question has no keywords"),
    "BANK-030": ("warning", "a finding is silenced without need or without a reason"),
    "BANK-031": ("error", "scoring data are missing or not consistent"),
    "BANK-032": ("error", "an activity is not well formed"),
    "BANK-034": ("warning", "text reads as blame or as leading"),
    "BANK-035": ("error", "a migration names what the bank does not hold"),
    "BANK-036": ("note", "no answer was found that decides a condition, and none was ruled out"),
    "BANK-037": ("warning", "phrases for a question or an option that is not there"),
    "BANK-040": ("error", "the safety file is not well formed"),
    "BANK-041": ("error", "the rules of a plan are not well formed"),
    "BANK-042": ("error", "a persona does not fit the bank"),
    "BANK-043": ("error", "words that danger is heard by are not well formed"),
    "BANK-045": ("warning", "a ladder rates a better answer worse"),
    "BANK-046": ("warning", "evidence that no rule reads"),
    "BANK-047": ("warning", "an answer that nothing reads"),
    "BANK-060": ("warning", "an activity lacks something that a plan needs"),
    "BANK-061": ("warning", "an activity names what context.yaml does not hold"),
    "BANK-062": ("warning", "a function has too few fitting activities at an age"),
    "BANK-063": ("warning", "two activities are nearly the same"),
    "BANK-064": ("warning", "an activity names a study without saying where it is found"),
}

# Codes of findings that are made no more; banks that silence them stay as they are.
RETIRED: Final = frozenset({"BANK-033"})


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding: where it is (file, line, question), what is wrong and what to do."""

    file: str
    line: int
    code: str
    question: str
    message: str
    advice: str

    @property
    def severity(self) -> Severity:
        """`error` stops the bank from loading; `warning` does not; `note` may be nothing at all."""
        return CATALOGUE[self.code][0]

    def __str__(self) -> str:
        subject = f"{self.question}: " if self.question else ""
        return (
            f"{self.file}:{self.line}: {self.code} {subject}{self.message} {self.advice}".rstrip()
        )


class BankError(IntakeError):
    """A bank that cannot be used; `problems` holds everything found, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        first = self.problems[0]
        super().__init__(first.code, f"{first.file}:{first.line}", first.message, first.advice)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)
