"""Conditions once more, slow and simple: evaluated from their text, as the guide tells it.

A part that is a truth is the set of what it may turn out to be: "yes", "no", "void". Any other
part is `None` (unknown), `VOID`, or the one value it has. Between tellers every choice is tried.
Nothing here is shared with the program but the shapes that hold the answers.
"""

from __future__ import annotations

import ast
import calendar
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

Said = frozenset[Any]  # one value that is known, or several of which one is meant
Truth = frozenset[str]
YES, NO, NONE = frozenset(["yes"]), frozenset(["no"]), frozenset(["void"])
EITHER = YES | NO
VOID = object()


@dataclass
class Told:
    """What was told: sets of values by slot, reasons by slot, facts, and who tells.

    `states` says of a slot that it is closed, pending or disputed; `complete` are the loops of
    which all instances were named.
    """

    values: dict[str, Said] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    informants: list[dict[str, Any]] = field(default_factory=list)
    instances: dict[str, list[str]] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    complete: frozenset[str] = frozenset()
    choices: list[list[dict[str, Any]]] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """A question: its id, whether it is reached as `same`, `once` or `many`, its kind."""

    id: str
    reach: str
    kind: str
    loop: str = ""


def holds(text: str, questions: Mapping[str, Asked], told: Told, instance: str) -> str:
    """What a condition comes to in an instance (`infancy`, or empty)."""
    body = ast.parse(text, mode="eval").body
    outcomes = {decided(mask) for mask in outcomes_of(body, questions, told, instance)}
    if {"open", "closed"} <= outcomes:
        return "disputed"
    return "pending" if "pending" in outcomes else outcomes.pop()


def decided(truth: Truth) -> str:
    if truth == YES:
        return "open"
    return "pending" if "yes" in truth else "closed"


def outcomes_of(
    body: ast.expr, questions: Mapping[str, Asked], told: Told, instance: str
) -> Iterator[Truth]:
    """The truth in each world: one choice between the tellers."""
    names = {ast.unparse(node) for node in ast.walk(body) if isinstance(node, ast.expr)}
    ids = {questions[name].id for name in names if name in questions}
    read = [
        slot for slot in told.values if slot.rpartition("/")[2] in ids and allowed(slot, instance)
    ]
    options: list[list[tuple[str, Any]]] = []
    for slot in read:
        each: list[tuple[str, Any]] = [(slot, value) for value in told.values[slot]]
        if told.states.get(slot) == "disputed":
            each.append((slot, VOID))
        options.append(each)
    for world in itertools.product(*options):
        for facts in told.choices or [[told.facts]]:
            here = [replace(chosen(told, world), facts=each) for each in facts]
            yield frozenset[str]().union(
                *(in_world(body, questions, each, instance, names) for each in here)
            )


def allowed(slot: str, instance: str) -> bool:
    where = slot.rpartition("/")[0]
    return where in ("", instance) or "-" in where


def chosen(told: Told, world: Iterable[tuple[str, Any]]) -> Told:
    values = dict(told.values)
    states = dict(told.states)
    for slot, value in world:
        if value is VOID:
            del values[slot]
            states[slot] = "closed"
        else:
            values[slot] = frozenset([value])
            if states.get(slot) == "disputed":
                states[slot] = "open"
    return replace(told, values=values, states=states)


def in_world(
    body: ast.expr,
    questions: Mapping[str, Asked],
    told: Told,
    instance: str,
    names: Iterable[str],
) -> Truth:
    if not any(name.startswith("informant.") for name in names) or not told.informants:
        return _Reading(questions, told, instance, told.facts).truth(body)
    each = [
        _Reading(questions, told, instance, {**told.facts, **one}).truth(body)
        for one in told.informants
    ]
    return combined(each, either)


def both(parts: tuple[str, ...]) -> str:
    return "no" if "no" in parts else "void" if "void" in parts else "yes"


def either(parts: tuple[str, ...]) -> str:
    return "yes" if "yes" in parts else "void" if "void" in parts else "no"


def combined(parts: list[Truth], law: Callable[[tuple[str, ...]], str]) -> Truth:
    return frozenset(law(each) for each in itertools.product(*parts))


