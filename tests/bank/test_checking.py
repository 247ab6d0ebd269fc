"""What `bank check` says of a whole bank: clean ones, silenced ones, the shipped one."""

from __future__ import annotations

from pathlib import Path

import pytest

from nmt_intake.bank.checking import check_folder
from nmt_intake.bank.loading import load_sources, shipped_bank
from tests.banks import shipped

FEEDING = """
block: feeding
title: Feeding
for_each: period
when: period.id in ('perinatal', 'infancy')
questions:
  - id: refused
    ask: Was there a time when {client.name} would not feed?
    kind: choice
    options: {never: Never, at_first: "At first, then it settled", often: Often}
    evidence_for: [functions.feeding_appetite]
    keywords: [latch, bottle, breast, would not suck]
  - id: refused_length
    ask: About how long did that last?
    kind: number
    unit: weeks
    when: refused in ('at_first', 'often')
"""
HEAD = "id: outside\nversion: 0.1.0\nlanguage: en\nblocks:\n  - feeding\n"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A small bank written elsewhere, after the example of the design."""
    (tmp_path / "bank.yaml").write_text(HEAD)
    (tmp_path / "feeding.yaml").write_text(FEEDING)
    return tmp_path


def test_a_small_bank_from_outside_is_clean(outside: Path) -> None:
    report = check_folder(outside)
    assert report.findings == ()
    assert (report.questions, report.blocks) == (2, 1)


def test_a_block_may_be_named_by_its_path(outside: Path) -> None:
    (outside / "history").mkdir()
    (outside / "feeding.yaml").rename(outside / "history" / "feeding.yaml")
    assert check_folder(outside).findings == ()
    (outside / "bank.yaml").write_text(HEAD.replace("- feeding", "- history/feeding"))
    assert check_folder(outside).findings == ()


def test_the_report_is_the_contracts_json(outside: Path) -> None:
    (outside / "feeding.yaml").write_text(FEEDING.replace("refused in", "refusd in"))
    report = check_folder(outside).as_json()
    assert report == {
        "findings": [
            {
                "code": "BANK-014",
                "severity": "error",
                "file": "feeding.yaml",
                "line": 17,
                "question": "feeding.refused_length",
                "message": "there is no question 'refusd'.",
                "advice": "Did you mean 'refused'?",
            }
        ],
        "questions": 2,
        "blocks": 1,
    }


@pytest.mark.parametrize("where", ["question", "block", "bank"])
def test_a_finding_can_be_silenced_with_a_reason(where: str, outside: Path) -> None:
    blaming = FEEDING.replace("would not feed?", "would not feed? Why didn't you ask?")
    (outside / "feeding.yaml").write_text(blaming)
    assert [finding.code for finding in check_folder(outside).findings] == ["BANK-034"]
    silence = "silence: {BANK-034: It is read to a class.}\n"
    if where == "question":
        blaming = blaming.replace("    evidence_for", f"    {silence}    evidence_for")
    elif where == "block":
        blaming = blaming.replace("for_each", f"{silence}for_each")
    else:
        (outside / "bank.yaml").write_text(HEAD + silence)
    (outside / "feeding.yaml").write_text(blaming)
    assert check_folder(outside).findings == ()


def test_a_word_is_looked_for_whole_and_in_any_case(outside: Path) -> None:
    text = FEEDING.replace("would not feed?", "feed as AUTISTIC children do? An abnormalist asks.")
    (outside / "feeding.yaml").write_text(text)
    assert [finding.message for finding in check_folder(outside).findings] == [
        "its ask names a diagnosis: 'AUTISTIC'."
    ]


def test_a_broken_question_is_not_told_twice(outside: Path) -> None:
    (outside / "feeding.yaml").write_text(FEEDING.replace("kind: choice", "kind: choise"))
    assert [finding.code for finding in check_folder(outside).findings] == ["BANK-006"]


def test_checking_a_bank_changes_nothing_in_its_folder(outside: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in outside.rglob("*")}
    check_folder(outside)
    assert {path: path.stat().st_mtime_ns for path in outside.rglob("*")} == before


def test_the_shipped_bank_has_nothing_to_find() -> None:
    report = check_folder(shipped_bank())
    assert [str(finding) for finding in report.findings] == []
    assert report.questions >= 400


def test_every_condition_of_the_shipped_bank_comes_after_what_it_reads() -> None:
    bank = shipped()
    place = {name: index for index, name in enumerate(bank.order)}
    for block in bank.blocks:
        for question in block.questions:
            for condition in (block.when, question.when):
                for name, _ in condition.reads if condition else ():
                    assert place[name] < place[question.id]


def test_the_shipped_bank_loads_without_a_word() -> None:
    assert load_sources(shipped_bank()).problems == ()
