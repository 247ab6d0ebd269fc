"""Taking erased cases out of the backups that were written before.

A backup opens without this home, or it would be none, so destroying a key here does not reach it.
Therefore keys.nmt remembers where backups were written and what opens them, and a tombstone which
of them may still hold the case, until they were found and written again without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from nmt_intake.store.errors import BadBackup, CaseStoreError, NoSuchFile
from nmt_intake.store.files.disk import told
from nmt_intake.store.sealed.audit import Action
from nmt_intake.store.sealed.backup import BackupFile, CaseCopy, Cover, put
from nmt_intake.store.sealed.folders import SealedFolders


class Outcome(Enum):
    """What became of a backup that may hold an erased case."""

    CLEAN = "holds no erased case now"
    NOT_THERE = "is not there"
    UNCHANGED = "could not be changed"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One backup and what became of it; `why` where it could not be changed."""

    path: Path
    outcome: Outcome
    taken_out: int = 0
    why: str = ""


def clean_backups(folders: SealedFolders, more: Sequence[Path] = ()) -> list[Cleaned]:
    """Take every erased case out of the backups known to hold one, and out of `more` files."""
    keys = folders.case_keys
    left = {name for case_id in keys.stones() for name in keys.left_in(case_id)}
    places = [path for name, path in keys.backups().items() if name in left]
    wanted = dict.fromkeys([*places, *(path.absolute() for path in more)])
    return [_cleaned(folders, path) for path in wanted]


def _cleaned(folders: SealedFolders, path: Path) -> Cleaned:
    try:
        taken_out = _clean(folders, path)
    except NoSuchFile:
        return Cleaned(path, Outcome.NOT_THERE)
    except CaseStoreError as error:
        return Cleaned(path, Outcome.UNCHANGED, why=error.what)
    return Cleaned(path, Outcome.CLEAN, taken_out)


def _clean(folders: SealedFolders, path: Path) -> int:
    """Write a backup again without the erased cases; returns how many it held."""
    erased = set(folders.case_keys.stones())
    backup = BackupFile(folders.disk, path)
    try:
        key = _key_of(folders, backup)
        held = backup.ids(key) & erased
        if held:
            cover = Cover(backup.vault, backup.header, key)
            kept = _cases_but(held, backup, key)
            put(folders.disk, path, cover, folders.case_keys.stones(), kept)
            folders.audit.note(Action.TAKEN_OUT, count=len(held))
    finally:
        backup.close()
    if set(folders.case_keys.stones()) != erased:  # by a process that may have written the file too
        return len(held) + _clean(folders, path)
    try:
        folders.disk.sync_folder(path.parent)  # it may have got its name in a try that failed here
    except OSError as error:
        raise told(error, "the backup's folder") from None
    folders.case_keys.rid(backup.name, path)
    return len(held)


def _key_of(folders: SealedFolders, backup: BackupFile) -> bytes:
    known = folders.case_keys.backup_key(backup.name)
    if known is None and backup.header.key_number != folders.keys.number:
        raise BadBackup("It is from other keys than these, and was not written or read here.")
    return known or backup.key(folders.keys)


def _cases_but(held: set[str], backup: BackupFile, key: bytes) -> Iterator[tuple[str, CaseCopy]]:
    for part in backup.parts(key):
        if isinstance(part, CaseCopy) and part.case_id not in held:
            yield part.case_id, part
