"""An unattended desk: the lock key, the idle lock, the quiet lock screen."""

from __future__ import annotations

from dataclasses import replace

from nmt_intake.casework.cases import Casework
from tests.homes import PASSPHRASE
from tests.tui.driving import at_desk, calm, keys, new_case, shown, words
from tests.tui.vault.homes import send


async def test_a_wrong_passphrase_is_said_and_the_right_one_opens(desk: Casework) -> None:
    desk.lock()
    async with at_desk(desk) as pilot:
        assert "Locked" in shown(pilot)
        await send(pilot, "wrong wrong")
        assert "not the right one" in shown(pilot)
        assert "wrong wrong" not in shown(pilot)
        await send(pilot, PASSPHRASE)
        assert "Press n to start one" in shown(pilot)


async def test_the_lock_key_saves_clears_and_drops_the_keys(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot, "Quetzal")
        await keys(pilot, "3", "alt+n")
        await words(pilot, "half a note")
        await keys(pilot, "ctrl+l")
        assert "Quetzal" not in shown(pilot)
        assert "half a note" not in shown(pilot)
        assert (desk.locked, desk.home.holds_keys) == (True, False)
        assert not screen.case.file.writable
        await send(pilot, PASSPHRASE)
        await keys(pilot, "enter")
        assert "Do you like to read?" in shown(pilot)


async def test_a_desk_that_nobody_touches_locks_itself(desk: Casework) -> None:
    desk.settings = replace(desk.settings, idle_minutes=10)
    now = [0.0]
    clock = lambda: now[0]  # noqa: E731
    async with at_desk(desk, monotonic=clock, wall=clock) as pilot:
        await new_case(pilot)
        now[0] += 9 * 60
        await pilot.app.lock_if_idle()  # type: ignore[attr-defined]
        assert not desk.locked
        await keys(pilot, "alt+w")
        now[0] += 9 * 60
        await pilot.app.lock_if_idle()  # type: ignore[attr-defined]
        assert not desk.locked
        now[0] += 2 * 60
        await pilot.app.lock_if_idle()  # type: ignore[attr-defined]
        await calm(pilot)
        assert desk.locked
        assert "M." not in shown(pilot)


async def test_the_lock_key_works_while_a_page_is_open(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        await keys(pilot, "n", "ctrl+l")
        assert desk.locked
        assert "Locked" in shown(pilot)
