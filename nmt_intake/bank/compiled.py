"""The compiled bank as JSON, kept under the sources' hash: a start costs milliseconds.

Only plain JSON, never pickle: a swapped cache file can spoil an interview's words, not run code.
What does not read back cleanly is compiled again from the sources. Five lines: a checksum over
the rest, the questions, the ratings, the activities, what a search looks through. The last three
are read when first asked for: they are most of the bytes, and the next question needs none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from operator import attrgetter
from typing import Final, TypeAlias, TypeVar, cast, overload
from zlib import crc32

from nmt_intake.bank.model import (
    Activity,
    Adapted,
    AskFirst,
    Bank,
    Block,
    Check,
    Column,
    Condition,
    FactRule,
    Migration,
    Park,
    Question,
    Rating,
    Refer,
    Rule,
    Saying,
    Sign,
    StandingCheck,
)
from nmt_intake.bank.words import Words

FORMAT: Final = 13

Row: TypeAlias = list[object]
_Made = TypeVar("_Made")

_SHAPES: Final = (
    Block,
    Column,
    Check,
    Refer,
    Rating,
    Rule,
    Sign,
    FactRule,
    Activity,
    AskFirst,
    Adapted,
    Migration,
    Park,
    Saying,
    StandingCheck,
    Words,
)
_GETTERS: Final[dict[type[object], attrgetter[object]]] = {
    shape: attrgetter(*(each.name for each in fields(shape))) for shape in _SHAPES
}
_BANK_FIELDS: Final = tuple(each.name for each in fields(Bank))
_LATER: Final = ("ratings", "activities", "sayings", "folder")


def encode(bank: Bank) -> bytes:
    """Return the bank as lines of JSON: each value of the model a list in the order of its fields.

    Conditions, which repeat, stand once in a table and are named by their place in it.
    """
    head = [None if name in _LATER else getattr(bank, name) for name in _BANK_FIELDS]
    body = b"\n".join(
        _table(part) for part in (head, [*bank.ratings], [*bank.activities], [*bank.sayings])
    )
    return f"{FORMAT} {crc32(body)}\n".encode() + body


def _table(part: object) -> bytes:
    conditions: dict[str, int] = {}
    rows: list[object] = []

    def plain(value: object) -> object:
        if isinstance(value, Condition):
            row = [value.text, value.tree, value.reads, value.facts]
            key = json.dumps(row)
            if key not in conditions:
                conditions[key] = len(rows)
                rows.append(row)
            return conditions[key]
        if isinstance(value, Question):
            return _said(value)
        getter = _GETTERS.get(type(value))
        if getter is None:
            raise TypeError(f"{type(value).__name__} is no part of a bank")
        return getter(value)

    written = json.dumps(part, default=plain, ensure_ascii=False)
    return f"[{json.dumps(rows, ensure_ascii=False)}, {written}]".encode()


def decode(raw: bytes, folder: str) -> Bank:
    """Return the bank that `encode` wrote, read from `folder`.

    Raises ValueError, TypeError, KeyError or IndexError for anything else.
    """
    mark, _, body = raw.partition(b"\n")
    if mark != f"{FORMAT} {crc32(body)}".encode():
        raise ValueError("another format, or not whole")
    head, ratings, activities, sayings = body.split(b"\n")
    reader, row = _opened(head)
    values = dict(zip(_BANK_FIELDS, row, strict=True))
    values["ratings"] = Later(ratings, lambda each: each.rating)
    values["activities"] = Later(activities, lambda each: each.activity)
    values["sayings"] = Later(sayings, lambda _: _maker(Saying, {}))
    values["folder"] = folder
    return reader.bank([values[name] for name in _BANK_FIELDS])


class Later(Sequence[_Made]):
    """A sequence of the bank that is read from its JSON when it is first looked into."""

    def __init__(self, raw: bytes, maker: Callable[[_Reader], Callable[[Row], _Made]]) -> None:
        self._raw = raw
        self._maker = maker
        self._made: tuple[_Made, ...] | None = None

    def _all(self) -> tuple[_Made, ...]:
        if self._made is None:
            reader, rows = _opened(self._raw)
            make = self._maker(reader)
            self._made = tuple([make(cast("Row", row)) for row in rows])
            self._raw = b""
        return self._made

    @overload
    def __getitem__(self, index: int) -> _Made: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[_Made, ...]: ...
    def __getitem__(self, index: int | slice) -> _Made | tuple[_Made, ...]:
        return self._all()[index]

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[_Made]:
        return iter(self._all())


def _opened(raw: bytes) -> tuple[_Reader, Row]:
    rows, part = cast("tuple[list[Row], Row]", json.loads(raw))
    return _Reader([_condition(row) for row in rows]), part


def _condition(row: Row) -> Condition:
    text, tree, reads, facts = cast("tuple[str, list[object], list[list[str]], list[str]]", row)
    return cast("Callable[..., Condition]", Condition)(
        text, tree, tuple([tuple(read) for read in reads]), tuple(facts)
    )


def _maker(
    shape: Callable[..., _Made], parts: Mapping[str, Callable[..., object]]
) -> Callable[[Row], _Made]:
    """Return a function from row to value; `parts` says how some fields are read."""
    names = [each.name for each in fields(cast("type[Question]", shape))]
    readers = [(names.index(name), read) for name, read in parts.items()]

    def make(row: Row) -> _Made:
        for index, read in readers:
            part = row[index]
            if part is not None:
                row[index] = read(part)
        return shape(*row)

    return make


def _question_maker(
    parts: Mapping[str, Callable[..., object]],
) -> Callable[[dict[str, object]], Question]:
    """Return what makes questions from what is said of them; the rest is as the model has it.

    Past the frozen `__init__`, which takes half of the time that 1,000 questions should cost.
    """

    def make(said: dict[str, object]) -> Question:
        for name in parts.keys() & said.keys():
            said[name] = parts[name](said[name])
        made = object.__new__(Question)
        held = vars(made)
        held.update(_UNSAID)
        held.update(said)
        return made

    return make


def _said(question: Question) -> dict[str, object]:
    held = vars(question)
    said = {each.name: held[each.name] for each in fields(Question)}
    return {name: value for name, value in said.items() if value != _UNSAID.get(name, _MUST)}


_MUST: Final = object()
_UNSAID: Final[dict[str, object]] = {
    each.name: each.default if each.default is not MISSING else {}
    for each in fields(Question)
    if each.default is not MISSING or each.default_factory is not MISSING
}


def _each(make: Callable[..., object]) -> Callable[[list[object]], object]:
    return lambda rows: tuple([make(row) for row in rows])


def _by_name(make: Callable[..., object]) -> Callable[[dict[str, Row]], object]:
    return lambda rows: {name: make(row) for name, row in rows.items()}


def _all_tuples(names: Iterable[str]) -> dict[str, Callable[..., object]]:
    return dict.fromkeys(names, tuple)


_QUESTION_TUPLES: Final = (
    "probes",
    "informants",
    "evidence_for",
    "keywords",
    "tags",
    "safety",
    "alone",
    "not_for",
)
_ACTIVITY_TUPLES: Final = (
    "functions",
    "band",
    "ages",
    "settings",
    "adaptations",
    "cautions",
    "strengths",
    "needs",
    "made_for",
    "mainly",
    "levels",
    "not_when",
    "traits",
)


class _Reader:
    """Makes the values of the model from rows, with the conditions of their table."""

    def __init__(self, conditions: list[Condition]) -> None:
        condition = conditions.__getitem__
        check = _maker(Check, {"expect": condition})

        def told(row: object) -> object:
            return condition(row) if isinstance(row, int) else row

        question = _question_maker(
            {
                **_all_tuples(_QUESTION_TUPLES),
                "columns": _each(_maker(Column, {})),
                "when": condition,
                "told_when": told,
                "soft_check": check,
                "hard_check": check,
                "refer": _maker(Refer, _all_tuples(["on"])),
            },
        )
        standing = _maker(StandingCheck, {"expect": condition})
        block = _maker(
            Block,
            {"when": condition, "questions": _each(question), "checks": _each(standing)},
        )
        rule = _maker(Rule, {"when": condition})
        migration = _maker(Migration, _all_tuples(["dropped"]))
        self.rating = _maker(
            Rating,
            {
                **_all_tuples(["periods"]),
                "rules": _each(rule),
                "points": _each(_maker(Sign, {"when": condition})),
                "facts": _each(_maker(FactRule, {"when": condition, **_all_tuples(["periods"])})),
            },
        )
        self.activity = _maker(
            Activity,
            {
                **_all_tuples(_ACTIVITY_TUPLES),
                "ask_first": _each(_maker(AskFirst, _all_tuples(["whom"]))),
                "adapted": _each(_maker(Adapted, _all_tuples(["conditions"]))),
            },
        )
        self.bank = _maker(
            Bank,
            {
                **_all_tuples(["languages", "translated", "order"]),
                "blocks": _each(block),
                "words": _by_name(_maker(Words, _all_tuples(["lacking"]))),
                "migrations": _each(migration),
                "park": _each(_maker(Park, {"when": condition})),
            },
        )


__all__: Sequence[str] = ("FORMAT", "Later", "decode", "encode")
