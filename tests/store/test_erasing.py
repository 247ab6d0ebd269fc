"""Erasing reaches the backups that were written before, and says which it could not reach."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from nmt_intake.store.errors import CaseStoreError
from nmt_intake.store.home import Home
from nmt_intake.store.sealed import erasure
from nmt_intake.store.sealed.audit import Action
from nmt_intake.store.sealed.erasure import Cleaned, Outcome
from nmt_intake.store.sealed.restore import RestoreOutcome
from tests.faults.session import BACKUP, PASSPHRASE, Day, event
from tests.faults.sim_disk import SimDisk
from tests.store.conftest import home_in
from tests.store.test_backup import with_two_cases

NEW = "five other random words here"


def brought_back(backup: Path, passphrase: str, folder: Path) -> set[str]:
    """Return the cases that a backup gives to another computer."""
    new = home_in(folder)
    fates = new.restore(backup, passphrase)
    assert {fate.fate for fate in fates} <= {RestoreOutcome.BROUGHT_BACK, RestoreOutcome.TAKEN_OUT}
    assert all(verdict.sound for verdict in new.verify())
    back = {line.case_id for line in new.cases.list()}
    assert back == {fate.case_id for fate in fates if fate.fate is RestoreOutcome.BROUGHT_BACK}
    new.close()
    return back


def test_an_old_backup_does_not_open_an_erased_case_anywhere(home: Home, tmp_path: Path) -> None:
    gone, stays = with_two_cases(home)
    backup = tmp_path / "b"
    home.backup(backup)
    home.cases.erase(gone, "asked for")
    assert home.clean_backups() == [Cleaned(backup, Outcome.CLEAN, 1)]
    assert brought_back(backup, PASSPHRASE, tmp_path / "new") == {stays}
    assert home.clean_backups() == []
    assert Action.TAKEN_OUT.value in [entry.action for entry in home.audit()]
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [path for path in tmp_path.iterdir() if path.name.endswith(".new")] == []


def test_it_is_reached_behind_new_keys_and_opens_with_the_passphrase_of_its_time(
    home: Home, tmp_path: Path
) -> None:
    gone, stays = with_two_cases(home)
    backup = tmp_path / "b"
    home.backup(backup)
    home.change_passphrase(PASSPHRASE, NEW)
    home.rotate_keys(NEW)
    home.lock()
    home.unlock(NEW)
    home.cases.erase(gone, "asked for")
    assert home.clean_backups() == [Cleaned(backup, Outcome.CLEAN, 1)]
    assert brought_back(backup, PASSPHRASE, tmp_path / "new") == {stays}


def test_a_backup_out_of_reach_is_named_and_cleaned_when_it_is_back(
    home: Home, tmp_path: Path
) -> None:
    gone, stays = with_two_cases(home)
    stick, away = tmp_path / "stick" / "b", tmp_path / "away"
    stick.parent.mkdir()
    home.backup(stick)
    stick.parent.rename(away)
    home.cases.erase(gone, "asked for")
    assert home.clean_backups() == [Cleaned(stick, Outcome.NOT_THERE)]
    assert home.erased()[gone]["left"]
    away.rename(stick.parent)
    home.backup(tmp_path / "other")
    assert home.erased()[gone]["left"] == []
    assert brought_back(stick, PASSPHRASE, tmp_path / "new") == {stays}


def test_a_backup_that_was_moved_is_cleaned_where_it_is_now(home: Home, tmp_path: Path) -> None:
    gone, stays = with_two_cases(home)
    home.backup(tmp_path / "b")
    moved = (tmp_path / "b").rename(tmp_path / "moved")
    home.cases.erase(gone, "asked for")
    outcomes = {each.path: each.outcome for each in home.clean_backups([moved])}
    assert outcomes == {tmp_path / "b": Outcome.NOT_THERE, moved: Outcome.CLEAN}
    # Moved or copied, nobody can tell: where it was written is looked at again.
    assert home.clean_backups() == [Cleaned(tmp_path / "b", Outcome.NOT_THERE)]
    assert home.clean_backups([moved])[1] == Cleaned(moved, Outcome.CLEAN, 0)
    assert brought_back(moved, PASSPHRASE, tmp_path / "new") == {stays}


def test_a_backup_whose_name_is_no_text_is_reached(home: Home, tmp_path: Path) -> None:
    gone, stays = with_two_cases(home)
    odd = tmp_path / os.fsdecode(b"b\xff\n")
    home.backup(odd)
    home.cases.erase(gone, "asked for")
    assert home.clean_backups() == [Cleaned(odd, Outcome.CLEAN, 1)]
    assert brought_back(odd, PASSPHRASE, tmp_path / "new") == {stays}


def test_cleaning_or_reading_a_copy_does_not_forget_where_the_backup_was_written(
    home: Home, tmp_path: Path
) -> None:
    gone, stays = with_two_cases(home)
    stick, copy = tmp_path / "stick", tmp_path / "copy"
    home.backup(stick)
    copy.write_bytes(stick.read_bytes())
    home.restore(copy, PASSPHRASE)
    away = stick.rename(tmp_path / "away")
    home.cases.erase(gone, "asked for")
    outcomes = {each.path: each.outcome for each in home.clean_backups()}
    assert outcomes == {stick: Outcome.NOT_THERE, copy: Outcome.CLEAN}
    away.rename(stick)
    assert home.clean_backups() == [Cleaned(stick, Outcome.CLEAN, 1)]
    assert brought_back(stick, PASSPHRASE, tmp_path / "new") == {stays}


def test_two_disks_used_in_turn_at_one_path_are_both_cleaned(home: Home, tmp_path: Path) -> None:
    gone, stays = with_two_cases(home)
    path, first = tmp_path / "b", tmp_path / "first"
    home.backup(path)
    path.rename(first)
    home.backup(path)
    home.cases.erase(gone, "asked for")
    assert home.clean_backups() == [Cleaned(path, Outcome.CLEAN, 1)]
    first.rename(path)
    assert home.clean_backups() == [Cleaned(path, Outcome.CLEAN, 1)]
    assert brought_back(path, PASSPHRASE, tmp_path / "new") == {stays}


def test_a_backup_that_was_replaced_is_forgotten_at_the_second_time(
    home: Home, tmp_path: Path
) -> None:
    gone, stays = with_two_cases(home)
    for _ in range(3):
        home.backup(tmp_path / "b")
    assert len(home.cases.folders.case_keys.backups()) == 2
    home.cases.erase(gone, "asked for")
    assert home.clean_backups() == [Cleaned(tmp_path / "b", Outcome.CLEAN, 1)]
    assert home.clean_backups() == [Cleaned(tmp_path / "b", Outcome.CLEAN, 0)]
    assert brought_back(tmp_path / "b", PASSPHRASE, tmp_path / "new") == {stays}


def test_a_backup_that_was_read_here_is_known_too(home: Home, tmp_path: Path) -> None:
    gone, stays = with_two_cases(home)
    home.backup(tmp_path / "b")
    new = home_in(tmp_path / "new")
    new.restore(tmp_path / "b", PASSPHRASE)
    new.cases.erase(gone, "asked for")
    assert new.clean_backups() == [Cleaned(tmp_path / "b", Outcome.CLEAN, 1)]
    new.close()
    assert brought_back(tmp_path / "b", PASSPHRASE, tmp_path / "newer") == {stays}


def test_an_old_copy_that_is_restored_shows_where_an_erased_case_still_is(
    home: Home, tmp_path: Path
) -> None:
    gone, _stays = with_two_cases(home)
    home.backup(tmp_path / "b")
    copy = tmp_path / "copy"
    copy.write_bytes((tmp_path / "b").read_bytes())
    home.cases.erase(gone, "asked for")
    home.clean_backups()
    assert RestoreOutcome.ERASED in {fate.fate for fate in home.restore(copy, PASSPHRASE)}
    assert home.clean_backups() == [Cleaned(copy, Outcome.CLEAN, 1)]


def test_a_file_of_other_keys_or_no_backup_is_left_as_it_is(home: Home, tmp_path: Path) -> None:
    gone, _stays = with_two_cases(home)
    other = home_in(tmp_path / "other")
    other.set_up(PASSPHRASE)
    other.rotate_keys(PASSPHRASE)
    other.backup(tmp_path / "theirs")
    other.close()
    strange = home_in(tmp_path / "strange")
    strange.set_up(PASSPHRASE)
    strange.backup(tmp_path / "same number")
    strange.close()
    (tmp_path / "text").write_text("no backup")
    (tmp_path / "folder").mkdir()
    files = [tmp_path / name for name in ("theirs", "same number", "text", "folder")]
    before = [path.read_bytes() for path in files[:3]]
    home.cases.erase(gone, "asked for")
    cleaned = home.clean_backups(files)
    assert [each.outcome for each in cleaned] == [Outcome.UNCHANGED] * 3 + [Outcome.NOT_THERE]
    assert all(each.why for each in cleaned[:3])
    assert [path.read_bytes() for path in files[:3]] == before


def test_a_harmed_backup_is_named_and_not_made_smaller(home: Home, tmp_path: Path) -> None:
    gone, _stays = with_two_cases(home)
    home.backup(tmp_path / "b")
    whole = bytearray((tmp_path / "b").read_bytes())
    whole[-40] ^= 1
    (tmp_path / "b").write_bytes(whole)
    home.cases.erase(gone, "asked for")
    (told,) = home.clean_backups()
    assert told.outcome is Outcome.UNCHANGED
    assert (tmp_path / "b").read_bytes() == whole


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_takes_nothing_is_told(home: Home, tmp_path: Path) -> None:
    gone, _stays = with_two_cases(home)
    stick = tmp_path / "stick"
    stick.mkdir()
    home.backup(stick / "b")
    stick.chmod(0o500)
    home.cases.erase(gone, "asked for")
    (told,) = home.clean_backups()
    stick.chmod(0o700)
    assert told.outcome is Outcome.UNCHANGED


def test_a_case_that_another_process_erases_meanwhile_is_taken_out_too(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = with_two_cases(home)
    home.backup(tmp_path / "b")
    real_put, erased = erasure.put, list[str]()

    def put(*args: object, **kept: object) -> object:
        if not erased:
            erased.append(two)
            home.cases.erase(two, "asked for at the other desk")
        return real_put(*args, **kept)  # type: ignore[arg-type]

    monkeypatch.setattr(erasure, "put", put)
    home.cases.erase(one, "asked for")
    assert home.clean_backups() == [Cleaned(tmp_path / "b", Outcome.CLEAN, 2)]
    assert brought_back(tmp_path / "b", PASSPHRASE, tmp_path / "new") == set()


def test_a_name_that_is_not_safe_yet_is_not_called_clean() -> None:
    disk = SimDisk()
    home = Day.new_house(disk)
    home.set_up(PASSPHRASE)
    gone, _stays = with_two_cases(home)
    home.backup(BACKUP)
    home.cases.erase(gone, "asked for")

    def no_folder(call: str, path: Path, _data: bytes) -> None:
        if call == "sync_folder" and path == BACKUP.parent:
            raise OSError(errno.EIO, "I/O error")

    disk.hook = no_folder
    assert [each.outcome for each in home.clean_backups()] == [Outcome.UNCHANGED]
    assert [each.outcome for each in home.clean_backups()] == [Outcome.UNCHANGED]
    disk.hook = lambda _call, _path, _data: None
    assert [each.outcome for each in home.clean_backups()] == [Outcome.CLEAN]
    home.close()


def test_a_backup_is_remembered_before_it_is_there(home: Home, tmp_path: Path) -> None:
    gone, _stays = with_two_cases(home)
    folders = home.cases.folders
    real = folders.disk.replace

    def full(source: Path, target: Path) -> None:
        real(source, target)
        if target == tmp_path / "b":
            assert target in folders.case_keys.backups().values()

    folders.disk.replace = full  # type: ignore[method-assign]
    home.backup(tmp_path / "b")
    with home.cases.claim(gone) as case:
        case.append(2, [event(3)])


def test_a_backup_that_cannot_be_remembered_is_not_written(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_two_cases(home)

    def full(*_said: object) -> None:
        raise CaseStoreError("STORE-008", "keys.nmt", "No space.", "Make room.")

    monkeypatch.setattr(type(home.cases.folders.case_keys), "remember_backup", full)
    with pytest.raises(CaseStoreError):
        home.backup(tmp_path / "b")
    assert list(tmp_path.glob("*b*")) == []
    assert list(tmp_path.glob(".*.new")) == []
