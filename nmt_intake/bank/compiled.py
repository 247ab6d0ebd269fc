"""The compiled bank as JSON, kept under the sources' hash: a start costs milliseconds.

Only plain JSON, never pickle: a swapped cache file can spoil an interview's words, not run code.
What does not read back cleanly is compiled again from the sources.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Final, TypeAlias, TypeVar, cast

from nmt_intake.bank.model import (
    Activity,
    Bank,
    Block,
    Check,
    Column,
    Condition,
    Migration,
    Question,
    Rating,
    Refer,
    Rule,
)

FORMAT: Final = 1

Row: TypeAlias = list[object]
_Made = TypeVar("_Made")

_SHAPES: Final = (
    Bank,
    Block,
    Question,
    Column,
    Check,
    Refer,
    Rating,
    Rule,
    Activity,
    Migration,
)
_GETTERS: Final[dict[type[object], attrgetter[object]]] = {
    shape: attrgetter(*(each.name for each in fields(shape))) for shape in _SHAPES
}


def encode(bank: Bank) -> bytes:
    """Return the bank as JSON: each value of the model a list in the order of its fields."""
    return json.dumps([FORMAT, bank], default=_plain, ensure_ascii=False).encode()


def _plain(value: object) -> object:
    if isinstance(value, Condition):
        return [value.text, value.tree, value.reads, value.facts]
    getter = _GETTERS.get(type(value))
    if getter is None:
        raise TypeError(f"{type(value).__name__} is no part of a bank")
    return getter(value)


def decode(raw: bytes, folder: str) -> Bank:
    """Return the bank that `encode` wrote, read from `folder`.

    Raises ValueError, TypeError, KeyError or IndexError for anything else.
    """
    form, row = cast("Row", json.loads(raw))
    if form != FORMAT:
        raise ValueError("another format")
    return _bank([*cast("Row", row)[:-1], folder])


def _maker(
    shape: Callable[..., _Made], parts: dict[str, Callable[[Row], object]]
) -> Callable[[Row], _Made]:
    """Return a function from row to value; `parts` says how some fields are read."""
    names = [each.name for each in fields(cast("type[Question]", shape))]
    readers = [(names.index(name), read) for name, read in parts.items()]

    def make(row: Row) -> _Made:
        for index, read in readers:
            part = row[index]
            if part is not None:
                row[index] = read(cast("Row", part))
        return shape(*row)

    return make


def _each(make: Callable[[Row], object]) -> Callable[[Row], object]:
    return lambda rows: tuple([make(cast("Row", row)) for row in rows])


def _condition(row: Row) -> Condition:
    text, tree, reads, facts = cast("tuple[str, list[object], list[list[str]], list[str]]", row)
    return cast("Callable[..., Condition]", Condition)(
        text, tree, tuple([tuple(read) for read in reads]), tuple(facts)
    )


def _all_tuples(*names: str) -> dict[str, Callable[[Row], object]]:
    return {name: cast("Callable[[Row], object]", tuple) for name in names}


_check = _maker(Check, {"expect": _condition})
_refer = _maker(Refer, _all_tuples("on"))
_column = _maker(Column, {})
_question = _maker(
    Question,
    {
        **_all_tuples("probes", "informants", "evidence_for", "keywords", "tags", "safety"),
        "columns": _each(_column),
        "when": _condition,
        "soft_check": _check,
        "hard_check": _check,
        "refer": _refer,
    },
)
_block = _maker(Block, {"when": _condition, "questions": _each(_question)})
_rule = _maker(Rule, {"when": _condition})
_rating = _maker(Rating, {**_all_tuples("periods"), "rules": _each(_rule)})
_activity = _maker(
    Activity,
    _all_tuples(
        "functions",
        "band",
        "ages",
        "settings",
        "adaptations",
        "cautions",
        "strengths",
        "needs",
        "made_for",
    ),
)
_migration = _maker(Migration, _all_tuples("dropped"))
_bank = _maker(
    Bank,
    {
        **_all_tuples("languages", "translated", "order"),
        "blocks": _each(_block),
        "ratings": _each(_rating),
        "activities": _each(_activity),
        "migrations": _each(_migration),
    },
)

__all__: Sequence[str] = ("FORMAT", "decode", "encode")
