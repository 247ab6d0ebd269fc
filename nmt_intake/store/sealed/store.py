"""The sealed store: the protocols of the store over one journal a case."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from nmt_intake.store import summaries
from nmt_intake.store.errors import CaseDamaged, CaseStoreError, CaseUnknown, DiskFull
from nmt_intake.store.files.disk import Disk, forget, told
from nmt_intake.store.files.writer_lock import WriterLock
from nmt_intake.store.journal.frames import Seal
from nmt_intake.store.journal.journal import write_journal
from nmt_intake.store.journal.storage import Rows, SealedStorage, database, whole
from nmt_intake.store.protocols import CaseFilter, CaseLabel, CaseSummary, Page, Record
from nmt_intake.store.records import NotJson, fresh_copy, require_keys, unwritable
from nmt_intake.store.sealed.anchors import Anchor, Marker
from nmt_intake.store.sealed.audit import Action
from nmt_intake.store.sealed.backup import CaseCopy, sealed_copy
from nmt_intake.store.sealed.case_file import Found, anchor_of, find_case, make_fit_for_writing
from nmt_intake.store.sealed.folders import SealedFolders
from nmt_intake.store.sealed.rebuild import adopt, rebuild
from nmt_intake.store.sealed.verification import Verdict, verify_files
from nmt_intake.store.tiny_case import ABOUT, EVENTS, TinyCase
from nmt_intake.store.vault.key_memory import VaultKeys
from nmt_intake.store.worker import Clock, stamp, system_clock, worker_name
from nmt_intake.text import clean_line

LEAST_ROOM: Final = 50 << 20
LINE: Final = "1"


@dataclass(frozen=True, slots=True)
class _Writing:
    case: TinyCase
    storage: SealedStorage
    lock: WriterLock
    marker: Marker

    def anchor(self) -> Anchor:
        """Return where the case's file stands; from any thread, and without looking into it."""
        journal = self.storage.journal
        return Anchor(journal.header.generation, journal.position, self.case.sequence)


