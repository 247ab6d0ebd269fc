"""Backups: what comes back, what does not, and what a crafted file can do."""

from __future__ import annotations

import base64
import errno
import hashlib
import secrets
from pathlib import Path

import pytest

from nmt_intake.store.errors import (
    BadBackup,
    BadRecord,
    CaseStoreError,
    CaseUnknown,
    FolderUnusable,
    NewerFormat,
    WriteFailed,
    WrongPassphrase,
)
from nmt_intake.store.files.disk import Disk
from nmt_intake.store.home import Home, VaultState
from nmt_intake.store.journal.frames import Header, Purpose, Seal
from nmt_intake.store.journal.streaming import FrameWriter
from nmt_intake.store.protocols import CaseLabel
from nmt_intake.store.records import encode
from nmt_intake.store.sealed.backup import _LENGTH, _MAGIC, _key
from nmt_intake.store.sealed.restore import RestoreOutcome
from tests.faults.session import PASSPHRASE, event
from tests.store.conftest import home_in


def with_two_cases(home: Home) -> tuple[str, str]:
    ids = []
    for name in ("M.", "N."):
        with home.cases.create(CaseLabel(name)) as case:
            case.append(0, [event(1), event(2)])
            ids.append(case.case_id)
    return ids[0], ids[1]


def test_a_backup_brings_everything_back_on_another_computer(home: Home, tmp_path: Path) -> None:
    one, other = with_two_cases(home)
    report = home.backup(tmp_path / "b")
    assert (report.cases, report.events, report.left_out) == (2, 4, ())
    new = home_in(tmp_path / "new")
    with pytest.raises(WrongPassphrase):
        new.restore(tmp_path / "b", "another passphrase")
    assert new.state is VaultState.NEW
    fates = new.restore(tmp_path / "b", home.code, "recovery")  # type: ignore[attr-defined]
    assert {fate.case_id: fate.fate for fate in fates} == {
        one: RestoreOutcome.BROUGHT_BACK,
        other: RestoreOutcome.BROUGHT_BACK,
    }
    assert {line.label.alias for line in new.cases.list()} == {"M.", "N."}
    assert all(verdict.sound for verdict in new.verify())
    new.lock()
    new.unlock(PASSPHRASE)
    with new.cases.claim(one) as case:
        assert list(case.load()) == [event(1), event(2)]
        case.append(2, [event(3)])
    new.close()


def test_restoring_keeps_what_is_newer_and_brings_back_what_is_harmed(
    home: Home, tmp_path: Path
) -> None:
    newer, harmed = with_two_cases(home)
    home.backup(tmp_path / "b")
    with home.cases.claim(newer) as case:
        case.append(2, [event(3)])
    path = home.cases.folders.case_path(harmed)
    path.write_bytes(path.read_bytes()[:100])
    assert [verdict.sound for verdict in home.verify()] == [True, False]
    fates = {fate.case_id: fate.fate for fate in home.restore(tmp_path / "b", PASSPHRASE)}
    assert fates == {newer: RestoreOutcome.HERE_ALREADY, harmed: RestoreOutcome.BROUGHT_BACK}
    assert [verdict.events for verdict in home.verify()] == [3, 2]
    assert [verdict.sound for verdict in home.verify()] == [True, True]
    assert list((home.places.data / "quarantine").glob(f"{harmed}-*.nmt"))
    home.lock()
    home.unlock(PASSPHRASE)
    assert all(verdict.sound for verdict in home.verify())


def test_a_case_that_went_another_way_is_left_as_it_is(home: Home, tmp_path: Path) -> None:
    one, _other = with_two_cases(home)
    home.backup(tmp_path / "early")
    with home.cases.claim(one) as case:
        case.append(2, [event(3)])
    home.backup(tmp_path / "late")
    new = home_in(tmp_path / "new")
    new.restore(tmp_path / "early", PASSPHRASE)
    with new.cases.claim(one) as case:
        case.append(2, [event(99)])
    fates = {fate.case_id: fate.fate for fate in new.restore(tmp_path / "late", PASSPHRASE)}
    assert fates[one] is RestoreOutcome.DIFFERENT
    new.close()


