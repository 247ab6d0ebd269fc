"""A question of every kind goes through every part: one that forgets a kind fails by its name."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from nmt_intake.bank.exchange.fhir_export import questionnaire_of
from nmt_intake.bank.exchange.xlsform_export import xlsform_of
from nmt_intake.bank.loading import load_bank, load_sources
from nmt_intake.bank.model import Bank, Kind
from nmt_intake.bank.sources import Kind as WrittenKind
from nmt_intake.interview import values
from nmt_intake.interview.coverage import cover
from nmt_intake.interview.events import Answered
from nmt_intake.interview.kinds import KINDS as ANSWER_KINDS
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.shown import chosen_of, shown_options
from nmt_intake.interview.speaking import Spoken
from nmt_intake.interview.state import fold
from nmt_intake.interview.walk import AtQuestion
from nmt_intake.tui.views.question import view_of
from tests.banks import shipped

OPTIONS = "options: {one: One, two: Two}"
# Of each kind: what a bank writes beside it, and an answer.
KINDS: dict[Kind, tuple[str, object]] = {
    "yes_no": ("", True),
    "choice": (OPTIONS, "one"),
    "choices": (OPTIONS, ["one", "two"]),
    "scale": ("options: {1: Low, 2: High}", "2"),
    "number": ("unit: weeks", "3"),
    "age": ("", "14 months"),
    "date": ("", "2020-05"),
    "interval": ("", {"from": "2", "to": "now"}),
    "text": ("", "She sang."),
    "person": ("", "her aunt"),
    "table": ("columns: [{id: what, ask: What it was, kind: text}]", [{"what": "a song"}]),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kinds")
    (folder / "bank.yaml").write_text('id: kinds\nversion: "1"\nlanguage: en\nblocks: [all]\n')
    questions = [
        f"  - {{id: {kind}, ask: And this?, kind: {kind}{', ' if more else ''}{more}}}\n"
        f"  - {{id: {kind}_more, ask: And then?, kind: text, when: answered({kind})}}\n"
        for kind, (more, _) in KINDS.items()
    ]
    (folder / "all.yaml").write_text(
        "block: all\ntitle: All\nquestions:\n" + "".join(questions), encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def bank(folder: Path) -> Bank:
    return load_bank(folder)


def test_the_table_of_this_test_and_those_of_the_program_have_the_same_kinds() -> None:
    kinds = set(KINDS)
    assert set(get_args(Kind)) == kinds
    assert set(get_args(WrittenKind)) == kinds
    assert set(ANSWER_KINDS) == kinds


def test_a_bank_of_all_kinds_has_no_problem(folder: Path) -> None:
    assert load_sources(folder).problems == ()


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_read_seen_said_and_shown(kind: Kind, bank: Bank) -> None:
    slot = f"all.{kind}"
    question = bank.questions[slot]
    value = values.read_value(question, KINDS[kind][1])
    event = Answered(slot=slot, value=value, **Recorder("ana", bank).carried())
    interview = fold(bank, [event])
    assert interview.said(slot).given[0].value == value
    assert values.seen_by_conditions(question, value) is not None
    assert interview.truths[f"{slot}_more"] is True
    assert values.in_words(question, value)
    view = view_of(interview, AtQuestion(slot), language=None, basis=None, draft=None)
    assert "And this?" in str(view.ask)


def test_the_walk_over_a_bank_knows_an_answer_of_every_kind(bank: Bank) -> None:
    found = cover(bank)
    assert (found.never_asked, found.missed) == ({}, ())
    assert found.one_way == {}


def test_every_kind_goes_into_forms_or_is_said_to_be_left_out(bank: Bank) -> None:
    form, left_out = questionnaire_of(bank)
    told = f"{form} {left_out}"
    assert [kind for kind in KINDS if f"all.{kind}" not in told] == []
    assert xlsform_of(bank)[0]


def test_none_of_them_is_an_option_of_several_that_have_none_of_their_own() -> None:
    bank = shipped()
    words = fold(bank, []).words()
    offered = 0
    for question in bank.questions.values():
        if question.kind != "choices":
            continue
        said = Spoken(None, question.ask, question.options, None, None, ())
        shown = shown_options(question, said, words)
        own = bool(question.alone) or "none" in question.options
        assert (list(shown) != list(question.options)) == (not own), question.id
        if own:
            continue
        offered += 1
        assert list(shown.items())[-1] == ("none", "None of them")
        stored = values.read_value(question, ["none"])
        assert values.read_value(question, stored) == stored == ["none"]
        assert values.seen_by_conditions(question, stored) == ()
        assert values.codes_of(question, stored) == ()
        assert values.in_words(question, stored) == "none of them"
        assert chosen_of(question, stored) == ("none",)
        for wrong in ([], ["none", next(iter(question.options), "none-1")]):
            with pytest.raises(values.AnswerError):
                values.read_value(question, wrong)
    assert offered > 20
    alone = next(each for each in bank.questions.values() if each.alone)
    if "none" not in alone.options:
        with pytest.raises(values.AnswerError):
            values.read_value(alone, ["none"])
