"""The list, its anchors, and checking a whole home."""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from nmt_intake.store.errors import (
    CaseClaimed,
    CaseDamaged,
    CaseErased,
    CaseRolledBack,
    CaseUnknown,
    VaultDamaged,
)
from nmt_intake.store.files import platform_calls
from nmt_intake.store.files.disk import Disk
from nmt_intake.store.files.writer_lock import WriterLock
from nmt_intake.store.home import Home
from nmt_intake.store.protocols import CaseLabel, Finding, Record
from nmt_intake.store.records import NotJson, fresh_copy, number, objects
from nmt_intake.store.sealed import audit, index
from nmt_intake.store.sealed.audit import Action
from nmt_intake.store.sealed.verification import Verdict
from nmt_intake.store.worker import Holder, worker_name
from tests.faults.session import PASSPHRASE, event


def one_case(home: Home, events: int = 2) -> str:
    with home.cases.create(CaseLabel("M.", "2019-09-14", "ann")) as case:
        for place in range(events):
            case.append(place, [event(place)])
    return case.case_id


def test_a_lost_index_is_rebuilt_from_the_cases(home: Home) -> None:
    case_id = one_case(home)
    before = home.cases.list()
    home.lock()
    (home.places.data / "index.nmt").unlink()
    home.unlock(PASSPHRASE)
    assert home.cases.list() == before
    assert Action.INDEX_REBUILT.value in [entry.action for entry in home.audit()]
    with home.cases.claim(case_id) as case:
        assert case.recovery.finding is Finding.CLEAN


def test_a_damaged_index_goes_to_quarantine_while_the_house_is_open(home: Home) -> None:
    one_case(home)
    before = home.cases.list()
    path = home.places.data / "index.nmt"
    data = bytearray(path.read_bytes())
    data[70] ^= 1
    path.unlink()
    path.write_bytes(data)
    assert home.cases.list() == before
    assert list((home.places.data / "quarantine").glob("index-*.nmt"))


def test_an_unreadable_case_stays_on_a_rebuilt_list(home: Home) -> None:
    case_id = one_case(home)
    other = one_case(home)
    gone = one_case(home)
    home.lock()
    (home.places.data / "index.nmt").unlink()
    folders = home.places.data / "cases"
    (folders / case_id[:2] / f"{case_id}.nmt").write_bytes(b"harmed")
    middle = folders / other[:2] / f"{other}.nmt"
    data = bytearray(middle.read_bytes())
    data[90] ^= 1
    middle.write_bytes(data)
    (folders / gone[:2] / f"{gone}.nmt").unlink()
    home.unlock(PASSPHRASE)
    lines = {line.case_id: line.status for line in home.cases.list()}
    assert (lines[case_id], lines[other]) == ("STORE-005", "STORE-005")
    for damaged in (case_id, other):
        with pytest.raises(CaseDamaged):
            home.cases.claim(damaged)


def test_an_older_copy_is_refused_and_can_be_salvaged(home: Home) -> None:
    case_id = one_case(home)
    path = home.cases.folders.case_path(case_id)
    older = path.read_bytes()
    with home.cases.claim(case_id) as case:
        case.append(2, [event(7)])
    path.write_bytes(older)
    for way in (home.cases.open, home.cases.claim):
        with pytest.raises(CaseRolledBack, match="2 events") as caught:
            way(case_id)
        assert caught.value.readable == 2
        assert caught.value.last_at == "at-1"
    with home.cases.salvage(case_id) as case:
        assert case.recovery.finding is Finding.DAMAGED
        assert len(case.load()) == 2


def test_a_torn_tail_is_cut_kept_and_told(home: Home) -> None:
    case = home.cases.create(CaseLabel("M."))
    case.append(0, [event(1)])
    path = home.cases.folders.case_path(case.case_id)
    with path.open("ab") as file:
        file.write(path.read_bytes()[-150:-10])
    with home.cases.open(case.case_id) as seen:
        assert seen.recovery.finding is Finding.TAIL_LEFT
    case._lock.release()  # as if the process had been killed
    with home.cases.claim(case.case_id) as again:
        assert again.recovery.finding is Finding.TAIL_CUT
        assert (again.recovery.events, again.recovery.last_at) == (1, "at-1")
        kept = home.places.data / "quarantine" / str(again.recovery.kept_as)
        assert len(kept.read_bytes()) == 140
    assert Action.TAIL_CUT.value in [entry.action for entry in home.audit()]
    home.cases.erase(case.case_id, "x")
    assert not kept.exists()


