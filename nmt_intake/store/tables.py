"""TinyDB's tables as the store sees them: typed, and numbered or named documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import methodcaller
from typing import Protocol

from tinydb import TinyDB
from tinydb.table import Document

from nmt_intake.store.protocols import JsonValue


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
