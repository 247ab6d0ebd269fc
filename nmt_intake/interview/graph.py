"""How the questions of a bank hang together: who reads whom, and in which order they are walked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, groupby
from typing import Final, TypeAlias

from nmt_intake.bank.model import Bank, Block, Condition, Question
from nmt_intake.vocabulary import PERIODS

Instances: TypeAlias = Mapping[str, tuple[str, ...]]

NAMED_LOOPS: Final = ("caregiver", "placement", "exposure")
_ENTRY: Final = re.compile(rf"({'|'.join(NAMED_LOOPS)})-(?:[1-9][0-9]{{0,2}}|[a-z][a-z0-9]{{7}})")


def split_slot(slot: str) -> tuple[str, str]:
    """Return the prefix (`infancy/` or nothing) and the question id of a slot."""
    instance, slash, question = slot.rpartition("/")
    return instance + slash, question


def loop_of(instance: str) -> str | None:
    """Return what an instance is one of (`period`, `caregiver`, ...), or None if it is none."""
    if instance in PERIODS:
        return "period"
    numbered = _ENTRY.fullmatch(instance)
    return numbered[1] if numbered else None


def question_at(bank: Bank, slot: str) -> Question | None:
    """Return the question of a slot, or None if the bank has no such question or instance of it."""
    prefix, name = split_slot(slot)
    question = bank.questions.get(name)
    if question is None:
        return None
    wanted = question.for_each
    if not prefix or wanted is None:
        return question if not prefix and wanted is None else None
    return question if loop_of(prefix[:-1]) == wanted else None


@dataclass(frozen=True)
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

    @cached_property
    def slots(self) -> tuple[str, ...]:
        """The slots of the part, in order."""
        prefix = self.prefix
        return tuple([f"{prefix}{question.id}" for question in self.block.questions])


class Layout:
    """The walk through the bank for given instances: parts and slots in order."""

    def __init__(self, instances: Instances, parts: Iterable[Part]) -> None:
        self.instances = instances
        self.parts: tuple[Part, ...] = tuple(parts)

    @cached_property
    def slots(self) -> tuple[str, ...]:
        """Every slot in the order of the conversation."""
        return tuple(chain.from_iterable(part.slots for part in self.parts))

    @cached_property
    def position(self) -> Mapping[str, int]:
        """The place of each slot in the walk."""
        return {slot: index for index, slot in enumerate(self.slots)}

    @cached_property
    def part_of(self) -> Mapping[str, Part]:
        """The part each slot belongs to."""
        return {slot: part for part in self.parts for slot in part.slots}

    @cached_property
    def prefixes(self) -> Mapping[str, tuple[str, ...]]:
        """The slot prefixes of each kind of repeated block: `infancy/`, `caregiver-1/`, ..."""
        return {
            loop: tuple(f"{instance}/" for instance in instances)
            for loop, instances in self.instances.items()
        }

    def prefixes_of(self, question: Question | CheckNode) -> tuple[str, ...]:
        """Return the prefixes of the instances of a question; one, empty, if it is asked once."""
        return self.prefixes.get(question.for_each, ()) if question.for_each else ("",)


@dataclass(frozen=True, slots=True)
class CheckNode:
    """A check of the bank as a node of the graph; `question` is the one it stands with, if any.

    `id` is unlike any question's: `b.weight!soft`, `b.weight!hard`, `b!order`.
    """

    id: str
    block: Block
    question: Question | None
    expect: Condition
    say: str
    hard: bool
    translations: Mapping[str, str]

    def in_language(self, language: str | None) -> str:
        """Return what it says, in this language if the bank has the words."""
        return self.translations.get(language or "", self.say)

    @property
    def for_each(self) -> str | None:
        """What its block is repeated over."""
        return self.block.for_each


class Graph:
    """What of a bank the fold needs, worked out once.

    Questions go by `rank`: their place in an order in which each comes after all that its
    conditions read. `gates` are a question's conditions, its block's first.
    """

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.by_rank: tuple[Question, ...] = tuple(bank.questions[name] for name in bank.order)
        self.rank: Mapping[str, int] = {name: rank for rank, name in enumerate(bank.order)}
        self.gates: Mapping[str, tuple[Condition, ...]] = {
            question.id: tuple(each for each in (block.when, question.when) if each)
            for block in bank.blocks
            for question in block.questions
        }
        questions = self.by_rank
        self.fact_questions = tuple(each for each in questions if each.fact)
        self.choosing_questions = tuple(each for each in questions if each.options_from)
        self.naming_questions = tuple(each for each in bank.questions.values() if each.names_this)
        self.checks: tuple[CheckNode, ...] = tuple(_checks_of(bank))
        self._checks_by_block: dict[str, list[CheckNode]] = {}
        for check in self.checks:
            self._checks_by_block.setdefault(check.block.id, []).append(check)
        self.limited_questions = tuple(
            each for each in questions if each.hidden or each.informants or each.not_for
        )
        self._readers: dict[str, list[tuple[int, bool]]] = {}
        self._readers_of_facts: dict[str, list[int]] = {}
        self._parts: dict[tuple[str, str], Part] = {}
        for question in questions:
            self._note(question)
        for place, check in enumerate(self.checks, len(questions)):
            self._note_check(place, check)

    def _note(self, question: Question) -> None:
        rank, gates = self.rank[question.id], self.gates[question.id]
        for name, reach in sorted({read for gate in gates for read in gate.reads}):
            self._readers.setdefault(name, []).append((rank, reach == "same"))
        for fact in sorted({fact for gate in gates for fact in gate.facts}):
            self._readers_of_facts.setdefault(fact, []).append(rank)

    def _note_check(self, rank: int, check: CheckNode) -> None:
        own = {(check.question.id, "same")} if check.question else set[tuple[str, str]]()
        reads = {read for read in check.expect.reads if read[0] != "value"} | own
        for name, reach in sorted(reads):
            self._readers.setdefault(name, []).append((rank, reach == "same"))
        for fact in sorted(check.expect.facts):
            self._readers_of_facts.setdefault(fact, []).append(rank)

    def gates_of_told(self, question: Question) -> tuple[Condition, ...]:
        """Return the conditions for an answer that is there to count."""
        if question.told_when is None:
            return self.gates[question.id]
        around = self.bank.block_by_id[question.block].when
        return tuple(each for each in (around, question.counts_when) if each)

    def node(self, rank: int) -> Question | CheckNode:
        """Return the question or, behind all questions, the check of this rank."""
        asked = len(self.by_rank)
        return self.by_rank[rank] if rank < asked else self.checks[rank - asked]

    def checks_of(self, block: Block) -> Sequence[CheckNode]:
        """Return the checks that stand in a block, in order."""
        return self._checks_by_block.get(block.id, ())

    def layout(self, instances: Instances) -> Layout:
        """Return the walk for these instances.

        Consecutive blocks repeated over the same thing are walked together, instance by instance.
        """
        return Layout(instances, self._walk(instances))

    def readers(self, question: str) -> Sequence[tuple[int, bool]]:
        """Return who reads a question: ranks, and whether only within the same instance."""
        return self._readers.get(question, ())

    def readers_of_fact(self, fact: str) -> Sequence[int]:
        """Return the ranks of the questions whose conditions read a fact."""
        return self._readers_of_facts.get(fact, ())

    def readers_over(self, loop: str) -> Iterator[int]:
        """Yield the ranks of the questions that go over all instances of a repeated block."""
        for question in self.by_rank:
            if question.for_each == loop:
                yield from (rank for rank, same in self.readers(question.id) if not same)

    def _walk(self, instances: Instances) -> Iterator[Part]:
        for loop, group in groupby(self.bank.blocks, key=lambda block: block.for_each):
            together = list(group)
            for instance in instances.get(loop, ()) if loop else ("",):
                for block in together:
                    yield self._part(block, instance)

    def _part(self, block: Block, instance: str) -> Part:
        key = block.id, instance
        if key not in self._parts:
            self._parts[key] = Part(block, instance)
        return self._parts[key]


def _checks_of(bank: Bank) -> Iterator[CheckNode]:
    for block in bank.blocks:
        for question in block.questions:
            for kind, check in (("soft", question.soft_check), ("hard", question.hard_check)):
                if check is not None:
                    name = f"{question.id}!{kind}"
                    words = {
                        language: str(said[f"{kind}_check"])
                        for language, said in question.translations.items()
                        if said.get(f"{kind}_check")
                    }
                    hard = kind == "hard"
                    yield CheckNode(name, block, question, check.expect, check.say, hard, words)
        for check in block.checks:
            name = f"{block.id}!{check.id.rpartition('.')[2]}"
            yield CheckNode(
                name, block, None, check.expect, check.say, check.hard, check.translations
            )


@dataclass(frozen=True, slots=True)
class _ByIdentity:
    bank: Bank

    def __hash__(self) -> int:
        return id(self.bank)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.bank is self.bank


@lru_cache(maxsize=8)
def _graph_of(bank: _ByIdentity) -> Graph:
    return Graph(bank.bank)


def graph_of(bank: Bank) -> Graph:
    """Return the graph of a bank, made once a bank."""
    return _graph_of(_ByIdentity(bank))
