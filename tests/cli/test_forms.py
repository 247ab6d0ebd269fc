"""`bank import` and `bank export` as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

FORM = {
    "resourceType": "Questionnaire",
    "item": [
        {"linkId": "1", "type": "boolean", "text": "One?", "required": True},
        {
            "linkId": "2",
            "type": "string",
            "text": "Two?",
            "enableWhen": [{"question": "1", "operator": "=", "answerBoolean": True}],
        },
    ],
}


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "day.json"
    path.write_text(json.dumps(FORM))
    return path


def test_a_form_is_taken_in_and_plays(run: Run, form: Path, tmp_path: Path) -> None:
    result = run("bank", "import", form, "--out", tmp_path / "bank")
    assert (result.returncode, result.stderr) == (0, "")
    assert "1: that it is required: whatever is asked may be left unanswered here" in result.stdout
    assert "2 questions in 1 blocks are in" in result.stdout
    answers = tmp_path / "answers.yaml"
    answers.write_text("client: {alias: M.}\nanswers: [{question: questions.q_1, value: true}]\n")
    played = run("play", answers, "--out", tmp_path / "out", "--json", "--bank", tmp_path / "bank")
    assert json.loads(played.stdout)["open"] == ["questions.q_1", "questions.q_2"]


def test_an_imported_bank_checks_clean(run: Run, form: Path, tmp_path: Path) -> None:
    run("bank", "import", form, "--out", tmp_path / "bank")
    result = run("bank", "check", "--bank", tmp_path / "bank")
    assert (result.returncode, result.stdout) == (0, "2 questions in 1 blocks, 0 findings.\n")


def test_a_program_gets_where_everything_went(run: Run, form: Path, tmp_path: Path) -> None:
    told = json.loads(run("bank", "import", form, "--out", tmp_path / "bank", "--json").stdout)
    assert told["questions"] == {"1": "questions.q_1", "2": "questions.q_2"}
    assert told["left_out"][0]["where"] == "1"
    assert told["problems"] == []


def test_nothing_is_written_over(run: Run, form: Path, tmp_path: Path) -> None:
    (tmp_path / "bank").mkdir()
    (tmp_path / "bank" / "mine.txt").write_text("mine")
    result = run("bank", "import", form, "--out", tmp_path / "bank")
    assert result.returncode == 2
    assert "is there already. Name a new folder: --out DIR. [FORM-003]" in result.stderr
    assert [each.name for each in (tmp_path / "bank").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("content", ["", "{", '{"resourceType": "Patient"}', "PK\x03\x04"])
def test_what_is_no_form_is_refused_in_one_line(run: Run, tmp_path: Path, content: str) -> None:
    path = tmp_path / "form.json"
    path.write_text(content)
    result = run("bank", "import", path, "--out", tmp_path / "bank")
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "FORM-001" in result.stderr
    assert not (tmp_path / "bank").exists()


def test_a_form_that_is_not_there_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("bank", "import", tmp_path / "gone.json", "--out", tmp_path / "bank")
    assert (result.returncode, "IN-001" in result.stderr) == (2, True)


@pytest.mark.parametrize(("kind", "name"), [("fhir", "f.json"), ("xlsform", "f.xlsx")])
def test_a_bank_is_given_out_and_taken_in_again(
    run: Run, small_bank: Path, tmp_path: Path, kind: str, name: str
) -> None:
    file, again = tmp_path / name, tmp_path / "again"
    result = run("bank", "export", "--format", kind, "--bank", small_bank, "--out", file)
    assert (result.returncode, result.stderr) == (0, "")
    assert "evidence_for (of 1 question)" in result.stdout
    assert f"2 questions are in {file}." in result.stdout
    assert run("bank", "import", file, "--out", again).returncode == 0
    text = (again / "feeding.yaml").read_text()
    assert "when: refused in ('at_first', 'often')" in text
    assert "for_each: period" in text


def test_fhir_goes_to_standard_output_too(run: Run, small_bank: Path) -> None:
    result = run("bank", "export", "--format", "fhir", "--bank", small_bank)
    assert json.loads(result.stdout)["resourceType"] == "Questionnaire"
    assert "feeding: for_each: period" in result.stderr


def test_a_workbook_needs_a_file(run: Run, small_bank: Path) -> None:
    result = run("bank", "export", "--format", "xlsx", "--bank", small_bank)
    assert (result.returncode, "FORM-004" in result.stderr) == (2, True)
