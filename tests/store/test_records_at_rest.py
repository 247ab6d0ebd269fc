"""What is on the disk: nothing readable, nothing outside, nothing that others may open."""

from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

import pytest

from nmt_intake.store.errors import CaseErased, CaseUnknown, FolderUnusable
from nmt_intake.store.files.disk import Disk
from nmt_intake.store.home import Home
from nmt_intake.store.paths import Places
from nmt_intake.store.protocols import RECORD_KEYS, CaseLabel, CaseSummary
from nmt_intake.store.sealed.audit import Action
from tests.faults.session import PASSPHRASE, SlowClock, event
from tests.store.conftest import home_in

CANARIES = {key: f"canary-{number}-{key}" for number, key in enumerate(RECORD_KEYS)}
CANARIES |= {"note": "canary-note", "alias": "canary-alias", "who": "canary-who"}


def canary_event() -> dict[str, object]:
    said: dict[str, object] = {key: CANARIES[key] for key in RECORD_KEYS}
    return {**said, "deep": [{"note": CANARIES["note"]}]}


def spellings(word: str) -> list[bytes]:
    """Return how a word may stand in a file: plain, UTF-16, and base64 at any offset."""
    plain = word.encode()
    coded = [base64.b64encode(b"\0" * shift + plain)[4:-4] for shift in range(3)]
    return [plain, word.encode("utf-16-le"), word.encode("utf-16-be"), *coded]


def assert_nothing_readable(folder: Path) -> None:
    for path in folder.rglob("*"):
        for word in CANARIES.values():
            assert word not in str(path)
            if path.is_file():
                data = path.read_bytes()
                assert not any(spelling in data for spelling in spellings(word)), path.name


class Watching(Disk):
    """A real disk that remembers which files were made or opened, and fails when told to."""

    def __init__(self) -> None:
        self.made: set[Path] = set()
        self.opened: set[Path] = set()
        self.dying = False

    def open(self, path: Path, *, new: bool = False) -> int:
        (self.made if new else self.opened).add(path)
        return super().open(path, new=new)

    def open_lock(self, path: Path) -> int:
        self.made.add(path)
        return super().open_lock(path)

    def open_to_read(self, path: Path) -> int:
        self.opened.add(path)
        return super().open_to_read(path)

    def sync_data(self, file: int) -> None:
        if self.dying:
            raise OSError(5, "died")
        super().sync_data(file)


def a_session(folder: Path) -> Watching:
    disk = Watching()
    places = Places(folder / "data", folder / "config", folder / "cache")
    home = Home(places, disk=disk, who=CANARIES["who"], clock=SlowClock(), least_room=1)
    home.set_up(PASSPHRASE)
    label = CaseLabel(CANARIES["alias"], "2019-09-14", CANARIES["who"])
    with home.cases.create(label) as case:
        case.append(0, [canary_event()])  # type: ignore[list-item]
        home.cases.summarise(case.case_id, CaseSummary(label, last_seen="2026"))
    case = home.cases.claim(case.case_id)
    case.append(1, [canary_event()])  # type: ignore[list-item]
    home.backup(folder / "backup.nmtbackup")
    home.rotate_keys(PASSPHRASE)
    home.cases.folders.index.log.compact()
    disk.dying = True
    with pytest.raises(Exception, match="not saved"):
        case.append(2, [canary_event()])  # type: ignore[list-item]
    return disk  # and the process is gone: nothing is closed


@pytest.mark.usefixtures("cheap")
def test_no_word_of_a_case_can_be_read_from_any_file(tmp_path: Path) -> None:
    a_session(tmp_path)
    assert any(tmp_path.rglob("*.nmt"))
    assert_nothing_readable(tmp_path)


@pytest.mark.usefixtures("cheap")
def test_files_are_made_only_inside_the_home_and_only_sealed(tmp_path: Path) -> None:
    disk = a_session(tmp_path)
    allowed = (tmp_path / "data", tmp_path / "backup.nmtbackup")
    for path in disk.made | disk.opened:
        beside = path.parent == tmp_path and path.name.endswith(".new")
        assert beside or any(path.is_relative_to(place) for place in allowed), path
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".new")]


