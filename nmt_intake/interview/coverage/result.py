"""What a bank's made-up walks have reached, to be read by a person or a program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nmt_intake.bank.model import Bank
from nmt_intake.interview.coverage.walk import Side, Target, Walk, targets_of

_WHY = {
    "age": "closed by the client's age or period",
    "informant": "meant for other informants",
    "answers": "no answers lead there",
}


_SIDES: tuple[tuple[Side, Side], ...] = (("open", "closed"), ("closed", "open"))


@dataclass(frozen=True, slots=True)
class ClientCoverage:
    """What one client and informant reached; `not_asked` counts the questions by reason."""

    age: str
    informant: str
    asked: int
    gates_both_ways: int
    not_asked: Mapping[str, int]
    missed: tuple[str, ...]
    walks: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What all walks together reached.

    `never_asked` maps questions to the reason; `one_way` gates that no answers turn, with the side
    they stand on; `missed` what answers should reach and did not.
    """

    questions: int
    asked: int
    gates: int
    gates_both_ways: int
    clients: tuple[ClientCoverage, ...]
    never_asked: Mapping[str, str]
    one_way: Mapping[str, str]
    missed: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every question was asked of somebody, and every gate turned that can be."""
        return not self.never_asked and not self.missed

    def as_json(self) -> dict[str, object]:
        """Return the coverage as the JSON object that `bank cover --json` prints."""
        return {
            "questions": self.questions,
            "asked": self.asked,
            "gates": self.gates,
            "gates_both_ways": self.gates_both_ways,
            "complete": self.complete,
            "never_asked": [
                {"question": name, "why": why} for name, why in self.never_asked.items()
            ],
            "one_way": [{"gate": name, "side": side} for name, side in self.one_way.items()],
            "missed": list(self.missed),
            "clients": [
                {
                    "age": each.age,
                    "informant": each.informant,
                    "asked": each.asked,
                    "gates_both_ways": each.gates_both_ways,
                    "not_asked": dict(each.not_asked),
                    "missed": list(each.missed),
                    "walks": each.walks,
                }
                for each in self.clients
            ],
        }

    def lines(self) -> Iterator[str]:
        """Yield the coverage as lines to read."""
        yield f"{self.asked} of {self.questions} questions were asked."
        yield f"{self.gates_both_ways} of {self.gates} gates stood open and closed."
        yield f"{'client':<10}{'informant':<14}{'asked':>6}{'gates both ways':>17}  not asked"
        for each in self.clients:
            why = "; ".join(f"{count} {reason}" for reason, count in each.not_asked.items())
            told = f"{each.age:<10}{each.informant:<14}{each.asked:>6}{each.gates_both_ways:>17}"
            yield f"{told}  {why}"
        for name, why in self.never_asked.items():
            yield f"never asked: {name}: {why}"
        for name, side in self.one_way.items():
            yield f"only ever {side}: the gate of {name}"
        for name in self.missed:
            yield f"not reached: {name}"


def coverage_of(bank: Bank, walks: Sequence[Walk]) -> Coverage:
    """Return what these walks together reached."""
    targets = tuple(targets_of(bank))
    reached = frozenset[Target]().union(*(walk.reached for walk in walks))
    asked = [each for each in targets if each.side == "asked"]
    gates = [each.name for each in targets if each.side == "open"]
    return Coverage(
        questions=len(asked),
        asked=sum(each in reached for each in asked),
        gates=len(gates),
        gates_both_ways=_both_ways(gates, reached),
        clients=tuple(_of_client(bank, walk, gates) for walk in walks),
        never_asked={each.name: _why(walks, each) for each in asked if each not in reached},
        one_way={
            name: side
            for name in gates
            for side, other in _SIDES
            if Target(name, side) in reached and Target(name, other) not in reached
        },
        missed=tuple(
            f"{target.name} ({target.side}) for {walk.client.age}, {walk.client.informant.kind}"
            for walk in walks
            for target in walk.missed
        ),
    )


def _of_client(bank: Bank, walk: Walk, gates: Sequence[str]) -> ClientCoverage:
    reasons = Counter(_WHY[why] for target, why in walk.closed.items() if target.side == "asked")
    return ClientCoverage(
        age=walk.client.age + (", born early" if walk.client.client.gestation_weeks else ""),
        informant=walk.client.informant.kind,
        asked=sum(target.side == "asked" for target in walk.reached),
        gates_both_ways=_both_ways(gates, walk.reached),
        not_asked=dict(sorted(reasons.items())),
        missed=tuple(f"{target.name} ({target.side})" for target in walk.missed),
        walks=walk.walks,
    )


def _both_ways(gates: Sequence[str], reached: frozenset[Target]) -> int:
    return sum(
        Target(name, "open") in reached and Target(name, "closed") in reached for name in gates
    )


def _why(walks: Sequence[Walk], target: Target) -> str:
    """Return why nobody was asked: what comes nearest to being asked, over all clients."""
    found = {walk.closed.get(target, "") for walk in walks}
    for reason in ("answers", "informant", "age"):
        if reason in found:
            return _WHY[reason]
    return "not reached"
