"""What is asked of every condition of a bank, decided together: can it open, can it close."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from nmt_intake.bank.checking.finding import (
    Subject,
    block_subject,
    question_subject,
    rating_subject,
)
from nmt_intake.bank.model import Bank, Block, Condition, ForEach, Question, Rating, Rule
from nmt_intake.bank.proof.goals import Aim, Decider, Goal, Verdict, asked, check_condition
from nmt_intake.vocabulary import PERIODS

Kind = Literal["block", "question", "rule", "check"]
_BY_PERIOD: Final = ("adversity", "relational")


@dataclass(frozen=True, slots=True)
class Branch:
    """One condition: what it belongs to, and the goals that it opens, and that it closes.

    `alone` asks whether its own words can be true, whatever may be asked. `what` names it within
    its subject: `condition`, `soft_check`, or a rule's id. `last`: nothing comes after this rule.
    """

    kind: Kind
    subject: Subject
    what: str
    text: str
    opens: Goal
    closes: Goal | None = None
    alone: Goal | None = None
    last: bool = False

    @property
    def name(self) -> str:
        """The name of the branch: a question's id, or a rating and its rule."""
        return f"{self.subject.name} {self.what}" if self.kind == "rule" else self.subject.name


@dataclass(frozen=True, slots=True)
class Decided:
    """A branch and what was found out about it; `alone` only where it does not open."""

    branch: Branch
    opens: Verdict
    closes: Verdict | None
    alone: Verdict | None


def decided_branches(bank: Bank, decider: Decider) -> list[Decided]:
    """Return every branch of a bank with what was found out about it."""
    branches = list(branches_of(bank))
    opens = decider.decide([each.opens for each in branches])
    closing = [each for each in branches if each.closes]
    closes = dict(
        zip(map(id, closing), decider.decide([_sure(each.closes) for each in closing]), strict=True)
    )
    unopened = [
        each
        for each, verdict in zip(branches, opens, strict=True)
        if verdict.outcome in ("never", "not found") and each.alone
    ]
    alone = dict(
        zip(
            map(id, unopened), decider.decide([_sure(each.alone) for each in unopened]), strict=True
        )
    )
    return [
        Decided(each, verdict, closes.get(id(each)), alone.get(id(each)))
        for each, verdict in zip(branches, opens, strict=True)
    ]


def _sure(goal: Goal | None) -> Goal:
    if goal is None:
        raise ValueError("no goal")
    return goal


def branches_of(bank: Bank) -> Iterator[Branch]:
    """Yield every branch: gates of blocks and questions, checks, rules of ratings."""
    for block in bank.blocks:
        if block.when:
            gate = Goal((Aim(block.when),), block.for_each)
            yield _gate("block", block_subject(block), block.when, gate, block.for_each)
        for question in block.questions:
            subject = question_subject(question, block)
            if question.when:
                opens = asked(question, block)
                yield _gate("question", subject, question.when, opens, block.for_each, question)
            yield from _checks(question, subject)
        for check in block.checks:
            what = f"check {check.id.rpartition('.')[2]}"
            negated = Condition(
                check.expect.text,
                ("not", check.expect.tree),
                check.expect.reads,
                check.expect.facts,
            )
            holds, fails = (Goal((Aim(each),), block.for_each) for each in (check.expect, negated))
            yield Branch("check", block_subject(block), what, check.expect.text, holds, fails)
    for rating in bank.ratings:
        yield from _rules(rating)


def _gate(
    kind: Kind,
    subject: Subject,
    condition: Condition,
    opens: Goal,
    loop: ForEach | None,
    question: Question | None = None,
) -> Branch:
    kinds = question.informants if question else ()
    return Branch(
        kind,
        subject,
        "condition",
        condition.text,
        opens,
        closes=Goal((Aim(condition, "closed", kinds),), loop),
        alone=Goal((Aim(condition, "open", kinds),), loop, gated=False),
    )


def _checks(question: Question, subject: Subject) -> Iterator[Branch]:
    for what, check in (("soft_check", question.soft_check), ("hard_check", question.hard_check)):
        if check is not None:
            loose = question.id if what == "hard_check" else ""
            holds, fails = (
                Goal((Aim(each),), question.for_each, loose=loose)
                for each in (
                    check_condition(check, question, opposite=False),
                    check_condition(check, question, opposite=True),
                )
            )
            yield Branch("check", subject, what, check.expect.text, holds, fails)


def _rules(rating: Rating) -> Iterator[Branch]:
    loop: ForEach | None = "period" if rating.id.partition(".")[0] in _BY_PERIOD else None
    periods = rating.periods or PERIODS
    earlier: list[Condition] = []
    for index, rule in enumerate(rating.rules):
        own = (Aim(rule.when),) if rule.when else ()
        yield Branch(
            "rule",
            rating_subject(rating),
            rule.id,
            rule.when.text if rule.when else "",
            Goal(own, loop, none=tuple(earlier), periods=periods),
            closes=_closing(rule, loop, periods),
            last=index + 1 == len(rating.rules),
        )
        if rule.when is None:
            return
        earlier.append(rule.when)


def _closing(rule: Rule, loop: ForEach | None, periods: tuple[str, ...]) -> Goal | None:
    return Goal((Aim(rule.when, "closed"),), loop, periods=periods) if rule.when else None


def together(bank: Bank, first: Question, second: Question) -> Goal | None:
    """Return the goal that two questions are both asked, of one instance if they repeat.

    None where they are repeated over different things: then nothing keeps them apart.
    """
    blocks: list[Block] = [bank.block_by_id[each.block] for each in (first, second)]
    if len({block.for_each for block in blocks if block.for_each}) > 1:
        return None
    return asked(first, blocks[0], (second, blocks[1]))
