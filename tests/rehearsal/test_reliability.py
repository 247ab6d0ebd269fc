"""Coefficients against published examples, independent libraries and their own laws."""

from __future__ import annotations

import json
from fractions import Fraction
from math import isclose

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nmt_intake.rehearsal.agreement import chance
from nmt_intake.rehearsal.agreement.chance import expected_points, expected_squares, shuffled
from nmt_intake.rehearsal.agreement.quantiles import f_quantile, t_quantile
from nmt_intake.rehearsal.agreement.reliability import (
    Row,
    Scale,
    ac2,
    alpha,
    icc,
    icc_interval,
    kappa,
    tally,
    tally_of_pair,
)
from tests.rehearsal.oracles import FIGURES, data_sets, our_figures

N = None
TWELVE = Scale(tuple(range(1, 13)), 1)

# Shrout & Fleiss 1979, Psychological Bulletin 86, table 2: six targets, four judges.
SHROUT_FLEISS: list[Row] = [
    (9, 2, 5, 8),
    (6, 1, 3, 2),
    (8, 4, 6, 8),
    (7, 1, 2, 6),
    (10, 5, 6, 9),
    (6, 2, 4, 7),
]
# Krippendorff 2011, Computing Krippendorff's alpha-reliability, example C: four observers.
KRIPPENDORFF: list[Row] = list(
    zip(
        (1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N),
        (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3),
        (N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N),
        (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N),
        strict=True,
    )
)
# Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition: four raters, twelve subjects.
GWET: list[Row] = list(
    zip(
        (1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N),
        (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, N),
        (N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 3),
        (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N),
        strict=True,
    )
)


def _from_table(*counts: tuple[int, ...]) -> list[Row]:
    return [
        (i + 1, j + 1) for i, row in enumerate(counts) for j, n in enumerate(row) for _ in range(n)
    ]


def test_icc_is_that_of_shrout_and_fleiss_to_their_digits() -> None:
    value, low, high = icc_interval(tally(SHROUT_FLEISS, 1))
    assert round(value or 0, 2) == 0.29
    # The interval as psych and pingouin print it for these data: 0.02 to 0.76.
    assert (round(low or 0, 2), round(high or 0, 2)) == (0.02, 0.76)


def test_icc_is_exact_from_the_mean_squares_that_shrout_and_fleiss_print() -> None:
    of = tally(SHROUT_FLEISS, 1)
    between, judges, error = Fraction(11242, 1000), Fraction(32486, 1000), Fraction(1019, 1000)
    printed = (between - error) / (between + 3 * error + 4 * (judges - error) / 6)
    assert float(icc(of, of.squares) or 0) == pytest.approx(float(printed), abs=5e-5)


def test_alpha_is_krippendorffs_for_interval_data() -> None:
    of = tally(KRIPPENDORFF, 1)
    assert round(float(alpha(of, of.squares) or 0), 3) == 0.849
    assert of.units == 11  # one unit has a single rating


def test_coefficients_of_gwets_raters_are_those_of_irrcac() -> None:
    of = tally(GWET, 1)
    five = Scale((1, 2, 3, 4, 5), 1)
    # irrCAC 0.4.4, CAC(raw_4raters(), weights="quadratic"): gwet, conger, krippendorff.
    assert float(ac2(of, of.squares, five) or 0) == pytest.approx(0.914000723551605, abs=1e-12)
    assert float(kappa(of, of.squares) or 0) == pytest.approx(0.8577106562225335, abs=1e-12)
    assert float(alpha(of, of.squares) or 0) == pytest.approx(0.8491071428571425, abs=1e-12)


@pytest.mark.parametrize(
    ("counts", "published"),
    [
        (((70, 10), (10, 10)), 0.38),
        (((40, 10), (10, 40)), 0.60),
        (((86, 19), (60, 198)), 0.53),
    ],
)
def test_kappa_of_two_categories_is_altmans(
    counts: tuple[tuple[int, ...], ...], published: float
) -> None:
    # Altman 1991, Practical Statistics for Medical Research, section 14.3.5; with two
    # categories the quadratic weights are the identity.
    of = tally(_from_table(*counts), 1)
    assert float(kappa(of, of.squares) or 0) == pytest.approx(published, abs=0.0051)


