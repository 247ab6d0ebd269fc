"""The grammar of spoken times: from lexemes to the times told and what is left over.

A *core* is a time by itself ("two years", "July 2019", "as a baby"). A `Said` is a core with the
words of nearness, doubt or bound that belong to it; a `Between` is two of them ("12-15 months",
"two or three"). What belongs to none is left as the lexeme it is, and `remarks` decides whether
it may be left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from nmt_intake.interview.spoken_times.context import Context
from nmt_intake.interview.spoken_times.results import Ages, Unclear
from nmt_intake.interview.spoken_times.tokens import Lexeme

_FINER: Final = {
    "year": ("month", "week", "day"),
    "month": ("week", "day"),
    "week": ("day",),
    "hour": ("minute",),
}
_TO_ENTRY: Final = ("entry_came", "entry_left", "entry_gone", "entry_with")
_QUARTERS: Final = ("and_quarter", "and_three_quarters")
_FULL: Final = {"year": 12, "month": 31, "week": 7, "hour": 60}
IN_MONTHS: Final = {
    "year": 12.0,
    "month": 1.0,
    "week": 7 / 30.4375,
    "day": 1 / 30.4375,
    "hour": 1 / 730.5,
    "minute": 1 / 43830,
}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of units: `low` to `high` (the same, but for "a few"), `rest` 0.5 for a half.

    `coarse` are the parts of coarser units, in months (minutes, where the unit is minutes).
    """

    low: float
    high: float
    unit: str | None
    rest: float = 0.0
    few: bool = False
    coarse: float = 0.0
    digits: str = ""
    times: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """A place in the calendar: a year, month, day or season, as far as it was told.

    `part` is early, mid or late; `year` None and `month` set is a month without a year.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    season: int | None = None
    decade: bool = False
    part: str | None = None
    christmas: bool = False


@dataclass(frozen=True, slots=True)
class Life:
    """A word for a time of life, as ages."""

    name: str
    ages: Ages


@dataclass(frozen=True, slots=True)
class Window:
    """Late, early or at the usual time."""

    which: str


@dataclass(frozen=True, slots=True)
class Birthday:
    """The birthday on which somebody became so many years old."""

    number: int


@dataclass(frozen=True, slots=True)
class NthUnit:
    """The third year, the second month: of life."""

    number: int
    unit: str


@dataclass(frozen=True, slots=True)
class FirstUnits:
    """The first three months: of life."""

    amount: Amount


@dataclass(frozen=True, slots=True)
class LastUnits:
    """The last two years: up to now."""

    amount: Amount


@dataclass(frozen=True, slots=True)
class Ago:
    """So long ago."""

    amount: Amount


@dataclass(frozen=True, slots=True)
class Relative:
    """Last year, last March, yesterday: `which` is last, this, next, yesterday or today."""

    which: str
    what: str | int


@dataclass(frozen=True, slots=True)
class AtEntry:
    """An entry by name (places in the list) or the teller (None): came, left, with or bare."""

    how: str
    places: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of the clock in minutes; `half` am or pm where it was told, 24 for a 24-hour clock."""

    minutes: int
    half: str | None


Core: TypeAlias = (
    Amount
    | Calendar
    | Life
    | Window
    | Birthday
    | NthUnit
    | FirstUnits
    | LastUnits
    | Ago
    | Relative
    | AtEntry
    | Clock
)


@dataclass(frozen=True, slots=True)
class Said:
    """A core with the roles of each word that belongs to it."""

    core: Core
    mods: tuple[frozenset[str], ...] = ()

    def has(self, *roles: str) -> bool:
        """Whether one of its words can play one of these roles."""
        return any(role in mod for mod in self.mods for role in roles)


@dataclass(frozen=True, slots=True)
class Between:
    """Two times of which the first is the lower end; `by` is or, to or between."""

    first: Said
    second: Said
    by: str
    mods: tuple[frozenset[str], ...] = ()


Node: TypeAlias = Said | Between
Item: TypeAlias = Node | Lexeme

_REACHING: Final = ("past", "ultimo", "ultima")  # "the past year": up to now, no calendar year
PREFIXES: Final = (
    *("near", "doubt", "nearly", "not_yet", "still", "turned", "just_turned", "just"),
    *("just_before", "just_after", "just_over", "over", "before", "by", "after", "at_least"),
    *("up_to", "more_than", "fewer_than", "well_over", "early", "mid", "late", "minus"),
    *("since", "was_not", "yet", "until"),
)
SUFFIXES: Final = (
    *("near_after", "doubt", "by_suffix", "after_suffix", "at_least", "bit", "something"),
    *("just_turned", "turned", "over", "exact", "yet"),
)
_LIVES: Final = {
    "birth": Ages(0, 7 / 30.4375),
    "newborn": Ages(0, 1),
    "baby": Ages(0, 12),
    "toddler": Ages(12, 48),
    "teens": Ages(156, 240),
    "twenties": Ages(240, 360),
    "thirties": Ages(360, 480),
    "forties": Ages(480, 600),
}
TEENS: Final = {"early": Ages(156, 192), "mid": Ages(168, 216), "late": Ages(192, 240)}


