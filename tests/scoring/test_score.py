import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import isclose
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmt_intake.scoring import (
    Interval,
    Metrics,
    Norms,
    Ratings,
    norms_from,
    ratings_from,
    read_ratings,
    score,
)
from nmt_intake.scoring.norms import nearest
from nmt_intake.vocabulary import (
    ADVERSITY,
    DOMAINS,
    FUNCTIONS,
    PERIODS,
    REGIONS,
    RELATIONAL,
    RELATIONSHIPS,
)

from .shipped import branch, documents, norms, ratings


def measured(**given_ratings: object) -> Metrics:
    return score(ratings_from(given_ratings), norms())


def figures(metrics: Metrics) -> Iterator[tuple[str, Interval]]:
    """Every figure that has an interval, by a name."""
    for name, period in metrics.periods.items():
        yield f"{name}.adversity", period.adversity.sum
        yield f"{name}.relational", period.relational.sum
        yield f"{name}.risk", period.risk
    yield "relationships", metrics.relationships.sum
    yield "top_down", metrics.top_down.ratio
    shares = {"total": metrics.total, **metrics.regions}
    shares |= {name: domain.share for name, domain in metrics.domains.items()}
    for name, share in shares.items():
        yield f"{name}.sum", share.sum
        yield f"{name}.percent", share.percent


def follows_the_rated(name: str) -> bool:
    """Whether a figure's centre follows the rated functions, so that it may lie outside."""
    return name.endswith((".sum", ".percent"))


# Intervals


@st.composite
def completions(draw: st.DrawFn) -> tuple[Ratings, Ratings]:
    """Some ratings, and the same with every unknown item rated."""
    partial = draw(ratings())

    def full(rated: Mapping[str, int], items: tuple[str, ...]) -> dict[str, int]:
        edge_or_any = st.sampled_from([1, 12]) | st.integers(1, 12)
        return {item: rated.get(item) or draw(edge_or_any) for item in items}

    complete = replace(
        partial,
        adversity={p: full(partial.adversity.get(p, {}), ADVERSITY) for p in partial.periods},
        relational={p: full(partial.relational.get(p, {}), RELATIONAL) for p in partial.periods},
        functions=full(partial.functions, FUNCTIONS),
        relationships=full(partial.relationships, RELATIONSHIPS),
    )
    return partial, complete


@given(completions())
def test_intervals_contain_the_figure_of_any_completion(pair: tuple[Ratings, Ratings]) -> None:
    before = dict(figures(score(pair[0], norms())))
    after = dict(figures(score(pair[1], norms())))
    assert before.keys() == after.keys()
    for name, span in after.items():
        assert span.low == span.mid == span.high or name == "top_down"
        assert span.mid is not None
        assert before[name].low <= span.mid <= before[name].high, name


@given(ratings())
def test_a_centre_lies_within_its_interval_where_unknowns_are_taken_at_their_middle(
    some: Ratings,
) -> None:
    for name, span in figures(score(some, norms())):
        assert span.low <= span.high
        if not follows_the_rated(name):
            assert span.mid is None or span.holds_mid, name


@given(ratings())
def test_in_adults_every_centre_lies_within_its_interval(some: Ratings) -> None:
    adult = replace(some, age_months=Fraction(300))
    for name, span in figures(score(adult, norms())):
        assert span.mid is None or span.holds_mid, name


def test_at_a_young_age_a_centre_may_leave_its_interval_and_says_so() -> None:
    brainstem = ("cardiovascular", "autonomic", "suck_swallow_gag")
    metrics = measured(age_months=6, functions=dict.fromkeys(brainstem, 1))
    assert metrics.total.sum.mid is not None
    assert metrics.total.sum.mid < metrics.total.sum.low
    assert not metrics.total.sum.holds_mid


@given(ratings(), st.sampled_from(FUNCTIONS))
def test_a_better_function_never_lowers_a_figure(some: Ratings, function: str) -> None:
    rating = some.functions.get(function, 6)
    worse = replace(some, functions={**some.functions, function: rating})
    better = replace(some, functions={**some.functions, function: min(rating + 1, 12)})
    before, after = score(worse, norms()), score(better, norms())
    for name in ("total", *REGIONS, *DOMAINS):
        spans = dict(figures(before)), dict(figures(after))
        one, other = (span[f"{name}.percent"] for span in spans)
        assert one.low <= other.low
        assert one.high <= other.high
        assert one.mid is None or other.mid is None or one.mid <= other.mid