def test_a_shorter_case_is_replaced_and_an_open_one_is_not(home: Home, tmp_path: Path) -> None:
    one, other = with_two_cases(home)
    home.backup(tmp_path / "early")
    with home.cases.claim(one) as case:
        case.append(2, [event(3)])
    home.backup(tmp_path / "late")
    new = home_in(tmp_path / "new")
    new.restore(tmp_path / "early", PASSPHRASE)
    with new.cases.claim(other):
        fates = {fate.case_id: fate.fate for fate in new.restore(tmp_path / "late", PASSPHRASE)}
    assert fates == {one: RestoreOutcome.BROUGHT_BACK, other: RestoreOutcome.OPEN_ELSEWHERE}
    with new.cases.open(one) as case:
        assert len(case.load()) == 3
    new.close()


def test_a_restored_case_survives_a_rotation_and_a_lost_index(home: Home, tmp_path: Path) -> None:
    one, _other = with_two_cases(home)
    home.backup(tmp_path / "b")
    with home.cases.claim(one) as case:
        case.append(2, [event(3)])
    home.cases.folders.case_path(one).write_bytes(b"harmed")
    home.restore(tmp_path / "b", PASSPHRASE)
    home.rotate_keys(PASSPHRASE)
    home.lock()
    (home.places.data / "index.nmt").unlink()
    home.unlock(PASSPHRASE)
    assert all(verdict.sound for verdict in home.verify())
    assert len(home.cases.list()) == 2


def test_tombstones_travel_with_a_backup(home: Home, tmp_path: Path) -> None:
    one, other = with_two_cases(home)
    home.backup(tmp_path / "before")
    copy = tmp_path / "a copy that nobody told of"
    copy.write_bytes((tmp_path / "before").read_bytes())
    home.cases.erase(one, "asked for")
    home.backup(tmp_path / "after")
    new = home_in(tmp_path / "new")
    new.restore(tmp_path / "after", PASSPHRASE)
    fates = {fate.case_id: fate.fate for fate in new.restore(copy, PASSPHRASE)}
    assert fates == {one: RestoreOutcome.ERASED, other: RestoreOutcome.HERE_ALREADY}
    new.close()


def test_a_damaged_case_is_left_out_and_named(home: Home, tmp_path: Path) -> None:
    one, other = with_two_cases(home)
    home.cases.folders.case_path(one).write_bytes(b"harmed")
    data = bytearray(home.cases.folders.case_path(other).read_bytes())
    data[80] ^= 1
    home.cases.folders.case_path(other).write_bytes(data)
    report = home.backup(tmp_path / "b")
    assert set(report.left_out) == {one, other}
    assert report.cases == 0


def test_every_changed_byte_of_a_backup_is_noticed_before_anything_is_touched(
    home: Home, tmp_path: Path
) -> None:
    with home.cases.create(CaseLabel("M.")) as case:
        case.append(0, [event(1)])
    home.backup(tmp_path / "b")
    data = (tmp_path / "b").read_bytes()
    home.cases.folders.case_path(case.case_id).write_bytes(b"harmed")
    for place in range(0, len(data), 13):
        changed = bytearray(data)
        changed[place] ^= 0x21
        (tmp_path / "changed").write_bytes(changed)
        with pytest.raises(CaseStoreError):
            home.restore(tmp_path / "changed", PASSPHRASE)
    for length in range(0, len(data), 61):
        (tmp_path / "changed").write_bytes(data[:length])
        with pytest.raises(CaseStoreError):
            home.restore(tmp_path / "changed", PASSPHRASE)
    assert home.cases.folders.case_path(case.case_id).read_bytes() == b"harmed"


def crafted(home: Home, path: Path, payloads: list[bytes], **header: object) -> Path:
    """Write a backup that somebody with the keys made up."""
    vault = home._vault.body().to_bytes()
    keys = home._open_keys()
    head = Header(**{"purpose": Purpose.BACKUP, "file_id": secrets.token_bytes(16)} | header)  # type: ignore[arg-type]
    path.write_bytes(_MAGIC + _LENGTH.pack(len(vault)) + vault)
    disk = Disk()
    file = disk.open(path)
    writer = FrameWriter(disk, file, disk.size(file), head, Seal(_key(keys, head, vault), head))
    for payload in payloads:
        writer.add(payload)
    disk.close(file)
    return path


