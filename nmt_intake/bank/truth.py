"""Three-valued evaluation of conditions: true, false, or not known yet (None).

A condition is a small tree (see `expression`), compiled once to closures. An answer that is
missing, not given, or behind a closed branch is unknown, and an unknown makes what hangs on it
unknown unless the rest decides it. Informants who differ, and counts over instances of which some
are open, are neither: they are `Possible` values, and a comparison is decided when all of them
agree on it.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

Scalar: TypeAlias = bool | int | float | str
Tree: TypeAlias = "Scalar | Sequence[Tree] | None"


@dataclass(frozen=True, slots=True)
class Possible:
    """One of several values, not known which."""

    values: tuple[Scalar | tuple[str, ...], ...]


Known: TypeAlias = Scalar | tuple[str, ...]
Value: TypeAlias = Known | Possible | None

Truth: TypeAlias = bool | None


@dataclass(slots=True)
class Answers:
    """What conditions can see of an interview: values in force, missing reasons, facts.

    `values` and `reasons` are keyed by question instance (`infancy/feeding.refused`), `facts` by
    name (`client.age_months`); `informants` holds the `informant.*` facts of each informant;
    `prefixes` the instance prefixes (`infancy/`) of each kind of repeated block.
    """

    values: Mapping[str, Value] = field(default_factory=dict[str, Value])
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])
    facts: Mapping[str, Value] = field(default_factory=dict[str, Value])
    informants: Sequence[Mapping[str, Value]] = ()
    prefixes: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])


Evaluator: TypeAlias = Callable[[Answers, str], Value]

_MOST_COMBINATIONS: Final = 400


def compile_condition(tree: Tree, asks_informants: bool) -> Callable[[Answers, str], Truth]:
    """Compile a condition's tree; the result takes the answers and the instance's prefix.

    A condition about the informant holds when it holds for one of the informants of the
    interview: so it does not depend on who happens to speak last.
    """
    evaluate = _truth(compile_tree(tree))
    if not asks_informants:
        return evaluate

    def for_any_informant(answers: Answers, prefix: str) -> Truth:
        if not answers.informants:
            return evaluate(answers, prefix)
        return any_true(
            evaluate(replace(answers, facts={**answers.facts, **informant}), prefix)
            for informant in answers.informants
        )

    return for_any_informant


def any_true(truths: Iterable[Truth]) -> Truth:
    """Kleene's or: true if one is true, else unknown if one is unknown, else false."""
    result: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            result = None
    return result


