"""Take one safeguard out of the store at a time: the fault tests must notice each.

python -m tests.faults.mutate
"""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from unittest.mock import patch

from nmt_intake.store import home, plain
from nmt_intake.store.errors import CaseStoreError, WriteFailed
from nmt_intake.store.files import disk as disk_module
from nmt_intake.store.files.disk import Disk, forget, write_all
from nmt_intake.store.files.writer_lock import WriterLock
from nmt_intake.store.journal import journal as journal_module
from nmt_intake.store.journal.journal import Journal
from nmt_intake.store.sealed import case_file, case_keys, rotation, store
from nmt_intake.store.sealed.folders import SealedFolders
from nmt_intake.store.sealed.index import Index
from nmt_intake.store.sealed.shared_log import SharedLog
from tests.faults.inject import Enough, Tally, calls_of_a_day, with_errors, with_power_cuts
from tests.faults.session import make_guessing_cheap
from tests.faults.sim_disk import SimDisk
from tests.faults.tamper import tampering


def replacing(*, sync: bool = True, folder: bool = True) -> Callable[[Disk, Path, bytes], None]:
    """Return `replace_whole` with a safeguard left out."""

    def replace_whole(disk: Disk, path: Path, data: bytes) -> None:
        temporary = path.with_name(f".{secrets.token_hex(8)}.new")
        try:
            file = disk.open(temporary, new=True)
            try:
                write_all(disk, file, 0, data)
                if sync:
                    disk.sync(file)
            finally:
                disk.close(file)
            disk.replace(temporary, path)
        except OSError:
            forget(disk, temporary)
            raise
        if folder:
            disk.sync_folder(path.parent)

    return replace_whole


def in_place(disk: Disk, path: Path, data: bytes) -> None:
    """Overwrite a file where it stands, as stock TinyDB does."""
    file = disk.open(path) if disk.exists(path) else disk.open(path, new=True)
    try:
        write_all(disk, file, 0, data)
        disk.sync(file)
        disk.cut(file, len(data))
    finally:
        disk.close(file)
    disk.sync_folder(path.parent)


@contextmanager
def everywhere(replacement: Callable[[Disk, Path, bytes], None]) -> Iterator[None]:
    """Put `replacement` wherever `replace_whole` is used."""
    from nmt_intake.store.vault import failed_unlocks, vault_file

    modules = (
        case_keys,
        journal_module,
        plain,
        case_file,
        rotation,
        failed_unlocks,
        vault_file,
    )
    patches = [patch.object(module, "replace_whole", replacement) for module in modules]
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()


def folders_without_sync(disk: Disk, path: Path) -> None:
    if disk.exists(path):
        return
    folders_without_sync(disk, path.parent)
    disk.make_folder(path)


@contextmanager
def folders_unsynced() -> Iterator[None]:
    from nmt_intake.store.files import writer_lock
    from nmt_intake.store.sealed import folders, shared_log
    from nmt_intake.store.vault import vault

    modules = (writer_lock, shared_log, folders, vault, disk_module)
    patches = [patch.object(module, "make_folders", folders_without_sync) for module in modules]
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()


def no_sync(self: Journal) -> None:
    """Say that it is saved without asking the disk."""


def no_cut_back(self: Journal, error: OSError) -> CaseStoreError:
    return disk_module.told(error, self.where)


def retried_sync(self: Journal) -> None:
    """Ask again after a failed sync, and believe the answer."""
    for _ in range(2):
        try:
            self.disk.sync_data(self.file)
        except OSError as error:
            failed = error
        else:
            return
    raise WriteFailed(self.where, str(failed.errno))


def no_lock(self: object, file: int, *, wait: bool = False) -> bool:
    return True


real_change = SharedLog.change


def late_index(self: SharedLog, changes: object, *, sync: bool) -> None:
    real_change(self, changes, sync=sync and self.name != "index")  # type: ignore[arg-type]


def late_audit(self: SharedLog, changes: object, *, sync: bool) -> None:
    real_change(self, changes, sync=sync and self.name != "audit")  # type: ignore[arg-type]


def no_anchor(self: Index, case_id: str) -> None:
    return None


def no_mark(self: SealedFolders, case_id: str) -> None:
    return None


