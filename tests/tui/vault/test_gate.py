"""The one state of the vault, as the desk sees it; the screen that leads in; the cover over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nmt_intake.bank.model import Bank
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.records import fold_check
from nmt_intake.store.errors import TooManyTries, VaultLocked, WrongPassphrase
from nmt_intake.store.home import VaultState
from nmt_intake.store.protocols import CaseLabel
from nmt_intake.tui.vault.covers import Cover
from nmt_intake.tui.vault.entry import FirstRun, Unlock, entrance
from tests.tui.vault.homes import (
    GOOD,
    NOBODY,
    WatchedHome,
    flat,
    on_stage,
    press,
    result,
    send,
    shown,
)


def test_the_screen_that_leads_in_is_the_first_run_and_later_the_lock(
    home: WatchedHome, small: Bank
) -> None:
    casework = Casework(home, small)
    assert isinstance(entrance(casework), FirstRun)
    home.has(GOOD)
    assert isinstance(entrance(casework), Unlock)


def test_a_damaged_vault_is_no_first_run(home: WatchedHome, small: Bank, tmp_path: Path) -> None:
    home.has(GOOD, is_open=True)
    home.cases.create(CaseLabel("K.")).close()
    home.lock()
    for each in (tmp_path / "data").glob("vault*"):
        each.unlink()
    casework = Casework(home, small)
    assert casework.state is VaultState.LOCKED
    assert isinstance(entrance(casework), Unlock)


def test_the_state_is_new_locked_open_or_practice(home: WatchedHome, small: Bank) -> None:
    casework = Casework(home, small)
    assert casework.state is VaultState.NEW
    home.has(GOOD)
    assert (casework.state, casework.locked) == (VaultState.LOCKED, True)
    casework.practise()
    assert (casework.state, casework.locked) == (VaultState.PRACTICE, False)
    assert not home.holds_keys
    casework.have_at_hand(VaultState.OPEN)
    assert casework.state is VaultState.LOCKED, "leaving practice opens nothing"
    with pytest.raises(VaultLocked):
        _ = home.at_hand
    with pytest.raises(WrongPassphrase):
        casework.unlock("wrong wrong")
    casework.unlock(GOOD)
    assert casework.state is VaultState.OPEN
    casework.practise()
    assert (casework.state, home.holds_keys) == (VaultState.PRACTICE, True)
    casework.lock()
    assert (casework.state, home.holds_keys) == (VaultState.LOCKED, False)


def test_practice_cases_are_apart_from_the_sealed_ones(home: WatchedHome, small: Bank) -> None:
    home.has(GOOD, is_open=True)
    casework = Casework(home, small)
    casework.practise()
    casework.close(casework.start("M.", None, 40))
    assert [each.label.practice for each in casework.cases()] == [True]
    casework.have_at_hand(VaultState.OPEN)
    assert not casework.cases()


async def test_the_cover_says_what_waits_and_lets_only_the_passphrase_through(
    home: WatchedHome, small: Bank
) -> None:
    home.has(GOOD, is_open=True)
    async with on_stage(Cover(Casework(home, small).prove, 2)) as pilot:
        assert "2 answers are not saved yet" in flat(pilot)
        await press(pilot, "enter", "escape")
        assert home.calls == []
        await send(pilot, "wrong wrong")
        assert result(pilot) is NOBODY
        home.fails["require_passphrase"] = TooManyTries(8)
        await send(pilot, GOOD)
        assert "Wait 8 seconds" in shown(pilot)
        await send(pilot, GOOD)
        assert result(pilot) is None
    assert home.holds_keys, "what waits can still be saved"


async def test_over_practice_any_enter_leads_back(home: WatchedHome, small: Bank) -> None:
    casework = Casework(home, small)
    casework.practise()
    async with on_stage(Cover(casework.prove, 1)) as pilot:
        assert "1 answer is not saved yet" in flat(pilot)
        await press(pilot, "enter")
        assert result(pilot) is None


def test_checking_events_finds_what_cannot_be_read(small: Bank) -> None:
    check = fold_check(small)
    assert check([]) is None
    assert "can't be read" in (check([{"kind": "unheard of"}]) or "")
