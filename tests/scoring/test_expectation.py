from fractions import Fraction
from math import isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmt_intake.scoring.norms import Expectation, PretermCorrection
from nmt_intake.vocabulary import FUNCTIONS, REGIONS

from .shipped import norms

MONTHS = st.fractions(0, 400, max_denominator=1000)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_three_ages_give_three_nine_and_twelve(function: str) -> None:
    expectation = norms().functions[function].expectation
    ages = (expectation.shows, expectation.reliable, expectation.adult)
    assert [expectation.rating_at(age) for age in ages] == [3, 9, 12]


def test_between_two_ages_the_rating_runs_in_the_logarithm_of_age() -> None:
    expectation = Expectation(Fraction(4), Fraction(60), Fraction(168), "test")
    by_hand = 3 + 6 * (log(20 + 1) - log(4 + 1)) / (log(60 + 1) - log(4 + 1))
    assert isclose(expectation.rating_at(Fraction(20)), by_hand, rel_tol=1e-11)


def test_below_the_first_age_the_rating_runs_down_to_one_at_birth() -> None:
    expectation = Expectation(Fraction(4), Fraction(60), Fraction(168), "test")
    by_hand = 1 + 2 * log(2 + 1) / log(4 + 1)
    assert expectation.rating_at(Fraction(0)) == 1
    assert isclose(expectation.rating_at(Fraction(2)), by_hand, rel_tol=1e-11)


def test_what_shows_at_birth_starts_at_three() -> None:
    expectation = Expectation(Fraction(0), Fraction(4), Fraction(60), "test")
    assert expectation.rating_at(Fraction(0)) == 3
    assert expectation.rating_at(Fraction(-2)) == 3


@given(st.sampled_from(FUNCTIONS), MONTHS, MONTHS)
def test_expectations_never_fall_with_age(function: str, one: Fraction, other: Fraction) -> None:
    expectation = norms().functions[function].expectation
    younger, older = sorted((one, other))
    assert 1 <= expectation.rating_at(younger) <= expectation.rating_at(older) <= 12


@pytest.mark.parametrize("age", [300, 301, 1500])
def test_adults_are_expected_to_reach_384(age: int) -> None:
    expected = norms().expected(Fraction(age))
    assert list(expected) == list(FUNCTIONS)
    assert sum(expected.values()) == 384


def test_a_child_is_expected_to_reach_less_than_an_adult() -> None:
    assert 250 < sum(norms().expected(Fraction(7 * 12)).values()) < 340


def test_lower_regions_mature_before_higher_ones() -> None:
    functions = norms().functions.values()
    means = [
        sum(f.expectation.adult for f in functions if f.region == region)
        / sum(f.region == region for f in functions)
        for region in REGIONS
    ]
    assert means == sorted(means)


def test_every_expectation_names_its_source_or_says_judgement() -> None:
    for function in norms().functions.values():
        reason = function.expectation.reason.lower()
        assert any(word in reason for word in ("judgement", "cdc", "who ", "aasm")), function.id


def test_born_early_the_weeks_missed_are_taken_off() -> None:
    corrected = norms().preterm.age(Fraction(12), Fraction(28))
    assert isclose(corrected, 12 - 12 * 7 / 30.4375, rel_tol=1e-12)


@pytest.mark.parametrize(("age", "weeks"), [(12, 37), (12, 40), (24, 28), (60, 24)])
def test_at_term_and_from_two_years_the_age_stands(age: int, weeks: int) -> None:
    assert norms().preterm.age(Fraction(age), Fraction(weeks)) == age


def test_unknown_gestation_leaves_the_age_alone() -> None:
    assert norms().preterm.age(Fraction(3), None) == 3


def test_a_corrected_age_before_term_counts_as_birth() -> None:
    assert norms().preterm.age(Fraction(1), Fraction(24)) == 0


@given(MONTHS, MONTHS, st.integers(20, 45))
def test_a_corrected_age_never_falls_with_age(one: Fraction, other: Fraction, weeks: int) -> None:
    preterm = PretermCorrection(Fraction(37), Fraction(24))
    younger, older = sorted((one, other))
    corrected = preterm.age(younger, Fraction(weeks))
    assert 0 <= corrected <= preterm.age(older, Fraction(weeks))
    assert corrected <= younger
