"""The classifier of what interviewers say: as good as a person, quick, and it says why."""

from __future__ import annotations

import json
import time

import pytest

from nmt_intake.cli import main
from nmt_intake.rehearsal.question_kinds import classify, prepare
from tests.rehearsal.kinds.figures import GROUPINGS, agreement, kappa, pairs, read_by
from tests.rehearsal.kinds.utterances import HALVES, fresh, utterances

# One person against the majority of nine others on AnnoMI, counted by this project.
NEEDED = {"six": 0.75, "four": 0.86, "open or closed": 0.82}


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("reader", ["a", "b"])
@pytest.mark.parametrize("grouping", NEEDED)
def test_it_agrees_with_a_reader_no_worse_than_one_person_with_others(
    half: str, reader: str, grouping: str
) -> None:
    found = pairs(read_by(reader, half), read_by("c", half), GROUPINGS[grouping])
    assert agreement(found) >= NEEDED[grouping]


@pytest.mark.parametrize("half", HALVES)
def test_two_readers_agree_far_above_chance(half: str) -> None:
    assert kappa(pairs(read_by("a", half), read_by("b", half), None)) > 0.9


def test_it_knows_the_utterances_written_last() -> None:
    wrong = [words for words, right in fresh() if classify(words).kind not in right]
    assert len(wrong) <= len(fresh()) // 20, wrong


def test_it_answers_in_under_two_milliseconds_and_says_which_words_decided() -> None:
    prepare()
    words = [each.words for half in HALVES for each in utterances(half)]
    start = time.perf_counter()
    found = [classify(each) for each in words]
    assert (time.perf_counter() - start) / len(words) < 0.002
    assert all(each.because for each in found if each.kind != "unsure")


@pytest.mark.parametrize(
    "words", ["", "?", "   ", "...", "a" * 50_000, "and " * 9_000, "\u202e?!\n", "¿Qué?"]
)
def test_nothing_that_can_be_typed_breaks_it_or_takes_long(words: str) -> None:
    start = time.perf_counter()
    classify(words)
    assert time.perf_counter() - start < 0.1


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Tell me, did he hit her?", "dressed"),
        ("What was he like as a baby, easy or difficult?", "narrowed"),
        ("What was he like as a baby?", "invitation"),
    ],
)
def test_the_command_line_prints_the_kind_and_the_banks_question(
    words: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rehearse", "--classify", words]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["kind"] == kind
    assert told["question"]
