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
from nmt_intake.store.house import Door, House
from nmt_intake.store.journal.frames import MARKER
from nmt_intake.store.places import Places
from nmt_intake.store.plain import PlainCaseStore
from nmt_intake.store.protocols import CaseLabel
from nmt_intake.store.sealed.restoring import Fate
from nmt_intake.store.vault.vault_file import parse_vault, read_vault, write_vault
from tests.faults.session import PASSPHRASE, event
from tests.store.conftest import house_in
from tests.store.test_index_and_verify import one_case
from tests.store.test_taking_in import case_file, plain_with


def lose(house: House, *names: str) -> None:
    house.lock()
    for name in names:
        (house.places.data / name).unlink()


def test_a_lost_vault_is_not_taken_for_a_first_run(house: House) -> None:
    one_case(house)
    lose(house, "vault.json", "vault.copy")
    with pytest.raises(VaultDamaged, match="missing, but cases are here"):
        _ = house.door
    with pytest.raises(VaultDamaged):
        house.set_up("another passphrase altogether")
    assert not (house.places.data / "vault.json").exists()


def test_a_backup_gives_a_lost_vault_back(house: House, tmp_path: Path) -> None:
    case_id = one_case(house)
    house.backup(tmp_path / "b")
    lose(house, "vault.json", "vault.copy")
    assert [each.fate for each in house.restore(tmp_path / "b", PASSPHRASE)] == [Fate.HERE_ALREADY]
    house.lock()
    assert house.door is Door.LOCKED
    house.unlock(PASSPHRASE)
    assert len(house.cases.open(case_id).load()) == 2


def test_a_vault_that_does_not_open_what_is_here_is_not_left_behind(
    house: House, tmp_path: Path
) -> None:
    one_case(house)
    house.backup(tmp_path / "b")
    house.rotate_keys(PASSPHRASE)
    lose(house, "vault.json", "vault.copy")
    with pytest.raises(CaseStoreError):
        house.restore(tmp_path / "b", PASSPHRASE)
    assert not (house.places.data / "vault.json").exists()


def test_lost_keys_are_told_with_a_way_out(house: House) -> None:
    one_case(house)
    lose(house, "keys.nmt", "keys.copy")
    with pytest.raises(VaultDamaged, match="empty one, and restore a backup"):
        house.unlock(PASSPHRASE)


def frames_in(house: House, case_id: str) -> int:
    return house.cases.home.case_path(case_id).read_bytes().count(MARKER)


def test_new_keys_and_a_restore_keep_a_frame_for_each_answer(house: House, tmp_path: Path) -> None:
    case_id = one_case(house, events=8)
    before = frames_in(house, case_id)
    house.rotate_keys(PASSPHRASE)
    assert frames_in(house, case_id) == before
    house.backup(tmp_path / "b")
    path = house.cases.home.case_path(case_id)
    harmed = bytearray(path.read_bytes())
    harmed[-700] ^= 1
    path.write_bytes(harmed)
    with house.cases.salvage(case_id) as case:
        assert 4 < len(case.load()) < 8, "what stands before the harm is readable"
    house.restore(tmp_path / "b", PASSPHRASE)
    assert frames_in(house, case_id) >= before
    assert len(house.cases.open(case_id).load()) == 8


def test_a_writer_keeps_its_mark_and_its_name_while_others_get_new_keys(
    house: House, tmp_path: Path
) -> None:
    case = house.cases.create(CaseLabel("M."))
    case.append(0, [event(0)])
    other = house_in(tmp_path / "home")
    other.unlock(PASSPHRASE)
    assert other.rotate_keys(PASSPHRASE)[1] == [case.case_id]
    case.append(1, [event(1)])
    with pytest.raises(CaseClaimed) as claimed:
        other.cases.claim(case.case_id)
    assert claimed.value.who == "ann"
    path = other.cases.home.case_path(case.case_id)
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
    house: House, tmp_path: Path, odd: str
) -> None:
    folder = tmp_path / "plain"
    _store, (bad, good) = plain_with(folder, "A", "B")
    said = json.loads(case_file(folder, bad).read_bytes())
    ODD[odd](said)
    case_file(folder, bad).write_text(json.dumps(said))
    taken = house.take_in(folder)
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