def test_kappa_follows_cohens_definition_cell_by_cell() -> None:
    # Altman 1991, table 14.2: 85 xeromammograms (Boyd et al. 1982), 54 classified alike.
    table = ((21, 12, 0, 0), (4, 17, 1, 0), (3, 9, 15, 2), (0, 0, 0, 1))
    of = tally(_from_table(*table), 1)
    rows, columns = [sum(row) for row in table], [sum(col) for col in zip(*table, strict=True)]
    cells = [(i, j) for i in range(4) for j in range(4)]
    seen = sum((i - j) ** 2 * table[i][j] for i, j in cells)
    expected = Fraction(sum((i - j) ** 2 * rows[i] * columns[j] for i, j in cells), 85)
    assert kappa(of, of.squares) == 1 - seen / expected
    assert of.points is not None
    assert of.points.exact == Fraction(54, 85)


def test_every_figure_is_within_1e_9_of_the_libraries() -> None:
    stored = json.loads(FIGURES.read_text())["figures"]
    sets = data_sets()
    assert set(stored) == set(sets)
    for name, rows in sets.items():
        ours = our_figures(rows)
        for figure, theirs in stored[name].items():
            mine = ours[figure]
            assert (mine is None) == (theirs is None), (name, figure)
            assert mine is None or abs(mine - theirs) < 1e-9, (name, figure)


@pytest.mark.parametrize(
    ("p", "above", "below", "value"),
    # SciPy 1.12, scipy.stats.f.ppf.
    [
        (0.975, 5, 15, 3.5764153492790607),
        (0.975, 3.7, 99, 3.0024758094930926),
        (0.975, 0.4, 5, 12.816556142091542),
        (0.025, 11, 2.5, 0.20441246458500625),
    ],
)
def test_f_quantiles_are_scipys(p: float, above: float, below: float, value: float) -> None:
    assert f_quantile(p, above, below) == pytest.approx(value, rel=1e-11)


def test_t_quantiles_are_those_of_the_tables() -> None:
    table = {1: 12.706, 2: 4.303, 5: 2.571, 16: 2.120, 30: 2.042, 120: 1.980}
    assert {df: round(t_quantile(0.975, df), 3) for df in table} == table


# Laws, for any ratings.

_RATING = st.integers(1, 12)


def _panels(gaps: bool, raters: tuple[int, int] = (2, 5)) -> st.SearchStrategy[list[Row]]:
    one = st.one_of(st.none(), _RATING, _RATING, _RATING) if gaps else _RATING
    return st.integers(*raters).flatmap(
        lambda width: st.lists(st.tuples(*[one] * width), min_size=6, max_size=25)
    )


def _all_figures(rows: list[Row]) -> list[object]:
    of = tally(rows, 1)
    whole = tally([row for row in rows if None not in row], 1)
    luck = [expected_squares(of), expected_points(of) if of.pairs else None]
    return [
        kappa(of, of.squares),
        ac2(of, of.squares, TWELVE),
        alpha(of, of.squares),
        icc_interval(whole) if whole.complete >= 5 else None,
        of.points,
        of.missing_pairs,
        luck,
    ]


@settings(max_examples=60, deadline=None)
@given(_panels(gaps=True), st.randoms(use_true_random=False))
def test_no_order_of_raters_or_units_changes_a_digit(rows: list[Row], chance_: object) -> None:
    order = list(range(len(rows[0])))
    mixed = list(rows)
    chance_.shuffle(order)  # type: ignore[attr-defined]
    chance_.shuffle(mixed)  # type: ignore[attr-defined]
    assert _all_figures(rows) == _all_figures([tuple(row[g] for g in order) for row in mixed])


@settings(max_examples=15, deadline=None)
@given(_panels(gaps=True), st.randoms(use_true_random=False))
def test_no_order_changes_how_far_luck_carries(rows: list[Row], chance_: object) -> None:
    mixed = list(rows)
    chance_.shuffle(mixed)  # type: ignore[attr-defined]
    turned = [tuple(reversed(row)) for row in mixed]
    of, other = tally(rows, 1), tally(turned, 1)
    habits = [sorted(habit.items()) for habit in of.habits]
    assume(of.pairs and all(habits.count(habit) == 1 for habit in habits))
    assert shuffled(of).draws == shuffled(other).draws


@settings(max_examples=60, deadline=None)
@given(_panels(gaps=True), st.integers(1, 9), st.integers(-50, 50))
def test_another_unit_and_zero_of_the_scale_change_no_coefficient(
    rows: list[Row], times: int, more: int
) -> None:
    moved: list[Row] = [tuple(None if v is None else v * times + more for v in r) for r in rows]
    of, then = tally(rows, 1), tally(moved, times)
    scale = Scale(tuple(value * times + more for value in TWELVE.values), times)
    assert kappa(then, then.squares) == kappa(of, of.squares)
    assert alpha(then, then.squares) == alpha(of, of.squares)
    assert ac2(then, then.squares, scale) == ac2(of, of.squares, TWELVE)
    assert then.points == of.points
    whole = [tally([r for r in rs if None not in r], s) for rs, s in ((rows, 1), (moved, times))]
    assert icc(whole[0], whole[0].squares) == icc(whole[1], whole[1].squares)


