"""How many carers, homes, events and informants are enough: with more, nothing new comes about.

A condition sees a loop only through its aggregates. `any_of` and `all_of` see which kinds of member
there are, `count_of` compared with a number n sees no difference beyond n + 1, `min_of` and
`earliest` are those of one member. So a case with more instances can be thinned to the sum of these
without any condition noticing. A sum, a gap or a count in arithmetic has no such bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from nmt_intake.bank.evaluation import OVER_INSTANCES
from nmt_intake.bank.language import INFORMANT_KINDS
from nmt_intake.bank.model import Condition
from nmt_intake.bank.truth import Scalar, Tree

# What a member may be, where everything is answered: true, false, closed.
_KINDS_OF_MEMBER: Final = 3
# Where conditions speak of silence, what is not decided counts as well: every set of the three.
_KINDS_WITH_SILENCE: Final = 7
_UNBOUNDED: Final = frozenset({"sum_of", "gap_months", "overlap_months"})


@dataclass(slots=True)
class Reach:
    """What conditions look at: over which loops, how many instances matter, how many tellers.

    `enough` holds the number of instances of each loop beyond which nothing changes, None without
    such a number; `largest` the greatest count asked for.
    """

    enough: dict[str, int | None] = field(default_factory=dict[str, "int | None"])
    largest: int = 0
    tellers: int = 0

    @property
    def loops(self) -> Mapping[str, int | None]:
        """The loops that are gone over."""
        return self.enough


def reach_of(conditions: Iterable[Condition]) -> Reach:
    """Return what these conditions look at."""
    found = Reach()
    every = list(conditions)
    silence = any(_speaks_of_silence(each.tree) for each in every)
    kinds = _KINDS_WITH_SILENCE if silence else _KINDS_OF_MEMBER
    aggregates: dict[tuple[Tree, ...], tuple[str, int | None]] = {}
    found.tellers = _tellers(every)
    for condition in every:
        for key, loop, size in _aggregates(condition.tree, kinds, None):
            known = aggregates.get(key)
            sizes = (size, known[1]) if known else (size,)
            whole = [each for each in sizes if each is not None]
            aggregates[key] = (loop, max(whole) if len(whole) == len(sizes) else None)
            if "count_of" in key and size is not None:
                found.largest = max(found.largest, size - kinds)
    chosen = {loop for condition in every for loop in _chosen_from(condition.tree)}
    for loop, size in aggregates.values():
        so_far = found.enough.get(loop, 1)
        # Thinned out, entries that a question chose may be gone, and its answer with them.
        if size is None or so_far is None or loop in chosen:
            found.enough[loop] = None
        else:
            found.enough[loop] = so_far + size
    return found


def _chosen_from(tree: Tree) -> Iterator[str]:
    """Yield the loops among whose entries a question that is read chooses."""
    match tree:
        case ["call", "chosen" | "chosen_by_any", *_, str(loop)]:
            yield loop
        case list() | tuple():
            for part in tree:
                yield from _chosen_from(part)
        case _:
            return


def _tellers(conditions: Iterable[Condition]) -> int:
    """Return how many tellers are enough: of two for whom all comes to the same, one is.

    No condition needs more than one of its own. What a comparison with one comes to is yes, no or
    not known; those of the kind of teller come to the same for all of one kind.
    """
    asking = [each for each in conditions if each.asks_informants]
    atoms = {atom for each in asking for atom in _of_tellers(each.tree)}
    different = {repr(each.tree) for each in asking}
    return min(len(different), len(INFORMANT_KINDS) * 3 ** min(len(atoms), 8))


def _of_tellers(tree: Tree) -> Iterator[str]:
    match tree:
        case ["compare" | "in", *_]:
            if "'informant.relation'" in repr(tree) or "'informant.known_from" in repr(tree):
                yield repr(tree)
        case list() | tuple():
            for part in tree:
                yield from _of_tellers(part)
        case _:
            return


def _aggregates(
    tree: Tree, kinds: int, beside: int | None
) -> Iterator[tuple[tuple[Tree, ...], str, int | None]]:
    """Yield every aggregate, its loop and how many members it needs; `beside`: compared with n."""
    match tree:
        case ["compare", str(), first, *links]:
            operands = [first, *(link[1] for link in links if isinstance(link, list | tuple))]
            beside = _largest(operands)
            for operand in operands:
                yield from _aggregates(operand, kinds, beside)
        case ["in", part, *members]:
            yield from _aggregates(part, kinds, _largest([("const", each) for each in members]))
        case ["call", str(name), str(), str(loop), *_] if name in OVER_INSTANCES:
            size: int | None = kinds
            if name in _UNBOUNDED:
                size = None
            elif name == "count_of":
                size = None if beside is None else kinds + beside + 1
            yield tuple(tree), loop, size
        case ["arithmetic", *operands]:
            for operand in operands:
                yield from _aggregates(operand, kinds, None)
        case list() | tuple():
            for part in tree:
                yield from _aggregates(part, kinds, None)
        case _:
            return


def _largest(operands: Iterable[Tree]) -> int | None:
    """Return the greatest number among constants; None where another operand is no aggregate."""
    found = 0
    aggregates = 0
    for operand in operands:
        match operand:
            case ["const", number] if isinstance(number, int | float):
                found = max(found, int(abs(number)) + 1)
            case ["const", _]:
                pass
            case ["call", str(name), *_] if name in OVER_INSTANCES:
                aggregates += 1
            case _:
                return None
    return found if aggregates <= 1 else None


def speaks_of_silence(conditions: Iterable[Condition]) -> bool:
    """Whether a condition asks if something was answered, or why not."""
    return any(_speaks_of_silence(each.tree) for each in conditions)


def _speaks_of_silence(tree: Tree) -> bool:
    match tree:
        case ["call", "answered" | "missing" | "reason", *_]:
            return True
        case list() | tuple():
            return any(_speaks_of_silence(part) for part in tree)
        case _:
            return False


def constants(tree: Tree) -> Iterator[Scalar]:
    """Yield the plain values of a condition."""
    match tree:
        case ["const", value] if isinstance(value, Scalar):
            yield value
        case list() | tuple():
            for part in tree:
                yield from constants(part)
        case _:
            return
