"""What a check notes about a bank, before silencing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nmt_intake.bank.model import Bank, Block, Question, Rating
from nmt_intake.bank.problems import Problem


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about, where it stands, and which findings it silences itself.

    `within` is the subject around it (a question's block), whose silence covers it too.
    """

    file: str
    line: int
    name: str
    silence: Mapping[str, str]
    within: Subject | None = None

    def finding(self, code: str, message: str, advice: str) -> Finding:
        """Return a finding about this subject."""
        return Finding(self, Problem(self.file, self.line, code, self.name, message, advice))


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem and the subject that may silence it."""

    subject: Subject
    problem: Problem


def bank_subject(bank: Bank) -> Subject:
    """Return the bank itself; what it silences is silenced everywhere in it."""
    return Subject("bank.yaml", 1, "", bank.silence)


def block_subject(block: Block) -> Subject:
    """Return a block as the subject of findings."""
    return Subject(block.file, block.line, block.id, block.silence)


def question_subject(question: Question, block: Block) -> Subject:
    """Return a question as the subject of findings; its block's silence covers it."""
    around = block_subject(block)
    return Subject(block.file, question.line, question.id, question.silence, around)


def rating_subject(rating: Rating) -> Subject:
    """Return a rating as the subject of findings."""
    return Subject(rating.file, rating.line, rating.id, rating.silence)
