"""Made-up XLSForms, answers to them, and the rule of XLSForm written from its documentation.

A question that is not relevant has no value, and no value is an empty text: equal to no text, and
as a number not a number, so that every comparison with it is false but `!=`. What lies inside a
group that is not relevant is not relevant.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

CODES = ("home", "Away 2", "no")
Condition = tuple[Any, ...]


@dataclass
class Made:
    """The rows of a form, and of each question its kind and the conditions over it."""

    survey: list[dict[str, str]] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    conditions: dict[str, list[Condition]] = field(default_factory=dict)

    def sheets(self) -> dict[str, list[dict[str, str]]]:
        """Return the sheets as they are read from a workbook."""
        choices = [{"": "", "list_name": "places", "name": each, "label": each} for each in CODES]
        return {"survey": self.survey, "choices": choices}


def random_sheets(random: Random, size: int) -> Made:
    """Return a form of `size` questions in groups; conditions look back only."""
    made = Made()
    open_groups: list[Condition | None] = []
    for number in range(size):
        if random.random() < 0.25:
            condition = _condition(random, made, 2)
            row = {"type": "begin group", "name": f"g{number}", "label": "Part"}
            _add(made, {**row, "relevant": _text(condition)})
            open_groups.append(condition)
        kind = random.choice(("integer", "text", "select_one places", "select_multiple places"))
        condition = _condition(random, made, 3)
        name = f"q{number}"
        _add(made, {"type": kind, "name": name, "label": name, "relevant": _text(condition)})
        made.kinds[name] = kind
        made.conditions[name] = [each for each in (*open_groups, condition) if each is not None]
        if open_groups and random.random() < 0.4:
            open_groups.pop()
            _add(made, {"type": "end group"})
    for _ in open_groups:
        _add(made, {"type": "end group"})
    return made


def random_answers(random: Random, made: Made) -> dict[str, Any]:
    """Return answers to some questions: a number, a text, a code or a list of codes."""
    found: dict[str, Any] = {}
    for name, kind in made.kinds.items():
        if random.random() < 0.7:
            match kind:
                case "integer":
                    found[name] = random.randint(0, 3)
                case "text":
                    found[name] = random.choice(("yes", "a b"))
                case "select_one places":
                    found[name] = random.choice(CODES)
                case _:
                    found[name] = random.sample(CODES, random.randint(1, 2))
    return found


def relevant(made: Made, answers: Mapping[str, Any]) -> dict[str, bool]:
    """Return whether each question is relevant."""
    found: dict[str, bool] = {}
    for name in made.kinds:  # conditions look back only
        values = {each: answers[each] for each in answers if found.get(each)}
        found[name] = all(_holds(each, values) for each in made.conditions[name])
    return found


def _holds(condition: Condition, values: Mapping[str, Any]) -> bool:
    match condition:
        case ("and", *parts):
            return all(_holds(part, values) for part in parts)
        case ("or", *parts):
            return any(_holds(part, values) for part in parts)
        case ("not", part):
            return not _holds(part, values)
        case ("selected", name, code):
            return code in values.get(name, [])
        case ("=" | "!=" as sign, name, str(wanted)):
            return (values.get(name, "") == wanted) == (sign == "=")
        case (sign, name, wanted):
            number = values.get(name, math.nan)
            return {
                "=": number == wanted,
                "!=": number != wanted,
                "<": number < wanted,
                ">=": number >= wanted,
            }[sign]
    raise AssertionError(condition)


def _condition(random: Random, made: Made, depth: int) -> Condition | None:
    if not made.kinds or random.random() < 0.25:
        return None
    return _part(random, made, depth)


def _part(random: Random, made: Made, depth: int) -> Condition:
    if depth and random.random() < 0.4:
        word = random.choice(("and", "or", "not"))
        count = 1 if word == "not" else 2
        return (word, *(_part(random, made, depth - 1) for _ in range(count)))
    name, kind = random.choice(list(made.kinds.items()))
    match kind:
        case "integer":
            sign = random.choice(("=", "!=", "<", ">="))
            return (sign, name, random.randint(0, 3))
        case "text":
            return (random.choice(("=", "!=")), name, random.choice(("", "yes")))
        case "select_one places":
            return (random.choice(("=", "!=")), name, random.choice(("", *CODES)))
        case _:
            return ("selected", name, random.choice(CODES))


def _text(condition: Condition | None) -> str:
    match condition:
        case None:
            return ""
        case ("and" | "or" as word, *parts):
            return f" {word} ".join(f"({_text(part)})" for part in parts)
        case ("not", part):
            return f"not({_text(part)})"
        case ("selected", name, code):
            return f"selected(${{{name}}}, '{code}')"
        case (sign, name, wanted):
            return f"${{{name}}} {sign} {wanted!r}"
    raise AssertionError(condition)


def _add(made: Made, row: dict[str, str]) -> None:
    kept = {key: text for key, text in row.items() if text}
    made.survey.append({"": str(len(made.survey) + 2), **kept})
