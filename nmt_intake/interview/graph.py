"""How the questions of a bank hang together: who reads whom, and in which order they are walked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from typing import TypeAlias

from nmt_intake.bank.model import Bank, Block, Question

Instances: TypeAlias = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Part:
    """One block for one instance: `infancy/feeding`; `instance` is empty for a block asked once."""

    block: Block
    instance: str

    @property
    def prefix(self) -> str:
        """What the slots of this part begin with: `infancy/`, or nothing."""
        return f"{self.instance}/" if self.instance else ""

    @property
    def id(self) -> str:
        """The id of the part: `infancy/feeding` or `birth`."""
        return f"{self.prefix}{self.block.id}"

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots of the part, in order."""
        prefix = self.prefix
        return tuple(f"{prefix}{question.id}" for question in self.block.questions)


def split_slot(slot: str) -> tuple[str, str]:
    """Return the prefix (`infancy/` or nothing) and the question id of a slot."""
    instance, slash, question = slot.rpartition("/")
    return instance + slash, question


class Layout:
    """The walk through the bank for given instances: parts and slots in order."""

    def __init__(self, bank: Bank, instances: Instances) -> None:
        self.instances = instances
        self.parts: tuple[Part, ...] = tuple(_walk(bank.blocks, instances))

    @cached_property
    def slots(self) -> tuple[str, ...]:
        """Every slot in the order of the conversation."""
        return tuple(slot for part in self.parts for slot in part.slots)

    @cached_property
    def position(self) -> Mapping[str, int]:
        """The place of each slot in the walk."""
        return {slot: index for index, slot in enumerate(self.slots)}

    @cached_property
    def part_of(self) -> Mapping[str, Part]:
        """The part each slot belongs to."""
        return {slot: part for part in self.parts for slot in part.slots}


def _walk(blocks: Sequence[Block], instances: Instances) -> Iterator[Part]:
    """Consecutive blocks repeated over the same thing are walked together, instance by instance."""
    for loop, group in groupby(blocks, key=lambda block: block.for_each):
        together = list(group)
        for instance in instances.get(loop, ()) if loop else ("",):
            for block in together:
                yield Part(block, instance)


class Graph:
    """What of a bank the fold needs, worked out once: dependents by question and by fact."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.rank = {question: rank for rank, question in enumerate(bank.order)}
        self.dependents: dict[str, list[tuple[Question, bool]]] = {}
        self.by_fact: dict[str, list[Question]] = {}
        self.fact_questions = tuple(each for each in bank.questions.values() if each.fact)
        for block in bank.blocks:
            for question in block.questions:
                self._note(block, question)

    def _note(self, block: Block, question: Question) -> None:
        conditions = [each for each in (block.when, question.when) if each]
        reads = {read for condition in conditions for read in condition.reads}
        for name, reach in sorted(reads):
            self.dependents.setdefault(name, []).append((question, reach == "same"))
        for fact in sorted({fact for condition in conditions for fact in condition.facts}):
            self.by_fact.setdefault(fact, []).append(question)

    def dependents_of(self, slot: str, instances: Instances) -> Iterator[tuple[int, str, Question]]:
        """Yield rank, slot and question of every instance whose condition reads this slot."""
        prefix, name = split_slot(slot)
        for question, same in self.dependents.get(name, ()):
            for other in (prefix,) if same else prefixes_of(question, instances):
                yield self.rank[question.id], other + question.id, question

    def readers_of_facts(
        self, facts: Iterable[str], instances: Instances
    ) -> Iterator[tuple[int, str, Question]]:
        """Yield rank, slot and question of every instance whose condition reads these facts."""
        questions = {each.id: each for fact in facts for each in self.by_fact.get(fact, ())}
        for question in questions.values():
            for prefix in prefixes_of(question, instances):
                yield self.rank[question.id], prefix + question.id, question


def prefixes_of(question: Question, instances: Instances) -> tuple[str, ...]:
    """Return the prefixes of the instances of a question: (`infancy/`, ...) or one empty."""
    if question.for_each is None:
        return ("",)
    return tuple(f"{instance}/" for instance in instances.get(question.for_each, ()))


@lru_cache(maxsize=8)
def _graph_of(bank: _ByIdentity) -> Graph:
    return Graph(bank.bank)


@dataclass(frozen=True, slots=True)
class _ByIdentity:
    bank: Bank

    def __hash__(self) -> int:
        return id(self.bank)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.bank is self.bank


def graph_of(bank: Bank) -> Graph:
    """Return the graph of a bank, made once a bank."""
    return _graph_of(_ByIdentity(bank))
