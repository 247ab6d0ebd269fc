"""What an answer to each kind of question may be, and how conditions and people see it.

Stored values are JSON: a truth, a number, a word, a list of codes, an interval
`{"from": months, "to": months | "now" | null}`, or a table's rows. Ages are in months. A number,
age, date or end of an interval may be as wide as it was told: a span (see `spans`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final, TypeAlias, cast

from pydantic import JsonValue

from nmt_intake.bank.model import Column, Question
from nmt_intake.bank.truth import Known, Range, Stretch
from nmt_intake.errors import IntakeError
from nmt_intake.interview.ages import days_of
from nmt_intake.interview.spans import PartialDate, Span, span_from
from nmt_intake.interview.spoken_times import Context, Unclear
from nmt_intake.interview.spoken_times.stored import GRAIN, asking_back, spoken_value
from nmt_intake.text import clean, clean_line

Asked: TypeAlias = Question | Column

# Yes and no in the languages that a bank may be in; none of these words means anything else.
_TRUE: Final = frozenset({"true", "yes", "y", "sí", "si", "oui", "ja", "sim"})
_FALSE: Final = frozenset({"false", "no", "n", "non", "nein", "nee", "não"})
# Languages (by their first letters) that write 3,2 and 3.200 for what English writes 3.2 and 3,200.
_COMMA_LANGUAGES: Final = ("es", "fr", "de", "it", "pt", "nl", "span", "castel")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,12}([.,][0-9]{1,6})?")
_THOUSANDS: Final = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_GROUPED: Final = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]{1,6})?")
_AGE: Final = re.compile(
    r"(?:(?P<years>[0-9]{1,3}(?:[.,][0-9]{1,2})?)\s*(?:years?|yrs?|y|años?|a)\b\.?)?"
    r"[\s,]*(?:and\s+|y\s+)?"
    r"(?:(?P<months>[0-9]{1,4}(?:[.,][0-9]{1,2})?)\s*(?:months?|mths?|mos?|m|meses|mes)\b\.?)?"
    r"[\s,]*(?:(?P<weeks>[0-9]{1,3})\s*(?:weeks?|wks?|w|semanas?)\b\.?)?",
    re.IGNORECASE,
)
_LONGEST_AGE: Final = 40  # the pattern above takes quadratic time on a run of spaces
_LARGEST: Final = 1e12
_MOST_ROWS: Final = 200
_OLDEST_MONTHS: Final = 1500
_WEEKS_A_MONTH: Final = 52.1775 / 12


class AnswerError(IntakeError):
    """An answer that does not fit its question; the answer itself is not in the message."""

    def __init__(self, question: str, what: str, advice: str) -> None:
        super().__init__("ANSWER-001", question, what, advice)


def read_value(
    question: Asked, raw: object, language: str | None = None, known: Context | None = None
) -> JsonValue:
    """Return the value to store for an answer given as text or as data.

    In a `language` with a decimal comma, 3.200 in a text is three thousand two hundred. Words for
    a time or a number are read as wide as they were told, with what is `known` of the client (see
    `spoken_times`). Raises `AnswerError` when it does not fit the kind of the question.
    """
    if not isinstance(raw, str) or question.kind not in _SPOKEN:
        return _read_plainly(question, raw, language)
    known = known or Context(spoken_language(language))
    refused: AnswerError | None = None
    if not (_NUMBER.fullmatch(raw.strip()) and known.asks_unit and question.kind != "number"):
        try:
            return _read_plainly(question, raw, language)
        except AnswerError as error:
            refused = error
    if refused is not None and _THOUSANDS.fullmatch(raw.strip()):
        raise refused
    try:
        said = spoken_value(question.kind, question.unit, raw, known.about(_name(question)))
    except Unclear as unclear:
        if refused is not None and unclear.code == "not_told":
            raise refused from None
        what = asking_back(unclear, known.language)
        raise _fault(question, "is not clear yet.", what) from None
    return _read_plainly(question, said, language)


def _name(question: Asked) -> str:
    return question.id.rpartition(".")[2] if isinstance(question, Question) else question.name


def _read_plainly(question: Asked, raw: object, language: str | None) -> JsonValue:
    if isinstance(raw, str) and has_decimal_comma(language) and question.kind in _MEASURED:
        raw = _without_groups(raw)
    if isinstance(raw, Span):
        raw = raw.stored()
    if isinstance(raw, Mapping) and question.kind in _UNITS:
        return _span(question, cast("Mapping[object, object]", raw))
    return _READERS[question.kind](question, cast("object", raw))


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
    span = span_from(value) if question.kind in _UNITS else None
    if span is not None:
        return _range(span)
    match question.kind, value:
        case "choices", list():
            return tuple(str(code) for code in value)
        case "interval", dict():
            return Stretch(_ends_seen(value.get("from")), _last_seen(value.get("to")))
        case "table", _:
            return True
        case "date", str() if days_of(value) is None:
            return Range(None, None)
        case _, bool() | int() | float() | str():
            return value
        case _:
            return None


def _range(span: Span) -> Range:
    if span.unit in ("weeks", "days", "hours", "count", "date", "months"):
        return Range(span.low, span.high, whole=span.unit in ("count", "date"))
    return Range(None, None)


def _ends_seen(end: JsonValue) -> Range:
    span = span_from(end)
    if span is not None:
        return Range(span.low, span.high)
    return Range(end, end) if isinstance(end, int | float) else Range(None, None)


def _last_seen(end: JsonValue) -> Range | None:
    return None if end == "now" else _ends_seen(end)


def codes_of(question: Asked, value: JsonValue) -> tuple[str, ...]:
    """Return the option codes of an answer, `yes` and `no` for a truth; none for other kinds."""
    match question.kind, value:
        case "yes_no", bool():
            return ("yes" if value else "no",)
        case (("choice" | "scale"), str() | int()):
            return (str(value),)
        case "choices", list():
            return tuple(str(code) for code in value)
        case _:
            return ()


def in_words(question: Asked, value: JsonValue, options: Mapping[str, str] | None = None) -> str:
    """Return a stored value as a person reads it; `options` are labels in another language."""
    labels = options or question.options
    span = span_from(value) if question.kind in _UNITS else None
    if span is not None:
        return _span_in_words(question, span)
    match question.kind, value:
        case "yes_no", bool():
            return "Yes" if value else "No"
        case (("choice" | "scale"), _):
            return labels.get(str(value), str(value))
        case "choices", list():
            return "; ".join(labels.get(str(code), str(code)) for code in value) or "none of them"
        case "number", int() | float():
            return f"{_digits(value)} {question.unit or ''}".rstrip()
        case "age", int() | float():
            return age_in_words(value)
        case "interval", dict():
            return _interval_in_words(value)
        case "table", list():
            return f"{len(value)} row" + ("" if len(value) == 1 else "s")
        case _:
            return str(value)


def age_in_words(months: float) -> str:
    """Return an age in months as people say it: 14 months, 7 y 2 m, birth."""
    if months < 0:
        return "before birth"
    if months == 0:
        return "birth"
    if months < 1:
        weeks = max(1, round(months * _WEEKS_A_MONTH))
        return f"{weeks} weeks" if weeks > 1 else "1 week"
    whole = int(months)
    if whole < 24:
        return f"{_digits(months)} months" if months != 1 else "1 month"
    years, rest = divmod(whole, 12)
    return f"{years} y {rest} m" if rest else f"{years} y"


def _digits(number: float) -> str:
    """Return a number without an exponent and without needless decimals."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