def settle_at_once(folders: SealedFolders) -> None:
    """Destroy leftover keys without making the file that is seen safe first."""
    with patch.object(rotation, "replace_whole", lambda _disk, _path, _data: None):
        rotation_settle(folders)


rotation_settle = rotation.settle_keys


def claim_at_once(folders: SealedFolders, case_id: str, found: case_file.Found) -> None:
    """Write to a file whose name nobody saw confirmed."""
    with patch.object(type(folders.disk), "sync_folder", lambda _self, _path: None):
        fit_for_writing(folders, case_id, found)


fit_for_writing = case_file.make_fit_for_writing


def keep_folder(self: SimDisk, path: Path) -> None:
    """Leave a folder that was made and never confirmed."""


Mutation = tuple[str, Callable[[], AbstractContextManager[object]]]

# What notices it first: T tampering, P power cuts, E errors and what comes after them.
MUTATIONS: dict[str, Mutation] = {
    "an answer's sync": ("P", lambda: patch.object(Journal, "sync", no_sync)),
    "the sync of a replaced file": ("P", lambda: everywhere(replacing(sync=False))),
    "the sync of a folder after a rename": ("P", lambda: everywhere(replacing(folder=False))),
    "the rename: overwritten in place": ("P", lambda: everywhere(in_place)),
    "the sync of a new folder's name": ("P", folders_unsynced),
    "the tail cut": ("P", lambda: patch.object(Journal, "cut_tail", no_sync)),
    "cutting back after a failed write": (
        "E",
        lambda: patch.object(Journal, "_cut_back", no_cut_back),
    ),
    "writing again what was not confirmed": (
        "E",
        lambda: patch.object(Journal, "write_again", lambda _self, _start: None),
    ),
    "giving up after a failed sync": ("E", lambda: patch.object(Journal, "sync", retried_sync)),
    "the writer's lock": ("P", lambda: patch.object(SimDisk, "lock", no_lock)),
    "the anchor in the index": ("T", lambda: patch.object(Index, "anchor", no_anchor)),
    "the mark in the lock file": ("T", lambda: patch.object(SealedFolders, "marked", no_mark)),
    "the mark being made": (
        "T",
        lambda: patch.object(WriterLock, "mark", lambda _self, _data: None),
    ),
    "the sync of the anchor at closing": (
        "T",
        lambda: patch.object(SharedLog, "change", late_index),
    ),
    "the sync of the audit": ("T", lambda: patch.object(SharedLog, "change", late_audit)),
    "making a file safe before its other key is destroyed": (
        "E",
        lambda: patch.object(home, "settle_keys", settle_at_once),
    ),
    "making a file's name safe before it is written to": (
        "E",
        lambda: patch.object(store, "make_fit_for_writing", claim_at_once),
    ),
    "taking back a folder that was not confirmed": (
        "E",
        lambda: patch.object(SimDisk, "remove_folder", keep_folder),
    ),
}


def noticed(mutation: Mutation) -> str:
    """Return the first case that goes wrong without the safeguard, or nothing."""
    make_guessing_cheap()
    tally = Tally(wanted=1)
    order, without = mutation
    calls = calls_of_a_day()
    try:
        with without():
            if order == "T":
                tampering(40, tally)
            if order == "P":
                with_power_cuts(lambda _number: True, tally, few=True)
            if order == "E":
                with_errors(risky(calls), tally)
    except Enough:
        return tally.wrong[0]
    return ""


def risky(calls: list[tuple[str, str, int]]) -> list[int]:
    """Return the calls that decide: writes and syncs of case files, syncs of folders."""
    return [
        number
        for number, (call, name, _length) in enumerate(calls, start=1)
        if call == "sync_folder"
        or (call in ("write", "sync_data") and len(name) == len("0" * 32 + ".nmt"))
    ]


def main() -> int:
    """Print, for each safeguard, how its absence was noticed."""
    missed = 0
    for name, mutation in MUTATIONS.items():
        start = time.perf_counter()
        found = noticed(mutation)
        missed += not found
        print(f"{'noticed' if found else 'MISSED ':8} {time.perf_counter() - start:5.1f} s  {name}")
        print(f"          {found[:150]}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