def test_a_session_that_did_not_end_is_told(home: Home) -> None:
    case = home.cases.create(CaseLabel("M."))
    case.append(0, [event(1)])
    case._lock.release()
    with home.cases.claim(case.case_id) as again:
        assert again.recovery.finding is Finding.NOT_CLOSED


def test_verify_reads_every_case_and_asks_the_caller(home: Home) -> None:
    case_id, other = one_case(home), one_case(home, 5)

    def check(records: list[Record]) -> str | None:
        return "The fold does not hold." if len(records) == 5 else None

    verdicts = {verdict.case_id: verdict for verdict in home.verify(check)}  # type: ignore[arg-type]
    assert verdicts[case_id].sound
    assert verdicts[case_id].events == 2
    assert (verdicts[other].code, verdicts[other].trouble) == (
        "STORE-024",
        "The fold does not hold.",
    )
    assert home.verify(practice=True) == []


def test_verify_names_damage_missing_and_stray_files(home: Home) -> None:
    harmed, missing, moved = one_case(home), one_case(home), one_case(home)
    folders = home.cases.folders
    data = bytearray(folders.case_path(harmed).read_bytes())
    data[100] ^= 1
    folders.case_path(harmed).write_bytes(data)
    folders.case_path(missing).unlink()
    stray = folders.case_path("ab" * 16)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(folders.case_path(moved).read_bytes())
    found = {verdict.case_id: verdict.code for verdict in home.verify()}
    assert found == {
        harmed: "STORE-005",
        missing: "STORE-005",
        moved: "",
        "ab" * 16: "STORE-025",
    }


def test_a_case_whose_making_was_cut_short_is_nobodys_business(home: Home) -> None:
    home.cases.folders.case_keys.add("cd" * 16, 1)
    assert home.cases.list() == []
    assert home.verify() == []
    with pytest.raises(CaseUnknown):
        home.cases.claim("cd" * 16)
    assert home.rotate_keys(PASSPHRASE)[1] == []
    assert home.cases.folders.case_keys.newest("cd" * 16) == 1


def test_a_case_whose_file_is_missing_is_left_by_a_rotation_and_named(home: Home) -> None:
    case_id = one_case(home)
    kept = home.cases.folders.case_path(case_id).read_bytes()
    home.cases.folders.case_path(case_id).unlink()
    assert home.rotate_keys(PASSPHRASE)[1] == [case_id]
    assert home.cases.folders.case_keys.newest(case_id) == 1
    home.cases.folders.case_path(case_id).write_bytes(kept)
    assert len(home.cases.open(case_id).load()) == 2


def test_a_key_that_is_lacking_is_told(home: Home) -> None:
    case_id = one_case(home)
    keys = home.cases.folders.case_keys
    keys.add(case_id, 2)
    keys.keep_only({case_id: 2, "ef" * 16: 1})
    with pytest.raises(VaultDamaged, match="lacks a key"):
        home.cases.open(case_id)
    assert home.verify()[0].code == "STORE-016"


def test_one_copy_of_the_keys_is_enough(home: Home) -> None:
    case_id = one_case(home)
    home.lock()
    for name in ("keys.nmt", "keys.copy"):
        path = home.places.data / name
        kept = path.read_bytes()
        path.write_bytes(kept[:-1])
        home.unlock(PASSPHRASE)
        home.cases.open(case_id).close()
        home.lock()
        path.write_bytes(kept)


@pytest.mark.parametrize("name", ["keys.nmt", "keys.copy"])
def test_a_harmed_copy_of_the_keys_is_made_whole_at_the_next_start(home: Home, name: str) -> None:
    one_case(home)
    home.lock()
    (home.places.data / name).write_bytes(b"harmed")
    home.unlock(PASSPHRASE)
    assert keys_and_copy(home)[0] == keys_and_copy(home)[1] != b"harmed"