@pytest.mark.usefixtures("cheap")
def test_every_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        a_session(tmp_path)
    finally:
        os.umask(before)
    for path in (tmp_path / "data").rglob("*"):
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path
    assert stat.S_IMODE((tmp_path / "backup.nmtbackup").stat().st_mode) == 0o600


def test_a_link_in_place_of_a_case_file_is_not_followed(home: Home, tmp_path: Path) -> None:
    with home.cases.create(CaseLabel("M.")) as case:
        pass
    path = home.cases.folders.case_path(case.case_id)
    elsewhere = tmp_path / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    with pytest.raises(FolderUnusable):
        home.cases.open(case.case_id)


def test_file_names_say_nothing_but_random_ids(home: Home) -> None:
    with home.cases.create(CaseLabel("Maximilian", "2019-09-14", "ann")) as case:
        case.append(0, [event(1)])
    names = {path.name for path in (home.places.data / "cases").rglob("*")}
    assert names == {case.case_id[:2], f"{case.case_id}.nmt", f"{case.case_id}.lock"}


def test_after_erasing_no_key_is_left_and_no_copy_opens(home: Home, tmp_path: Path) -> None:
    with home.cases.create(CaseLabel("M.")) as case:
        case.append(0, [event(1)])
    path = home.cases.folders.case_path(case.case_id)
    kept_file, kept_lock = path.read_bytes(), path.with_suffix(".lock").read_bytes()
    home.backup(tmp_path / "old.nmtbackup")
    home.cases.erase(case.case_id, "asked for by the guardian")
    assert not path.exists()
    path.write_bytes(kept_file)
    path.with_suffix(".lock").write_bytes(kept_lock)
    with pytest.raises(CaseErased):
        home.cases.salvage(case.case_id)
    (fate,) = home.restore(tmp_path / "old.nmtbackup", PASSPHRASE)
    assert fate.fate.name == "ERASED"
    home.lock()
    home.unlock(PASSPHRASE)
    assert not path.exists()
    assert home.cases.list() == []
    stone = home.cases.folders.case_keys.stones()[case.case_id]
    assert stone["reason"] == "asked for by the guardian"
    assert Action.ERASED.value in [entry.action for entry in home.audit()]
    with pytest.raises(CaseUnknown):
        home.cases.claim("0" * 32)


def test_the_audit_says_who_did_what_when_and_nothing_else(home: Home) -> None:
    with home.cases.create(CaseLabel("canary-alias")) as case:
        case.append(0, [event(1)])
    home.cases.open(case.case_id).close()
    home.note(Action.EXPORTED, case.case_id, 1)
    entries = [entry.to_json() for entry in home.audit()]
    assert [entry["deed"] for entry in entries] == [
        "unlocked",
        "case made",
        "case closed",
        "case viewed",
        "case exported",
    ]
    assert "canary" not in str(entries)
    assert all(entry["who"] == "ann" and entry["place"] and entry["at"] for entry in entries)


class ReadOnlyDisk(Disk):
    """A disk that was mounted for reading only after the home was made."""

    def __init__(self) -> None:
        self.mounted_read_only = False

    def _refuse(self) -> None:
        if self.mounted_read_only:
            raise OSError(30, os.strerror(30))

    def open(self, path: Path, *, new: bool = False) -> int:
        self._refuse()
        return super().open(path, new=new)

    def open_lock(self, path: Path) -> int:
        self._refuse()
        return super().open_lock(path)


@pytest.mark.usefixtures("cheap")
def test_a_read_only_folder_is_told_in_one_line(tmp_path: Path) -> None:
    disk = ReadOnlyDisk()
    home = Home(home_in(tmp_path).places, disk=disk, who="ann", least_room=1)
    home.set_up(PASSPHRASE)
    disk.mounted_read_only = True
    for use in (lambda: home.cases.create(CaseLabel("M.")), home.cases.list):
        with pytest.raises(FolderUnusable, match="can't be used"):
            use()


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    places = Places(tmp_path / "file" / "data", tmp_path / "c", tmp_path / "k")
    with pytest.raises(FolderUnusable, match="data folder"):
        places.make()