def _span_in_words(question: Asked, span: Span) -> str:
    """Return a span as a person reads it: between two ends, and what was said."""
    low, high = _ends_in_words(question, span)
    if low and high:
        found = low if low == high else f"{low} to {high}"
    else:
        found = f"{low} or more" if low else f"{high} or less"
    if span.unit == "date" and not (low and high):
        found = f"{low} or later" if low else f"{high} or earlier"
    return f"{found} (\u201c{span.words}\u201d)" if span.words else found


def _end_of_span(question: Asked, span: Span, end: float | None) -> str:
    if end is None:
        return ""
    if span.unit == "date":
        return date.fromordinal(int(end)).isoformat()
    return f"{_digits(end)} {question.unit or span.unit.replace('count', '')}".rstrip()


def _ends_in_words(question: Asked, span: Span) -> tuple[str, str]:
    low, high = span.low, _open_end(span)
    if span.unit != "months":
        return _end_of_span(question, span, low), _end_of_span(question, span, high)
    in_years = all(end is None or end % 12 == 0 for end in (low, high))
    return _end_of_age(low, in_years), _end_of_age(high, in_years)


def _open_end(span: Span) -> float | None:
    """Return the high end as people say it: 12 to 23.99 months is 1 y to 2 y."""
    if span.unit != "months" or span.high is None or span.high == int(span.high):
        return span.high
    return round(span.high + GRAIN, 2)