class SealedCaseStore:
    """A `CaseStore` whose files only the holder of the vault's keys can read or forge."""

    def __init__(
        self,
        folder: Path,
        keys: VaultKeys,
        *,
        disk: Disk | None = None,
        clock: Clock = system_clock,
        who: str | None = None,
        least_room: int = LEAST_ROOM,
    ) -> None:
        worker = worker_name() if who is None else who
        self.folders = SealedFolders.at(disk or Disk(), folder, keys, clock, worker)
        self._least_room = least_room
        self._writing: dict[int, _Writing] = {}
        self._reading: dict[int, TinyCase] = {}
        self.mended: list[str] = []

    def start(self) -> None:
        """Make what a new home needs, sweep what a crash left, and put the index in order.

        `mended` names the home's files that were missing or harmed and were made whole.
        """
        new = self.folders.case_keys.make()
        sweep(self.folders)
        self._settle()
        with contextlib.suppress(CaseStoreError):  # a full disk must not keep anybody out
            self._mend_keys()
            self.folders.index.tidy()
            self.folders.audit.tidy()
        self._watch_audit()
        if new:
            self.mended.clear()

    def verify_files(self) -> list[Verdict]:
        """Read keys, index and audit anew, to the last byte; what is harmed is made whole."""
        self.folders.index.log.close()
        self.folders.audit.log.close()
        self.folders.audit.log.frames()
        self._mend_keys()
        self._settle()
        return verify_files(self.folders, self.mended)

    def create(self, label: CaseLabel) -> TinyCase:
        """Start an empty case, durable when this returns, claimed for writing."""
        self._require_room()
        case_id = new_case_id()
        line = summaries.first_summary(
            label, stamp(self.folders.clock), practice=self.folders.keys.practice
        )
        lock = self.folders.lock_case(case_id)
        try:
            anchor = install(self.folders, case_id, {ABOUT: {LINE: summaries.to_json(line)}})
            self.folders.sign_lock(case_id, lock)
            with contextlib.suppress(CaseStoreError):
                self.folders.index.put(case_id, line, anchor, sync=False)
            case = self._claimed(case_id, lock)
        except BaseException:
            lock.release(forgotten=True)
            raise
        self._note(Action.MADE, case_id)
        return case

    def claim(self, case_id: str) -> TinyCase:
        """Open a case for writing."""
        self.folders.case_path(case_id)
        self.folders.case_keys.require(case_id)
        self._settle()
        lock = self.folders.lock_case(case_id)
        try:
            case = self._claimed(case_id, lock)
        except BaseException:
            lock.release()
            raise
        self._note(Action.OPENED, case_id, case.sequence)
        return case

    def open(self, case_id: str) -> TinyCase:
        """Open a case for reading; damage is refused."""
        self._settle()
        found = find_case(self.folders, case_id, writable=False)
        if found.trouble is not None:
            found.storage.close()
            self._note(Action.DAMAGE_SEEN, case_id, found.events)
            raise found.trouble
        return self._viewed(case_id, found)

    def salvage(self, case_id: str) -> TinyCase:
        """Open for reading what is readable before any damage."""
        self._settle()
        return self._viewed(case_id, find_case(self.folders, case_id, writable=False))

    def list(self, wanted: CaseFilter | None = None, page: Page | None = None) -> list[CaseSummary]:
        """Return the lines of the case list, last seen first."""
        self._settle()
        ids = self.folders.case_keys.ids()
        lines = self.folders.index.summaries(ids)
        here = self._claimed_here()
        if here:
            lines = [_up_to_date(line, here.get(line.case_id)) for line in lines]
        return summaries.chosen(lines, wanted, page)

    def summarise(self, case_id: str, summary: CaseSummary) -> None:
        """Replace the case's line on the list."""
        self.folders.case_path(case_id)
        self.folders.case_keys.require(case_id)
        mine = self._claimed_here().get(case_id)
        anchor = None if mine is None else mine.anchor()
        self.folders.index.put(case_id, summary, anchor, sync=False)

    def erase(self, case_id: str, reason: str) -> None:
        """Destroy the case's key, then its file; a tombstone with time and reason stays."""
        folders = self.folders
        folders.case_path(case_id)
        folders.case_keys.require(case_id)
        lock = folders.lock_case(case_id)
        try:
            folders.case_keys.destroy(
                case_id,
                {"at": stamp(folders.clock), "reason": clean_line(reason), "who": folders.who},
            )
            remove_files(folders, case_id)
            folders.index.drop(case_id)
            with contextlib.suppress(CaseStoreError):  # the key is gone: a full disk undoes nothing
                folders.index.log.compact()  # else its frames would still hold the alias
        finally:
            lock.release(forgotten=True)
        self._note(Action.ERASED, case_id)

    def close(self) -> None:
        """Save and close every open case and give the files back."""
        for case in [*(opened.case for opened in self._writing.values()), *self._reading.values()]:
            case.close()
        with contextlib.suppress(CaseStoreError):
            self.folders.index.tidy()
        self.folders.close()

    def copy_with(self, case_id: str, records: Sequence[Record]) -> CaseCopy:
        """Return a case that is open for writing as a backup holds it, with events that wait.

        They are those that its own file could not take; CaseUnknown where it is not open.
        """
        writing = self._claimed_here().get(case_id)
        if writing is None:
            raise CaseUnknown(case_id)
        storage = writing.storage
        tables = storage.read()
        events = dict(tables.get(EVENTS, {}))
        require_keys(case_id, records)
        try:
            for record in fresh_copy(records):
                events[str(len(events) + 1)] = record
        except NotJson as error:
            raise unwritable(case_id, error) from None
        line = self.folders.index.summary(case_id)
        return sealed_copy(
            self.folders,
            case_id,
            storage.journal.header.key_number,
            {**tables, EVENTS: events},
            None if line is None else summaries.to_json(line),
        )

    def saved(self, case: TinyCase) -> None:
        """Mark the place that is confirmed now; the answer is durable already."""
        opened = self._writing[id(case)]
        opened.lock.mark(opened.marker.seal(opened.anchor()))

    def closing(self, case: TinyCase) -> None:
        """Mark the file as closed properly; nothing depends on it, so trouble is not told."""
        self._reading.pop(id(case), None)
        opened = self._writing.pop(id(case), None)
        if opened is None:
            return
        with contextlib.suppress(CaseStoreError):
            self._mark_closed(case.case_id, opened.storage)
            self._note(Action.CLOSED, case.case_id, case.sequence)

    def _claimed_here(self) -> dict[str, _Writing]:
        return {one.case.case_id: one for one in list(self._writing.values())}

    def _mark_closed(self, case_id: str, storage: SealedStorage) -> None:
        if storage.closed_cleanly or not storage.journal.usable:
            return
        line = self.folders.index.summary(case_id)
        changes: dict[str, Rows] = {}
        if line is not None:
            changes[ABOUT] = {LINE: summaries.to_json(line)}
        storage.change(changes, closing=True)
        self.folders.index.put(case_id, None, anchor_of(storage), sync=True)

    def _claimed(self, case_id: str, lock: WriterLock) -> TinyCase:
        found = find_case(self.folders, case_id, writable=True)
        try:
            if found.trouble is not None:
                self._note(Action.DAMAGE_SEEN, case_id, found.events)
                raise found.trouble
            make_fit_for_writing(self.folders, case_id, found)
        except BaseException:
            found.storage.close()
            raise
        if found.kept_as is not None:
            self._note(Action.TAIL_CUT, case_id, found.events)
        with contextlib.suppress(CaseStoreError):
            self.folders.index.put(case_id, None, anchor_of(found.storage), sync=False)
        return self._case(case_id, found, lock)

    def _viewed(self, case_id: str, found: Found) -> TinyCase:
        self._note(Action.VIEWED, case_id, found.events)
        return self._case(case_id, found, None)

    def _case(self, case_id: str, found: Found, lock: WriterLock | None) -> TinyCase:
        case = TinyCase(
            case_id, found.recovery(), found.events, database(found.storage), lock, self
        )
        if lock is None:
            self._reading[id(case)] = case
        else:
            marker = self.folders.marker(case_id, found.storage.journal.header.key_number)
            self._writing[id(case)] = _Writing(case, found.storage, lock, marker)
        return case

    def _settle(self) -> None:
        """Bring the index up to what the case files say, where it does not know them."""
        folders = self.folders
        ids = folders.case_keys.ids()
        adopt(folders, folders.index.unknown(ids))
        if folders.index.log.mended:
            rebuild(folders, ids)
            folders.index.log.mended = False
            self.found_harmed(folders.index.log.path.name)
            if ids:
                self._note(Action.INDEX_REBUILT, count=len(ids))
        self._watch_audit()

    def _watch_audit(self) -> None:
        log = self.folders.audit.log
        if log.mended:
            log.mended = False
            self.found_harmed(log.path.name)

    def _mend_keys(self) -> None:
        if self.folders.case_keys.mend():
            self.found_harmed("keys.nmt")

    def found_harmed(self, name: str) -> None:
        """Remember that one of the home's files was missing, harmed or can't be used."""
        if name not in self.mended:
            self.mended.append(name)

    def _note(self, action: Action, case_id: str = "", count: int = 0) -> None:
        """Write the audit; a full disk must not keep anybody from reading a case."""
        with contextlib.suppress(CaseStoreError):
            self.folders.audit.note(action, case_id, count)

    def _require_room(self) -> None:
        try:
            free = self.folders.disk.room(self.folders.folder)
        except OSError as error:
            raise told(error, "the folder of cases") from None
        if free < self._least_room:
            raise DiskFull("the folder of cases")


