"""A whole day at the desk, a report on the screen and a crash: no word of it in any file."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from nmt_intake.bank.model import Bank
from nmt_intake.store.files.disk import Disk
from nmt_intake.tui.app import DeskApp
from nmt_intake.tui.screens.interview import InterviewScreen
from nmt_intake.tui.screens.report import ReportScreen
from tests.store.test_records_at_rest import spellings
from tests.tui.driving import calm, keys, shown, words
from tests.tui.vault.houses import GOOD, send
from tests.tui.vault.test_elsewhere import at_house, said

ALIAS, NOTE = "Quetzal-Wren", "Marabou-lantern"


async def a_day(app: DeskApp) -> None:
    """Name a client, note something, look at the report, and crash over it."""
    async with app.run_test(size=(120, 36)) as pilot:
        await calm(pilot)
        await send(pilot, GOOD)
        await calm(pilot)
        await keys(pilot, "n")
        await words(pilot, ALIAS, "enter")
        await words(pilot, "2019-09-14", "enter")
        screen = pilot.app.screen
        assert isinstance(screen, InterviewScreen)
        await said(pilot, screen, NOTE)
        screen.action_report()
        await calm(pilot)
        assert isinstance(pilot.app.screen, ReportScreen)
        assert ALIAS in shown(pilot)
        alias, note = ALIAS, NOTE  # what Textual would print of this frame
        app._handle_exception(ValueError(f"{alias} {note}"))


async def test_no_word_of_a_day_is_in_any_file(
    tmp_path: Path, small: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, folder in (("HOME", "home"), ("TMPDIR", "tmp"), ("NMT_INTAKE_HOME", "nmt")):
        (tmp_path / folder).mkdir()
        monkeypatch.setenv(name, str(tmp_path / folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.chdir(tmp_path / "home")
    desk = at_house(tmp_path / "nmt", Disk(), small)
    app = DeskApp(lambda: desk)
    with pytest.raises(ValueError, match=ALIAS):  # the test's own driver raises it again
        await a_day(app)
    assert app._said is not None
    assert ALIAS not in app._said
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".nmt" for path in files)
    assert any("crash-" in path.name for path in files)
    for path in files:
        data = path.read_bytes()
        for word in (ALIAS, NOTE):
            assert word not in str(path)
            assert not any(spelling in data for spelling in spellings(word)), path
