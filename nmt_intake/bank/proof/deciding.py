"""Who decides goals here: the solver where it is installed, else answers that are tried."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nmt_intake.bank.model import Bank
from nmt_intake.bank.proof import logic
from nmt_intake.bank.proof.goals import Decider, Goal, Verdict
from nmt_intake.bank.proof.prover import Deadline, Prover
from nmt_intake.bank.proof.search import Search

# Enough for 3,000 questions with facts on a slow machine.
BUDGET_SECONDS: Final = 25.0


def decider_for(bank: Bank, deadline: Deadline, witnesses: bool = False) -> Decider:
    """Return who decides goals about a bank; `witnesses` has the solver tell its answers."""
    search = Search(bank, deadline)
    return _Proving(Prover(bank, deadline, witnesses), search) if logic.available() else search


class _Proving:
    """The solver first; for what it cannot decide, answers are tried."""

    def __init__(self, prover: Prover, search: Search) -> None:
        self._prover = prover
        self._search = search

    def decide(self, goals: Sequence[Goal]) -> list[Verdict]:
        """Return a verdict for each goal, in order."""
        found = self._prover.decide(goals)
        for number, verdict in enumerate(found):
            if verdict.outcome == "not found":
                found[number] = self._search.decide((goals[number],))[0]
        return found
