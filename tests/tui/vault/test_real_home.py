"""The same pages on a real house in a temporary folder, at the least cost that is allowed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nmt_intake.store.errors import WrongPassphrase
from nmt_intake.store.home import Home, VaultState
from nmt_intake.store.paths import Places
from nmt_intake.store.plain import PlainCaseStore
from nmt_intake.store.protocols import CaseLabel
from nmt_intake.store.vault.key_derivation import Cost
from nmt_intake.tui.vault.entry import FirstRun, Unlock
from nmt_intake.tui.vault.menu import VaultMenu
from tests.tui.vault.homes import BETTER, GOOD, flat, on_stage, press, result, send, shown


def home_in(folder: Path) -> Home:
    places = Places(folder / "data", folder / "config", folder / "cache")
    places.make()
    return Home(places, cost=Cost(), who="ana", least_room=0)


def code_on(text: str) -> str:
    return next(word for word in text.split() if word.count("-") == 5)


async def test_set_up_lock_recover_back_up_and_restore(tmp_path: Path) -> None:
    home = home_in(tmp_path / "one")
    plain = PlainCaseStore(home.places.data)
    plain.create(CaseLabel("M.")).close()
    async with on_stage(FirstRun(home, plain_folder=home.places.data)) as pilot:
        await press(pilot, "enter")
        await send(pilot, GOOD)
        await send(pilot, GOOD)
        code = code_on(shown(pilot))
        await press(pilot, "enter")
        await send(pilot, code.lower().replace("-", " "))
        await press(pilot, "enter")
        assert "plain file removed: 1 case" in flat(pilot)
        await press(pilot, "enter")
        assert result(pilot) is VaultState.OPEN
    assert plain.ids() == []
    assert [line.label.alias for line in home.cases.list()] == ["M."]

    home.lock()
    async with on_stage(Unlock(home)) as pilot:
        await send(pilot, BETTER)
        assert "not the right one" in shown(pilot)
        await press(pilot, "f2")
        await send(pilot, code)
        await send(pilot, BETTER)
        await send(pilot, BETTER)
        assert result(pilot) is VaultState.OPEN

    home.require_passphrase(BETTER)
    with pytest.raises(WrongPassphrase):
        home.require_passphrase(GOOD)
    assert home.state is VaultState.OPEN

    menu = VaultMenu(
        home, plain_folder=home.places.data, backups=tmp_path, today=date(2026, 11, 22)
    )
    async with on_stage(menu) as pilot:
        await press(pilot, "v")
        assert "Every case is sound" in shown(pilot)
        await press(pilot, "enter", "b", "enter")
        assert "1 case, 0 entries" in flat(pilot)
    home.close()

    other = home_in(tmp_path / "two")
    async with on_stage(FirstRun(other)) as pilot:
        await press(pilot, "b")
        await send(pilot, str(tmp_path / "nmt-intake-2026-11-22.nmtbackup"))
        await send(pilot, BETTER)
        assert "1 case: brought back" in shown(pilot)
        await press(pilot, "enter")
        assert result(pilot) is VaultState.OPEN
    assert other.state is VaultState.OPEN
    other.close()
