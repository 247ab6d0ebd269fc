import json
import time
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmt_intake.errors import IntakeError
from nmt_intake.scoring import Ratings, ratings_from, read_ratings, score
from nmt_intake.vocabulary import ADVERSITY, FUNCTIONS

from .shipped import norms, ratings

CONTRACT = """{"age_months": 112, "gestation_weeks": 40,
 "adversity":  {"infancy": {"caregiving": 8, "substance": null}},
 "relational": {"infancy": {"safety": 5}},
 "functions":  {"cardiovascular": 11, "sleep": 6},
 "relationships": {"primary_caregivers": 9}}"""


def test_the_contract_s_example_is_read() -> None:
    read = read_ratings(CONTRACT)
    assert (read.age_months, read.gestation_weeks) == (112, 40)
    assert read.adversity == {"infancy": {"caregiving": 8}}
    assert read.relational == {"infancy": {"safety": 5}}
    assert read.functions == {"cardiovascular": 11, "sleep": 6}
    assert read.relationships == {"primary_caregivers": 9}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_bytes_and_a_byte_order_mark_are_fine(mark: str) -> None:
    assert read_ratings(mark + CONTRACT) == read_ratings(CONTRACT)
    assert read_ratings((mark + CONTRACT).encode()) == read_ratings(CONTRACT)


def test_an_age_alone_is_enough() -> None:
    read = read_ratings('{"age_months": 1.5}')
    assert read.age_months == Fraction(3, 2)
    assert (read.gestation_weeks, read.adversity, read.functions) == (None, {}, {})


def test_null_is_unknown_at_every_level() -> None:
    source = {
        "age_months": 30,
        "gestation_weeks": None,
        "adversity": None,
        "relational": {"infancy": None},
        "functions": {"sleep": None},
        "relationships": None,
    }
    assert ratings_from(source) == ratings_from({"age_months": 30})


@given(ratings())
def test_what_is_written_reads_the_same(given_ratings: Ratings) -> None:
    assert read_ratings(json.dumps(given_ratings.as_json())) == given_ratings


def test_a_written_file_lists_every_item_that_applies_unknown_ones_as_null() -> None:
    written = ratings_from({"age_months": 3, "functions": {"sleep": 4}}).as_json()
    functions = written["functions"]
    assert functions == {name: 4 if name == "sleep" else None for name in FUNCTIONS}
    adversity = written["adversity"]
    assert isinstance(adversity, dict)
    assert list(adversity) == ["intrauterine", "perinatal", "infancy"]


@pytest.mark.parametrize(
    ("age", "last"),
    [
        (0, "perinatal"),
        (1.99, "perinatal"),
        (2, "infancy"),
        (12.9, "infancy"),
        (13, "early_childhood"),
        (48, "childhood"),
        (144, "youth"),
        (216, "adulthood"),
    ],
)
def test_a_period_applies_once_its_lower_bound_is_reached(age: float, last: str) -> None:
    assert ratings_from({"age_months": age}).periods[-1] == last


def test_ratings_of_a_period_not_yet_begun_are_refused() -> None:
    with pytest.raises(IntakeError, match="youth is rated, but that period has not begun") as told:
        read_ratings('{"age_months": 143.9, "relational": {"youth": {"safety": 5}}}', "r.json")
    assert told.value.code == "SCORE-009"


def test_unknown_items_of_a_period_not_yet_begun_say_nothing() -> None:
    source = '{"age_months": 20, "adversity": {"youth": {"neglect": null}, "childhood": {}}}'
    assert read_ratings(source) == ratings_from({"age_months": 20})


def rated(functions: str, age: str = "112") -> str:
    return f'{{"age_months": {age}, "functions": {functions}}}'


