"""`nmt-intake agree` as it is typed: the contract, and what it refuses."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from nmt_intake.vocabulary import FUNCTIONS
from tests.cli.conftest import Run

CONTRACT = {"exact", "within_one", "kappa_quadratic", "ac2_quadratic", "icc", "alpha"}


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three raters of one case, who differ a little."""
    chance = random.Random(1)
    true = {name: chance.randint(2, 11) for name in FUNCTIONS}
    found = []
    for name in ("anna", "ben", "carl"):
        rated = {function: value + chance.choice((-1, 0, 0, 1)) for function, value in true.items()}
        found.append(tmp_path / f"{name}.json")
        found[-1].write_text(json.dumps({"age_months": 112, "functions": rated}))
    return found


def test_the_contract_is_kept(run: Run, files: list[Path]) -> None:
    result = run("agree", *files)
    assert (result.returncode, result.stderr) == (0, "")
    told = json.loads(result.stdout)
    assert (told["raters"], told["items"]) == (3, 32)
    assert set(told["overall"]) >= CONTRACT
    assert told["overall"]["icc"]["type"] == "ICC(2,1)"
    assert set(told["parts"]) == {"adversity", "relational", "functions", "relationships"}
    assert len(told["domains"]) == 4
    assert set(told["parts"]["functions"]) >= CONTRACT
    assert len(told["items_by_difference"]) == 32
    differences = [item["difference"] for item in told["items_by_difference"]]
    assert differences == sorted(differences, reverse=True)
    assert any(m["what"] == "overall.icc" for m in told["not_estimable"])
    assert run("agree", *files).stdout == result.stdout


def test_a_site_can_ask_for_more_items(run: Run, files: list[Path]) -> None:
    told = json.loads(run("agree", *files, "--min-items", "40").stdout)
    assert told["overall"]["kappa_quadratic"] is None
    assert told["overall"]["counts"]["exact"] > 0


def test_text_is_for_people_and_begins_with_points(run: Run, files: list[Path]) -> None:
    result = run("agree", *files, "--text")
    assert result.returncode == 0
    assert result.stdout.startswith("Agreement of 3 raters (anna, ben, carl)\n")
    assert "Points of the scale" in result.stdout


def test_a_table_is_read_from_any_source(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "judges.csv"
    table.write_text(
        "target,j1,j2,j3,j4\n1,9,2,5,8\n2,6,1,3,2\n3,8,4,6,8\n4,7,1,2,6\n5,10,5,6,9\n6,6,2,4,7\n"
    )
    told = json.loads(run("agree", "--table", table).stdout)
    assert told["overall"]["icc"]["value"] == pytest.approx(0.28976377952755905, abs=1e-12)
    assert (told["raters"], told["items"], told["cases"]) == (4, 6, 6)
    assert (told["parts"], told["domains"]) == ({}, {})


def test_thresholds_that_are_not_reached_end_with_one(
    run: Run, files: list[Path], tmp_path: Path
) -> None:
    site = tmp_path / "site.json"
    site.write_text('{"within_one": 0.999, "kappa_quadratic": 0.5}')
    result = run("agree", *files, "--thresholds", site)
    told = {one["figure"]: one["reached"] for one in json.loads(result.stdout)["thresholds"]}
    assert (result.returncode, told) == (1, {"within_one": False, "kappa_quadratic": True})
    site.write_text('{"kappa_quadratic": 0.5}')
    assert run("agree", *files, "--thresholds", site).returncode == 0


def test_the_same_file_twice_is_measured_and_warned_of(run: Run, files: list[Path]) -> None:
    result = run("agree", files[0], files[0])
    assert result.returncode == 0
    assert len(result.stderr.splitlines()) == 1
    told = json.loads(result.stdout)
    assert told["warnings"]
    assert told["overall"]["kappa_quadratic"] == 1
    assert len(set(told["rater_names"])) == 2


def test_folders_are_raters_and_their_files_cases(run: Run, tmp_path: Path) -> None:
    chance = random.Random(2)
    for case in range(6):
        level = chance.randint(3, 10)
        for rater in ("anna", "ben"):
            (tmp_path / rater).mkdir(exist_ok=True)
            rated = {name: level + chance.choice((-1, 0, 1)) for name in FUNCTIONS}
            path = tmp_path / rater / f"case{case}.json"
            path.write_text(json.dumps({"age_months": 60 + case, "functions": rated}))
    told = json.loads(run("agree", tmp_path / "anna", tmp_path / "ben").stdout)
    assert (told["cases"], told["items"]) == (6, 192)
    assert told["overall"]["icc"]["value"] > 0.8
    assert told["drift"][0]["cases"] == 6


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"age_months": 112, "functions": {"sleep": NaN}}', "SCORE-006"),
        ('{"age_months": 112, "functions": {"sleep": 13}}', "SCORE-007"),
        ('{"age_months": 112, "functions": {"sleep": 6.5}}', "SCORE-007"),
        ('{"age_months": 100, "functions": {"sleep": 6}}', "AGREE-002"),
        ('{"age_months": 112, "functions": {"slep": 6}}', "SCORE-008"),
        ("", "SCORE-003"),
    ],
)
def test_a_bad_file_is_one_line_and_exit_two(
    run: Run, files: list[Path], tmp_path: Path, text: str, code: str
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(text)
    _is_refused(run("agree", files[0], bad), code)


def test_bad_usage_is_one_line_and_exit_two(run: Run, files: list[Path], tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("unit,a,b\nu1,1,2\n")
    _is_refused(run("agree"), "USAGE-002")
    _is_refused(run("agree", files[0]), "AGREE-001")
    _is_refused(run("agree", files[0], "--table", table), "USAGE-002")
    _is_refused(run("agree", *files, "--min-items", "0"), "USAGE-003")
    _is_refused(run("agree", *files, "--min-items", "x"), "USAGE-001")
    _is_refused(run("agree", *files, "--scale", "1-12"), "USAGE-002")
    _is_refused(run("agree", "--table", table, "--scale", "12-1"), "USAGE-003")
    _is_refused(run("agree", "--table", tmp_path / "none.csv"), "IN-001")
    _is_refused(run("agree", files[0], tmp_path), "USAGE-002")
    (tmp_path / "empty").mkdir()
    _is_refused(run("agree", tmp_path / "empty", tmp_path / "empty"), "AGREE-001")
    table.write_text("unit,a,b\nu1,1,2\nu2,x,3\n")
    assert "t.csv:3" in _is_refused(run("agree", "--table", table), "AGREE-006")


def _is_refused(result, code: str) -> str:
    assert result.returncode == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert f"[{code}]" in result.stderr
    assert "Traceback" not in result.stderr
    return result.stderr
