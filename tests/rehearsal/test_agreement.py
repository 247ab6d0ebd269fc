"""What `agree` says of a panel: the rules that keep it from flattering."""

from __future__ import annotations

import json
import random
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nmt_intake.errors import IntakeError
from nmt_intake.rehearsal.agreement.differences import Minimum
from nmt_intake.rehearsal.agreement.measure import Agreement, measure
from nmt_intake.rehearsal.agreement.panel import (
    panel_of_files,
    panel_of_folders,
    panel_of_table,
)
from nmt_intake.rehearsal.agreement.text import agreement_text
from nmt_intake.rehearsal.agreement.thresholds import judge, read_thresholds
from nmt_intake.scoring import Ratings, ratings_from
from nmt_intake.vocabulary import ADVERSITY, FUNCTIONS, RELATIONAL, RELATIONSHIPS
from tests.rehearsal.test_reliability import SHROUT_FLEISS

DOMAIN_OF = {name: "cognitive" if at < 12 else "relational" for at, name in enumerate(FUNCTIONS)}
REGION_OF = dict.fromkeys(FUNCTIONS, "limbic")
PERIODS = ("intrauterine", "perinatal", "infancy", "early_childhood", "childhood")


def _ratings(values: list[int | None], age: float = 112) -> Ratings:
    """Return ratings with `values` in the order of a ratings file, as far as they reach."""
    given = iter(values)

    def some(names: tuple[str, ...]) -> dict[str, int | None]:
        return {name: next(given, None) for name in names}

    parts = {
        "adversity": {period: some(ADVERSITY) for period in PERIODS},
        "relational": {period: some(RELATIONAL) for period in PERIODS},
        "functions": some(FUNCTIONS),
        "relationships": some(RELATIONSHIPS),
    }
    return ratings_from({"age_months": age, **parts})


def _measured(*raters: list[int | None], minimum: Minimum | None = None) -> Agreement:
    named = [(f"rater {at}", _ratings(values)) for at, values in enumerate(raters)]
    return measure(panel_of_files(named), DOMAIN_OF, REGION_OF, minimum)


def _table(rows: list[tuple[object, ...]], head: str = "unit,a,b", **more: object) -> Agreement:
    lines = [head, *(",".join("" if v is None else str(v) for v in row) for row in rows)]
    return measure(panel_of_table("\n".join(lines).encode()), **more)  # type: ignore[arg-type]


def _why(agreement: Agreement, what: str) -> str:
    return next(missed.why for missed in agreement.not_estimable if missed.what == what)


def _with_error(profile: list[int], seed: int = 4) -> list[int | None]:
    chance = random.Random(seed)
    return [min(12, max(1, value + chance.choice((-2, -1, 0, 0, 1, 2)))) for value in profile]


def test_two_who_write_eight_to_eleven_at_random_are_exposed_by_the_chance_line() -> None:
    chance = random.Random(8)
    raters = [[chance.randint(8, 11) for _ in range(101)] for _ in range(2)]
    overall = _measured(*raters).overall
    ac2, kappa = overall.coefficients["ac2_quadratic"], overall.coefficients["kappa_quadratic"]
    assert ac2 == pytest.approx(0.94, abs=0.01)
    assert kappa == pytest.approx(0, abs=0.15)
    assert overall.expected["ac2_quadratic"] == pytest.approx(ac2, abs=0.01)
    assert overall.is_above_chance("ac2_quadratic") is False
    assert overall.is_above_chance("kappa_quadratic") is False


def test_the_same_error_on_a_flat_and_a_varied_profile_shows_in_the_spread_not_in_points() -> None:
    flat, varied = [8, 9] * 30, [2, 4, 6, 8, 10, 11] * 10
    found = []
    for profile in (flat, varied):
        rows = zip(_with_error(profile, 1), _with_error(profile, 2), strict=True)
        found.append(_table([(f"u{at}", *row) for at, row in enumerate(rows)]).overall)
    low, high = found
    assert low.icc.value is not None
    assert high.icc.value is not None
    assert low.icc.value < 0.35
    assert high.icc.value > 0.8
    assert low.points is not None
    assert high.points is not None
    assert float(low.points.mean_difference) == pytest.approx(
        float(high.points.mean_difference), abs=0.25
    )
    assert (low.spread or 0) < (high.spread or 0) / 2


