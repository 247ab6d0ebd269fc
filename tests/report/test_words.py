"""Rounding and other ways from figures to words."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmt_intake.report.words import age, figure, percent, percent_span, rounded, span, when
from nmt_intake.scoring import Interval
from tests.scoring.shipped import norms


@pytest.mark.parametrize(
    ("value", "places", "said"),
    [
        (Fraction(71, 2), 1, "35.5"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(1, 20), 1, "0.1"),
        (Fraction(999, 1000), 2, "1"),
        (Fraction(10), 1, "10"),
        (Fraction(2, 3), 2, "0.67"),
    ],
)
def test_figures_round_half_up_without_trailing_noughts(
    value: Fraction, places: int, said: str
) -> None:
    assert rounded(value, places) == said


def test_what_is_not_known_is_a_question_mark_between_its_ends() -> None:
    assert span(Interval(Fraction(13), None, Fraction(68))) == "13 – ? – 68"
    assert figure(None) == "?"


@pytest.mark.parametrize(
    ("value", "said"), [("64.99", "64"), ("65", "65"), ("84.999", "84"), ("85", "85"), ("0", "0")]
)
def test_a_percentage_never_seems_to_reach_a_cut_off_it_has_not(value: str, said: str) -> None:
    assert percent(Fraction(value), norms()) == said


@given(st.fractions(0, 150, max_denominator=5000))
def test_a_printed_percentage_lies_in_the_band_of_the_figure(value: Fraction) -> None:
    printed = Fraction(percent(value, norms()))

    assert norms().recommendation(printed) == norms().recommendation(value)
    assert 0 <= value - printed < 1


def test_a_span_of_percentages_has_one_sign() -> None:
    interval = Interval(Fraction(61), Fraction(175, 2), Fraction(92))

    assert percent_span(interval, norms()) == "61 – 87 – 92 %"


def test_ages_are_said_as_people_say_them() -> None:
    assert [age(Fraction(86)), age(14), age(Fraction(0)), age(Fraction("8.07"))] == [
        "7 y 2 m",
        "14 months",
        "birth",
        "8.1 months",
    ]


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("+0130", "2026-11-22 13:30 (UTC+0130)"),
        ("-0500", "2026-11-22 07:00 (UTC-0500)"),
        ("UTC", "2026-11-22 12:00 (UTC)"),
        ("nonsense", "2026-11-22 12:00 (UTC)"),
        ("+9999", "2026-11-22 15:39 (UTC+0339)"),
    ],
)
def test_a_time_is_that_of_the_clock_on_the_wall(zone: str, said: str) -> None:
    assert when(datetime(2026, 11, 22, 12, tzinfo=UTC), zone) == said
