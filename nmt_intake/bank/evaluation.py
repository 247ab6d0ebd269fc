"""Conditions compiled to closures, evaluated by the laws of `truth`.

A part that is a truth gives a mask; any other part gives a value, None for what is not known yet,
or `NOTHING` for what is closed. Informants who differ are read one choice at a time, so that
`q == 'a' or q == 'b'` is `q in ('a', 'b')`, and so are the ages that a birth date may mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice, product
from typing import Final, TypeAlias, TypeVar

from nmt_intake.bank.amounts import (
    ARITHMETIC_SIGNS,
    MOST_COMBINATIONS,
    NOTHING,
    Nothing,
    Seen,
    alternatives,
    among,
    as_range,
    compared,
    dates_compared,
    days_meant,
    exact_number,
    holds_code,
    in_period,
    is_number,
    plain_number,
    possible_values,
    range_result,
    union_of,
)
from nmt_intake.bank.instances import (
    OVER_VALUES,
    Evaluator,
    Weigher,
    any_during,
    count_over,
    over_instances,
    over_values,
)
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

Reads: TypeAlias = Sequence[tuple[str, str]]  # a question, and "same", "once" or its loop
_Held = TypeVar("_Held")
_MOST_WORLDS: Final = 256
_LARGEST: Final = 10**300
OVER_INSTANCES: Final = frozenset(
    {
        *("any_of", "all_of", "count_of", "sum_of", "min_of", "max_of", "earliest", "latest"),
        *("any_during", "gap_months", "overlap_months", "chosen_by_any"),
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
        case ["call", "chosen", ["ref", *_] as reference, str()]:
            return _doubted(_chosen(compiled_value(reference)), reference)
        case ["call", "chosen_by_any", str(question), str(loop), str()]:
            return lambda answers, prefix: over_instances(
                (TRUE, FALSE), question, loop, prefix[:-1]
            )(answers, prefix)
        case ["call", "any_of", str(question), str(loop), code] if isinstance(code, Scalar):
            return over_instances((TRUE, FALSE), question, loop, code)
        case ["call", "all_of", str(question), str(loop), code] if isinstance(code, Scalar):
            return over_instances((FALSE, TRUE), question, loop, code)
        case ["call", "during", ["ref", *_] as reference, str(period)]:
            return _doubted(_during(compiled_value(reference), period), reference)
        case ["call", "any_during", str(question), str(loop), str(period)]:
            return any_during(question, loop, period)
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
                return union_of(_TRUTH_MASKS.get(each, UNKNOWN) for each in values)  # type: ignore[arg-type]
            case _:
                return UNKNOWN

    return yes


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
            return count_over(question, loop, code)
        case ["call", ("starts" | "ends"), ["ref", *_] as reference]:
            return _end_of(compiled_value(reference), tree[1] == "starts")
        case ["call", "months_between", first, second]:
            return _months_between(compiled_value(first), compiled_value(second))
        case ["call", str(name), str(question), str(loop)] if name in OVER_VALUES:
            return over_values(OVER_VALUES[name], question, loop)
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
    one = dates_compared if kind == "date" else compared
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
        pairs = [(x, y) for x in alternatives(first) for y in alternatives(second)]
        if len(pairs) > MOST_COMBINATIONS:
            return UNKNOWN
        return union_of(one(sign, x, y) for x, y in pairs)

    return link


def _membership(part: Evaluator, members: Sequence[Tree]) -> Weigher:
    allowed = frozenset(plain_number(member) for member in members if isinstance(member, Scalar))

    def membership(answers: Answers, prefix: str) -> Mask:
        value = part(answers, prefix)
        if value is NOTHING:
            return VOID
        if value is None:
            return UNKNOWN
        return union_of(among(each, allowed) for each in alternatives(value))

    return membership


def _arithmetic(sign: str, left: Evaluator, right: Evaluator) -> Evaluator:
    apply = ARITHMETIC_SIGNS[sign]

    def one(first: Seen, second: Seen) -> Seen:
        if isinstance(first, Range) or isinstance(second, Range):
            return range_result(sign, as_range(first), as_range(second))
        if not is_number(first) or not is_number(second):
            return None
        try:
            result = apply(Fraction(exact_number(first)), Fraction(exact_number(second)))  # type: ignore[arg-type]
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
        return possible_values(
            [one(x, y) for x in alternatives(first) for y in alternatives(second)]
        )

    return arithmetic


def _has(value: Evaluator, code: str) -> Weigher:
    return lambda answers, prefix: holds_code(value(answers, prefix), code)


def _chosen(value: Evaluator) -> Weigher:
    return lambda answers, prefix: holds_code(value(answers, prefix), prefix[:-1])


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
        one, other = days_meant(left), days_meant(right)
        if one is None or other is None:
            return None
        days = range_result("-", other, one)
        return range_result("/", as_range(days), Range(_DAYS_A_MONTH, _DAYS_A_MONTH))

    return months_between


def _during(interval: Evaluator, period: str) -> Weigher:
    def during(answers: Answers, prefix: str) -> Mask:
        value = interval(answers, prefix)
        if value is NOTHING:
            return VOID
        return union_of(in_period(each, period or prefix[:-1]) for each in alternatives(value))

    return during