def test_one_case_has_no_icc_because_its_items_are_not_cases() -> None:
    profile = [2, 4, 6, 8, 10, 11] * 16
    told = _measured(_with_error(profile, 1), _with_error(profile, 2)).as_json()
    assert told["overall"]["icc"] == {  # type: ignore[index,call-overload]
        "type": "ICC(2,1)",
        "value": None,
        "low": None,
        "high": None,
    }
    missed = {entry["what"]: entry["why"] for entry in told["not_estimable"]}  # type: ignore
    assert missed["overall.icc"] == "needs more cases: 1 rated by all, at least 5"
    assert told["overall"]["kappa_quadratic"] > 0.7  # type: ignore[index,call-overload,operator]


def test_rows_of_a_table_are_cases_and_have_an_icc_from_five_on() -> None:
    rows = [(f"s{at}", *row) for at, row in enumerate(SHROUT_FLEISS)]
    agreement = _table(rows, "subject,j1,j2,j3,j4")
    assert agreement.overall.icc.value == pytest.approx(0.28976377952755905, abs=1e-12)
    assert agreement.overall.coefficients["kappa_quadratic"] is None  # six rows: counts only
    fewer = _table(rows[:4], "subject,j1,j2,j3,j4")
    assert fewer.overall.icc.value is None
    assert "needs more cases" in _why(fewer, "overall.icc")


def test_below_ten_common_items_there_are_counts_only() -> None:
    agreement = _measured([5, 6, 7, 8, 9, 10, 11, 12, 3], [5, 6, 7, 8, 9, 10, 11, 11, 1])
    told = agreement.overall.as_json()
    figures = ("exact", "within_one", "mean_difference", "kappa_quadratic", "ac2_quadratic")
    assert [told[name] for name in (*figures, "alpha", "spread")] == [None] * 7
    assert told["counts"] == {"exact": 7, "within_one": 8}
    assert (told["items"], told["bias"]) == (9, [])
    assert _why(agreement, "overall") == "9 common items, fewer than 10: counts only"
    asked = _measured(
        [5, 6, 7, 8, 9, 10, 11, 12, 3], [5, 6, 7, 8, 9, 10, 11, 11, 1], minimum=Minimum(9)
    )
    assert asked.overall.coefficients["alpha"] is not None


@pytest.mark.parametrize("other", [[8] * 20, [*range(1, 13), *range(1, 9)]])
def test_no_variance_is_not_estimable_and_never_nought_or_one(other: list[int | None]) -> None:
    agreement = _measured([8] * 20, other)
    assert set(agreement.overall.coefficients.values()) == {None}
    for name in ("kappa_quadratic", "ac2_quadratic", "alpha"):
        assert _why(agreement, f"overall.{name}").startswith("no variance")
    assert agreement.overall.points is not None  # how far apart they are can still be said


def test_missing_pairs_are_counted_and_never_filled_in() -> None:
    a: list[int | None] = [*range(1, 13)] * 2
    b: list[int | None] = [*range(2, 13), 12] * 2
    whole = _measured(a[:20], b[:20])
    gaps = _measured(a, [*b[:20], None, None, None, None])
    assert gaps.overall.counted.missing_pairs == 4
    assert gaps.overall.coefficients == whole.overall.coefficients
    assert gaps.overall.points == whole.overall.points
    assert gaps.overall.rated_by_none == 101 - 24


