"""The fold once more, slow and simple, written from the design and sharing nothing but the bank.

Conditions are read from their text, ages by counting days, and everything is worked out again and
again until nothing changes any more.
"""

from __future__ import annotations

import ast
import calendar
import itertools
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from nmt_intake.bank.model import Bank, Question
from nmt_intake.interview.events import Event
from nmt_intake.interview.values import AnswerError, read_value
from nmt_intake.vocabulary import MISSING_REASONS, PERIOD_STARTS, PERIODS

NAMED = ("caregiver", "placement", "exposure")
FIXED = {
    "opened",
    "consent_given",
    "safety_raised",
    "safety_acknowledged",
    "break_taken",
    "signed",
    "reopened",
    "bank_migrated",
}
Several = frozenset  # an unknown one of these values; a known value is a set of one


class Slow:
    """What stands after these events, as the interview's `view` tells it."""

    def __init__(self, bank: Bank, events: Iterable[Event]) -> None:
        self.bank = bank
        self.questions = {q.id: q for block in bank.blocks for q in block.questions}
        every = list({event.id: event for event in reversed(list(events))}.values())[::-1]
        undone = undone_among(every)
        self.events = [
            event
            for event in every
            if event.id not in undone and event.kind not in ("retracted", "restored")
        ]
        self.words()
        self.who()
        self.instances()
        self.truths: dict[str, bool | None] = {}
        for question, prefix in self.places():
            self.truths[prefix + question.id] = None
        while True:
            self.see()
            found = {prefix + q.id: self.truth(q, prefix) for q, prefix in self.places()}
            if found == self.truths:
                break
            self.truths = found

    def words(self) -> None:
        """The last word of each informant on each slot."""
        self.given: dict[str, dict[str, Any]] = {}
        self.marks: dict[str, dict[str, str]] = {}
        self.orphans: set[str] = set()
        last: dict[tuple[str, str], Event] = {}
        for event in self.events:
            if event.kind in ("answered", "marked_missing"):
                last[event.slot, event.informant or ""] = event
        for (slot, informant), event in sorted(last.items()):
            question = self.question_of(slot)
            if question is None:
                self.orphans.add(slot)
            elif event.kind == "marked_missing":
                self.marks.setdefault(slot, {})[informant] = event.reason
            else:
                try:
                    value = read_value(question, event.value)
                except AnswerError:
                    self.orphans.add(slot)
                else:
                    self.given.setdefault(slot, {})[informant] = value

    def question_of(self, slot: str) -> Question | None:
        instance, _, name = slot.rpartition("/")
        question = self.questions.get(name)
        if question is None:
            return None
        if question.for_each is None:
            return question if "/" not in slot else None
        if question.for_each == "period":
            return question if instance in PERIODS else None
        numbers = {f"{question.for_each}-{number}" for number in range(1, 1000)}
        return question if instance in numbers else None

    def who(self) -> None:
        clients = [e.client for e in self.events if e.kind in ("opened", "client_described")]
        record = clients[-1].model_dump() if clients else {"alias": ""}
        self.record = record
        told = dict(record)
        for question in self.questions.values():
            if question.fact and self.given.get(question.id):
                value = next(iter(self.given[question.id].values()))
                field = question.fact.removeprefix("client.")
                if field != "gestation_weeks" or 20 <= value <= 45:
                    told[field] = value
        self.told = told
        self.ages = possible_ages(told)
        self.informants = {}
        for event in self.events:
            if event.kind == "informant_added":
                self.informants[event.informant.id] = event.informant

    def instances(self) -> None:
        most = None if self.ages is None else max(self.ages)
        self.loops = {"period": [p for p in PERIODS if most is None or PERIOD_STARTS[p] <= most]}
        named = {e.instance for e in self.events if e.kind == "instance_added"}
        named |= {slot.split("/")[0] for slot in (*self.given, *self.marks) if "-" in slot}
        for loop in NAMED:
            mine = [each for each in named if each.startswith(f"{loop}-")]
            self.loops[loop] = sorted(mine, key=lambda each: int(each.split("-")[1]))

    def places(self) -> list[tuple[Question, str]]:
        return [
            (question, prefix)
            for question in self.questions.values()
            for prefix in self.prefixes(question.for_each)
        ]

    def prefixes(self, loop: str | None) -> list[str]:
        return [f"{instance}/" for instance in self.loops[loop]] if loop else [""]

    def see(self) -> None:
        """What is not closed can be seen: values as sets, reasons as words."""
        self.values: dict[str, frozenset[Any]] = {}
        self.reasons: dict[str, str] = {}
        for slot, truth in self.truths.items():
            if truth is False:
                continue
            question = self.question_of(slot)
            assert question is not None
            field = (question.fact or "").removeprefix("client.")
            if self.given.get(slot):
                said = self.given[slot].values()
                self.values[slot] = Several(as_seen(question, value) for value in said)
            elif self.record.get(field) is not None and question.fact and slot == question.id:
                try:
                    value = read_value(question, self.record[field])
                    self.values[slot] = Several({as_seen(question, value)})
                except AnswerError:
                    pass
            if slot not in self.values and slot in self.marks:
                order = MISSING_REASONS.index
                self.reasons[slot] = min(self.marks[slot].values(), key=order)

    def truth(self, question: Question, prefix: str) -> bool | None:
        block = next(b for b in self.bank.blocks if b.id == question.block)
        texts = [each.text for each in (block.when, question.when) if each]
        truths = [Reader(self, question, prefix).holds(text) for text in texts]
        if question.for_each == "period":
            least = 0 if self.ages is None else min(self.ages)
            truths.append(True if PERIOD_STARTS[prefix[:-1]] <= least else None)
        return both(truths)


