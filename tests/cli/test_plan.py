"""`nmt-intake plan`, and the plan in the report of a ratings file."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run

LINE = {
    "activity",
    "title",
    "domain",
    "band",
    "functions",
    "led_by",
    "settings",
    "minutes_a_week",
    "reasons",
    "adaptations",
    "ask_first",
}


def written(folder: Path, **more: object) -> Path:
    from tests.plans.judging import ratings_file

    path = folder / "ratings.json"
    data = ratings_file(
        {"ratings": {"age_months": 74, "usual": "functions", "functions": {"sleep": 3}, **more}}
    )
    path.write_text(json.dumps(data))
    return path


def test_a_plan_has_the_keys_of_its_contract(run: Run, tmp_path: Path) -> None:
    result = run("plan", written(tmp_path), "--json")
    assert result.returncode == 0, result.stderr
    plan = json.loads(result.stdout)
    assert [phase["id"] for phase in plan["phases"]] == ["now", "next", "later"]
    for phase in plan["phases"]:
        for line in phase["lines"]:
            assert line.keys() >= LINE
    assert all(row.keys() == {"function", "reason"} for row in plan["unanswered"])


def test_a_plan_reads_as_text_and_stands_in_the_report(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, context={"strengths": ["knows every bird"]})
    told = run("plan", path).stdout
    assert "Now" in told
    assert "knows every bird" in told
    assert "The week" in told
    report = run("report", "--ratings", path).stdout
    assert "First recommendations" in report
    assert "The same steps to bed" in report


def test_a_context_that_is_not_known_ends_with_2(run: Run, tmp_path: Path) -> None:
    result = run("plan", written(tmp_path, context={"conditions": ["zork"]}))
    assert result.returncode == 2
    assert "PLAN-003" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_with_no_ratings_at_all_it_says_what_to_rate_first(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "empty.json"
    path.write_text('{"age_months": 100}')
    result = run("plan", path)
    assert result.returncode == 0
    assert "Rate these first" in result.stdout


def test_what_is_begun_is_printed_as_cards_and_a_card_has_no_rating(
    run: Run, tmp_path: Path
) -> None:
    path = written(tmp_path)
    told = run("plan", path, "--cards").stdout
    assert "The same steps to bed" in told
    assert "rated" not in told
    page = tmp_path / "cards.html"
    assert run("plan", path, "--cards", "--format", "html", "--out", page).returncode == 0
    assert page.read_text().count("<article>") == told.count("  What it looks like")
    assert "http" not in page.read_text().replace("http-equiv", "")
    none = run("plan", path, "--card", "zork")
    assert none.returncode == 2
    assert "PLAN-007" in none.stderr


def test_the_bank_shows_an_activity_and_its_breadth(run: Run) -> None:
    assert "For a teenager" in run("bank", "activity", "dance_in_the_kitchen").stdout
    near = run("bank", "activity", "dance_in_the_kitchn")
    assert near.returncode == 2
    assert "dance_in_the_kitchen" in near.stderr
    table = json.loads(run("bank", "breadth", "--json").stdout)["breadth"]
    assert len(table) == 32
    assert min(cell["fitting"] for row in table.values() for cell in row.values()) >= 6


def test_nothing_rated_says_what_to_rate_first_and_no_time_is_refused(
    run: Run, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.json"
    bare.write_text('{"age_months": 60}')
    told = run("plan", bare)
    assert told.returncode == 0
    assert "Rate these first" in told.stdout
    refused = run("plan", written(tmp_path, context={"minutes_a_week": 0}))
    assert refused.returncode == 2
    assert "PLAN-005" in refused.stderr
