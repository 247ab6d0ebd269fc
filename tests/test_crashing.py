"""The report of a fault of the program: where and what kind, never a value."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nmt_intake import cli
from nmt_intake.crash_reports import keep_report, last_words, place_of
from nmt_intake.interview.value_words import age_in_words

CANARY = "Quetzal-Wren-4711"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NMT_INTAKE_HOME", str(tmp_path))
    return tmp_path


def a_failure() -> Exception:
    note = CANARY
    try:
        try:
            age_in_words(note)  # type: ignore[arg-type]
        except TypeError as error:
            raise KeyError(note) from error
    except KeyError as error:
        return error
    raise AssertionError("it did not fail")


def test_it_names_kinds_and_places_of_the_whole_chain_and_no_value(home: Path) -> None:
    said = last_words(a_failure(), "TEST-001")
    (report,) = (home / "cache" / "crashes").iterdir()
    text = report.read_text()
    assert f"crashes/{report.name}" in said
    assert "error: builtins.KeyError\n  tests.test_crashing:" in text
    assert "error: builtins.TypeError\n" in text
    assert "  nmt_intake.interview.value_words:" in text
    assert "code: TEST-001" in text
    for told in (said, text, report.name):
        assert CANARY not in told
        assert str(home) not in told
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert stat.S_IMODE(report.parent.stat().st_mode) == 0o700


def test_the_place_is_the_innermost_line_of_our_own() -> None:
    inner = a_failure().__cause__
    assert inner is not None
    assert place_of(inner).startswith("nmt_intake.interview.value_words:")
    assert place_of(ValueError()) == "an unknown place"


def test_only_the_latest_are_kept(home: Path) -> None:
    first = datetime(2026, 11, 23, tzinfo=UTC)
    for second in range(25):
        assert keep_report(ValueError(), "TEST-001", first + timedelta(seconds=second))
    names = sorted(path.name for path in (home / "cache" / "crashes").iterdir())
    assert len(names) == 20
    assert names[0].startswith("crash-20261123T000005Z")


def test_where_nothing_can_be_written_the_line_is_said_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NMT_INTAKE_HOME", str(tmp_path / "file"))
    said = last_words(a_failure(), "TEST-001")
    assert "KeyError" in said
    assert "Details" not in said


def test_a_command_that_fails_says_one_line_and_keeps_a_report(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(_data: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr("nmt_intake.cli.bank.check", failing, raising=True)
    status = cli.main(["bank", "check"])
    said = capsys.readouterr()
    assert status == 1
    assert said.err.count("\n") == 1
    assert "ValueError" in said.err
    assert "[CRASH-001]" in said.err
    assert CANARY not in said.out + said.err
    (report,) = (home / "cache" / "crashes").iterdir()
    assert CANARY not in report.read_text()
