"""An open case over a TinyDB, whatever storage is below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import methodcaller
from threading import RLock
from types import TracebackType
from typing import Final, Protocol, Self

from tinydb import TinyDB
from tinydb.table import Document

from nmt_intake.store.errors import CaseDamaged, OutOfStep, ReadOnly, WriteFailed
from nmt_intake.store.files.writer_lock import WriterLock
from nmt_intake.store.protocols import JsonValue, Record, Recovery
from nmt_intake.store.records import NotJson, fresh_copy, require_keys, unwritable

EVENTS: Final = "events"
ABOUT: Final = "about"


class Afterwards(Protocol):
    """What a store does once a case has saved something or is being closed."""

    def saved(self, case: TinyCase) -> None:
        """Called after every durable append."""
        ...

    def closing(self, case: TinyCase) -> None:
        """Called once, before the storage is closed and the lock released."""
        ...


@dataclass(slots=True)
class TinyCase:
    """A `CaseFile`: its events are the documents of one TinyDB table, numbered from 1."""

    case_id: str
    recovery: Recovery
    sequence: int
    _database: TinyDB
    _lock: WriterLock | None
    _afterwards: Afterwards
    _obstacle: str = ""
    _turns: RLock = field(default_factory=RLock)

    @property
    def writable(self) -> bool:
        """Whether `append` can work."""
        return self._lock is not None and not self._obstacle

    @property
    def database(self) -> TinyDB:
        """The case as TinyDB shows it, for reading."""
        return self._database

    def load(self) -> Sequence[Record]:
        """Return every saved event in order, as fresh copies."""
        with self._turns:
            if self._obstacle == _CLOSED:
                raise ReadOnly(self.case_id, _CLOSED)
            return fresh_copy(events_of(self._database, self.case_id))

    def append(self, expected_sequence: int, records: Sequence[Record]) -> int:
        """Save all records or none and return the new sequence once they are durable."""
        require_keys(self.case_id, records)
        with self._turns:
            if not self.writable:
                why = self._obstacle or "The case is open for reading only."
                raise ReadOnly(self.case_id, why)
            if expected_sequence != self.sequence:
                raise OutOfStep(self.case_id, expected_sequence, self.sequence)
            if records:
                self._insert(records)
            return self.sequence

    def close(self) -> None:
        """Release the case for others; may be called twice."""
        with self._turns:
            if self._obstacle == _CLOSED:
                return
            try:
                self._afterwards.closing(self)
            finally:
                self._obstacle = _CLOSED
                self._database.close()
                if self._lock is not None:
                    self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _insert(self, records: Sequence[Record]) -> None:
        first = self.sequence + 1
        try:
            rows(self._database, EVENTS).insert_multiple(
                Document(record, doc_id=first + place) for place, record in enumerate(records)
            )
        except NotJson as error:
            raise unwritable(self.case_id, error) from None
        except WriteFailed:
            self._obstacle = "An earlier write was not confirmed by the disk."
            raise
        self.sequence += len(records)
        self._afterwards.saved(self)


_CLOSED: Final = "The case was closed."


def events_of(database: TinyDB, case_id: str) -> list[dict[str, JsonValue]]:
    """Return the events in order; a gap in their numbers is damage."""
    documents = sorted(rows(database, EVENTS), key=lambda document: document.doc_id)
    for place, document in enumerate(documents, start=1):
        if document.doc_id != place:
            raise CaseDamaged(case_id, "An event is missing in the middle.")
    return [dict(document) for document in documents]


class Rows(Protocol):
    """The part of a TinyDB table that the store uses."""

    def __len__(self) -> int:
        """Return the number of documents."""
        ...

    def __iter__(self) -> Iterator[Document]:
        """Return the documents."""
        ...

    def get(self, *, doc_id: int) -> Document | None:
        """Return one document, or None."""
        ...

    def insert_multiple(self, documents: Iterable[Mapping[str, JsonValue]]) -> list[int]:
        """Add documents in one write."""
        ...

    def upsert(self, document: Mapping[str, JsonValue]) -> list[int]:
        """Add or change one document in one write."""
        ...


def rows(database: TinyDB, name: str) -> Rows:
    """Return a table under the types that TinyDB's own signatures leave open."""
    opening: Callable[[TinyDB], Rows] = methodcaller("table", name)
    return opening(database)