@given(ratings(), st.data())
def test_risk_rises_with_adversity_and_falls_with_relational_health(
    some: Ratings, data: st.DataObject
) -> None:
    period = data.draw(st.sampled_from(some.periods))
    item, good = data.draw(st.sampled_from(ADVERSITY)), data.draw(st.sampled_from(RELATIONAL))
    risks: list[Interval] = []
    for harm, help_ in ((3, 9), (4, 9), (4, 8)):
        changed = replace(
            some,
            adversity={period: {**some.adversity.get(period, {}), item: harm}},
            relational={period: {**some.relational.get(period, {}), good: help_}},
        )
        risks.append(score(changed, norms()).periods[period].risk)
    for less, more in pairwise(risks):
        assert less.low < more.low
        assert less.high < more.high
        assert less.mid is not None
        assert more.mid is not None
        assert 0 <= less.mid < more.mid <= 100


@given(ratings(), st.sampled_from(FUNCTIONS), st.integers(1, 12))
def test_rating_one_more_function_never_widens_an_interval(
    some: Ratings, function: str, rating: int
) -> None:
    more = replace(some, functions={function: rating, **some.functions})
    wide, narrow = dict(figures(score(some, norms()))), dict(figures(score(more, norms())))
    for name in wide:
        assert wide[name].low <= narrow[name].low
        assert narrow[name].high <= wide[name].high


# Worked by hand


def test_history_worked_by_hand() -> None:
    metrics = measured(
        age_months=5,
        adversity={"infancy": {"caregiving": 8, "neglect": 10, "violence": 12, "substance": 9}},
        relational={"infancy": {"safety": 3, "attunement": 4, "kin_support": 1}},
    )
    infancy = metrics.periods["infancy"]
    # Adversity: 8 + 10 + 12 + 9 = 39, two unknown: 39 + 2, 39 + 13, 39 + 24.
    assert infancy.adversity.sum == Interval(Fraction(41), Fraction(52), Fraction(63))
    # Relational: 3 + 4 + 1 = 8, three unknown: 8 + 3, 8 + 19.5, 8 + 36.
    assert infancy.relational.sum == Interval(Fraction(11), Fraction(55, 2), Fraction(44))
    assert (infancy.severe_count, infancy.poor_count) == (2, 2)
    # (mean A - 1) / 11 is (sum - 6) / 66, (12 - mean B) / 11 is (72 - sum) / 66; risk their mean.
    assert infancy.risk.low == Fraction(100, 2) * Fraction((41 - 6) + (72 - 44), 66)
    assert infancy.risk.mid == Fraction(100, 2) * (Fraction(52 - 6) + 72 - Fraction(55, 2)) / 66
    assert infancy.risk.high == Fraction(100, 2) * Fraction((63 - 6) + (72 - 11), 66)


@pytest.mark.parametrize(("harm", "good", "risk"), [(1, 12, 0), (12, 1, 100)])
def test_risk_runs_from_nothing_to_a_hundred(harm: int, good: int, risk: int) -> None:
    metrics = measured(
        age_months=0,
        adversity={"perinatal": dict.fromkeys(ADVERSITY, harm)},
        relational={"perinatal": dict.fromkeys(RELATIONAL, good)},
    )
    assert metrics.periods["perinatal"].risk == Interval(*[Fraction(risk)] * 3)


def test_a_period_without_ratings_shows_all_that_is_possible() -> None:
    perinatal = measured(age_months=0).periods["perinatal"]
    assert perinatal.adversity.sum == Interval(Fraction(6), Fraction(39), Fraction(72))
    assert perinatal.risk == Interval(Fraction(0), Fraction(50), Fraction(100))
    assert (perinatal.adversity.rated, perinatal.adversity.of) == (0, 6)


def test_relationships_worked_by_hand() -> None:
    relationships = measured(age_months=100, relationships={"peers": 9, "mentors": 2}).relationships
    # 9 + 2 = 11, seven unknown: 11 + 7, 11 + 45.5, 11 + 84.
    assert relationships.sum == Interval(Fraction(18), Fraction(113, 2), Fraction(95))


def _flat_norms() -> Norms:
    """Norms that expect 9 of the first twelve functions at 60 months and 3 of the others."""
    tree = documents()
    for place, row in enumerate(branch(tree, "expectation", "functions").values()):
        assert isinstance(row, dict)
        row |= {"shows": 30, "reliable": 60} if place < 12 else {"shows": 60, "reliable": 90}
        row["adult"] = 240
    return norms_from(tree, "1")


