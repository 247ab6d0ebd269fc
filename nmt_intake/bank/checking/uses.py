"""What a check says of answers that nothing reads: evidence without a rule, no use at all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

from nmt_intake.bank.checking.finding import Finding, question_subject
from nmt_intake.bank.model import Bank, Condition, Question

_CLOSED: Final = frozenset({"choice", "choices", "yes_no", "scale"})
# Words are for whoever reads them; these need no rule to be of use.
_WORDS: Final = frozenset({"text", "person"})


def check_uses(bank: Bank) -> Iterator[Finding]:
    """Find closed questions whose evidence no rule reads, and questions that nothing reads.

    A bank without ratings has nothing to read them: there is nothing to find.
    """
    if not bank.ratings:
        return
    by_rating: dict[str, set[str]] = {}
    for rating in bank.ratings:
        if not (rating.rules or rating.points):
            continue  # said apart, of the rating
        by_rating.setdefault(rating.id, set()).update(rating.reads)
    read = {name for each in by_rating.values() for name in each}
    read |= {name for condition in _conditions(bank) for name, _ in condition.reads}
    for block in bank.blocks:
        for question in block.questions:
            subject = question_subject(question, block)
            for rating in _unread(question, by_rating):
                message = f"is evidence for {rating}, and no rule of it reads the answer."
                advice = "Give its codes points there, or take it out of evidence_for."
                yield subject.finding("BANK-046", message, advice)
            if question.id not in read and not _is_used(question):
                message = "is read by no rule, gate, check, fact, plan or section of the report."
                advice = "Let something read it, or silence this with the reason why it is asked."
                yield subject.finding("BANK-047", message, advice)


def _unread(question: Question, by_rating: dict[str, set[str]]) -> Iterator[str]:
    if question.kind not in _CLOSED:
        return
    for evidence in question.evidence_for:
        rating = evidence.rpartition("/")[2]
        if rating in by_rating and question.id not in by_rating[rating]:
            yield rating


def _is_used(question: Question) -> bool:
    """Whether the question itself says what its answer is for."""
    marks = (question.evidence_for, question.safety, question.tags, question.fact)
    return (
        question.kind in _WORDS
        or question.hidden
        or question.names_this
        or question.refer is not None
        or any(column.safety for column in question.columns)
        or any(marks)
    )


def _conditions(bank: Bank) -> Iterator[Condition]:
    for block in bank.blocks:
        for question in block.questions:
            checks = (question.soft_check, question.hard_check)
            yield from chain(
                (question.when,) if question.when else (),
                (check.expect for check in checks if check),
            )
        yield from (check.expect for check in block.checks)
        if block.when:
            yield block.when
    yield from (park.when for park in bank.park)
