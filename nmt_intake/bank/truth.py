"""What a condition comes to, and the laws by which its parts come together.

Within one condition a part is true, false, or *void*: it reads only what is closed, so no answer is
there and none can come. What is not decided yet is the set of what it may still turn out to be, so
a part is a set of these three, written as bits. The laws (each a property of the test suite):

* `not` turns true and false round and leaves void alone: `not drank` of a closed `drank` is void.
* `and` is false if one part is false, else void if one part is void, else true.
* `or` is true if one part is true, else void if one part is void, else false.
* A set stands for each of its members: what is decided for all of them is decided.

A whole condition comes to one of four states: open (true), closed (never true: false or void),
disputed (the tellers decide it differently), pending (something that may still come decides).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import product
from typing import Final, TypeAlias

Scalar: TypeAlias = bool | int | float | str
Tree: TypeAlias = "Scalar | Sequence[Tree] | None"


class State(Enum):
    """What a condition comes to, and so what its question is."""

    OPEN = "open"
    CLOSED = "closed"
    PENDING = "pending"
    DISPUTED = "disputed"

    @property
    def truth(self) -> Truth:
        """Open is true, closed false; pending and disputed are not decided: None."""
        return _TRUTHS[self]


Truth: TypeAlias = bool | None

_TRUTHS: Final[dict[State, Truth]] = {
    State.OPEN: True,
    State.CLOSED: False,
    State.PENDING: None,
    State.DISPUTED: None,
}

# A part of a condition: the set of what it may turn out to be, as bits.
Mask: TypeAlias = int
TRUE: Final[Mask] = 1
FALSE: Final[Mask] = 2
VOID: Final[Mask] = 4
UNKNOWN: Final[Mask] = TRUE | FALSE
_MEMBERS: Final = (TRUE, FALSE, VOID)


def _and(left: Mask, right: Mask) -> Mask:
    if FALSE in (left, right):
        return FALSE
    return VOID if VOID in (left, right) else TRUE


def _or(left: Mask, right: Mask) -> Mask:
    if TRUE in (left, right):
        return TRUE
    return VOID if VOID in (left, right) else FALSE


def _lifted(apply: Callable[[Mask, Mask], Mask]) -> tuple[tuple[Mask, ...], ...]:
    """Return a table of 8 by 8: the law for single members, member by member, for sets."""

    def of_sets(left: Mask, right: Mask) -> Mask:
        found = 0
        for one, other in product(_MEMBERS, _MEMBERS):
            if left & one and right & other:
                found |= apply(one, other)
        return found

    return tuple(tuple(of_sets(left, right) for right in range(8)) for left in range(8))


AND: Final = _lifted(_and)
OR: Final = _lifted(_or)
NOT: Final = tuple(
    (FALSE if mask & TRUE else 0) | (TRUE if mask & FALSE else 0) | mask & VOID for mask in range(8)
)


def all_masks(masks: Iterable[Mask]) -> Mask:
    """Return the `and` of any number of parts; true of none."""
    found = TRUE
    for mask in masks:
        found = AND[found][mask]
    return found


def any_masks(masks: Iterable[Mask]) -> Mask:
    """Return the `or` of any number of parts; false of none."""
    found = FALSE
    for mask in masks:
        found = OR[found][mask]
    return found


def decided(mask: Mask) -> State | None:
    """Return open or closed where the mask leaves no doubt, else None."""
    if mask == TRUE:
        return State.OPEN
    return None if mask & TRUE else State.CLOSED


def state_of(worlds: Iterable[Mask]) -> State:
    """Return what a condition comes to; a world is one way to choose between the tellers.

    Disputed: some choice surely opens it and another surely closes it, whatever may still come.
    """
    found = {decided(mask) for mask in worlds}
    if State.OPEN in found and State.CLOSED in found:
        return State.DISPUTED
    if None in found or not found:
        return State.PENDING
    return found.pop() or State.PENDING


def all_states(states: Iterable[State]) -> State:
    """Return what gates one behind the other come to: a closed one closes, all open ones open."""
    found = set(states)
    for state in (State.CLOSED, State.PENDING, State.DISPUTED):
        if state in found:
            return state
    return State.OPEN


@dataclass(frozen=True, slots=True)
class Range:
    """A number between `low` and `high`, both included; None is an end nobody knows.

    Dates are ranges of days (`date.toordinal`); `whole` says that only whole numbers are meant.
    """

    low: float | None
    high: float | None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one age to another, in months; `end` None lasts until today.

    An end that nobody knows is a `Range` without ends.
    """

    start: Range
    end: Range | None


Known: TypeAlias = Scalar | tuple[str, ...] | Range | Stretch


@dataclass(frozen=True, slots=True)
class Possible:
    """One of several values, not known which."""

    values: tuple[Known, ...]


Value: TypeAlias = Known | Possible | None


def _no_states() -> Mapping[str, State]:
    return {}


@dataclass(slots=True)
class Answers:
    """What conditions can see of an interview: values in force, missing reasons, facts.

    `values`, `reasons` and `states` are keyed by question instance (`infancy/feeding.refused`),
    `facts` by name (`client.age_months`); a slot without a state is open. `informants` holds the
    `informant.*` facts of each informant; `prefixes` the instance prefixes (`infancy/`) of each
    kind of repeated block; `complete` names the kinds of which all were named. `told` are the
    facts of the client as each choice between tellers gives them: a choice is one or more sets of
    facts, of which it is not known which is true. Empty, `facts` is the only choice.
    """

    values: Mapping[str, Value] = field(default_factory=dict[str, Value])
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])
    facts: Mapping[str, Value] = field(default_factory=dict[str, Value])
    informants: Sequence[Mapping[str, Value]] = ()
    prefixes: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    states: Mapping[str, State] = field(default_factory=_no_states)
    complete: frozenset[str] = frozenset()
    told: Sequence[Sequence[Mapping[str, Value]]] = ()
