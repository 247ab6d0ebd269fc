"""The bytes of a journal, and what reading them back allows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nmt_intake.store.errors import DiskFull, FileFull, NewerFormat, ReadOnly, WriteFailed
from nmt_intake.store.files.disk import Disk, read_open, read_whole, write_all
from nmt_intake.store.journal import frames
from nmt_intake.store.journal import journal as journal_module
from nmt_intake.store.journal.frames import (
    Header,
    Newer,
    NotAJournal,
    Position,
    Purpose,
    Seal,
    Tail,
    scan,
)
from nmt_intake.store.journal.journal import open_journal, sealed_bytes
from nmt_intake.store.protocols import CaseLabel
from nmt_intake.store.sealed.rotation import rekey_cases
from nmt_intake.store.sealed.store import SealedCaseStore
from nmt_intake.store.vault.key_memory import VaultKeys
from tests.faults.session import event
from tests.faults.sim_disk import SimDisk

HEADER = Header(Purpose.CASE, b"i" * 16, 3, 3, practice=True)
SEAL = Seal(b"k" * 32, HEADER)


def read(data: bytes) -> tuple[list[bytes], Tail]:
    found = scan(SEAL, data, Position.after_header(HEADER), 0)
    return found.payloads, found.tail


@settings(max_examples=50, deadline=None)
@given(payloads=st.lists(st.binary(max_size=200), max_size=6), cut=st.integers(1, 400))
def test_a_file_cut_anywhere_reads_as_its_whole_frames(payloads: list[bytes], cut: int) -> None:
    data, position = sealed_bytes(HEADER, SEAL, payloads)
    assert read(data) == (payloads, Tail.NOTHING)
    assert position.end == len(data)
    short = data[: max(len(data) - cut, frames.HEADER_SIZE)]
    found, tail = read(short)
    assert found == payloads[: len(found)]
    assert tail in (Tail.NOTHING, Tail.TORN)


def test_two_files_of_the_same_content_share_no_bytes_after_the_header() -> None:
    one, other = (sealed_bytes(HEADER, SEAL, [b"same"] * 3)[0] for _ in range(2))
    assert one[:44] != other[:44] or one[60:72] != other[60:72]
    assert one != other


def test_a_marker_inside_a_payload_is_not_taken_for_a_frame() -> None:
    payload = frames.MARKER * 50
    data, _position = sealed_bytes(HEADER, SEAL, [payload])
    assert read(data) == ([payload], Tail.NOTHING)
    assert read(data + frames.MARKER * 9)[1] is Tail.TORN


def test_headers_come_back_and_others_are_told_apart() -> None:
    data = HEADER.to_bytes()
    assert Header.from_bytes(data + b"more") == HEADER
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 4
        with pytest.raises(NotAJournal):
            Header.from_bytes(bytes(changed))
    for short in (b"", data[:-1]):
        with pytest.raises(NotAJournal):
            Header.from_bytes(short)


def checked_header(**changes: int) -> bytes:
    import zlib

    fields = {"magic": frames.MAGIC, "version": 2, "purpose": 1} | changes
    body = frames._HEADER.pack(
        fields["magic"], fields["version"], fields["purpose"], 0, b"i" * 16, 1, 1
    )
    return body + frames._CRC.pack(zlib.crc32(body))


def test_a_later_format_and_an_unknown_purpose_are_refused() -> None:
    with pytest.raises(Newer) as caught:
        Header.from_bytes(checked_header(version=3))
    assert caught.value.version == 3
    for changed in (checked_header(purpose=77), checked_header(magic=b"another!")):  # type: ignore[arg-type]
        with pytest.raises(NotAJournal):
            Header.from_bytes(changed)


def sealed_store(folder: Path, disk: Disk | None = None) -> SealedCaseStore:
    store = SealedCaseStore(
        folder, VaultKeys(b"v" * 16, 1, b"k" * 32), disk=disk, who="ann", least_room=1
    )
    store.start()
    return store


def test_a_file_of_a_newer_version_is_named_as_such(tmp_path: Path) -> None:
    store = sealed_store(tmp_path)
    with store.create(CaseLabel("M.")) as case:
        pass
    path = store.folders.case_path(case.case_id)
    path.write_bytes(checked_header(version=9))
    with pytest.raises(NewerFormat, match="newer"):
        store.open(case.case_id)
    for name in ("index.nmt", "keys.nmt"):
        store.close()
        kept = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(checked_header(version=9))
        with pytest.raises(NewerFormat):
            store.list()
        assert (tmp_path / name).read_bytes() == checked_header(version=9)
        (tmp_path / name).write_bytes(kept)


class Faulty(Disk):
    """A real disk on which chosen calls fail."""

    def __init__(self) -> None:
        self.failing: dict[str, int] = {}
        self.only = ".nmt"

    def _maybe(self, call: str) -> None:
        if call in self.failing:
            raise OSError(self.failing[call], os.strerror(self.failing[call]))

    def write(self, file: int, offset: int, data: bytes) -> int:
        if "write" in self.failing:
            super().write(file, offset, data[: len(data) // 2])
        self._maybe("write")
        return super().write(file, offset, data)

    def cut(self, file: int, length: int) -> None:
        self._maybe("cut")
        super().cut(file, length)

    def sync_data(self, file: int) -> None:
        self._maybe("sync_data")
        super().sync_data(file)

    def room(self, path: Path) -> int:
        self._maybe("room")
        return super().room(path)


def test_a_full_disk_is_told_and_the_answer_can_be_saved_later(tmp_path: Path) -> None:
    disk = Faulty()
    store = sealed_store(tmp_path, disk)
    case = store.create(CaseLabel("M."))
    case.append(0, [event(1)])
    size = store.folders.case_path(case.case_id).stat().st_size
    disk.failing = {"write": 28}
    with pytest.raises(DiskFull):
        case.append(1, [event(2)])
    assert store.folders.case_path(case.case_id).stat().st_size == size
    assert case.writable
    disk.failing = {}
    assert case.append(1, [event(2)]) == 2


def test_after_a_failed_sync_nothing_is_written_any_more(tmp_path: Path) -> None:
    disk = Faulty()
    store = sealed_store(tmp_path, disk)
    case = store.create(CaseLabel("M."))
    case.append(0, [event(1)])
    disk.failing = {"sync_data": 5}
    with pytest.raises(WriteFailed, match="another folder"):
        case.append(1, [event(2)])
    disk.failing = {}
    assert not case.writable
    assert list(case.load()) == [event(1)]
    with pytest.raises(ReadOnly, match="not confirmed"):
        case.append(1, [event(2)])
    case.close()
    with store.claim(case.case_id) as again:
        assert again.load()[0] == event(1)


def test_a_write_that_cannot_be_cut_back_ends_writing(tmp_path: Path) -> None:
    disk = Faulty()
    store = sealed_store(tmp_path, disk)
    case = store.create(CaseLabel("M."))
    disk.failing = {"write": 28, "cut": 5}
    with pytest.raises(WriteFailed):
        case.append(0, [event(1)])
    disk.failing = {}
    assert not case.writable


def test_an_interview_is_not_started_on_a_nearly_full_disk(tmp_path: Path) -> None:
    disk = Faulty()
    store = SealedCaseStore(
        tmp_path, VaultKeys.open_to_all(), disk=disk, who="ann", least_room=1 << 60
    )
    store.start()
    with pytest.raises(DiskFull, match="50 MB"):
        store.create(CaseLabel("M."))
    assert store.list() == []
    disk.failing = {"room": 5}
    with pytest.raises(WriteFailed):
        store.create(CaseLabel("M."))


def test_a_write_that_takes_nothing_is_an_error_not_a_loop() -> None:
    disk = SimDisk()
    file = disk.open(Path("/sim/x"), new=True)

    def none(_call: str, _path: Path, _data: bytes) -> None:
        disk.taken = 0

    disk.hook = none
    with pytest.raises(OSError, match=r"."):
        write_all(disk, file, 0, b"data")


def test_a_file_larger_than_the_limit_is_not_read() -> None:
    disk = SimDisk()
    file = disk.open(Path("/sim/x"), new=True)
    write_all(disk, file, 0, b"12345")
    assert read_open(disk, file, 5, 1) == b"2345"
    with pytest.raises(OSError, match=r"."):
        read_whole(disk, Path("/sim/x"), 4)


def test_a_journal_opened_for_reading_refuses_to_write(tmp_path: Path) -> None:
    data, _position = sealed_bytes(HEADER, SEAL, [b"{}"])
    (tmp_path / "x.nmt").write_bytes(data)
    journal, _found = open_journal(
        Disk(), tmp_path / "x.nmt", "case x", lambda _header: SEAL, writable=False
    )
    with pytest.raises(ReadOnly):
        journal.append(b"{}")
    journal.close()
    journal.close()


def test_a_frame_that_nobody_could_read_is_not_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "LARGEST_FRAME", 100)
    sealed_bytes(HEADER, SEAL, [b"x" * 84])
    with pytest.raises(ValueError, match="nobody could read"):
        sealed_bytes(HEADER, SEAL, [b"x" * 85])


def test_a_file_takes_nothing_that_would_keep_it_from_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = sealed_store(tmp_path)
    with store.create(CaseLabel("M.")) as case:
        case.append(0, [event(1)])
        case.append(1, [event(1)])
        size = store.folders.case_path(case.case_id).stat().st_size
        monkeypatch.setattr(journal_module, "LARGEST_FILE", size + 100)
        with pytest.raises(FileFull, match="as large as it may be"):
            case.append(2, [event(1)])
    assert len(store.open(case.case_id).load()) == 2


def test_a_case_of_huge_events_is_rewritten_in_frames_that_can_be_read(tmp_path: Path) -> None:
    """Eleven events of six mebibytes are more than a frame may hold."""
    store = sealed_store(tmp_path)
    huge = {**event(1), "value": "x" * (6 << 20)}
    with store.create(CaseLabel("M.")) as case:
        for number in range(11):
            case.append(number, [huge])
    assert rekey_cases(store.folders, lambda _done, _all: None) == []
    with store.claim(case.case_id) as again:
        assert list(again.load()) == [huge] * 11
