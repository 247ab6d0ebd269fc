"""New keys for old: every case file is written again under a fresh key, then the vault's files.

Each step is durable before the next and leaves a home that opens. A case that somebody has open,
or that is damaged, keeps its key and is named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Final

from nmt_intake.store.errors import CaseStoreError
from nmt_intake.store.files.disk import read_whole, replace_whole
from nmt_intake.store.files.writer_lock import WriterLock
from nmt_intake.store.journal.frames import Newer, NotAJournal, Seal
from nmt_intake.store.journal.journal import LARGEST_FILE, header_of, write_journal
from nmt_intake.store.sealed.anchors import Anchor, later
from nmt_intake.store.sealed.case_file import find_case, make_fit_for_writing
from nmt_intake.store.sealed.folders import SealedFolders
from nmt_intake.store.tiny_case import EVENTS

BATCH: Final = 100


def rekey_cases(folders: SealedFolders, progress: Callable[[int, int], None]) -> list[str]:
    """Give every case a fresh key; returns the ids of those that had to be left."""
    ids, left = folders.case_keys.ids(), list[str]()
    for start in range(0, len(ids), BATCH):
        left += _rekey_batch(folders, ids[start : start + BATCH])
        progress(min(start + BATCH, len(ids)), len(ids))
    return left


def reseal_books(folders: SealedFolders) -> None:
    """Write keys, index and audit again under the vault's current key."""
    folders.case_keys.reseal()
    folders.index.log.compact()
    folders.audit.log.compact()


def settle_keys(folders: SealedFolders) -> None:
    """Destroy the keys that a rotation which was cut short left over.

    A harmed file that a restore put into quarantine keeps its key: it may hold later answers.
    """
    kept = quarantined_files(folders)
    for case_id in folders.case_keys.with_several():
        if case_id in kept:
            continue
        try:
            lock = folders.lock_case(case_id)
        except CaseStoreError:
            continue
        try:
            path = folders.case_path(case_id)
            number = header_of(folders.disk, path).key_number
            # The file that is seen here may not be safe, and the other needs the other key. After
            # a failed sync of the folder a later one brings nothing back: put it in place anew.
            replace_whole(folders.disk, path, read_whole(folders.disk, path, LARGEST_FILE))
            folders.case_keys.keep_only({case_id: number})
        except (OSError, NotAJournal, Newer):
            continue
        finally:
            lock.release()


def quarantined_files(folders: SealedFolders) -> set[str]:
    """Return the ids of cases of which a whole file is in quarantine."""
    names = folders.names(folders.quarantine)
    return {name.partition("-")[0] for name in names if name.endswith(".nmt")}


def _rekey_batch(folders: SealedFolders, case_ids: Sequence[str]) -> list[str]:
    there = [case_id for case_id in case_ids if folders.disk.exists(folders.case_path(case_id))]
    left = [
        case_id for case_id in case_ids if case_id not in there and _is_missing(folders, case_id)
    ]
    with ExitStack() as locks:
        held = [case_id for case_id in there if _locked(folders, case_id, locks, left)]
        numbers = {case_id: folders.case_keys.newest(case_id) + 1 for case_id in held}
        folders.case_keys.add_many(numbers)
        done = {
            case_id: number
            for case_id, number in numbers.items()
            if _rewritten(folders, case_id, number, left)
        }
        folders.case_keys.keep_only(done)
    return left


def _is_missing(folders: SealedFolders, case_id: str) -> bool:
    """Whether a case that has no file was ever there: else its making was cut short."""
    return later(folders.index.anchor(case_id), folders.marked(case_id)) is not None


def _locked(folders: SealedFolders, case_id: str, locks: ExitStack, left: list[str]) -> bool:
    try:
        lock: WriterLock = folders.lock_case(case_id)
    except CaseStoreError:
        left.append(case_id)
        return False
    locks.callback(lock.release)
    return True


def _rewritten(folders: SealedFolders, case_id: str, number: int, left: list[str]) -> bool:
    """Write one case again; False, with the old file untouched, where it can't be read."""
    try:
        found = find_case(folders, case_id, writable=True)
    except CaseStoreError:
        left.append(case_id)
        return False
    try:
        if found.trouble is not None:
            left.append(case_id)
            return False
        make_fit_for_writing(folders, case_id, found)
        header = folders.case_header(case_id, number)
        seal = Seal(folders.case_keys.key(case_id, number), header)
        path = folders.case_path(case_id)
        where = f"case {case_id}"
        position = write_journal(folders.disk, path, where, header, seal, found.payloads)
        anchor = Anchor(number, position, len(found.storage.rows(EVENTS)))
        folders.index.put(case_id, None, anchor, sync=False)
    finally:
        found.storage.close()
    return True
