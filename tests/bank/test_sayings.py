"""How people say it: read from the question, its options and the files beside, and searched."""

from __future__ import annotations

from pathlib import Path

import pytest

from nmt_intake.bank import compiled
from nmt_intake.bank.loading import load_bank, load_sources
from nmt_intake.bank.model import Bank
from nmt_intake.bank.searching import search
from tests.banks import shipped

BLOCK = """
block: day
title: A day
questions:
  - id: night
    ask: How were the nights?
    kind: choice
    heard_as: [up and down like a yo-yo]
    options:
      fine: Fine
      bad:
        label: Bad
        heard_as: [dead on our feet]
    translations: {es: {ask: Las noches, heard_as: [no pega ojo]}}
  - id: food
    ask: How was the food?
    kind: choice
    heard_as: {phrases: [eats like a bird], options: {little: [pushes the peas about]}}
    options: {little: Little, much: Much}
"""
BESIDE = """
day.food: [hollow legs]
day.night:
  phrases: [a night owl]
  options: {bad: [walking the floor till dawn]}
"""


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    (tmp_path / "bank.yaml").write_text("id: x\nversion: 1\ntranslations: [es]\nblocks: [day]\n")
    (tmp_path / "day.yaml").write_text(BLOCK)
    (tmp_path / "heard_as" / "en").mkdir(parents=True)
    (tmp_path / "heard_as" / "en" / "day.yaml").write_text(BESIDE)
    return load_bank(tmp_path)


@pytest.mark.parametrize(
    ("said", "question", "option"),
    [
        ("he was like a yo-yo", "day.night", None),
        ("we were dead on our feet", "day.night", "bad"),
        ("walked the floor", "day.night", "bad"),
        ("a real owl", "day.night", None),
        ("she eats like a bird", "day.food", None),
        ("pushed his peas", "day.food", "little"),
        ("hollow legs, I tell you", "day.food", None),
        ("no pegaba ojo", "day.night", None),
    ],
)
def test_a_way_of_saying_it_finds_its_question_and_its_answer(
    bank: Bank, said: str, question: str, option: str | None
) -> None:
    found = search(bank, said, limit=1)
    assert [(each.question, each.option) for each in found] == [(question, option)]


def test_an_option_that_carries_phrases_reads_as_its_label(bank: Bank) -> None:
    assert bank.questions["day.night"].options == {"fine": "Fine", "bad": "Bad"}


def test_what_is_searched_comes_back_from_the_compiled_bank(bank: Bank) -> None:
    again = compiled.decode(compiled.encode(bank), bank.folder)
    assert tuple(again.sayings) == tuple(bank.sayings)


def test_a_time_that_is_told_leads_to_the_block_of_that_time() -> None:
    for period, block in (("early_childhood", "early_years"), ("youth", "youth_years")):
        blocks = [each.block for each in search(shipped(), "left alone all night", 9, period)]
        others = {"early_years", "school_years", "youth_years", "infancy_days"} - {block}
        assert block in blocks
        assert all(blocks.index(block) < blocks.index(each) for each in others & {*blocks})


def test_every_question_of_the_shipped_bank_is_heard_in_english_and_nearly_all_in_spanish() -> None:
    bank = shipped()
    heard = {(each.question, each.language) for each in bank.sayings if each.part == "phrase"}
    lacking = {
        language: [name for name in bank.questions if (name, language) not in heard]
        for language in ("en", "es")
    }
    assert len(lacking["en"]) <= 20, lacking["en"]  # a new question may come before its phrases
    assert len(lacking["es"]) <= 60, lacking["es"]


def test_no_phrase_of_the_shipped_bank_names_what_is_not_there() -> None:
    problems = load_sources(Path(shipped().folder)).problems
    assert not [str(each) for each in problems if each.code == "BANK-037"]
