"""Answers that a disk does not take: kept on the screen, saved elsewhere, brought back."""

from __future__ import annotations

import asyncio
import errno
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nmt_intake.bank.model import Bank
from nmt_intake.casework.cases import Casework
from nmt_intake.interview.events import Noted
from nmt_intake.store.files.disk import Disk
from nmt_intake.store.home import Home
from nmt_intake.store.paths import Places
from nmt_intake.store.vault.key_derivation import Cost
from nmt_intake.tui.app import DeskApp
from nmt_intake.tui.screens.cases import CasesScreen
from nmt_intake.tui.screens.interview import InterviewScreen
from nmt_intake.tui.screens.with_case import CaseScreen
from nmt_intake.tui.vault.covers import SaveElsewhere
from nmt_intake.tui.vault.entry import Unlock
from tests.tui.driving import calm, keys, words
from tests.tui.vault.homes import GOOD, clear, flat, press, send


class FailingDisk(Disk):
    """A disk that confirms nothing, or has no room, once it is told so."""

    trouble = 0

    def sync_data(self, file: int) -> None:
        if self.trouble == errno.EIO:
            raise OSError(errno.EIO, "I/O error")
        super().sync_data(file)

    def write(self, file: int, offset: int, data: bytes) -> int:
        if self.trouble == errno.ENOSPC:
            raise OSError(errno.ENOSPC, "no space")
        return super().write(file, offset, data)


def at_house(folder: Path, disk: Disk, bank: Bank) -> Casework:
    places = Places(folder / "data", folder / "config", folder / "cache")
    places.make()
    home = Home(places, disk=disk, cost=Cost(), who="ana", least_room=0)
    home.set_up(GOOD)
    home.lock()
    now = lambda: datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # noqa: E731
    desk = Casework(home, bank, now=now)
    desk.settings = replace(desk.settings, worker="ana")
    return desk


async def begun(pilot: Any) -> InterviewScreen:
    await calm(pilot)
    await send(pilot, GOOD)
    await calm(pilot)
    await keys(pilot, "n")
    await words(pilot, "M.", "enter")
    await words(pilot, "2019-09-14", "enter")
    screen = pilot.app.screen
    assert isinstance(screen, InterviewScreen)
    await asyncio.to_thread(screen.case.settled)
    return screen


async def said(pilot: Any, screen: CaseScreen, text: str) -> None:
    screen.record(Noted, text=text)
    await asyncio.to_thread(screen.case.settled)
    await calm(pilot)


@pytest.mark.parametrize("trouble", [errno.EIO, errno.ENOSPC])
async def test_answers_the_disk_does_not_take_are_saved_elsewhere_and_brought_back(
    tmp_path: Path, small: Bank, trouble: int
) -> None:
    disk = FailingDisk()
    desk = at_house(tmp_path, disk, small)
    stick = tmp_path / "stick" / "one.nmtbackup"
    stick.parent.mkdir()
    async with DeskApp(lambda: desk).run_test(size=(80, 24)) as pilot:
        screen = await begun(pilot)
        disk.trouble = trouble
        await said(pilot, screen, "not to be lost")
        assert "1 answer is kept here" in flat(pilot)
        assert "F6 saves to another folder" in flat(pilot)
        await said(pilot, screen, "nor this")

        await keys(pilot, "f6")
        assert isinstance(pilot.app.screen, SaveElsewhere)
        disk.trouble = 0  # the other folder is on a disk that works
        await clear(pilot)
        await send(pilot, str(stick))
        assert "The case is saved in another folder" in flat(pilot)
        await press(pilot, "enter")
        assert pilot.app.screen is screen
        assert "in another folder: 2" in flat(pilot)
        assert "Vault, Restore, that file" in flat(pilot)

        disk.trouble = trouble
        await said(pilot, screen, "said afterwards")
        assert "not saved: 1" in flat(pilot), "what came later is not in that file"
        await keys(pilot, "f6")
        disk.trouble = 0
        await clear(pilot)
        await send(pilot, str(stick))
        assert "Enter again puts the new one in its place" in flat(pilot)
        await press(pilot, "enter")
        await press(pilot, "enter")
        disk.trouble = trouble
        wanted = [event.id for event in screen.case.events]
        await screen.action_close()
        await calm(pilot)
        assert isinstance(pilot.app.screen, CasesScreen), "nothing more to warn of"
        disk.trouble = 0

        await keys(pilot, "v", "t")
        await send(pilot, str(stick))
        await send(pilot, GOOD)
        assert "1 case: brought back" in flat(pilot)
        await press(pilot, "enter", "escape")
        again = desk.resume(desk.cases()[0])
        assert [event.id for event in again.events] == wanted
        again.close()


async def test_a_desk_locks_over_answers_that_are_safe_elsewhere(
    tmp_path: Path, small: Bank
) -> None:
    disk = FailingDisk()
    desk = at_house(tmp_path, disk, small)
    async with DeskApp(lambda: desk).run_test(size=(80, 24)) as pilot:
        screen = await begun(pilot)
        disk.trouble = errno.EIO
        await said(pilot, screen, "not to be lost")
        disk.trouble = 0
        desk.rescue(screen.case, tmp_path / "one.nmtbackup")
        await keys(pilot, "ctrl+l")
        assert isinstance(pilot.app.screen, Unlock)


async def test_where_nothing_waits_nothing_is_asked_and_practice_stays_at_home(
    tmp_path: Path, small: Bank
) -> None:
    disk = FailingDisk()
    desk = at_house(tmp_path, disk, small)
    async with DeskApp(lambda: desk).run_test(size=(80, 24)) as pilot:
        await calm(pilot)
        await keys(pilot, "f4", "n")
        await words(pilot, "M.", "enter")
        await words(pilot, "2019-09-14", "enter")
        screen = pilot.app.screen
        assert isinstance(screen, InterviewScreen)
        await keys(pilot, "f6")
        assert pilot.app.screen is screen
        assert "Nothing waits to be saved" in flat(pilot)
        disk.trouble = errno.ENOSPC
        await said(pilot, screen, "made up")
        await keys(pilot, "f6")
        await press(pilot, "enter")
        assert "Practice cases are kept in their own folder only" in flat(pilot)
        await press(pilot, "escape")
        assert pilot.app.screen is screen
        disk.trouble = 0
        screen.case.try_again()
        await asyncio.to_thread(screen.case.settled)
