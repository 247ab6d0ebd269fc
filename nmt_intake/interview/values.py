"""What an answer to a question may be, and how conditions and people see it.

Stored values are JSON: a truth, a number, a word, a list of codes, an interval
`{"from": months, "to": months | "now" | null}`, or a table's rows. Ages are in months. A number,
age, date or end of an interval may be as wide as it was told: a span (see `spans`). What differs
by kind is in `kinds`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, cast

from pydantic import JsonValue

from nmt_intake.bank.model import Column, Question
from nmt_intake.bank.truth import Known, Range
from nmt_intake.interview.kinds import KINDS, AnswerKind
from nmt_intake.interview.readers import (
    DIGITS,
    THOUSANDS,
    AnswerError,
    Asked,
    fault,
    is_none,
    span_of,
)
from nmt_intake.interview.spans import Span, span_from
from nmt_intake.interview.spoken_times import Context, Unclear
from nmt_intake.interview.spoken_times.stored import GRAIN, asking_back, spoken_value
from nmt_intake.interview.value_words import age_in_words, span_in_words

# Languages (by their first letters) that write 3,2 and 3.200 for what English writes 3.2 and 3,200.
_COMMA_LANGUAGES: Final = ("es", "fr", "de", "it", "pt", "nl", "span", "castel")
_GROUPED: Final = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]{1,6})?")


def read_value(
    question: Asked, raw: object, language: str | None = None, known: Context | None = None
) -> JsonValue:
    """Return the value to store for an answer given as text or as data.

    In a `language` with a decimal comma, 3.200 in a text is three thousand two hundred. Words for
    a time or a number are read as wide as they were told, with what is `known` of the client (see
    `spoken_times`). Raises `AnswerError` when it does not fit the kind of the question.
    """
    kind = KINDS[question.kind]
    if kind.spoken is None or not isinstance(raw, str):
        return _read_plainly(kind, question, raw, language)
    known = known or Context(spoken_language(language))
    refused: AnswerError | None = None
    if not (DIGITS.fullmatch(raw.strip()) and known.asks_unit and kind.spoken != "number"):
        try:
            return _read_plainly(kind, question, raw, language)
        except AnswerError as error:
            refused = error
    if refused is not None and THOUSANDS.fullmatch(raw.strip()):
        raise refused
    try:
        said = spoken_value(kind.spoken, question.unit, raw, known.about(_name(question)))
    except Unclear as unclear:
        if refused is not None and unclear.code == "not_told":
            raise refused from None
        what = asking_back(unclear, known.language)
        raise fault(question, "is not clear yet.", what) from None
    return _read_plainly(kind, question, said, language)


def _name(question: Asked) -> str:
    return question.id.rpartition(".")[2] if isinstance(question, Question) else question.name


def _read_plainly(
    kind: AnswerKind, question: Asked, raw: object, language: str | None
) -> JsonValue:
    if kind.decimal_comma and isinstance(raw, str) and has_decimal_comma(language):
        raw = _without_groups(raw)
    if isinstance(raw, Span):
        raw = raw.stored()
    if kind.span_units and isinstance(raw, Mapping):
        told = cast("Mapping[object, object]", raw)
        return span_of(question, told, kind.span_units, is_age=kind.spoken == "age")
    value = kind.read(question, raw)
    return _with_cells(question, value) if kind.desk == "rows" else value


def _with_cells(question: Asked, rows: JsonValue) -> JsonValue:
    """Return a table's rows with each cell read as its column wants it, without empty rows."""
    columns = question.columns if isinstance(question, Question) else ()
    read = (
        [_row(columns, row) for row in rows if isinstance(row, dict)]
        if isinstance(rows, list)
        else []
    )
    return [row for row in read if row]


def _row(columns: tuple[Column, ...], cells: Mapping[str, object]) -> JsonValue:
    return {
        column.name: read_value(column, cells[column.name])
        for column in columns
        if cells.get(column.name) is not None
    }


def spoken_language(language: str | None) -> str:
    """Return the two letters of a language that times are read in, English for others."""
    return "es" if (language or "").strip().lower().startswith(("es", "span", "castel")) else "en"


def has_decimal_comma(language: str | None) -> bool:
    """Whether a language (by code or name) writes 3,2 for what English writes 3.2."""
    return (language or "").strip().lower().startswith(_COMMA_LANGUAGES)


def _without_groups(text: str) -> str:
    """Return a number written 3.200 or 1.234,5 as 3200 or 1234.5; any other text as it is."""
    stripped = text.strip()
    if not _GROUPED.fullmatch(stripped):
        return text
    return stripped.replace(".", "").replace(",", ".")


def seen_by_conditions(question: Question, value: JsonValue) -> Known | None:
    """Return a stored value as conditions see it; what they cannot compare is unknown.

    A span is seen as the range it is: ages in months, dates in days.
    """
    kind = KINDS[question.kind]
    if is_none(question, value):
        return ()
    span = span_from(value) if kind.span_units else None
    return kind.seen(value) if span is None else _range(span)


def _range(span: Span) -> Range:
    if span.unit in ("weeks", "days", "hours", "count", "date", "months"):
        return Range(span.low, span.high, whole=span.unit in ("count", "date"))
    return Range(None, None)


def codes_of(question: Asked, value: JsonValue) -> tuple[str, ...]:
    """Return the option codes of an answer, `yes` and `no` for a truth; none for other kinds."""
    return () if is_none(question, value) else KINDS[question.kind].codes(value)


def in_words(question: Asked, value: JsonValue, options: Mapping[str, str] | None = None) -> str:
    """Return a stored value as a person reads it; `options` are labels in another language."""
    kind = KINDS[question.kind]
    span = span_from(value) if kind.span_units else None
    if span is not None:
        return span_in_words(question, span)
    if is_none(question, value):
        value = []
    return kind.words(question, value, options or question.options)


__all__ = [
    "GRAIN",
    "AnswerError",
    "Asked",
    "age_in_words",
    "codes_of",
    "has_decimal_comma",
    "in_words",
    "read_value",
    "seen_by_conditions",
    "spoken_language",
]
