"""Opening a case file, and judging what is found there against what the index knows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from nmt_intake.store.errors import (
    CaseDamaged,
    CaseRolledBack,
    CaseStoreError,
    CaseUnknown,
    NewerFormat,
)
from nmt_intake.store.files.disk import make_folders, replace_whole, told
from nmt_intake.store.journal.frames import Newer, NotAJournal, Scan, Tail
from nmt_intake.store.journal.journal import Journal, open_journal
from nmt_intake.store.journal.storage import SealedStorage
from nmt_intake.store.protocols import Finding, Recovery
from nmt_intake.store.records import text
from nmt_intake.store.sealed.anchors import Anchor, later
from nmt_intake.store.sealed.folders import NotThisCase, SealedFolders
from nmt_intake.store.tiny_case import EVENTS


@dataclass(slots=True)
class Found:
    """An open case file, what was found in it, and what is wrong with it, if anything."""

    storage: SealedStorage
    anchor: Anchor | None
    tail: Tail
    events: int
    last_at: str | None
    trouble: CaseDamaged | None
    payloads: list[bytes]
    kept_as: str | None = None

    def recovery(self) -> Recovery:
        """Return what a person is told."""
        return Recovery(self._finding(), self.events, self.last_at, self.kept_as)

    def _finding(self) -> Finding:
        if self.trouble is not None:
            return Finding.DAMAGED
        if self.kept_as is not None:
            return Finding.TAIL_CUT
        if self.tail is Tail.TORN:
            return Finding.TAIL_LEFT
        if self.storage.closed_cleanly or not self.events:
            return Finding.CLEAN
        return Finding.NOT_CLOSED


def find_case(folders: SealedFolders, case_id: str, *, writable: bool) -> Found:
    """Open a case file and judge it; the caller decides what to do about trouble.

    The anchor is read before the file, so a writer at work can only be ahead of it.
    """
    path = folders.case_path(case_id)
    folders.case_keys.require(case_id)
    anchor = later(folders.index.anchor(case_id), folders.marked(case_id))
    asked = frozenset[int](() if anchor is None else {anchor.position.frames})
    try:
        journal, scan = open_journal(
            folders.disk,
            path,
            f"case {case_id}",
            lambda header: folders.case_seal(case_id, header),
            writable=writable,
            asked=asked,
        )
    except FileNotFoundError:
        raise _missing(case_id, anchor) from None
    except NotAJournal:
        raise CaseDamaged(case_id, "The beginning of the file was changed or harmed.") from None
    except NotThisCase:
        raise CaseDamaged(case_id, "The file is not this case's own.") from None
    except Newer as newer:
        raise NewerFormat(f"case {case_id}", newer.version) from None
    except OSError as error:
        raise told(error, f"case {case_id}") from None
    return _judged(case_id, journal, scan, anchor)


def make_fit_for_writing(folders: SealedFolders, case_id: str, found: Found) -> None:
    """Cut a torn tail, keeping its bytes, and make sure that what is there is on the disk.

    That includes the file's name: whoever put the file in place may not have seen it confirmed.
    """
    journal = found.storage.journal
    try:
        folders.disk.sync_folder(journal.path.parent)
    except OSError as error:
        raise told(error, f"case {case_id}") from None
    if found.tail is Tail.TORN:
        found.kept_as = _keep_tail(folders, case_id, journal.tail_bytes())
        journal.cut_tail()
    known = _known_end(found)
    if journal.position.end > known:
        journal.write_again(known)


def anchor_of(storage: SealedStorage) -> Anchor:
    """Return where a case file stands now."""
    journal = storage.journal
    return Anchor(journal.header.generation, journal.position, len(storage.rows(EVENTS)))


def _judged(case_id: str, journal: Journal, scan: Scan, anchor: Anchor | None) -> Found:
    storage = SealedStorage(journal, scan.payloads)
    events = storage.rows(EVENTS)
    last_at = text(events.get(str(len(events)), {}).get("at")) if events else None
    trouble = _trouble(case_id, storage, scan, anchor, len(events), last_at)
    return Found(storage, anchor, scan.tail, len(events), last_at, trouble, scan.payloads)


def _trouble(
    case_id: str,
    storage: SealedStorage,
    scan: Scan,
    anchor: Anchor | None,
    events: int,
    last_at: str | None,
) -> CaseDamaged | None:
    if scan.tail is Tail.BROKEN:
        what = "A part in the middle of the file was changed or harmed."
        return CaseDamaged(case_id, what, events, last_at)
    if anchor is None:
        return None
    generation = storage.journal.header.generation
    if generation != anchor.generation:
        shorter = events < anchor.sequence and not storage.restored
        older = generation < anchor.generation or shorter
        return CaseRolledBack(case_id, events, last_at) if older else None
    if scan.position.frames < anchor.position.frames:
        if scan.tail is Tail.NOTHING:
            return CaseRolledBack(case_id, events, last_at)
        what = "The end of the file was changed or harmed after it was saved."
        return CaseDamaged(case_id, what, events, last_at)
    if scan.marks[anchor.position.frames] != anchor.position.chain:
        return CaseRolledBack(case_id, events, last_at)
    return None


def _known_end(found: Found) -> int:
    anchor = found.anchor
    if anchor is None or anchor.generation != found.storage.journal.header.generation:
        return 0
    return anchor.position.end


def _missing(case_id: str, anchor: Anchor | None) -> CaseStoreError:
    if anchor is None:
        return CaseUnknown(case_id)  # the making of it was cut short: nobody was told of it
    return CaseDamaged(case_id, "The case file is missing.")


def _keep_tail(folders: SealedFolders, case_id: str, data: bytes) -> str:
    name = f"{case_id}-{secrets.token_hex(8)}.tail"
    try:
        make_folders(folders.disk, folders.quarantine)
        replace_whole(folders.disk, folders.quarantine / name, data)
    except OSError as error:
        raise told(error, "the quarantine folder") from None
    return name