class Grammar:
    """Reads times from lexemes; every method takes a place and returns what is there and the next.

    None means that there is no such thing at that place.
    """

    def __init__(self, lexemes: Sequence[Lexeme], context: Context, kind: str) -> None:
        self.all = lexemes
        self.context = context
        self.kind = kind
        self.spanish = context.language == "es"
        self.apart = False  # whether "and" stands between two ends, not within one

    def items(self) -> list[Item]:
        """Return the times told and the lexemes between them, in order."""
        found: list[Item] = []
        index = 0
        while index < len(self.all):
            self.apart = self._is(index, "between") or (self.apart and self.kind == "interval")
            read = self.node(index)
            if read is None:
                found.append(self.all[index])
                index += 1
            else:
                found.append(read[0])
                index = read[1]
        return found

    # Help

    def _at(self, index: int) -> Lexeme | None:
        return self.all[index] if index < len(self.all) else None

    def _is(self, index: int, *roles: str) -> bool:
        return index < len(self.all) and self.all[index].has(*roles)

    def _skip(self, index: int, *roles: str) -> int:
        while self._is(index, *roles):
            index += 1
        return index

    # Times

    def node(self, index: int) -> tuple[Node, int] | None:
        """Return the time that begins here: one, or two with a word of range between them."""
        opener = self._opener(index)
        first = self.said(self._skip_light(opener[1]) if opener else index)
        if first is None:
            return None
        joined = self._joined(first, opener[0] if opener else None)
        if joined is not None:
            return joined
        return None if opener else first

    def _opener(self, index: int) -> tuple[str, int] | None:
        """Return the word that opens a range: between anywhere, from where it is no interval."""
        if self.kind == "interval":
            return None
        if self._is(index, "between"):
            return "between", index + 1
        if self._is(index, "from"):
            return "from", index + 1
        return None

    def _skip_light(self, index: int) -> int:
        """Return the next place that is no filler: "the ages of", "when he was"."""
        while self._is(index, "filler") and self.said_core(index) is None:
            index += 1
        return index

    def _joined(self, first: tuple[Said, int], opener: str | None) -> tuple[Node, int] | None:
        said, index = first
        by, after = self._separator(index, opener)
        if by is None:
            return None
        second = self.said(self._skip_light(after))
        if second is None:
            return None
        if opener == "from" and by == "or":
            return None
        if by == "or" and not _alike(said.core, second[0].core):
            return None
        one, other = _with_units(said, second[0], by)
        node = Between(one, other, by)
        index = second[1]
        third, after = self._separator(index, None)
        if third == "or" and by == "or":  # "two, three or four" told without the comma
            last = self.said(self._skip_light(after))
            if last is not None:
                one, other = _with_units(one, last[0], by)
                node, index = Between(one, other, by), last[1]
        return node, index

    def _separator(self, index: int, opener: str | None) -> tuple[str | None, int]:
        each = self._at(index)
        if each is None:
            return None, index
        if each.has("stop") and each.text == ",":
            if self._is(index + 1, "or"):
                return "or", index + 2
            if self._is_next_number(index):
                return "or", index + 1
        if each.has("or"):
            return "or", index + 1
        comma = index + 1 if each.has("stop") and each.text == "," else index
        if self._is(comma, "maybe") and self.said(self._skip_light(comma + 1)):
            return "or", comma + 1
        if self.kind == "interval":
            return None, index
        if each.has("and") and opener == "between":
            return "between", index + 1
        if each.text == "/":  # "13/14 months", but "3/12" is 3 months to some
            one, other = self.number(index - 1), self.number(index + 1)
            near = one is not None and other is not None and 1 <= other[0] - one[0] <= 2
            return ("or", index + 1) if near else (None, index)
        if each.has("to", "dash") or (
            each.has("until") and (opener == "from" or self.kind == "hours")
        ):
            return "to", index + 1
        return None, index

    def _is_next_number(self, index: int) -> bool:
        """Whether a comma stands between two numbers in a row: "nine, ten months"."""
        one, other = self.number(index - 1), self.number(index + 1)
        if one is None or other is None or one[2] != index:
            return False
        return other[0] - one[0] == 1 and self._is(other[2], "unit", "times")

    def said(self, index: int) -> tuple[Said, int] | None:
        """Return the core that begins here with the words that belong to it."""
        mods: list[frozenset[str]] = []
        while index < len(self.all):
            core = self.said_core(index)
            if core is not None:
                break
            each = self.all[index]
            roles = frozenset(role for role in PREFIXES if role in each.roles)
            if self.kind == "interval":
                roles -= {"since", "until", *(("up_to",) if each.has("until") else ())}
            if roles:
                mods.append(roles)
            elif not each.has("filler", "a", "to", "of", "anchor", "when") or not mods:
                return None
            index += 1
        else:
            return None
        made, inside, index = core
        mods += inside
        if self._is(index, "of_age") and self._is(index + 1, *SUFFIXES, "nearly_after"):
            index += 1  # "a year old at the latest"
        index = self._nearly_after(index, mods)
        while self._is(index, *SUFFIXES):
            if self._is(index, "maybe") and self.said_core(index + 1) is not None:
                break  # "two maybe three"
            mods.append(frozenset(r for r in SUFFIXES if r in self.all[index].roles))
            index += 1
        already = self._at(index) if self.spanish and self._is(index - 2, "to") else None
        if already is not None and already.text == "ya":  # "a los dos ya": by two
            mods.append(frozenset({"by"}))
            index += 1
        return Said(made, tuple(mods)), index

    def _nearly_after(self, index: int, mods: list[frozenset[str]]) -> int:
        """Read "three, nearly": the word ends its clause, so that no other time is meant."""
        after = self._skip(index, "stop") if self._is(index + 1, "nearly_after") else index
        if not self._is(after, "nearly_after"):
            return index
        if after + 1 < len(self.all) and not self._is(after + 1, "stop"):
            return index
        mods.append(frozenset({"nearly"}))
        return after + 1

    def said_core(self, index: int) -> tuple[Core, list[frozenset[str]], int] | None:
        """Return a core at this place, the roles of words inside it, and the next place."""
        for read in self._readers():
            found = read(index)
            if found is not None:
                return found
        return None

    def _readers(
        self,
    ) -> tuple[Callable[[int], tuple[Core, list[frozenset[str]], int] | None], ...]:
        if self.kind == "hours":
            return (self._clock, self._amount)
        if self.kind in ("count", "duration"):
            return (self._amount,)
        return (
            self._relative,
            self._calendar,
            self._ordinal,
            self._ago,
            self._amount,
            self._life,
            self._entry,
        )

    # Numbers and amounts

    def number(self, index: int) -> tuple[float, str, int] | None:
        """Return a number in figures or words, its figures, and the next place."""
        each = self._at(index)
        if each is None:
            return None
        if "decimal" in each.roles:
            return each.value("number"), "decimal", index + 1
        if "digits" in each.roles:
            return each.value("number"), str(each.roles["digits"]), index + 1
        below = self._below_hundred(index)
        if below is None:
            if each.has("thousand") and self.spanish:
                rest = self._hundreds(index + 1)
                return (1000 + rest[0], "year", rest[1]) if rest else (1000, "", index + 1)
            hundreds = self._hundreds(index) if each.has("hundred") else None
            return (hundreds[0], "", hundreds[1]) if hundreds else None
        value, index = below
        if self._is(index, "thousand"):
            rest = self._hundreds(self._skip(index + 1, "and"))
            if rest is None:
                return value * 1000, "year", index + 1
            return value * 1000 + rest[0], "year", rest[1]
        if self._is(index, "hundred"):
            rest = self._below_hundred(self._skip(index + 1, "and"))
            return (value * 100 + (rest[0] if rest else 0), "", rest[1] if rest else index + 1)
        if value in (19, 20):
            rest = self._below_hundred(index)
            if rest is not None and rest[0] >= 10 and "digits" not in self.all[index].roles:
                return value * 100 + rest[0], "year", rest[1]
        return value, "", index

    def _hundreds(self, index: int) -> tuple[float, int] | None:
        each = self._at(index)
        if each is not None and each.has("hundred"):
            rest = self._below_hundred(index + 1)
            return (100 + rest[0], rest[1]) if rest else (100, index + 1)
        below = self._below_hundred(index)
        if below is not None and below[0] == 900:
            rest = self._below_hundred(below[1])
            return (900 + rest[0], rest[1]) if rest else (900, below[1])
        return below

    def _below_hundred(self, index: int) -> tuple[float, int] | None:
        each = self._at(index)
        if each is None or "digits" in each.roles or "decimal" in each.roles:
            return None
        if each.has("tens"):
            value, index = each.number("tens"), index + 1
            after = self._skip(index, "dash") if not self.spanish else index
            if self.spanish and self._is(index, "and"):
                after = index + 1
            unit = self._at(after)
            if unit is not None and unit.has("number") and "digits" not in unit.roles:
                rest = unit.value("number")
                if 1 <= rest <= 9 and (not self.spanish or after > index):
                    return value + rest, after + 1
            return value, index
        if each.has("number"):
            return each.value("number"), index + 1
        if each.text == "una" and self.kind == "hours" and self._is(index + 1, "to", "until", "or"):
            return 1, index + 1
        return None

    def _amount(self, index: int) -> tuple[Core, list[frozenset[str]], int] | None:
        read = self._quantity(index)
        if read is None:
            return None
        amount, mods, index = read
        if amount.unit in _FINER and not amount.few and not amount.rest and not mods:
            finer = self._finer(amount, index)
            if finer is not None:
                return finer
        return amount, mods, index

    def _finer(self, amount: Amount, index: int) -> tuple[Core, list[frozenset[str]], int] | None:
        after = index
        if self._is(after, "stop") and self.all[after].text == ",":
            after += 1
        joined = self._skip(after, "and")
        if joined > after and self.apart:
            return None  # "between a year and 18 months" are two ages
        read = self._quantity(joined)
        if read is None or amount.unit is None:
            return None
        finer, mods, index = read
        if (
            finer.unit not in _FINER[amount.unit]
            or (finer.few and self.kind != "age")
            or finer.low >= _FULL[amount.unit]
        ):
            return None
        scale = 60 if amount.unit == "hour" else IN_MONTHS[amount.unit]
        made = replace(finer, coarse=amount.coarse + amount.low * scale)
        further = self._finer(made, index) if finer.unit in _FINER and not mods else None
        return further or (made, mods, index)

    def _quantity(self, index: int) -> tuple[Amount, list[frozenset[str]], int] | None:
        each = self._at(index)
        if each is None:
            return None
        if each.has("idiom"):
            low, high, unit = each.parts("idiom")
            return Amount(low, high, unit, exact=True), [], index + 1
        if each.has("unit_phrase"):
            count, _, unit = each.parts("unit_phrase")
            return self._after_unit(Amount(count, count, unit), [], index + 1)
        if each.has("few"):
            return self._few(each, index)
        if each.has(*_QUARTERS) and self._is(index + 1, "unit"):
            rest = 0.25 if each.has("and_quarter") else 0.75
            return Amount(0, 0, str(self.all[index + 1].roles["unit"]), rest), [], index + 2
        if each.has("half"):
            after = self._skip(index + 1, "of", "a")
            if self._is(after, "unit"):
                return Amount(0, 0, str(self.all[after].roles["unit"]), 0.5), [], after + 1
            return None
        if each.has("a"):
            if self._is(index + 1, "half"):
                return self._quantity(index + 1)
            if self._is(index + 1, "something") or not self._is(index + 1, "unit"):
                return None
            unit = str(self.all[index + 1].roles["unit"])
            return self._after_unit(Amount(1, 1, unit), [], index + 2)
        if (
            self.spanish
            and each.has("unit")
            and each.text in ("ano", "mes", "hora", "dia", "semana")
        ):
            return self._lone_unit(index)
        if each.has("once", "twice", "thrice") and self.kind == "count":
            count = 1 if each.has("once") else 2 if each.has("twice") else 3
            return Amount(count, count, None, times=True), [], index + 1
        read = self.number(index)
        return self._numbered(read) if read else None

    def _lone_unit(self, index: int) -> tuple[Amount, list[frozenset[str]], int] | None:
        """Spanish leaves out the one: "año y medio", "antes del año", "al año"."""
        unit = str(self.all[index].roles["unit"])
        if self._is(index + 1, "and_half"):
            return Amount(1, 1, unit, 0.5), [], index + 2
        if self._is(index + 1, "something", "bit"):
            return Amount(1, 1, unit), [_roles(self.all[index + 1], SUFFIXES)], index + 2
        before = self.all[index - 1] if index else None
        articled = before is not None and (
            before.text.endswith((" el", " del"))
            or before.text in ("el", "al", "del")
            or before.has("turned", "just_turned", "nearly", "before")
        )
        follows = self._at(index + 1)
        if not articled or (follows is not None and follows.has("last", "digits", "per", "number")):
            return None
        if self.kind in ("count", "duration", "hours") or unit in ("hour", "day"):
            return None
        return self._after_unit(Amount(1, 1, unit), [], index + 1)

    def _few(self, each: Lexeme, index: int) -> tuple[Amount, list[frozenset[str]], int]:
        low, high, _ = each.parts("few")
        after = self._skip(index + 1, "of")
        if self._is(after, "unit"):
            unit = str(self.all[after].roles["unit"])
            return Amount(low, high, unit, few=True), [], after + 1
        made = Amount(low, high, None, few=True)
        times = self._is(after, "times")
        return replace(made, times=times), [], after + 1 if times else index + 1

    def _numbered(
        self, read: tuple[float, str, int]
    ) -> tuple[Amount, list[frozenset[str]], int] | None:
        value, digits, index = read
        mods: list[frozenset[str]] = []
        rest = round(value - int(value), 6)
        value = float(int(value))
        part = self._at(index)
        if self._is(index, "and_half") or (part is not None and part.text == "1/2"):
            if rest:
                raise Unclear("two_times")
            rest, index = 0.5, index + 1
        elif self._is(index, *_QUARTERS):
            rest, index = (0.25 if self._is(index, "and_quarter") else 0.75), index + 1
        elif (
            self._is(index, "and")
            and self._is(index + 1, "half")
            and not self._is(index + 2, "a", "of")
        ):
            rest, index = 0.5, index + 2
        elif self._is(index, "something", "bit"):
            mods.append(_roles(self.all[index], SUFFIXES))
            index += 1
        elif self._is(index, "near_after", "at_least") and self._is(index + 1, "unit"):
            mods.append(_roles(self.all[index], ("near_after", "at_least")))
            index += 1
        amount = Amount(value, value, None, rest, digits=digits)
        after = index
        if self._is(index, "dash", "whole") and self._is(index + 1, "unit"):
            after = index + 1
        if self._is(after, "unit"):
            unit = str(self.all[after].roles["unit"])
            return self._after_unit(replace(amount, unit=unit, digits=""), mods, after + 1)
        if self._is(index, "times"):
            return replace(amount, times=True), mods, index + 1
        return amount, mods, index

    def _after_unit(
        self, amount: Amount, mods: list[frozenset[str]], index: int
    ) -> tuple[Amount, list[frozenset[str]], int]:
        """Return an amount with what may follow its unit: and a half, and a bit."""
        if self._is(index, "and_half") and not amount.rest:
            return replace(amount, rest=0.5), mods, index + 1
        if self._is(index, *_QUARTERS) and not amount.rest:
            rest = 0.25 if self._is(index, "and_quarter") else 0.75
            return replace(amount, rest=rest), mods, index + 1
        if self._is(index, "something", "bit"):
            return amount, [*mods, _roles(self.all[index], SUFFIXES)], index + 1
        return amount, mods, index

    # The calendar

    def _year(self, index: int, *, two_digits: bool = False) -> tuple[int, int] | None:
        """Return a year of four figures, in words, or of two; nothing before it but "of"."""
        after = self._skip(index, "of", "filler") if self._far_is_year(index) else index
        if self._is(after, "unit") and self.all[after].roles["unit"] == "year":
            after += 1
        each = self._at(after)
        if each is None:
            return None
        if "short_year" in each.roles:
            return self._century(int(str(each.roles["short_year"])[1:])), after + 1
        read = self.number(after)
        if read is None:
            return None
        value, digits, end = read
        if digits == "year" or (digits.isdigit() and len(digits) == 4):
            if self._is(end, "unit") or not 1800 <= value <= 2200:
                return None
            return int(value), end
        if two_digits and digits.isdigit() and len(digits) == 2 and not self._is(end, "unit"):
            return self._century(int(value)), end
        return None

    def _far_is_year(self, index: int) -> bool:
        after = self._skip(index, "of", "filler")
        if after - index > 3:
            return False
        if self._is(after, "unit"):
            after += 1
        each = self._at(after)
        return each is not None and each.has("digits", "short_year", "number", "tens", "thousand")

    def _century(self, year: int) -> int:
        """Return the latest year with these two figures that is not after the interview."""
        latest = self.context.today.year
        return latest - (latest - year) % 100

    def _calendar(self, index: int) -> tuple[Core, list[frozenset[str]], int] | None:
        each = self._at(index)
        if each is None:
            return None
        if "iso" in each.roles:
            return _iso(str(each.roles["iso"])), [], index + 1
        if "slash" in each.roles:
            return self._figures(str(each.roles["slash"])), [], index + 1
        if "weekdays" in each.roles and self._day_month(self._skip(index + 1, "stop", "filler")):
            index = self._skip(index + 1, "stop", "filler")
        part = next((role for role in ("early", "mid", "late") if each.has(role)), None)
        if part is not None:
            return self._part(part, index)
        found = (
            self._day_month(index)
            or self._month(index)
            or self._season(index)
            or self._christmas(index)
            or self._decade(index)
        )
        if found is None:
            year = self._year(index) if not each.has("filler", "of") else None
            found = (Calendar(year[0]), year[1]) if year else None
        return (found[0], [], found[1]) if found else None

    def _part(self, part: str, index: int) -> tuple[Core, list[frozenset[str]], int] | None:
        after = index + 1
        while self._is(after, "dash", "filler", "of") and not self._is(after, "ordinal"):
            after += 1
        if self._is(after, "teens"):
            return Life("teens", TEENS[part]), [], after + 1
        found = self._calendar(after)
        if found is None:  # "early in her third year": the whole of it
            nth = self._ordinal(after)
            if nth is None or not isinstance(nth[0], NthUnit):
                return None
            return nth[0], [*nth[1], frozenset({"part"})], nth[2]
        if not isinstance(found[0], Calendar):
            return None
        calendar = found[0]
        if calendar.month or calendar.season or calendar.christmas:
            # The whole of it: nothing is said of parts of months.
            return calendar, [*found[1], frozenset({"part"})], found[2]
        if calendar.part is not None:
            return None
        return replace(calendar, part=part), [frozenset({"part"})], found[2]

    def _day_month(self, index: int) -> tuple[Calendar, int] | None:
        each = self._at(index)
        if each is None:
            return None
        if each.has("ordinal") and not each.has("number"):
            day, after = each.number("ordinal"), index + 1
            if 20 <= day <= 30 and day % 10 == 0 and self._is(after, "dash"):
                after += 1
        else:
            read = self.number(index)
            if read is None or len(read[1]) > 2 or not 0 <= read[0] <= 99:
                return None
            day, after = int(read[0]), read[2]
            ordinal = self._at(self._skip(after, "dash"))
            if day in (20, 30) and ordinal is not None and ordinal.has("ordinal"):
                day, after = day + ordinal.number("ordinal"), self._skip(after, "dash") + 1
        after = self._skip(after, "of")
        if not self._is(after, "month"):
            return None
        month = self.all[after].number("month")
        return self._with_year(after + 1, month, day)

    def _with_year(self, index: int, month: int, day: int | None) -> tuple[Calendar, int]:
        after = index
        if self._is(after, "stop") and self.all[after].text in (",", "."):
            after += 1
        year = self._year(after, two_digits=day is not None)
        if year is None:
            return Calendar(None, month, day), index
        return Calendar(year[0], month, day), year[1]

    def _month(self, index: int) -> tuple[Calendar, int] | None:
        each = self._at(index)
        if each is None or not each.has("month"):
            return None
        month = each.number("month")
        after = self._skip(index + 1, "filler")
        day = self._at(after)
        if day is not None and day.has("ordinal"):
            number, end = day.number("ordinal"), after + 1
            return self._with_year(end, month, number)
        read = self.number(index + 1)
        if read is not None and read[1] != "year" and len(read[1]) <= 2 and 0 < read[0] <= 31:
            found = self._with_year(read[2], month, int(read[0]))
            if found[0].year is None:
                raise Unclear("year")
            return found
        return self._with_year(index + 1, month, None)

    def _season(self, index: int) -> tuple[Calendar, int] | None:
        each = self._at(index)
        if each is None or not each.has("season"):
            return None
        season = each.number("season")
        comma = self._is(index + 1, "stop") and self.all[index + 1].text == ","
        year = self._year(index + 2 if comma else index + 1)
        return (Calendar(year[0], season=season), year[1]) if year else None

    def _christmas(self, index: int) -> tuple[Calendar, int] | None:
        if not self._is(index, "christmas"):
            return None
        year = self._year(index + 1)
        return (Calendar(year[0], christmas=True), year[1]) if year else None

    def _decade(self, index: int) -> tuple[Calendar, int] | None:
        each = self._at(index)
        if each is None:
            return None
        if "decade_digits" in each.roles:
            figures = "".join(
                letter for letter in str(each.roles["decade_digits"]) if letter.isdigit()
            )
            year = int(figures) if len(figures) == 4 else self._century(int(figures))
            return (Calendar(year, decade=True), index + 1) if year % 10 == 0 else None
        if each.has("decade"):
            return Calendar(self._century(each.number("decade")), decade=True), index + 1
        return None

    def _figures(self, text: str) -> Calendar:
        """Return a date in figures, in the order of the locale; raises `Unclear`."""
        parts = text.replace(".", "/").replace("-", "/").split("/")
        if len(parts) == 2:
            return Calendar(int(parts[1]), _real_month(int(parts[0])))
        first, second = int(parts[0]), int(parts[1])
        year = int(parts[2]) if len(parts[2]) == 4 else self._century(int(parts[2]))
        day_first = self.context.day_first
        if day_first is None:
            if first <= 12 and second <= 12 and first != second:
                raise Unclear("day_or_month")
            day_first = first > 12 or first == second
        day, month = (first, second) if day_first else (second, first)
        return Calendar(year, _real_month(month), day)

    def _relative(self, index: int) -> tuple[Core, list[frozenset[str]], int] | None:
        each = self._at(index)
        if each is None:
            return None
        for which in ("yesterday", "today"):
            if each.has(which) and (self.kind == "date" or which == "yesterday"):
                return Relative(which, "day"), [], index + 1
        if self.spanish and each.has("unit", "season", "month", "christmas"):
            return self._spanish_last(index)
        which = next((role for role in ("last", "this", "next") if each.has(role)), None)
        if which is None:
            return None
        if which == "last" and (last := self._last_units(index)):
            return last
        after = self._skip(index + 1, "filler") if self.spanish else index + 1
        what = self._what(after)
        if what is None:
            return None
        if which == "next" and self._is(after + 1, "stop"):
            raise Unclear("impossible")
        return Relative(which, what), [], after + 1

    def _what(self, index: int) -> str | int | None:
        each = self._at(index)
        if each is None:
            return None
        if each.has("unit"):
            return str(each.roles["unit"])
        if each.has("christmas"):
            return "christmas"
        if each.has("season", "weekdays"):
            return "season"
        return each.number("month") if each.has("month") else None

    def _spanish_last(self, index: int) -> tuple[Core, list[frozenset[str]], int] | None:
        """Read "el año pasado", "el mes pasado", "el verano pasado"."""
        which = next((r for r in ("last", "next") if self._is(index + 1, r)), None)
        what = self._what(index)
        if which is None or what is None:
            return None
        return Relative(which, what), [], index + 2

    def _last_units(self, index: int) -> tuple[Core, list[frozenset[str]], int] | None:
        """Read "the last two years", "the past year", "los últimos dos años"."""
        unit = self._at(index + 1)
        text = self.all[index].text
        reaching = (" " in text or text in _REACHING) and text not in ("el pasado", "la pasada")
        if unit is not None and unit.has("unit") and reaching:
            return LastUnits(Amount(1, 1, str(unit.roles["unit"]))), [], index + 2
        read = self._quantity(self._skip(index + 1, "near", "filler"))
        if read is not None and read[0].unit is not None:
            near = [
                _roles(each, ("near",))
                for each in self.all[index + 1 : read[2]]
                if each.has("near")
            ]
            return LastUnits(read[0]), [*near, *read[1]], read[2]
        return None

    def _ago(self, index: int) -> tuple[Core, list[frozenset[str]], int] | None:
        each = self._at(index)
        if each is not None and self.spanish and each.has("ago"):
            after = index + 1
            mods: list[frozenset[str]] = []
            while self._is(after, "near", "nearly", "filler", "over", "more_than", "doubt"):
                if not self._is(after, "filler") or self._is(after, "near"):
                    mods.append(_roles(self.all[after], PREFIXES))
                if self._quantity(after) is not None:
                    mods.pop() if mods and not self._is(after, "filler") else None
                    break
                after += 1
            read = self._amount(after)
            if read is not None and isinstance(read[0], Amount) and read[0].unit is not None:
                return Ago(read[0]), [*mods, *read[1]], read[2]
            return None
        if self.spanish:  # "los dos últimos años", "los tres primeros meses"
            read = self._quantity(index)
            if read is not None and read[0].unit is None and self._is(read[2] + 1, "unit"):
                amount = replace(read[0], unit=str(self.all[read[2] + 1].roles["unit"]), digits="")
                if self._is(read[2], "last"):
                    return LastUnits(amount), read[1], read[2] + 2
                if self.all[read[2]].roles.get("ordinal") == 1:
                    return FirstUnits(amount), read[1], read[2] + 2
        read = self._amount(index)
        if read is None or not isinstance(read[0], Amount):
            return None
        if self._is(read[2], "or", "to"):  # "two or three years ago"
            read = self._either(read[0], read[2] + 1)
        if read is None or not isinstance(read[0], Amount) or read[0].unit is None:
            return None
        amount, inside, after = read
        while self._is(after, "near_after", "bit", "something"):
            inside = [*inside, _roles(self.all[after], SUFFIXES)]
            after += 1
        if not self._is(after, "ago"):
            return None
        assert isinstance(amount, Amount)
        return Ago(amount), inside, after + 1

    def _either(self, one: Amount, index: int) -> tuple[Core, list[frozenset[str]], int] | None:
        """Return two amounts as one that is as wide as both; None where they are no pair."""
        read = self._amount(index)
        if read is None or not isinstance(read[0], Amount):
            return None
        other = read[0]
        if one.unit not in (None, other.unit) or one.rest or other.rest or other.low <= one.low:
            return None
        return replace(other, low=one.low, few=True), read[1], read[2]

    # Life

    def _ordinal(self, index: int) -> tuple[Core, list[frozenset[str]], int] | None:
        each = self._at(index)
        if each is None:
            return None
        if not each.has("ordinal"):
            read = self.number(index)
            if read is None or not self._is(read[2], "birthday") or read[0] > 120:
                return None
            return Birthday(int(read[0])), [frozenset({"turned"})], read[2] + 1
        number = each.number("ordinal")
        after = self._skip(index + 1, "filler")
        if self._is(after, "birthday"):
            return Birthday(number), [frozenset({"turned"})], after + 1
        unit = self._at(after)
        if unit is not None and unit.has("unit") and (after == index + 1 or self.spanish):
            if number > 1 or unit.text in ("year", "month", "week", "ano", "mes", "semana"):
                made = NthUnit(number, str(unit.roles["unit"]))
                end = self._skip(after + 1, "of_life")
                if made.unit in ("year", "month", "week") or end > after + 1:
                    return made, [], end
            return None
        shared = self._shared_noun(after)
        if shared is not None and shared.has("birthday"):
            return Birthday(number), [frozenset({"turned"})], after
        if shared is not None:
            return NthUnit(number, str(shared.roles["unit"])), [], after
        if number == 1:
            read = self._quantity(index + 1)
            if read is not None and read[0].unit is not None:
                return FirstUnits(read[0]), read[1], self._skip(read[2], "of_life")
        return None

    def _shared_noun(self, index: int) -> Lexeme | None:
        """Return the noun of "and third birthday", "or third year": also of the ordinal before."""
        if not self._is(index, "and", "or", "to"):
            return None
        after = self._skip(index + 1, "filler")
        noun = self._at(self._skip(after + 1, "filler")) if self._is(after, "ordinal") else None
        if noun is None or not noun.has("birthday", "unit"):
            return None
        return noun if noun.has("birthday") or noun.roles["unit"] in ("year", "month") else None

    def _life(self, index: int) -> tuple[Core, list[frozenset[str]], int] | None:
        each = self._at(index)
        if each is None:
            return None
        for name, ages in _LIVES.items():
            if name == "baby" and self._is(index + 1, "other"):
                continue  # the baby book
            if each.has(name):
                return Life(name, ages), [], index + 1
        if each.has("pregnancy"):
            return Life("pregnancy", Ages(-9, 0)), [], index + 1
        if each.has("said_birth") and self.kind in ("age", "date"):
            return Life("birth", _LIVES["birth"]), [], index + 1
        if each.has("always"):
            return Life("always", Ages(0, 7 / 30.4375)), [], index + 1
        return None

    def _entry(self, index: int) -> tuple[Core, list[frozenset[str]], int] | None:
        """Return an entry by name, with the verb that says which of its ends is meant."""
        if self._is(index, "us_came"):
            return AtEntry("came", None), [], index + 1
        how, after = "bare", index
        while self._is(after, *_TO_ENTRY):
            each = self.all[after]
            if each.has("entry_gone"):
                how = "gone"
            elif each.has("entry_came"):
                how = "came"
            elif each.has("entry_left"):
                how = "left"
            elif how == "bare":
                how = "with"
            after = self._skip_names(after + 1)
        each = self._at(after)
        if each is None or not each.has("entry", "teller"):
            return None
        if each.has("entry"):
            made = AtEntry(how, each.places())
        elif how == "bare" and not self._is(index - 1, "before", "after", "since", "until"):
            return None
        else:
            made = AtEntry(how, None)
        return made, [], after + 1

    def _skip_names(self, index: int) -> int:
        while self._is(index, "filler", "to", "of") and not self._is(
            index, "entry", "teller", *_TO_ENTRY
        ):
            index += 1
        return index

    # Clocks

    def _clock(self, index: int) -> tuple[Core, list[frozenset[str]], int] | None:
        """Return a time of the clock that can be nothing else: 22:30, nine pm, half six, noon."""
        each = self._at(index)
        if each is None:
            return None
        if each.has("noon", "midnight"):
            return Clock(0 if each.has("midnight") else 720, "24"), [], index + 1
        figures = str(each.roles.get("clock") or each.roles.get("decimal") or "")
        if "clock" in each.roles or (len(figures) > 3 and not self._is(index + 1, "unit")):
            parts = figures.replace(".", ":").replace(",", ":").split(":")
            if len(parts[1]) != 2:
                return None
            hour, minute = int(parts[0]), int(parts[1])
            if hour > 24 or minute > 59:
                raise Unclear("impossible")
            known = hour > 12 or hour == 0 or figures.startswith("0")
            made = Clock(hour % 24 * 60 + minute, "24" if known else None)
            return self._with_half(made, index + 1)
        shift, after = 0, index
        if each.has("quarter_past"):
            shift, after = 15, index + 1
        elif each.has("quarter_to"):
            shift, after = -15, index + 1
        elif each.has("half_to") or (
            each.has("half") and not self.spanish and self.number(index + 1)
        ):
            shift, after = 30, index + 1
        read = self.number(after)
        if read is None or read[0] != int(read[0]) or not 1 <= read[0] <= 24:
            return None
        hour, end = int(read[0]), read[2]
        told = shift != 0
        if self.spanish and self._is(end, "and_half") and not self._is(end + 1, "unit"):
            shift, end, told = 30, end + 1, True
        elif self.spanish and self._is(end, "quarter_past", "quarter_to"):
            shift = 15 if self._is(end, "quarter_past") else -15
            end, told = end + 1, True
        elif not self.spanish and not told:
            minute = self.number(end)
            if minute is not None and minute[0] in (10, 15, 20, 25, 30, 35, 40, 45, 50, 55):
                shift, end, told = int(minute[0]), minute[2], True
        if self._is(end, "unit", "and_half", "something", "bit"):
            return None
        if self._is(end, "o_clock"):
            end, told = end + 1, True
        made = Clock((hour * 60 + shift) % 1440, "24" if hour > 12 else None)
        with_half = self._with_half(made, end)
        if told or with_half[2] > end or (hour > 12 and not self._is(end, "times")):
            return with_half if told or with_half[2] > end else None
        return None

    def _with_half(self, made: Clock, index: int) -> tuple[Core, list[frozenset[str]], int]:
        hour, minute = divmod(made.minutes, 60)
        index = self._skip(index, "o_clock")
        if self._is(index, "am"):
            return Clock(hour % 12 * 60 + minute, "24"), [], index + 1
        if self._is(index, "pm"):
            night = self.all[index].text == "de la noche" and hour == 12
            return Clock((hour % 12 + (0 if night else 12)) * 60 + minute, "24"), [], index + 1
        if self._is(index, "at_night"):
            if hour % 12 >= 6 and hour % 12:
                return Clock((hour % 12 + 12) * 60 + minute, "24"), [], index + 1
            return made, [], index + 1
        return made, [], index


