"""Whatever is wrong with what comes in: one clear line, exit 2, nothing lost, no traceback."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import ANSWERS, FEEDING, Run


def refused(result: subprocess.CompletedProcess[str], *words: str, lines: int = 1) -> None:
    assert result.returncode == 2, result.stderr
    assert len(result.stderr.strip().splitlines()) == lines, result.stderr
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr


def play(run: Run, bank: Path, answers: Path, out: Path) -> subprocess.CompletedProcess[str]:
    return run("play", answers, "--bank", bank, "--out", out)


def test_broken_yaml_in_a_bank_names_file_and_line(
    run: Run, small_bank: Path, answers: Path, tmp_path: Path
) -> None:
    (small_bank / "feeding.yaml").write_text(FEEDING + "  - id: [\n")
    refused(play(run, small_bank, answers, tmp_path / "out"), "feeding.yaml:18", "BANK-002")


def test_a_bank_with_a_circle_names_the_questions_on_it(
    run: Run, small_bank: Path, answers: Path, tmp_path: Path
) -> None:
    text = FEEDING.replace("    keywords:", "    when: refused_length > 1\n    keywords:")
    (small_bank / "feeding.yaml").write_text(text)
    refused(
        play(run, small_bank, answers, tmp_path / "out"),
        "BANK-016",
        "feeding.refused -> feeding.refused_length -> feeding.refused",
    )


def test_an_unknown_option_in_a_condition_gets_a_suggestion(
    run: Run, small_bank: Path, answers: Path, tmp_path: Path
) -> None:
    (small_bank / "feeding.yaml").write_text(FEEDING.replace("'often')", "'oftn')"))
    refused(
        play(run, small_bank, answers, tmp_path / "out"),
        "feeding.yaml:16",
        "BANK-014",
        "Did you mean 'often'?",
    )


def test_two_problems_in_a_bank_are_told_at_once(
    run: Run, small_bank: Path, answers: Path, tmp_path: Path
) -> None:
    text = FEEDING.replace("'often')", "'oftn')").replace("kind: number", "kind: nmber")
    (small_bank / "feeding.yaml").write_text(text.replace("title: Feeding", "titel: Feeding"))
    result = play(run, small_bank, answers, tmp_path / "out")
    assert result.returncode == 2
    assert len(result.stderr.strip().splitlines()) >= 2


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("value: often", "value: 7", "PLAY-008"),
        ("value: often", "value: [often]", "PLAY-008"),
        ("infancy/feeding.refused", "infancy/feeding.refusd", "PLAY-005"),
        ("infancy/feeding.refused", "feeding.refused", "PLAY-005"),
        ("infancy/feeding.refused", "later/feeding.refused", "PLAY-005"),
        ("informant: gm, note", "informant: aunt, note", "PLAY-006"),
        ("value: often, ", "", "PLAY-007"),
        ("missing: asked-unknown", "missing: dunno", "PLAY-002"),
        ("birth: 2019-09-14", "birth: 2019-19-14", "PLAY-003"),
        ("birth: 2019-09-14", "birth: 2027-09-14", "PLAY-004"),
        ("gestation_weeks: 40", "gestation_weeks: 400", "PLAY-002"),
        ("known_from_months: 37", "known_from_months: -40", "PLAY-002"),
        ("sleep: 6", "sleep: 13", "PLAY-002"),
        ("sleep: 6", "slep: 6", "PLAY-009"),
        ("answers:", "answer:", "PLAY-002"),
    ],
)
def test_a_wrong_answers_file_is_refused_with_its_place(
    run: Run, small_bank: Path, answers: Path, tmp_path: Path, before: str, after: str, code: str
) -> None:
    assert before in ANSWERS
    answers.write_text(ANSWERS.replace(before, after))
    out = tmp_path / "out"
    refused(play(run, small_bank, answers, out), "answers.yaml", code)
    assert not out.exists()


def test_a_missing_answers_file_is_told(run: Run, small_bank: Path, tmp_path: Path) -> None:
    refused(play(run, small_bank, tmp_path / "none.yaml", tmp_path / "out"), "none.yaml")


def test_a_folder_that_is_no_bank_is_told(run: Run, answers: Path, tmp_path: Path) -> None:
    refused(play(run, tmp_path / "nowhere", answers, tmp_path / "out"), "BANK-008")
    (tmp_path / "empty").mkdir()
    refused(play(run, tmp_path / "empty", answers, tmp_path / "out"), "BANK-008")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"age_months": "seven"}',
        '{"age_months": 90, "functions": {"sleep": 13}}',
        '{"age_months": 90, "functions": {"slep": 3}}',
        '{"age_months": 90, "functions": {"sleep": NaN}}',
        '{"age_months": 90, "age_months": 91}',
        '{"age_months": -1}',
        "[" * 20_000,
        '{"age_months": ' + "9" * 5_000 + "}",
    ],
)
def test_a_wrong_ratings_file_is_refused_in_one_line(run: Run, tmp_path: Path, text: str) -> None:
    path = tmp_path / "ratings.json"
    path.write_text(text)
    refused(run("score", path), "ratings.json")


def test_an_output_folder_that_cannot_be_written_is_told(
    run: Run, small_bank: Path, answers: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    refused(play(run, small_bank, answers, tmp_path / "file" / "out"), "OUT-001")


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["play"], ["bank"], ["bank", "chek"], ["report"], ["score", "a", "b"]],
)
def test_a_wrong_command_is_told_in_one_line(run: Run, arguments: list[str]) -> None:
    refused(run(*arguments), "USAGE-00")


def test_without_a_terminal_the_desk_says_how_to_go_on(run: Run) -> None:
    refused(run(), "DESK-001", "demo --headless")


def test_cases_without_a_vault_say_what_to_do_first(run: Run) -> None:
    refused(run("cases", "list"), "STORE-022")


def test_an_unknown_case_is_told(run: Run) -> None:
    refused(run("cases", "show", "abcd1234", "--practice"))
