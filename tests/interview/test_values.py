"""Answers as text and as data: read strictly, kept so that reading again changes nothing."""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmt_intake.bank.model import Bank, Column, Question
from nmt_intake.bank.truth import Range
from nmt_intake.interview.spans import Span
from nmt_intake.interview.values import (
    AnswerError,
    age_in_words,
    codes_of,
    in_words,
    read_value,
    seen_by_conditions,
)
from tests.interview.effort import many
from tests.interview.random_banks import bank_from, question

COLUMNS = [
    {"id": "who", "ask": "Who?", "kind": "text"},
    {"id": "age", "ask": "Age?", "kind": "age"},
    {"id": "how", "ask": "How?", "kind": "choice", "options": {"some": "Some", "often": "Often"}},
]
KINDS = ["yes_no", "choice", "choices", "scale", "number", "age", "date", "interval"]
KINDS += ["text", "person", "table"]


def bank() -> Bank:
    plans = [question(kind, kind) for kind in KINDS if kind != "table"]
    plans.append(question("table", "table", columns=COLUMNS))
    return bank_from([{"block": "b", "title": "B", "questions": plans}])


BANK = bank()


def of(kind: str) -> Question:
    return BANK.questions[f"b.{kind}"]


loose_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        [10**400, -(10**4000), math.nan, math.inf, "now", "2019", "never", 3.0, "1e5"]
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["from", "to", "who", "age", "x", "low", "high", "unit", "words"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
nearly = st.from_regex(
    r"[+-]?[0-9]{0,5}[.,]?[0-9]{0,4} ?(years?|y|m|months|w|to|now|\?)? ?[0-9]{0,3} ?(m|w|now)?",
    fullmatch=True,
) | st.from_regex(r"[0-9]{4}(-[0-9]{2}){0,2}", fullmatch=True)


def reject_if(wrong: bool) -> None:
    assert not wrong


@many
@given(st.sampled_from(KINDS), loose_json | nearly)
def test_reading_never_fails_but_with_its_own_error_and_rereads_to_itself(
    kind: str, raw: object
) -> None:
    try:
        value = read_value(of(kind), raw)
    except AnswerError as error:
        reject_if(error.code != "ANSWER-001" or "\n" in str(error))
        return
    assert json.loads(json.dumps(value, allow_nan=False)) == value
    assert read_value(of(kind), value) == value
    assert in_words(of(kind), value)
    seen_by_conditions(of(kind), value)
    codes_of(of(kind), value)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("yes_no", " Yes ", True),
        ("yes_no", "n", False),
        ("yes_no", "Sí", True),
        ("date", "XXXX-06", "XXXX-06"),
        (
            "age",
            {"low": 12, "high": 15, "unit": "months", "words": "12-15 months"},
            {"low": 12, "high": 15, "unit": "months", "words": "12-15 months"},
        ),
        ("age", Span(14, 14, "fourteen months"), 14),
        (
            "interval",
            {"from": Span(36, 47.99, "since he was three"), "to": "now"},
            {
                "from": {
                    "low": 36,
                    "high": 47.99,
                    "unit": "months",
                    "words": "since he was three",
                },
                "to": "now",
            },
        ),
        ("choice", "often", "often"),
        ("choices", ["often", "never", "often"], ["never", "often"]),
        ("choices", "some", ["some"]),
        ("scale", "3", 3),
        ("scale", 3.0, 3),
        ("number", "3,5", 3.5),
        ("number", "-0", 0),
        ("number", "3200", 3200),
        ("number", "0,125", 0.125),
        ("age", "2y 3m", 27),
        ("age", "1 year and 2 months", 14),
        ("age", "2 años y 3 meses", 27),
        ("age", "6 weeks", 1.38),
        ("age", "14", 14),
        ("age", "birth", 0),
        ("date", "2019-02", "2019-02"),
        ("date", 2019, "2019"),
        ("interval", "14 months to 2y 3m", {"from": 14, "to": 27}),
        ("interval", "? to now", {"from": None, "to": "now"}),
        ("interval", "pregnancy to birth", {"from": -9, "to": 0}),
        ("interval", [3, None], {"from": 3, "to": None}),
        ("text", "  a\u202eb\x1b[31m ", "ab[31m"),
        ("text", 12, "12"),
        ("person", "gran\n mother", "gran mother"),
        ("table", [{"who": "a", "age": "2y 0m"}, {}], [{"who": "a", "age": 24}]),
        ("age", "2 years", {"low": 24, "high": 35.99, "unit": "months", "words": "2 years"}),
        ("age", "1,5 años", {"low": 15, "high": 20.99, "unit": "months", "words": "1,5 años"}),
        ("table", [{"who": None, "how": "some"}], [{"how": "some"}]),
    ],
)
def test_what_people_say_becomes_what_is_stored(kind: str, raw: object, value: object) -> None:
    assert read_value(of(kind), raw) == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("yes_no", "perhaps"),
        ("yes_no", 1),
        ("choice", "Often"),
        ("choice", ["often"]),
        ("choices", ["often", "x"]),
        ("choices", {"often": True}),
        ("choices", []),
        ("date", "2019-00"),
        ("date", "2019-05-00"),
        ("date", "0000"),
        ("number", {"low": 3, "high": 1, "unit": "count", "words": ""}),
        ("age", {"low": 3, "high": 5, "unit": "hours", "words": ""}),
        ("date", {"low": None, "high": None, "unit": "date", "words": "once"}),
        ("scale", 2.5),
        ("scale", 6),
        ("scale", True),
        ("number", "3,200"),
        ("number", "a dozen or two"),
        ("number", math.nan),
        ("number", math.inf),
        pytest.param("number", 10**400, id="number-large"),
        pytest.param("number", "9" * 5000, id="number-huge"),
        ("number", "٣"),
        ("age", -1),
        ("age", 1501),
        ("age", "before birth"),
        ("date", "2019-02-30"),
        ("date", "2019-2-3"),
        ("date", "20190203"),
        ("date", "２０１９"),
        pytest.param("date", 10**5000, id="date-huge"),
        ("date", True),
        ("interval", "2y to 1y"),
        ("interval", "now to now"),
        ("interval", "? to ?"),
        ("interval", {}),
        ("interval", {"from": 1, "until": 2}),
        ("interval", [1, 2, 3]),
        ("text", "\u200b \x07"),
        ("text", True),
        ("text", math.nan),
        ("person", []),
        ("table", {"who": "a"}),
        ("table", ["a"]),
        ("table", [{"whom": "a"}]),
        ("table", [{}] * 201),
    ],
)
def test_what_does_not_fit_is_refused_and_not_repeated(kind: str, raw: object) -> None:
    with pytest.raises(AnswerError) as caught:
        read_value(of(kind), raw)
    if isinstance(raw, str) and raw.isalpha():
        assert raw not in str(caught.value)


