"""Reads `enableWhen`: when an item of a FHIR form is enabled, as a gate over other items."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from pydantic import JsonValue

from nmt_intake.bank.exchange.forms import HOLDS, Form, Item
from nmt_intake.bank.exchange.gates import ALWAYS, NEVER, All, Any, Atom, Gate, Sign, negated
from nmt_intake.bank.exchange.resources import Resource, key_of, objects_of, option_of, text_of
from nmt_intake.bank.expression import is_date

_NUMBER: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")
_SIGNS: Final[dict[str, Sign]] = {
    "exists": "exists",
    "=": "==",
    "!=": "!=",
    ">": ">",
    "<": "<",
    ">=": ">=",
    "<=": "<=",
}


@dataclass(slots=True)
class Asked:
    """A question as it was met: its JSON, its section, our item, and its options' codes to ours."""

    item: Resource
    section: str
    made: Item
    values: dict[tuple[str, str], str] = field(default_factory=dict["tuple[str, str]", str])


class Enabling:
    """Reads the criteria of one form; `asked` are its questions, `section_of` where items stand.

    `section_of` goes by the identity of an item's JSON.
    """

    def __init__(
        self, form: Form, asked: Mapping[str, Asked], section_of: Mapping[int, str]
    ) -> None:
        self._form = form
        self._asked = asked
        self._section_of = section_of

    def enabled(self, item: Resource) -> Gate:
        """Return when an item is enabled by its own `enableWhen`."""
        parts = [self._criterion(item, each) for each in objects_of(item, "enableWhen")]
        if not parts:
            return ALWAYS
        known = tuple(part for part in parts if part is not None)
        # The rule `que-12` asks for enableBehavior; without it R4's comment says any.
        needs_all = item.get("enableBehavior") == "all"
        if not known or (len(known) < len(parts) and not needs_all):
            return ALWAYS
        if len(known) == 1:
            return known[0]
        return All(known) if needs_all else Any(known)

    def _criterion(self, item: Resource, criterion: Resource) -> Gate | None:
        """Return one criterion; None, told, if it cannot be said here (always asked, then)."""
        name = text_of(criterion, "question") or ""
        sign = _SIGNS.get(text_of(criterion, "operator") or "")
        answers = [each for each in criterion.items() if each[0].startswith("answer")]
        asked = self._asked.get(name)
        if sign == "exists":
            # The standard wants an answer beside it; forms that leave it out mean true.
            wanted = not answers or answers[0][1] is not False
            if asked is None:
                return self._never_answered(item, name, not wanted)
            return Atom(name, "exists", wanted, "text")
        if sign is None or not answers:
            return self._unsaid(item, "it has no operator or no answer")
        if asked is None:
            return self._never_answered(item, name, sign == "!=")
        gate = self._compared(item, asked, sign, answers[0])
        return None if gate is None else self._over(item, asked, gate)

    def _never_answered(self, item: Resource, name: str, holds: bool) -> Gate:
        why = "no such question was taken over, so it never has an answer"
        self._form.leave_out(key_of(item), f"that it reads {name!r}", why)
        return ALWAYS if holds else NEVER

    def _over(self, item: Resource, asked: Asked, gate: Gate) -> Gate:
        """Tell that a question of a repeated group is read from outside of it."""
        loops = {section.key: section.for_each for section in self._form.sections}
        loop, here = loops.get(asked.section), loops.get(self._section_of.get(id(item), ""))
        if loop is None or loop == here:
            return gate
        why = "the standard means the nearest one; here it is one of them at least"
        self._form.leave_out(key_of(item), f"which {asked.made.key!r} is read", why)
        return _over_all(gate)

    def _compared(
        self, item: Resource, asked: Asked, sign: Sign, answer: tuple[str, JsonValue]
    ) -> Gate | None:
        made = asked.made
        holds = HOLDS.get(made.kind)
        name, value = answer
        if made.options:
            return self._chosen(item, asked, sign, name.removeprefix("answer"), value)
        if isinstance(value, dict) and isinstance(value.get("value"), int | float):
            self._note_unit(item, asked, value)
            value = value["value"]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        equality = sign in ("==", "!=")
        match holds, value:
            case "truth", bool() if equality:
                pass
            case "number", int() | float() if is_number:
                pass
            case "date", str():
                if len(value) > len("2019-09-14"):
                    why = "a date has none here"
                    self._form.leave_out(key_of(item), "the time of the day it compares with", why)
                value = value[: len("2019-09-14")]
                if not is_date(value):
                    return self._unsaid(item, "what it compares with is no date")
            case "text", str() if equality:
                pass
            case _:
                return self._unsaid(item, f"{name} {sign} cannot be said of {made.key}")
        return Atom(made.key, sign, value, holds, blank=sign == "!=")

    def _note_unit(self, item: Resource, asked: Asked, quantity: Resource) -> None:
        unit = text_of(quantity, "unit") or text_of(quantity, "code")
        if unit and asked.made.unit and unit != asked.made.unit:
            why = f"{asked.made.unit} is asked for and {unit} compared; nothing is converted"
            self._form.leave_out(key_of(item), "a unit", why)

    def _chosen(
        self, item: Resource, asked: Asked, sign: Sign, kind: str, value: JsonValue
    ) -> Gate | None:
        """Return the comparison with an option: by system and code, else by its code alone."""
        made = asked.made
        system, code, _ = option_of(kind, value)
        if kind != "Coding" and any(own for own, _ in asked.values):
            why = f"options of {made.key} are codings; it is read as a code"
            self._form.leave_out(key_of(item), f"that it compares with a {kind.lower()}", why)
        if sign in ("==", "!="):
            fitting = [
                ours
                for (own, each), ours in asked.values.items()
                if each == code and (own == system or not system or not own)
            ]
            if not fitting:
                why = f"{made.key} has no option {code!r}"
                self._form.leave_out(key_of(item), "what it compares with", why)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            fitting = [
                ours
                for (_, each), ours in asked.values.items()
                if _NUMBER.fullmatch(each) and _fits(float(each), sign, value)
            ]
        else:
            return self._unsaid(item, f"options of {made.key} have no order")
        holds = HOLDS[made.kind]
        equal = Any(
            tuple(
                Atom(made.key, "==", int(ours) if made.kind == "scale" else ours, holds)
                for ours in fitting
            )
        )
        return negated(equal) if sign == "!=" else equal

    def _unsaid(self, item: Resource, why: str) -> None:
        self._form.leave_out(key_of(item), "the condition", f"{why}; it is always asked")


def _fits(number: float, sign: Sign, limit: float) -> bool:
    match sign:
        case "<":
            return number < limit
        case "<=":
            return number <= limit
        case ">":
            return number > limit
        case _:
            return number >= limit


def _over_all(gate: Gate) -> Gate:
    match gate:
        case Atom():
            return replace(gate, over=True)
        case All(parts):
            return All(tuple(_over_all(part) for part in parts))
        case Any(parts):
            return Any(tuple(_over_all(part) for part in parts))
