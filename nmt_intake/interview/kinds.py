"""What each kind of question is to an interview: one entry for each kind, with every part.

What a kind is to the bank (conditions, search, forms) is `bank.kinds`. A kind that is not in
`_parts` is named by the type checker; every field of an entry has to be given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast, get_args

from pydantic import JsonValue

from nmt_intake.bank.model import Kind, Question
from nmt_intake.bank.truth import Known, Range, Stretch
from nmt_intake.interview import readers
from nmt_intake.interview.ages import days_of
from nmt_intake.interview.readers import Asked
from nmt_intake.interview.spans import Unit, span_from
from nmt_intake.interview.value_words import age_in_words, digits, interval_in_words

Labels: TypeAlias = Mapping[str, str]
# How it is answered at the desk: one of several options, marks, one line, or rows of a table.
Desk: TypeAlias = Literal["options", "marks", "line", "rows"]
# Which kind of the reader of spoken times reads it, if any.
Spoken: TypeAlias = Literal["age", "date", "interval", "number"]
# What an answer may tell of people beyond its codes: words of any sort, who they are, or a day.
Tells: TypeAlias = Literal["nothing", "words", "person", "day"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerKind:
    """All that reading, showing and keeping an answer needs to know of its kind.

    `read` gives the stored value; it and the rest are called with values that are not spans.
    `words` falls back to the value as text where a record holds what does not fit. `sample` is a
    made-up answer, and `recorded` stores one that the search found.
    """

    read: Callable[[Asked, object], JsonValue]
    spoken: Spoken | None
    decimal_comma: bool
    span_units: tuple[Unit, ...]
    words: Callable[[Asked, JsonValue, Labels], str]
    seen: Callable[[JsonValue], Known | None]
    codes: Callable[[JsonValue], tuple[str, ...]]
    compared: bool
    tells: Tells
    desk: Desk
    numbered_by_step: bool
    sample: Callable[[Asked], JsonValue]
    recorded: Callable[[Asked, Known], JsonValue]


def _plain_words(_question: Asked, value: JsonValue, _labels: Labels) -> str:
    return str(value)


def _truth_words(_question: Asked, value: JsonValue, labels: Labels) -> str:
    if not isinstance(value, bool):
        return str(value)
    return labels.get("yes", "Yes") if value else labels.get("no", "No")


def _label(_question: Asked, value: JsonValue, labels: Labels) -> str:
    return labels.get(str(value), str(value))


def _labels(_question: Asked, value: JsonValue, labels: Labels) -> str:
    if not isinstance(value, list):
        return str(value)
    return "; ".join(labels.get(str(code), str(code)) for code in value) or labels.get(
        "none_of_them", "none of them"
    )


def _amount(question: Asked, value: JsonValue, _labels: Labels) -> str:
    if not isinstance(value, int | float):
        return str(value)
    return f"{digits(value)} {question.unit or ''}".rstrip()


def _age_words(_question: Asked, value: JsonValue, _labels: Labels) -> str:
    return age_in_words(value) if isinstance(value, int | float) else str(value)


def _interval_words(_question: Asked, value: JsonValue, _labels: Labels) -> str:
    return interval_in_words(value) if isinstance(value, dict) else str(value)


def _rows_words(_question: Asked, value: JsonValue, _labels: Labels) -> str:
    if not isinstance(value, list):
        return str(value)
    return f"{len(value)} row" + ("" if len(value) == 1 else "s")


def _same(value: JsonValue) -> Known | None:
    return value if isinstance(value, bool | int | float | str) else None


def _several(value: JsonValue) -> Known | None:
    return tuple(str(code) for code in value) if isinstance(value, list) else _same(value)


def _stretch(value: JsonValue) -> Known | None:
    if not isinstance(value, dict):
        return _same(value)
    last = value.get("to")
    return Stretch(_end_seen(value.get("from")), None if last == "now" else _end_seen(last))


def _end_seen(end: JsonValue) -> Range:
    span = span_from(end)
    if span is not None:
        return Range(span.low, span.high)
    return Range(end, end) if isinstance(end, int | float) else Range(None, None)


def _day(value: JsonValue) -> Known | None:
    if isinstance(value, str) and days_of(value) is None:
        return Range(None, None)
    return _same(value)


def _told(_value: JsonValue) -> Known | None:
    return True


def _no_codes(_value: JsonValue) -> tuple[str, ...]:
    return ()


def _truth_code(value: JsonValue) -> tuple[str, ...]:
    return ("yes" if value else "no",) if isinstance(value, bool) else ()


def _one_code(value: JsonValue) -> tuple[str, ...]:
    return (str(value),) if isinstance(value, str | int) else ()


def _all_codes(value: JsonValue) -> tuple[str, ...]:
    return tuple(str(code) for code in value) if isinstance(value, list) else ()


def _as_found(_question: Asked, value: Known) -> JsonValue:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, bool | int | float | str):
        return value
    raise ValueError("not an answer")


def _first_code(question: Asked) -> str:
    codes = question.codes_tried if isinstance(question, Question) else (*question.options,)
    return codes[0]


def _always(value: JsonValue) -> Callable[[Asked], JsonValue]:
    return lambda _question: value


def _lifelong(_question: Asked, _value: Known = True) -> JsonValue:
    return {"from": 0, "to": "now"}


def _one_row(question: Asked, _value: Known = True) -> JsonValue:
    columns = question.columns if isinstance(question, Question) else ()
    return [{column.name: KINDS[column.kind].sample(column) for column in columns}]


def _typed(
    read: Callable[[Asked, object], JsonValue],
    *,
    tells: Tells = "nothing",
    spoken: Spoken | None = None,
    span_units: tuple[Unit, ...] = (),
    words: Callable[[Asked, JsonValue, Labels], str] = _plain_words,
    seen: Callable[[JsonValue], Known | None] = _same,
    sample: Callable[[Asked], JsonValue],
    recorded: Callable[[Asked, Known], JsonValue] = _as_found,
) -> AnswerKind:
    """Return a kind whose answer is written on one line, without codes."""
    return AnswerKind(
        read=read,
        spoken=spoken,
        decimal_comma=spoken in ("age", "interval", "number"),
        span_units=span_units,
        words=words,
        seen=seen,
        codes=_no_codes,
        compared=tells not in ("words", "person"),
        tells=tells,
        desk="line",
        numbered_by_step=False,
        sample=sample,
        recorded=recorded,
    )


def _chosen(
    read: Callable[[Asked, object], JsonValue],
    *,
    desk: Literal["options", "marks"] = "options",
    numbered_by_step: bool = False,
    words: Callable[[Asked, JsonValue, Labels], str] = _label,
    seen: Callable[[JsonValue], Known | None] = _same,
    codes: Callable[[JsonValue], tuple[str, ...]] = _one_code,
    sample: Callable[[Asked], JsonValue],
) -> AnswerKind:
    """Return a kind whose answer is one or more of some options."""
    return AnswerKind(
        read=read,
        spoken=None,
        decimal_comma=False,
        span_units=(),
        words=words,
        seen=seen,
        codes=codes,
        compared=True,
        tells="nothing",
        desk=desk,
        numbered_by_step=numbered_by_step,
        sample=sample,
        recorded=_as_found,
    )


def _parts(kind: Kind) -> AnswerKind:
    match kind:
        case "yes_no":
            return _chosen(
                readers.truth, words=_truth_words, codes=_truth_code, sample=_always(True)
            )
        case "choice":
            return _chosen(readers.choice, sample=_first_code)
        case "choices":
            return _chosen(
                readers.choices,
                desk="marks",
                words=_labels,
                seen=_several,
                codes=_all_codes,
                sample=lambda asked: [_first_code(asked)],
            )
        case "scale":
            return _chosen(
                readers.step,
                numbered_by_step=True,
                sample=lambda asked: int(next(iter(asked.options), "0")),
            )
        case "number":
            units: tuple[Unit, ...] = ("count", "weeks", "days", "hours", "months")
            return _typed(
                readers.number,
                spoken="number",
                span_units=units,
                words=_amount,
                sample=_always(1),
            )
        case "age":
            return _typed(
                readers.age,
                spoken="age",
                span_units=("months", "weeks", "days"),
                words=_age_words,
                sample=_always(1),
            )
        case "date":
            return _typed(
                readers.day,
                tells="day",
                spoken="date",
                span_units=("date",),
                seen=_day,
                sample=_always("2020"),
            )
        case "interval":
            return _typed(
                readers.interval,
                spoken="interval",
                words=_interval_words,
                seen=_stretch,
                sample=_lifelong,
                recorded=_lifelong,
            )
        case "text":
            return _typed(readers.text_of, tells="words", sample=_always("something"))
        case "person":
            return _typed(readers.person, tells="person", sample=_always("something"))
        case "table":
            return AnswerKind(
                read=readers.rows,
                spoken=None,
                decimal_comma=False,
                span_units=(),
                words=_rows_words,
                seen=_told,
                codes=_no_codes,
                compared=True,
                tells="words",
                desk="rows",
                numbered_by_step=False,
                sample=_one_row,
                recorded=_one_row,
            )


KINDS: Final[Mapping[Kind, AnswerKind]] = {
    kind: _parts(kind) for kind in cast("tuple[Kind, ...]", get_args(Kind))
}
# Kinds whose answer is written on one line; a table's first cell is written there too.
TYPED: Final = tuple(kind for kind, each in KINDS.items() if each.desk == "line")
WRITTEN: Final = tuple(kind for kind, each in KINDS.items() if each.desk in ("line", "rows"))

__all__ = ["KINDS", "TYPED", "WRITTEN", "AnswerKind", "Desk", "Labels", "Spoken", "Tells"]
