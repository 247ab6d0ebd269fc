"""What the reader may know when a time is told: the client, the day, the question, the entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, cast

from nmt_intake.interview.spans import PartialDate
from nmt_intake.interview.spoken_times.lexicon import LANGUAGES, pieces
from nmt_intake.interview.spoken_times.results import Ages, Unclear
from nmt_intake.interview.spoken_times.tokens import Names

# Windows of the WHO study of six motor milestones (2006), in months; the two ages of words are of
# the CDC list of 2022: the age of the list before the one that has it.
WINDOWS: Final = {
    "sits": (3.8, 9.2),
    "stands_held": (4.8, 11.4),
    "crawls": (5.2, 13.5),
    "walks_held": (5.9, 13.7),
    "stands_alone": (6.9, 16.9),
    "walks_alone": (8.2, 17.6),
}
LATE_FROM: Final = {"first_words": 12.0, "two_words": 18.0}
# Judgement: a bare number below this is of years, see "A number without a unit".
YEARS_BELOW: Final = {
    "sits": 2,
    "stands_held": 3,
    "crawls": 3,
    "walks_held": 3,
    "stands_alone": 4,
    "first_words": 4,
    "walks_alone": 5,
    "two_words": 6,
    "toilet_day": 6,
}
# What the questions of the shipped bank are called, and what they are about.
TOPICS: Final = {
    **{topic: topic for topic in YEARS_BELOW},
    "hours": "sleep",
}
# Countries in which "summer" surely is June to August.
_NORTHERN: Final = frozenset({"GB", "US", "IE", "ES", "MX", "CA"})
_ARTICLES: Final = frozenset({"the", "el", "la", "los", "las"})
# Words in names of entries that several may bear.
_COMMON: Final = frozenset(
    [
        "and",
        "y",
        "e",
        "the",
        "la",
        "el",
        "los",
        "las",
        "house",
        "home",
        "casa",
        "hogar",
        "grandma",
        "grandpa",
        "grandad",
        "granny",
        "nana",
        "nan",
        "abuela",
        "abuelo",
        "aunt",
        "auntie",
        "uncle",
        "tia",
        "tio",
        "mum",
        "mom",
        "mother",
        "dad",
        "father",
        "mama",
        "papa",
        "mrs",
        "mr",
        "ms",
        "miss",
        "family",
        "familia",
        "school",
        "centre",
        "center",
        "unit",
        "foster",
        "carer",
        "placement",
        "hospital",
        "of",
        "de",
        "del",
    ]
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A carer, home or event that is already told, with the ages at which it began and ended."""

    name: str
    start: Ages | None
    end: Ages | None
    lasting: bool = False
    teller: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What is known; every part may be missing."""

    language: str = "en"
    country: str | None = None
    birth: tuple[date, date] | None = None
    interviewed: date | None = None
    topic: str | None = None
    unit: str | None = None
    entries: tuple[Entry, ...] = ()
    asks_unit: bool = False  # whether a bare number is asked back for, where its unit is unclear

    @property
    def northern(self) -> bool:
        """Whether the seasons are surely those of the north."""
        return self.country in _NORTHERN

    @property
    def day_first(self) -> bool | None:
        """Whether dates in figures name the day first; None where nobody knows."""
        if self.language != "en":
            return True
        if self.country is None:
            return None
        return self.country != "US"

    @property
    def born(self) -> tuple[date, date]:
        """The first and last day that the birth may have been; raises `Unclear`."""
        if self.birth is None:
            raise Unclear("birth_date")
        return self.birth

    @property
    def today(self) -> date:
        """The day of the interview; raises `Unclear` if nobody knows."""
        if self.interviewed is None:
            raise Unclear("year")
        return self.interviewed

    @property
    def oldest(self) -> int | None:
        """The most completed months that the client may have; None if it is not known."""
        if self.birth is None or self.interviewed is None:
            return None
        return months_at(self.birth[0], self.interviewed)

    def age_now(self) -> tuple[int, int]:
        """Return the least and most completed months of the client; raises `Unclear`."""
        first, last = self.born
        return months_at(last, self.today), months_at(first, self.today)

    def about(self, question: str) -> Context:
        """Return the same for a question by name, where that is a milestone with a window."""
        return replace(self, topic=TOPICS.get(question)) if question in TOPICS else self

    def with_unit(self, unit: str | None) -> Context:
        """Return the same with the unit that the question declares."""
        return replace(self, unit=_unit(unit))

    def teller(self) -> Entry:
        """Return the entry that "us" and "me" mean; raises `Unclear`."""
        found = [each for each in self.entries if each.teller]
        if len(found) != 1:
            raise Unclear("entry")
        return found[0]

    def names(self) -> Names:
        """Return the names of the entries and each telling word of them, folded."""
        found: dict[tuple[str, ...], tuple[int, ...]] = {}
        for place, entry in enumerate(self.entries):
            words = [word for word in pieces(entry.name) if word != "&"]
            for name in _forms(words):
                found[name] = tuple(sorted({*found.get(name, ()), place}))
        return Names(found)


def _forms(words: list[str]) -> Iterable[tuple[str, ...]]:
    if words:
        yield tuple(words)
    if len(words) > 1 and words[0] in _ARTICLES:
        yield tuple(words[1:])
    for word in words:
        if word not in _COMMON and len(word) > 2:
            yield (word,)


def context_from(known: Mapping[str, object]) -> Context:
    """Return a context from the mapping that .readme/times.md describes."""
    locale = str(known.get("locale") or "en").replace("_", "-")
    language, _, country = locale.partition("-")
    born = PartialDate.read(str(known.get("birth") or ""))
    seen = PartialDate.read(str(known.get("interviewed") or ""))
    days = seen.bounds() if seen else None
    entries = known.get("entries")
    told = cast("Iterable[object]", entries) if isinstance(entries, list | tuple) else ()
    return Context(
        language.lower() if language.lower() in LANGUAGES else "en",
        country.upper() or None,
        born.bounds() if born else None,
        days[0] if days and days[0] == days[1] else None,
        _text(known.get("topic")),
        _unit(_text(known.get("unit"))),
        tuple(_entry(cast("Mapping[str, object]", each)) for each in told if _is_entry(each)),
    )


def _is_entry(each: object) -> bool:
    return isinstance(each, Mapping)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _unit(unit: str | None) -> str | None:
    """Return a unit in the singular, None for what is no unit of time."""
    single = (unit or "").removesuffix("s")
    return single if single in ("year", "month", "week", "day", "hour", "minute") else None


def _entry(told: Mapping[str, object]) -> Entry:
    return Entry(
        str(told.get("name") or ""),
        _ages(told.get("from")),
        _ages(told.get("to")),
        told.get("to") == "now",
        told.get("teller") is True,
    )


def _ages(told: object) -> Ages | None:
    if not isinstance(told, Mapping):
        return None
    ends = cast("Mapping[str, object]", told)
    low, high = ends.get("low"), ends.get("high")
    if not isinstance(low, int | float):
        return None
    return Ages(low, high if isinstance(high, int | float) else None)


def months_at(birth: date, day: date) -> int:
    """Return the completed months from birth to a day; below 0 for a day before birth."""
    return (day.year - birth.year) * 12 + day.month - birth.month - (day.day < birth.day)


def day_at(birth: date, months: float) -> date:
    """Return the first day on which somebody born then is this old, in months."""
    whole = int(months // 1)
    index = birth.year * 12 + birth.month - 1 + whole
    year, month = divmod(index, 12)
    if not 1 <= year <= 9998:
        raise Unclear("impossible")
    length = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - date(year, month + 1, 1)).days
    found = date(year, month + 1, min(birth.day, length))
    if birth.day > length:  # the month has not that day: the age is reached on the next
        found += timedelta(days=1)
    return found + timedelta(days=round((months - whole) * 30.4375))
