"""The vault's menu: passphrase, keys, keyring, copies, checks."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest

from nmt_intake.store.errors import BadBackup, DiskFull
from nmt_intake.store.protocols import CaseLabel
from nmt_intake.store.sealed.audit import Entry
from nmt_intake.store.sealed.backup import BackupReport
from nmt_intake.store.sealed.plain_import import Imported
from nmt_intake.store.sealed.restore import Restored, RestoreOutcome
from nmt_intake.store.sealed.verification import Verdict
from nmt_intake.tui.vault.commands import MENU
from nmt_intake.tui.vault.menu import VaultMenu
from tests.tui.vault.homes import (
    BETTER,
    GOOD,
    WatchedHome,
    clear,
    flat,
    on_stage,
    press,
    result,
    send,
    settle,
    shown,
)


@pytest.fixture
def opened(home: WatchedHome) -> WatchedHome:
    home.has(GOOD, is_open=True)
    return home


def a_case(home: WatchedHome) -> str:
    """Make a case that the list calls K., and return its id."""
    with home.cases.create(CaseLabel("K.")) as file:
        return file.case_id


def menu(home: WatchedHome, folder: Path) -> VaultMenu:
    return VaultMenu(home, plain_folder=folder, backups=folder, today=date(2026, 11, 22))


async def test_every_line_of_the_menu_fits_and_escape_leaves(
    opened: WatchedHome, tmp_path: Path
) -> None:
    async with on_stage(menu(opened, tmp_path)) as pilot:
        for door in MENU:
            if door.id != "on":
                assert f"{door.title}" in shown(pilot)
                assert door.says in shown(pilot)
        await press(pilot, "escape")
        assert result(pilot) is None


async def test_the_passphrase_is_changed_with_the_old_one(
    opened: WatchedHome, tmp_path: Path
) -> None:
    async with on_stage(menu(opened, tmp_path)) as pilot:
        await press(pilot, "c")
        await send(pilot, "not the old one")
        await send(pilot, BETTER)
        await send(pilot, BETTER)
        assert "not the right one" in shown(pilot)
        assert opened.opens_with(GOOD)
        await send(pilot, GOOD)
        await send(pilot, BETTER)
        await send(pilot, BETTER)
        assert "The passphrase is changed" in shown(pilot)
        assert "Change the passphrase" in shown(pilot)
    assert opened.opens_with(BETTER)


async def test_new_keys_show_how_far_and_a_new_code_that_is_typed_back(
    opened: WatchedHome, tmp_path: Path
) -> None:
    opened.left = ("4" * 32,)
    old = opened.code
    async with on_stage(menu(opened, tmp_path)) as pilot:
        await press(pilot, "r")
        await send(pilot, GOOD)
        assert opened.code != old
        assert opened.code in shown(pilot)
        await press(pilot, "enter")
        await send(pilot, old)
        assert "This is not the code" in shown(pilot)
        await clear(pilot)
        await send(pilot, opened.code)
        assert "1 case kept the old key: open elsewhere, or damaged" in flat(pilot)


async def test_new_keys_can_be_stopped_between_cases(opened: WatchedHome, tmp_path: Path) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def rotating(passphrase: str, progress: object) -> object:
        assert callable(progress)
        progress(100, 250)
        reached.set()
        go_on.wait(5)
        progress(200, 250)
        raise AssertionError("it was to stop")

    opened.rotate_keys = rotating  # type: ignore[method-assign,assignment]
    async with on_stage(menu(opened, tmp_path)) as pilot:
        await press(pilot, "r")
        pilot.app.screen.query_one("#vault-line").value = GOOD
        await pilot.press("enter")
        while not reached.is_set():
            await pilot.pause(0.01)
        assert "100 of 250 cases" in shown(pilot)
        await pilot.press("escape")
        go_on.set()
        await settle(pilot)
        assert "Stopped" in shown(pilot)


async def test_a_backup_says_what_is_in_it(opened: WatchedHome, tmp_path: Path) -> None:
    opened.written = BackupReport(3, 120, 45_678, ("5" * 32,))
    async with on_stage(menu(opened, tmp_path)) as pilot:
        await press(pilot, "b", "enter")
        assert "3 cases, 120 entries, 46 kB" in flat(pilot)
        assert "read back to the last byte" in flat(pilot)
        assert "cannot be read: 1 case" in flat(pilot)


async def test_an_older_backup_is_replaced_only_at_the_second_enter(
    opened: WatchedHome, tmp_path: Path
) -> None:
    there = tmp_path / "nmt-intake-2026-11-22.nmtbackup"
    there.write_bytes(b"older")
    async with on_stage(menu(opened, tmp_path)) as pilot:
        await press(pilot, "b", "enter")
        assert "Enter again" in shown(pilot)
        assert there.read_bytes() == b"older"
        await press(pilot, "enter")
        assert "The backup is written" in shown(pilot)
    assert there.read_bytes() != b"older"


async def test_a_full_disk_is_said_and_the_name_stays(opened: WatchedHome, tmp_path: Path) -> None:
    opened.fails["backup"] = DiskFull("the backup's folder")
    async with on_stage(menu(opened, tmp_path)) as pilot:
        await press(pilot, "b", "enter")
        assert "The disk is full" in shown(pilot)
        await press(pilot, "enter")
        assert "The backup is written" in shown(pilot)


async def test_restoring_tells_the_fate_of_each_case(opened: WatchedHome, tmp_path: Path) -> None:
    backup = tmp_path / "b"
    backup.write_bytes(b"sealed")
    opened.fates = [
        Restored("1" * 32, RestoreOutcome.BROUGHT_BACK, 3),
        Restored("2" * 32, RestoreOutcome.BROUGHT_BACK, 3),
        Restored("3" * 32, RestoreOutcome.ERASED, 0),
    ]
    async with on_stage(menu(opened, tmp_path)) as pilot:
        await press(pilot, "t")
        await send(pilot, str(backup))
        await send(pilot, "not this one")
        assert "not the right one" in shown(pilot)
        await send(pilot, opened.code)
        assert "2 cases: brought back" in shown(pilot)
        assert "1 case: erased here; not brought back" in shown(pilot)
    assert opened.calls == ["restore passphrase", "restore recovery"]


async def test_what_is_no_backup_is_refused_in_plain_words(
    opened: WatchedHome, tmp_path: Path
) -> None:
    backup = tmp_path / "b"
    backup.write_bytes(b"no")
    opened.fails["restore passphrase"] = BadBackup("The file is not a backup.")
    async with on_stage(menu(opened, tmp_path)) as pilot:
        await press(pilot, "t")
        await send(pilot, str(backup))
        await send(pilot, GOOD)
        assert "The file is not a backup. Use another backup." in flat(pilot)
        await press(pilot, "escape", "escape")
        assert "Take in plain files" in shown(pilot)


async def test_a_missing_backup_file_is_asked_for_again(
    opened: WatchedHome, tmp_path: Path
) -> None:
    async with on_stage(menu(opened, tmp_path)) as pilot:
        await press(pilot, "t")
        await send(pilot, str(tmp_path / "nowhere"))
        await send(pilot, GOOD)
        assert "There is no such file" in shown(pilot)
        assert "Backup file" in shown(pilot)


async def test_checking_names_what_is_wrong_by_alias(opened: WatchedHome, tmp_path: Path) -> None:
    known = a_case(opened)
    opened.verdicts = [
        Verdict("1" * 32, 40, 41),
        Verdict(known, 12, 13, "STORE-005", "A part was harmed."),
        Verdict("7" * 32, 0, 0, "STORE-025", "There is no key."),
    ]
    async with on_stage(menu(opened, tmp_path)) as pilot:
        await press(pilot, "v")
        assert "Not sound: 2 files" in shown(pilot)
        assert "K.: A part was harmed. 12 entries readable. [STORE-005]" in flat(pilot)
        assert "77777777: There is no key." in flat(pilot)
        opened.verdicts = opened.verdicts[:1]
        await press(pilot, "escape", "v")
        assert "Every case is sound" in shown(pilot)


async def test_checking_tells_of_the_files_beside_the_cases(
    opened: WatchedHome, tmp_path: Path
) -> None:
    opened.verdicts = [Verdict("1" * 32, 40, 41)]
    opened.files = [
        Verdict("", 1, 0, file="keys.nmt"),
        Verdict("", 7, 9, "STORE-028", "It was made anew.", "index.nmt"),
    ]
    async with on_stage(menu(opened, tmp_path)) as pilot:
        await press(pilot, "v")
        assert "Not sound: 1 file" in shown(pilot)
        assert "index.nmt: It was made anew. 7 entries readable. [STORE-028]" in flat(pilot)
        assert "Every case is sound." in flat(pilot)
        assert "3 files, 40 entries" in flat(pilot)


async def test_who_did_what_is_told_the_latest_first(opened: WatchedHome, tmp_path: Path) -> None:
    known = a_case(opened)
    opened.entries = [
        Entry("2026-11-22T14:02:00.000+00:00", "unlocked", "ana", "desk", "", 0),
        Entry("2026-11-22T14:03:00.000+00:00", "case viewed", "", "desk", known, 12),
        Entry("2026-11-22T14:04:00.000+00:00", "case erased", "ana", "desk", "7" * 32, 0),
    ]
    async with on_stage(menu(opened, tmp_path)) as pilot:
        await press(pilot, "a")
        told = flat(pilot)
    assert "case viewed: K., somebody" in told
    assert told.index("case erased: 77777777, ana") < told.index("case viewed")
    assert "The latest of 3 entries. All of it: cases export --audit." in told


async def test_checking_can_be_stopped(opened: WatchedHome, tmp_path: Path) -> None:
    opened.gate = threading.Event()
    async with on_stage(menu(opened, tmp_path)) as pilot:
        await pilot.press("v")
        await pilot.pause()
        await pilot.press("escape")
        opened.gate.set()
        await settle(pilot)
        assert "Stopped. Nothing was changed." in shown(pilot)


async def test_plain_files_are_taken_in_from_the_folder_that_is_named(
    opened: WatchedHome, tmp_path: Path
) -> None:
    opened.taken = Imported(("1" * 32, "2" * 32), ())
    async with on_stage(menu(opened, tmp_path)) as pilot:
        await press(pilot, "i")
        assert "No plain case file is in the usual folder" in flat(pilot)
        await press(pilot, "enter")
        assert "plain file removed: 2 cases" in flat(pilot)


async def test_the_keyring_remembers_with_the_passphrase_and_forgets(
    opened: WatchedHome, tmp_path: Path
) -> None:
    async with on_stage(menu(opened, tmp_path)) as pilot:
        await press(pilot, "k")
        assert "anybody who is logged in as you" in flat(pilot)
        await send(pilot, GOOD)
        assert "The keyring remembers" in shown(pilot)
        assert opened.ring is not None
        assert opened.ring.kept
        await press(pilot, "f")
        assert "opens nothing any more" in shown(pilot)
        assert not opened.ring.kept
