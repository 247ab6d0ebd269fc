from __future__ import annotations

import json
import re
from pathlib import Path

from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]


def test_play_leaves_report_ratings_and_metrics(
    run: Run, small_bank: Path, answers: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    result = run("play", answers, "--bank", small_bank, "--out", out)
    assert (result.returncode, result.stderr) == (0, "")
    assert {path.name for path in out.iterdir()} == {
        "report.md",
        "report.html",
        "ratings.json",
        "metrics.json",
    }
    assert json.loads((out / "ratings.json").read_text())["functions"]["sleep"] == 6
    assert json.loads((out / "metrics.json").read_text())["functions"]["rated"] == 1
    assert "no bottle for her" in (out / "report.md").read_text()


def test_play_tells_every_question_by_its_condition(
    run: Run, small_bank: Path, answers: Path, tmp_path: Path
) -> None:
    result = run("play", answers, "--bank", small_bank, "--out", tmp_path / "out", "--json")
    told = json.loads(result.stdout)
    assert told["open"] == [
        "perinatal/feeding.refused",
        "infancy/feeding.refused",
        "infancy/feeding.refused_length",
    ]
    assert told["unknown"] == ["perinatal/feeding.refused_length"]
    assert "childhood/feeding.refused" in told["hidden"]


def test_score_prints_metrics_that_keep_the_contract(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "ratings.json"
    path.write_text(
        '{"age_months": 112, "adversity": {"infancy": {"caregiving": 8, "substance": null}},'
        ' "relationships": {"primary_caregivers": 9}}'
    )
    metrics = json.loads(run("score", path).stdout)
    infancy = metrics["periods"]["infancy"]["adversity"]
    assert infancy["sum"] == {"low": 13, "mid": 40.5, "high": 68}
    assert (infancy["rated"], infancy["of"], infancy["severe_count"]) == (1, 6, 0)
    assert metrics["relationships"]["rated"] == 1
    assert metrics["functions"]["domains"]["cognitive"]["band"] is None


def test_a_report_can_be_made_from_a_ratings_file_alone(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "ratings.json"
    path.write_text('{"age_months": 112, "functions": {"sleep": 6}}')
    out = tmp_path / "report.html"
    result = run("report", "--ratings", path, "--format", "html", "--out", out)
    assert (result.returncode, result.stderr) == (0, "")
    assert "not validated" in out.read_text().lower()


def test_a_small_outside_bank_checks_clean(run: Run, small_bank: Path) -> None:
    result = run("bank", "check", "--bank", small_bank, "--json")
    assert result.returncode == 0
    told = json.loads(result.stdout)
    assert (told["findings"], told["questions"], told["blocks"]) == ([], 2, 1)


def test_a_bad_bank_is_a_finding_and_exit_one(run: Run, small_bank: Path) -> None:
    text = (small_bank / "feeding.yaml").read_text().replace("refused in", "refsed in")
    (small_bank / "feeding.yaml").write_text(text)
    result = run("bank", "check", "--bank", small_bank, "--json")
    assert result.returncode == 1
    finding = json.loads(result.stdout)["findings"][0]
    assert set(finding) == {"code", "severity", "file", "line", "question", "message", "advice"}
    assert (finding["file"], finding["line"]) == ("feeding.yaml", 16)


def test_search_finds_the_place_for_words_just_said(run: Run, small_bank: Path) -> None:
    result = run("bank", "search", "--bank", small_bank, "--json", "would not take the bottle")
    first = json.loads(result.stdout)["results"][0]
    assert first["question"] == "feeding.refused"
    assert set(first) == {"question", "block", "title", "ask", "score"}


def test_the_graph_is_mermaid_and_the_schema_is_json(run: Run, small_bank: Path) -> None:
    assert run("bank", "graph", "--bank", small_bank).stdout.startswith(("graph", "flowchart"))
    assert "block" in json.dumps(json.loads(run("bank", "schema").stdout))


def test_demo_headless_leaves_a_played_interview(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "demo"
    result = run("demo", "--headless", "--out", out)
    assert (result.returncode, result.stderr) == (0, "")
    metrics = json.loads((out / "metrics.json").read_text())
    assert metrics["functions"]["rated"] > 10
    for name in ("report.md", "report.html", "ratings.json"):
        assert (out / name).stat().st_size > 500


def test_the_readme_lists_every_command(run: Run) -> None:
    listed = set(re.findall(r"^\| `nmt-intake ([a-z]+)", (ROOT / "README.md").read_text(), re.M))
    offered = set(re.findall(r"^    ([a-z]+) ", run("--help").stdout, re.M))
    assert offered == listed


def test_every_promise_of_the_readme_names_a_test_that_is_there() -> None:
    text = (ROOT / "README.md").read_text()
    table = text[text.index("| promise |") : text.index("**Not protected.**")]
    rows = table.strip().splitlines()[2:]
    assert len(rows) > 9
    for row in rows:
        named = re.findall(r"`([^`]+)`", row.split("|")[3])
        assert named, row
        for name in named:
            if command := re.match(r"python -m tests\.(\w+)(?:\.(\w+)| \w+)?$", name):
                path = ROOT / "tests" / command[1] / f"{command[2] or '__main__'}.py"
                assert path.is_file(), name
                continue
            file, _colons, test = name.partition("::")
            content = (ROOT / "tests" / file).read_text()
            assert not test or re.search(rf"^(async )?def {test}\(", content, re.M), name
