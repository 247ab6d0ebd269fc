"""JSON from outside, read without its surprises."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from math import isfinite
from typing import Final

from nmt_intake.errors import IntakeError
from nmt_intake.text import clean_line

LARGEST_BYTES: Final = 1_000_000
DEEPEST: Final = 20

_LONGEST_NUMBER: Final = 40
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_BRACKET: Final = re.compile(r"[\[\]{}]")


class _RefusedError(Exception):
    def __init__(self, code: str, what: str, advice: str) -> None:
        super().__init__(code)
        self.code = code
        self.what = what
        self.advice = advice


def parse(source: str | bytes, where: str) -> object:
    """Return the value of the JSON text `source`: plain nested data, finite numbers only.

    Raises one IntakeError, SCORE-001 to SCORE-006, for bytes that are not UTF-8, too much of
    them, broken JSON, deep nesting, a key that stands twice and numbers out of reach.
    """
    try:
        text = _text(source)
        _check_depth(text)
        return _decode(text)
    except _RefusedError as refused:
        raise IntakeError(refused.code, where, refused.what, refused.advice) from None


def _text(source: str | bytes) -> str:
    if len(source) > LARGEST_BYTES:
        what = "The file is larger than 1 MB."
        raise _RefusedError("SCORE-002", what, "A ratings file has a few kilobytes.")
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _RefusedError(
            "SCORE-001", "The file is not UTF-8 text.", "Save it as UTF-8."
        ) from None


def _check_depth(text: str) -> None:
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > DEEPEST:
            what = f"The JSON is nested deeper than {DEEPEST} levels."
            raise _RefusedError("SCORE-004", what, "Check that this is the file you meant.")


def _decode(text: str) -> object:
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_finite(int),
            parse_float=_finite(float),
            parse_constant=_refuse_number,
        )
    except json.JSONDecodeError as error:
        what = f"Line {error.lineno} is not JSON: {error.msg}."
        raise _RefusedError("SCORE-003", what, "Correct that line.") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read: dict[str, object] = {}
    for key, value in pairs:
        if key in read:
            what = f"'{clean_line(key, 40)}' stands twice in one object."
            raise _RefusedError("SCORE-005", what, "Keep one of the two.")
        read[key] = value
    return read


def _finite(read: Callable[[str], int | float]) -> Callable[[str], int | float]:
    def number(literal: str) -> int | float:
        if len(literal) > _LONGEST_NUMBER:
            return _refuse_number(literal)
        value = read(literal)
        return value if isfinite(value) else _refuse_number(literal)

    return number


def _refuse_number(_literal: str) -> int:
    what = "A number in the file is infinite, not a number, or too long."
    raise _RefusedError("SCORE-006", what, "Write ratings as whole numbers, unknown as null.")