def case_frame(case_id: str, data: bytes, **other: object) -> bytes:
    said = {
        "id": case_id,
        "number": 1,
        "key": base64.b64encode(b"k" * 32).decode(),
        "line": None,
        "events": 0,
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    return b"C" + encode(said | other)


END = b"E" + encode({"cases": 1})
BAD: dict[str, list[bytes]] = {
    "nothing": [],
    "no end": [b"T{}"],
    "another kind": [b"X{}", END],
    "an empty frame": [b"", END],
    "wrong count": [b"T{}", END],
    "more after the end": [b'E{"cases":0}', b"T{}"],
    "not json": [b"C{", END],
    "not an object": [b"C[]", END],
    "duplicate keys": [b'C{"id":"a","id":"b"}', END],
    "a huge size": [case_frame("a" * 32, b"x", size=1 << 40), b"Dx", END],
    "no size": [case_frame("a" * 32, b"x", size=0), b"Dx", END],
    "no bytes": [case_frame("a" * 32, b"x"), END],
    "empty bytes": [case_frame("a" * 32, b"x"), b"D", b"D", END],
    "another digest": [case_frame("a" * 32, b"x"), b"Dy", END],
    "a key that is not base64": [case_frame("a" * 32, b"x", key="!"), b"Dx", END],
}


@pytest.mark.parametrize("payloads", BAD.values(), ids=BAD)
def test_a_crafted_backup_is_refused(home: Home, tmp_path: Path, payloads: list[bytes]) -> None:
    path = crafted(home, tmp_path / "b", payloads)
    with pytest.raises(BadBackup):
        home.restore(path, PASSPHRASE)


@pytest.mark.parametrize("case_id", ["../../outside", "/etc/x", "", "a" * 32])
def test_no_crafted_case_leaves_the_home_or_comes_in_unproved(
    home: Home, tmp_path: Path, case_id: str
) -> None:
    data = Header(Purpose.CASE, b"\xaa" * 16).to_bytes() + b"garbage"
    path = crafted(home, tmp_path / "b", [case_frame(case_id, data), b"D" + data, END])
    before = {found for found in tmp_path.rglob("*.nmt") if "quarantine" not in str(found)}
    with pytest.raises(CaseStoreError):
        home.restore(path, PASSPHRASE)
    assert set(tmp_path.rglob("*.nmt")) == before
    assert home.cases.list() == []


def test_a_case_of_another_header_in_a_backup_is_refused(home: Home, tmp_path: Path) -> None:
    data = Header(Purpose.INDEX, b"\xaa" * 16).to_bytes()
    path = crafted(home, tmp_path / "b", [case_frame("a" * 32, data), b"D" + data, END])
    with pytest.raises(BadBackup, match="not what it says"):
        home.restore(path, PASSPHRASE)


def test_a_file_for_another_purpose_is_not_a_backup(home: Home, tmp_path: Path) -> None:
    path = crafted(home, tmp_path / "b", [END], purpose=Purpose.AUDIT)
    with pytest.raises(BadBackup):
        home.restore(path, PASSPHRASE)


def test_what_is_not_a_backup_is_told(home: Home, tmp_path: Path) -> None:
    with pytest.raises(FolderUnusable):
        home.restore(tmp_path / "nowhere", PASSPHRASE)
    for said in (b"", b"NMTBKUP2", b"NMTBKUP2\xff\xff\xff\xff", b"something else altogether"):
        (tmp_path / "b").write_bytes(said)
        with pytest.raises(BadBackup):
            home.restore(tmp_path / "b", PASSPHRASE)


def test_a_backup_of_a_newer_version_is_named_as_such(home: Home, tmp_path: Path) -> None:
    from tests.store.test_journal import checked_header

    vault = home._vault.body().to_bytes()
    data = _MAGIC + _LENGTH.pack(len(vault)) + vault + checked_header(version=8)
    (tmp_path / "b").write_bytes(data)
    with pytest.raises(NewerFormat):
        home.restore(tmp_path / "b", PASSPHRASE)


def test_a_backup_that_cannot_be_written_leaves_nothing(home: Home, tmp_path: Path) -> None:
    with_two_cases(home)
    with pytest.raises(FolderUnusable):
        home.backup(tmp_path / "no such folder" / "b")
    assert not list(tmp_path.glob(".*.new"))


def test_a_backup_that_cannot_be_read_back_is_not_given_its_name(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_two_cases(home)
    monkeypatch.setattr(FrameWriter, "add", lambda _self, _payload: None)
    with pytest.raises(BadBackup):
        home.backup(tmp_path / "b")
    assert list(tmp_path.glob("*b*")) == []
    assert not list(tmp_path.glob(".*.new"))


@pytest.mark.parametrize("there", [True, False])
def test_a_restore_that_cannot_be_confirmed_leaves_the_case_as_it_was(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    case_id, _ = with_two_cases(home)
    home.backup(tmp_path / "b")
    path = home.cases.folders.case_path(case_id)
    before = path.read_bytes()[:-3]
    path.write_bytes(before) if there else path.unlink()
    safely = Disk.sync_folder

    def fail(disk: Disk, folder: Path) -> None:
        if folder == path.parent:
            raise OSError(errno.EIO, "the folder")
        safely(disk, folder)

    monkeypatch.setattr(Disk, "sync_folder", fail)
    with pytest.raises(CaseStoreError):
        home.restore(tmp_path / "b", PASSPHRASE)
    assert (path.read_bytes() == before) if there else not path.exists()
    monkeypatch.setattr(Disk, "sync_folder", safely)
    home.restore(tmp_path / "b", PASSPHRASE)
    assert all(verdict.sound for verdict in home.verify())


# -- another folder, when a case's own file takes nothing more -------------------------------------


class FailingSync(Disk):
    """A disk whose case files are confirmed no more once `failing` is set."""

    failing = False

    def sync_data(self, file: int) -> None:
        if self.failing:
            raise OSError(errno.EIO, "I/O error")
        super().sync_data(file)


def test_what_a_disk_did_not_confirm_is_saved_elsewhere_and_brought_back(tmp_path: Path) -> None:
    disk = FailingSync()
    home = home_in(tmp_path / "home", disk=disk)
    home.set_up(PASSPHRASE)
    case = home.cases.create(CaseLabel("M."))
    case.append(0, [event(0)])
    disk.failing = True
    with pytest.raises(WriteFailed):
        case.append(1, [event(1)])
    disk.failing = False
    assert not case.writable
    report = home.rescue(case.case_id, [event(1), event(2)], tmp_path / "stick")
    assert (report.cases, report.events) == (1, 3)
    case.close()
    fates = home.restore(tmp_path / "stick", PASSPHRASE)
    assert [(fate.case_id, fate.fate) for fate in fates] == [
        (case.case_id, RestoreOutcome.BROUGHT_BACK)
    ]
    with home.cases.claim(case.case_id) as again:
        assert list(again.load()) == [event(0), event(1), event(2)]
        again.append(3, [event(3)])
    assert [verdict.sound for verdict in home.verify()] == [True]
    assert [line.label.alias for line in home.cases.list()] == ["M."]
    home.close()


def test_only_a_case_that_is_open_for_writing_is_saved_elsewhere(
    home: Home, tmp_path: Path
) -> None:
    one, _other = with_two_cases(home)
    with pytest.raises(CaseUnknown):
        home.rescue(one, [event(3)], tmp_path / "stick")
    assert not (tmp_path / "stick").exists()
    with home.cases.claim(one) as case:
        with pytest.raises(FolderUnusable):
            home.rescue(one, [event(3)], tmp_path / "no" / "stick")
        with pytest.raises(BadRecord):
            home.rescue(one, [{**event(3), "value": float("nan")}], tmp_path / "stick")
        assert case.sequence == 2
    assert not (tmp_path / "stick").exists()