def all_true(truths: Iterable[Truth]) -> Truth:
    """Kleene's and: false if one is false, else unknown if one is unknown, else true."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def compile_tree(tree: Tree) -> Evaluator:
    """Compile any tree that `expression.parse` produced."""
    match tree:
        case ["const", constant]:
            value = _constant(constant)
            return lambda _answers, _prefix: value
        case ["ref", str(question), str(reach)]:
            return _reference(question, reach)
        case ["fact", "period.id"]:
            return lambda _answers, prefix: prefix[:-1] or None
        case ["fact", str(name)]:
            return lambda answers, _prefix: answers.facts.get(name)
        case ["and", *parts]:
            truths = [_truth(compile_tree(part)) for part in parts]
            return lambda answers, prefix: all_true(truth(answers, prefix) for truth in truths)
        case ["or", *parts]:
            truths = [_truth(compile_tree(part)) for part in parts]
            return lambda answers, prefix: any_true(truth(answers, prefix) for truth in truths)
        case ["not", part]:
            return _negation(_truth(compile_tree(part)))
        case ["compare", str(kind), first, *rest]:
            return _comparison(kind, first, rest)
        case ["in", part, *members]:
            return _membership(compile_tree(part), members)
        case ["arithmetic", str(sign), left, right]:
            return _arithmetic(sign, compile_tree(left), compile_tree(right))
        case ["call", str(name), *arguments]:
            return _call(name, arguments)
        case _:
            raise ValueError("not a condition's tree")


def _constant(constant: Tree) -> Value:
    if isinstance(constant, Scalar):
        return constant
    raise ValueError("not a condition's tree")


def _truth(evaluate: Evaluator) -> Callable[[Answers, str], Truth]:
    def truth(answers: Answers, prefix: str) -> Truth:
        value = evaluate(answers, prefix)
        return value if isinstance(value, bool) else None

    return truth


def _negation(truth: Callable[[Answers, str], Truth]) -> Evaluator:
    def negation(answers: Answers, prefix: str) -> Value:
        value = truth(answers, prefix)
        return None if value is None else not value

    return negation


def _slot(question: str, reach: str) -> Callable[[str], str]:
    if reach == "same":
        return lambda prefix: prefix + question
    return lambda _prefix: question


def _reference(question: str, reach: str) -> Evaluator:
    if reach == "same":
        return lambda answers, prefix: answers.values.get(prefix + question)
    return lambda answers, _prefix: answers.values.get(question)


def _before(left: Known, right: Known) -> Truth:
    """Whether one date is before another; dates may lack the day or the month."""
    if _last_day(left) < _first_day(right):
        return True
    return None if _first_day(left) < _last_day(right) else False


def _first_day(date: Known) -> str:
    return (str(date) + "-01-01"[len(str(date)) - 4 :])[:10]


def _last_day(date: Known) -> str:
    text = str(date)
    if len(text) != len("2019-02"):
        return (text + "-12-31"[len(text) - 4 :])[:10]
    year, month = int(text[:4]), text[5:]
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return f"{text}-{'29' if leap and month == '02' else _LAST_DAYS.get(month, '31')}"


_LAST_DAYS: Final = {"02": "28", "04": "30", "06": "30", "09": "30", "11": "30"}


def _same_date(left: Known, right: Known) -> Truth:
    if left == right:
        return True if len(str(left)) == 10 else None
    apart = any_true((_before(left, right), _before(right, left)))
    return False if apart is True else None


def _opposite(compare: Callable[[Known, Known], Truth]) -> Callable[[Known, Known], Truth]:
    def opposite(left: Known, right: Known) -> Truth:
        truth = compare(left, right)
        return None if truth is None else not truth

    return opposite


_COMPARE: Final[dict[str, Callable[[Known, Known], Truth]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPARE_DATES: Final[dict[str, Callable[[Known, Known], Truth]]] = {
    "==": _same_date,
    "!=": _opposite(_same_date),
    "<": _before,
    "<=": _opposite(lambda left, right: _before(right, left)),
    ">": lambda left, right: _before(right, left),
    ">=": _opposite(_before),
}


def _comparison(kind: str, first: Tree, rest: Sequence[Tree]) -> Evaluator:
    compare = _COMPARE_DATES if kind == "date" else _COMPARE
    operands = [compile_tree(first)]
    signs: list[Callable[[Known, Known], Truth]] = []
    for pair in rest:
        match pair:
            case [str(sign), operand]:
                signs.append(compare[sign])
                operands.append(compile_tree(operand))
            case _:
                raise ValueError("not a condition's tree")
    links = [_link(*link) for link in zip(signs, operands[:-1], operands[1:], strict=True)]
    if len(links) == 1:
        return links[0]
    return lambda answers, prefix: all_true(link(answers, prefix) for link in links)


def _link(
    holds: Callable[[Known, Known], Truth], left: Evaluator, right: Evaluator
) -> Callable[[Answers, str], Truth]:
    def link(answers: Answers, prefix: str) -> Truth:
        first, second = left(answers, prefix), right(answers, prefix)
        if first is None or second is None:
            return None
        if isinstance(first, Possible) or isinstance(second, Possible):
            return _agreed(first, second, holds)
        try:
            return holds(first, second)
        except TypeError:
            return None

    return link


def _each(value: Known | Possible) -> tuple[Known, ...]:
    return value.values if isinstance(value, Possible) else (value,)


def _agreed(
    first: Known | Possible, second: Known | Possible, holds: Callable[[Known, Known], Truth]
) -> Truth:
    pairs = [(left, right) for left in _each(first) for right in _each(second)]
    if len(pairs) > _MOST_COMBINATIONS:
        return None
    try:
        truths = {holds(left, right) for left, right in pairs}
    except TypeError:
        return None
    return truths.pop() if len(truths) == 1 else None


def _membership(part: Evaluator, members: Sequence[Tree]) -> Evaluator:
    allowed = frozenset(member for member in members if isinstance(member, Scalar))

    def membership(answers: Answers, prefix: str) -> Value:
        value = part(answers, prefix)
        if value is None:
            return None
        if not isinstance(value, Possible):
            return value in allowed
        found = {each in allowed for each in value.values}
        return found.pop() if len(found) == 1 else None

    return membership


_ARITHMETIC: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda left, right: left / right,
    "//": lambda left, right: left // right,
    "%": operator.mod,
}


def _arithmetic(sign: str, left: Evaluator, right: Evaluator) -> Evaluator:
    apply = _ARITHMETIC[sign]

    def one(first: Known, second: Known) -> float | None:
        if not isinstance(first, int | float) or not isinstance(second, int | float):
            return None
        try:
            result = apply(first, second)
            return result if math.isfinite(result) else None
        except (ArithmeticError, ValueError):
            return None

    def arithmetic(answers: Answers, prefix: str) -> Value:
        first, second = left(answers, prefix), right(answers, prefix)
        if first is None or second is None:
            return None
        if not isinstance(first, Possible) and not isinstance(second, Possible):
            return one(first, second)
        return _all_of_them([one(x, y) for x in _each(first) for y in _each(second)])

    return arithmetic


def _all_of_them(values: Sequence[Known | None]) -> Value:
    distinct = tuple(dict.fromkeys(value for value in values if value is not None))
    if len(values) > _MOST_COMBINATIONS or not distinct or None in values:
        return None
    return distinct[0] if len(distinct) == 1 else Possible(distinct)


def _call(name: str, arguments: Sequence[Tree]) -> Evaluator:
    match name, *arguments:
        case ["answered", ["ref", str(question), str(reach)]]:
            slot = _slot(question, reach)
            return lambda answers, prefix: slot(prefix) in answers.values
        case ["missing", ["ref", str(question), str(reach)]]:
            slot = _slot(question, reach)
            return lambda answers, prefix: slot(prefix) in answers.reasons
        case ["reason", ["ref", str(question), str(reach)]]:
            slot = _slot(question, reach)
            return lambda answers, prefix: answers.reasons.get(slot(prefix), "")
        case ["has", ["ref", str(question), str(reach)], str(code)]:
            slot = _slot(question, reach)
            return lambda answers, prefix: _holds(answers.values.get(slot(prefix)), code)
        case [("any_of" | "all_of" | "count_of"), str(question), str(loop), code] if isinstance(
            code, Scalar
        ):
            return _over_instances(name, question, loop, code)
        case _:
            raise ValueError("not a condition's tree")


def _holds(value: Value, code: Scalar) -> Truth:
    """Whether an answer is, or has among several choices, this code."""
    if value is None:
        return None
    found = {
        code in each
        if isinstance(each, tuple)
        else each == code and isinstance(each, bool) == isinstance(code, bool)
        for each in _each(value)
    }
    return found.pop() if len(found) == 1 else None


def _over_instances(name: str, question: str, loop: str, code: Scalar) -> Evaluator:
    def truths(answers: Answers) -> list[Truth]:
        prefixes = answers.prefixes.get(loop, ())
        return [_holds(answers.values.get(prefix + question), code) for prefix in prefixes]

    def any_of(answers: Answers, _prefix: str) -> Value:
        return any_true(truths(answers) or (None,))

    def all_of(answers: Answers, _prefix: str) -> Value:
        return all_true(truths(answers) or (None,))

    def count_of(answers: Answers, _prefix: str) -> Value:
        each = truths(answers)
        least = each.count(True)
        most = least + each.count(None)
        return least if least == most else Possible(tuple(range(least, most + 1)))

    return {"any_of": any_of, "all_of": all_of, "count_of": count_of}[name]