def test_bias_is_signed_and_has_an_interval() -> None:
    a: list[int | None] = [5, 6, 7, 8, 9, 10] * 5
    b: list[int | None] = [4, 6, 6, 8, 8, 10] * 5
    first, second = _measured(a, b).overall.bias
    assert first.points.value == pytest.approx(0.5)
    assert second.points.value == pytest.approx(-0.5)
    # 0.5 -+ t(0.975; 29) 2.0452 x 0.5085 / sqrt(30)
    assert first.points.low == pytest.approx(0.3101, abs=1e-3)
    constant = _measured(a, [value - 1 for value in a if value])
    assert constant.overall.bias[0].points == (1.0, None, None)
    assert _why(constant, "overall.bias.rater 0.interval").startswith("no variance")


def test_parts_domains_regions_and_periods_hold_their_own_items() -> None:
    agreement = _measured([5] * 101, [6, 5] * 50 + [6])
    assert {name: block.counted.units for name, block in agreement.parts.items()} == {
        "adversity": 30,
        "relational": 30,
        "functions": 32,
        "relationships": 9,
    }
    assert agreement.domains["cognitive"].counted.units == 12
    assert agreement.domains["self_regulation"].counted.units == 0
    assert agreement.regions["limbic"].counted.units == 32
    assert {name: block.counted.units for name, block in agreement.periods.items()} == (
        dict.fromkeys(PERIODS, 12)
    )


def test_items_are_told_by_difference_with_what_each_rated() -> None:
    a: list[int | None] = [5, 5, 5, None, 5]
    b: list[int | None] = [6, 9, 5, 7, 6]
    items = _measured(a, b).items_by_difference
    assert [(item["place"], item["difference"]) for item in items] == [
        ("adversity.intrauterine.substance", 4),
        ("adversity.intrauterine.caregiving", 1),
        ("adversity.intrauterine.transitions", 1),
        ("adversity.intrauterine.neglect", 0),
    ]
    assert items[0]["ratings"] == {"rater 0": 5, "rater 1": 9}


def _folders(cases: int) -> list[tuple[str, dict[str, Ratings]]]:
    chance = random.Random(3)
    level = {f"case {n:02}": chance.randint(3, 10) for n in range(cases)}
    found = []
    for seed, name in enumerate(("first", "second")):
        by_case = {}
        for case, at in level.items():
            profile = [min(12, max(1, at + n % 3 - 1)) for n in range(101)]
            by_case[case] = _ratings(_with_error(profile, seed * 100 + int(case[-2:])))
        found.append((name, by_case))
    return found


def test_many_cases_have_icc_limits_drift_and_figures_by_item() -> None:
    agreement = measure(panel_of_folders(_folders(8)), DOMAIN_OF, REGION_OF)
    assert agreement.overall.icc.value is not None
    assert agreement.overall.icc.value > 0.9  # the cases differ much, their means by little
    assert agreement.overall.bias[0].over == "cases"
    sums = {str(limits["sum"]): limits for limits in agreement.sums}
    assert {"functions", "functions.cognitive", "adversity.infancy", "relationships"} <= set(sums)
    functions = sums["functions"]
    assert functions["cases"] == 8
    assert functions["low"] < functions["mean_difference"] < functions["high"]  # type: ignore[operator]
    assert [drift["cases"] for drift in agreement.drift] == [8, 8]
    assert agreement.by_item["functions.sleep"].icc.value is not None
    assert len(agreement.by_item) == 101
    assert measure(panel_of_folders(_folders(4)), DOMAIN_OF).overall.icc.value is None


