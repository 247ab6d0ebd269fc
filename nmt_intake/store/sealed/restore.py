"""Bringing cases back from a backup, without ever losing what is newer or erased."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from nmt_intake.store import summaries
from nmt_intake.store.errors import (
    BadBackup,
    CaseClaimed,
    CaseDamaged,
    CaseStoreError,
    CaseUnknown,
)
from nmt_intake.store.files.disk import forget, make_folders, told
from nmt_intake.store.journal.frames import Header, Newer, NotAJournal, Position, Seal, Tail, scan
from nmt_intake.store.journal.journal import write_journal
from nmt_intake.store.journal.storage import CLOSED, RESTORED, tables_of
from nmt_intake.store.sealed.anchors import Anchor
from nmt_intake.store.sealed.audit import Action
from nmt_intake.store.sealed.backup import BackupFile, CaseCopy, Stones
from nmt_intake.store.sealed.case_file import Found, find_case
from nmt_intake.store.sealed.folders import SealedFolders
from nmt_intake.store.tiny_case import EVENTS


class RestoreOutcome(Enum):
    """What became of a case of a backup."""

    BROUGHT_BACK = "brought back"
    HERE_ALREADY = "here already, as new or newer"
    DIFFERENT = "here with other events; left as it is"
    ERASED = "erased here; not brought back"
    TAKEN_OUT = "erased; not in the backup any more"
    OPEN_ELSEWHERE = "open for writing; left as it is"


@dataclass(frozen=True, slots=True)
class Restored:
    """The fate of one case."""

    case_id: str
    fate: RestoreOutcome
    events: int


def restore(folders: SealedFolders, backup: BackupFile, key: bytes) -> list[Restored]:
    """Bring back what is missing, damaged or shorter here; the whole backup is checked first.

    A damaged or shorter file goes to quarantine. Erased cases stay erased.
    """
    backup.check(key)
    fates: list[Restored] = []
    for part in backup.parts(key):
        if isinstance(part, Stones):
            folders.case_keys.keep_stones(part.rows)
            fates += [Restored(case_id, RestoreOutcome.TAKEN_OUT, 0) for case_id in part.rows]
        else:
            fates.append(_restore(folders, part))
    return fates


def _restore(folders: SealedFolders, copied: CaseCopy) -> Restored:
    case_id = copied.case_id
    folders.case_path(case_id)
    if case_id in folders.case_keys.stones():
        return Restored(case_id, RestoreOutcome.ERASED, copied.events)
    try:
        lock = folders.lock_case(case_id)
    except CaseClaimed:
        return Restored(case_id, RestoreOutcome.OPEN_ELSEWHERE, copied.events)
    try:
        fate = _fate(folders, copied)
        if fate is RestoreOutcome.BROUGHT_BACK:
            _install(folders, copied)
            folders.audit.note(Action.RESTORED, case_id, copied.events)
    finally:
        lock.release()
    return Restored(case_id, fate, copied.events)


def _fate(folders: SealedFolders, copied: CaseCopy) -> RestoreOutcome:
    try:
        found = find_case(folders, copied.case_id, writable=False)
    except (CaseDamaged, CaseUnknown):
        return RestoreOutcome.BROUGHT_BACK
    try:
        if found.trouble is not None:
            return RestoreOutcome.BROUGHT_BACK
        return _compared(folders, copied, found)
    finally:
        found.storage.close()


def _compared(folders: SealedFolders, copied: CaseCopy, found: Found) -> RestoreOutcome:
    here, there = found.storage.rows(EVENTS), tables_of(_read(folders, copied)).get(EVENTS, {})
    if all(here.get(place) == row for place, row in there.items()):
        return RestoreOutcome.HERE_ALREADY
    if all(there.get(place) == row for place, row in here.items()):
        return RestoreOutcome.BROUGHT_BACK
    return RestoreOutcome.DIFFERENT


def _install(folders: SealedFolders, copied: CaseCopy) -> None:
    """Seal the copy anew under a later key and put it in place; what stood there is kept.

    The later key is what makes it newer than any place that index or mark remember, and its
    first frame says why it may be shorter.
    """
    payloads = [payload for payload in _read(folders, copied) if payload not in (RESTORED, CLOSED)]
    case_id, path = copied.case_id, folders.case_path(copied.case_id)
    number = max(folders.case_keys.newest(case_id), copied.number) + 1
    key = folders.case_keys.add(case_id, number)
    header = folders.case_header(case_id, number)
    payloads = [RESTORED, *payloads, CLOSED]
    kept = _set_aside(folders, case_id)
    try:
        position = write_journal(
            folders.disk, path, f"case {case_id}", header, Seal(key, header), payloads
        )
    except CaseStoreError:
        _put_back(folders, kept, path)
        raise
    line = None
    if copied.line is not None:
        line = summaries.from_json(copied.line, case_id, copied.events)
    folders.index.put(case_id, line, Anchor(number, position, copied.events), sync=False)


def _set_aside(folders: SealedFolders, case_id: str) -> Path | None:
    """Move a case's file to quarantine; returns where it is, or None where there was none."""
    path = folders.case_path(case_id)
    try:
        if not folders.disk.exists(path):
            return None
        make_folders(folders.disk, folders.quarantine)
        kept = folders.quarantine / f"{case_id}-{secrets.token_hex(8)}.nmt"
        folders.disk.replace(path, kept)
    except OSError as error:
        raise told(error, f"case {case_id}") from None
    return kept


def _put_back(folders: SealedFolders, kept: Path | None, path: Path) -> None:
    """Leave a case as it was: a file whose name may not be safe must take no more answers."""
    if kept is None:
        forget(folders.disk, path)
        return
    with suppress(OSError):
        folders.disk.replace(kept, path)


def _read(folders: SealedFolders, copied: CaseCopy) -> list[bytes]:
    """Return what a copy says, frame for frame, opened with the key that came with it."""
    try:
        return _opened(folders, copied)
    except (NotAJournal, Newer, ValueError):
        raise BadBackup("A case in it is not what it says.") from None


def _opened(folders: SealedFolders, copied: CaseCopy) -> list[bytes]:
    header = Header.from_bytes(copied.data)
    if header != folders.case_header(copied.case_id, copied.number):
        raise BadBackup("A case in it is not what it says.")
    found = scan(Seal(copied.key, header), copied.data, Position.after_header(header), 0)
    events = tables_of(found.payloads).get(EVENTS, {})
    if found.tail is not Tail.NOTHING or len(events) != copied.events:
        raise BadBackup("A case in it is not whole.")
    return found.payloads
