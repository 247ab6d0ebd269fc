"""Checks a bank: what stops it from loading, and what its author should look at again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from nmt_intake.bank.assembling import Loaded
from nmt_intake.bank.checking.activities import check_activities
from nmt_intake.bank.checking.branches import Decided, decided_branches, together
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
from nmt_intake.bank.checking.ladders import check_ladders
from nmt_intake.bank.checking.report import Report, Witnessed, silenced
from nmt_intake.bank.checking.suspects import Suspects, check_suspects, suspects
from nmt_intake.bank.checking.uses import check_uses
from nmt_intake.bank.checking.wording import (
    check_keywords,
    check_prefaces,
    check_translations,
    check_words,
)
from nmt_intake.bank.hearing import FOLDER, read_heard
from nmt_intake.bank.loading import load_sources
from nmt_intake.bank.model import Bank
from nmt_intake.bank.problems import Problem
from nmt_intake.bank.proof.deciding import BUDGET_SECONDS, decider_for
from nmt_intake.bank.proof.prover import Deadline
from nmt_intake.bank.safety_file import read_safety

__all__ = ["Report", "Witnessed", "check", "check_folder", "check_loaded", "checked"]

_CHECKS = (
    check_translations,
    check_words,
    check_prefaces,
    check_keywords,
    check_evidence,
    check_order,
    check_activities,
    check_ladders,
    check_uses,
)


def check_folder(folder: Path, budget: float = BUDGET_SECONDS, witnesses: bool = False) -> Report:
    """Return everything there is to say about the bank in `folder`.

    Conditions are decided for `budget` seconds; with `witnesses` the report holds answers for every
    branch. Raises `IntakeError` only where there is no bank at all.
    """
    return check_loaded(load_sources(folder), folder, Deadline(budget), witnesses)


def check_loaded(
    loaded: Loaded, folder: Path, deadline: Deadline, witnesses: bool = False
) -> Report:
    """Return the report on a bank whose sources were read from `folder`."""
    beside = [*read_safety(folder)[1], *read_heard(folder / FOLDER).problems]
    if loaded.bank is None:
        problems = tuple(sorted((*loaded.problems, *beside)))
        return Report(problems, loaded.questions, loaded.blocks)
    report = checked(loaded.bank, deadline, witnesses)
    findings = tuple(sorted((*loaded.problems, *beside, *report.findings)))
    return replace(report, findings=findings)


def check(bank: Bank) -> tuple[Problem, ...]:
    """Return what an author should look at again in a bank that loads, by file and line."""
    return checked(bank, Deadline(BUDGET_SECONDS)).findings


def checked(bank: Bank, deadline: Deadline, witnesses: bool = False) -> Report:
    """Return the report on a bank that loads."""
    decider = decider_for(bank, deadline, witnesses)
    branches = decided_branches(bank, decider)
    alike = suspects(bank, decider)
    findings: list[Finding] = [
        *(finding for check_one in _CHECKS for finding in check_one(bank)),
        *check_conditions(bank, branches),
        *check_suspects(bank, alike),
    ]
    kept = tuple(sorted(silenced(findings, _subjects(bank), bank_subject(bank))))
    return Report(
        kept,
        len(bank.questions),
        len(bank.blocks),
        not_finished=tuple(_not_finished(branches, alike)),
        witnessed=tuple(_witnessed(bank, branches, alike)) if witnesses else (),
    )


def _not_finished(branches: Sequence[Decided], alike: Sequence[Suspects]) -> Iterator[str]:
    for each in branches:
        verdicts = (each.opens, each.closes, each.alone)
        if any(verdict and verdict.outcome == "not finished" for verdict in verdicts):
            yield each.branch.name
    for pair in alike:
        if pair.both.outcome == "not finished":
            yield f"{pair.second.id} beside {pair.first.id}"


def _witnessed(
    bank: Bank, branches: Sequence[Decided], alike: Sequence[Suspects]
) -> Iterator[Witnessed]:
    for each in branches:
        if each.opens.witness and each.branch.kind != "check":
            yield Witnessed(each.branch.name, each.branch.opens, each.opens.witness)
    for pair in alike:
        goal = together(bank, pair.first, pair.second)
        if goal and pair.both.witness:
            name = f"BANK-026 {pair.second.id} {pair.first.id}"
            yield Witnessed(name, goal, pair.both.witness)


def _subjects(bank: Bank) -> Iterator[Subject]:
    for block in bank.blocks:
        yield block_subject(block)
        for question in block.questions:
            yield question_subject(question, block)
    for rating in bank.ratings:
        yield rating_subject(rating)
    yield bank_subject(bank)
