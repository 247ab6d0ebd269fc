"""What reviews found: a lost vault, keys that change under a writer, odd plain files, traces."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from nmt_intake.store.errors import (
    BadBackup,
    CaseClaimed,
    CaseDamaged,
    CaseStoreError,
    NoSuchFile,
    VaultDamaged,
)
from nmt_intake.store.home import Home, VaultState
from nmt_intake.store.journal.frames import MARKER
from nmt_intake.store.paths import Places
from nmt_intake.store.plain import PlainCaseStore
from nmt_intake.store.protocols import CaseLabel
from nmt_intake.store.sealed.restore import RestoreOutcome
from nmt_intake.store.vault.vault_file import parse_vault, read_vault, write_vault
from tests.faults.session import PASSPHRASE, event
from tests.store.conftest import home_in
from tests.store.test_index_and_verify import one_case
from tests.store.test_taking_in import case_file, plain_with


def lose(home: Home, *names: str) -> None:
    home.lock()
    for name in names:
        (home.places.data / name).unlink()


def test_a_lost_vault_is_not_taken_for_a_first_run(home: Home) -> None:
    one_case(home)
    lose(home, "vault.json", "vault.copy")
    with pytest.raises(VaultDamaged, match="missing, but cases are here"):
        _ = home.state
    with pytest.raises(VaultDamaged):
        home.set_up("another passphrase altogether")
    assert not (home.places.data / "vault.json").exists()


def test_a_backup_gives_a_lost_vault_back(home: Home, tmp_path: Path) -> None:
    case_id = one_case(home)
    home.backup(tmp_path / "b")
    lose(home, "vault.json", "vault.copy")
    assert [each.fate for each in home.restore(tmp_path / "b", PASSPHRASE)] == [
        RestoreOutcome.HERE_ALREADY
    ]
    home.lock()
    assert home.state is VaultState.LOCKED
    home.unlock(PASSPHRASE)
    assert len(home.cases.open(case_id).load()) == 2


def test_a_vault_that_does_not_open_what_is_here_is_not_left_behind(
    home: Home, tmp_path: Path
) -> None:
    one_case(home)
    home.backup(tmp_path / "b")
    home.rotate_keys(PASSPHRASE)
    lose(home, "vault.json", "vault.copy")
    with pytest.raises(CaseStoreError):
        home.restore(tmp_path / "b", PASSPHRASE)
    assert not (home.places.data / "vault.json").exists()


def test_lost_keys_are_told_with_a_way_out(home: Home) -> None:
    one_case(home)
    lose(home, "keys.nmt", "keys.copy")
    with pytest.raises(VaultDamaged, match="empty one, and restore a backup"):
        home.unlock(PASSPHRASE)


def frames_in(home: Home, case_id: str) -> int:
    return home.cases.folders.case_path(case_id).read_bytes().count(MARKER)


def test_new_keys_and_a_restore_keep_a_frame_for_each_answer(home: Home, tmp_path: Path) -> None:
    case_id = one_case(home, events=8)
    before = frames_in(home, case_id)
    home.rotate_keys(PASSPHRASE)
    assert frames_in(home, case_id) == before
    home.backup(tmp_path / "b")
    path = home.cases.folders.case_path(case_id)
    harmed = bytearray(path.read_bytes())
    harmed[-700] ^= 1
    path.write_bytes(harmed)
    with home.cases.salvage(case_id) as case:
        assert 4 < len(case.load()) < 8, "what stands before the harm is readable"
    home.restore(tmp_path / "b", PASSPHRASE)
    assert frames_in(home, case_id) >= before
    assert len(home.cases.open(case_id).load()) == 8


def test_a_writer_keeps_its_mark_and_its_name_while_others_get_new_keys(
    home: Home, tmp_path: Path
) -> None:
    case = home.cases.create(CaseLabel("M."))
    case.append(0, [event(0)])
    other = home_in(tmp_path / "home")
    other.unlock(PASSPHRASE)
    assert other.rotate_keys(PASSPHRASE)[1] == [case.case_id]
    case.append(1, [event(1)])
    with pytest.raises(CaseClaimed) as claimed:
        other.cases.claim(case.case_id)
    assert claimed.value.who == "ann"
    path = other.cases.folders.case_path(case.case_id)
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(CaseDamaged, match="after it was saved"):
        other.cases.open(case.case_id)
    other.close()


ODD: dict[str, Callable[[dict[str, object]], object]] = {
    "a row that is no object": lambda said: said["events"].update({"1": 5}),  # type: ignore[attr-defined]
    "a number that is a word": lambda said: said["events"].update({"x": {}}),  # type: ignore[attr-defined]
    "half a letter": lambda said: said["events"]["1"].update(note="\ud800"),  # type: ignore[index]
    "an event without an author": lambda said: said["events"]["1"].pop("author"),  # type: ignore[index]
    "a line that is a number": lambda said: said["about"].update({"1": 5}),  # type: ignore[attr-defined]
}


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_plain_file_is_left_and_the_others_are_taken_in(
    home: Home, tmp_path: Path, odd: str
) -> None:
    folder = tmp_path / "plain"
    _store, (bad, good) = plain_with(folder, "A", "B")
    said = json.loads(case_file(folder, bad).read_bytes())
    ODD[odd](said)
    case_file(folder, bad).write_text(json.dumps(said))
    taken = home.take_in(folder)
    assert taken.taken == (good,)
    assert [case_id for case_id, _code in taken.left] == [bad]
    assert case_file(folder, bad).exists()


@pytest.mark.parametrize(
    "text",
    [
        '{"about":{"1":{"n":1e999}}}',
        '{"about":{"1":{"n":NaN}}}',
        '{"about":{"1":{},"1":{}}}',
        '{"about":{"1":{"n":' + "9" * 5_000 + "}}}",
        '{"about":{"1":{"n":' + "[" * 3_000 + "]" * 3_000 + "}}}",
    ],
    ids=["infinite", "not a number", "a key twice", "5,000 digits", "a nest"],
)
def test_hostile_json_in_a_plain_file_is_not_whole(tmp_path: Path, text: str) -> None:
    store, (case_id,) = plain_with(tmp_path, "A")
    case_file(tmp_path, case_id).write_text(text)
    with pytest.raises(CaseDamaged, match="not whole"):
        store.open(case_id)
    assert PlainCaseStore(tmp_path).list()[0].status == "STORE-005"


def test_events_that_cannot_be_read_are_not_sealed(home: Home, tmp_path: Path) -> None:
    _store, (case_id,) = plain_with(tmp_path / "plain", "A")
    taken = home.take_in(tmp_path / "plain", lambda _records: "An event can't be read.")
    assert taken.left == ((case_id, "STORE-024"),)
    assert case_file(tmp_path / "plain", case_id).exists()


def test_an_erased_case_leaves_no_alias_in_the_index(home: Home) -> None:
    case_id = one_case(home)
    one_case(home)
    home.cases.erase(case_id, "asked for")
    folders = home.cases.folders
    folders.index.log.close()
    with folders.index.log.turn() as storage:
        assert storage.journal.position.frames <= 2, "no frame of before"
        assert case_id not in storage.rows("lines")
    assert home.erased()[case_id]["reason"] == "asked for"


@pytest.mark.parametrize("salt", ["", "AAAA", "A"])
def test_a_salt_that_is_none_is_a_damaged_vault(home: Home, salt: str) -> None:
    home.lock()
    body = read_vault(home._disk, home.places.data)
    slots = tuple(slot.model_copy(update={"salt": salt}) for slot in body.slots)
    write_vault(home._disk, home.places.data, body.model_copy(update={"slots": slots}))
    with pytest.raises(VaultDamaged):
        home.unlock(PASSPHRASE)


def test_a_vault_file_that_is_far_too_long_is_damaged(home: Home) -> None:
    home.lock()
    for name in ("vault.json", "vault.copy"):
        (home.places.data / name).write_bytes(b" " * 100_000)
    with pytest.raises(VaultDamaged):
        home.unlock(PASSPHRASE)
    with pytest.raises(VaultDamaged):
        parse_vault(b" " * 10)


def test_folders_that_others_may_open_are_closed_to_them(tmp_path: Path) -> None:
    places = Places(tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    folders = (places.data, places.config, places.cache, places.data / "cases", places.practice)
    for folder in folders:
        folder.mkdir(parents=True)
        folder.chmod(0o777)
    places.make()
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


def test_a_backup_needs_a_file_with_a_name(home: Home, tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(NoSuchFile):
            home.restore(path, PASSPHRASE)
    with pytest.raises(NoSuchFile):
        home.backup(Path())


def test_a_case_in_a_backup_that_is_no_file_of_ours_is_refused(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nmt_intake.store.sealed import backup as backup_module

    one_case(home)
    real = backup_module._copied

    def without_head(*said: object) -> object:
        from dataclasses import replace

        return replace(real(*said), data=b"no header at all")  # type: ignore[arg-type]

    with monkeypatch.context() as crafted:
        crafted.setattr(backup_module, "_copied", without_head)
        home.backup(tmp_path / "b")
    other = home_in(tmp_path / "other")
    with pytest.raises(BadBackup):
        other.restore(tmp_path / "b", PASSPHRASE)


@pytest.mark.parametrize("name", ["audit.nmt", "audit.lock"])
def test_an_audit_that_cannot_be_written_is_told(home: Home, tmp_path: Path, name: str) -> None:
    case_id = one_case(home)
    home.lock()
    path = home.places.data / name
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    before = (tmp_path / "elsewhere").read_bytes()
    home.unlock(PASSPHRASE)
    assert list(home.mended) == ["audit.nmt"]
    assert len(home.cases.open(case_id).load()) == 2
    assert (tmp_path / "elsewhere").read_bytes() == before


@pytest.mark.parametrize(
    "name", ["vault.json", "keys.nmt", "keys.copy", "index.nmt", "index.lock", "keys.lock"]
)
def test_no_link_in_place_of_one_of_our_files_is_written_through(
    home: Home, tmp_path: Path, name: str
) -> None:
    one_case(home)
    home.lock()
    path = home.places.data / name
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    before = (tmp_path / "elsewhere").read_bytes()
    with suppress(CaseStoreError):
        home.unlock(PASSPHRASE)
        one_case(home)
    home.lock()
    assert (tmp_path / "elsewhere").read_bytes() == before
