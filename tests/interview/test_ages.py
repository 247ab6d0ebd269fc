"""Ages at the borders of periods, with what is not known of a birth date left open."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmt_intake.bank.truth import Possible
from nmt_intake.interview.ages import (
    client_facts,
    corrected,
    days_of,
    periods_reached,
    surely_reached,
)
from nmt_intake.interview.events import Client
from nmt_intake.vocabulary import PERIOD_STARTS, PERIODS
from tests.interview.effort import many
from tests.interview.reference import possible_ages


def facts(**client: object) -> dict[str, object]:
    return dict(client_facts(Client.model_validate({"alias": "M.", **client})))


@many
@given(st.dates(date(2005, 1, 1), date(2027, 12, 31)), st.sampled_from((4, 7, 10)))
def test_the_age_is_what_counting_days_gives(birth: date, known: int) -> None:
    text = birth.isoformat()[:known]
    client = {"birth": text, "interviewed": "2026-11-22"}
    ages = possible_ages(client)
    found = facts(**client).get("client.age_months")
    if ages is None:
        assert found is None
    elif len(ages) == 1:
        assert found == next(iter(ages))
    else:
        assert isinstance(found, Possible)
        assert set(found.values) == ages
        assert list(found.values) == sorted(ages)


@pytest.mark.parametrize("period", [p for p in PERIODS if PERIOD_STARTS[p] > 0])
def test_a_period_begins_on_the_month_and_not_before(period: str) -> None:
    start = PERIOD_STARTS[period]
    reached, not_yet = facts(age_months=start), facts(age_months=start - 0.1)
    assert period in periods_reached(reached)
    assert surely_reached(period, reached)
    assert period not in periods_reached(not_yet)
    assert not surely_reached(period, not_yet)


def test_the_day_before_the_twelfth_birthday_is_still_childhood() -> None:
    before = facts(birth="2014-11-23", interviewed="2026-11-22")
    on = facts(birth="2014-11-22", interviewed="2026-11-22")
    assert periods_reached(before)[-1] == "childhood"
    assert periods_reached(on)[-1] == "youth"


def test_an_unknown_age_reaches_every_period_but_surely_only_the_first_two() -> None:
    assert periods_reached({}) == PERIODS
    assert [p for p in PERIODS if surely_reached(p, {})] == ["intrauterine", "perinatal"]


@pytest.mark.parametrize(
    "client",
    [
        {"birth": "2027-01-01", "interviewed": "2026-11-22"},
        {"birth": "2019-13-01", "interviewed": "2026-11-22"},
        {"birth": "long ago", "interviewed": "2026-11-22"},
        {"birth": "2019-01-01"},
        {"birth": "2019-01-01", "interviewed": "soon"},
        {"birth": "2019-W01-1", "interviewed": "2026-11-22"},
    ],
)
def test_dates_that_give_no_age_leave_the_age_that_was_told(client: dict[str, object]) -> None:
    assert "client.age_months" not in facts(**client)
    assert facts(**client, age_months=30)["client.age_months"] == 30


def test_a_birth_in_the_month_of_the_interview_may_be_today() -> None:
    assert facts(birth="2026-11", interviewed="2026-11-22")["client.age_months"] == 0


@pytest.mark.parametrize(
    ("age", "weeks", "expected"),
    [(10, 36, 10 - 4 * 7 * 12 / 365.25), (10, 37, 10), (24, 28, 24), (1, 24, 0), (10, None, 10)],
)
def test_age_is_corrected_for_birth_before_37_weeks_until_two_years(
    age: float, weeks: float | None, expected: float
) -> None:
    assert corrected(age, weeks) == pytest.approx(expected)


def test_a_corrected_age_is_open_where_the_age_is() -> None:
    found = facts(birth="2025", interviewed="2026-11-22", gestation_weeks=28)
    ages = found["client.corrected_age_months"]
    assert isinstance(ages, Possible)
    assert len(ages.values) == 13


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2020-02", (date(2020, 2, 1), date(2020, 2, 29))),
        ("2019", (date(2019, 1, 1), date(2019, 12, 31))),
        ("2019-09-14", (date(2019, 9, 14), date(2019, 9, 14))),
        ("0000", None),
        ("2019-9", None),
        ("", None),
    ],
)
def test_a_date_says_which_days_it_may_mean(text: str, days: object) -> None:
    assert days_of(text) == days