def test_drift_is_found_where_it_was_put() -> None:
    rows = [(f"c{n:02}", 5 + n % 4 + n // 5, 5 + n % 4) for n in range(20)]
    first, second = _table(rows).drift
    assert first["value"] == pytest.approx(0.188, abs=0.01)
    assert first["low"] > 0  # type: ignore[operator]
    assert second["high"] < 0  # type: ignore[operator]
    dated = [(f"2026-01-{20 - n:02}", f"c{n:02}", *row[1:]) for n, row in enumerate(rows)]
    turned = _table(dated, "date,unit,a,b").drift[0]
    assert turned["value"] == pytest.approx(-first["value"])  # type: ignore[operator]
    assert turned["per"] == "unit of time"


# Bland & Altman 1986, Lancet 327, table: peak flow by Wright and by mini meter, first readings.
WRIGHT = (494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427)
MINI = (512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451)


def test_limits_are_those_of_bland_and_altman() -> None:
    rows = [(f"s{n}", *pair) for n, pair in enumerate(zip(WRIGHT, MINI, strict=True))]
    limits = _table(rows, "subject,wright,mini").sums[0]
    mean, deviation = float(limits["mean_difference"]), float(limits["deviation"])  # type: ignore[arg-type]
    assert (round(mean, 1), round(deviation, 1)) == (-2.1, 38.8)
    # They print limits of two deviations, -79.7 and 75.5; ours are of 1.96 (their 1999 paper).
    assert (round(mean - 2 * deviation, 1), round(mean + 2 * deviation, 1)) == (-79.6, 75.4)
    assert float(limits["low"]) == pytest.approx(mean - 1.959964 * deviation, abs=1e-3)  # type: ignore[arg-type]
    low, high = limits["low_interval"]  # type: ignore[misc]
    # They print -114.3 to -45.1 around -79.7 (34.6 on either side).
    assert (float(high) - float(low)) / 2 == pytest.approx(34.6, abs=0.1)  # type: ignore[arg-type]


def test_the_order_of_raters_changes_names_and_nothing_else() -> None:
    profile = [2, 4, 6, 8, 10, 11] * 10
    raters = [(f"r{n}", _ratings(_with_error(profile, n))) for n in range(3)]
    told = [
        measure(panel_of_files(list(order)), DOMAIN_OF).overall.as_json()
        for order in permutations(raters)
    ]
    for overall in told[1:]:
        for key, value in overall.items():
            if key != "bias":
                assert value == told[0][key], key


def test_cases_of_different_ages_are_not_compared() -> None:
    with pytest.raises(IntakeError, match="AGREE-002"):
        panel_of_files([("a", _ratings([5] * 12)), ("b", _ratings([5] * 12, age=113))])
    with pytest.raises(IntakeError, match="AGREE-001"):
        panel_of_files([("a", _ratings([5] * 12))])


@pytest.mark.parametrize(
    ("source", "raters", "cases"),
    [
        (b"a,b\n1,2\n3,4\n5,6\n7,7\n8,8\n", ["a", "b"], 5),
        (b"\xef\xbb\xbfunit,a,b\r\nu1,1,2\r\nu2,NA,4\r\n", ["a", "b"], 2),
        (b"unit;a;b\nu1;1,5;2\nu2;3;4,25\n", ["a", "b"], 2),
        (b"Wine\ta\tb\n1\t1\t2\n2\t3\t4\n3\t5\t5\n4\t6\t6\n", ["a", "b"], 4),
        (b"5,6\n7,8\n9,9\n", ["rater 1", "rater 2"], 3),
        (b"group,name,a,b\ng1,u1,1,2\ng1,u2,3,4\n", ["a", "b"], 2),
        (b"case,item,a,b\nc1,i1,1,2\nc1,i2,3,4\nc2,i1,5,6\n", ["a", "b"], 2),
    ],
)
def test_tables_from_many_sources_are_read(source: bytes, raters: list[str], cases: int) -> None:
    panel = panel_of_table(source)
    assert list(panel.raters) == raters
    assert len(panel.cases) == cases


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", "AGREE-004"),
        (b"\n \n", "AGREE-004"),
        (b"unit,a,b\n", "AGREE-004"),
        (b"unit,a\nu1,5\n", "AGREE-001"),
        (b"unit,a,b\nu1,5\n", "AGREE-005"),
        (b"unit,a,a\nu1,5,6\n", "AGREE-005"),
        (b"unit,a,\nu1,5,6\n", "AGREE-005"),
        (b"unit,a,b\nu1,five,6\nu2,5,6\n", "AGREE-006"),
        (b"unit,a,b\nu1,inf,6\n", "AGREE-006"),
        (b"unit,a,b\nu1,1e300,6\n", "AGREE-006"),
        (b"unit,a,b\nu1,1e-300,6\n", "AGREE-006"),
        (b"unit,a,b\nu1,13,6\n", "AGREE-007"),
        (b"unit,a,b\nu1,5,6\nu1,5,6\n", "AGREE-008"),
        (b"\xff\xfeu", "AGREE-003"),
        (b'unit,a,b\n"u' + b"x" * 200_000, "AGREE-003"),
        (b"unit,a,b\n" + b"u,1,2\n" * 4_000_000, "AGREE-003"),
    ],
)
def test_a_bad_table_is_one_error_that_says_where(source: bytes, code: str) -> None:
    with pytest.raises(IntakeError) as told:
        panel_of_table(source, "t.csv", (1, 12))
    assert told.value.code == code
    assert len(str(told.value).splitlines()) == 1
    assert len(str(told.value)) < 400


