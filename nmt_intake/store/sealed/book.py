"""A sealed file that several processes of one home add to in turns: the index, the audit."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from nmt_intake.store.errors import NewerFormat
from nmt_intake.store.files.disk import Disk, make_folders, told, wait_for_lock
from nmt_intake.store.journal.frames import Header, Newer, NotAJournal, Purpose, Seal, Tail
from nmt_intake.store.journal.journal import open_journal, read_on, write_journal
from nmt_intake.store.journal.storage import Changes, Rows, SealedStorage, whole
from nmt_intake.store.vault.keys_in_memory import VaultKeys

_WORDS: Final = {Purpose.INDEX: "index", Purpose.AUDIT: "audit"}


class Book:
    """Sealed tables shared by processes; `mended` says that a damaged file was replaced.

    A torn end is cut. A damaged file goes to quarantine, and what stood before the damage goes
    on: the owner decides what that means.
    """

    def __init__(self, disk: Disk, folder: Path, purpose: Purpose, keys: VaultKeys) -> None:
        self._disk = disk
        self._keys = keys
        self._purpose = purpose
        self.name = _WORDS[purpose]
        self.path = folder / f"{self.name}.nmt"
        self.mended = False
        self._quarantine = folder / "quarantine"
        self._storage: SealedStorage | None = None
        self._turns = threading.RLock()
        self._depth = 0

    @contextmanager
    def turn(self) -> Generator[SealedStorage]:
        """Have the file for oneself, with all that others added; may be nested."""
        with self._turns:
            if self._depth:
                yield self._current()
                return
            lock = self._wait()
            self._depth = 1
            try:
                yield self._current()
            finally:
                self._depth = 0
                self._disk.close(lock)

    def rows(self, table: str) -> Rows:
        """Return a table as it is now; not to be changed by the caller."""
        with self.turn() as storage:
            return storage.rows(table)

    def change(self, changes: Changes, *, sync: bool) -> None:
        """Add one frame; without `sync` a power cut may take it back."""
        with self.turn() as storage:
            storage.sync = sync
            storage.change(changes)

    def compact(self) -> None:
        """Rewrite the file in as few frames as say the same, in one durable step."""
        with self.turn() as storage:
            header = self._header(storage.journal.header.generation + 1)
            self._write(header, storage.read())

    def frames(self) -> int:
        """Return how many frames the file has now."""
        with self.turn() as storage:
            return storage.journal.position.frames

    def close(self) -> None:
        """Give the file back; the next turn opens it again."""
        with self._turns:
            if self._storage is not None:
                self._storage.close()
                self._storage = None

    def _wait(self) -> int:
        try:
            return wait_for_lock(self._disk, self.path.with_suffix(".lock"))
        except OSError as error:
            raise told(error, self.path.name) from None

    def _current(self) -> SealedStorage:
        storage = self._storage
        try:
            if storage is None or not self._is_whole(storage):
                self.close()
                storage = self._storage = self._open()
            else:
                storage = self._follow(storage)
        except OSError as error:
            raise told(error, self.path.name) from None
        return storage

    def _is_whole(self, storage: SealedStorage) -> bool:
        return storage.journal.usable and self._disk.is_at(storage.journal.file, self.path)

    def _follow(self, storage: SealedStorage) -> SealedStorage:
        found = read_on(storage.journal)
        storage.follow(found.payloads)
        return self._settle(storage, found.tail)

    def _open(self) -> SealedStorage:
        try:
            journal, found = open_journal(
                self._disk, self.path, self.path.name, self._seal, writable=True
            )
        except FileNotFoundError:
            return self._start({}, 1)
        except Newer as newer:
            raise NewerFormat(self.path.name, newer.version) from None
        except NotAJournal:
            return self._mend({}, 1)
        storage = SealedStorage(journal, found.payloads)
        return self._settle(storage, found.tail)

    def _settle(self, storage: SealedStorage, tail: Tail) -> SealedStorage:
        if tail is Tail.BROKEN:
            storage.close()
            return self._mend(storage.read(), storage.journal.header.generation + 1)
        if tail is Tail.TORN:
            storage.journal.cut_tail()
        return storage

    def _mend(self, readable: dict[str, Rows], generation: int) -> SealedStorage:
        make_folders(self._disk, self._quarantine)
        kept = self._quarantine / f"{self.name}-{secrets.token_hex(8)}.nmt"
        self._disk.replace(self.path, kept)
        return self._start(readable, generation)

    def _start(self, tables: dict[str, Rows], generation: int) -> SealedStorage:
        self.mended = True
        self._write(self._header(generation), tables)
        journal, found = open_journal(
            self._disk, self.path, self.path.name, self._seal, writable=True
        )
        return SealedStorage(journal, found.payloads)

    def _write(self, header: Header, tables: dict[str, Rows]) -> None:
        write_journal(
            self._disk, self.path, self.path.name, header, self._seal(header), whole(tables)
        )

    def _header(self, generation: int) -> Header:
        return Header(
            self._purpose,
            self._keys.vault_id,
            self._keys.number,
            generation,
            self._keys.practice,
        )

    def _seal(self, header: Header) -> Seal:
        expected = self._header(header.generation)
        if header.purpose != expected.purpose or header.file_id != expected.file_id:
            raise NotAJournal
        return Seal(self._keys.derive(self.name, header.key_number), header)
