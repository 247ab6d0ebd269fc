"""Walks a bank with made-up answers: which questions and gates are reached, and for whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nmt_intake.bank.model import Bank
from nmt_intake.bank.solving.domains import Domains
from nmt_intake.bank.solving.worlds import AGE_FACTS, facts_behind
from nmt_intake.interview.coverage.clients import clients_of, made_up
from nmt_intake.interview.coverage.result import Coverage, coverage_of
from nmt_intake.interview.coverage.walk import Target, Walk, Walker, targets_of
from nmt_intake.interview.values import age_in_words

__all__ = ["Coverage", "cover"]


def cover(bank: Bank, seed: int = 0) -> Coverage:
    """Return what made-up answers reach, for clients of seven ages and informants of each kind.

    Nothing is left to chance: for each question and each side of each gate, answers are searched
    that lead there, and the interview itself says whether they did. What only other ages reach
    (a toddler's questions) is walked with those. `seed` only turns the answers that do not matter,
    so the same bank and seed give the same coverage.
    """
    domains = Domains(bank)
    walks = [Walker(bank, domains, client, seed).walk() for client in clients_of(bank)]
    return coverage_of(bank, [*walks, *_between(bank, domains, walks, seed)])


def _hangs_on_age(bank: Bank, target: Target) -> bool:
    question = bank.questions.get(target.name)
    block = bank.block_by_id[question.block if question else target.name]
    gates = [each.when for each in (block, question) if each and each.when]
    return bool(AGE_FACTS & facts_behind(bank, gates))


def _between(bank: Bank, domains: Domains, walks: Sequence[Walk], seed: int) -> Iterator[Walk]:
    """Yield walks of clients of further ages, as long as they reach what nobody did."""
    reached = frozenset[Target]().union(*(walk.reached for walk in walks))
    left = [
        target
        for target in targets_of(bank)
        if target not in reached and _hangs_on_age(bank, target)
    ]
    for months in domains.ages():
        if not left:
            return
        walker = Walker(bank, domains, made_up(age_in_words(months), months), seed)
        if walker.can_reach(left):
            walk = walker.walk()
            yield walk
            left = [target for target in left if target not in walk.reached]