def test_events_that_cannot_be_read_are_not_sealed(house: House, tmp_path: Path) -> None:
    _store, (case_id,) = plain_with(tmp_path / "plain", "A")
    taken = house.take_in(tmp_path / "plain", lambda _records: "An event can't be read.")
    assert taken.left == ((case_id, "STORE-024"),)
    assert case_file(tmp_path / "plain", case_id).exists()


def test_an_erased_case_leaves_no_alias_in_the_index(house: House) -> None:
    case_id = one_case(house)
    one_case(house)
    house.cases.erase(case_id, "asked for")
    home = house.cases.home
    home.index.book.close()
    with home.index.book.turn() as storage:
        assert storage.journal.position.frames <= 2, "no frame of before"
        assert case_id not in storage.rows("lines")
    assert house.erased()[case_id]["reason"] == "asked for"


@pytest.mark.parametrize("salt", ["", "AAAA", "A"])
def test_a_salt_that_is_none_is_a_damaged_vault(house: House, salt: str) -> None:
    house.lock()
    body = read_vault(house._disk, house.places.data)
    slots = tuple(slot.model_copy(update={"salt": salt}) for slot in body.slots)
    write_vault(house._disk, house.places.data, body.model_copy(update={"slots": slots}))
    with pytest.raises(VaultDamaged):
        house.unlock(PASSPHRASE)


def test_a_vault_file_that_is_far_too_long_is_damaged(house: House) -> None:
    house.lock()
    for name in ("vault.json", "vault.copy"):
        (house.places.data / name).write_bytes(b" " * 100_000)
    with pytest.raises(VaultDamaged):
        house.unlock(PASSPHRASE)
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


def test_a_backup_needs_a_file_with_a_name(house: House, tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(NoSuchFile):
            house.restore(path, PASSPHRASE)
    with pytest.raises(NoSuchFile):
        house.backup(Path())


def test_a_case_in_a_backup_that_is_no_file_of_ours_is_refused(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nmt_intake.store.sealed import backup as backup_module

    one_case(house)
    real = backup_module._copied

    def without_head(*said: object) -> object:
        from dataclasses import replace

        return replace(real(*said), data=b"no header at all")  # type: ignore[arg-type]

    with monkeypatch.context() as crafted:
        crafted.setattr(backup_module, "_copied", without_head)
        house.backup(tmp_path / "b")
    other = house_in(tmp_path / "other")
    with pytest.raises(BadBackup):
        other.restore(tmp_path / "b", PASSPHRASE)


@pytest.mark.parametrize("name", ["audit.nmt", "audit.lock"])
def test_an_audit_that_cannot_be_written_is_told(house: House, tmp_path: Path, name: str) -> None:
    case_id = one_case(house)
    house.lock()
    path = house.places.data / name
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    before = (tmp_path / "elsewhere").read_bytes()
    house.unlock(PASSPHRASE)
    assert list(house.mended) == ["audit.nmt"]
    assert len(house.cases.open(case_id).load()) == 2
    assert (tmp_path / "elsewhere").read_bytes() == before


@pytest.mark.parametrize(
    "name", ["vault.json", "keys.nmt", "keys.copy", "index.nmt", "index.lock", "keys.lock"]
)
def test_no_link_in_place_of_one_of_our_files_is_written_through(
    house: House, tmp_path: Path, name: str
) -> None:
    one_case(house)
    house.lock()
    path = house.places.data / name
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    before = (tmp_path / "elsewhere").read_bytes()
    with suppress(CaseStoreError):
        house.unlock(PASSPHRASE)
        one_case(house)
    house.lock()
    assert (tmp_path / "elsewhere").read_bytes() == before