def _roles(lexeme: Lexeme, roles: Sequence[str]) -> frozenset[str]:
    return frozenset(role for role in roles if role in lexeme.roles)


def _iso(text: str) -> Calendar:
    year, month, *day = (int(part) for part in text.split("-"))
    if not day and 21 <= month <= 24:
        return Calendar(year, season=month)
    return Calendar(year, _real_month(month), day[0] if day else None)


def _real_month(month: int) -> int:
    if not 1 <= month <= 12:
        raise Unclear("impossible")
    return month


def _with_units(first: Said, second: Said, by: str) -> tuple[Said, Said]:
    """Return two ends of a range of which one lends its unit, or its year, to the other."""
    one, other = first.core, second.core
    if isinstance(one, Amount) and isinstance(other, Amount):
        if one.unit is None and other.unit is not None and not one.times:
            if one.coarse == 0 and not _year_like(one):
                one = replace(one, unit=other.unit)
        elif other.unit is None and one.unit is not None and not other.times:
            unit = one.unit
            if other.low + other.rest <= one.low + one.rest:
                # "Between 18 months and two": months would run backwards.
                if unit != "month" or other.low * 12 <= one.low or other.few:
                    raise Unclear("unit")
                unit = "year"
            other = replace(other, unit=unit)
        elif one.times != other.times:
            one, other = replace(one, times=True), replace(other, times=True)
    if isinstance(one, Calendar) and isinstance(other, Calendar) and one.year is None:
        one = replace(one, year=other.year)
    return replace(first, core=one), replace(second, core=other)


def _alike(one: Core, other: Core) -> bool:
    """Whether two cores may be a choice of one time: "two or three", not "a baby, maybe two"."""
    counted = (Amount, Birthday)
    return isinstance(other, type(one)) or (isinstance(one, counted) and isinstance(other, counted))


def _year_like(amount: Amount) -> bool:
    return amount.digits == "year" or (amount.digits.isdigit() and len(amount.digits) == 4)


__all__ = ["Between", "Core", "Grammar", "Item", "Node", "Said"]