class _Reading:
    def __init__(
        self, questions: Mapping[str, Asked], told: Told, instance: str, facts: Mapping[str, Any]
    ) -> None:
        self.questions, self.told, self.instance, self.facts = questions, told, instance, facts

    def truth(self, node: ast.expr) -> Truth:
        match node:
            case ast.Constant(value=constant):
                return YES if constant else NO
            case ast.BoolOp(op=operator, values=parts):
                law = both if isinstance(operator, ast.And) else either
                found = self.truth(parts[0])
                for part in parts[1:]:
                    found = combined([found, self.truth(part)], law)
                return found
            case ast.UnaryOp(op=ast.Not(), operand=part):
                turned = {"yes": "no", "no": "yes", "void": "void"}
                return frozenset(turned[each] for each in self.truth(part))
            case ast.Compare(left=left, ops=operators, comparators=rest):
                pairs = itertools.pairwise([left, *rest])
                links = [
                    self.link(one, sign, other)
                    for (one, other), sign in zip(pairs, operators, strict=True)
                ]
                return combined(links, both)
            case ast.Call(func=ast.Name(id=name), args=arguments) if name != "count_of":
                return self.called(name, arguments)
            case _:
                return self.doubted(self.weighed(self.value(node), lambda each: each is True), node)

    def weighed(self, value: Any, test: Callable[[Any], bool | None]) -> Truth:
        if value is VOID:
            return NONE
        if value is None:
            return EITHER
        found = {test(each) for each in value}
        return frozenset().union(
            *({True: YES, False: NO, None: EITHER}[each] for each in found)  # type: ignore[misc]
        )

    def doubted(self, truth: Truth, *nodes: ast.expr) -> Truth:
        """What reads a slot whose gate is not decided may turn out void."""
        for node in nodes:
            for part in ast.walk(node):
                if isinstance(part, ast.Call) and ast.unparse(part.func) == "reason":
                    return truth
                asked = self.questions.get(ast.unparse(part)) if is_name(part) else None
                if asked is None:
                    continue
                if asked.reach != "many":
                    if self.told.states.get(self.slot(asked)) in ("pending", "disputed"):
                        truth = truth | NONE
                elif self.may_have_no_member(asked):
                    truth = truth | NONE
        return truth

    def may_have_no_member(self, asked: Asked) -> bool:
        states = [
            self.told.states.get(self.slot(asked, each), "open")
            for each in self.told.instances.get(asked.loop, [])
        ]
        return "open" not in states and set(states) - {"closed"} != set()

    def value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=constant):
                return frozenset([constant])
            case ast.UnaryOp(op=ast.USub(), operand=part):
                return self.computed(frozenset([0]), self.value(part), lambda a, b: a - b)
            case ast.BinOp(left=left, op=operator, right=right):
                return self.computed(self.value(left), self.value(right), SUMS[type(operator)])
            case ast.Call(func=ast.Name(id="count_of"), args=arguments):
                return self.counted(*self.over(arguments))
            case ast.Call(func=ast.Name(id="reason"), args=arguments):
                slot = self.slot(self.questions[ast.unparse(arguments[0])])
                reason = self.told.reasons.get(slot, "")
                doubt = self.told.states.get(slot, "open") != "open"
                return frozenset([reason, ""]) if doubt else frozenset([reason])
            case _ if not is_name(node):
                truth = self.truth(node)
                known: dict[Truth, Any] = {
                    YES: frozenset([True]),
                    NO: frozenset([False]),
                    NONE: VOID,
                }
                return known.get(truth)
            case _:
                return self.named(ast.unparse(node))

    def named(self, name: str) -> Any:
        if name == "period.id":
            return frozenset([self.instance]) if self.instance else None
        if name.partition(".")[0] in ("client", "informant"):
            found = self.facts.get(name)
            return None if found is None else frozenset([found])
        return self.said(self.slot(self.questions[name]))

    def said(self, slot: str) -> Any:
        if self.told.states.get(slot) == "closed":
            return VOID
        return self.told.values.get(slot)

    def slot(self, asked: Asked, instance: str | None = None) -> str:
        where = self.instance if instance is None else instance
        return f"{where}/{asked.id}" if where and asked.reach != "once" else asked.id

    def computed(self, left: Any, right: Any, compute: Callable[[Any, Any], Any]) -> Any:
        if left is VOID or right is VOID:
            return VOID
        if left is None or right is None:
            return None
        try:
            return frozenset(compute(exact(a), exact(b)) for a, b in itertools.product(left, right))
        except ArithmeticError:
            return None

    def link(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Truth:
        if isinstance(operator, ast.In | ast.NotIn):
            members = frozenset(exact(each) for each in ast.literal_eval(right))
            inside = self.weighed(self.value(left), lambda each: exact(each) in members)
            if isinstance(operator, ast.NotIn):
                inside = frozenset({"yes": "no", "no": "yes"}.get(each, each) for each in inside)
            return self.doubted(inside, left)
        first, second = self.value(left), self.value(right)
        if first is VOID or second is VOID:
            return NONE
        if first is None or second is None:
            return self.doubted(EITHER, left, right)
        compare = (DATES if self.is_date(left) or self.is_date(right) else PLAIN)[type(operator)]
        pairs = frozenset(itertools.product(first, second))
        found = self.weighed(pairs, lambda each: compare(exact(each[0]), exact(each[1])))
        return self.doubted(found, left, right)

    def is_date(self, node: ast.expr) -> bool:
        asked = self.questions.get(ast.unparse(node))
        return asked is not None and asked.kind == "date"

    def called(self, name: str, arguments: list[ast.expr]) -> Truth:
        asked = self.questions[ast.unparse(arguments[0])]
        if name == "chosen" and not asked.loop:
            return self.doubted(self.has(self.slot(asked), self.instance), arguments[0])
        if name in ("any_of", "all_of", "chosen"):
            if name == "chosen":
                name, arguments = "any_of", [*arguments, ast.Constant(self.instance)]
            members, named, complete = self.over(arguments)
            if not named:
                return (NO if name == "any_of" else YES) if complete else EITHER
            found = {None}
            for member in members:
                found = {step(name, so_far, one) for so_far in found for one in member}
            return frozenset("void" if each is None else each for each in found)
        slot = self.slot(asked)
        if name == "has":
            code = ast.literal_eval(arguments[1])
            return self.doubted(self.has(slot, code), arguments[0])
        held = self.told.values if name == "answered" else self.told.reasons
        if self.told.states.get(slot) == "closed" or slot not in held:
            return NO
        return YES if self.told.states.get(slot, "open") == "open" else EITHER

    def over(self, arguments: list[ast.expr]) -> tuple[list[Truth], bool, bool]:
        """What each instance may say, whether there are any, and whether those are all."""
        asked = self.questions[ast.unparse(arguments[0])]
        code = ast.literal_eval(arguments[1]) if len(arguments) > 1 else True
        instances = self.told.instances.get(asked.loop, [])
        members: list[Truth] = []
        for instance in instances:
            slot = self.slot(asked, instance)
            found = self.has(slot, code)
            undecided = self.told.states.get(slot, "open") in ("pending", "disputed")
            members.append(found | NONE if undecided else found)
        return members, bool(instances), asked.loop in self.told.complete

    def counted(self, members: list[Truth], named: bool, complete: bool) -> Any:
        if not named:
            return frozenset(range(1 if complete else 60))
        if all(member == NONE for member in members):
            return VOID
        sure = sum(member == YES for member in members)
        may = sum("yes" in member for member in members)
        return frozenset(range(sure, may + 1))

    def has(self, slot: str, code: Any) -> Truth:
        return self.weighed(
            self.said(slot), lambda one: code in one if isinstance(one, tuple) else one == code
        )


def step(name: str, so_far: str | None, one: str) -> str | None:
    """One more member of any_of or all_of; void is no member."""
    if one == "void":
        return so_far
    wins = "yes" if name == "any_of" else "no"
    return wins if wins in (so_far, one) else one


def is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name | ast.Attribute)


def exact(value: Any) -> Any:
    return Fraction(repr(value)) if isinstance(value, float) else value


SUMS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: Fraction(a) / Fraction(b),
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
