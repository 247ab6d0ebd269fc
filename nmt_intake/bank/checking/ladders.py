"""What a check says about ladders of rules: whether they go from worst to best."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from nmt_intake.bank.checking.finding import Finding, rating_subject
from nmt_intake.bank.kinds import KINDS
from nmt_intake.bank.model import Bank, Rating, Rule

# How far a rule may fall back behind the one before it: facts that override a gate do so by two.
_SLACK: Final = 3.0


def check_ladders(bank: Bank) -> Iterator[Finding]:
    """Find ladders whose good answer is rated worst, and rules far out of their order."""
    for rating in bank.ratings:
        yield from _points(bank, rating)
        subject, rules = rating_subject(rating), _rated(rating)
        if len(rules) > 1 and _better(rating, rules[-1]) < _better(rating, rules[0]):
            message = (
                f"its last rule, {rules[-1].id}, rates the best answer worse than the first,"
                f" {rules[0].id}, rates the worst."
            )
            yield subject.finding("BANK-045", message, "Turn the ladder: worst first, best last.")
            continue
        for before, rule in pairwise(rules):
            if _better(rating, rule) < _better(rating, before) - _SLACK:
                message = f"its rule {rule.id} is far worse than {before.id}, which stands before."
                advice = "Look at `suggest`; order the rules from worst to best."
                yield subject.finding("BANK-045", message, advice)


def _points(bank: Bank, rating: Rating) -> Iterator[Finding]:
    """Find answers whose points go up and down: options run from best to worst or back."""
    for sign in rating.points:
        question = bank.questions.get(sign.question)
        if question is None or not question.options or KINDS[question.kind].shape == "codes":
            continue
        # A code without points stands apart, such as "there are none"; but for the first.
        first, *others = question.options
        weights = [sign.points.get(first, 0.0)]
        weights += [sign.points[code] for code in others if code in sign.points]
        if weights not in (sorted(weights), sorted(weights, reverse=True)):
            message = f"the points of {question.id} go up and down along its options."
            advice = "Weigh the worse answer more; reorder the options if they are not in order."
            yield rating_subject(rating).finding("BANK-045", message, advice)


def _rated(rating: Rating) -> tuple[Rule, ...]:
    return tuple(rule for rule in rating.rules if not rule.not_applicable)


def _better(rating: Rating, rule: Rule) -> float:
    """Return the middle of what a rule suggests, so that more is better."""
    middle = (rule.low + rule.high) / 2
    return -middle if rating.id.startswith("adversity.") else middle
