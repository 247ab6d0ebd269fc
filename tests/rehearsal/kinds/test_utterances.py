"""The list of utterances: every one has one label, and nothing gives the label away."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from tests.rehearsal.kinds.utterances import (
    FOUR,
    HALVES,
    OPEN_CLOSED,
    SIX,
    Kind,
    labels,
    utterances,
)

ALL = [each for half in HALVES for each in utterances(half)]
PAGE = Path(__file__).parents[3] / ".readme" / "question-kinds.md"


def test_there_are_four_hundred_in_two_even_halves_without_one_twice() -> None:
    sizes = [len(utterances(half)) for half in HALVES]
    assert sum(sizes) >= 400
    assert abs(sizes[0] - sizes[1]) <= 1
    assert len({each.id for each in ALL}) == len({each.words for each in ALL}) == len(ALL)


@pytest.mark.parametrize("half", HALVES)
def test_reader_a_has_labelled_each_once_and_nothing_else(half: str) -> None:
    found = labels(half)
    assert found.keys() == {each.id for each in utterances(half)}
    assert not [key for key, label in found.items() if label.main == label.second]


@pytest.mark.parametrize("half", HALVES)
def test_each_half_has_every_kind_about_as_often_as_the_other(half: str) -> None:
    here = Counter(label.main for label in labels(half).values())
    both = Counter(label.main for each in HALVES for label in labels(each).values())
    assert here.keys() == set(get_args(Kind))
    assert all(abs(2 * here[kind] - both[kind]) <= 1 for kind in both)


def test_the_files_of_words_hold_no_label() -> None:
    for half in HALVES:
        lines = (Path(__file__).parent / f"{half}.yaml").read_text("utf-8").splitlines()
        assert not [line for line in lines if re.search(r"^\s+(main|second|kind):", line)]


def test_the_page_defines_the_kinds_and_their_groups_as_the_code_has_them() -> None:
    page = PAGE.read_text("utf-8")
    groups = {
        row[1]: row[2:5]
        for row in (re.split(r"\s*\|\s*", line) for line in page.splitlines())
        if len(row) == 7
    }
    for kind in get_args(Kind):
        row = groups[f"`{kind}`"]
        assert row == [group.get(kind, "-") for group in (SIX, FOUR, OPEN_CLOSED)]