def undone_among(events: list[Event]) -> set[str]:
    """The ids that are undone: the last word on each counts, and some can never be undone."""
    kinds = {event.id: event.kind for event in events}
    last: dict[str, bool] = {}
    for event in events:
        if event.kind in ("retracted", "restored"):
            last[event.target] = event.kind == "retracted"
    return {
        target
        for target, undone in last.items()
        if undone and kinds.get(target, "opened") not in FIXED | {"retracted", "restored"}
    }


def as_seen(question: Question, value: Any) -> Any:
    return frozenset(value) if question.kind == "choices" else (question.kind, value)


def possible_ages(client: dict[str, Any]) -> set[float] | None:
    """Every age in whole months the client may have, by trying every day of birth."""
    birth, interviewed = client.get("birth"), client.get("interviewed")
    days = days_in(birth) if birth and interviewed else []
    today = date.fromisoformat(interviewed) if days else None
    if today is None or days[0] > today:
        age = client.get("age_months")
        return None if age is None else {age}
    found = set()
    for day in days:
        months = 0
        while next_birthday(day, months + 1) <= today:
            months += 1
        found.add(months)
    return found


def next_birthday(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    last = calendar.monthrange(year, month)[1]
    if day.day > last:
        return date(year, month, last) + timedelta(days=1)
    return date(year, month, day.day)


def days_in(text: str) -> list[date]:
    """Every day that an ISO date may mean."""
    start = date(int(text[:4]), 1, 1)
    return [
        day
        for day in (start + timedelta(days=number) for number in range(366))
        if day.isoformat().startswith(text)
    ]


def both(truths: Iterable[bool | None]) -> bool | None:
    found = list(truths)
    return False if False in found else None if None in found else True


def either(truths: Iterable[bool | None]) -> bool | None:
    found = list(truths)
    return True if True in found else None if None in found else False


class Reader:
    """Reads one condition for one instance: each part is the set of what it may be, or None."""

    def __init__(self, state: Slow, question: Question, prefix: str) -> None:
        self.state = state
        self.question = question
        self.prefix = prefix
        self.informant: Any = None

    def holds(self, text: str) -> bool | None:
        tree = ast.parse(text, mode="eval").body
        if "informant." not in text or not self.state.informants:
            return self.yes(tree)
        return either([self.of(each, tree) for each in self.state.informants.values()])

    def of(self, informant: Any, tree: ast.expr) -> bool | None:
        self.informant = informant
        return self.yes(tree)

    def yes(self, node: ast.expr) -> bool | None:
        if isinstance(node, ast.BoolOp):
            truths = [self.yes(each) for each in node.values]
            return both(truths) if isinstance(node.op, ast.And) else either(truths)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            truth = self.yes(node.operand)
            return None if truth is None else not truth
        if isinstance(node, ast.Compare):
            return self.compared(node)
        return agreed(self.what(node), lambda each: each[1] is True)

    def among(self, values: Any, allowed: list[Any]) -> bool | None:
        return agreed(values, lambda each: each[1] in allowed)

    def compared(self, node: ast.Compare) -> bool | None:
        parts = [node.left, *node.comparators]
        truths = []
        for operator, left, right in zip(node.ops, parts[:-1], parts[1:], strict=True):
            if isinstance(operator, ast.In):
                allowed = [element.value for element in right.elts]  # type: ignore[attr-defined]
                truths.append(self.among(self.what(left), allowed))
                continue
            truths.append(self.pair(type(operator).__name__, self.what(left), self.what(right)))
        return both(truths)

    def pair(self, sign: str, left: Any, right: Any) -> bool | None:
        if left is None or right is None:
            return None
        truths = {one_pair(sign, first, second) for first, second in itertools.product(left, right)}
        return truths.pop() if len(truths) == 1 else None

    def what(self, node: ast.expr) -> Any:
        """The values a part may have, each with its kind; None if nothing is known."""
        match node:
            case ast.Constant(value=value):
                return {("", value)}
            case ast.BinOp(left=left, op=operator, right=right):
                return calculated(type(operator).__name__, self.what(left), self.what(right))
            case ast.Call():
                return self.called(node)
            case _:
                return self.named(ast.unparse(node))

    def named(self, name: str) -> Any:
        match name.split("."):
            case ["client", "age_months"]:
                return None if self.state.ages is None else {("", each) for each in self.state.ages}
            case ["client", "corrected_age_months"]:
                weeks = self.state.told.get("gestation_weeks")
                if self.state.ages is None:
                    return None
                return {("", corrected(age, weeks)) for age in self.state.ages}
            case ["client", "gestation_weeks"]:
                weeks = self.state.told.get("gestation_weeks")
                return None if weeks is None else {("", weeks)}
            case ["period", "id"]:
                return {("", self.prefix[:-1])}
            case ["informant", field]:
                value = getattr(self.informant, field, None)
                return None if value is None else {("", value)}
            case _:
                return self.state.values.get(self.place(name))

    def place(self, name: str) -> str:
        other = self.state.questions[name]
        return name if other.for_each is None else self.prefix + name

    def called(self, node: ast.Call) -> Any:
        name = ast.unparse(node.args[0])
        code = node.args[1].value if len(node.args) > 1 else True  # type: ignore[attr-defined]
        match ast.unparse(node.func):
            case "answered":
                return {("", self.place(name) in self.state.values)}
            case "missing":
                return {("", self.place(name) in self.state.reasons)}
            case "reason":
                return {("", self.state.reasons.get(self.place(name), ""))}
            case "has":
                truth = holds_code(self.state.values.get(self.place(name)), code)
                return None if truth is None else {("", truth)}
            case which:
                return self.over(which, name, code)

    def over(self, which: str, name: str, code: Any) -> Any:
        prefixes = self.state.prefixes(self.state.questions[name].for_each)
        truths = [holds_code(self.state.values.get(prefix + name), code) for prefix in prefixes]
        if which == "count_of":
            sure, unsure = truths.count(True), truths.count(None)
            return {("", number) for number in range(sure, sure + unsure + 1)}
        truth = either(truths) if which == "any_of" else both(truths)
        truth = truth if truths else None
        return None if truth is None else {("", truth)}


def holds_code(values: Any, code: Any) -> bool | None:
    return agreed(
        values, lambda each: code in each if isinstance(each, frozenset) else each[1] == code
    )


def agreed(values: Any, test: Callable[[Any], bool]) -> bool | None:
    if values is None:
        return None
    found = {test(each) for each in values}
    return found.pop() if len(found) == 1 else None


def one_pair(sign: str, left: Any, right: Any) -> bool | None:
    (kind, first), (other, second) = left, right
    if "date" in (kind, other):
        return dates_compared(sign, first, second)
    operations: dict[str, Callable[[Any, Any], bool]] = {
        "Eq": lambda a, b: a == b,
        "NotEq": lambda a, b: a != b,
        "Lt": lambda a, b: a < b,
        "LtE": lambda a, b: a <= b,
        "Gt": lambda a, b: a > b,
        "GtE": lambda a, b: a >= b,
    }
    return operations[sign](first, second)


def dates_compared(sign: str, first: str, second: str) -> bool | None:
    """Whether it holds for all days the two may mean, or for none."""
    one, two = days_in(first), days_in(second)
    match sign:
        case "Lt":
            return True if one[-1] < two[0] else False if one[0] >= two[-1] else None
        case "GtE":
            return False if one[-1] < two[0] else True if one[0] >= two[-1] else None
        case "LtE":
            return True if one[-1] <= two[0] else False if one[0] > two[-1] else None
        case _:
            apart = one[-1] < two[0] or two[-1] < one[0]
            same = len(one) == len(two) == 1 and one == two
            equal = False if apart else True if same else None
            return equal if sign == "Eq" or equal is None else not equal


def calculated(sign: str, left: Any, right: Any) -> Any:
    if left is None or right is None:
        return None
    found = set()
    for (_, first), (_, second) in itertools.product(left, right):
        if sign == "Div" and second == 0:
            return None
        found.add(("", first + second if sign == "Add" else first / second))
    return found


def corrected(age: float, weeks: float | None) -> float:
    if weeks is None or weeks >= 37 or age >= 24:
        return age
    return max(0.0, age - (40 - weeks) * 7 * 12 / 365.25)
