"""The house as the desk's gate: which cases are behind which door; and the cover over a desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from nmt_intake.tui.vault.gate import HomeGate, fold_check
from nmt_intake.tui.vault.keeper import Entered

from nmt_intake.bank.model import Bank
from nmt_intake.store.errors import VaultDamaged, WrongPassphrase
from nmt_intake.tui.vault.covers import Cover
from nmt_intake.tui.vault.entry import FirstRun, Unlock
from tests.tui.vault.homes import (
    GOOD,
    NOBODY,
    FakeHouse,
    flat,
    on_stage,
    press,
    result,
    send,
    shown,
)


def test_the_screen_that_leads_in_is_the_first_run_and_later_the_lock(
    home: FakeHouse, tmp_path: Path
) -> None:
    gate = HomeGate(home, tmp_path)
    assert isinstance(gate.screen(), FirstRun)
    home.passphrase = GOOD
    assert isinstance(gate.screen(), Unlock)


def test_a_damaged_vault_is_no_first_run(tmp_path: Path) -> None:
    class Ruins(FakeHouse):
        @property
        def state(self):
            raise VaultDamaged("vault.json", "It was changed.")

    assert isinstance(HomeGate(Ruins(), tmp_path).screen(), Unlock)


def test_practice_needs_no_passphrase_and_is_known_as_practice(
    home: FakeHouse, tmp_path: Path
) -> None:
    gate = HomeGate(home, tmp_path, practising=True)
    assert not gate.needs_passphrase
    gate.open("")
    assert gate.practising
    assert home.calls == []
    gate.enter(Entered.CASES)
    assert not gate.practising
    assert gate.needs_passphrase


def test_behind_the_gate_is_what_the_passphrase_opens(home: FakeHouse, tmp_path: Path) -> None:
    home.passphrase = GOOD
    gate = HomeGate(home, tmp_path)
    with pytest.raises(WrongPassphrase):
        gate.open("wrong wrong")
    gate.open(GOOD)
    assert home.is_open
    gate.shut()
    assert not home.is_open


async def test_the_cover_says_what_waits_and_lets_only_the_passphrase_through(
    home: FakeHouse, tmp_path: Path
) -> None:
    home.passphrase, home.is_open = GOOD, True
    async with on_stage(Cover(HomeGate(home, tmp_path).prove, 2)) as pilot:
        assert "2 answers are not saved yet" in flat(pilot)
        await press(pilot, "enter", "escape")
        assert home.tries == 0
        for _ in range(4):
            await send(pilot, "wrong wrong")
        assert result(pilot) is NOBODY
        assert "Wait 8 seconds" in shown(pilot)
        home.tries = 0
        await send(pilot, GOOD)
        assert result(pilot) is None
    assert home.is_open, "what waits can still be saved"


async def test_over_practice_any_enter_leads_back(home: FakeHouse, tmp_path: Path) -> None:
    async with on_stage(Cover(HomeGate(home, tmp_path, practising=True).prove, 1)) as pilot:
        assert "1 answer is not saved yet" in flat(pilot)
        await press(pilot, "enter")
        assert result(pilot) is None


def test_checking_events_finds_what_cannot_be_read(small: Bank) -> None:
    check = fold_check(small)
    assert check([]) is None
    assert "cannot be read" in (check([{"kind": "unheard of"}]) or "")
