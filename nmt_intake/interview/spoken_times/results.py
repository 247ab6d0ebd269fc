"""What the reader of spoken times gives back: a time as wide as it was told, or what is unclear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from pydantic import JsonValue

Code: TypeAlias = Literal[
    "unit",
    "year",
    "day_or_month",
    "birth_date",
    "event",
    "entry",
    "part_of_day",
    "impossible",
    "too_vague",
    "two_times",
    "slip",
    "not_told",
]
CODES: Final[tuple[str, ...]] = get_args(Code)


class Unclear(Exception):
    """The words have no single safe reading; `code` is what is unclear, `about` a number."""

    def __init__(self, code: Code, about: str = "") -> None:
        super().__init__(code)
        self.code: Code = code
        self.about = about


@dataclass(frozen=True, slots=True)
class Ages:
    """Ages in months, half-open: `low <= age < high`; `high` None: up to the interview."""

    low: float
    high: float | None

    def as_data(self) -> dict[str, JsonValue]:
        """Return it as the list of spoken times writes it, with two decimals."""
        high = None if self.high is None else round(self.high, 2)
        return {"low": round(self.low, 2), "high": high}


@dataclass(frozen=True, slots=True)
class Days:
    """A date in EDTF level 1; both ends included."""

    edtf: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number told, both ends included, with a unit (duration) or `per` (frequency)."""

    low: float
    high: float | None
    unit: str | None = None
    per: str | None = None

    def as_data(self) -> dict[str, JsonValue]:
        """Return it as the list of spoken times writes it."""
        data: dict[str, JsonValue] = {
            "low": round(self.low, 2),
            "high": None if self.high is None else round(self.high, 2),
        }
        return data | {
            key: value for key, value in (("unit", self.unit), ("per", self.per)) if value
        }


@dataclass(frozen=True, slots=True)
class Period:
    """When something began and when it ended; None is an end that was not told."""

    start: Ages | None
    end: Ages | Literal["now"] | None


Result: TypeAlias = Ages | Days | Number | Period


@dataclass(frozen=True, slots=True)
class Told:
    """What an utterance was understood to be: `meant` or, in doubt, what is `unclear`."""

    words: str
    meant: Result | None
    unclear: Code | None = None
    about: str = ""  # the number whose unit is unclear, as a word where there is one

    def as_data(self) -> Mapping[str, JsonValue]:
        """Return it in the shape of the list of spoken times (see .readme/times.md)."""
        match self.meant:
            case Ages() as ages:
                return {"span": ages.as_data()}
            case Days(edtf):
                return {"edtf": edtf}
            case Number() as number:
                return {"number": number.as_data()}
            case Period(start, end):
                return {
                    "from": start.as_data() if start else None,
                    "to": end.as_data() if isinstance(end, Ages) else end,
                }
            case None:
                return {"ask_back": self.unclear or "too_vague"}
