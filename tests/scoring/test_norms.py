from collections.abc import Callable
from fractions import Fraction

import pytest

from nmt_intake.errors import IntakeError
from nmt_intake.scoring import Part, norms_from
from nmt_intake.vocabulary import (
    ADVERSITY,
    DOMAINS,
    FUNCTIONS,
    PERIOD_STARTS,
    PERIODS,
    REGIONS,
    RELATIONAL,
    RELATIONSHIPS,
)

from .shipped import Tree, branch, documents, norms

# Read off the published figure, as the domain's facts give it: region, then loadings.
PUBLISHED = {
    "cardiovascular": ("brainstem", "SR~SI"),
    "autonomic": ("brainstem", "SI"),
    "temperature_metabolism": ("brainstem", "SI"),
    "eye_movements": ("brainstem", "SI"),
    "suck_swallow_gag": ("brainstem", "SI"),
    "attention_tracking": ("brainstem", "SR"),
    "feeding_appetite": ("diencephalon_cerebellum", "SI"),
    "sleep": ("diencephalon_cerebellum", "SR"),
    "fine_motor": ("diencephalon_cerebellum", "CO~SR"),
    "large_motor": ("diencephalon_cerebellum", "CO~SR"),
    "dissociation": ("diencephalon_cerebellum", "SR"),
    "arousal": ("diencephalon_cerebellum", "SR"),
    "neuroendocrine": ("diencephalon_cerebellum", "SI~SR"),
    "primary_sensory_integration": ("diencephalon_cerebellum", "SR"),
    "reward": ("limbic", "RE"),
    "affect_mood": ("limbic", "SR"),
    "attunement_empathy": ("limbic", "RE"),
    "psychosexual": ("limbic", "RE"),
    "attachment": ("limbic", "RE~SR"),
    "memory_learning": ("limbic", "SR~CO"),
    "somatomotor_integration": ("cortex", "SR"),
    "time_delay": ("cortex", "SR"),
    "communication": ("cortex", "SR~CO"),
    "self_awareness": ("cortex", "SR~RE"),
    "speech": ("cortex", "CO"),
    "concrete_cognition": ("cortex", "CO"),
    "nonverbal_cognition": ("frontal_cortex", "CO~SR"),
    "impulse_modulation": ("frontal_cortex", "SR"),
    "maths_symbolic": ("frontal_cortex", "CO"),
    "reading_verbal": ("frontal_cortex", "CO"),
    "abstract_reflective": ("frontal_cortex", "SR~CO"),
    "values_beliefs": ("frontal_cortex", "RE~SR"),
}
DOMAIN_OF = {
    "SI": "sensory_integration",
    "SR": "self_regulation",
    "RE": "relational",
    "CO": "cognitive",
}
LOW = {"brainstem", "diencephalon_cerebellum"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_function_counts_for_its_strongest_loading_and_ties_go_by_region(
    function: str,
) -> None:
    region, loads = PUBLISHED[function]
    loadings = loads.split("~")
    if len(loadings) > 1:
        allowed = {"SI", "SR"} if region in LOW else {"RE", "CO"}
        loadings = [loading for loading in loadings if loading in allowed]
    row = norms().functions[function]
    assert (row.region, row.domain) == (region, DOMAIN_OF[loadings[0]])
    assert branch(documents(), "domain_key", "functions", function)["loads"] == loads.split("~")


def test_the_map_has_six_six_six_eight_and_six_boxes() -> None:
    regions = [function.region for function in norms().functions.values()]
    assert [regions.count(region) for region in REGIONS] == [6, 8, 6, 6, 6]


def test_functions_stand_in_their_published_order_in_every_file() -> None:
    for stem in ("functions", "domain_key", "expectation"):
        assert list(branch(documents(), stem, "functions")) == list(FUNCTIONS)


def test_every_row_of_every_file_has_a_one_line_reason() -> None:
    rows = list(_rows(documents()))
    assert len(rows) > 150
    for row in rows:
        assert isinstance(row["reason"], str)
        assert row["reason"].strip()
        assert "\n" not in row["reason"]


def _rows(tree: object) -> list[Tree]:
    if isinstance(tree, list):
        return [row for entry in tree for row in _rows(entry)]
    if not isinstance(tree, dict):
        return []
    if {"title", "domain", "shows"} & tree.keys():
        return [tree]
    return [row for entry in tree.values() for row in _rows(entry)]


def test_periods_are_those_of_the_contract_without_gaps() -> None:
    periods = norms().periods
    assert {name: period.start for name, period in periods.items()} == PERIOD_STARTS
    ends = [periods[name].end for name in PERIODS]
    assert ends == [*list(PERIOD_STARTS.values())[1:], None]


def test_every_item_has_a_title_and_its_own_before_birth() -> None:
    history: dict[Part, tuple[str, ...]] = {"adversity": ADVERSITY, "relational": RELATIONAL}
    for part, items in history.items():
        for item in items:
            later = norms().item_title(part, item, "childhood")
            assert later == norms().item_title(part, item)
            assert norms().item_title(part, item, "intrauterine") != later
    assert len({norms().item_title("relationships", item) for item in RELATIONSHIPS}) == 9
    assert len({norms().item_title("functions", item) for item in FUNCTIONS}) == 32
    assert set(norms().domain_titles) == set(DOMAINS)


@pytest.mark.parametrize(
    ("part", "ids"),
    [
        ("adversity", ["minimal", "mild", "moderate", "severe"]),
        ("relational", ["poor", "episodic", "adequate", "positive"]),
        ("functions", ["severe", "moderate", "mild", "typical"]),
        ("relationships", ["poor", "episodic", "adequate", "positive"]),
    ],
)
def test_ratings_fall_into_four_bands_of_three(part: Part, ids: list[str]) -> None:
    bands = [norms().band(part, rating) for rating in range(1, 13)]
    assert [band.id for band in bands] == [name for name in ids for _ in range(3)]
    assert len({band.letter for band in bands}) == 4


@pytest.mark.parametrize(
    ("percent", "band"),
    [
        (Fraction(0), "essential"),
        (Fraction(64999, 1000), "essential"),
        (Fraction(65), "therapeutic"),
        (Fraction(84999, 1000), "therapeutic"),
        (Fraction(85), "enrichment"),
        (Fraction(400), "enrichment"),
    ],
)
def test_the_published_cut_offs_belong_to_the_band_above(percent: Fraction, band: str) -> None:
    assert norms().recommendation(percent).id == band


def test_published_content_is_attributed() -> None:
    for stem in ("bands", "domain_key", "functions", "items", "patterns", "periods"):
        assert "10.3389/fnbeh.2019.00183" in norms().sources[stem]


def test_versions_of_all_files_and_of_the_bank_are_kept() -> None:
    assert norms().versions["bank"] == "9.9.9"
    assert norms().versions.keys() - {"bank"} == documents().keys()


class Scalar(str):
    """A scalar as a strict reader hands it over: text, whatever it means."""

    __slots__ = ()


def _as_text(tree: object) -> object:
    if isinstance(tree, dict):
        return {Scalar(key): _as_text(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_as_text(value) for value in tree]
    return Scalar(tree)


def test_numbers_may_stand_as_text() -> None:
    as_text = _as_text(documents())
    assert isinstance(as_text, dict)
    assert norms_from(as_text, "9.9.9") == norms()


def test_files_that_are_not_for_scoring_are_passed_over() -> None:
    assert norms_from({**documents(), "fidelity": {"anything": 1}}, "9.9.9") == norms()


def _drop(*path: str) -> Callable[[Tree], None]:
    def spoil(tree: Tree) -> None:
        del branch(tree, *path[:-1])[path[-1]]

    return spoil


def _put(value: object, *path: str) -> Callable[[Tree], None]:
    def spoil(tree: Tree) -> None:
        branch(tree, *path[:-1])[path[-1]] = value

    return spoil


def _put_band(part: str, place: int, key: str, value: object) -> Callable[[Tree], None]:
    def spoil(tree: Tree) -> None:
        rows = branch(tree, "bands", "ratings")[part]
        assert isinstance(rows, list)
        rows[place][key] = value

    return spoil


def _put_recommendation(place: int, key: str, value: object) -> Callable[[Tree], None]:
    def spoil(tree: Tree) -> None:
        rows = branch(tree, "bands")["recommendations"]
        assert isinstance(rows, list)
        rows[place][key] = value

    return spoil


SPOILT = [
    ("SCORE-020", "expectation", _drop("expectation")),
    ("SCORE-021", "expectation", _put("text", "expectation")),
    ("SCORE-021", "expectation", _put(None, "expectation")),
    ("SCORE-021", "expectation", _put("soon", "expectation", "functions", "sleep", "shows")),
    ("SCORE-021", "expectation", _put("nan", "expectation", "functions", "sleep", "shows")),
    ("SCORE-021", "expectation", _put("1e999999", "expectation", "functions", "sleep", "adult")),
    ("SCORE-021", "expectation", _drop("expectation", "functions", "sleep", "reason")),
    ("SCORE-021", "expectation", _put("", "expectation", "functions", "sleep", "reason")),
    ("SCORE-021", "domain_key", _drop("domain_key", "version")),
    ("SCORE-021", "domain_key", _put("x", "domain_key", "typo")),
    ("SCORE-021", "bands", _put_band("functions", 0, "colour", "mauve")),
    ("SCORE-022", "expectation", _drop("expectation", "functions", "sleep")),
    ("SCORE-022", "expectation", _put(301, "expectation", "functions", "sleep", "adult")),
    ("SCORE-022", "expectation", _put(36, "expectation", "functions", "sleep", "shows")),
    ("SCORE-022", "domain_key", _drop("domain_key", "functions", "sleep")),
    ("SCORE-022", "domain_key", _put("other", "domain_key", "functions", "sleep", "domain")),
    ("SCORE-022", "functions", _put("toe", "functions", "functions", "sleep", "region")),
    ("SCORE-022", "functions", _drop("functions", "regions", "limbic")),
    ("SCORE-022", "bands", _put_band("functions", 0, "to", 4)),
    ("SCORE-022", "bands", _put_band("adversity", 3, "to", 11)),
    ("SCORE-022", "bands", _put_band("adversity", 3, "letter", "M")),
    ("SCORE-022", "bands", _put_recommendation(1, "from_percent", 90)),
    ("SCORE-022", "bands", _put_recommendation(0, "from_percent", 1)),
    ("SCORE-022", "bands", _put_recommendation(0, "id", "urgent")),
    ("SCORE-022", "bands", _put([], "bands", "age_bands")),
    ("SCORE-022", "patterns", _put(["all"], "patterns", "patterns", "dissociative", "low")),
    ("SCORE-022", "patterns", _put([], "patterns", "patterns", "dissociative", "low")),
    ("SCORE-022", "periods", _put(3, "periods", "periods", "infancy", "from")),
    ("SCORE-022", "periods", _put(12, "periods", "periods", "infancy", "until")),
    ("SCORE-022", "periods", _put(1200, "periods", "periods", "adulthood", "until")),
    ("SCORE-022", "items", _drop("items", "relationships", "peers")),
    (
        "SCORE-022",
        "items",
        _put({"later": "Later"}, "items", "adversity", "neglect", "in_period"),
    ),
    (
        "SCORE-022",
        "items",
        _put({"title": "x", "reason": "y"}, "items", "relationships", "aliens"),
    ),
]


@pytest.mark.parametrize(("code", "stem", "spoil"), SPOILT)
def test_spoilt_norms_are_refused_with_file_and_reason(
    code: str, stem: str, spoil: Callable[[Tree], None]
) -> None:
    tree = documents()
    spoil(tree)
    with pytest.raises(IntakeError) as refused:
        norms_from(tree, "1")
    assert (refused.value.code, refused.value.where) == (code, f"scoring/{stem}.yaml")
    assert "\n" not in str(refused.value)


def test_a_function_left_without_a_domain_of_its_own_is_told() -> None:
    tree = documents()
    for row in branch(tree, "domain_key", "functions").values():
        assert isinstance(row, dict)
        row["domain"] = "cognitive"
    with pytest.raises(IntakeError, match="no function counts for the domain"):
        norms_from(tree, "1")
