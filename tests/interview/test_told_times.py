"""Times told in words as answers: stored as wide as they were told, seen so by conditions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from nmt_intake.bank.model import Question
from nmt_intake.bank.truth import Answers, State
from nmt_intake.interview.spans import span_from
from nmt_intake.interview.spoken_times import Context
from nmt_intake.interview.values import AnswerError, in_words, read_value, seen_by_conditions
from tests.interview.random_banks import bank_from, question

BANK = bank_from(
    [
        {
            "block": "b",
            "title": "B",
            "questions": [
                *(question(kind, kind) for kind in ("number", "age", "date", "interval")),
                question("walks_alone", "age"),
                question("late", "yes_no", when="b.age < 18"),
            ],
        }
    ]
)
KNOWN = Context(
    "en", "GB", birth=(date(2017, 5, 10), date(2017, 5, 10)), interviewed=date(2026, 11, 10)
)
DESK = replace(KNOWN, asks_unit=True)


def of(name: str, unit: str | None = None) -> Question:
    return replace(BANK.questions[f"b.{name}"], unit=unit)


@pytest.mark.parametrize(
    ("kind", "unit", "words", "low", "high", "said"),
    [
        ("age", None, "about 14 months", 12, 16.99, "12 months to 17 months"),
        ("age", None, "12-15 months", 12, 15.99, "12 months to 16 months"),
        ("age", None, "in her second year", 12, 23.99, "1 y to 2 y"),
        ("age", None, "two years and three months", 27, 27.99, "2 y 3 m to 2 y 4 m"),
        ("age", None, "before two", 0, 23.99, "birth to 2 y"),
        ("age", None, "six weeks", 1.38, 1.6, "6 weeks to 7 weeks"),
        ("age", None, "after two", 24, None, "2 y or more"),
        ("age", None, "July 2018", 13, 14.99, "13 months to 15 months"),
        ("number", "weeks", "about six weeks", 5, 7, "5 weeks to 7 weeks"),
        ("number", "hours", "eight or nine", 8, 9, "8 hours to 9 hours"),
        ("number", "schools", "three or four", 3, 4, "3 schools to 4 schools"),
        ("number", "days", "a week", 3.5, 10.5, "3.5 days to 10.5 days"),
    ],
)
def test_words_are_stored_as_the_span_they_tell_and_said_again(
    kind: str, unit: str | None, words: str, low: float, high: float | None, said: str
) -> None:
    asked = of(kind, unit)
    value: Any = read_value(asked, words, "en", KNOWN)
    assert (value["low"], value["high"], value["words"]) == (low, high, words)
    assert read_value(asked, value) == value
    assert in_words(asked, value).startswith(f"{said} (")


@pytest.mark.parametrize(
    ("words", "low", "high", "edtf"),
    [
        ("summer 2019", "2019-06-01", "2019-09-30", "2019-22"),
        ("about 2019", "2017-12-31", "2020-12-31", "2019~"),
        ("I think July 2019", "2019-04-30", "2019-10-01", "2019-07?"),
        ("before 2019", None, "2018-12-31", "../2018"),
        ("early 2019", "2019-01-01", "2019-04-30", "2019-01/2019-04"),
    ],
)
def test_a_date_keeps_how_edtf_writes_it_beside_its_widest_days(
    words: str, low: str | None, high: str, edtf: str
) -> None:
    value: Any = read_value(of("date"), words, "en", KNOWN)
    assert (value["low"], value["high"], value["edtf"]) == (low, high, edtf)
    span = span_from(value)
    assert span is not None
    assert span.edtf() == edtf
    assert read_value(of("date"), value) == value


def test_a_day_a_month_or_a_year_that_is_told_in_words_is_stored_in_its_short_form() -> None:
    for words, stored in (
        ("14 September 2019", "2019-09-14"),
        ("the fourteenth of March twenty twenty-one", "2021-03-14"),
        ("May of 2020", "2020-05"),
        ("last year", "2025"),
    ):
        assert read_value(of("date"), words, "en", KNOWN) == stored


def test_an_interval_is_stored_as_the_two_ends_that_were_told() -> None:
    value: Any = read_value(of("interval"), "since he was three", "en", KNOWN)
    assert (value["from"]["low"], value["from"]["high"], value["to"]) == (36, 47.99, "now")
    dated: Any = read_value(of("interval"), "2019 to 2021", "en", KNOWN)
    assert (dated["from"]["low"], dated["to"]["high"]) == (19, 55.99)
    assert in_words(of("interval"), value) == "3 y to now"
    with pytest.raises(AnswerError, match="birth date"):
        read_value(of("interval"), "2019 to 2021", "en")


@pytest.mark.parametrize(
    ("name", "words", "language", "asks"),
    [
        ("walks_alone", "14", "en", "Fourteen months, or fourteen years?"),
        ("walks_alone", "thirteen", "en", "Thirteen months, or thirteen years?"),
        ("walks_alone", "catorce", "es", "¿Catorce meses o catorce años?"),
        ("date", "last summer", "en", "Which year was that?"),
        ("age", "when she was little", "en", "Can you say a little more exactly?"),
    ],
)
def test_what_is_unclear_is_asked_in_one_sentence(
    name: str, words: str, language: str, asks: str
) -> None:
    known = replace(DESK, language=language)
    with pytest.raises(AnswerError) as caught:
        read_value(of(name), words, language, known)
    assert caught.value.advice == asks


def test_the_plain_forms_are_what_they_were() -> None:
    assert read_value(of("age"), "14 months") == 14
    assert read_value(of("age"), "14") == 14
    assert read_value(of("date"), "2019-07") == "2019-07"
    with pytest.raises(AnswerError, match="Write 14 months"):
        read_value(of("age"), "green")
    with pytest.raises(AnswerError, match="3200, or 3"):
        read_value(of("number"), "3,200")


def test_a_condition_is_decided_by_a_span_only_where_all_of_it_agrees() -> None:
    gate = BANK.questions["b.late"].when
    for words, state in (
        ("12-15 months", State.OPEN),
        ("12 to 24 months", State.PENDING),
        ("after two", State.CLOSED),
        ("about two", State.CLOSED),
        ("before two", State.PENDING),
    ):
        seen = seen_by_conditions(of("age"), read_value(of("age"), words, "en", KNOWN))
        assert gate.state(Answers(values={"b.age": seen}), "") is state, words
