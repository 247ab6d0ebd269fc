"""Words for closed lists: one catalogue per language, whole, and read by every face."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from nmt_intake.bank.checking import check
from nmt_intake.bank.compiled import decode, encode
from nmt_intake.bank.loading import load_bank, load_sources
from nmt_intake.bank.model import Bank
from nmt_intake.bank.words import CODES, LISTS, OPEN
from nmt_intake.interview.asking import said_in_words
from nmt_intake.interview.events import Basis, Confidence, InformantKind, MissingReason
from nmt_intake.interview.state import fold
from nmt_intake.interview.walk import AtQuestion
from nmt_intake.tui.views.question import view_of
from tests.banks import shipped
from tests.report.small_case import interview_of, report_of, small_bank

HEAD = "id: t\nversion: '1'\nlanguage: {language}\ntitle: T\nblocks: [a]\n"
BLOCK = "block: a\ntitle: A\nquestions:\n  - {id: q, ask: Q?, kind: yes_no, keywords: [q, r, s]}\n"


def bank_with(folder: Path, language: str, **words: str) -> Path:
    (folder / "bank.yaml").write_text(HEAD.format(language=language))
    (folder / "a.yaml").write_text(BLOCK)
    (folder / "words").mkdir()
    for name, text in words.items():
        (folder / "words" / f"{name}.yaml").write_text(text)
    return folder


def test_every_closed_list_has_words_for_every_code() -> None:
    assert {*CODES, *OPEN} == set(LISTS)
    assert set(CODES["missing"]) == set(CODES["missing_at_desk"]) == set(get_args(MissingReason))
    assert set(CODES["bases"]) == set(get_args(Basis))
    assert set(CODES["confidences"]) == set(get_args(Confidence))
    assert set(CODES["tellers"]) == set(get_args(InformantKind))
    for words in shipped().words.values():
        assert not words.lacking
        for name in LISTS:
            assert tuple(getattr(words, name)) == CODES.get(name, tuple(getattr(words, name)))
            assert all(getattr(words, name).values())


def test_words_survive_the_compiled_form() -> None:
    bank = shipped()
    assert decode(encode(bank), bank.folder).words == bank.words


def test_a_bank_has_its_own_words_and_the_programs_where_it_has_none(tmp_path: Path) -> None:
    own = "missing:\n  masked: hidden on purpose\n"
    bank = load_bank(bank_with(tmp_path, "en", en=own))
    assert bank.words_in("en").missing["masked"] == "hidden on purpose"
    assert bank.words_in("en").missing["not-asked"] == "not asked"


def test_bank_check_names_what_a_language_lacks(tmp_path: Path) -> None:
    bank = load_bank(bank_with(tmp_path, "de", de="confidences: {high: sicher}\n"))
    assert bank.words_in("de").confidences == {
        "high": "sicher",
        "moderate": "fairly sure",
        "low": "not sure",
    }
    said = [each.message for each in check(bank) if "closed lists" in each.message]
    assert len(said) == 1
    assert "confidences.low" in said[0]
    assert "confidences.high" not in said[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("reasons: {masked: hidden}\n", "BANK-007"),
        ("missing: {hidden: hidden}\n", "BANK-007"),
        ("missing: {masked: ''}\n", "BANK-006"),
        ("missing: {masked: [a, b]}\n", "BANK-006"),
        ("missing: words\n", "BANK-006"),
        ("- missing\n", "BANK-006"),
        ("missing: &a {masked: x}\n", "BANK-004"),
    ],
)
def test_a_file_of_words_is_read_strictly(tmp_path: Path, text: str, code: str) -> None:
    problems = load_sources(bank_with(tmp_path, "en", en=text)).problems
    assert code in {each.code for each in problems}
    assert "words/en.yaml" in {each.file for each in problems}


def spanish_bank() -> Bank:
    return replace(small_bank(), language="es", words=shipped().words)


def test_a_spanish_report_has_no_english_word_of_a_closed_list() -> None:
    bank = spanish_bank()
    found = report_of(interview_of(bank=bank)).markdown
    lists, spanish = bank.words["en"], bank.words["es"]
    shown = {
        said
        for name in ("missing", "missing_titles", "missing_advice", "bases", "tellers")
        for each in getattr(lists, name).values()
        for said in (each, each[:1].upper() + each[1:])
        for around in ("({})", "**{}**", "### {}\n", ". {}\n", ", {})", " · {})", "| {} |")
        if around.format(said) in found
    }
    assert not shown
    assert spanish.missing_titles["asked-unknown"] in found
    assert any(f", {each}" in found for each in spanish.bases.values())


@pytest.mark.parametrize("language", ["es", None])
def test_a_question_in_spanish_has_no_english_word_of_a_closed_list(language: str | None) -> None:
    bank = spanish_bank()
    interview = interview_of(bank=bank)
    lists = bank.words["en"]
    english = {
        *lists.missing_at_desk.values(),
        *lists.bases_at_desk.values(),
        lists.answers["none_of_them"],
    }
    seen = 0
    for slot in interview.slots:
        if interview.question(slot) is None or interview.part(slot) is None:
            continue
        view = view_of(interview, AtQuestion(slot), language=language, basis="saw", draft=None)
        shown = [
            view.after.plain.split("Words kept")[0],
            *(each.text.plain for each in view.choices),
        ]
        seen += any(each in shown[0] for each in bank.words["es"].missing_at_desk.values())
        for text in shown:
            assert not {each for each in english if f" {each}" in text}
    assert seen  # at least one was left without an answer


def test_yes_and_no_are_in_the_language_of_the_bank(tmp_path: Path) -> None:
    bank = load_bank(bank_with(tmp_path, "es"))
    view = view_of(fold(bank, []), AtQuestion("a.q"), language=None, basis=None, draft=None)
    assert [each.text.plain.split()[-1] for each in view.choices] == ["Sí", "No"]


def test_no_code_of_a_missing_reason_is_shown_as_words() -> None:
    for language in ("en", "es"):
        bank = replace(spanish_bank(), language=language)
        interview = interview_of(bank=bank)
        said = {said_in_words(interview, slot) for slot in interview.slots}
        codes = {code.replace("-", " ") for code in CODES["missing"]} - {"not asked"}
        assert not said & codes
