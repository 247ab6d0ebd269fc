"""Whether conditions can come out as wanted, for any client and any answers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from nmt_intake.bank.model import Bank, Condition, ForEach, Question
from nmt_intake.bank.solving.domains import Domains
from nmt_intake.bank.solving.solver import Goal, Solver, TooManySteps
from nmt_intake.bank.solving.worlds import facts_behind, worlds
from nmt_intake.vocabulary import PERIODS


class Reachability:
    """Says whether some client's answers bring about what conditions of one bank ask for."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    @cached_property
    def domains(self) -> Domains:
        """The answers worth trying."""
        return Domains(self._bank)

    def together(self, first: Question, second: Question) -> bool:
        """Whether two questions may both be asked, of the same instance if they repeat."""
        blocks = [self._bank.block_by_id[each.block] for each in (first, second)]
        gates = [each.when for each in (first, second, *blocks) if each.when]
        loops: set[ForEach] = {block.for_each for block in blocks if block.for_each}
        if len(loops) > 1:
            return True
        return self.possible(gates, next(iter(loops), None)) is not False

    def possible(self, gates: Sequence[Condition], loop: ForEach | None) -> bool | None:
        """Return whether all these gates can be open at once; None if it cannot tell."""
        return self.reachable(tuple((gate, True) for gate in gates), loop, gated=True)

    def reachable(
        self,
        wanted: Sequence[tuple[Condition, bool]],
        loop: ForEach | None,
        gated: bool,
        periods: Sequence[str] = PERIODS,
    ) -> bool | None:
        """Return whether conditions can come out so, their questions' own gates open if `gated`."""
        gave_up = False
        conditions = [condition for condition, _ in wanted]
        facts = facts_behind(self._bank, conditions if gated else ()) | {
            fact for condition in conditions for fact in condition.facts
        }
        for world, prefix in worlds(self.domains, facts, loop, periods):
            goals = [Goal(condition, prefix, truth) for condition, truth in wanted]
            try:
                if Solver(self._bank, self.domains, world, gated).solve(goals) is not None:
                    return True
            except TooManySteps:
                gave_up = True
        return None if gave_up else False
