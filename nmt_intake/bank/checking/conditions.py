"""What a check says about conditions: constant, unreachable, looking forward."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nmt_intake.bank.checking.finding import (
    Finding,
    Subject,
    block_subject,
    question_subject,
    rating_subject,
)
from nmt_intake.bank.checking.reachability import Reachability
from nmt_intake.bank.model import Bank, Block, Condition, ForEach, Question, Rating
from nmt_intake.vocabulary import PERIODS


def check_conditions(bank: Bank) -> Iterator[Finding]:
    """Find conditions that decide nothing, and questions and rules that nothing leads to."""
    checker = _Checker(bank)
    for block in bank.blocks:
        yield from checker.block(block)
    for rating in bank.ratings:
        yield from checker.rating(rating)


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
    """Tries answers on the conditions of one bank."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._reachability = Reachability(bank)

    def block(self, block: Block) -> Iterator[Finding]:
        """Find what is wrong with the conditions of a block and its questions."""
        subject = block_subject(block)
        if block.when:
            yield from self._constant(subject, block.when, block.for_each)
            if self._reachability.possible((block.when,), block.for_each) is False:
                return
        for question in block.questions:
            yield from self._question(question, block)

    def _question(self, question: Question, block: Block) -> Iterator[Finding]:
        if question.when is None:
            return
        subject = question_subject(question, block)
        constant = list(self._constant(subject, question.when, block.for_each))
        yield from constant
        gates = tuple(each for each in (block.when, question.when) if each)
        if not constant and self._reachability.possible(gates, block.for_each) is False:
            message = "can never be asked: its gates cannot all be open at once."
            yield subject.finding("BANK-021", message, "Look at the conditions it stands behind.")

    def _constant(
        self, subject: Subject, condition: Condition, loop: ForEach | None
    ) -> Iterator[Finding]:
        for wanted, never in ((True, "is never true"), (False, "is always true")):
            # What waits for a question that is not always asked is no constant.
            if not wanted and any(self._bank.questions[name].when for name, _ in condition.reads):
                return
            if self._reachability.reachable(((condition, wanted),), loop, gated=False) is False:
                message = f"its condition {never}: {condition.text!r}."
                advice = "Mend it." if wanted else "Mend it, or leave it out."
                yield subject.finding("BANK-020", message, advice)
                return

    def rating(self, rating: Rating) -> Iterator[Finding]:
        """Find ratings that nothing suggests, and rules that others leave nothing for."""
        subject = rating_subject(rating)
        if not rating.rules:
            message = "has no rule, so nothing can be suggested for it."
            yield subject.finding("BANK-028", message, "Write rules, or say why there are none.")
        loop: ForEach | None = (
            "period" if rating.id.partition(".")[0] in ("adversity", "relational") else None
        )
        earlier: list[tuple[Condition, bool]] = []
        for index, rule in enumerate(rating.rules):
            own = [(rule.when, True)] if rule.when else []
            if (
                self._reachability.reachable(
                    (*own, *earlier), loop, True, rating.periods or PERIODS
                )
                is False
            ):
                message = f"its rule {rule.id} can never be the first that is true."
                yield subject.finding("BANK-028", message, "Look at its condition and the order.")
            if rule.when is None:
                if index + 1 < len(rating.rules):
                    message = f"its rule {rule.id} always holds, so those after it are never read."
                    yield subject.finding("BANK-028", message, "Put it last.")
                return
            earlier.append((rule.when, False))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(names))
