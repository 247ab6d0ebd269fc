"""No circle of imports, deferred ones included; and a change finds the tests that it touches."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import import_graph
from tests.import_graph import ROOT, circles, modules, touched_tests


def test_no_modules_import_each_other_not_even_inside_a_function() -> None:
    assert circles(name for name in modules() if name.startswith("nmt_intake")) == []


def test_a_circle_through_a_deferred_import_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = tmp_path / "nmt_intake"
    house.mkdir()
    (house / "__init__.py").write_text("")
    (house / "one.py").write_text("from nmt_intake.two import b")
    (house / "two.py").write_text("def b():\n    from nmt_intake import one\n    return one")
    (house / "three.py").write_text("import nmt_intake.one")
    monkeypatch.setattr(import_graph, "ROOT", tmp_path)
    monkeypatch.setattr(import_graph, "modules", import_graph.modules.__wrapped__)
    assert circles(import_graph.modules()) == [["nmt_intake.one", "nmt_intake.two"]]


@pytest.mark.parametrize(
    ("changed", "touched", "spared"),
    [
        ("nmt_intake/scoring/measure.py", "tests/scoring/test_score.py", "tests/times"),
        ("nmt_intake/store/home.py", "tests/store/test_vault.py", "tests/scoring"),
        # By a process that is started, and by a name in a table of commands.
        ("nmt_intake/cli/bank.py", "tests/cli/test_commands.py", "tests/interview"),
        (
            "nmt_intake/tui/screens/plan.py",
            "tests/tui/plan/test_plan_screen.py",
            "tests/bank/cases",
        ),
        ("tests/capture/seen.yaml", "tests/capture/test_utterances.py", "tests/store"),
        ("tests/cli/conftest.py", "tests/cli/test_cases.py", "tests/report"),
        ("README.md", "tests/cli/test_commands.py", "tests/store"),
    ],
)
def test_a_change_touches_what_it_can_reach(changed: str, touched: str, spared: str) -> None:
    assert (ROOT / changed).exists()
    found = touched_tests([ROOT / changed])
    assert found is not None
    assert ROOT / touched in found
    assert not [path for path in found if ROOT / spared in path.parents]


@pytest.mark.parametrize("changed", ["pyproject.toml", "question_bank/bank.yaml", "tests/a.yaml"])
def test_what_everything_may_read_touches_everything(changed: str) -> None:
    assert touched_tests([ROOT / changed]) is None
