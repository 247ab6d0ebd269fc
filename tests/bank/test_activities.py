"""What `bank check` says about activities beside the context they are planned with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nmt_intake.bank.checking import check_folder
from nmt_intake.bank.checking.activities import breadth
from nmt_intake.bank.loading import load_bank, shipped_bank
from nmt_intake.bank.problems import BankError

HEAD = 'id: small\nversion: "1"\nblocks: [one]\nactivities: [activities/few]\n'
BLOCK = "block: one\ntitle: One\nquestions:\n  - {id: q, ask: How?, kind: text, keywords: [how]}\n"
WHOLE = """basis: Judgement
activities:
  - id: cup
    title: A cup
    domain: self_regulation
    functions: [sleep]
    mainly: [sleep]
    effect: calming
    band: [essential]
    ages: [0, 1200]
    settings: [home]
    led_by: caregiver
    how_often: Daily
    how_long: 5 minutes
    dose: {times: 7, minutes: 5, down: Less., up: More.}
    moment: evening
    cost: none
    looks_like: Drink it.
    signs: Sleeps.
    traits: [oral_food]
    evidence: judgement
"""


def bank_with(folder: Path, activities: str, at_least: int = 0) -> Path:
    (folder / "activities").mkdir(parents=True)
    (folder / "bank.yaml").write_text(HEAD)
    (folder / "one.yaml").write_text(BLOCK)
    (folder / "activities" / "few.yaml").write_text(activities)
    context = (shipped_bank() / "activities" / "context.yaml").read_text("utf-8")
    context = context.replace("  at_least: 6\n  free_at_least: 3\n", f"  at_least: {at_least}\n", 1)
    (folder / "activities" / "context.yaml").write_text(context)
    shutil.copy(shipped_bank() / "activities" / "sequence.yaml", folder / "activities")
    return folder


def codes(folder: Path) -> list[str]:
    found = [finding.code for finding in check_folder(folder).findings]
    return [code for code in found if code.startswith("BANK-06")]


def test_a_whole_activity_has_nothing_to_find(tmp_path: Path) -> None:
    assert codes(bank_with(tmp_path / "bank", WHOLE)) == []


@pytest.mark.parametrize("key", ["mainly", "effect", "moment", "signs", "evidence", "dose"])
def test_what_a_plan_needs_is_missed(tmp_path: Path, key: str) -> None:
    lines = [line for line in WHOLE.splitlines() if not line.startswith(f"    {key}:")]
    assert codes(bank_with(tmp_path / "bank", "\n".join(lines))) == ["BANK-060"]


def test_a_trait_that_the_context_does_not_hold_is_found(tmp_path: Path) -> None:
    assert codes(bank_with(tmp_path / "bank", WHOLE.replace("oral_food", "oral_foot"))) == [
        "BANK-061"
    ]


def test_a_study_without_a_place_to_find_it_is_found(tmp_path: Path) -> None:
    named = WHOLE.replace("evidence: judgement", 'evidence: "Cups (Doe 2020): weak."')
    assert codes(bank_with(tmp_path / "one", named)) == ["BANK-064"]
    assert codes(bank_with(tmp_path / "two", named + "    source: doi:10.1/x\n")) == []


def test_two_activities_that_say_nearly_the_same_are_found(tmp_path: Path) -> None:
    long = WHOLE.replace("Drink it.", "Warm milk in the blue beaker, slowly, beside the window.")
    _, _, again = long.partition("activities:\n")
    again = again.replace("id: cup", "id: beaker").replace("A cup", "The beaker")
    assert codes(bank_with(tmp_path / "same", long + again)) == ["BANK-063"]
    other = again.replace("ages: [0, 1200]", "ages: [1200, 1300]")
    assert codes(bank_with(tmp_path / "age", long.replace("1200]", "600]") + other)) == []


def test_the_library_is_as_broad_as_it_has_to_be() -> None:
    bank = load_bank(shipped_bank())
    assert len(bank.activities) >= 300
    assert all(cell.count >= 6 and cell.free >= 3 for cell in breadth(bank))
    assert sum(each.ages[0] >= 192 for each in bank.activities) >= 40
    assert sum(each.ages[0] >= 600 for each in bank.activities) >= 30
    assert sum(each.addressee != "person" for each in bank.activities) >= 60
    free = [each for each in bank.activities if each.cost == "none"]
    assert len(free) >= len(bank.activities) / 2


def test_a_thin_function_is_named_for_each_age(tmp_path: Path) -> None:
    found = check_folder(bank_with(tmp_path / "bank", WHOLE, at_least=1)).findings
    thin = {finding.message for finding in found if finding.code == "BANK-062"}
    assert len(thin) == 31 * 5
    assert not any(message.startswith("sleep ") for message in thin)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ("    mainly: [arousal]\n", "mainly"),
        ("    levels: [9, 3]\n", "levels"),
        ("    ask_first:\n      - when: {at_most: 3}\n        whom: [doctor]\n", "ask_first"),
    ],
)
def test_an_activity_that_contradicts_itself_stops_the_bank(
    tmp_path: Path, wrong: str, word: str
) -> None:
    text = WHOLE.replace("    mainly: [sleep]\n", "") + wrong
    with pytest.raises(BankError) as refused:
        load_bank(bank_with(tmp_path / "bank", text), None)
    assert [problem.code for problem in refused.value.problems] == ["BANK-032"]
    assert word in str(refused.value)