@pytest.mark.parametrize("place", [0, 1])
def test_a_key_file_from_before_an_erasure_brings_nothing_back(home: Home, place: int) -> None:
    """As a crash between the two files leaves it, or somebody who puts an older one back."""
    case_id = one_case(home)
    before = keys_and_copy(home)
    home.cases.erase(case_id, "asked for")
    home.lock()
    name = ("keys.nmt", "keys.copy")[place]
    (home.places.data / name).write_bytes(before[place])
    home.unlock(PASSPHRASE)
    with pytest.raises(CaseErased):
        home.cases.open(case_id)
    assert keys_and_copy(home)[0] == keys_and_copy(home)[1] != before[place]


def test_keys_that_cannot_be_mended_keep_nobody_out(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = one_case(home)
    home.lock()
    (home.places.data / "keys.copy").unlink()

    def full(*_said: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("nmt_intake.store.sealed.case_keys.replace_whole", full)
    home.unlock(PASSPHRASE)
    home.cases.open(case_id).close()


def keys_and_copy(home: Home) -> tuple[bytes, bytes]:
    data = home.places.data
    return (data / "keys.nmt").read_bytes(), (data / "keys.copy").read_bytes()


FILES = ("vault.json", "vault.copy", "keys.nmt", "keys.copy", "index.nmt", "audit.nmt")
HARM: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-40]),
    "cut to its head": lambda path: path.write_bytes(path.read_bytes()[:50]),
    "another": lambda path: path.write_bytes(b"another"),
}


def troubled(verdicts: Sequence[Verdict]) -> list[str]:
    return [verdict.file for verdict in verdicts if not verdict.sound]


@pytest.mark.parametrize("how", HARM)
@pytest.mark.parametrize("name", FILES)
def test_a_file_beside_the_cases_that_was_harmed_is_made_whole_and_told(
    home: Home, name: str, how: str
) -> None:
    case_id = one_case(home)
    home.lock()
    HARM[how](home.places.data / name)
    home.unlock(PASSPHRASE)
    told = name.replace("keys.copy", "keys.nmt").replace("vault.copy", "vault.json")
    assert list(home.mended) == [told]
    assert troubled(home.verify_files()) == [told]
    assert len(home.cases.open(case_id).load()) == 2
    assert [line.label.alias for line in home.cases.list()] == ["M."]
    assert Action.MENDED.value in [entry.action for entry in home.audit()]
    home.lock()
    assert list(home.mended) == []
    home.unlock(PASSPHRASE)
    assert list(home.mended) == []
    assert troubled(home.verify_files()) == []


@pytest.mark.parametrize("name", ["keys.copy", "index.nmt", "audit.nmt"])
def test_verifying_reads_the_files_anew_while_the_house_is_open(home: Home, name: str) -> None:
    one_case(home)
    home.cases.list()
    assert [verdict.file for verdict in home.verify_files()] == list(FILES[2:3] + FILES[4:])
    path = home.places.data / name
    path.write_bytes(path.read_bytes()[:60])
    assert len(troubled(home.verify_files())) == 1
    path.unlink()
    assert len(troubled(home.verify_files())) == 1, "told once, however often it was harmed"


@pytest.mark.parametrize("name", ["index.nmt", "audit.nmt"])
def test_an_older_copy_of_index_or_audit_is_noticed(home: Home, name: str) -> None:
    one_case(home)
    home.lock()
    path = home.places.data / name
    older = path.read_bytes()
    home.unlock(PASSPHRASE)
    one_case(home)
    home.lock()
    path.write_bytes(older)
    home.unlock(PASSPHRASE)
    assert list(home.mended) == [name]
    assert len(home.cases.list()) == 2


def test_an_index_from_before_it_was_rewritten_is_noticed(home: Home) -> None:
    one_case(home)
    path = home.places.data / "index.nmt"
    older = path.read_bytes()
    home.cases.folders.index.log.compact()
    home.lock()
    path.write_bytes(older)
    home.unlock(PASSPHRASE)
    assert list(home.mended) == ["index.nmt"]


def test_harm_in_the_middle_is_noticed_without_a_mark_too(home: Home) -> None:
    one_case(home)
    home.lock()
    path = home.places.data / "index.nmt"
    path.with_suffix(".lock").unlink()
    harmed = bytearray(path.read_bytes())
    harmed[70] ^= 1
    path.write_bytes(harmed)
    home.unlock(PASSPHRASE)
    assert list(home.mended) == ["index.nmt"]
    assert len(home.cases.list()) == 1


def test_a_new_home_and_the_practice_store_have_nothing_to_mend(home: Home) -> None:
    assert list(home.mended) == []
    assert troubled(home.verify_files()) == []
    assert troubled(home.verify_files(practice=True)) == []
    assert home.audit(practice=True) == []


def test_leftovers_of_a_crash_are_swept_at_the_next_start(home: Home) -> None:
    case_id = one_case(home)
    home.lock()
    path = home.places.data / "cases" / case_id[:2] / ".0011.new"
    path.write_bytes(b"half")
    home.unlock(PASSPHRASE)
    assert not path.exists()


def test_index_and_audit_are_rewritten_when_they_grow_long(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_FRAMES_BEFORE_COMPACTING", 2)
    monkeypatch.setattr(audit, "_FRAMES_BEFORE_COMPACTING", 2)
    one_case(home)
    lines, entries = home.cases.list(), home.audit()
    home.lock()
    home.unlock(PASSPHRASE)
    assert home.cases.list() == lines
    assert home.cases.folders.index.log.frames() <= 3
    assert list(home.audit())[: len(entries)] == list(entries)


def test_a_lock_file_that_says_nonsense_names_nobody(home: Home) -> None:
    case = home.cases.create(CaseLabel("M."))
    path = home.cases.folders.case_path(case.case_id).with_suffix(".lock")
    path.write_bytes(b"\xff" * 40)
    with pytest.raises(CaseClaimed, match="somebody on a computer") as caught:
        home.cases.claim(case.case_id)
    assert caught.value.who == ""
    assert Holder.from_bytes(b"nonsense") == Holder("", "", "")


def test_a_lock_that_is_erased_while_it_is_taken_is_not_had(tmp_path: Path) -> None:
    class Vanishing(Disk):
        def is_at(self, file: int, path: Path) -> bool:
            path.unlink()
            return super().is_at(file, path)

    from nmt_intake.store.files.writer_lock import Held

    with pytest.raises(Held):
        WriterLock.take(Vanishing(), tmp_path / "x.lock", b"me")
    lock = WriterLock.take(Disk(), tmp_path / "x.lock", b"me")
    lock.release()
    lock.release()


def test_a_worker_without_a_name_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> str:
        raise KeyError("uid")

    monkeypatch.setattr("getpass.getuser", unknown)
    assert worker_name() == ""


def test_json_that_is_not_what_it_should_be_is_told() -> None:
    for wrong in ({}, [1], None):
        with pytest.raises(NotJson):
            objects(wrong)  # type: ignore[arg-type]
    assert number(True) == number("1") == 0
    assert fresh_copy([{"a": [1]}]) == [{"a": [1]}]


class Regions:
    """Locked regions as Windows has them, which give up after a while."""

    LK_LOCK, LK_NBLCK = 1, 2

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals

    def locking(self, file: int, mode: int, length: int) -> None:
        if self.refusals:
            self.refusals -= 1
            raise OSError(36, "deadlock")


def test_where_there_is_no_flock_regions_lock(tmp_path: Path) -> None:
    with (tmp_path / "x").open("wb") as file:
        assert platform_calls.take_region(Regions(0), file.fileno(), wait=False)
        assert not platform_calls.take_region(Regions(1), file.fileno(), wait=False)
        assert platform_calls.take_region(Regions(3), file.fileno(), wait=True)


def test_where_a_plain_sync_is_not_enough_the_full_one_is_asked(tmp_path: Path) -> None:
    asked: list[int] = []
    with (tmp_path / "x").open("wb") as file:
        platform_calls.full_sync(file.fileno(), lambda _file, command: asked.append(command), 51)

        def refuse(_file: int, _command: int) -> None:
            raise OSError(25, "not supported here")

        platform_calls.full_sync(file.fileno(), refuse, 51)
    assert asked == [51]