def test_domains_and_total_worked_by_hand() -> None:
    metrics = score(
        ratings_from(
            {
                "age_months": 60,
                "functions": {"autonomic": 6, "eye_movements": 7, "neuroendocrine": 3},
            }
        ),
        _flat_norms(),
    )
    # Sensory integration: autonomic, temperature, eyes, sucking, feeding expect 9, hormones 3.
    sensory = metrics.domains["sensory_integration"].share
    assert (sensory.expected, sensory.rated, sensory.of) == (5 * 9 + 3, 3, 6)
    # Rated 6 + 7 + 3 = 16 of 9 + 9 + 3 = 21 expected; three unrated at 1 and at 12.
    assert sensory.sum == Interval(Fraction(19), Fraction(16 * 48, 21), Fraction(52))
    assert sensory.percent.low == Fraction(1900, 48)
    assert sensory.percent.mid == Fraction(1600, 21)
    assert sensory.percent.high == Fraction(5200, 48)
    assert sensory.lowest_percent == Fraction(600, 48)
    domain = metrics.domains["sensory_integration"]
    assert domain.band is not None
    assert domain.band_range is not None
    assert domain.band.id == "therapeutic"
    assert [band.id for band in domain.band_range] == ["essential", "enrichment"]
    # The whole: 12 x 9 + 20 x 3 = 168 expected, 16 of 21 rated, 29 unrated.
    assert metrics.total.expected == 168
    assert metrics.total.sum == Interval(Fraction(45), Fraction(16 * 168, 21), Fraction(364))
    # Brainstem: six functions expecting 9, two rated 13 of 18; the other unrated.
    brainstem = metrics.regions["brainstem"]
    assert brainstem.sum == Interval(Fraction(17), Fraction(39), Fraction(61))
    assert brainstem.percent.mid == Fraction(1300, 18)


def test_the_top_down_ratio_worked_by_hand() -> None:
    upper = {"speech": 4, "time_delay": 5, "impulse_modulation": 3}
    lower = {"sleep": 8, "autonomic": 10}
    metrics = score(
        ratings_from({"age_months": 60, "functions": upper | lower}),
        _flat_norms(),
    )
    # Upper regions: mean 4; 12 of them, nine unrated. Lower: mean 9; 14 of them, twelve unrated.
    assert metrics.top_down.ratio.mid == Fraction(4, 9)
    assert metrics.top_down.ratio.low == Fraction(12 + 9, 12) / Fraction(18 + 144, 14)
    assert metrics.top_down.ratio.high == Fraction(12 + 108, 12) / Fraction(18 + 12, 14)
    # Expected: 3 above; below, twelve expect 9 and the last two of the diencephalon 3.
    assert metrics.top_down.expected == 3 / Fraction(12 * 9 + 2 * 3, 14)


def test_a_ratio_needs_a_rating_above_and_below() -> None:
    assert measured(age_months=60, functions={"sleep": 5}).top_down.ratio.mid is None
    assert measured(age_months=60, functions={"speech": 5}).top_down.ratio.mid is None


def test_a_typical_adult_reaches_384_and_a_hundred_percent() -> None:
    metrics = measured(age_months=400, functions=dict.fromkeys(FUNCTIONS, 12))
    assert metrics.total.sum == Interval(*[Fraction(384)] * 3)
    for domain in metrics.domains.values():
        assert domain.share.percent == Interval(*[Fraction(100)] * 3)
        assert domain.band is not None
        assert (domain.band.id, domain.band_range) == ("enrichment", None)
    assert (metrics.top_down.ratio.mid, metrics.top_down.expected) == (1, 1)


def test_a_domain_without_a_rating_has_no_centre_and_no_band() -> None:
    domain = measured(age_months=112, functions={"sleep": 6}).domains["cognitive"]
    assert (domain.share.sum.mid, domain.share.percent.mid, domain.band) == (None, None, None)
    assert domain.band_range is not None


def test_at_a_young_age_the_lowest_rating_is_already_a_large_share() -> None:
    newborn = measured(age_months=0, functions=dict.fromkeys(FUNCTIONS, 1))
    cognitive = newborn.domains["cognitive"].share
    assert cognitive.percent.mid == cognitive.lowest_percent == 100
    school = measured(age_months=112).domains["cognitive"].share
    assert school.lowest_percent < 15


