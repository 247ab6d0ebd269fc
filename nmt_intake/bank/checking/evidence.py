"""What a check says about ratings: whether enough was asked for each, in each period."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nmt_intake.bank.checking.finding import Finding, rating_subject
from nmt_intake.bank.model import Bank, Question, Rating
from nmt_intake.vocabulary import PERIODS

_LEAST: Final = 2


def check_evidence(bank: Bank) -> Iterator[Finding]:
    """Find ratings with fewer than two evidence questions, in any period they apply to."""
    for rating in bank.ratings:
        thin = [
            (period, count)
            for period in periods_of(rating)
            if (count := len(evidence_of(bank, rating, period))) < _LEAST
        ]
        if thin:
            where = ", ".join(
                f"{_COUNTS[count]} in {period}" if period else _COUNTS[count]
                for period, count in thin
            )
            message = f"has too few questions as evidence: {where}."
            advice = f"Name it in evidence_for of {_LEAST} questions or more."
            yield rating_subject(rating).finding("BANK-023", message, advice)


_COUNTS: Final = ("none", "only one")


def periods_of(rating: Rating) -> tuple[str | None, ...]:
    """Return the periods a rating applies to, or (None,) for one that has no periods."""
    if rating.id.partition(".")[0] in ("functions", "relationships"):
        return (None,)
    return rating.periods or PERIODS


def evidence_of(bank: Bank, rating: Rating, period: str | None) -> tuple[Question, ...]:
    """Return the questions that are evidence for a rating in a period."""
    if period is None:
        return bank.evidence.get(rating.id, ())
    in_period = [
        question
        for question in bank.evidence.get(f"*/{rating.id}", ())
        if _may_be_asked(bank, question, period)
    ]
    return (*in_period, *bank.evidence.get(f"{period}/{rating.id}", ()))


def _may_be_asked(bank: Bank, question: Question, period: str) -> bool:
    """Whether neither its block's condition nor its own is closed by the period alone."""
    from nmt_intake.bank.truth import Answers

    prefix = f"{period}/"
    block = bank.block_by_id[question.block]
    conditions = [each for each in (block.when, question.when) if each]
    return all(condition(Answers(), prefix) is not False for condition in conditions)
