"""TinyDB over a sealed journal: a change costs one frame, however long the file is.

Stock TinyDB hands its storage the whole database for every change. Here the table itself reports
which documents a change touched, and the storage adds a frame with these alone. It leans on
`Table._update_table`; tests/store/test_tinydb_contract.py holds TinyDB to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from operator import methodcaller
from typing import Final, TypeAlias, cast

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document, Table

from nmt_intake.store.journal.journal import Journal
from nmt_intake.store.protocols import JsonValue
from nmt_intake.store.records import LARGEST_CHANGE, TooLarge, decode_own, encode, obj

Row: TypeAlias = dict[str, JsonValue]
Rows: TypeAlias = dict[str, Row]
Changes: TypeAlias = Mapping[str, Mapping[str, Row | None]]

_CHUNK: Final = 4 << 20
# The first frame of a file that came from a backup, so it may say less than was known before.
RESTORED: Final = encode({"restored": True})
CLOSED: Final = encode({"closed": True})


class TouchedRows(MutableMapping[int, Row]):
    """A table's documents while one change is made: what it touches is kept apart."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._lent: Rows = {}
        self._new: dict[str, Row | None] = {}

    def __getitem__(self, doc_id: int) -> Row:
        name = str(doc_id)
        if name in self._new:
            row = self._new[name]
            if row is None:
                raise KeyError(doc_id)
            return row
        if name not in self._lent:
            self._lent[name] = obj(decode_own(encode(self._rows[name])))
        return self._lent[name]

    def __setitem__(self, doc_id: int, row: Row) -> None:
        self._new[str(doc_id)] = row

    def __delitem__(self, doc_id: int) -> None:
        if doc_id not in self:
            raise KeyError(doc_id)
        self._new[str(doc_id)] = None

    def __contains__(self, doc_id: object) -> bool:
        name = str(doc_id)
        return self._new[name] is not None if name in self._new else name in self._rows

    def __iter__(self) -> Iterator[int]:
        for name in self._rows:
            if self._new.get(name, True) is not None:
                yield int(name)
        for name, row in self._new.items():
            if row is not None and name not in self._rows:
                yield int(name)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def changes(self) -> dict[str, Row | None]:
        """Return the documents that differ now, None for those removed."""
        changed = {name: row for name, row in self._lent.items() if row != self._rows[name]}
        return {**changed, **self._new}


class TouchedTable(Table):
    """A TinyDB table that tells its storage which documents a change touched."""

    def insert_multiple(self, documents: Iterable[Mapping[str, JsonValue]]) -> list[int]:
        """Add documents in one frame; of numbered ones that are new nothing is read before."""
        listed = list(documents)
        numbered = [each for each in listed if isinstance(each, Document)]
        rows = {str(each.doc_id): each for each in numbered}
        storage = cast(SealedStorage, self.storage)
        if not rows or len(rows) < len(listed) or storage.holds_any(self.name, rows):
            # TinyDB leaves the type of a document open.
            added: list[int] = methodcaller("insert_multiple", listed)(super())
            return added
        storage.change({self.name: rows})
        self.clear_cache()
        return [each.doc_id for each in numbered]

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, JsonValue]]], None]) -> None:
        storage = cast(SealedStorage, self.storage)
        touched = TouchedRows(storage.rows(self.name))
        updater(cast(dict[int, Mapping[str, JsonValue]], touched))
        changes = touched.changes()
        if changes or not storage.has(self.name):
            storage.change({self.name: changes})
        self.clear_cache()


