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
from nmt_intake.store.sealed.audit import Deed
from nmt_intake.store.sealed.backup import BackupFile, CaseCopy, Stones
from nmt_intake.store.sealed.home import Home
from nmt_intake.store.sealed.reading import Found, find_case
from nmt_intake.store.tiny_case import EVENTS


class Fate(Enum):
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
    fate: Fate
    events: int


def restore(home: Home, backup: BackupFile, key: bytes) -> list[Restored]:
    """Bring back what is missing, damaged or shorter here; the whole backup is checked first.

    A damaged or shorter file goes to quarantine. Erased cases stay erased.
    """
    backup.check(key)
    fates: list[Restored] = []
    for part in backup.parts(key):
        if isinstance(part, Stones):
            home.case_keys.keep_stones(part.rows)
            fates += [Restored(case_id, Fate.TAKEN_OUT, 0) for case_id in part.rows]
        else:
            fates.append(_restore(home, part))
    return fates


def _restore(home: Home, copied: CaseCopy) -> Restored:
    case_id = copied.case_id
    home.case_path(case_id)
    if case_id in home.case_keys.stones():
        return Restored(case_id, Fate.ERASED, copied.events)
    try:
        lock = home.lock_case(case_id)
    except CaseClaimed:
        return Restored(case_id, Fate.OPEN_ELSEWHERE, copied.events)
    try:
        fate = _fate(home, copied)
        if fate is Fate.BROUGHT_BACK:
            _install(home, copied)
            home.audit.note(Deed.RESTORED, case_id, copied.events)
    finally:
        lock.release()
    return Restored(case_id, fate, copied.events)


def _fate(home: Home, copied: CaseCopy) -> Fate:
    try:
        found = find_case(home, copied.case_id, writable=False)
    except (CaseDamaged, CaseUnknown):
        return Fate.BROUGHT_BACK
    try:
        if found.trouble is not None:
            return Fate.BROUGHT_BACK
        return _compared(home, copied, found)
    finally:
        found.storage.close()


def _compared(home: Home, copied: CaseCopy, found: Found) -> Fate:
    here, there = found.storage.rows(EVENTS), tables_of(_read(home, copied)).get(EVENTS, {})
    if all(here.get(place) == row for place, row in there.items()):
        return Fate.HERE_ALREADY
    if all(there.get(place) == row for place, row in here.items()):
        return Fate.BROUGHT_BACK
    return Fate.DIFFERENT


def _install(home: Home, copied: CaseCopy) -> None:
    """Seal the copy anew under a later key and put it in place; what stood there is kept.

    The later key is what makes it newer than any place that index or mark remember, and its
    first frame says why it may be shorter.
    """
    payloads = [payload for payload in _read(home, copied) if payload not in (RESTORED, CLOSED)]
    case_id, path = copied.case_id, home.case_path(copied.case_id)
    number = max(home.case_keys.newest(case_id), copied.number) + 1
    key = home.case_keys.add(case_id, number)
    header = home.case_header(case_id, number)
    payloads = [RESTORED, *payloads, CLOSED]
    kept = _set_aside(home, case_id)
    try:
        position = write_journal(
            home.disk, path, f"case {case_id}", header, Seal(key, header), payloads
        )
    except CaseStoreError:
        _put_back(home, kept, path)
        raise
    line = None
    if copied.line is not None:
        line = summaries.from_json(copied.line, case_id, copied.events)
    home.index.put(case_id, line, Anchor(number, position, copied.events), sync=False)


def _set_aside(home: Home, case_id: str) -> Path | None:
    """Move a case's file to quarantine; returns where it is, or None where there was none."""
    path = home.case_path(case_id)
    try:
        if not home.disk.exists(path):
            return None
        make_folders(home.disk, home.quarantine)
        kept = home.quarantine / f"{case_id}-{secrets.token_hex(8)}.nmt"
        home.disk.replace(path, kept)
    except OSError as error:
        raise told(error, f"case {case_id}") from None
    return kept


def _put_back(home: Home, kept: Path | None, path: Path) -> None:
    """Leave a case as it was: a file whose name may not be safe must take no more answers."""
    if kept is None:
        forget(home.disk, path)
        return
    with suppress(OSError):
        home.disk.replace(kept, path)


def _read(home: Home, copied: CaseCopy) -> list[bytes]:
    """Return what a copy says, frame for frame, opened with the key that came with it."""
    try:
        return _opened(home, copied)
    except (NotAJournal, Newer, ValueError):
        raise BadBackup("A case in it is not what it says.") from None


def _opened(home: Home, copied: CaseCopy) -> list[bytes]:
    header = Header.from_bytes(copied.data)
    if header != home.case_header(copied.case_id, copied.number):
        raise BadBackup("A case in it is not what it says.")
    found = scan(Seal(copied.key, header), copied.data, Position.after_header(header), 0)
    events = tables_of(found.payloads).get(EVENTS, {})
    if found.tail is not Tail.NOTHING or len(events) != copied.events:
        raise BadBackup("A case in it is not whole.")
    return found.payloads
