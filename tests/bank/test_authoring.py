"""What an author looks at: the guide's own example, a block read aloud, a change tried."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from nmt_intake.bank.loading import load_bank, shipped_bank
from nmt_intake.casework.assessment import norms_of
from nmt_intake.casework.authoring import block_aloud
from nmt_intake.casework.bank_check import check_bank
from nmt_intake.cli import main
from nmt_intake.errors import IntakeError
from nmt_intake.rehearsal.play import play_file
from nmt_intake.scoring.suggest import suggest
from tests.banks import shipped

ANSWERS = """client: {{alias: M., birth: 2019-09-14, gestation_weeks: 40}}
interviewed: 2026-11-22
informants: [{{id: gm, relation: grandmother, known_from_months: 0}}]
answers:
  - {{question: early_childhood/people_around.attunement, value: partly, informant: gm}}
  - {{question: early_childhood/early_years.understood, value: mostly, informant: gm}}
  - {{question: early_childhood/early_years.talked_with, value: lots, informant: gm}}
  - {{question: early_childhood/early_years.laughed, value: {answer}, informant: gm}}
"""
KEY = "early_childhood/relational.attunement"
UNDER = re.compile(
    r"- rating: relational.attunement\n    periods: \[early_childhood\].*?    points:\n", re.DOTALL
)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped bank in which the guide's worked example was followed to the letter."""
    folder = tmp_path_factory.mktemp("guide") / "bank"
    shutil.copytree(shipped_bank(), folder)
    guide = (folder / "README.md").read_text(encoding="utf-8")
    question, rule, *_ = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    early = folder / "history" / "early_years.yaml"
    early.write_text(early.read_text(encoding="utf-8").rstrip() + f"\n{question}")
    ratings = folder / "ratings" / "relational_later.yaml"
    text = ratings.read_text(encoding="utf-8")
    found = UNDER.search(text)
    assert found, "the guide says in which entry the points stand"
    gate = text.index("\n", found.end()) + 1
    ratings.write_text(text[:gate] + rule + text[gate:])
    return folder


def test_the_guides_example_passes_the_check(followed: Path) -> None:
    touched = {"history/early_years.yaml", "ratings/relational_later.yaml"}
    found = [str(each) for each in check_bank(followed).findings if each.file in touched]
    assert found == []


def test_the_guides_rule_rates_no_better_answer_worse(followed: Path, tmp_path: Path) -> None:
    bank = load_bank(followed)
    norms = norms_of(bank)
    options = tuple(bank.questions["early_years.laughed"].options)
    suggested: list[int | None] = []
    for answer in options:
        file = tmp_path / f"{answer}.yaml"
        file.write_text(ANSWERS.format(answer=answer))
        interview = play_file(file, bank, author="test", today=date(2026, 11, 22)).interview
        suggested.append(suggest(interview, KEY, norms).value)
    assert options == ("hardly", "sometimes", "most_days")
    assert suggested == [7, 7, 8]


def test_a_block_is_read_as_it_is_said_to_each_teller() -> None:
    gran = block_aloud(shipped(), "sleep", "grandmother", 84)
    youth = block_aloud(shipped(), "sleep", "self", 180)
    assert gran[1].said == ("How does M. sleep on a usual school night?",)
    assert youth[1].said == ("How do you sleep, most nights?",)
    assert all(each.seconds > 0 for each in gran)


def test_a_block_that_is_not_there_is_refused() -> None:
    with pytest.raises(IntakeError, match="no such block"):
        block_aloud(shipped(), "sleeping")


def test_the_commands_print_for_people_and_programs(
    followed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bank", "read", "sleep"]) == 0
    assert "minutes" in capsys.readouterr().out
    file = tmp_path / "answers.yaml"
    file.write_text("".join(ANSWERS.format(answer="").splitlines(True)[:-1]))
    assert main(["bank", "try", str(file), "--bank", str(followed), "--json"]) == 0
    changed = {each["what"]: each for each in json.loads(capsys.readouterr().out)["changed"]}
    assert changed[KEY]["before"] == "7-9 (points)"
    assert changed[KEY]["after"] == "6-9 (points)"
