"""Conditions once more, slow and simple: evaluated from their text, as the design tells it.

A value is `None` (unknown) or a set of possible values; a truth is True, False or None. Nothing
here is shared with the program but the shapes that hold the answers.
"""

from __future__ import annotations

import ast
import calendar
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Said = frozenset[Any]  # one value that is known, or several of which one is meant


@dataclass
class Told:
    """What was told: sets of values by slot, reasons by slot, facts, and who tells."""

    values: dict[str, Said] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    informants: list[dict[str, Any]] = field(default_factory=list)
    instances: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A question: its id, whether it is reached as `same`, `once` or `many`, its kind."""

    id: str
    reach: str
    kind: str
    loop: str = ""


def holds(text: str, questions: Mapping[str, Asked], told: Told, instance: str) -> bool | None:
    """Whether a condition holds in an instance (`infancy`, or empty)."""
    body = ast.parse(text, mode="eval").body
    spoken_of = any(
        isinstance(node, ast.Attribute) and ast.unparse(node).startswith("informant.")
        for node in ast.walk(body)
    )
    if not spoken_of or not told.informants:
        return truth(_Reading(questions, told, instance, told.facts).value(body))
    return either(
        truth(_Reading(questions, told, instance, {**told.facts, **each}).value(body))
        for each in told.informants
    )


def truth(value: Said | None) -> bool | None:
    if value in (frozenset([True]), frozenset([False])):
        return next(iter(value))
    return None


def either(truths: Iterable[bool | None]) -> bool | None:
    found = list(truths)
    return True if True in found else None if None in found else False


def both(truths: Iterable[bool | None]) -> bool | None:
    found = list(truths)
    return False if False in found else None if None in found else True


def as_said(found: bool | None) -> Said | None:
    return None if found is None else frozenset([found])


class _Reading:
    def __init__(
        self, questions: Mapping[str, Asked], told: Told, instance: str, facts: Mapping[str, Any]
    ) -> None:
        self.questions, self.told, self.instance, self.facts = questions, told, instance, facts

    def value(self, node: ast.expr) -> Said | None:
        match node:
            case ast.Constant(value=constant):
                return frozenset([constant])
            case ast.BoolOp(op=operator, values=parts):
                join = both if isinstance(operator, ast.And) else either
                return as_said(join(truth(self.value(part)) for part in parts))
            case ast.UnaryOp(op=ast.Not(), operand=part):
                inner = truth(self.value(part))
                return None if inner is None else frozenset([not inner])
            case ast.UnaryOp(op=ast.USub(), operand=part):
                return self.computed(frozenset([0]), self.value(part), lambda a, b: a - b)
            case ast.BinOp(left=left, op=operator, right=right):
                return self.computed(self.value(left), self.value(right), SUMS[type(operator)])
            case ast.Compare(left=left, ops=operators, comparators=rest):
                return as_said(both(self.links([left, *rest], operators)))
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self.called(name, arguments)
            case _:
                return self.named(ast.unparse(node))

    def named(self, name: str) -> Said | None:
        if name == "period.id":
            return frozenset([self.instance]) if self.instance else None
        if name.partition(".")[0] in ("client", "informant"):
            found = self.facts.get(name)
            return None if found is None else frozenset([found])
        return self.told.values.get(self.slot(self.questions[name]))

    def slot(self, asked: Asked, instance: str | None = None) -> str:
        where = self.instance if instance is None else instance
        return f"{where}/{asked.id}" if where and asked.reach != "once" else asked.id

    def computed(
        self, left: Said | None, right: Said | None, compute: Callable[[Any, Any], Any]
    ) -> Said | None:
        if left is None or right is None:
            return None
        try:
            return frozenset(compute(a, b) for a, b in itertools.product(left, right))
        except ArithmeticError:
            return None

    def links(self, parts: list[ast.expr], operators: list[ast.cmpop]) -> list[bool | None]:
        pairs = zip(parts[:-1], operators, parts[1:], strict=True)
        return [self.link(left, operator, right) for left, operator, right in pairs]

    def link(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> bool | None:
        if isinstance(operator, ast.In | ast.NotIn):
            members = frozenset(ast.literal_eval(right))
            said = self.value(left)
            inside = None if said is None else agreed({each in members for each in said})
            return None if inside is None else inside is isinstance(operator, ast.In)
        first, second = self.value(left), self.value(right)
        if first is None or second is None:
            return None
        compare = DATES if self.is_date(left) or self.is_date(right) else PLAIN
        return agreed({compare[type(operator)](a, b) for a, b in itertools.product(first, second)})

    def is_date(self, node: ast.expr) -> bool:
        asked = self.questions.get(ast.unparse(node))
        return asked is not None and asked.kind == "date"

    def called(self, name: str, arguments: list[ast.expr]) -> Said | None:
        asked = self.questions[ast.unparse(arguments[0])]
        code = ast.literal_eval(arguments[1]) if len(arguments) > 1 else True
        slot = self.slot(asked)
        match name:
            case "answered":
                return frozenset([slot in self.told.values])
            case "missing":
                return frozenset([slot in self.told.reasons])
            case "reason":
                return frozenset([self.told.reasons.get(slot, "")])
            case "has":
                return as_said(self.has(slot, code))
        each = [
            self.has(self.slot(asked, instance), code)
            for instance in self.told.instances.get(asked.loop, [])
        ]
        match name:
            case "any_of":
                return as_said(either(each or [None]))
            case "all_of":
                return as_said(both(each or [None]))
            case _:
                sure = each.count(True)
                return frozenset(range(sure, sure + each.count(None) + 1))

    def has(self, slot: str, code: Any) -> bool | None:
        said = self.told.values.get(slot)
        if said is None:
            return None
        return agreed({code in one if isinstance(one, tuple) else one == code for one in said})


def agreed(found: set[bool | None]) -> bool | None:
    return next(iter(found)) if len(found) == 1 else None


SUMS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
}
PLAIN: dict[type[ast.cmpop], Callable[[Any, Any], bool | None]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
}


def days(written: str) -> tuple[int, int]:
    """The first and the last day that a date, perhaps without day or month, may mean."""
    year, month, day = (*map(int, written.split("-")), 0, 0)[:3]
    last_month = month or 12
    last_day = day or calendar.monthrange(year, last_month)[1]
    first = date(year, month or 1, day or 1).toordinal()
    return first, date(year, last_month, last_day).toordinal()


def before(left: str, right: str) -> bool | None:
    (first, last), (other_first, other_last) = days(left), days(right)
    return True if last < other_first else False if first >= other_last else None


def same_day(left: str, right: str) -> bool | None:
    (first, last), (other_first, other_last) = days(left), days(right)
    if last < other_first or other_last < first:
        return False
    return True if first == last == other_first == other_last else None


def opposite(found: bool | None) -> bool | None:
    return None if found is None else not found


DATES: dict[type[ast.cmpop], Callable[[Any, Any], bool | None]] = {
    ast.Eq: same_day,
    ast.NotEq: lambda a, b: opposite(same_day(a, b)),
    ast.Lt: before,
    ast.LtE: lambda a, b: opposite(before(b, a)),
    ast.Gt: lambda a, b: before(b, a),
    ast.GtE: lambda a, b: opposite(before(a, b)),
}
