"""`bank check --witness` and `bank diff` as a person runs them: each file shown was played."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from nmt_intake.bank.loading import load_bank
from nmt_intake.bank.proof import logic
from nmt_intake.bank.truth import State
from nmt_intake.cli import main
from nmt_intake.rehearsal.play import play_file

BLOCK = """
block: b
title: B
questions:
  - {id: k, ask: K?, kind: choice, options: {x: X, y: Y}}
  - {id: m, ask: M?, kind: text, when: GATE}
  - {id: n, ask: N?, kind: text, when: k == 'x' and k == 'y'}
"""


def bank_at(folder: Path, gate: str) -> Path:
    folder.mkdir()
    (folder / "bank.yaml").write_text("id: x\nversion: 1\nlanguage: en\nblocks: [b]\n")
    (folder / "b.yaml").write_text(BLOCK.replace("GATE", gate))
    return folder


@pytest.mark.parametrize("solver", [True, False])
def test_each_branch_gets_answers_that_play(
    solver: bool,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not solver:
        monkeypatch.setattr(logic, "available", lambda: False)
    folder = bank_at(tmp_path / "bank", "k == 'x' and client.age_months > 30")
    out = tmp_path / "out"
    assert main(["bank", "check", "--bank", str(folder), "--witness", str(out)]) == 1
    told = capsys.readouterr().out
    assert "b.n: its condition is never true" in told
    assert "1 answers files are in" in told
    assert [path.name for path in out.iterdir()] == ["b.m.yaml"]
    bank = load_bank(folder)
    played = play_file(out / "b.m.yaml", bank, "test", date(2026, 11, 28))
    assert played.interview.states["b.m"] is State.OPEN


@pytest.mark.parametrize("solver", [True, False])
def test_a_changed_gate_is_told_with_answers_for_both_banks(
    solver: bool,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not solver:
        monkeypatch.setattr(logic, "available", lambda: False)
    old, new = bank_at(tmp_path / "old", "k == 'x'"), bank_at(tmp_path / "new", "k == 'y'")
    out = tmp_path / "out"
    assert main(["bank", "diff", str(old), str(new), "--json", "--witness", str(out)]) == 1
    change = json.loads(capsys.readouterr().out)["changes"][0]
    assert (change["question"], change["outcome"]) == ("b.m", "differs")
    assert sorted(path.name for path in out.iterdir()) == ["b.m.before.yaml", "b.m.now.yaml"]
    for name, asks in (("now", new), ("before", old)):
        for folder in (old, new):
            path = out / f"b.m.{name}.yaml"
            played = play_file(path, load_bank(folder), "test", date(2026, 11, 28))
            assert (played.interview.states["b.m"] is State.OPEN) is (folder == asks)


def test_banks_that_ask_the_same_have_no_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = (bank_at(tmp_path / name, "k == 'x'") for name in ("old", "new"))
    assert main(["bank", "diff", str(old), str(new)]) == 0
    assert capsys.readouterr().out == "0 changes.\n"


def test_a_budget_that_is_no_time_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bank", "check", "--budget", "-1"]) == 2
    assert "USAGE-001" in capsys.readouterr().err


def test_a_spent_budget_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = bank_at(tmp_path / "bank", "k == 'x'")
    assert main(["bank", "check", "--bank", str(folder), "--budget", "0"]) == 0
    assert "not finished: 2 were not decided in 0 seconds: b.m, b.n." in capsys.readouterr().out
