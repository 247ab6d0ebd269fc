"""Conditions compiled to closures, evaluated by the laws of `truth`.

A part that is a truth gives a mask; any other part gives a value, None for what is not known yet,
or `NOTHING` for what is closed. Informants who differ are read one choice at a time, so that
`q == 'a' or q == 'b'` is `q in ('a', 'b')`, and so are the ages that a birth date may mean.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import islice, product
from typing import Final, TypeAlias, TypeVar

from nmt_intake.bank.truth import (
    AND,
    FALSE,
    NOT,
    TRUE,
    UNKNOWN,
    VOID,
    Answers,
    Mask,
    Possible,
    Range,
    Scalar,
    State,
    Stretch,
    Tree,
    Value,
    all_masks,
    any_masks,
    decided,
    state_of,
)
from nmt_intake.vocabulary import PERIOD_STARTS, PERIODS


@dataclass(frozen=True, slots=True)
class Nothing:
    """No answer, and none can come: what a closed question holds."""


NOTHING: Final = Nothing()
Seen: TypeAlias = Value | Fraction | Nothing
Number: TypeAlias = int | float | Fraction

Evaluator: TypeAlias = Callable[[Answers, str], Seen]
Weigher: TypeAlias = Callable[[Answers, str], Mask]
Reads: TypeAlias = Sequence[tuple[str, str]]  # a question, and "same", "once" or its loop

_Held = TypeVar("_Held")

_MOST_COMBINATIONS: Final = 400
_MOST_WORLDS: Final = 256
_LARGEST: Final = 10**300
OVER_INSTANCES: Final = frozenset(
    {
        *("any_of", "all_of", "count_of", "sum_of", "min_of", "max_of", "earliest", "latest"),
        *("any_during", "gap_months", "overlap_months"),
    }
)
_DAYS_A_MONTH: Final = 365.25 / 12
_TRUTH_MASKS: Final = {True: TRUE, False: FALSE}


class Evaluation:
    """One condition, compiled: what it comes to for an instance, given what can be seen."""

    __slots__ = ("_asks_client", "_reads", "_weigh")

    def __init__(self, tree: Tree, facts: Iterable[str]) -> None:
        names = tuple(facts)
        weigh = compiled_truth(tree)
        asks = any(fact.startswith("informant.") for fact in names)
        self._weigh = _for_any_informant(weigh) if asks else weigh
        self._asks_client = any(fact.startswith("client.") for fact in names)
        self._reads = tuple(dict.fromkeys(_reads_of(tree)))

    def __call__(self, answers: Answers, prefix: str) -> State:
        """Return what the condition comes to."""
        found = decided(self._weigh(answers, prefix))
        if found is not None:
            return found
        choices = tuple(self._choices(answers, prefix))
        told = answers.told if self._asks_client else ()
        if not choices and not told:
            return State.PENDING
        return self._between_tellers(answers, prefix, choices, told)

    def _between_tellers(
        self,
        answers: Answers,
        prefix: str,
        choices: Sequence[tuple[str, Sequence[Value | State]]],
        told: Sequence[Sequence[Mapping[str, Value]]],
    ) -> State:
        slots = [slot for slot, _ in choices]
        masks: list[Mask] = []
        for chosen in islice(product(*(each for _, each in choices)), _MOST_WORLDS + 1):
            world = _world(answers, slots, chosen) if slots else answers
            for facts in told or (None,):
                masks.append(self._mask(world, prefix, facts))
        if len(masks) <= _MOST_WORLDS:
            return state_of(masks)
        # Too many to try: then one choice tells whether anything else is open.
        return State.PENDING if decided(masks[0]) is None else State.DISPUTED

    def _mask(
        self, answers: Answers, prefix: str, facts: Sequence[Mapping[str, Value]] | None
    ) -> Mask:
        if facts is None:
            return self._weigh(answers, prefix)
        mask = 0
        for each in facts:
            mask |= self._weigh(replace(answers, facts=each), prefix)
        return mask

    def _choices(
        self, answers: Answers, prefix: str
    ) -> Iterator[tuple[str, Sequence[Value | State]]]:
        """Yield what the tellers leave to choose: the slot, and its values or closed."""
        values, states = answers.values, answers.states
        for slot in _slots_read(self._reads, answers, prefix):
            value = values.get(slot)
            if value is None:
                continue
            each: list[Value | State] = [
                *(value.values if isinstance(value, Possible) else (value,))
            ]
            if states.get(slot) is State.DISPUTED:
                each.append(State.CLOSED)
            if len(each) > 1:
                yield slot, each


def _reads_of(tree: Tree) -> Iterator[tuple[str, str]]:
    match tree:
        case ["ref", str(question), str(reach)]:
            yield question, reach
        case ["call", str(name), str(question), str(loop), *_] if name in OVER_INSTANCES:
            yield question, loop
        case list() | tuple():
            for part in tree:
                yield from _reads_of(part)
        case _:
            return


def _slots_read(reads: Reads, answers: Answers, prefix: str) -> Iterator[str]:
    for name, reach in reads:
        if reach == "same":
            yield prefix + name
        elif reach == "once":
            yield name
        else:
            yield from (each + name for each in answers.prefixes.get(reach, ()))


def _world(answers: Answers, slots: Sequence[str], chosen: Sequence[Value | State]) -> Answers:
    values: dict[str, Value] = {}
    states: dict[str, State] = {}
    for slot, choice in zip(slots, chosen, strict=True):
        if isinstance(choice, State):
            values[slot], states[slot] = None, State.CLOSED
        else:
            values[slot] = choice
            if answers.states.get(slot) is State.DISPUTED:
                states[slot] = State.OPEN
    return replace(
        answers, values=Overlay(values, answers.values), states=Overlay(states, answers.states)
    )


class Overlay(Mapping[str, _Held]):
    """A mapping with a few other values laid over it."""

    def __init__(self, over: Mapping[str, _Held], under: Mapping[str, _Held]) -> None:
        self._over, self._under = over, under

    def __getitem__(self, key: str) -> _Held:
        return self._over[key] if key in self._over else self._under[key]

    def __contains__(self, key: object) -> bool:
        return key in self._over or key in self._under

    def __iter__(self) -> Iterator[str]:
        return iter({**self._under, **self._over})

    def __len__(self) -> int:
        return len({**self._under, **self._over})


def _for_any_informant(weigh: Weigher) -> Weigher:
    """A condition about the informant holds when it holds for one of the informants there are.

    So it does not depend on who happens to speak last.
    """

    def for_any(answers: Answers, prefix: str) -> Mask:
        if not answers.informants:
            return weigh(answers, prefix)
        return any_masks(
            weigh(replace(answers, facts={**answers.facts, **informant}), prefix)
            for informant in answers.informants
        )

    return for_any


def compiled_truth(tree: Tree) -> Weigher:
    """Compile a tree that is a truth: and, or, not, a comparison, a yes or no."""
    match tree:
        case ["const", bool(constant)]:
            mask = _TRUTH_MASKS[constant]
            return lambda _answers, _prefix: mask
        case ["and", *parts]:
            return _joined([compiled_truth(part) for part in parts], all_masks)
        case ["or", *parts]:
            return _joined([compiled_truth(part) for part in parts], any_masks)
        case ["not", part]:
            return _negated(compiled_truth(part))
        case ["compare", str(kind), first, *rest]:
            return _comparison(kind, first, rest)
        case ["in", part, *members]:
            return _doubted(_membership(compiled_value(part), members), part)
        case ["call", "answered" | "missing", ["ref", *_]]:
            return _spoken_of(tree)
        case ["call", "has", ["ref", *_] as reference, str(code)]:
            return _doubted(_has(compiled_value(reference), code), reference)
        case ["call", "any_of", str(question), str(loop), code] if isinstance(code, Scalar):
            return _over_instances((TRUE, FALSE), question, loop, code)
        case ["call", "all_of", str(question), str(loop), code] if isinstance(code, Scalar):
            return _over_instances((FALSE, TRUE), question, loop, code)
        case ["call", "during", ["ref", *_] as reference, str(period)]:
            return _doubted(_during(compiled_value(reference), period), reference)
        case ["call", "any_during", str(question), str(loop), str(period)]:
            return _any_during(question, loop, period)
        case ["ref", *_]:
            return _doubted(_yes(compiled_value(tree)), tree)
        case _:
            raise ValueError("not a condition's tree")


def _joined(parts: Sequence[Weigher], join: Callable[[Iterable[Mask]], Mask]) -> Weigher:
    if len(parts) == 2 and join is all_masks:
        left, right = parts
        return lambda answers, prefix: AND[left(answers, prefix)][right(answers, prefix)]
    return lambda answers, prefix: join([part(answers, prefix) for part in parts])


def _negated(part: Weigher) -> Weigher:
    return lambda answers, prefix: NOT[part(answers, prefix)]


def _doubted(weigh: Weigher, *trees: Tree) -> Weigher:
    """Add to what a part may be that it is void: what it reads may turn out to be closed."""
    reads = tuple(dict.fromkeys(each for tree in trees for each in _reads_of(tree)))
    if not reads or _is_reason(trees):
        return weigh

    def doubted(answers: Answers, prefix: str) -> Mask:
        mask = weigh(answers, prefix)
        for question, reach in reads:
            if reach == "same" or reach == "once":
                state = answers.states.get(prefix + question if reach == "same" else question)
                doubt = state is State.PENDING or state is State.DISPUTED
            else:
                doubt = _may_have_no_member(answers, question, reach)
            if doubt:
                return mask | VOID
        return mask

    return doubted


def _is_reason(trees: Sequence[Tree]) -> bool:
    return any(
        isinstance(tree, Sequence) and list(tree[:2]) == ["call", "reason"] for tree in trees
    )


def _may_have_no_member(answers: Answers, question: str, loop: str) -> bool:
    doubt = False
    for prefix in answers.prefixes.get(loop, ()):
        state = answers.states.get(prefix + question, State.OPEN)
        if state is State.OPEN:
            return False
        doubt = doubt or state is not State.CLOSED
    return doubt


def _yes(value: Evaluator) -> Weigher:
    def yes(answers: Answers, prefix: str) -> Mask:
        match value(answers, prefix):
            case bool(truth):
                return TRUE if truth else FALSE
            case Nothing():
                return VOID
            case Possible(values):
                return _union(_TRUTH_MASKS.get(each, UNKNOWN) for each in values)  # type: ignore[arg-type]
            case _:
                return UNKNOWN

    return yes


def _union(masks: Iterable[Mask]) -> Mask:
    found = 0
    for mask in masks:
        found |= mask
    return found or UNKNOWN


def compiled_value(tree: Tree) -> Evaluator:
    """Compile any tree that `expression.parse` produced, as a value."""
    match tree:
        case ["const", bool() | int() | float() | str() as constant]:
            return lambda _answers, _prefix: constant
        case ["ref", str(question), str(reach)]:
            return _reference(question, reach)
        case ["fact", "period.id"]:
            return lambda _answers, prefix: prefix[:-1] or None
        case ["fact", str(name)]:
            return lambda answers, _prefix: answers.facts.get(name)
        case ["arithmetic", str(sign), left, right]:
            return _arithmetic(sign, compiled_value(left), compiled_value(right))
        case ["call", "reason", ["ref", str(question), str(reach)]]:
            return _reason(_slot(question, reach))
        case ["call", "count_of", str(question), str(loop), code] if isinstance(code, Scalar):
            return _count(question, loop, code)
        case ["call", ("starts" | "ends"), ["ref", *_] as reference]:
            return _end_of(compiled_value(reference), tree[1] == "starts")
        case ["call", "months_between", first, second]:
            return _months_between(compiled_value(first), compiled_value(second))
        case ["call", str(name), str(question), str(loop)] if name in _OVER_VALUES:
            return _of_all(_OVER_VALUES[name], question, loop)
        case _:
            return _as_value(compiled_truth(tree))


def _as_value(weigh: Weigher) -> Evaluator:
    def value(answers: Answers, prefix: str) -> Seen:
        match weigh(answers, prefix):
            case 1:
                return True
            case 2:
                return False
            case 4:
                return NOTHING
            case _:
                return None

    return value


def _slot(question: str, reach: str) -> Callable[[str], str]:
    if reach == "same":
        return lambda prefix: prefix + question
    return lambda _prefix: question


def _reference(question: str, reach: str) -> Evaluator:
    same = reach == "same"

    def reference(answers: Answers, prefix: str) -> Seen:
        slot = prefix + question if same else question
        value = answers.values.get(slot)
        if value is None and answers.states.get(slot) is State.CLOSED:
            return NOTHING
        return value

    return reference


def _reason(slot: Callable[[str], str]) -> Evaluator:
    def reason(answers: Answers, prefix: str) -> Seen:
        place = slot(prefix)
        found = answers.reasons.get(place, "")
        if not found or answers.states.get(place, State.OPEN) is State.OPEN:
            return found
        return Possible((found, ""))

    return reason


def _spoken_of(tree: Tree) -> Weigher:
    """Whether there is an answer (or a reason for none): certain even of a closed question."""
    match tree:
        case ["call", str(name), ["ref", str(question), str(reach)]]:
            slot = _slot(question, reach)
        case _:
            raise ValueError("not a condition's tree")
    answered = name == "answered"

    def spoken_of(answers: Answers, prefix: str) -> Mask:
        place = slot(prefix)
        if place not in (answers.values if answered else answers.reasons):
            return FALSE
        if answered and answers.values.get(place) is None:
            return FALSE
        state = answers.states.get(place, State.OPEN)
        return TRUE if state is State.OPEN else UNKNOWN

    return spoken_of


# -- comparing -------------------------------------------------------------------------------------


def _days(value: Seen) -> Range | None:
    """Return the days that a date may mean; None where nobody knows."""
    if isinstance(value, Range):
        return value
    return _days_of(value) if isinstance(value, str) else None


@lru_cache(maxsize=4096)
def _days_of(text: str) -> Range | None:
    """Return the days that an ISO date may mean, whose day or month may lack."""
    try:
        year, month, day = (int(part) for part in [*text.split("-"), "0", "0"][:3])
        first = date(year, month or 1, day or 1)
        if day:
            return Range(first.toordinal(), first.toordinal())
        after = date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1)
        return Range(first.toordinal(), after.toordinal() - 1)
    except ValueError:
        return None


def _between(left: Range, right: Range, sign: str) -> Mask:
    """Compare two ranges: what holds for every number of one and every number of the other."""
    match sign:
        case ">" | ">=":
            return _between(right, left, "<" if sign == ">" else "<=")
        case "!=":
            return NOT[_between(left, right, "==")]
        case "==":
            if _below(left, right, False) == TRUE or _below(right, left, False) == TRUE:
                return FALSE
            exact = left.low is not None and left.low == left.high
            return TRUE if exact and right.low == right.high == left.low else UNKNOWN
        case _:
            return _below(left, right, sign == "<=")


def _below(left: Range, right: Range, or_same: bool) -> Mask:
    holds = operator.le if or_same else operator.lt
    if left.high is not None and right.low is not None and holds(left.high, right.low):
        return TRUE
    if left.low is not None and right.high is not None and not holds(left.low, right.high):
        return FALSE
    return UNKNOWN


_COMPARE: Final[dict[str, Callable[..., bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _comparison(kind: str, first: Tree, rest: Sequence[Tree]) -> Weigher:
    trees = [first]
    signs: list[str] = []
    for pair in rest:
        match pair:
            case [str(sign), operand]:
                signs.append(sign)
                trees.append(operand)
            case _:
                raise ValueError("not a condition's tree")
    one = _dates_compared if kind == "date" else _compared
    operands = [compiled_value(tree) for tree in trees]
    links = [
        _doubted(_link(one, sign, left, right), *trees[index : index + 2])
        for index, (sign, left, right) in enumerate(
            zip(signs, operands[:-1], operands[1:], strict=True)
        )
    ]
    return links[0] if len(links) == 1 else _joined(links, all_masks)


def _link(
    one: Callable[[str, Seen, Seen], Mask], sign: str, left: Evaluator, right: Evaluator
) -> Weigher:
    def link(answers: Answers, prefix: str) -> Mask:
        first, second = left(answers, prefix), right(answers, prefix)
        if first is NOTHING or second is NOTHING:
            return VOID
        if first is None or second is None:
            return UNKNOWN
        if not isinstance(first, Possible) and not isinstance(second, Possible):
            return one(sign, first, second)
        pairs = [(x, y) for x in _each(first) for y in _each(second)]
        if len(pairs) > _MOST_COMBINATIONS:
            return UNKNOWN
        return _union(one(sign, x, y) for x, y in pairs)

    return link


def _each(value: Seen) -> Sequence[Seen]:
    return value.values if isinstance(value, Possible) else (value,)


def _compared(sign: str, first: Seen, second: Seen) -> Mask:
    if isinstance(first, Range) or isinstance(second, Range):
        left, right = _as_range(first), _as_range(second)
        return _between(left, right, sign) if left and right else UNKNOWN
    if isinstance(first, Fraction) or isinstance(second, Fraction):
        first, second = _exact(first), _exact(second)
    try:
        return TRUE if _COMPARE[sign](first, second) else FALSE
    except TypeError:
        return UNKNOWN


def _as_range(value: Seen) -> Range | None:
    if isinstance(value, Range):
        return value
    if isinstance(value, int | float | Fraction) and not isinstance(value, bool):
        return Range(float(value), float(value))
    return None


def _exact(value: Seen) -> Seen:
    """Return a number as people write it: 0.9 is nine tenths."""
    return Fraction(repr(value)) if isinstance(value, float) else value


def _dates_compared(sign: str, first: Seen, second: Seen) -> Mask:
    left, right = _days(first), _days(second)
    return _between(left, right, sign) if left and right else UNKNOWN


def _membership(part: Evaluator, members: Sequence[Tree]) -> Weigher:
    allowed = frozenset(_plain(member) for member in members if isinstance(member, Scalar))

    def membership(answers: Answers, prefix: str) -> Mask:
        value = part(answers, prefix)
        if value is NOTHING:
            return VOID
        if value is None:
            return UNKNOWN
        return _union(_among(each, allowed) for each in _each(value))

    return membership


def _among(value: Seen, allowed: frozenset[object]) -> Mask:
    if not isinstance(value, Range):
        return TRUE if _plain(value) in allowed else FALSE
    if value.low is not None and value.low == value.high:
        return TRUE if value.low in allowed else FALSE
    inside = (
        number
        for number in allowed
        if isinstance(number, int | float)
        and (value.low is None or value.low <= number)
        and (value.high is None or number <= value.high)
    )
    return UNKNOWN if any(True for _ in inside) else FALSE


def _plain(value: Seen) -> Seen:
    """Return a computed number as the number that people would write for it."""
    if not isinstance(value, Fraction):
        return value
    return int(value) if value.denominator == 1 else float(value)


# -- computing -------------------------------------------------------------------------------------


_ARITHMETIC: Final[dict[str, Callable[[Fraction, Fraction], Fraction | int]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda left, right: left / right,
    "//": lambda left, right: left // right,
    "%": operator.mod,
}


def _arithmetic(sign: str, left: Evaluator, right: Evaluator) -> Evaluator:
    apply = _ARITHMETIC[sign]

    def one(first: Seen, second: Seen) -> Seen:
        if isinstance(first, Range) or isinstance(second, Range):
            return _of_ranges(sign, _as_range(first), _as_range(second))
        if not _is_number(first) or not _is_number(second):
            return None
        try:
            result = apply(Fraction(_exact(first)), Fraction(_exact(second)))  # type: ignore[arg-type]
        except (ArithmeticError, ValueError):
            return None
        return Fraction(result) if abs(result) < _LARGEST else None

    def arithmetic(answers: Answers, prefix: str) -> Seen:
        first, second = left(answers, prefix), right(answers, prefix)
        if first is NOTHING or second is NOTHING:
            return NOTHING
        if first is None or second is None:
            return None
        if not isinstance(first, Possible) and not isinstance(second, Possible):
            return one(first, second)
        return _all_of_them([one(x, y) for x in _each(first) for y in _each(second)])

    return arithmetic


def _is_number(value: Seen) -> bool:
    return isinstance(value, int | float | Fraction) and not isinstance(value, bool)


def _of_ranges(sign: str, left: Range | None, right: Range | None) -> Seen:
    if left is None or right is None:
        return None
    ends = (left.low, left.high, right.low, right.high)
    if sign == "+":
        return _bounded(_sum(left.low, right.low), _sum(left.high, right.high))
    if sign == "-":
        negative = Range(_negative(right.high), _negative(right.low))
        return _of_ranges("+", left, negative)
    if left.low is None or left.high is None or right.low is None or right.high is None:
        return None
    if sign == "/" and not right.low <= 0 <= right.high:
        right = Range(1 / right.high, 1 / right.low)
    elif sign != "*":
        return None
    ends = (right.low or 0, right.high or 0)
    corners = [x * y for x in (left.low, left.high) for y in ends]
    return _bounded(min(corners), max(corners))


def _sum(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else left + right


def _negative(end: float | None) -> float | None:
    return None if end is None else -end


def _bounded(low: float | None, high: float | None) -> Range | None:
    return None if low is None and high is None else Range(low, high)


def _all_of_them(values: Sequence[Seen]) -> Seen:
    distinct = tuple(dict.fromkeys(_plain(value) for value in values))
    if len(values) > _MOST_COMBINATIONS or None in distinct or not distinct:
        return None
    return distinct[0] if len(distinct) == 1 else Possible(distinct)  # type: ignore[arg-type]


# -- over instances --------------------------------------------------------------------------------


def _has(value: Evaluator, code: str) -> Weigher:
    return lambda answers, prefix: _holds(value(answers, prefix), code)


def _holds(value: Seen, code: Scalar) -> Mask:
    """Whether an answer is, or has among several choices, this code."""
    if value is None:
        return UNKNOWN
    if value is NOTHING:
        return VOID
    return _union(_holds_one(each, code) for each in _each(value))


def _holds_one(value: Seen, code: Scalar) -> Mask:
    if isinstance(value, Range):
        return _compared("==", value, code)
    if isinstance(value, tuple):
        return TRUE if code in value else FALSE
    same = value == code and isinstance(value, bool) == isinstance(code, bool)
    return TRUE if same else FALSE


# What a member of an aggregate may be, as for `truth`; VOID: it is no member.
def _members(answers: Answers, question: str, loop: str, code: Scalar) -> Iterator[Mask]:
    values, states = answers.values, answers.states
    for prefix in answers.prefixes.get(loop, ()):
        slot = prefix + question
        state = states.get(slot)
        if state is State.CLOSED:
            yield VOID
            continue
        mask = _holds(values.get(slot), code)
        yield mask if state is State.OPEN or state is None else mask | VOID


def _over_instances(ends: tuple[Mask, Mask], question: str, loop: str, code: Scalar) -> Weigher:
    """`any_of` is the `or` and `all_of` the `and` of the members; a closed instance is none.

    Instances that are all closed leave nothing to read: void. Without any instance it is not
    decided until the loop is said to be complete; then nobody is, and so all are.
    """
    wins, loses = ends

    def over(answers: Answers, _prefix: str) -> Mask:
        if not answers.prefixes.get(loop):
            return loses if loop in answers.complete else UNKNOWN
        found, all_may_be_void = 0, True
        for mask in _members(answers, question, loop, code):
            if mask == wins:
                return wins
            found |= mask
            all_may_be_void = all_may_be_void and bool(mask & VOID)
        return found if all_may_be_void else found & ~VOID

    return over


def _count(question: str, loop: str, code: Scalar) -> Evaluator:
    def count(answers: Answers, _prefix: str) -> Seen:
        if not answers.prefixes.get(loop):
            return 0 if loop in answers.complete else Range(0, None, whole=True)
        least = most = 0
        all_closed = True
        for mask in _members(answers, question, loop, code):
            all_closed = all_closed and mask == VOID
            least += mask == TRUE
            most += bool(mask & TRUE)
        if all_closed:
            return NOTHING
        return least if least == most else Possible(tuple(range(least, most + 1)))

    return count


def _of_all(join: Callable[[Sequence[Seen], Answers], Seen], question: str, loop: str) -> Evaluator:
    """Bring the values of all members together; one that is not known leaves it unknown.

    Without members there is nothing to compute, once all were named.
    """

    def of_all(answers: Answers, _prefix: str) -> Seen:
        prefixes = answers.prefixes.get(loop, ())
        if not prefixes:
            return NOTHING if loop in answers.complete else None
        found: list[Seen] = []
        for prefix in prefixes:
            slot = prefix + question
            state = answers.states.get(slot, State.OPEN)
            if state is State.CLOSED:
                continue
            value = answers.values.get(slot)
            if value is None or state is not State.OPEN or isinstance(value, Possible):
                return None
            found.append(value)
        return join(found, answers) if found else NOTHING

    return of_all


def _summed(values: Sequence[Seen], _answers: Answers) -> Seen:
    numbers = [_exact(value) for value in values]
    if all(_is_number(value) for value in numbers):
        return sum((Fraction(value) for value in numbers), Fraction(0))  # type: ignore[arg-type]
    found = _as_range(numbers[0])
    for value in numbers[1:]:
        found = _as_range(_of_ranges("+", found, _as_range(value)))
    return found


def _extreme(first: bool, read: Callable[[Seen], Range | None]) -> Callable[..., Seen]:
    """Return what picks the least (or greatest) of values, each as wide as it was told."""

    def extreme(values: Sequence[Seen], _answers: Answers) -> Seen:
        ranges = [read(value) for value in values]
        pick = min if first else max
        lows = [each.low if each else None for each in ranges]
        highs = [each.high if each else None for each in ranges]
        return _bounded(
            None if None in lows else pick(each for each in lows if each is not None),
            None if None in highs else pick(each for each in highs if each is not None),
        )

    return extreme


def _covered(values: Sequence[Seen], answers: Answers) -> list[tuple[float, float]] | None:
    """Return the intervals as plain ages by start; None if an end is not known for sure."""
    now = _as_range(answers.facts.get("client.age_months"))
    found: list[tuple[float, float]] = []
    for value in values:
        if not isinstance(value, Stretch):
            return None
        end = value.end or now
        start, last = _one(value.start), _one(end) if end else None
        if start is None or last is None:
            return None
        found.append((start, last))
    return sorted(found)


def _one(end: Range) -> float | None:
    return end.low if end.low == end.high else None


def _gap(values: Sequence[Seen], answers: Answers) -> Seen:
    """Return the longest time in months, from first start to last end, that is in no stretch."""
    stretches = _covered(values, answers)
    if stretches is None:
        return None
    longest, covered = 0.0, stretches[0][1]
    for start, end in stretches[1:]:
        longest = max(longest, start - covered)
        covered = max(covered, end)
    return longest


def _overlap(values: Sequence[Seen], answers: Answers) -> Seen:
    """Return the longest time, in months, that lies in two stretches at once."""
    stretches = _covered(values, answers)
    if stretches is None:
        return None
    longest, covered = 0.0, stretches[0][1]
    for start, end in stretches[1:]:
        longest = max(longest, min(end, covered) - start)
        covered = max(covered, end)
    return longest


_OVER_VALUES: Final[dict[str, Callable[[Sequence[Seen], Answers], Seen]]] = {
    "sum_of": _summed,
    "min_of": _extreme(True, _as_range),
    "max_of": _extreme(False, _as_range),
    "earliest": _extreme(True, _days),
    "latest": _extreme(False, _days),
    "gap_months": _gap,
    "overlap_months": _overlap,
}


# -- times of a life -------------------------------------------------------------------------------


def _end_of(interval: Evaluator, start: bool) -> Evaluator:
    def end_of(answers: Answers, prefix: str) -> Seen:
        value = interval(answers, prefix)
        if value is NOTHING:
            return NOTHING
        if not isinstance(value, Stretch):
            return None
        end = value.start if start else value.end
        return end if end is not None else answers.facts.get("client.age_months")

    return end_of


def _months_between(first: Evaluator, second: Evaluator) -> Evaluator:
    def months_between(answers: Answers, prefix: str) -> Seen:
        left, right = first(answers, prefix), second(answers, prefix)
        if left is NOTHING or right is NOTHING:
            return NOTHING
        one, other = _days(left), _days(right)
        if one is None or other is None:
            return None
        days = _of_ranges("-", other, one)
        return _of_ranges("/", _as_range(days), Range(_DAYS_A_MONTH, _DAYS_A_MONTH))

    return months_between


def _in_period(value: Seen, period: str) -> Mask:
    """Whether an interval reaches into a period; an end that is not known leaves it open."""
    if not isinstance(value, Stretch) or period not in PERIODS:
        return UNKNOWN
    index = PERIODS.index(period) + 1
    begins = PERIOD_STARTS[period]
    ends = PERIOD_STARTS[PERIODS[index]] if index < len(PERIODS) else float("inf")
    before_it_ends = _below(value.start, Range(ends, ends), False)
    if value.end is None:
        return before_it_ends
    return AND[before_it_ends][_below(Range(begins, begins), value.end, False)]


def _during(interval: Evaluator, period: str) -> Weigher:
    def during(answers: Answers, prefix: str) -> Mask:
        value = interval(answers, prefix)
        if value is NOTHING:
            return VOID
        return _union(_in_period(each, period or prefix[:-1]) for each in _each(value))

    return during


def _any_during(question: str, loop: str, period: str) -> Weigher:
    def any_during(answers: Answers, prefix: str) -> Mask:
        prefixes = answers.prefixes.get(loop, ())
        if not prefixes:
            return FALSE if loop in answers.complete else UNKNOWN
        found, all_may_be_void = 0, True
        for each in prefixes:
            state = answers.states.get(each + question, State.OPEN)
            if state is State.CLOSED:
                found |= VOID
                continue
            value = answers.values.get(each + question)
            mask = _union(_in_period(one, period or prefix[:-1]) for one in _each(value))
            if state is State.OPEN:
                all_may_be_void = False
                if mask == TRUE:
                    return TRUE
            else:
                mask |= VOID
            found |= mask
        return found if all_may_be_void else found & ~VOID

    return any_during
