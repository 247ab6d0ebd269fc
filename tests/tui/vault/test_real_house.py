"""The same pages on a real house in a temporary folder, at the least cost that is allowed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nmt_intake.store.errors import WrongPassphrase
from nmt_intake.store.house import Door, House
from nmt_intake.store.places import Places
from nmt_intake.store.plain import PlainCaseStore
from nmt_intake.store.protocols import CaseLabel
from nmt_intake.store.vault.guessing import Cost
from nmt_intake.tui.vault.first_run import FirstRun
from nmt_intake.tui.vault.keeper import Entered, Keeper
from nmt_intake.tui.vault.menu import VaultMenu
from nmt_intake.tui.vault.unlocking import Unlock
from tests.tui.vault.houses import BETTER, GOOD, flat, on_stage, press, result, send, shown


def house_in(folder: Path) -> House:
    places = Places(folder / "data", folder / "config", folder / "cache")
    places.make()
    return House(places, cost=Cost(), who="ana", least_room=0)


def code_on(text: str) -> str:
    return next(word for word in text.split() if word.count("-") == 5)


def a_keeper(house: Keeper) -> Keeper:
    """The house fits the protocol; a type checker reads this line."""
    return house


async def test_set_up_lock_recover_back_up_and_restore(tmp_path: Path) -> None:
    house = house_in(tmp_path / "one")
    plain = PlainCaseStore(house.places.data)
    plain.create(CaseLabel("M.")).close()
    async with on_stage(FirstRun(a_keeper(house), plain_folder=house.places.data)) as pilot:
        await press(pilot, "enter")
        await send(pilot, GOOD)
        await send(pilot, GOOD)
        code = code_on(shown(pilot))
        await press(pilot, "enter")
        await send(pilot, code.lower().replace("-", " "))
        await press(pilot, "enter")
        assert "plain file removed: 1 case" in flat(pilot)
        await press(pilot, "enter")
        assert result(pilot) is Entered.CASES
    assert plain.ids() == []
    assert [line.label.alias for line in house.cases.list()] == ["M."]

    house.lock()
    async with on_stage(Unlock(house)) as pilot:
        await send(pilot, BETTER)
        assert "not the right one" in shown(pilot)
        await press(pilot, "f2")
        await send(pilot, code)
        await send(pilot, BETTER)
        await send(pilot, BETTER)
        assert result(pilot) is Entered.CASES

    house.require_passphrase(BETTER)
    with pytest.raises(WrongPassphrase):
        house.require_passphrase(GOOD)
    assert house.door is Door.OPEN

    menu = VaultMenu(
        house, plain_folder=house.places.data, backups=tmp_path, today=date(2026, 11, 22)
    )
    async with on_stage(menu) as pilot:
        await press(pilot, "v")
        assert "Every case is sound" in shown(pilot)
        await press(pilot, "enter", "b", "enter")
        assert "1 case, 0 entries" in flat(pilot)
    house.close()

    other = house_in(tmp_path / "two")
    async with on_stage(FirstRun(other)) as pilot:
        await press(pilot, "b")
        await send(pilot, str(tmp_path / "nmt-intake-2026-11-22.nmtbackup"))
        await send(pilot, BETTER)
        assert "1 case: brought back" in shown(pilot)
        await press(pilot, "enter")
        assert result(pilot) is Entered.CASES
    assert other.door is Door.OPEN
    other.close()