def test_an_early_birth_lowers_what_is_expected_and_is_said() -> None:
    early = measured(age_months=12, gestation_weeks=28)
    term = measured(age_months=12, gestation_weeks=40)
    assert (early.age_is_corrected, term.age_is_corrected) == (True, False)
    assert early.total.expected < term.total.expected
    assert early.periods.keys() == term.periods.keys()


def test_an_early_birth_does_not_take_a_lived_period_away() -> None:
    assert "infancy" in measured(age_months=2.5, gestation_weeks=26).periods


def test_each_function_has_its_rating_band_and_expectation() -> None:
    functions = measured(age_months=36, functions={"speech": 5}).functions
    assert list(functions) == list(FUNCTIONS)
    assert functions["speech"].band is not None
    assert (functions["speech"].rating, functions["speech"].band.letter) == (5, "O")
    assert functions["speech"].expected == 9
    assert (functions["sleep"].rating, functions["sleep"].band) == (None, None)


@pytest.mark.parametrize(
    ("rating", "expected", "band"),
    [
        (9, Fraction(9), "as_expected"),
        (17, Fraction(20), "as_expected"),  # exactly 85 %
        (10, Fraction(12), "below"),  # 83 %
        (13, Fraction(20), "below"),  # exactly 65 %
        (7, Fraction(12), "far_below"),
        (1, Fraction(149, 100), "as_expected"),  # 67 %, but no whole number is nearer
        (1, Fraction(3, 2), "below"),  # 2 is as near, and a rating can reach it
        (1, Fraction(9, 5), "far_below"),
    ],
)
def test_a_function_is_called_by_its_share_of_the_age_expectation(
    rating: int, expected: Fraction, band: str
) -> None:
    assert norms().age_band(rating, expected).id == band


def test_whoever_is_as_expected_is_nowhere_called_below_at_any_age() -> None:
    for age in (0.5, 1.5, 3, 8, 13, 24, 36, 60, 108, 180, 300, 700):
        usual = {name: nearest(each) for name, each in norms().expected(Fraction(age)).items()}
        functions = measured(age_months=age, functions=usual).functions.values()
        assert {each.age_band.id for each in functions if each.age_band} == {"as_expected"}


def test_percentages_say_nothing_under_twelve_months_of_corrected_age() -> None:
    assert not measured(age_months=11.9).says_percent
    assert measured(age_months=12).says_percent
    assert not measured(age_months=13, gestation_weeks=28).says_percent


# The pattern to consider


def pattern_case(cognitive: int, others: int) -> dict[str, int]:
    return {
        name: cognitive if function.domain == "cognitive" else others
        for name, function in norms().functions.items()
    }


def test_typical_thinking_over_three_low_domains_is_a_pattern_to_consider() -> None:
    [pattern] = measured(age_months=300, functions=pattern_case(11, 7)).patterns
    assert (pattern.rule.id, pattern.certain) == ("dissociative", True)
    assert "to consider" in pattern.rule.consider
    assert "Judgement" in pattern.rule.reason


@pytest.mark.parametrize(("cognitive", "others"), [(10, 7), (11, 8), (12, 12), (3, 3)])
def test_other_profiles_show_no_pattern(cognitive: int, others: int) -> None:
    assert measured(age_months=300, functions=pattern_case(cognitive, others)).patterns == ()


@pytest.mark.parametrize(("cognitive", "others", "shows"), [(9, 5, True), (9, 6, False)])
def test_the_pattern_s_bounds_are_from_for_typical_and_below_for_low(
    cognitive: int, others: int, shows: bool
) -> None:
    tree = documents()
    rule = branch(tree, "patterns", "patterns", "dissociative")
    rule |= {"typical_from_percent": 75, "low_below_percent": 50}
    case = ratings_from({"age_months": 300, "functions": pattern_case(cognitive, others)})
    assert bool(score(case, norms_from(tree, "1")).patterns) is shows


def test_a_pattern_on_part_of_the_ratings_is_not_certain() -> None:
    functions = pattern_case(12, 2)
    del functions["speech"], functions["attachment"]
    [pattern] = measured(age_months=300, functions=functions).patterns
    assert pattern.certain
    for name in (
        "maths_symbolic",
        "communication",
        "autonomic",
        "reward",
        "sleep",
        "values_beliefs",
    ):
        del functions[name]
    [pattern] = measured(age_months=300, functions=functions).patterns
    assert not pattern.certain