def _end_of_age(months: float | None, in_years: bool) -> str:
    """Return an end of a span of ages: in weeks or days when young; no words for no end."""
    if months is None:
        return ""
    if in_years and months >= 12:
        return f"{int(months // 12)} y"
    if months < 0:
        return f"{_digits(-months)} months before birth"
    if 0 < months < 3 and months != int(months):
        days = round(months * 365.25 / 12)
        return f"{days // 7} weeks" if days % 7 == 0 and days > 7 else f"{days} days"
    return age_in_words(round(months, 1))


def _interval_in_words(value: Mapping[str, JsonValue]) -> str:
    return f"{_end_in_words(value.get('from'))} to {_end_in_words(value.get('to'))}"


def _end_in_words(end: JsonValue) -> str:
    span = span_from(end)
    if span is not None and span.unit == "months":
        low, high = span.low, _open_end(span)
        in_years = all(each is None or each % 12 == 0 for each in (low, high))
        first, last = _end_of_age(low, in_years), _end_of_age(high, in_years)
        return f"{first or '?'}\u2013{last or '?'}" if first != last else first
    match end:
        case int() | float():
            return age_in_words(end)
        case "now":
            return "now"
        case _:
            return "not known"


def _fault(question: Asked, what: str, advice: str) -> AnswerError:
    return AnswerError(
        question.id if isinstance(question, Question) else question.name, what, advice
    )


def _truth(question: Asked, raw: object) -> JsonValue:
    if isinstance(raw, bool):
        return raw
    word = clean(raw).strip().lower() if isinstance(raw, str) else ""
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise _fault(question, "takes yes or no.", "Write true or false.")


def _choice(question: Asked, raw: object) -> JsonValue:
    if isinstance(raw, str) and raw in question.options:
        return str(raw)
    codes = ", ".join(list(question.options)[:8])
    raise _fault(question, "has no such option.", f"Its codes are: {codes}.")


def _choices(question: Asked, raw: object) -> JsonValue:
    given = [raw] if isinstance(raw, str) else raw
    if not isinstance(given, list | tuple):
        raise _fault(question, "takes a list of codes.", "Write [code, code].")
    items = cast("Sequence[object]", given)
    chosen = [_choice(question, item) for item in items]
    if not chosen:
        raise _fault(question, "takes at least one of its options.", "Or mark it missing.")
    alone = [code for code in _alone(question) if code in chosen]
    if alone and len(set(chosen)) > 1:
        said = question.options[alone[0]]
        raise _fault(question, f"takes {said!r} only alone.", "Leave out that, or the others.")
    return [code for code in question.options if code in chosen]


def _alone(question: Asked) -> Sequence[str]:
    return question.alone if isinstance(question, Question) else ()


def _scale(question: Asked, raw: object) -> JsonValue:
    number = _plain_number(question, raw)
    if number != int(number) or str(int(number)) not in question.options:
        raise _fault(question, "has no such step.", f"Use {', '.join(question.options)}.")
    return int(number)


