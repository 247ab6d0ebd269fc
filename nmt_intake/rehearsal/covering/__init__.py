"""Walks a bank with made-up answers: which questions and gates are reached, and for whom."""

from __future__ import annotations

from nmt_intake.bank.model import Bank
from nmt_intake.bank.solving.domains import Domains
from nmt_intake.rehearsal.covering.clients import clients_of
from nmt_intake.rehearsal.covering.coverage import Coverage, coverage_of
from nmt_intake.rehearsal.covering.walking import Walker

__all__ = ["Coverage", "cover"]


def cover(bank: Bank, seed: int = 0) -> Coverage:
    """Return what made-up answers reach, for clients of seven ages and informants of each kind.

    Nothing is left to chance: for each question and each side of each gate, answers are searched
    that lead there, and the interview itself says whether they did. `seed` only turns the answers
    that do not matter, so the same bank and seed give the same coverage.
    """
    domains = Domains(bank)
    walks = [Walker(bank, domains, client, seed).walk() for client in clients_of(bank)]
    return coverage_of(bank, walks)