def test_one_rating_a_domain_makes_no_pattern() -> None:
    functions = {"speech": 12, "autonomic": 1, "sleep": 1, "reward": 1}
    assert measured(age_months=300, functions=functions).patterns == ()


# The metrics file

CONTRACT = """{"age_months": 112, "gestation_weeks": 40,
 "adversity":  {"infancy": {"caregiving": 8, "substance": null}},
 "relational": {"infancy": {"safety": 5}},
 "functions":  {"cardiovascular": 11, "sleep": 6},
 "relationships": {"primary_caregivers": 9}}"""
SPAN = {"low", "mid", "high"}


def test_the_metrics_file_has_the_keys_of_the_contract() -> None:
    written = json.loads(json.dumps(score(read_ratings(CONTRACT), norms()).as_json()))
    assert set(written) == {"versions", "periods", "functions", "relationships"}
    assert set(written["versions"]) == {"bank", "domain_key", "expectation"}
    assert list(written["periods"]) == list(PERIODS[:5])
    for period in written["periods"].values():
        assert set(period) == {"adversity", "relational", "risk"}
        assert set(period["adversity"]) == {"sum", "rated", "of", "severe_count"}
        assert set(period["relational"]) == {"sum", "rated", "of", "poor_count"}
        assert set(period["adversity"]["sum"]) == set(period["risk"]) == SPAN
    functions = written["functions"]
    assert functions.keys() >= {"total", "rated", "of", "regions", "top_down", "domains"}
    assert set(functions["total"]) == SPAN
    assert list(functions["regions"]) == list(REGIONS)
    assert functions["top_down"].keys() >= {"ratio", "expected"}
    assert list(functions["expectation"]) == list(FUNCTIONS)
    assert list(functions["domains"]) == list(DOMAINS)
    share = {"sum", "expected", "percent", "rated", "of"}
    for domain in functions["domains"].values():
        assert share | {"band"} <= domain.keys() <= share | {"band", "band_range"}
        assert set(domain["sum"]) == set(domain["percent"]) == SPAN
    assert all(set(region) == share for region in functions["regions"].values())
    assert set(written["relationships"]) == {"sum", "rated", "of"}


def test_the_contract_s_example_comes_to_its_figures() -> None:
    written = json.loads(json.dumps(score(read_ratings(CONTRACT), norms()).as_json()))
    infancy = written["periods"]["infancy"]
    # 8 + 5 x 1, 8 + 5 x 6.5, 8 + 5 x 12.
    assert infancy["adversity"]["sum"] == {"low": 13, "mid": 40.5, "high": 68}
    assert (infancy["adversity"]["rated"], infancy["adversity"]["of"]) == (1, 6)
    assert written["functions"]["top_down"]["ratio"] is None
    assert (written["functions"]["rated"], written["functions"]["of"]) == (2, 32)
    regulation = written["functions"]["domains"]["self_regulation"]
    expected = written["functions"]["expectation"]
    share = 17 / (expected["cardiovascular"] + expected["sleep"])
    assert isclose(regulation["percent"]["mid"], 100 * share, rel_tol=1e-12)
    assert isclose(regulation["sum"]["mid"], share * regulation["expected"], rel_tol=1e-12)
    assert written["functions"]["domains"]["cognitive"]["band"] is None
    assert written["functions"]["domains"]["cognitive"]["sum"]["mid"] is None


def test_a_band_range_is_written_only_where_the_interval_spans_a_cut_off() -> None:
    written = measured(age_months=300, functions=pattern_case(11, 7)).as_json()
    domains = branch(written, "functions", "domains")
    assert all("band_range" not in branch(domains, name) for name in DOMAINS)
    assert branch(domains, "cognitive")["band"] == "enrichment"


@given(ratings())
def test_every_metrics_file_is_plain_finite_json(some: Ratings) -> None:
    written = json.dumps(score(some, norms()).as_json(), allow_nan=False)
    assert written == json.dumps(score(some, norms()).as_json(), allow_nan=False)


def test_scoring_reads_no_files_and_no_yaml() -> None:
    folder = Path(norms_from.__code__.co_filename).parents[1]
    sources = [path.read_text("utf-8") for path in folder.rglob("*.py")]
    assert len(sources) > 5
    assert not any("import yaml" in source or "open(" in source for source in sources)
