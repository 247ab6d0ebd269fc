"""The fault runs in the size that fits every day; each module says how to run it in full."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from nmt_intake.store.errors import CaseClaimed, DiskFull
from nmt_intake.store.plain import PlainCaseStore
from nmt_intake.store.protocols import CaseLabel
from nmt_intake.store.sealed.store import SealedCaseStore
from nmt_intake.store.vault import vault as vault_module
from nmt_intake.store.vault.key_memory import VaultKeys
from tests.faults import mutate
from tests.faults.inject import everything
from tests.faults.kill import kill, open_store
from tests.faults.session import cheap_stretch, event
from tests.faults.sim_disk import SimDisk
from tests.faults.tamper import tampering

FULL_ROUNDS = 100


@pytest.fixture(autouse=True)
def cheap_guessing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault_module, "stretch", cheap_stretch)


def test_no_injected_fault_loses_or_halves_anything() -> None:
    tally = everything(share=20)
    assert tally.wrong == []
    assert tally.cases > 1_250


def test_no_tampering_goes_unnoticed() -> None:
    tally = tampering(share=29)
    assert tally.wrong == []
    assert tally.cases > 1_000


def test_a_killed_process_loses_nothing_that_it_confirmed() -> None:
    assert kill(50) == []


QUICK = (
    "an answer's sync",
    "the sync of a replaced file",
    "the sync of a folder after a rename",
    "the rename: overwritten in place",
    "the sync of a new folder's name",
    "taking back a folder that was not confirmed",
    "the tail cut",
    "the writer's lock",
    "the anchor in the index",
    "the mark in the lock file",
)


@pytest.mark.parametrize("safeguard", QUICK)
def test_the_fault_runs_notice_that_a_safeguard_is_missing(safeguard: str) -> None:
    assert mutate.noticed(mutate.MUTATIONS[safeguard])


def test_every_quick_safeguard_is_one_that_the_full_run_knows() -> None:
    assert set(QUICK) < set(mutate.MUTATIONS)


# -- two processes on one case --------------------------------------------------------------------


def rounds(folder: str, name: str, number: int) -> None:
    """Claim and add, again and again, waiting for nobody."""
    store = open_store(Path(folder))
    (case_id,) = (line.case_id for line in store.list())
    done = 0
    while done < number:
        try:
            with store.claim(case_id) as case:
                case.append(case.sequence, [{**event(done), "author": name}])
        except CaseClaimed:
            continue
        done += 1
    store.close()


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="two-"))
    yield made
    shutil.rmtree(made)


def test_two_processes_take_turns_on_one_case_for_a_hundred_rounds(folder: Path) -> None:
    store = open_store(folder)
    store.create(CaseLabel("M.")).close()
    (case_id,) = (line.case_id for line in store.list())
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=rounds, args=(str(folder), name, FULL_ROUNDS)) for name in "ab"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
        assert worker.exitcode == 0
    with store.claim(case_id) as case:
        records = case.load()
        assert len(records) == 2 * FULL_ROUNDS
        for name in "ab":
            ids = [record["id"] for record in records if record["author"] == name]
            assert ids == [f"id-{number}" for number in range(FULL_ROUNDS)]
    assert store.list()[0].sequence == 2 * FULL_ROUNDS
    store.close()


# -- a full disk ----------------------------------------------------------------------------------


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """Mount one megabyte of memory as a disk; only where this is allowed."""
    place = Path(tempfile.mkdtemp(prefix="small-disk-"))
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(place)],
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        place.rmdir()
        pytest.skip("mounting is not allowed here; the injected limit below covers it")
    yield place
    subprocess.run(["umount", str(place)], check=True)
    place.rmdir()


def test_a_disk_that_fills_up_at_any_page_loses_nothing(small_disk: Path) -> None:
    for pages in range(0, 40):
        home = small_disk / f"home-{pages}"
        store = SealedCaseStore(home, VaultKeys(b"v" * 16, 1, b"k" * 32), who="ann", least_room=1)
        store.start()
        case = store.create(CaseLabel("M."))
        case.append(0, [event(0)])
        leave_room(small_disk, pages * 4096)
        saved = fill_up(case)
        (small_disk / "ballast").unlink()
        assert case.writable
        case.append(saved, [event(saved)])
        case.close()
        store.close()
        store = open_store(home)
        with store.claim(case.case_id) as again:
            assert list(again.load()) == [event(number) for number in range(saved + 1)]
        store.close()
        shutil.rmtree(home)


def leave_room(disk: Path, free: int) -> None:
    """Fill a disk but for `free` bytes."""
    with (disk / "ballast").open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(bytes(4096))
        except OSError:
            pass
        ballast.truncate(max(0, (ballast.tell() // 4096) * 4096 - free))


def fill_up(case: object) -> int:
    """Append until the disk is full; return how many events were confirmed in all."""
    from nmt_intake.store.tiny_case import TinyCase

    assert isinstance(case, TinyCase)
    while True:
        try:
            case.append(case.sequence, [event(case.sequence)])
        except DiskFull:
            return case.sequence


@pytest.mark.parametrize("kind", ["sealed", "plain"])
def test_an_injected_limit_at_any_page_loses_nothing(kind: str) -> None:
    for pages in range(0, 12):
        disk = SimDisk()
        case = new_store(kind, disk).create(CaseLabel("M."))
        case.append(0, [event(0)])
        left = [pages * 4096]

        def limited(
            call: str, _path: Path, data: bytes, disk: SimDisk = disk, left: list[int] = left
        ) -> None:
            if call == "write":
                disk.taken = min(len(data), left[0])
                left[0] -= disk.taken
                if not disk.taken:
                    raise OSError(28, os.strerror(28))

        disk.hook = limited
        saved = fill_up(case)
        disk.hook = lambda _call, _path, _data: None
        assert case.append(saved, [event(saved)]) == saved + 1
        for image in (disk.after_kill(), disk.after_power_cut()):
            with new_store(kind, image).claim(case.case_id) as again:
                assert list(again.load()) == [event(number) for number in range(saved + 1)]


def new_store(kind: str, disk: SimDisk) -> SealedCaseStore | PlainCaseStore:
    folder = Path("/sim/home")
    if kind == "plain":
        return PlainCaseStore(folder, disk=disk, who="ann")
    store = SealedCaseStore(
        folder, VaultKeys(b"v" * 16, 1, b"k" * 32), disk=disk, who="ann", least_room=1
    )
    store.start()
    return store


# -- the plain store, whose files are replaced as a whole ------------------------------------------


def test_a_plain_file_survives_a_power_cut_at_every_call() -> None:
    disk = SimDisk()
    store = PlainCaseStore(Path("/sim/home"), disk=disk, who="ann")
    case = store.create(CaseLabel("M."))
    seen: list[tuple[int, SimDisk]] = []

    def hook(_call: str, _path: Path, _data: bytes) -> None:
        seen.append((case.sequence, disk.after_power_cut()))
        seen.append((case.sequence, disk.after_kill()))

    disk.hook = hook
    for number in range(5):
        case.append(number, [event(number)])
    disk.hook = lambda _call, _path, _data: None
    assert len(seen) > 50
    for saved, image in seen:
        with PlainCaseStore(Path("/sim/home"), disk=image, who="ann").claim(case.case_id) as again:
            there = list(again.load())
            assert len(there) in (saved, saved + 1)
            assert there == [event(number) for number in range(len(there))]


def test_the_simulated_disk_keeps_only_what_was_synced() -> None:
    disk = SimDisk()
    file = disk.open(Path("/sim/x"), new=True)
    disk.write(file, 0, b"abc")
    assert not disk.after_power_cut().exists(Path("/sim/x"))
    disk.sync(file)
    disk.sync_folder(Path("/sim"))
    disk.write(file, 3, b"def")
    image = disk.after_power_cut()
    assert image.read(image.open(Path("/sim/x")), 0, 99) == b"abc"