def new_case_id() -> str:
    """Return a random id, which is all that the name of a case's file says."""
    return secrets.token_hex(16)


def _up_to_date(line: CaseSummary, writing: _Writing | None) -> CaseSummary:
    return line if writing is None else replace(line, sequence=writing.case.sequence)


def install(folders: SealedFolders, case_id: str, tables: dict[str, Rows]) -> Anchor:
    """Put a whole new case in place: its key first, then its file, each durable."""
    key = folders.case_keys.add(case_id, 1)
    header = folders.case_header(case_id, 1)
    path = folders.case_path(case_id)
    where, payloads = f"case {case_id}", list(whole(tables, largest=0))
    position = write_journal(folders.disk, path, where, header, Seal(key, header), payloads)
    return Anchor(1, position, len(tables.get(EVENTS, {})))


def remove_files(folders: SealedFolders, case_id: str) -> None:
    """Remove a case's file and what quarantine holds of it."""
    path = folders.case_path(case_id)
    try:
        if folders.disk.exists(path):
            folders.disk.remove(path)  # should a power cut undo this, the next start sweeps
        for name in folders.names(folders.quarantine):
            if name.startswith(case_id):
                folders.disk.remove(folders.quarantine / name)
    except OSError as error:
        raise told(error, f"case {case_id}") from None


def sweep(folders: SealedFolders) -> None:
    """Remove files of erased cases and temporaries that a crash left behind."""
    for case_id in folders.case_keys.stones():
        with contextlib.suppress(CaseDamaged):
            remove_files(folders, case_id)
    shelves = [folders.folder / "cases" / name for name in folders.names(folders.folder / "cases")]
    for folder in (folders.folder, folders.quarantine, *shelves):
        for name in folders.names(folder):
            if name.startswith(".") and name.endswith(".new"):
                forget(folders.disk, folder / name)
