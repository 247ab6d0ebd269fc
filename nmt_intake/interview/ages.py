"""The client's age and what follows from it."""

from __future__ import annotations

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


def months_between(birth: date, day: date) -> int:
    """Return the completed months from `birth` to `day`, 0 if the day is before."""
    months = (day.year - birth.year) * 12 + day.month - birth.month - (day.day < birth.day)
    return max(0, months)


def client_facts(client: Client) -> Mapping[str, Value]:
    """Return the facts conditions may read of the client; what is not known is left out.

    A birth date without day or month gives all the ages it may mean.
    """
    facts: dict[str, Value] = {}
    age = _age(client)
    if age is not None:
        facts["client.age_months"] = age
    if client.gestation_weeks is not None:
        facts["client.gestation_weeks"] = client.gestation_weeks
    if isinstance(age, int | float):
        facts["client.corrected_age_months"] = corrected(age, client.gestation_weeks)
    return facts


def corrected(age_months: float, gestation_weeks: float | None) -> float:
    """Return the age corrected for birth before 37 weeks, until 24 months; never below 0."""
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


def _age(client: Client) -> Value:
    if client.birth is None or client.interviewed is None:
        return client.age_months
    try:
        day = date.fromisoformat(client.interviewed)
        most = months_between(_whole(client.birth, "-01-01"), day)
        least = months_between(_whole(client.birth, "-12-28"), day)
    except ValueError:
        return client.age_months
    return most if least == most else Possible(tuple(range(least, most + 1)))


def _whole(birth: str, rest: str) -> date:
    """Return a birth date with its missing month or day taken from `rest`."""
    return date.fromisoformat((birth + rest[len(birth) - 4 :])[:10])
