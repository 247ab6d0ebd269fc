"""Whatever call fails during whatever is asked of a house: one of our errors, and it goes on."""

from __future__ import annotations

import errno
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from nmt_intake.store.errors import CaseStoreError
from nmt_intake.store.files.disk import Disk, make_folders
from nmt_intake.store.home import Home, VaultState
from nmt_intake.store.plain import PlainCaseStore
from nmt_intake.store.protocols import CaseLabel, CaseSummary
from nmt_intake.store.sealed.verification import Verdict
from tests.faults.session import BACKUP, PASSPHRASE, PLACES, Day, cheap_stretch, event
from tests.faults.sim_disk import SimDisk

PLAIN = Path("/sim/plain")


def failing(number: int, disk: SimDisk) -> list[str]:
    """Let call `number` of a disk fail; returns a list that names the call once it has."""
    seen, hit = [0], list[str]()

    def hook(call: str, _path: Path, _data: bytes) -> None:
        seen[0] += 1
        if seen[0] == number:
            hit.append(call)
            raise OSError(errno.EIO, "I/O error")

    disk.hook = hook
    return hit


@cache
def folders() -> tuple[SimDisk, tuple[str, ...]]:
    """Return a disk with a home of three cases, a backup and a plain case, made once."""
    from nmt_intake.store.vault import vault

    kept, vault.stretch = vault.stretch, cheap_stretch
    try:
        return _made_home()
    finally:
        vault.stretch = kept


def _made_home() -> tuple[SimDisk, tuple[str, ...]]:
    disk = SimDisk()
    home = Day.new_house(disk)
    home.set_up(PASSPHRASE)
    ids = []
    for name in "ABC":
        with home.cases.create(CaseLabel(name)) as case:
            case.append(0, [event(1)])
            ids.append(case.case_id)
    home.backup(BACKUP)
    torn = home.cases.claim(ids[1])
    torn.append(1, [event(2)])
    node = disk.table[str(home.cases.folders.case_path(ids[1]))]
    assert node is not None
    node.write(len(node.data), bytes(node.data[-80:-3]))
    harmed = disk.table[str(home.cases.folders.case_path(ids[2]))]
    assert harmed is not None
    harmed.data[100] ^= 1
    disk.make_folder(PLAIN)
    with PlainCaseStore(PLAIN, disk=disk, who="ann").create(CaseLabel("P")) as case:
        case.append(0, [event(1)])
    return disk.after_kill(), tuple(ids)


def append(home: Home, ids: tuple[str, ...]) -> None:
    with home.cases.claim(ids[0]) as case:
        case.append(1, [event(2)])
        home.cases.summarise(ids[0], CaseSummary(CaseLabel("A")))


def look(home: Home, ids: tuple[str, ...]) -> None:
    for case_id in ids:
        with home.cases.salvage(case_id) as case:
            case.load()
    home.cases.list()
    home.cases.folders.index.log.compact()
    home.verify()


ASKED: dict[str, Callable[[Home, tuple[str, ...]], object]] = {
    "a new case": lambda home, ids: home.cases.create(CaseLabel("N")).close(),
    "an answer": append,
    "a torn case": lambda home, ids: home.cases.claim(ids[1]).close(),
    "a look": look,
    "an erasure": lambda home, ids: home.cases.erase(ids[0], "asked for"),
    "a backup": lambda home, ids: home.backup(Path("/sim/other")),
    "a restoration": lambda home, ids: home.restore(BACKUP, PASSPHRASE),
    "a rotation": lambda home, ids: home.rotate_keys(PASSPHRASE),
    "a change of passphrase": lambda home, ids: home.change_passphrase(PASSPHRASE, PASSPHRASE),
    "plain files": lambda home, ids: home.take_in(PLAIN),
}


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_a_fault_during_it_is_told_and_the_house_opens_again(
    asked: Callable[[Home, tuple[str, ...]], object],
) -> None:
    made, ids = folders()
    number = 0
    while True:
        number += 1
        disk = made.after_kill()
        home = Day.new_house(disk)
        home.unlock(PASSPHRASE)
        hit = failing(number, disk)
        try:
            asked(home, ids)
        except CaseStoreError:
            assert hit
        left = disk.after_kill()
        disk.hook = lambda _call, _path, _data: None
        home.close()
        assert disk.files == {}
        if not hit:
            return
        if number % 4 == 0:
            sound_again(left, ids)


def sound_again(disk: SimDisk, ids: tuple[str, ...]) -> None:
    """The next process opens the house, and nothing but the harmed case is harmed."""
    home = Day.new_house(disk)
    home.unlock(PASSPHRASE)
    troubles = [verdict for verdict in home.verify() if not verdict.sound]
    assert {verdict.case_id for verdict in troubles} <= {ids[2]}, troubles
    home.close()


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("at_start", ["unlock", "set up"])
def test_a_fault_at_the_door_is_told_and_can_be_tried_again(at_start: str) -> None:
    number = 0
    while True:
        number += 1
        disk = folders()[0].after_kill() if at_start == "unlock" else SimDisk()
        home = Day.new_house(disk)
        hit = failing(number, disk)
        try:
            home.unlock(PASSPHRASE) if at_start == "unlock" else home.set_up(PASSPHRASE)
        except CaseStoreError:
            assert hit
        disk.hook = lambda _call, _path, _data: None
        home.close()
        again = Day.new_house(disk)
        again.set_up(PASSPHRASE) if again.state is VaultState.NEW else again.unlock(PASSPHRASE)
        again.close()
        if not hit:
            return


def test_two_processes_that_make_the_same_folder_both_have_it(tmp_path: Path) -> None:
    class Late(Disk):
        def exists(self, path: Path) -> bool:
            return False if path == tmp_path / "new" else super().exists(path)

    for _ in range(2):
        make_folders(Late(), tmp_path / "new")
    assert (tmp_path / "new").is_dir()


def test_a_verdict_without_trouble_is_sound() -> None:
    assert Verdict("a", 1, 1).sound
    assert PLACES.practice.name == "practice"