@pytest.mark.parametrize("kind", ["age", "interval", "number", "date"])
@pytest.mark.parametrize(
    "text",
    ["1y" + " " * 20_000 + "x", "1 y, " * 5_000, "9" * 20_000],
    ids=["gap", "years", "nines"],
)
def test_a_long_text_is_refused_at_once(kind: str, text: str) -> None:
    before = time.perf_counter()
    with pytest.raises(AnswerError):
        read_value(of(kind), text)
    assert time.perf_counter() - before < 0.2


def test_a_column_is_read_like_a_question_but_holds_no_table() -> None:
    column = Column("c", "C?", "table", {}, None)
    with pytest.raises(AnswerError, match="takes rows"):
        read_value(column, [])


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (-9, "before birth"),
        (0, "birth"),
        (0.05, "1 week"),
        (0.5, "2 weeks"),
        (1, "1 month"),
        (14, "14 months"),
        (23.5, "23.5 months"),
        (24, "2 y"),
        (27.9, "2 y 3 m"),
    ],
)
def test_ages_are_said_as_people_say_them(months: float, words: str) -> None:
    assert age_in_words(months) == words


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("yes_no", False, "No"),
        ("choices", [], "none of them"),
        ("choices", ["never", "often"], "never; often"),
        ("number", 1234567, "1234567 times"),
        ("number", 0.25, "0.25 times"),
        ("number", -10, "-10 times"),
        ("interval", {"from": 14, "to": "now"}, "14 months to now"),
        ("interval", {"from": None, "to": 27}, "not known to 2 y 3 m"),
        ("table", [{}], "1 row"),
        ("choice", "gone", "gone"),
    ],
)
def test_stored_values_are_said_in_words(kind: str, value: object, words: str) -> None:
    assert in_words(of(kind), value) == words  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("es", "3.200", 3200),
        ("es", "3,2", 3.2),
        ("Spanish", "1.234.567", 1234567),
        ("es-MX", "1.234,5", 1234.5),
        ("es", "0.125", 0.125),
        ("en", "3.200", 3.2),
        (None, "3.200", 3.2),
    ],
)
def test_a_number_is_read_as_its_language_writes_it(
    language: str | None, text: str, number: float
) -> None:
    assert read_value(of("number"), text, language) == number


def test_an_option_that_stands_alone_takes_no_other_beside_it() -> None:
    signs = replace(of("choices"), alone=("never",))
    assert read_value(signs, ["never"]) == ["never"]
    assert read_value(signs, ["some", "often"]) == ["some", "often"]
    with pytest.raises(AnswerError, match="only alone"):
        read_value(signs, ["never", "often"])


def test_a_name_is_the_same_however_it_was_typed() -> None:
    assert read_value(of("person"), "Zoe\u0308") == read_value(of("person"), "Zo\u00eb")


def test_conditions_see_a_span_as_the_range_it_is() -> None:
    span = Span(12, 15, "about a year").stored()
    assert seen_by_conditions(of("age"), read_value(of("age"), span)) == Range(12, 15)
    assert in_words(of("age"), span) == "12 months to 15 months (\u201cabout a year\u201d)"
    summer = Span.of_dates(date(2019, 6, 1), date(2019, 8, 31), "summer 2019")
    assert summer.edtf() == "2019-22"
    assert seen_by_conditions(of("date"), summer.stored()) == Range(
        summer.low, summer.high, whole=True
    )
