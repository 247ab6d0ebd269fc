"""What is asked of every condition of a bank, decided together: can it open, can it close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from nmt_intake.bank.checking.finding import (
    Subject,
    block_subject,
    question_subject,
    rating_subject,
)
from nmt_intake.bank.model import Bank, Block, Condition, ForEach, Question, Rating, Rule
from nmt_intake.bank.proof.bounds import speaks_of_silence
from nmt_intake.bank.proof.goals import Aim, Decider, Goal, Verdict, Wish, asked, check_condition
from nmt_intake.bank.truth import Tree
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
    # Both sides of a gate at once: they are about the same answers.
    sides = [goal for each in branches for goal in (each.opens, each.closes)]
    verdicts = _each(decider, sides)
    opens = [verdicts[2 * number] for number in range(len(branches))]
    unopened = [
        each.alone if verdict.outcome in ("never", "not found") else None
        for each, verdict in zip(branches, opens, strict=True)
    ]
    alone = _each(decider, unopened)
    return [
        Decided(each, verdict, verdicts.get(2 * number + 1), alone.get(number))
        for number, (each, verdict) in enumerate(zip(branches, opens, strict=True))
    ]


def _each(decider: Decider, goals: Sequence[Goal | None]) -> dict[int, Verdict]:
    """Return the verdicts on the goals that there are, by their place."""
    numbers = [number for number, goal in enumerate(goals) if goal]
    verdicts = decider.decide([goal for goal in goals if goal])
    return dict(zip(numbers, verdicts, strict=True))


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
            expect = check.expect
            opposite: Tree = ("not", expect.tree)
            negated = Condition(expect.text, opposite, expect.reads, expect.facts)
            holds, fails = (Goal((Aim(each),), block.for_each) for each in (expect, negated))
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
        closes=Goal((Aim(condition, _never_of_use(condition), kinds),), loop),
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
    earlier: list[Aim] = []
    for index, rule in enumerate(rating.rules):
        own = (Aim(rule.when),) if rule.when else ()
        yield Branch(
            "rule",
            rating_subject(rating),
            rule.id,
            rule.when.text if rule.when else "",
            Goal((*own, *earlier), loop, periods=periods),
            closes=_closing(rule, loop, periods),
            last=index + 1 == len(rating.rules),
        )
        if rule.when is None:
            return
        earlier.append(Aim(rule.when, "not open"))


def _closing(rule: Rule, loop: ForEach | None, periods: tuple[str, ...]) -> Goal | None:
    if rule.when is None:
        return None
    return Goal((Aim(rule.when, _never_of_use(rule.when)),), loop, periods=periods)


def _never_of_use(condition: Condition) -> Wish:
    """Return what a condition that is always true never comes to.

    Answers that are still to come leave it pending, and that decides nothing. But where it asks if
    something was answered, it waits on purpose: then it must be open whatever was said.
    """
    return "not open" if speaks_of_silence((condition,)) else "closed"


def together(bank: Bank, first: Question, second: Question) -> Goal | None:
    """Return the goal that two questions are both asked, of one instance if they repeat.

    None where they are repeated over different things: then nothing keeps them apart.
    """
    blocks: list[Block] = [bank.block_by_id[each.block] for each in (first, second)]
    if len({block.for_each for block in blocks if block.for_each}) > 1:
        return None
    return asked(first, blocks[0], (second, blocks[1]))