def test_a_site_judges_icc_on_its_interval_and_chance_reaches_nothing() -> None:
    chance = random.Random(8)
    rows = [(f"u{n}", chance.randint(8, 11), chance.randint(8, 11)) for n in range(60)]
    lines = ["unit,a,b", *(",".join(map(str, row)) for row in rows)]
    agreement = measure(panel_of_table("\n".join(lines).encode(), "t", (1, 12)))
    asked = b'{"ac2_quadratic": 0.8, "icc": 0.75, "mean_difference": 2, "reason": "ours"}'
    judged = {one.figure: one for one in judge(agreement, read_thresholds(asked, "site.json"))}
    assert judged["ac2_quadratic"].value is not None
    assert judged["ac2_quadratic"].value > 0.9
    assert judged["ac2_quadratic"].reached is False
    assert judged["icc"].value == agreement.overall.icc.low
    assert judged["mean_difference"].reached is True
    for bad in (b'{"kapa": 1}', b'{"icc": 2}', b'{"cases": 3}', b"[]"):
        with pytest.raises(IntakeError, match="AGREE-009"):
            read_thresholds(bad, "site.json")


def test_the_text_begins_with_points_and_has_chance_beside_each_coefficient() -> None:
    profile = [2, 4, 6, 8, 10, 11] * 16
    agreement = _measured(_with_error(profile, 1), _with_error(profile, 2))
    text = agreement_text(agreement)
    assert text.index("Mean difference") < text.index("Kappa with quadratic weights")
    line = next(line for line in text.splitlines() if "Gwet's AC2" in line)
    assert len(line.split()[-3:]) == 3
    assert all("." in word for word in line.split()[-3:])
    assert "needs more cases" in text
    assert "Krippendorff's alpha" in text


_CELL = st.sampled_from(["", "1", "1", "2", "2.5", "7", "7", "12", "-3"])


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(st.tuples(*[_CELL] * width), min_size=1, max_size=14)
    ),
    st.booleans(),
)
def test_no_table_however_thin_breaks_the_figures_or_the_text(
    rows: list[tuple[str, ...]], by_item: bool
) -> None:
    names = ",".join("abcd"[: len(rows[0])])
    lines = ["case,item," + names if by_item else "unit," + names]
    for at, row in enumerate(rows):
        label = f"c{at // 2},i{at % 2}" if by_item else f"u{at}"
        lines.append(",".join((label, *row)))
    agreement = measure(panel_of_table("\n".join(lines).encode()), minimum=Minimum(2, 5))
    told = json.loads(json.dumps(agreement.as_json(), allow_nan=False))
    text = agreement_text(agreement)
    assert "None" not in text
    missing = [name for name in ("kappa_quadratic", "alpha") if told["overall"][name] is None]
    reasons = {entry["what"] for entry in told["not_estimable"]}
    assert all({f"overall.{name}", "overall"} & reasons for name in missing)
