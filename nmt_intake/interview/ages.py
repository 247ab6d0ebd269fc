"""The client's age and what follows from it."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from nmt_intake.bank.truth import Possible, Value
from nmt_intake.interview.events import Client
from nmt_intake.vocabulary import PERIOD_STARTS, PERIODS

TERM_WEEKS: Final = 40
PRETERM_BELOW_WEEKS: Final = 37
CORRECTED_UNTIL_MONTHS: Final = 24
_WEEKS_A_MONTH: Final = 365.25 / 12 / 7
_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def days_of(text: str) -> tuple[date, date] | None:
    """Return the first and the last day that an ISO date may mean, whose day or month may lack.

    None for what is no date.
    """
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        last_month = month or 12
        return first, date(
            first.year, last_month, day or calendar.monthrange(first.year, last_month)[1]
        )
    except ValueError:
        return None


def months_between(birth: date, day: date) -> int:
    """Return the completed months from `birth` to `day`, 0 if the day is before."""
    months = (day.year - birth.year) * 12 + day.month - birth.month - (day.day < birth.day)
    return max(0, months)


def client_facts(client: Client) -> Mapping[str, Value]:
    """Return the facts conditions may read of the client; what is not known is left out.

    A birth date without day or month gives all the ages it may mean.
    """
    facts: dict[str, Value] = {}
    weeks = client.gestation_weeks
    if weeks is not None:
        facts["client.gestation_weeks"] = weeks
    match _age(client):
        case None:
            pass
        case Possible(values) as ages:
            facts["client.age_months"] = ages
            facts["client.corrected_age_months"] = _one_or_more(
                [corrected(age, weeks) for age in values if isinstance(age, int | float)]
            )
        case int() | float() as age:
            facts["client.age_months"] = age
            facts["client.corrected_age_months"] = corrected(age, weeks)
    return facts


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


def periods_reached(facts: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the periods the client may have reached: all of them when the age is not known."""
    age = facts.get("client.age_months")
    most = age.values[-1] if isinstance(age, Possible) else age
    if not isinstance(most, int | float):
        return PERIODS
    return tuple(period for period in PERIODS if PERIOD_STARTS[period] <= most)


def surely_reached(period: str, facts: Mapping[str, Value]) -> bool:
    """Return whether the client has reached this period beyond doubt."""
    age = facts.get("client.age_months")
    least = age.values[0] if isinstance(age, Possible) else age
    return PERIOD_STARTS[period] <= (least if isinstance(least, int | float) else 0)


def _age(client: Client) -> float | Possible | None:
    """Return the age from the dates; where they give none (or the birth lies ahead) as told."""
    born = days_of(client.birth or "")
    seen = days_of(client.interviewed or "")
    if born is None or seen is None or born[0] > seen[0]:
        return client.age_months
    least, most = (months_between(day, seen[0]) for day in reversed(born))
    return most if least == most else Possible(tuple(range(least, most + 1)))


def _one_or_more(ages: list[float]) -> float | Possible:
    distinct = tuple(sorted(set(ages)))
    return distinct[0] if len(distinct) == 1 else Possible(distinct)
