"""Rare ways for things to be, each of which somebody will meet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nmt_intake.store import home as home_module
from nmt_intake.store.errors import (
    BadBackup,
    CaseDamaged,
    CaseRolledBack,
    CaseUnknown,
    VaultDamaged,
    VaultLocked,
    VaultMissing,
    WriteFailed,
    WrongPassphrase,
)
from nmt_intake.store.files.disk import make_folders
from nmt_intake.store.home import Home, VaultState, open_stores
from nmt_intake.store.journal.frames import Header, NotAJournal, Purpose, Seal
from nmt_intake.store.journal.journal import write_journal
from nmt_intake.store.journal.storage import whole
from nmt_intake.store.journal.streaming import read_exactly
from nmt_intake.store.paths import Places, find_places
from nmt_intake.store.plain import PlainCaseStore
from nmt_intake.store.protocols import CaseLabel
from nmt_intake.store.sealed import backup
from nmt_intake.store.sealed.audit import Action
from nmt_intake.store.sealed.backup import BackupReport
from nmt_intake.store.sealed.rotation import settle_keys
from nmt_intake.store.vault.key_derivation import Cost
from nmt_intake.store.vault.vault_file import read_vault, write_vault
from tests.faults.session import PASSPHRASE, event
from tests.faults.sim_disk import SimDisk
from tests.store.conftest import home_in
from tests.store.test_backup import with_two_cases
from tests.store.test_index_and_verify import one_case
from tests.store.test_journal import checked_header, sealed_store
from tests.store.test_vault import PaperRing


def put(home: Home, case_id: str, tables: dict[str, dict[str, dict[str, object]]]) -> None:
    """Write a case file that only the program itself could have written."""
    folders = home.cases.folders
    header = folders.case_header(case_id, 1)
    key = folders.case_keys.key(case_id, 1)
    payloads = list(whole(tables))  # type: ignore[arg-type]
    write_journal(
        folders.disk, folders.case_path(case_id), "x", header, Seal(key, header), payloads
    )
    folders.index.drop(case_id)
    folders.case_path(case_id).with_suffix(".lock").unlink()


def test_a_gap_in_the_numbers_is_damage_even_when_it_is_sealed(home: Home) -> None:
    case_id = one_case(home)
    put(home, case_id, {"events": {"1": event(1), "2": event(2), "4": event(4)}})  # type: ignore[dict-item]
    assert home.verify()[0].code == "STORE-005"
    with pytest.raises(CaseDamaged, match="in the middle"):
        home.cases.open(case_id).load()


def test_a_case_without_a_line_of_its_own_is_listed_without_a_name(home: Home) -> None:
    case_id = one_case(home)
    put(home, case_id, {"events": {"1": event(1)}})  # type: ignore[dict-item]
    assert [(line.case_id, line.label.alias) for line in home.cases.list()] == [(case_id, "")]


def test_another_branch_of_the_same_length_is_not_the_case(home: Home) -> None:
    case_id = one_case(home, events=1)
    folders = home.cases.folders
    path = folders.case_path(case_id)
    early = path.read_bytes()
    with home.cases.claim(case_id) as case:
        case.append(1, [event(1)])
    late, lock = path.read_bytes(), path.with_suffix(".lock").read_bytes()
    path.write_bytes(early)
    folders.index.drop(case_id)
    path.with_suffix(".lock").unlink()
    with home.cases.claim(case_id) as case:
        case.append(1, [event(77)])
    path.write_bytes(late)
    with pytest.raises(CaseRolledBack):
        home.cases.open(case_id)
    assert lock


def test_a_file_of_an_older_key_is_an_older_copy(home: Home) -> None:
    case_id = one_case(home)
    path = home.cases.folders.case_path(case_id)
    older = path.read_bytes()
    keys = home.cases.folders.case_keys
    old_key = keys._current()["keys"][case_id]["1"]
    home.rotate_keys(PASSPHRASE)
    assert old_key not in keys._current()["keys"][case_id].values()
    path.write_bytes(older)
    with pytest.raises(VaultDamaged, match="lacks a key"):
        home.cases.claim(case_id)


def test_a_rotation_cut_short_is_finished_at_the_next_unlock(home: Home) -> None:
    one_case(home)
    keys = home._open_keys()
    code = home._vault.renew_key(keys, PASSPHRASE, home._new_cost())
    home.close()
    home.unlock_with_recovery_code(code)
    assert read_vault(home._disk, home.places.data).previous == ""
    assert all(verdict.sound for verdict in home.verify())


def test_a_harmed_key_of_a_rotation_cut_short_is_told(home: Home) -> None:
    one_case(home)
    code = home._vault.renew_key(home._open_keys(), PASSPHRASE, home._new_cost())
    home.close()
    body = read_vault(home._disk, home.places.data)
    write_vault(home._disk, home.places.data, body.model_copy(update={"previous": "AAAA"}))
    with pytest.raises(VaultDamaged, match="rotation"):
        home.unlock_with_recovery_code(code)


def test_leftover_keys_of_a_case_are_settled_unless_the_file_cannot_say(home: Home) -> None:
    first, open_case, newer = one_case(home), one_case(home), one_case(home)
    folders = home.cases.folders
    for case_id in (first, open_case, newer):
        folders.case_keys.add(case_id, 2)
    folders.case_path(newer).write_bytes(checked_header(version=9))
    with home.cases.claim(open_case):
        settle_keys(folders)
        assert set(folders.case_keys.with_several()) == {open_case, newer}
    settle_keys(folders)
    assert folders.case_keys.with_several() == [newer]
    home.cases.open(first).close()


def test_a_key_that_cannot_be_unwrapped_is_told(home: Home) -> None:
    case_id = one_case(home)
    keys = home.cases.folders.case_keys
    keys._change(lambda tables: tables["keys"].update({case_id: {"1": "1:AAAA"}}))
    with pytest.raises(VaultDamaged, match="can't be opened"):
        home.cases.open(case_id)


def test_keys_of_another_home_are_not_taken(home: Home, tmp_path: Path) -> None:
    other = home_in(tmp_path / "other")
    other.set_up(PASSPHRASE)
    other.close()
    home.lock()
    for name in ("keys.nmt", "keys.copy"):
        (home.places.data / name).write_bytes((other.places.data / name).read_bytes())
    with pytest.raises(VaultDamaged):
        home.unlock(PASSPHRASE)


def test_an_index_of_another_home_is_put_aside(home: Home, tmp_path: Path) -> None:
    one_case(home)
    other = home_in(tmp_path / "other")
    other.set_up(PASSPHRASE)
    other.close()
    home.lock()
    stranger = (other.places.data / "index.nmt").read_bytes()
    (home.places.data / "index.nmt").write_bytes(stranger)
    home.unlock(PASSPHRASE)
    assert len(home.cases.list()) == 1


def test_a_torn_end_of_the_index_is_cut(home: Home) -> None:
    one_case(home)
    path = home.places.data / "index.nmt"
    with path.open("ab") as file:
        file.write(b"torn")
    assert len(home.cases.list()) == 1
    assert not path.read_bytes().endswith(b"torn")


def test_tombstones_of_a_backup_do_not_bury_what_is_here(home: Home) -> None:
    case_id = one_case(home)
    keys = home.cases.folders.case_keys
    keys.keep_stones({case_id: {"at": "x"}, "ab" * 16: {"at": "y"}, "cd" * 16: "nonsense"})
    assert list(keys.stones()) == ["ab" * 16]
    assert keys.ids() == [case_id]


def test_a_case_without_a_line_can_be_restored(home: Home, tmp_path: Path) -> None:
    case_id, _other = with_two_cases(home)
    folders = home.cases.folders
    folders.index.log.change({"lines": {case_id: None}}, sync=True)
    backup.write_backup(folders, tmp_path / "b", home._vault.body().to_bytes())
    new = home_in(tmp_path / "new")
    new.restore(tmp_path / "b", PASSPHRASE)
    assert case_id in {line.case_id for line in new.cases.list()}
    new.close()


def test_a_backup_that_holds_less_than_was_written_is_refused(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_two_cases(home)
    monkeypatch.setattr(backup.BackupFile, "check", lambda _self, _keys: BackupReport(1, 2, 3, ()))
    with pytest.raises(BadBackup, match="read back"):
        home.backup(tmp_path / "b")


def test_a_frame_of_an_absurd_length_is_not_read() -> None:
    disk = SimDisk()
    with pytest.raises(NotAJournal):
        read_exactly(disk, 0, 0, 1 << 40)


def test_a_home_cannot_be_given_a_second_vault(home: Home) -> None:
    body = home._vault.body()
    with pytest.raises(Exception, match="already"):
        home._vault.adopt(body)


def test_asking_again_for_the_passphrase_of_an_open_house(home: Home) -> None:
    home.require_passphrase(PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        home.require_passphrase("not the right one")
    home.lock()
    with pytest.raises(VaultLocked):
        home.change_passphrase(PASSPHRASE, "another set of words")


def test_the_practice_store_is_one_and_is_closed_with_the_house(tmp_path: Path) -> None:
    home = home_in(tmp_path)
    case = home.practice.create(CaseLabel("P"))
    case.append(0, [event(1)])
    assert home.practice.list()[0].label.practice
    assert home.state is VaultState.NEW
    with pytest.raises(VaultMissing):
        home.unlock(PASSPHRASE)
    home.close()
    assert not case.writable
    assert len(home.practice.list()) == 1
    home.close()


def test_a_practice_file_cannot_stand_in_for_a_real_case(home: Home) -> None:
    case_id = one_case(home)
    folders = home.cases.folders
    header = Header(Purpose.CASE, bytes.fromhex(case_id), 1, 1, practice=True)
    key = folders.case_keys.key(case_id, 1)
    write_journal(folders.disk, folders.case_path(case_id), "x", header, Seal(key, header), [])
    with pytest.raises(CaseDamaged, match="own"):
        home.cases.open(case_id)


def test_what_a_full_audit_cannot_take_keeps_nobody_from_locking(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_said: object, **_more: object) -> None:
        raise WriteFailed("audit.nmt", "fault")

    monkeypatch.setattr(home.cases.folders.audit, "note", fail)
    home.lock()
    assert home.state is VaultState.LOCKED
    assert Action.LOCKED.value == "locked"


def test_a_plain_case_that_cannot_be_made_leaves_no_lock(tmp_path: Path) -> None:
    disk = SimDisk()
    store = PlainCaseStore(Path("/sim/plain"), disk=disk, who="ann")

    def full(call: str, _path: Path, data: bytes) -> None:
        if call == "write" and data.startswith(b"{"):
            raise OSError(28, "full")

    disk.hook = full
    with pytest.raises(Exception, match="full"):
        store.create(CaseLabel("M."))
    assert disk.files == {}
    assert not [path for path in disk.table if path.endswith((".lock", ".json"))]
    assert tmp_path


def test_a_folder_that_another_process_made_first_is_used() -> None:
    disk = SimDisk()
    made: list[Path] = []

    def first(call: str, path: Path, _data: bytes) -> None:
        if call == "make_folder" and not made:
            made.append(path)
            disk.table[str(path)] = None

    disk.hook = first
    make_folders(disk, Path("/sim/a/b"))
    assert disk.exists(Path("/sim/a/b"))


def test_a_claim_that_cannot_make_its_data_safe_is_refused(tmp_path: Path) -> None:
    disk = SimDisk()
    store = sealed_store(Path("/sim/home"), disk)
    case = store.create(CaseLabel("M."))
    case.append(0, [event(1)])
    early = disk.after_kill()
    case.append(1, [event(2)])
    folders = disk.after_kill()
    lock = store.folders.case_path(case.case_id).with_suffix(".lock")
    folders.table[str(lock)] = early.table[str(lock)]  # as if the last mark had not been written
    again = sealed_store(Path("/sim/home"), folders)

    def fail(call: str, path: Path, _data: bytes) -> None:
        if call == "write" and path.name == f"{case.case_id}.nmt":
            raise OSError(5, "fault")

    folders.hook = fail
    with pytest.raises(WriteFailed):
        again.claim(case.case_id)
    folders.hook = lambda _call, _path, _data: None
    with again.claim(case.case_id) as found:
        assert len(found.load()) == 2
    with pytest.raises(CaseUnknown):
        again.claim("nothing")
    assert tmp_path


def test_a_home_named_in_the_environment_is_below_it(tmp_path: Path) -> None:
    found = find_places({"NMT_INTAKE_HOME": str(tmp_path)})
    assert found.data == tmp_path / "data"
    assert found.config == tmp_path / "config"
    assert found.cache == tmp_path / "cache"


def test_an_older_copy_is_noticed_by_the_audit_alone(home: Home) -> None:
    with home.cases.create(CaseLabel("M.")) as case:
        case.append(0, [event(1)])
    path = home.cases.folders.case_path(case.case_id)
    older = path.read_bytes()
    with home.cases.claim(case.case_id) as case:
        case.append(1, [event(2)])
    gone = one_case(home)
    home.lock()
    path.write_bytes(older)
    path.with_suffix(".lock").unlink()
    (home.places.data / "cases" / gone[:2] / f"{gone}.nmt").unlink()
    (home.places.data / "index.nmt").unlink()
    home.unlock(PASSPHRASE)
    for case_id in (case.case_id, gone):
        with pytest.raises(CaseDamaged):
            home.cases.open(case_id)


def test_the_quarantine_of_one_case_outlives_the_erasure_of_another(home: Home) -> None:
    one, other = one_case(home), one_case(home)
    quarantine = home.places.data / "quarantine"
    quarantine.mkdir()
    (quarantine / f"{one}-0.tail").write_bytes(b"x")
    (quarantine / f"{other}-0.tail").write_bytes(b"x")
    home.cases.erase(one, "asked for")
    assert [path.name for path in quarantine.iterdir()] == [f"{other}-0.tail"]


def test_a_keyring_that_says_nonsense_opens_nothing(home: Home) -> None:
    ring = PaperRing()
    home.remember_in_keyring(PASSPHRASE, ring)
    home.lock()
    ring.kept = dict.fromkeys(ring.kept, "not base64!")
    with pytest.raises(WrongPassphrase, match="keyring"):
        home.unlock_with_keyring(ring)


def test_the_stores_open_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(home_module, "harden_process", tuple)
    monkeypatch.setenv("NMT_INTAKE_HOME", str(tmp_path / "home"))
    assert open_stores().places.data == tmp_path / "home" / "data"
    assert (tmp_path / "home" / "data").is_dir()


def test_an_erasure_with_one_copy_of_the_keys_missing_destroys_the_other(home: Home) -> None:
    case_id = one_case(home)
    (home.places.data / "keys.copy").unlink()
    home.cases.erase(case_id, "asked for")
    assert (home.places.data / "keys.copy").exists()
    assert home.cases.folders.case_keys.ids() == []


def test_a_lost_index_and_a_case_that_was_never_made(home: Home) -> None:
    one_case(home)
    home.cases.folders.case_keys.add("cd" * 16, 1)
    home.lock()
    (home.places.data / "index.nmt").unlink()
    home.unlock(PASSPHRASE)
    assert len(home.cases.list()) == 1


def test_a_folder_of_cases_that_cannot_be_looked_into_is_told() -> None:
    disk = SimDisk()
    make_folders(disk, Path("/sim/home/cases"))

    def fail(call: str, _path: Path, _data: bytes) -> None:
        if call == "names":
            raise OSError(5, "fault")

    disk.hook = fail
    with pytest.raises(WriteFailed):
        sealed_store(Path("/sim/home"), disk)


def test_a_clock_that_runs_backwards_loses_and_reorders_nothing(
    tmp_path: Path, cheap: None
) -> None:
    """Only numbers say what came first; times are told as they were."""
    times = iter(datetime(2026, 11, 22, tzinfo=UTC) - timedelta(hours=n) for n in range(10_000))
    places = Places(tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    places.make()
    home = Home(places, who="ann", clock=lambda: next(times), cost=Cost(), least_room=1)
    home.set_up(PASSPHRASE)
    said = [{**event(number), "at": f"2026-11-{22 - number}"} for number in range(6)]
    with home.cases.create(CaseLabel("M.")) as case:
        for number, record in enumerate(said):
            case.append(number, [record])
    home.lock()
    home.unlock(PASSPHRASE)
    with home.cases.claim(case.case_id) as again:
        assert list(again.load()) == said
        assert again.recovery.last_at == "2026-11-17"
    assert home.verify()[0].sound
    deeds = [entry.action for entry in home.audit()]
    assert deeds[:3] == [Action.UNLOCKED.value, Action.MADE.value, Action.CLOSED.value]
    assert home.cases.list()[0].sequence == 6
    home.close()
