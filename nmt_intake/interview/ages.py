"""The client's age and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from pydantic import JsonValue

from nmt_intake.bank.truth import (
    FALSE,
    TRUE,
    UNKNOWN,
    Mask,
    Possible,
    Range,
    State,
    Value,
    state_of,
)
from nmt_intake.interview.events import Client
from nmt_intake.interview.spans import PartialDate, span_from
from nmt_intake.vocabulary import PERIOD_STARTS, PERIODS

TERM_WEEKS: Final = 40
PRETERM_BELOW_WEEKS: Final = 37
CORRECTED_UNTIL_MONTHS: Final = 24
_WEEKS_A_MONTH: Final = 365.25 / 12 / 7


def days_of(text: str) -> tuple[date, date] | None:
    """Return the first and the last day that an ISO date may mean, whose day or month may lack.

    None for what is no date.
    """
    found = PartialDate.read(text)
    return found.bounds() if found else None


def months_between(birth: date, day: date) -> int:
    """Return the completed months from `birth` to `day`, 0 if the day is before."""
    months = (day.year - birth.year) * 12 + day.month - birth.month - (day.day < birth.day)
    return max(0, months)


Facts: TypeAlias = Mapping[str, Value]
# Each choice between tellers, and in it the sets of facts of which one is true.
Choices: TypeAlias = tuple[tuple[Facts, ...], ...]


def client_facts(client: Client) -> Facts:
    """Return the facts conditions may read of the client; what is not known is left out.

    A birth date without day or month gives all the ages it may mean.
    """
    births = () if client.birth is None else (client.birth,)
    weeks = () if client.gestation_weeks is None else (client.gestation_weeks,)
    return united(facts_between(births, weeks, client))


def facts_between(
    births: Sequence[JsonValue], weeks: Sequence[JsonValue], record: Client
) -> Choices:
    """Return the facts for each choice between these birth dates and weeks of pregnancy.

    Where no birth date gives an age (or it lies after the interview) the record's age stands.
    """
    seen = days_of(record.interviewed or "")
    day = _as_days(seen)
    lives = [_lives(birth, seen) for birth in births]
    told = tuple(each for each in lives if each) or ((_Life(None, record.age_months),),)
    pregnancies = tuple(_weeks(each) for each in weeks) or (None,)
    return tuple(
        tuple(_facts(life, pregnancy, day) for life in each)
        for each in told
        for pregnancy in pregnancies
    )


@dataclass(frozen=True, slots=True)
class _Life:
    """One way it may be: born on one of these days, and so many months old."""

    born: Range | None
    age: float | None


def united(choices: Choices) -> Facts:
    """Return the facts as one set: where the choices differ, all their values are possible."""
    found: dict[str, Value] = {}
    for name in _NAMES:
        values = [facts.get(name) for choice in choices for facts in choice]
        if None not in values and values:
            found[name] = _one_or_more(values)
    return found


_NAMES: Final = (
    "client.age_months",
    "client.corrected_age_months",
    "client.gestation_weeks",
    "client.birth",
    "interview.date",
)


def _facts(life: _Life, weeks: float | Range | None, day: Range | None) -> Facts:
    facts: dict[str, Value] = {}
    if weeks is not None:
        facts["client.gestation_weeks"] = weeks
    if life.age is not None:
        facts["client.age_months"] = life.age
        facts["client.corrected_age_months"] = (
            _corrected_between(life.age, weeks)
            if isinstance(weeks, Range)
            else corrected(life.age, weeks)
        )
    if life.born is not None:
        facts["client.birth"] = life.born
    if day is not None:
        facts["interview.date"] = day
    return facts


def _as_days(days: tuple[date, date] | None) -> Range | None:
    return Range(days[0].toordinal(), days[1].toordinal(), whole=True) if days else None


def _corrected_between(age: float, weeks: Range) -> Value:
    low, high = (corrected(age, end) for end in (weeks.low, weeks.high))
    return low if low == high else Range(min(low, high), max(low, high))


def _weeks(told: JsonValue) -> float | Range | None:
    span = span_from(told)
    if span is not None:
        return Range(span.low, span.high)
    return told if isinstance(told, int | float) and not isinstance(told, bool) else None


def _lives(birth: JsonValue, seen: tuple[date, date] | None) -> tuple[_Life, ...]:
    """Return every way a birth date may be meant, one an age in months; none if it lies ahead."""
    born = days_meant(birth)
    if born is None or seen is None or born[0] > seen[0]:
        return ()
    least, most = (months_between(day, seen[0]) for day in reversed(born))
    days = _as_days(born)
    return tuple(_Life(days, age) for age in range(least, most + 1))


def days_meant(birth: JsonValue) -> tuple[date, date] | None:
    """Return the first and the last day that a stored date or span may mean; None if not known."""
    span = span_from(birth)
    if span is not None and span.unit == "date" and span.first_day and span.last_day:
        return span.first_day, span.last_day
    return days_of(birth) if isinstance(birth, str) else None


def corrected(age_months: float, gestation_weeks: float | None) -> float:
    """Return the age corrected for birth before 37 weeks, until 24 months; never below 0.

    Gestation that is not known counts as term.
    """
    if (
        gestation_weeks is None
        or gestation_weeks >= PRETERM_BELOW_WEEKS
        or age_months >= CORRECTED_UNTIL_MONTHS
    ):
        return age_months
    return max(0.0, age_months - (TERM_WEEKS - gestation_weeks) / _WEEKS_A_MONTH)


def periods_reached(facts: Facts) -> tuple[str, ...]:
    """Return the periods the client may have reached: all of them when the age is not known."""
    most = _end(facts.get("client.age_months"), max)
    if most is None:
        return PERIODS
    return tuple(period for period in PERIODS if PERIOD_STARTS[period] <= most)


def surely_reached(period: str, facts: Facts) -> bool:
    """Return whether the client has reached this period beyond doubt."""
    return PERIOD_STARTS[period] <= (_end(facts.get("client.age_months"), min) or 0)


def reached(period: str, choices: Choices, facts: Facts) -> State:
    """Return whether the client has reached a period: disputed where tellers' dates differ."""
    each_choice = choices or ((facts,),)
    masks: list[Mask] = []
    for choice in each_choice:
        mask = 0
        for each in choice:
            age = each.get("client.age_months")
            begins = PERIOD_STARTS[period]
            if isinstance(age, int | float):
                mask |= TRUE if begins <= age else FALSE
            else:
                mask |= TRUE if begins <= 0 else UNKNOWN
        masks.append(mask)
    return state_of(masks)


def _end(age: Value, which: Callable[..., float]) -> float | None:
    match age:
        case Possible(values):
            return which(each for each in values if isinstance(each, int | float))
        case int() | float():
            return age
        case _:
            return None


def _one_or_more(values: Sequence[Value]) -> Value:
    ranges = [each for each in values if isinstance(each, Range)]
    numbers = sorted({each for each in values if isinstance(each, int | float)})
    if not ranges:
        return numbers[0] if len(numbers) == 1 else Possible(tuple(numbers))
    lows = [each.low for each in ranges] + numbers
    highs = [each.high for each in ranges] + numbers
    return Range(
        None if None in lows else min(each for each in lows if each is not None),
        None if None in highs else max(each for each in highs if each is not None),
    )
