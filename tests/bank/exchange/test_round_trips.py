"""What is exported and taken in again is what it was; without our extensions it asks the same."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from nmt_intake.bank.exchange.fhir import read_questionnaire, read_resource
from nmt_intake.bank.exchange.fhir_export import questionnaire_of
from nmt_intake.bank.exchange.forms import Form
from nmt_intake.bank.exchange.sheets import read_sheets
from nmt_intake.bank.exchange.xlsform import read_rows, read_xlsform
from nmt_intake.bank.exchange.xlsform_export import xlsform_of
from nmt_intake.bank.loading import load_bank
from nmt_intake.bank.model import Bank, Question
from tests.bank.exchange import random_forms, random_sheets
from tests.bank.exchange.playing import as_json, imported, states
from tests.bank.exchange.standard import enabled

SMALL = Path(__file__).parents[2] / "tui" / "banks" / "small"
KEPT = ("id", "ask", "options", "unit", "preface", "listen_for", "hidden", "loinc")


def back_from_fhir(bank: Bank) -> Form:
    """Return a bank as a form that went through FHIR."""
    resource, _ = questionnaire_of(bank)
    return read_questionnaire(json.dumps(resource).encode(), "f.json")


def back_from_xlsform(bank: Bank) -> Form:
    """Return a bank as a form that went through a workbook."""
    return read_xlsform(xlsform_of(bank)[0], "f.xlsx")


@pytest.mark.parametrize("folder", [SMALL, None], ids=["small", "shipped"])
@pytest.mark.parametrize("through", [back_from_fhir, back_from_xlsform])
def test_a_bank_comes_back_as_it_was(folder: Path | None, through: Any, tmp_path: Path) -> None:
    before = load_bank(folder)
    after, made = imported(through(before), tmp_path)
    assert [str(line) for line in made.left_out] == []
    assert list(after.questions) == list(before.questions)
    for name, question in before.questions.items():
        again = after.questions[name]
        assert {key: getattr(again, key) for key in KEPT} == {
            key: getattr(question, key) for key in KEPT
        }
        assert again.kind == {"table": "text"}.get(question.kind, question.kind)
        assert text_of(again.when) == text_of(question.when)
        assert check_of(again) == check_of(question)
    for block, again in zip(before.blocks, after.blocks, strict=True):
        assert (again.id, again.title, again.opening, again.for_each, text_of(again.when)) == (
            block.id,
            block.title,
            block.opening,
            block.for_each,
            text_of(block.when),
        )


def check_of(question: Question) -> tuple[str, str] | None:
    """Return what is expected of an answer, and what is said if it is not so."""
    check = question.hard_check
    return (check.expect.text, check.say) if check else None


def text_of(condition: Any) -> str | None:
    """Return the words of a condition."""
    return condition.text if condition else None


def test_what_somebody_changed_in_the_form_counts(tmp_path: Path) -> None:
    """Our own words of a condition are only believed while what they were told as stands."""
    resource, _ = questionnaire_of(load_bank(SMALL))
    text = json.dumps(resource)
    changed = text.replace('"operator": "="', '"operator": "!="')
    assert changed != text
    bank, _ = imported(read_questionnaire(changed.encode(), "f.json"), tmp_path)
    before = load_bank(SMALL)
    differing = [
        name
        for name, question in bank.questions.items()
        if text_of(question.when) != text_of(before.questions[name].when)
    ]
    assert differing


@pytest.mark.parametrize("seed", range(25))
def test_a_form_told_again_enables_the_same(seed: int, tmp_path: Path) -> None:
    """FHIR, bank, FHIR without anything of ours: the standard's rule enables what it did."""
    random = Random(seed)
    form = random_forms.random_form(random, random.randint(3, 20))
    bank, made = imported(read_questionnaire(as_json(form), "f.json"), tmp_path)
    again = plain(questionnaire_of(bank)[0])
    for _ in range(10):
        answers = random_forms.random_answers(form, random)
        right = enabled(form, answers)
        told = {
            made.questions[key]: [
                recoded(made.codes.get(key, {}), bank.id, each) for each in values
            ]
            for key, values in answers.items()
        }
        found = enabled(again, told)
        differing = {key for key, name in made.questions.items() if found[name] != right[key]}
        assert differing == set()


def plain(resource: Any) -> Any:
    """Return a resource without extensions."""
    match resource:
        case dict():
            return {key: plain(each) for key, each in resource.items() if key != "extension"}
        case list():
            return [plain(each) for each in resource]
        case _:
            return resource


def recoded(codes: Any, bank: str, value: Any) -> Any:
    """Return a coding as the export has it, any other value as it is."""
    key = "|".join(value) if isinstance(value, tuple) else value
    if isinstance(value, tuple) or (isinstance(key, str) and key in codes):
        return f"urn:nmt-intake:{bank}", codes.get(key, "other")
    return value


@pytest.mark.parametrize("seed", range(25))
def test_a_bank_told_as_sheets_asks_the_same(seed: int, tmp_path: Path) -> None:
    """XLSForm, bank, XLSForm without our columns, bank: both banks ask the same."""
    random = Random(seed)
    made = random_sheets.random_sheets(random, random.randint(3, 20))
    bank, first = imported(read_rows(made.sheets()), tmp_path / "first")
    sheets = read_sheets(xlsform_of(bank)[0], "f.xlsx")
    survey = [
        {key: text for key, text in row.items() if not key.startswith("intake_")}
        for row in sheets["survey"]
    ]
    again, second = imported(read_rows({**sheets, "survey": survey}), tmp_path / "second")
    for _ in range(10):
        answers = random_sheets.random_answers(random, made)
        right = states(bank, first, answers)
        told = {
            first.questions[key]: _again(first.codes.get(key, {}), answers[key]) for key in answers
        }
        found = states(again, second, told)
        assert {key for key in right if right[key] is True} == {
            key for key, name in first.questions.items() if found[name] is True
        }


def _again(codes: Any, given: Any) -> Any:
    if isinstance(given, list):
        return [codes.get(each, each) for each in given]
    return codes.get(given, given)


def test_reading_a_resource_changes_nothing_in_it() -> None:
    resource, _ = questionnaire_of(load_bank(SMALL))
    text = json.dumps(resource)
    read_resource(resource)
    assert json.dumps(resource) == text
