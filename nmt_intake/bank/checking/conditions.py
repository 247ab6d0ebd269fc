"""What a check says about conditions: constant, unreachable, looking forward."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nmt_intake.bank.checking.branches import Branch, Decided
from nmt_intake.bank.checking.finding import (
    Finding,
    Subject,
    block_subject,
    question_subject,
    rating_subject,
)
from nmt_intake.bank.model import Bank, Condition
from nmt_intake.bank.proof.goals import Verdict


def check_conditions(bank: Bank, decided: Sequence[Decided]) -> Iterator[Finding]:
    """Find conditions that decide nothing, and questions and rules that nothing leads to."""
    for rating in bank.ratings:
        if not (rating.rules or rating.points):
            message = "has no rule, so nothing can be suggested for it."
            advice = "Write rules, or say why there are none."
            yield rating_subject(rating).finding("BANK-028", message, advice)
    yield from _Checker(decided).findings()


def check_order(bank: Bank) -> Iterator[Finding]:
    """Find conditions that read what is asked later in the conversation."""
    place = {name: index for index, name in enumerate(bank.questions)}
    for block in bank.blocks:
        later = _later(bank, block.when, block.id)
        yield from _forward(block_subject(block), later)
        for question in block.questions:
            later = _later(bank, question.when, block.id)
            own = [
                name
                for name, _ in (question.when.reads if question.when else ())
                if bank.questions[name].block == block.id and place[name] >= place[question.id]
            ]
            yield from _forward(question_subject(question, block), [*later, *own])


def _later(bank: Bank, condition: Condition | None, block: str) -> list[str]:
    order = {each.id: index for index, each in enumerate(bank.blocks)}
    reads = condition.reads if condition else ()
    return [name for name, _ in reads if order[bank.questions[name].block] > order[block]]


def _forward(subject: Subject, later: Sequence[str]) -> Iterator[Finding]:
    if later:
        message = f"its condition reads {_listed(later)}, asked later."
        yield subject.finding("BANK-022", message, "Ask that first, or move this down.")


class _Checker:
    """Says what the branches of a bank come to."""

    def __init__(self, decided: Sequence[Decided]) -> None:
        self._decided = decided
        self._closed_blocks: set[str] = set()

    def findings(self) -> Iterator[Finding]:
        """Find conditions that decide nothing, and what nothing leads to."""
        for each in self._decided:
            subject = each.branch.subject
            within = subject.within.name if subject.within else ""
            if within in self._closed_blocks:
                continue
            match each.branch.kind:
                case "rule":
                    yield from self._rule(each)
                case "check":
                    yield from self._check(each)
                case _:
                    yield from self._gate(each)

    def _gate(self, each: Decided) -> Iterator[Finding]:
        branch = each.branch
        if each.opens.outcome == "never":
            if branch.kind == "block":
                self._closed_blocks.add(branch.subject.name)
            if each.alone and each.alone.outcome == "never":
                yield _never_true(branch)
            else:
                message = "can never be asked: its gates cannot all be open at once."
                advice = "Look at the conditions it stands behind."
                yield branch.subject.finding("BANK-021", message, advice)
        elif each.alone and each.alone.outcome == "never":
            yield _never_true(branch)
        elif each.opens.outcome == "not found":
            yield _not_found(branch, "opens", each.opens)
        elif each.closes:
            yield from self._closes(branch, each.closes)

    def _closes(self, branch: Branch, closes: Verdict) -> Iterator[Finding]:
        if closes.outcome == "never":
            message = f"its {branch.what} is always true: {branch.text!r}."
            yield branch.subject.finding("BANK-020", message, "Mend it, or leave it out.")
        # That no answer fails a check is no news where only a few were tried.
        elif closes.outcome == "not found" and branch.kind != "check":
            yield _not_found(branch, "closes", closes)

    def _check(self, each: Decided) -> Iterator[Finding]:
        branch = each.branch
        if each.opens.outcome == "never":
            yield _never_true(branch)
        elif each.opens.outcome == "not found":
            yield _not_found(branch, "meets", each.opens)
        elif each.closes:
            yield from self._closes(branch, each.closes)

    def _rule(self, each: Decided) -> Iterator[Finding]:
        branch = each.branch
        if each.opens.outcome == "never":
            message = f"its rule {branch.what} can never be the first that is true."
            advice = "Look at its condition and the order."
            yield branch.subject.finding("BANK-028", message, advice)
            return
        if each.opens.outcome == "not found":
            yield _not_found(branch, "reaches", each.opens)
        always = each.closes is None or each.closes.outcome == "never"
        if always and not branch.last:
            message = f"its rule {branch.what} always holds, so those after it are never read."
            if branch.text:
                message = f"its rule {branch.what} always holds: {branch.text!r}."
            yield branch.subject.finding("BANK-028", message, "Put it last.")


def _never_true(branch: Branch) -> Finding:
    message = f"its {branch.what} is never true: {branch.text!r}."
    return branch.subject.finding("BANK-020", message, "Mend it.")


def _not_found(branch: Branch, verb: str, verdict: Verdict) -> Finding:
    what = f"rule {branch.what}" if branch.kind == "rule" else branch.what
    message = (
        f"an answer that {verb} its {what}: found none among the {verdict.tried} answers tried."
    )
    return branch.subject.finding("BANK-036", message, "Look whether there is one.")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(names))
