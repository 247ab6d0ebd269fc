"""Checks a bank: what stops it from loading, and what its author should look at again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nmt_intake.bank.checking.activities import check_activities
from nmt_intake.bank.checking.conditions import check_conditions, check_order
from nmt_intake.bank.checking.evidence import check_evidence
from nmt_intake.bank.checking.finding import (
    Finding,
    Subject,
    bank_subject,
    block_subject,
    question_subject,
    rating_subject,
)
from nmt_intake.bank.checking.report import Report, silenced
from nmt_intake.bank.checking.suspects import check_suspects
from nmt_intake.bank.checking.wording import (
    check_keywords,
    check_prefaces,
    check_translations,
    check_words,
)
from nmt_intake.bank.loading import load_sources
from nmt_intake.bank.model import Bank
from nmt_intake.bank.problems import Problem

__all__ = ["Report", "check", "check_folder"]

_CHECKS = (
    check_translations,
    check_words,
    check_prefaces,
    check_keywords,
    check_evidence,
    check_order,
    check_conditions,
    check_suspects,
    check_activities,
)


def check_folder(folder: Path) -> Report:
    """Return everything there is to say about the bank in `folder`.

    Raises `IntakeError` only where there is no bank at all.
    """
    loaded = load_sources(folder)
    bank = loaded.bank
    findings = [*loaded.problems, *(check(bank) if bank else ())]
    return Report(tuple(sorted(findings)), loaded.questions, loaded.blocks)


def check(bank: Bank) -> tuple[Problem, ...]:
    """Return what an author should look at again in a bank that loads, by file and line."""
    findings: list[Finding] = [finding for check_one in _CHECKS for finding in check_one(bank)]
    return tuple(sorted(silenced(findings, _subjects(bank), bank_subject(bank))))


def _subjects(bank: Bank) -> Iterator[Subject]:
    for block in bank.blocks:
        yield block_subject(block)
        for question in block.questions:
            yield question_subject(question, block)
    for rating in bank.ratings:
        yield rating_subject(rating)
    yield bank_subject(bank)
