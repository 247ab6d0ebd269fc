"""The fold once more, slow and simple, written from the design and sharing nothing but the bank.

Conditions are read from their text, ages by counting days, and everything is worked out again and
again until nothing changes any more.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from nmt_intake.bank.model import Bank, Question
from nmt_intake.interview.events import Event
from nmt_intake.interview.values import AnswerError, read_value
from nmt_intake.vocabulary import MISSING_REASONS, PERIOD_STARTS, PERIODS
from tests.bank.slow_conditions import Asked, Told, holds

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
        self.asked = {q.id: Asked(q.id, "", q.kind, q.for_each or "") for q in bank_order(bank)}
        self.states: dict[str, str] = {}
        while True:
            self.facts()
            self.instances()
            self.see()
            found = {prefix + q.id: self.state(q, prefix) for q, prefix in self.places()}
            if found == self.states:
                break
            self.states = found

    def against(self) -> dict[str, str]:
        """The standing checks that do not hold: surely not, or not by one teller."""
        found = {
            f"{prefix}{block.id}!{check.id.rpartition('.')[2]}": self.holds(
                f"not ({check.expect.text})", block.questions[0], prefix, anybody=True
            )
            for block in self.bank.blocks
            for check in block.checks
            for prefix in self.prefixes(block.for_each)
        }
        return {name: state for name, state in found.items() if state in ("open", "disputed")}

    def words(self) -> None:
        """The last word of each informant on each slot."""
        self.given: dict[str, dict[str, Any]] = {}
        self.marks: dict[str, dict[str, str]] = {}
        self.orphans: set[str] = set()
        last: dict[tuple[str, str], Event] = {}
        for event in self.events:
            if event.kind in ("answered", "marked_missing"):
                last[event.slot, event.informant or ""] = event
        for (slot, informant), event in sorted(last.items(), key=lambda each: each[1].id):
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
        self.informants = {}
        self.settled = {}
        self.complete = {}
        for event in self.events:
            if event.kind == "informant_added":
                self.informants[event.informant.id] = event.informant
            if event.kind == "fact_settled":
                self.settled[event.fact.removeprefix("client.")] = event.value
            if event.kind == "entries_complete":
                self.complete[event.loop] = event.complete

    def facts(self) -> None:
        """What may be true of the client: for each choice between tellers, each day it may be."""
        births, weeks = self.told_of("birth"), self.told_of("gestation_weeks")
        ages = [possible_ages({**self.record, "birth": birth}) for birth in births]
        known = [sorted(each) for each in ages if each] or [[self.record.get("age_months")]]
        self.choices = [
            [facts_of(age, pregnancy) for age in each]
            for each in known
            for pregnancy in weeks or [None]
        ]
        every = [age for each in known for age in each]
        self.ages = None if None in every else set(every)

    def told_of(self, field: str) -> list[Any]:
        if field in self.settled:
            return [self.settled[field]]
        found = set()
        for question in self.questions.values():
            if question.fact == f"client.{field}" and self.states.get(question.id) != "closed":
                found |= set(self.given.get(question.id, {}).values())
        if field == "gestation_weeks":
            found = {each for each in found if 20 <= each <= 45}
        record = self.record.get(field)
        return sorted(found) or ([] if record is None else [record])

    def instances(self) -> None:
        most = None if self.ages is None else max(self.ages)
        self.loops = {"period": [p for p in PERIODS if most is None or PERIOD_STARTS[p] <= most]}
        named = {e.instance for e in self.events if e.kind == "instance_added"}
        named |= {slot.split("/")[0] for slot in (*self.given, *self.marks) if "-" in slot}
        for slot, given in self.given.items():
            question = self.questions[slot.rpartition("/")[2]]
            for value in given.values() if question.options_from else ():
                named |= {value} if isinstance(value, str) else set(value)
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
        for question, prefix in self.places():
            slot = prefix + question.id
            if self.states.get(slot) == "closed":
                continue
            field = (question.fact or "").removeprefix("client.")
            if self.given.get(slot):
                said = list(self.given[slot].values())
                if slot in self.settled:
                    said = [read_value(question, self.settled[slot])]
                self.values[slot] = frozenset(as_seen(question, value) for value in said)
            elif self.record.get(field) is not None and question.fact and slot == question.id:
                try:
                    value = read_value(question, self.record[field])
                    self.values[slot] = frozenset({as_seen(question, value)})
                except AnswerError:
                    pass
            if slot not in self.values and slot in self.marks:
                order = MISSING_REASONS.index
                self.reasons[slot] = min(self.marks[slot].values(), key=order)

    def state(self, question: Question, prefix: str) -> str:
        block = next(b for b in self.bank.blocks if b.id == question.block)
        texts = [each.text for each in (block.when, question.when) if each]
        states = [self.holds(text, question, prefix) for text in texts]
        if question.for_each == "period":
            starts = PERIOD_STARTS[prefix[:-1]]
            states.append(
                settled(
                    {
                        "open" if starts <= (0 if each is None else each) else late(each)
                        for each in (facts.get("client.age_months") for facts in choice)
                    }
                    for choice in self.choices
                )
            )
        order = ["closed", "pending", "disputed", "open"]
        return min(states, key=order.index, default="open")

    def holds(self, text: str, question: Question, prefix: str, anybody: bool = False) -> str:
        asked = {
            name: replace(each, reach=reach(each.loop, question.for_each, name, text))
            for name, each in self.asked.items()
        }
        here = [
            {
                "informant.relation": each.relation,
                "informant.kind": each.kind,
                "informant.known_from_months": each.known_from_months,
            }
            for each in self.informants.values()
        ]
        if question.informants and not anybody:
            here = [each for each in here if each["informant.kind"] in question.informants]
            here = here or [{"informant.kind": each} for each in question.informants]
        told = Told(
            values=self.values,
            reasons=self.reasons,
            informants=here,
            instances=self.loops,
            states=self.states,
            complete=frozenset(loop for loop, all_named in self.complete.items() if all_named),
            choices=self.choices,
        )
        return holds(text, asked, told, prefix.removesuffix("/"))


def bank_order(bank: Bank) -> list[Question]:
    return [question for block in bank.blocks for question in block.questions]


def reach(loop: str, here: str | None, name: str, text: str) -> str:
    over = any(f"{each}({name}" in text for each in ("any_of", "all_of", "count_of", "chosen"))
    return "once" if not loop else "many" if over or loop != here else "same"


def facts_of(age: float | None, weeks: float | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if weeks is not None:
        found["client.gestation_weeks"] = weeks
    if age is not None:
        found["client.age_months"] = age
        found["client.corrected_age_months"] = corrected(age, weeks)
    return found


def late(age: float | None) -> str:
    return "pending" if age is None else "closed"


def settled(choices: Iterable[set[str]]) -> str:
    """What a period comes to: each choice is the set of what its facts say."""
    found = {next(iter(each)) if len(each) == 1 else "pending" for each in choices}
    if {"open", "closed"} <= found:
        return "disputed"
    return "pending" if "pending" in found else found.pop()


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
    return tuple(value) if question.kind == "choices" else value


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


def corrected(age: float, weeks: float | None) -> float:
    if weeks is None or weeks >= 37 or age >= 24:
        return age
    return max(0.0, age - (40 - weeks) * 7 * 12 / 365.25)