def _plain_number(question: Asked, raw: object) -> float:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        number = raw
    elif isinstance(raw, str) and _NUMBER.fullmatch(raw.strip()):
        number = _spelled_out(question, raw.strip())
    else:
        raise _fault(question, "takes a number.", "Write digits, for example 12.")
    if not -_LARGEST <= number <= _LARGEST:
        raise _fault(question, "takes a number of usual size.", "Write digits, for example 12.")
    return int(number) if number == int(number) else number


def _spelled_out(question: Asked, text: str) -> float:
    """Return the number; a comma is a decimal sign unless it may be one of thousands."""
    if _THOUSANDS.fullmatch(text):
        raise _fault(question, "may mean two numbers.", "Write 3200, or 3.2.")
    text = text.replace(",", ".")
    return float(text) if "." in text else int(text)


def _number(question: Asked, raw: object) -> JsonValue:
    return _plain_number(question, raw)


def _age(question: Asked, raw: object) -> JsonValue:
    months = _months(question, raw)
    if not 0 <= months <= _OLDEST_MONTHS:
        raise _fault(question, "takes an age from birth on.", "Write 14 months, or 2y 3m.")
    return months


def _months(question: Asked, raw: object) -> float:
    if not isinstance(raw, str):
        return _plain_number(question, raw)
    text = raw.strip()
    if text.lower() in ("birth", "at birth"):
        return 0
    if _NUMBER.fullmatch(text):
        return _plain_number(question, text)
    found = _AGE.fullmatch(text) if len(text) <= _LONGEST_AGE else None
    if found is None or not any(found.groups()):
        raise _fault(question, "takes an age.", "Write 14 months, or 2y 3m.")
    years, months, weeks = (float((part or "0").replace(",", ".")) for part in found.groups())
    total = years * 12 + months + weeks / _WEEKS_A_MONTH
    return int(total) if total == int(total) else round(total, 2)


def _date(question: Asked, raw: object) -> JsonValue:
    text = raw.strip() if isinstance(raw, str) else ""
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 < raw < 10_000:
        text = f"{raw:04}"
    found = PartialDate.read(text)
    if found is None:
        raise _fault(question, "takes a date.", "Write 2019-09-14, 2019-09 or 2019.")
    return str(found)


_SPOKEN: Final = frozenset({"age", "date", "interval", "number"})
# The units that a span may have, by kind of question.
_UNITS: Final[dict[str, tuple[str, ...]]] = {
    "age": ("months", "weeks", "days"),
    "number": ("count", "weeks", "days", "hours", "months"),
    "date": ("date",),
}
_MEASURED: Final = frozenset({"number", "age", "interval"})
_TO_MONTHS: Final = {"months": 1.0, "weeks": 1 / _WEEKS_A_MONTH, "days": 12 / 365.25}


def _span(question: Asked, raw: Mapping[object, object]) -> JsonValue:
    """Return a span as it is stored; one that is exact is stored as the plain value."""
    span = span_from(raw)
    if span is None or span.unit not in _UNITS[question.kind]:
        raise _fault(question, "takes no such span.", "Write low and high, in its unit.")
    if question.kind == "age":
        span = _in_months(span)
        ends = [end for end in (span.low, span.high) if end is not None]
        if not all(-9 <= end <= _OLDEST_MONTHS for end in ends):
            raise _fault(question, "takes an age from birth on.", "Write 14 months, or 2y 3m.")
    if not span.exact:
        return span.stored()
    exact = span.stored()["low"]
    return exact if isinstance(exact, str) else _plain_number(question, exact)


def _in_months(span: Span) -> Span:
    rate = _TO_MONTHS[span.unit]
    low, high = (None if end is None else round(end * rate, 2) for end in (span.low, span.high))
    return Span(low, high, span.words, "months")


def _interval(question: Asked, raw: object) -> JsonValue:
    start, end = _two_ends(question, raw)
    low = _end(question, start)
    high = _end(question, end)
    if low == "now":
        raise _fault(question, "cannot begin now.", "Write the age at which it began.")
    if low is None and high is None:
        raise _fault(question, "takes two ages.", "Mark it missing if neither is known.")
    begins, ends = _lowest(low), _highest(high)
    if begins is not None and ends is not None and begins > ends:
        raise _fault(question, "ends before it begins.", "Put the two ages the other way round.")
    return {"from": low, "to": high}


