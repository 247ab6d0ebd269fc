"""Plain files of the first format: what they promise by themselves, and how they are sealed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nmt_intake.store.errors import (
    CaseDamaged,
    FolderUnusable,
    NewerFormat,
    VaultDamaged,
    WriteFailed,
)
from nmt_intake.store.files.disk import Disk
from nmt_intake.store.home import Home
from nmt_intake.store.plain import PlainCaseStore
from nmt_intake.store.protocols import CaseLabel, CaseSummary
from tests.faults.session import PASSPHRASE, event
from tests.store.conftest import home_in


def plain_with(folder: Path, *names: str) -> tuple[PlainCaseStore, list[str]]:
    store = PlainCaseStore(folder, who="ann")
    ids = []
    for name in names:
        with store.create(CaseLabel(name, "2019-09-14")) as case:
            case.append(0, [event(1)])
            case.append(1, [event(2), event(3)])
            store.summarise(case.case_id, CaseSummary(CaseLabel(name), "open", last_seen="2026"))
            ids.append(case.case_id)
    return store, ids


def case_file(folder: Path, case_id: str) -> Path:
    return folder / "cases" / case_id[:2] / f"{case_id}.json"


def test_plain_files_in_the_house_s_own_folder_are_sealed_where_they_are(home: Home) -> None:
    """The first format kept its cases in the very folder that the vault is in: one lock serves."""
    plain, ids = plain_with(home.places.data, "M.", "N.")
    found = home.take_in(home.places.data)
    assert set(found.taken) == set(ids)
    assert plain.ids() == []
    with home.cases.claim(ids[0]) as case:
        assert len(case.load()) == 3


def test_plain_files_are_sealed_and_removed(home: Home, tmp_path: Path) -> None:
    plain, ids = plain_with(tmp_path / "old", "M.", "N.")
    found = home.take_in(tmp_path / "old")
    assert set(found.taken) == set(ids)
    assert found.left == ()
    assert plain.ids() == []
    assert {line.label.alias for line in home.cases.list()} == {"M.", "N."}
    assert {line.status for line in home.cases.list()} == {"open"}
    for case_id in ids:
        with home.cases.claim(case_id) as case:
            assert list(case.load()) == [event(1), event(2), event(3)]
            assert case.append(3, [event(4)]) == 4
    assert home.take_in(tmp_path / "old").taken == ()


def test_plain_files_in_the_homes_own_folder_are_taken_in_where_they_are(home: Home) -> None:
    data = home.places.data
    _plain, ids = plain_with(data, "M.", "N.")
    assert set(home.take_in(data).taken) == set(ids)
    assert not list(data.rglob("*.json.*")) + list((data / "cases").rglob("*.json"))
    assert all(verdict.sound for verdict in home.verify())


def test_a_home_of_plain_files_only_can_be_given_a_vault(tmp_path: Path, cheap: None) -> None:
    home = home_in(tmp_path)
    _plain, ids = plain_with(home.places.data, "M.")
    home.set_up(PASSPHRASE)
    assert home.take_in(home.places.data).taken == tuple(ids)
    home.close()


def test_a_home_whose_cases_lost_their_keys_is_not_begun_anew(home: Home) -> None:
    home.cases.create(CaseLabel("M.")).close()
    home.lock()
    for name in ("keys.nmt", "keys.copy", "index.nmt", "audit.nmt"):
        (home.places.data / name).unlink()
    with pytest.raises(VaultDamaged):
        home.unlock(PASSPHRASE)


def test_taking_in_that_was_cut_short_goes_on(home: Home, tmp_path: Path) -> None:
    _plain, (case_id,) = plain_with(tmp_path / "old", "M.")
    kept = case_file(tmp_path / "old", case_id).read_bytes()
    home.take_in(tmp_path / "old")
    case_file(tmp_path / "old", case_id).write_bytes(kept)
    assert home.take_in(tmp_path / "old").taken == (case_id,)
    assert not case_file(tmp_path / "old", case_id).exists()


def test_a_plain_file_that_says_something_else_is_left(home: Home, tmp_path: Path) -> None:
    _plain, (case_id,) = plain_with(tmp_path / "old", "M.")
    kept = case_file(tmp_path / "old", case_id).read_bytes()
    home.take_in(tmp_path / "old")
    case_file(tmp_path / "old", case_id).write_bytes(kept.replace(b"at-1", b"at-9"))
    assert home.take_in(tmp_path / "old").left == ((case_id, "STORE-026"),)
    assert case_file(tmp_path / "old", case_id).exists()


@pytest.mark.parametrize(
    "said",
    ["", "{", "[]", '{"a": 1}', '{"events": {}, "events": {}}', '{"x": {"y": NaN}}', "[" * 90_000],
)
def test_a_plain_file_that_is_not_whole_is_told(tmp_path: Path, said: str) -> None:
    store, (case_id,) = plain_with(tmp_path, "M.")
    case_file(tmp_path, case_id).write_text(said)
    for way in (store.open, store.claim, store.salvage):
        with pytest.raises(CaseDamaged):
            way(case_id)
    assert [line.status for line in store.list()] == ["STORE-005"]
    case_file(tmp_path, case_id).write_text("{}")
    with pytest.raises(CaseDamaged, match="what it is"):
        store.claim(case_id)


def test_half_a_plain_file_and_a_gap_are_told(tmp_path: Path) -> None:
    store, (case_id,) = plain_with(tmp_path, "M.")
    path = case_file(tmp_path, case_id)
    whole = path.read_text()
    path.write_text(whole[: len(whole) // 2])
    with pytest.raises(CaseDamaged):
        store.open(case_id)
    said = json.loads(whole)
    del said["events"]["2"]
    path.write_text(json.dumps(said))
    with pytest.raises(CaseDamaged, match="in the middle"):
        store.open(case_id)
    with pytest.raises(CaseDamaged):
        store.claim(case_id)
    path.write_text(whole)
    store.claim(case_id).close()


def test_a_plain_file_of_a_newer_version_is_told(tmp_path: Path) -> None:
    store, (case_id,) = plain_with(tmp_path, "M.")
    path = case_file(tmp_path, case_id)
    path.write_text(path.read_text().replace('"format":1', '"format":7'))
    with pytest.raises(NewerFormat):
        store.claim(case_id)
    assert [line.status for line in store.list()] == ["STORE-010"]


class Failing(Disk):
    """A disk on which one kind of call fails."""

    def __init__(self) -> None:
        self.call = ""

    def _maybe(self, call: str) -> None:
        if call == self.call:
            raise OSError(5, "fault")

    def sync(self, file: int) -> None:
        self._maybe("sync")
        super().sync(file)

    def read(self, file: int, offset: int, length: int) -> bytes:
        self._maybe("read")
        return super().read(file, offset, length)

    def names(self, path: Path) -> list[str]:
        self._maybe("names")
        return super().names(path)

    def remove(self, path: Path) -> None:
        self._maybe("remove")
        super().remove(path)

    def make_folder(self, path: Path) -> None:
        self._maybe("make_folder")
        super().make_folder(path)

    def sync_folder(self, path: Path) -> None:
        self._maybe("sync_folder")
        super().sync_folder(path)


def test_faults_of_the_disk_are_told_by_the_plain_store(tmp_path: Path) -> None:
    disk = Failing()
    store = PlainCaseStore(tmp_path, disk=disk, who="ann")
    case = store.create(CaseLabel("M."))
    case.append(0, [event(1)])
    empty = PlainCaseStore(tmp_path / "empty", disk=disk, who="ann")  # has no shelf to share
    for call, use in (
        ("sync", lambda: case.append(1, [event(2)])),
        ("read", lambda: store.open(case.case_id)),
        ("names", store.list),
        ("remove", lambda: store.remove(case.case_id)),
        ("make_folder", lambda: empty.create(CaseLabel("N."))),
    ):
        disk.call = call
        with pytest.raises(WriteFailed):
            use()
        disk.call = ""
    case.close()
    disk.call = "sync_folder"
    for use in (lambda: store.create(CaseLabel("N.")), lambda: store.erase(case.case_id, "x")):
        with pytest.raises(WriteFailed):
            use()


def test_an_empty_home_has_no_cases(tmp_path: Path) -> None:
    assert PlainCaseStore(tmp_path / "nothing").list() == []


def test_a_plain_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderUnusable):
        PlainCaseStore(tmp_path / "file").create(CaseLabel("M."))
