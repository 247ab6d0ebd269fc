"""The lock screen and its four ways in."""

from __future__ import annotations

import threading

import pytest

from nmt_intake.store.errors import TooManyTries, VaultDamaged
from nmt_intake.store.home import VaultState
from nmt_intake.tui.panes.asking_line import Line
from nmt_intake.tui.vault import texts
from nmt_intake.tui.vault.entry import Unlock
from tests.tui.vault.homes import (
    BETTER,
    GOOD,
    NOBODY,
    Ring,
    WatchedHome,
    flat,
    on_stage,
    press,
    result,
    send,
    settle,
    shown,
)


@pytest.fixture
def locked(home: WatchedHome) -> WatchedHome:
    home.has(GOOD)
    return home


async def test_the_passphrase_opens(locked: WatchedHome) -> None:
    async with on_stage(Unlock(locked)) as pilot:
        await send(pilot, GOOD)
        assert result(pilot) is VaultState.OPEN


async def test_a_wrong_one_is_said_and_the_line_is_empty(locked: WatchedHome) -> None:
    async with on_stage(Unlock(locked)) as pilot:
        await send(pilot, "wrong wrong")
        assert "not the right one" in shown(pilot)
        assert pilot.app.screen.query_one(Line).value == ""
        assert result(pilot) is NOBODY


async def test_the_wait_is_told_once_in_plain_words_and_does_not_count_down(
    locked: WatchedHome,
) -> None:
    async with on_stage(Unlock(locked)) as pilot:
        for _ in range(4):
            await send(pilot, "wrong wrong")
        before = shown(pilot)
        assert "Wait 2 seconds, then try again." in before
        await pilot.pause(1.1)
        assert shown(pilot) == before


async def test_when_the_wait_is_over_that_is_said_once(locked: WatchedHome) -> None:
    locked.fails["unlock"] = TooManyTries(1)
    async with on_stage(Unlock(locked)) as pilot:
        await send(pilot, GOOD)
        assert "Wait 1 second, then try again." in shown(pilot)
        await pilot.pause(1.2)
        assert "Now it is possible again." in shown(pilot)
        assert "Wait" not in shown(pilot)
        locked.fails["unlock"] = TooManyTries(1)
        await send(pilot, GOOD)
        await send(pilot, "a wrong one")
        await pilot.pause(1.2)
        assert "possible again" not in shown(pilot)


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (1, "1 second,"),
        (8, "8 seconds,"),
        (59, "59 seconds,"),
        (60, "1 minute,"),
        (300, "5 minutes,"),
    ],
)
def test_a_wait_reads_as_people_say_it(wait: int, said: str) -> None:
    assert f"Wait {said}" in texts.waiting(TooManyTries(wait))


async def test_an_empty_line_is_no_try(locked: WatchedHome) -> None:
    async with on_stage(Unlock(locked)) as pilot:
        await press(pilot, "enter", "enter", "escape", "enter")
        assert locked.calls == []
        assert result(pilot) is NOBODY


async def test_the_recovery_code_leads_to_a_new_passphrase(locked: WatchedHome) -> None:
    async with on_stage(Unlock(locked)) as pilot:
        await press(pilot, "f2")
        await send(pilot, locked.code)
        await send(pilot, BETTER)
        await send(pilot, BETTER)
        assert result(pilot) is VaultState.OPEN
    assert locked.opens_with(BETTER)


async def test_without_a_new_passphrase_it_locks_again(locked: WatchedHome) -> None:
    async with on_stage(Unlock(locked)) as pilot:
        await press(pilot, "f2")
        await send(pilot, locked.code)
        await press(pilot, "escape")
        assert "Locked again" in shown(pilot)
        assert result(pilot) is NOBODY
    assert locked.state is VaultState.LOCKED
    assert locked.opens_with(GOOD)


async def test_a_wrong_code_leads_nowhere(locked: WatchedHome) -> None:
    async with on_stage(Unlock(locked)) as pilot:
        await press(pilot, "f2")
        await send(pilot, "not a code")
        assert "New passphrase" not in shown(pilot)
        assert "This is not a recovery code" in shown(pilot)


async def test_the_keyring_opens_where_there_is_one(locked: WatchedHome) -> None:
    async with on_stage(Unlock(locked)) as pilot:
        await press(pilot, "f3")
        assert "'keyring' is not installed" in shown(pilot)
        locked.ring = Ring()
        await press(pilot, "f3")
        assert "keeps nothing for this vault" in flat(pilot)
        with_ring(locked)
        await press(pilot, "f3")
        assert result(pilot) is VaultState.OPEN


def with_ring(home: WatchedHome) -> None:
    home.unlock(GOOD)
    home.remember_in_keyring(GOOD)
    home.lock()
    home.calls.clear()


async def test_practice_is_open_while_the_cases_stay_locked(locked: WatchedHome) -> None:
    async with on_stage(Unlock(locked)) as pilot:
        await press(pilot, "f4")
        assert result(pilot) is VaultState.PRACTICE
    assert not locked.holds_keys


async def test_a_damaged_vault_is_said_in_plain_words(locked: WatchedHome) -> None:
    locked.fails["unlock"] = VaultDamaged("vault.json", "It was changed.")
    async with on_stage(Unlock(locked)) as pilot:
        await send(pilot, GOOD)
        assert "It was changed. Put it back from a backup" in flat(pilot)


async def test_keys_pressed_while_it_works_do_nothing(locked: WatchedHome) -> None:
    locked.gate = threading.Event()
    async with on_stage(Unlock(locked)) as pilot:
        pilot.app.screen.query_one(Line).value = GOOD
        await pilot.press("enter")
        await pilot.pause()
        assert pilot.app.screen.busy
        await pilot.press("f2", "f4", "escape", "x", "enter")
        locked.gate.set()
        await settle(pilot)
        assert result(pilot) is VaultState.OPEN
    assert locked.calls == ["unlock"]
