"""Reads an answer of each kind: from text or data to the value that is stored, or a refusal."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final, TypeAlias, cast

from pydantic import JsonValue

from nmt_intake.bank.kinds import KINDS as BANK_KINDS
from nmt_intake.bank.model import Column, Question
from nmt_intake.errors import IntakeError
from nmt_intake.interview.graph import loop_of
from nmt_intake.interview.spans import PartialDate, Span, span_from
from nmt_intake.interview.spoken_times.stored import GRAIN
from nmt_intake.text import clean, clean_line

Asked: TypeAlias = Question | Column

# Yes and no in the languages that a bank may be in; none of these words means anything else.
_TRUE: Final = frozenset({"true", "yes", "y", "sí", "si", "oui", "ja", "sim"})
_FALSE: Final = frozenset({"false", "no", "n", "non", "nein", "nee", "não"})
DIGITS: Final = re.compile(r"[+-]?[0-9]{1,12}([.,][0-9]{1,6})?")
THOUSANDS: Final = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
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
WEEKS_A_MONTH: Final = 52.1775 / 12


class AnswerError(IntakeError):
    """An answer that does not fit its question; the answer itself is not in the message."""

    def __init__(self, question: str, what: str, advice: str) -> None:
        super().__init__("ANSWER-001", question, what, advice)


def fault(question: Asked, what: str, advice: str) -> AnswerError:
    """Return the refusal of an answer; the answer itself is not in it."""
    return AnswerError(
        question.id if isinstance(question, Question) else question.name, what, advice
    )


def truth(question: Asked, raw: object) -> JsonValue:
    """Read yes or no, in any of the languages that a bank may be in."""
    if isinstance(raw, bool):
        return raw
    word = clean(raw).strip().lower() if isinstance(raw, str) else ""
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise fault(question, "takes yes or no.", "Write true or false.")


def choice(question: Asked, raw: object) -> JsonValue:
    """Read one code."""
    if isinstance(raw, str) and (raw in question.options or is_entry(question, raw)):
        return str(raw)
    codes = ", ".join([*question.options, *(f"{each}-1" for each in _chooses(question))][:8])
    raise fault(question, "has no such option.", f"Its codes are: {codes}.")


NONE: Final = "none"


def offers_none(question: Asked) -> bool:
    """Whether `none` may be chosen of several that have no option of their own to say so."""
    several = isinstance(question, Question) and BANK_KINDS[question.kind].shape == "codes"
    return several and not _alone(question) and NONE not in question.options


def is_none(question: Asked, value: JsonValue) -> bool:
    """Whether an answer says that none of the options is so: it counts as no code."""
    return value == [NONE] and offers_none(question)


def choices(question: Asked, raw: object) -> JsonValue:
    """Read codes; they are stored in the order of the options."""
    given = [raw] if isinstance(raw, str) else raw
    if not isinstance(given, list | tuple):
        raise fault(question, "takes a list of codes.", "Write [code, code].")
    items = cast("Sequence[object]", given)
    if NONE in items and offers_none(question):
        if len(set(map(str, items))) > 1:
            raise fault(question, "takes none of them only alone.", "Leave out that, or the rest.")
        return [NONE]
    chosen = [choice(question, item) for item in items]
    if not chosen:
        raise fault(question, "takes at least one of its options.", "Or mark it missing.")
    alone = [code for code in _alone(question) if code in chosen]
    if alone and len(set(chosen)) > 1:
        said = question.options[alone[0]]
        raise fault(question, f"takes {said!r} only alone.", "Leave out that, or the others.")
    # As sets, so that two tellers who name the same in another order agree.
    entries = sorted({str(code) for code in chosen} - question.options.keys())
    return [*entries, *(code for code in question.options if code in chosen)]


def _chooses(question: Asked) -> Sequence[str]:
    """Return the kind of entries among the options, if any."""
    loop = question.options_from if isinstance(question, Question) else None
    return (loop,) if loop else ()


def is_entry(question: Asked, code: str) -> bool:
    """Whether a code is the id of an entry that the question may choose."""
    return loop_of(code) in _chooses(question)


def _alone(question: Asked) -> Sequence[str]:
    return question.alone if isinstance(question, Question) else ()


def step(question: Asked, raw: object) -> JsonValue:
    """Read a step of a scale."""
    number = _plain_number(question, raw)
    if number != int(number) or str(int(number)) not in question.options:
        raise fault(question, "has no such step.", f"Use {', '.join(question.options)}.")
    return int(number)


def _plain_number(question: Asked, raw: object) -> float:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        number = raw
    elif isinstance(raw, str) and DIGITS.fullmatch(raw.strip()):
        number = _spelled_out(question, raw.strip())
    else:
        raise fault(question, "takes a number.", "Write digits, for example 12.")
    if not -_LARGEST <= number <= _LARGEST:
        raise fault(question, "takes a number of usual size.", "Write digits, for example 12.")
    return int(number) if number == int(number) else number


def _spelled_out(question: Asked, text: str) -> float:
    """Return the number; a comma is a decimal sign unless it may be one of thousands."""
    if THOUSANDS.fullmatch(text):
        raise fault(question, "may mean two numbers.", "Write 3200, or 3.2.")
    text = text.replace(",", ".")
    return float(text) if "." in text else int(text)


def number(question: Asked, raw: object) -> JsonValue:
    """Read a number."""
    return _plain_number(question, raw)


def age(question: Asked, raw: object) -> JsonValue:
    """Read an age, in months; one told in years alone as wide as that is."""
    told = _in_years(question, raw)
    if told is not None:
        return told.stored()
    months = _months(question, raw)
    if not 0 <= months <= _OLDEST_MONTHS:
        raise fault(question, "takes an age from birth on.", "Write 14 months, or 2y 3m.")
    return months


def _in_years(question: Asked, raw: object) -> Span | None:
    """Return an age that was told in years alone, as wide as "two years" is; None for another.

    `2y` is from the second birthday to the day before the third, `1.5 years` a quarter year either
    side, as in .readme/times.md.
    """
    text = raw.strip() if isinstance(raw, str) else ""
    found = _AGE.fullmatch(text) if 0 < len(text) <= _LONGEST_AGE else None
    if found is None or not found["years"] or found["months"] or found["weeks"]:
        return None
    years = float(found["years"].replace(",", "."))
    if years * 12 > _OLDEST_MONTHS:
        raise fault(question, "takes an age from birth on.", "Write 14 months, or 2y 3m.")
    low, width = (years * 12, 12) if years == int(years) else (years * 12 - 3, 6)
    return Span(round(low, 2), round(low + width - GRAIN, 2), text, "months")


def _months(question: Asked, raw: object) -> float:
    if not isinstance(raw, str):
        return _plain_number(question, raw)
    text = raw.strip()
    if text.lower() in ("birth", "at birth"):
        return 0
    if DIGITS.fullmatch(text):
        return _plain_number(question, text)
    found = _AGE.fullmatch(text) if len(text) <= _LONGEST_AGE else None
    if found is None or not any(found.groups()):
        raise fault(question, "takes an age.", "Write 14 months, or 2y 3m.")
    years, months, weeks = (float((part or "0").replace(",", ".")) for part in found.groups())
    total = years * 12 + months + weeks / WEEKS_A_MONTH
    return int(total) if total == int(total) else round(total, 2)


def day(question: Asked, raw: object) -> JsonValue:
    """Read a date, or a month, or a year."""
    text = raw.strip() if isinstance(raw, str) else ""
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 < raw < 10_000:
        text = f"{raw:04}"
    found = PartialDate.read(text)
    if found is None:
        raise fault(question, "takes a date.", "Write 2019-09-14, 2019-09 or 2019.")
    return str(found)


_TO_MONTHS: Final = {"months": 1.0, "weeks": 1 / WEEKS_A_MONTH, "days": 12 / 365.25}


def span_of(
    question: Asked, raw: Mapping[object, object], units: Collection[str], *, is_age: bool
) -> JsonValue:
    """Return a span in one of `units` as it is stored; an exact one as the plain value."""
    span = span_from(raw)
    if span is None or span.unit not in units:
        raise fault(question, "takes no such span.", "Write low and high, in its unit.")
    if is_age:
        span = _in_months(span)
        ends = [end for end in (span.low, span.high) if end is not None]
        if not all(-9 <= end <= _OLDEST_MONTHS for end in ends):
            raise fault(question, "takes an age from birth on.", "Write 14 months, or 2y 3m.")
    if not span.exact:
        return span.stored()
    exact = span.stored()["low"]
    return exact if isinstance(exact, str) else _plain_number(question, exact)


def _in_months(span: Span) -> Span:
    rate = _TO_MONTHS[span.unit]
    low, high = (None if end is None else round(end * rate, 2) for end in (span.low, span.high))
    return Span(low, high, span.words, "months")


def interval(question: Asked, raw: object) -> JsonValue:
    """Read two ends: ages in months, or not known; the second may be now."""
    start, end = _two_ends(question, raw)
    low = _end(question, start)
    high = _end(question, end)
    if low == "now":
        raise fault(question, "cannot begin now.", "Write the age at which it began.")
    if low is None and high is None:
        raise fault(question, "takes two ages.", "Mark it missing if neither is known.")
    begins, ends = _lowest(low), _highest(high)
    if begins is not None and ends is not None and begins > ends:
        raise fault(question, "ends before it begins.", "Put the two ages the other way round.")
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
    raise fault(question, "takes two ages.", "Write 14 months to 2y 3m, or ... to now.")


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
            raise fault(question, "takes two ages.", "Write 14 months to 2y 3m, or ... to now.")
        months = _in_months(span)
        return months.low if months.exact else months.stored()
    word = raw.strip().lower() if isinstance(raw, str) else ""
    if word in ("", "?", "unknown") and isinstance(raw, str):
        return None
    if word in ("now", "today", "still"):
        return "now"
    if word in ("pregnancy", "before birth"):
        return -9
    told = _in_years(question, raw)
    if told is not None:
        return told.stored()
    months = _months(question, raw)
    if not -9 <= months <= _OLDEST_MONTHS:
        raise fault(question, "takes two ages.", "Write 14 months to 2y 3m, or ... to now.")
    return months


def text_of(question: Asked, raw: object) -> JsonValue:
    """Read words."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        raw = str(_plain_number(question, raw))
    if not isinstance(raw, str):
        raise fault(question, "takes words.", "Write a text.")
    text = clean(raw).strip()
    if not text:
        raise fault(question, "takes words.", "Write a text, or mark it missing.")
    return text


def person(question: Asked, raw: object) -> JsonValue:
    """Read who somebody is, on one line."""
    return clean_line(str(text_of(question, raw)), 200)


def rows(question: Asked, raw: object) -> JsonValue:
    """Read rows whose names are columns; their cells are as they were given."""
    if not isinstance(question, Question) or not isinstance(raw, list | tuple):
        raise fault(question, "takes rows.", "Write a list of rows, each with its columns.")
    rows = cast("Sequence[object]", raw)
    if len(rows) > _MOST_ROWS:
        raise fault(question, f"takes at most {_MOST_ROWS} rows.", "Leave some out.")
    columns = {column.name: column for column in question.columns}
    return [_row(question, columns, row) for row in rows]


def _row(question: Question, columns: Mapping[str, Column], row: object) -> JsonValue:
    if not isinstance(row, Mapping):
        raise fault(question, "takes rows.", "Write each row as column: value.")
    cells = cast("Mapping[object, object]", row)
    unknown = [name for name in cells if name not in columns]
    if unknown:
        raise fault(question, "has no such column.", f"Its columns are: {', '.join(columns)}.")
    return cast("JsonValue", dict(cells))