BAD = [
    ("SCORE-001", b'{"age_months": 5, "x": "\xff\xfe"}'),
    ("SCORE-001", CONTRACT.encode("utf-16")),
    ("SCORE-002", " " * 1_000_001),
    ("SCORE-002", b" " * 1_000_001),
    ("SCORE-003", ""),
    ("SCORE-003", b"\0"),
    ("SCORE-003", CONTRACT[:-9]),
    ("SCORE-003", "age_months: 5"),
    ("SCORE-003", '{"age_months": 5} {}'),
    ("SCORE-003", '{"age_months": "\n"}'),
    ("SCORE-004", "[" * 100_000),
    ("SCORE-004", '{"functions":' * 50_000),
    ("SCORE-004", '["' + '\\"' * 9 + '",' + "[" * 21),
    ("SCORE-005", rated('{"sleep": 3, "sleep": 9}')),
    ("SCORE-005", '{"age_months": 3, "age_months": 300}'),
    ("SCORE-006", rated('{"sleep": NaN}')),
    ("SCORE-006", rated('{"sleep": -Infinity}')),
    ("SCORE-006", rated('{"sleep": 1e999}')),
    ("SCORE-006", rated("{}", age="1" * 5000)),
    ("SCORE-006", rated("{}", age="1." + "1" * 5000)),
    ("SCORE-007", "[]"),
    ("SCORE-007", "null"),
    ("SCORE-007", "{}"),
    ("SCORE-007", rated("{}", age="null")),
    ("SCORE-007", rated("{}", age='"112"')),
    ("SCORE-007", rated("{}", age="true")),
    ("SCORE-007", rated("{}", age="-0.1")),
    ("SCORE-007", rated("{}", age="1500.5")),
    ("SCORE-007", rated("{}", age="1" * 39)),
    ("SCORE-007", '{"age_months": 5, "gestation_weeks": 19}'),
    ("SCORE-007", '{"age_months": 5, "gestation_weeks": 46}'),
    ("SCORE-007", '{"age_months": 5, "gestation_weeks": "term"}'),
    ("SCORE-007", '{"age_months": 5, "name": "somebody"}'),
    ("SCORE-007", '{"age_months": 5, "adversity": {"infancy": 8}}'),
    ("SCORE-007", '{"age_months": 5, "adversity": [8]}'),
    ("SCORE-007", rated('{"sleep": 0}')),
    ("SCORE-007", rated('{"sleep": 13}')),
    ("SCORE-007", rated('{"sleep": -1}')),
    ("SCORE-007", rated('{"sleep": 6.5}')),
    ("SCORE-007", rated('{"sleep": 6.0}')),
    ("SCORE-007", rated('{"sleep": "6"}')),
    ("SCORE-007", rated('{"sleep": true}')),
    ("SCORE-007", rated('{"sleep": {}}')),
    ("SCORE-008", rated('{"slep": 6}')),
    ("SCORE-008", rated('{"slep": null}')),
    ("SCORE-008", rated('{"\\ud800\\u001b[31m": 6}')),
    ("SCORE-008", '{"age_months": 5, "adversity": {"teens": {}}}'),
    ("SCORE-008", '{"age_months": 5, "relational": {"infancy": {"neglect": 5}}}'),
    ("SCORE-008", '{"age_months": 5, "relationships": {"cats": 5}}'),
]


@pytest.mark.parametrize(("code", "source"), BAD, ids=[f"{c}-{n}" for n, (c, _) in enumerate(BAD)])
def test_bad_files_are_refused_in_one_plain_line(code: str, source: str | bytes) -> None:
    started = time.perf_counter()
    with pytest.raises(IntakeError) as refused:
        read_ratings(source, "r.json")
    assert time.perf_counter() - started < 1
    assert refused.value.code == code
    line = str(refused.value)
    assert line.startswith("r.json: ")
    assert line.isprintable()
    assert len(line) < 1000


def test_a_slip_in_an_id_is_met_with_the_id_that_was_meant() -> None:
    with pytest.raises(IntakeError, match="Did you mean 'attunement_empathy'"):
        read_ratings(rated('{"attunement_empaty": 6}'))


def test_a_wrong_value_is_placed_but_not_repeated() -> None:
    with pytest.raises(IntakeError) as refused:
        read_ratings('{"age_months": 5, "adversity": {"infancy": {"neglect": "8 (Maria)"}}}')
    assert "adversity.infancy.neglect must be a whole number from 1 to 12" in str(refused.value)
    assert "Maria" not in str(refused.value)


def test_brackets_inside_text_are_not_depth() -> None:
    with pytest.raises(IntakeError) as refused:
        read_ratings(rated('{"' + "[" * 500 + '\\"": 6}'))
    assert refused.value.code == "SCORE-008"


@given(st.one_of(st.text(), st.binary(), st.text('{}[]":,0123456789.eE-nulltrue \\', max_size=60)))
def test_no_text_brings_the_reader_down(source: str | bytes) -> None:
    with pytest.raises(IntakeError):
        read_ratings(source)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["age_months", "functions", "adversity", "infancy", "sleep", "x"]),
            inner,
            max_size=4,
        )
    ),
)


@given(JSON_VALUES)
def test_any_data_is_read_or_refused(data: object) -> None:
    with suppress(IntakeError):
        assert isinstance(ratings_from(data), Ratings)


def test_what_does_not_apply_leaves_sums_and_denominators_and_is_written_back() -> None:
    given = {
        "age_months": 30,
        "relational": {"infancy": {"kin_support": "not_applicable", "safety": 12}},
        "relationships": {"siblings": "not_applicable", "peers": 12},
    }
    ratings = ratings_from(given)
    assert ratings.not_applicable == {"relationships.siblings", "infancy/relational.kin_support"}
    metrics = score(ratings, norms())
    assert (metrics.relationships.of, metrics.relationships.sum.low) == (8, 12 + 7)
    infancy = metrics.periods["infancy"]
    assert (infancy.relational.of, infancy.adversity.of) == (5, 6)
    assert infancy.relational.sum.high == 60
    assert ratings_from(ratings.as_json()) == ratings


def test_a_function_is_rated_or_unknown_but_never_does_not_apply() -> None:
    with pytest.raises(IntakeError) as refused:
        ratings_from({"age_months": 30, "functions": {"sleep": "not_applicable"}})
    assert "functions.sleep must be a whole number" in str(refused.value)


def test_where_nothing_of_a_half_applies_the_risk_stays_open() -> None:
    none = dict.fromkeys(ADVERSITY, "not_applicable")
    metrics = score(ratings_from({"age_months": 1, "adversity": {"perinatal": none}}), norms())
    risk = metrics.periods["perinatal"].risk
    assert (risk.low, risk.high) == (0, 100)
