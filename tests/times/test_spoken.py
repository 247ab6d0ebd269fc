"""The list of spoken times itself: each expectation is one that .readme/times.md allows."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from tests.times.__main__ import Judged, table, within_limits
from tests.times.spoken import HALVES, Ends, Shape, Spoken, contexts, judge, spoken

ALL = [each for half in HALVES for each in spoken(half)]
SHAPES = {
    "age": {"span"},
    "date": {"edtf"},
    "interval": {"edtf", "from to"},
    "count": {"number"},
    "duration": {"number"},
    "hours": {"number"},
}
# EDTF level 1: a date with at most one qualifier, a decade, an interval of two of them.
_DATE = r"(\d{3}X|\d{4}(-(0[1-9]|1[0-2]|2[1-4])(-(0[1-9]|[12]\d|3[01]))?)?)[?~%]?"
_EDTF = re.compile(rf"{_DATE}|({_DATE}|\.\.|)/({_DATE}|\.\.|)")
PAGE = Path(__file__).parents[2] / ".readme" / "times.md"


def _shape(each: Spoken) -> str:
    return " ".join(each.expect.as_data())


def _ordered(each: Spoken) -> bool:
    meant = each.expect
    spans = [ends for ends in (meant.span, meant.start, meant.end) if isinstance(ends, Ends)]
    if not all(ends.high is None or ends.low < ends.high for ends in spans):
        return False
    if meant.number is not None and meant.number.high is not None:
        return meant.number.low <= meant.number.high
    if meant.start is not None and isinstance(meant.end, Ends):
        return meant.end.high is None or meant.start.low < meant.end.high
    return True


def test_there_are_four_hundred_or_more_in_two_even_halves() -> None:
    sizes = [len(spoken(half)) for half in HALVES]
    assert sum(sizes) >= 400
    assert abs(sizes[0] - sizes[1]) <= 1


def test_no_id_and_no_question_stands_twice() -> None:
    assert len({each.id for each in ALL}) == len(ALL)
    asked = Counter((each.words, each.kind, each.case, each.topic, each.unit) for each in ALL)
    assert asked.most_common(1)[0][1] == 1


@pytest.mark.parametrize("half", HALVES)
def test_a_tenth_to_a_sixth_asks_back_and_about_a_quarter_is_spanish(half: str) -> None:
    rows = spoken(half)
    asks = sum(each.expect.ask_back is not None for each in rows) / len(rows)
    spanish = sum(each.language == "es" for each in rows) / len(rows)
    assert 0.10 <= asks <= 0.16
    assert 0.20 <= spanish <= 0.30


def test_both_halves_have_each_kind_in_each_language_and_nearly_each_sort() -> None:
    first, second = ({(e.kind, e.language) for e in spoken(half)} for half in HALVES)
    assert first == second
    counts = Counter(f"{each.kind} {each.sort}" for each in ALL)
    for half in HALVES:
        present = {f"{each.kind} {each.sort}" for each in spoken(half)}
        assert not [sort for sort, number in counts.items() if number >= 4 and sort not in present]


def test_each_expectation_has_the_shape_of_its_kind() -> None:
    odd = [e.id for e in ALL if not e.expect.ask_back and _shape(e) not in SHAPES[e.kind]]
    assert not odd


def test_no_span_is_empty_or_turned_round() -> None:
    assert not [each.id for each in ALL if not _ordered(each)]


def test_dates_are_edtf_level_1_and_not_after_the_interview() -> None:
    for each in ALL:
        text = each.expect.edtf
        if text is None:
            continue
        assert _EDTF.fullmatch(text), each.id
        years = [int(year) for year in re.findall(r"\d{4}", text)]
        assert all(year <= 2026 for year in years), each.id
        assert all(first <= second for first, second in pairwise(years)), each.id


def test_no_age_begins_before_birth_or_after_the_client_is_that_old() -> None:
    for each in ALL:
        span, birth = each.expect.span, contexts()[each.case]["birth"]
        if span is None:
            continue
        assert span.low >= 0, each.id
        if isinstance(birth, str):
            year, month = int(birth[:4]), int(birth[5:7])
            assert span.low <= (2026 - year) * 12 + 11 - month, each.id


def test_counts_are_whole_and_hours_fit_into_a_day() -> None:
    for each in ALL:
        number = each.expect.number
        if number is None:
            continue
        if each.kind == "count":
            assert number.low == int(number.low)
            assert number.per != "week" or (number.high or 0) <= 7
        if each.kind == "hours":
            assert 0 <= number.low <= (number.high or 24) <= 24
        assert (number.unit is not None) == (each.kind == "duration")


def test_what_asks_back_is_named_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    used = {each.expect.ask_back for each in ALL if each.expect.ask_back}
    assert not [unclear for unclear in used if f"`{unclear}`" not in page]


@pytest.mark.parametrize(
    ("meant", "got", "verdict"),
    [
        ({"span": {"low": 24, "high": 36}}, {"span": {"low": 24.04, "high": 36}}, "right"),
        ({"span": {"low": 24, "high": 36}}, {"span": {"low": 18, "high": 36}}, "wider"),
        ({"span": {"low": 24, "high": 36}}, {"span": {"low": 24, "high": 30}}, "wrong"),
        ({"span": {"low": 24, "high": None}}, {"span": {"low": 24, "high": 90}}, "wrong"),
        ({"span": {"low": 24, "high": 36}}, {"span": {"low": 24, "high": None}}, "wider"),
        ({"span": {"low": 24, "high": 36}}, {"ask_back": "unit"}, "asked back"),
        ({"ask_back": "unit"}, {"ask_back": "slip"}, "right"),
        ({"ask_back": "unit"}, {"span": {"low": 24, "high": 36}}, "wrong"),
        ({"edtf": "2019-22"}, {"edtf": "2019"}, "wider"),
        ({"edtf": "2019"}, {"edtf": "2019-22"}, "wrong"),
        ({"edtf": "2019~"}, {"edtf": "2019"}, "wrong"),
        ({"edtf": "199X"}, {"edtf": "1990/1999"}, "right"),
        ({"edtf": "../2018"}, {"edtf": "../2019"}, "wider"),
        ({"edtf": "2019/.."}, {"edtf": "2019/"}, "wrong"),
        (
            {"from": {"low": 36, "high": 48}, "to": "now"},
            {"from": {"low": 36, "high": 48}, "to": None},
            "wrong",
        ),
        (
            {"from": {"low": 36, "high": 48}, "to": None},
            {"from": {"low": 36, "high": 48}, "to": {"low": 36, "high": 48}},
            "wrong",
        ),
        (
            {"number": {"low": 2, "high": 3, "unit": "weeks"}},
            {"number": {"low": 2, "high": 3, "unit": "days"}},
            "wrong",
        ),
    ],
)
def test_a_result_is_right_wider_wrong_or_asks_back(meant: Shape, got: Shape, verdict: str) -> None:
    assert judge(meant, got) == verdict


@pytest.mark.parametrize("half", HALVES)
def test_the_list_read_to_itself_is_right_and_one_wrong_span_breaks_the_limits(half: str) -> None:
    same: list[Judged] = [
        (each, judge(each.expect.as_data(), each.expect.as_data()), {}) for each in spoken(half)
    ]
    assert {verdict for _, verdict, _ in same} == {"right"}
    assert within_limits(same)
    assert not within_limits([(same[0][0], "wrong", {}), *same[1:]])
    assert any(line.startswith("with a span") for line in table(half, same))