def _two_ends(question: Asked, raw: object) -> tuple[object, object]:
    if isinstance(raw, str) and " to " in raw:
        start, _, end = raw.partition(" to ")
        return start, end
    if isinstance(raw, Mapping):
        ends = cast("Mapping[object, object]", raw)
        if ends and ends.keys() <= {"from", "to"}:
            return ends.get("from"), ends.get("to")
    if isinstance(raw, list | tuple):
        pair = cast("Sequence[object]", raw)
        if len(pair) == 2:
            return pair[0], pair[1]
    raise _fault(question, "takes two ages.", "Write 14 months to 2y 3m, or ... to now.")


def _lowest(end: JsonValue) -> float | None:
    span = span_from(end)
    return span.low if span else end if isinstance(end, int | float) else None


def _highest(end: JsonValue) -> float | None:
    span = span_from(end)
    return span.high if span else end if isinstance(end, int | float) else None


def _end(question: Asked, raw: object) -> JsonValue:
    if raw is None:
        return None
    if isinstance(raw, Span):
        raw = raw.stored()
    if isinstance(raw, Mapping):
        span = span_from(cast("Mapping[object, object]", raw))
        if span is None or span.unit not in _TO_MONTHS:
            raise _fault(question, "takes two ages.", "Write 14 months to 2y 3m, or ... to now.")
        months = _in_months(span)
        return months.low if months.exact else months.stored()
    word = raw.strip().lower() if isinstance(raw, str) else ""
    if word in ("", "?", "unknown") and isinstance(raw, str):
        return None
    if word in ("now", "today", "still"):
        return "now"
    if word in ("pregnancy", "before birth"):
        return -9
    months = _months(question, raw)
    if not -9 <= months <= _OLDEST_MONTHS:
        raise _fault(question, "takes two ages.", "Write 14 months to 2y 3m, or ... to now.")
    return months


def _text(question: Asked, raw: object) -> JsonValue:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        raw = str(_plain_number(question, raw))
    if not isinstance(raw, str):
        raise _fault(question, "takes words.", "Write a text.")
    text = clean(raw).strip()
    if not text:
        raise _fault(question, "takes words.", "Write a text, or mark it missing.")
    return text


def _person(question: Asked, raw: object) -> JsonValue:
    return clean_line(str(_text(question, raw)), 200)


def _table(question: Asked, raw: object) -> JsonValue:
    if not isinstance(question, Question) or not isinstance(raw, list | tuple):
        raise _fault(question, "takes rows.", "Write a list of rows, each with its columns.")
    rows = cast("Sequence[object]", raw)
    if len(rows) > _MOST_ROWS:
        raise _fault(question, f"takes at most {_MOST_ROWS} rows.", "Leave some out.")
    columns = {column.name: column for column in question.columns}
    read = [_row(question, columns, row) for row in rows]
    return [row for row in read if row]


def _row(question: Question, columns: Mapping[str, Column], row: object) -> JsonValue:
    if not isinstance(row, Mapping):
        raise _fault(question, "takes rows.", "Write each row as column: value.")
    cells = cast("Mapping[object, object]", row)
    unknown = [name for name in cells if name not in columns]
    if unknown:
        raise _fault(question, "has no such column.", f"Its columns are: {', '.join(columns)}.")
    return {
        name: read_value(column, cells[name])
        for name, column in columns.items()
        if cells.get(name) is not None
    }


_READERS: Final[dict[str, Callable[[Asked, object], JsonValue]]] = {
    "yes_no": _truth,
    "choice": _choice,
    "choices": _choices,
    "scale": _scale,
    "number": _number,
    "age": _age,
    "date": _date,
    "interval": _interval,
    "text": _text,
    "person": _person,
    "table": _table,
}
