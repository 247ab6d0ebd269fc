"""Whatever call fails during whatever is asked of a house: one of our errors, and it goes on."""

from __future__ import annotations

import errno
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from nmt_intake.store.errors import CaseStoreError
from nmt_intake.store.files.disk import Disk, make_folders
from nmt_intake.store.house import Door, House
from nmt_intake.store.plain import PlainCaseStore
from nmt_intake.store.protocols import CaseLabel, CaseSummary
from nmt_intake.store.sealed.verifying import Verdict
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
def home() -> tuple[SimDisk, tuple[str, ...]]:
    """Return a disk with a home of three cases, a backup and a plain case, made once."""
    from nmt_intake.store.vault import vault

    kept, vault.stretch = vault.stretch, cheap_stretch
    try:
        return _made_home()
    finally:
        vault.stretch = kept


def _made_home() -> tuple[SimDisk, tuple[str, ...]]:
    disk = SimDisk()
    house = Day.new_house(disk)
    house.set_up(PASSPHRASE)
    ids = []
    for name in "ABC":
        with house.cases.create(CaseLabel(name)) as case:
            case.append(0, [event(1)])
            ids.append(case.case_id)
    house.backup(BACKUP)
    torn = house.cases.claim(ids[1])
    torn.append(1, [event(2)])
    node = disk.table[str(house.cases.home.case_path(ids[1]))]
    assert node is not None
    node.write(len(node.data), bytes(node.data[-80:-3]))
    harmed = disk.table[str(house.cases.home.case_path(ids[2]))]
    assert harmed is not None
    harmed.data[100] ^= 1
    disk.make_folder(PLAIN)
    with PlainCaseStore(PLAIN, disk=disk, who="ann").create(CaseLabel("P")) as case:
        case.append(0, [event(1)])
    return disk.after_kill(), tuple(ids)


def append(house: House, ids: tuple[str, ...]) -> None:
    with house.cases.claim(ids[0]) as case:
        case.append(1, [event(2)])
        house.cases.summarise(ids[0], CaseSummary(CaseLabel("A")))


def look(house: House, ids: tuple[str, ...]) -> None:
    for case_id in ids:
        with house.cases.salvage(case_id) as case:
            case.load()
    house.cases.list()
    house.cases.home.index.book.compact()
    house.verify()


ASKED: dict[str, Callable[[House, tuple[str, ...]], object]] = {
    "a new case": lambda house, ids: house.cases.create(CaseLabel("N")).close(),
    "an answer": append,
    "a torn case": lambda house, ids: house.cases.claim(ids[1]).close(),
    "a look": look,
    "an erasure": lambda house, ids: house.cases.erase(ids[0], "asked for"),
    "a backup": lambda house, ids: house.backup(Path("/sim/other")),
    "a restoration": lambda house, ids: house.restore(BACKUP, PASSPHRASE),
    "a rotation": lambda house, ids: house.rotate_keys(PASSPHRASE),
    "a change of passphrase": lambda house, ids: house.change_passphrase(PASSPHRASE, PASSPHRASE),
    "plain files": lambda house, ids: house.take_in(PLAIN),
}


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_a_fault_during_it_is_told_and_the_house_opens_again(
    asked: Callable[[House, tuple[str, ...]], object],
) -> None:
    made, ids = home()
    number = 0
    while True:
        number += 1
        disk = made.after_kill()
        house = Day.new_house(disk)
        house.unlock(PASSPHRASE)
        hit = failing(number, disk)
        try:
            asked(house, ids)
        except CaseStoreError:
            assert hit
        left = disk.after_kill()
        disk.hook = lambda _call, _path, _data: None
        house.close()
        assert disk.files == {}
        if not hit:
            return
        if number % 4 == 0:
            sound_again(left, ids)


def sound_again(disk: SimDisk, ids: tuple[str, ...]) -> None:
    """The next process opens the house, and nothing but the harmed case is harmed."""
    house = Day.new_house(disk)
    house.unlock(PASSPHRASE)
    troubles = [verdict for verdict in house.verify() if not verdict.sound]
    assert {verdict.case_id for verdict in troubles} <= {ids[2]}, troubles
    house.close()


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("at_start", ["unlock", "set up"])
def test_a_fault_at_the_door_is_told_and_can_be_tried_again(at_start: str) -> None:
    number = 0
    while True:
        number += 1
        disk = home()[0].after_kill() if at_start == "unlock" else SimDisk()
        house = Day.new_house(disk)
        hit = failing(number, disk)
        try:
            house.unlock(PASSPHRASE) if at_start == "unlock" else house.set_up(PASSPHRASE)
        except CaseStoreError:
            assert hit
        disk.hook = lambda _call, _path, _data: None
        house.close()
        again = Day.new_house(disk)
        again.set_up(PASSPHRASE) if again.door is Door.NEW else again.unlock(PASSPHRASE)
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
