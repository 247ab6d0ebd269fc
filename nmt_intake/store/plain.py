"""Cases as plain JSON files, one a case: format 1, the first, and what a sealed store takes in.

Whoever can read the folder can read the cases. Each save replaces the whole file in one step.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeAlias

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document

from nmt_intake.store import summaries
from nmt_intake.store.errors import CaseClaimed, CaseDamaged, CaseErased, CaseUnknown, NewerFormat
from nmt_intake.store.files.disk import (
    Disk,
    forget,
    make_folders,
    read_whole,
    replace_whole,
    told,
    write_all,
)
from nmt_intake.store.files.writer_lock import Held, WriterLock
from nmt_intake.store.protocols import (
    CaseFilter,
    CaseLabel,
    CaseSummary,
    Finding,
    JsonValue,
    Page,
    Recovery,
)
from nmt_intake.store.records import (
    LARGEST_CHANGE,
    NotJson,
    TooLarge,
    decode,
    encode,
    is_number,
    obj,
    text,
)
from nmt_intake.store.tiny_case import ABOUT, EVENTS, TinyCase, events_of, rows
from nmt_intake.store.worker import Clock, Holder, stamp, system_clock, this_computer, worker_name

FORMAT: Final = 1
_LARGEST: Final = 256 << 20
_ID: Final = re.compile(r"[0-9a-f]{32}\Z")
_LINE: Final = 1
Tables: TypeAlias = dict[str, dict[str, JsonValue]]


class AtomicStorage(Storage):
    """A TinyDB storage that gives its file a new content in one durable step, or not at all."""

    def __init__(self, disk: Disk, path: Path) -> None:
        self._disk = disk
        self._path = path
        self._size = 0

    def read(self) -> Tables | None:
        """Return the tables, or None where there is no file; raises CaseDamaged for other text."""
        try:
            data = read_whole(self._disk, self._path, _LARGEST)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise told(error, self._where) from None
        self._size = len(data)
        try:
            tables = {name: obj(table) for name, table in obj(decode(data)).items()}
            _require_rows(tables)
        except NotJson:
            raise CaseDamaged(self._path.stem, "The file is not whole.") from None
        return tables

    def write(self, data: Mapping[str, Mapping[str, JsonValue]]) -> None:
        """Replace the file; TooLarge for one that grew by more than may be saved at once."""
        whole = encode(data)
        if len(whole) > self._size + LARGEST_CHANGE:
            raise TooLarge
        try:
            replace_whole(self._disk, self._path, whole)
        except OSError as error:
            raise told(error, self._where) from None

    @property
    def _where(self) -> str:
        return f"case {self._path.stem}"


class PlainCaseStore:
    """A `CaseStore` of plain files in one folder; nothing in it is protected from readers."""

    def __init__(
        self,
        folder: Path,
        *,
        disk: Disk | None = None,
        clock: Clock = system_clock,
        who: str | None = None,
    ) -> None:
        self._folder = folder / "cases"
        self._disk = disk or Disk()
        self._clock = clock
        self._who = worker_name() if who is None else who
        self._claimed: dict[str, TinyCase] = {}

    def create(self, label: CaseLabel) -> TinyCase:
        """Start an empty case, durable when this returns, claimed for writing."""
        case_id = secrets.token_hex(16)
        lock = self._lock(case_id)
        database = TinyDB(self._disk, self._path(case_id), storage=AtomicStorage)
        line = summaries.first_summary(label, stamp(self._clock), practice=False)
        try:
            _write_line(database, line)
        except BaseException:
            lock.release(forgotten=True)
            raise
        return self._case(case_id, database, lock)

    def claim(self, case_id: str) -> TinyCase:
        """Open a case for writing."""
        self._require(case_id)
        lock = self._lock(case_id)
        try:
            return self._case(case_id, self._database(case_id), lock)
        except BaseException:
            lock.release()
            raise

    def open(self, case_id: str) -> TinyCase:
        """Open a case for reading."""
        self._require(case_id)
        return self._case(case_id, self._database(case_id), None)

    def salvage(self, case_id: str) -> TinyCase:
        """Open a case for reading; of a plain file that is not whole, nothing can be read."""
        return self.open(case_id)

    def list(self, wanted: CaseFilter | None = None, page: Page | None = None) -> list[CaseSummary]:
        """Return the lines of the case list; a file that is not whole gets a line that says so."""
        return summaries.chosen((self._line(case_id) for case_id in self.ids()), wanted, page)

    def summarise(self, case_id: str, summary: CaseSummary) -> None:
        """Replace the case's line on the list; a case claimed elsewhere is refused."""
        self._require(case_id)
        mine = self._claimed.get(case_id)
        if mine is not None:
            _write_line(mine.database, summary)
            return
        with self.claim(case_id) as case:
            _write_line(case.database, summary)

    def erase(self, case_id: str, reason: str) -> None:
        """Remove the file; its place keeps the time and the reason."""
        self._require(case_id)
        lock = self._lock(case_id)
        stone = encode({"erased": {"at": stamp(self._clock), "reason": reason}})
        try:
            replace_whole(self._disk, self._path(case_id).with_suffix(".erased"), stone)
            forget(self._disk, self._path(case_id))
            self._disk.sync_folder(self._path(case_id).parent)
        except OSError as error:
            raise told(error, f"case {case_id}") from None
        finally:
            lock.release(forgotten=True)

    def remove(self, case_id: str) -> None:
        """Overwrite and remove a file whose content is safe elsewhere; no promise on flash."""
        path = self._path(case_id)
        try:
            file = self._disk.open(path)
            try:
                write_all(self._disk, file, 0, bytes(self._disk.size(file)))
                self._disk.sync(file)
            finally:
                self._disk.close(file)
            self._disk.remove(path)
            self._disk.sync_folder(path.parent)
        except OSError as error:
            raise told(error, f"case {case_id}") from None

    def ids(self) -> list[str]:
        """Return the ids of the cases that are here."""
        if not self._disk.exists(self._folder):
            return []
        try:
            shelves = [self._folder / name for name in self._disk.names(self._folder)]
            names = [name for shelf in shelves for name in self._disk.names(shelf)]
        except OSError as error:
            raise told(error, "the folder of cases") from None
        found = [name.removesuffix(".json") for name in names if name.endswith(".json")]
        return [name for name in found if _ID.match(name)]

    def saved(self, case: TinyCase) -> None:
        """Nothing to do: the file is the whole truth."""

    def closing(self, case: TinyCase) -> None:
        """Forget that the case is open here."""
        if self._claimed.get(case.case_id) is case:
            self._claimed.pop(case.case_id, None)

    def _path(self, case_id: str) -> Path:
        return self._folder / case_id[:2] / f"{case_id}.json"

    def _require(self, case_id: str) -> None:
        if not _ID.match(case_id):
            raise CaseUnknown(case_id)
        if self._disk.exists(self._path(case_id).with_suffix(".erased")):
            raise CaseErased(case_id)
        if not self._disk.exists(self._path(case_id)):
            raise CaseUnknown(case_id)

    def _lock(self, case_id: str) -> WriterLock:
        me = Holder(self._who, this_computer(), stamp(self._clock))
        path = self._path(case_id)
        try:
            make_folders(self._disk, path.parent)
            return WriterLock.take(self._disk, path.with_suffix(".lock"), me.to_bytes())
        except Held as held:
            holder = Holder.from_bytes(held.holder)
            raise CaseClaimed(case_id, holder.who, holder.place, holder.since) from None
        except OSError as error:
            raise told(error, "the folder of cases") from None

    def _database(self, case_id: str) -> TinyDB:
        database = TinyDB(self._disk, self._path(case_id), storage=AtomicStorage)
        version = _line_of(database).get("format")
        if is_number(version) and version > FORMAT:
            raise NewerFormat(f"case {case_id}", version)
        if version != FORMAT:
            raise CaseDamaged(case_id, "The file does not say what it is.")
        return database

    def _case(self, case_id: str, database: TinyDB, lock: WriterLock | None) -> TinyCase:
        events = events_of(database, case_id)
        last_at = text(events[-1].get("at")) if events else None
        recovery = Recovery(Finding.CLEAN, len(events), last_at)
        case = TinyCase(case_id, recovery, len(events), database, lock, self)
        if lock is not None:
            self._claimed[case_id] = case
        return case

    def _line(self, case_id: str) -> CaseSummary:
        try:
            database = self._database(case_id)
            count = len(rows(database, EVENTS))
            return summaries.from_json(_line_of(database), case_id, count)
        except (CaseDamaged, NewerFormat) as error:
            return CaseSummary(label=CaseLabel(""), status=error.code, case_id=case_id)


def _require_rows(tables: Tables) -> None:
    """Raise NotJson for tables that TinyDB did not write, or that could not be written again."""
    for table in tables.values():
        for row_id, row in table.items():
            if not (row_id.isascii() and row_id.isdigit() and isinstance(row, dict)):
                raise NotJson("not a table")
    encode(tables)


def _line_of(database: TinyDB) -> dict[str, JsonValue]:
    kept = rows(database, ABOUT).get(doc_id=_LINE)
    return dict(kept) if isinstance(kept, Document) else {}


def _write_line(database: TinyDB, summary: CaseSummary) -> None:
    kept = {"format": FORMAT, **summaries.to_json(summary)}
    rows(database, ABOUT).upsert(Document(kept, doc_id=_LINE))