@settings(max_examples=80, deadline=None)
@given(_panels(gaps=True))
def test_every_figure_keeps_its_bounds(rows: list[Row]) -> None:
    of = tally(rows, 1)
    for value in (kappa(of, of.squares), ac2(of, of.squares, TWELVE), alpha(of, of.squares)):
        assert value is None or value <= 1
    whole = tally([row for row in rows if None not in row], 1)
    value, low, high = icc_interval(whole)
    assert value is None or value <= 1
    if low is not None and high is not None and value is not None and whole.complete >= 5:
        assert low <= high <= 1 + 1e-12
        if value >= 0:  # the published interval need not hold a negative value
            assert low - 1e-12 <= value <= high + 1e-12
    if of.points:
        assert 0 <= of.points.exact <= of.points.within_one <= 1
        assert 0 <= of.points.mean_difference <= 11


@settings(max_examples=60, deadline=None)
@given(st.lists(_RATING, min_size=5, max_size=30), st.integers(2, 5))
def test_raters_who_write_the_same_agree_wholly_if_they_vary(given_: list[int], k: int) -> None:
    of = tally([(value,) * k for value in given_], 1)
    varies = len(set(given_)) > 1
    expected = 1 if varies else None
    assert kappa(of, of.squares) == expected
    assert alpha(of, of.squares) == expected
    assert ac2(of, of.squares, TWELVE) == expected
    assert icc(of, of.squares) == expected
    assert icc_interval(of)[1:] == (None, None)


@settings(max_examples=60, deadline=None)
@given(st.lists(_RATING, min_size=5, max_size=30), _RATING)
def test_nothing_is_estimable_beside_a_rater_who_never_varies(given_: list[int], at: int) -> None:
    of = tally([(value, at) for value in given_], 1)
    figures = (kappa(of, of.squares), alpha(of, of.squares), ac2(of, of.squares, TWELVE))
    assert (*figures, icc(of, of.squares)) == (None, None, None, None)


@settings(max_examples=60, deadline=None)
@given(_panels(gaps=False, raters=(2, 2)), st.lists(_RATING, max_size=10))
def test_ratings_of_one_of_two_raters_alone_are_counted_and_change_nothing(
    rows: list[Row], alone: list[int]
) -> None:
    of = tally(rows, 1)
    more = tally([*rows, *((value, None) for value in alone)], 1)
    assert more.missing_pairs == len(alone)
    assert _all_figures(rows)[:5] == _all_figures([*rows, *((v, None) for v in alone)])[:5]
    assert more.pairs == of.pairs


@settings(max_examples=60, deadline=None)
@given(_panels(gaps=True, raters=(2, 2)))
def test_a_pair_counted_by_its_columns_is_the_same_tally(rows: list[Row]) -> None:
    of = tally(rows, 1)
    assume(len(of.habits) == 2 and of.pairs)
    pair = tally_of_pair([row[0] for row in rows], [row[1] for row in rows], 1)
    assert (pair.points, pair.missing_pairs, pair.units) == (of.points, of.missing_pairs, of.units)
    assert kappa(pair, pair.squares) == kappa(of, of.squares)


@settings(max_examples=40, deadline=None)
@given(_panels(gaps=False))
def test_chance_makes_kappa_nought_and_icc_nought(rows: list[Row]) -> None:
    of = tally(rows, 1)
    squares = expected_squares(of)
    if kappa(of, of.squares) is not None:
        assert kappa(of, squares) == 0
    if icc(of, of.squares) is not None:
        assert icc(of, squares) == 0


def test_shuffles_lie_around_what_is_expected() -> None:
    of = tally(GWET, 1)
    luck = shuffled(of)
    drawn = [float(kappa(luck.sample, squares) or 0) for _, squares in luck.draws]
    centre = float(kappa(of, expected_squares(of)) or 0)
    assert isclose(sum(drawn) / len(drawn), centre, abs_tol=0.03)
    points = expected_points(of)
    for at, name in enumerate(points._fields):
        mean = sum(draw[0][at] for draw in luck.draws) / len(luck.draws)
        assert isclose(mean, points[at], abs_tol=0.06), name


def test_the_chance_line_is_the_same_on_every_machine() -> None:
    # Stored from a run: a change of the seed, of the dealing or of the order shows here.
    luck = shuffled(tally(SHROUT_FLEISS, 1))
    assert (chance.SEED, len(luck.draws)) == (1979, 400)
    assert [squares[4] for _, squares in luck.draws[:5]] == [605, 561, 655, 641, 631]
