"""Settings: kept in one step, read with suspicion."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nmt_intake.casework.cases import Casework
from nmt_intake.casework.settings import Settings, keep_settings, read_settings
from tests.tui.driving import at_desk, keys, shown, words


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    wanted = Settings(worker="ana", move_on=False, language="es", copying=True, idle_minutes=30)
    keep_settings(tmp_path / "new", wanted)
    assert read_settings(tmp_path / "new") == wanted
    assert [each.name for each in (tmp_path / "new").iterdir()] == ["desk.json"]


@pytest.mark.parametrize(
    "text",
    ["", "[", "[]", "null", '{"idle_minutes": -4, "move_on": "no", "worker": 7}', "[" * 9000],
)
def test_what_is_not_understood_stays_as_it_is_by_default(tmp_path: Path, text: str) -> None:
    (tmp_path / "desk.json").write_text(text)
    assert read_settings(tmp_path) == Settings()


def test_a_name_is_cleaned(tmp_path: Path) -> None:
    (tmp_path / "desk.json").write_text(json.dumps({"worker": "a\x1b[2Jna\n"}))
    assert read_settings(tmp_path).worker == "a[2Jna"


async def test_settings_change_with_enter_and_say_what_they_are(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        await keys(pilot, "ctrl+s", "enter")
        for _ in range(3):
            await keys(pilot, "backspace")
        await words(pilot, "bela", "enter")
        await keys(pilot, "down", "enter")
        assert desk.settings.worker == "bela"
        assert desk.settings.move_on is False
        assert "stay" in shown(pilot)
        await keys(pilot, "escape")
        assert "Press n to start one" in shown(pilot)