class SealedStorage(Storage):
    """A TinyDB storage whose file is a sealed journal of changes.

    Memory follows the disk: a change that could not be written is not seen either. What was
    written is read back from its frame when somebody looks, so it is what the next opening shows.
    """

    def __init__(self, journal: Journal, payloads: Sequence[bytes]) -> None:
        self.journal = journal
        self.sync = True
        self.closed_cleanly = False
        self.restored = RESTORED in payloads
        self._read: dict[str, Rows] = {}
        self._unread: list[bytes] = []
        self._unread_rows: dict[str, set[str]] = {}
        self.follow(payloads)

    def read(self) -> dict[str, Rows]:
        """Return the tables; the outer mapping is the caller's own."""
        return dict(self._tables)

    def has(self, name: str) -> bool:
        """Return whether there is a table of this name, if only an empty one."""
        return name in self._tables

    def holds_any(self, name: str, row_ids: Iterable[str]) -> bool:
        """Return whether a table has, or had a moment ago, a document of one of these ids."""
        known, unread = self._read.get(name, {}), self._unread_rows.get(name, ())
        return any(row_id in known or row_id in unread for row_id in row_ids)

    def write(self, data: Mapping[str, Mapping[str, Row]]) -> None:
        """Take a whole database, as TinyDB does when tables are dropped; adds the difference."""
        changes: dict[str, dict[str, Row | None]] = {}
        for name in {*self._tables, *data}:
            before, after = self._tables.get(name, {}), data.get(name, {})
            gone: dict[str, Row | None] = {key: None for key in before if key not in after}
            changes[name] = gone | {
                key: row for key, row in after.items() if before.get(key) != row
            }
        dropped = [name for name in self._tables if name not in data]
        self.change(changes, dropped)

    def close(self) -> None:
        """Give the file back."""
        self.journal.close()

    def rows(self, name: str) -> Rows:
        """Return a table's documents, not to be changed by the caller."""
        return self._tables.get(name, {})

    def change(
        self, changes: Changes, dropped: Sequence[str] = (), *, closing: bool = False
    ) -> None:
        """Add one frame with these changes and show them once it is there.

        NotJson for what a frame can't carry, TooLarge for more than one may: nothing changes.
        """
        said: dict[str, object] = {"put": changes}
        if dropped:
            said["drop"] = dropped
        if closing:
            said["closed"] = True
        payload = encode(said)
        if len(payload) > LARGEST_CHANGE:
            raise TooLarge
        self.journal.append(payload, sync=self.sync)
        self.closed_cleanly = closing
        self._unread.append(payload)
        for name, rows in changes.items():
            self._unread_rows.setdefault(name, set()).update(rows)

    def follow(self, payloads: Iterable[bytes]) -> None:
        """Show what frames say that are in the file already."""
        for payload in payloads:
            self.closed_cleanly = _apply(self._tables, obj(decode_own(payload)))

    @property
    def _tables(self) -> dict[str, Rows]:
        for payload in self._unread:
            _apply(self._read, obj(decode_own(payload)))
        self._unread.clear()
        self._unread_rows.clear()
        return self._read


def tables_of(payloads: Iterable[bytes]) -> dict[str, Rows]:
    """Return the tables that a whole file's frames describe."""
    tables: dict[str, Rows] = {}
    for payload in payloads:
        _apply(tables, obj(decode_own(payload)))
    return tables


def whole(
    tables: Mapping[str, Rows], *, closed: bool = False, largest: int = _CHUNK
) -> Iterator[bytes]:
    """Return the payloads of a file that says the same in as few frames as is sensible.

    A frame holds rows until it is `largest` bytes long; with 0 each row has its own, as a case's
    events have, so that harm to one leaves those before it readable.
    """
    for name, rows in tables.items():
        part: list[bytes] = []
        size = 0
        for row_id, row in rows.items():
            part.append(encode({row_id: row})[1:-1])
            size += len(part[-1])
            if size >= largest:
                yield _putting(name, part)
                part, size = [], 0
        if part or not rows:
            yield _putting(name, part)
    if closed:
        yield CLOSED


class SealedDatabase(TinyDB):
    """A TinyDB whose tables report what they touch."""

    table_class = TouchedTable


def database(storage: SealedStorage) -> TinyDB:
    """Return the TinyDB over an open sealed file."""
    return SealedDatabase(storage=lambda: storage)


def _putting(name: str, rows: Sequence[bytes]) -> bytes:
    """Return what a frame says that puts rows, each already in JSON, into a table."""
    return b'{"put":{' + encode(name) + b":{" + b",".join(rows) + b"}}}"


def _apply(tables: dict[str, Rows], said: Row) -> bool:
    """Change `tables` as a frame says; returns whether the frame closes the file."""
    for name, rows in obj(said.get("put", {})).items():
        _put(tables.setdefault(name, {}), _changes(rows))
    for name in _names(said.get("drop", [])):
        tables.pop(name, None)
    return said.get("closed") is True


def _put(rows: Rows, changes: Mapping[str, Row | None]) -> None:
    for row_id, row in changes.items():
        if row is None:
            rows.pop(row_id, None)
        else:
            rows[row_id] = row


def _changes(value: JsonValue) -> dict[str, Row | None]:
    return {row_id: None if row is None else obj(row) for row_id, row in obj(value).items()}


def _names(value: JsonValue) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []
