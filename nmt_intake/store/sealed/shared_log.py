"""A sealed file that several processes of one home add to in turns: the index, the audit."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from nmt_intake.store.errors import NewerFormat
from nmt_intake.store.files.disk import Disk, make_folders, told, wait_for_lock
from nmt_intake.store.journal.frames import Header, Newer, NotAJournal, Purpose, Scan, Seal, Tail
from nmt_intake.store.journal.journal import open_journal, read_on, write_journal
from nmt_intake.store.journal.storage import Changes, Rows, SealedStorage, whole
from nmt_intake.store.sealed.anchors import MARK_SIZE, Anchor, Marker
from nmt_intake.store.vault.key_memory import VaultKeys

_WORDS: Final = {Purpose.INDEX: "index", Purpose.AUDIT: "audit"}


class SharedLog:
    """Sealed tables shared by processes; `mended` says that a damaged file was replaced.

    A torn end is cut. A damaged file goes to quarantine, and what stood before the damage goes
    on: the owner decides what that means. The lock file holds a mark of what was last made
    durable: a file that has less, or something else there, was cut short or is an older copy.
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
        self._lock = -1
        self._lock_path = self.path.with_suffix(".lock")

    @contextmanager
    def turn(self) -> Generator[SealedStorage]:
        """Have the file for oneself, with all that others added; may be nested."""
        with self._turns:
            if self._lock >= 0:
                yield self._current()
                return
            self._lock = self._wait()
            try:
                yield self._current()
            finally:
                self._disk.close(self._lock)
                self._lock = -1

    def rows(self, table: str) -> Rows:
        """Return a table as it is now; not to be changed by the caller."""
        with self.turn() as storage:
            return storage.rows(table)

    def change(self, changes: Changes, *, sync: bool) -> None:
        """Add one frame; without `sync` a power cut may take it back."""
        with self.turn() as storage:
            storage.sync = sync
            storage.change(changes)
            if sync:
                journal = storage.journal
                self._mark(Anchor(journal.header.generation, journal.position, 0))

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
            return wait_for_lock(self._disk, self._lock_path)
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
            marked = self._marked()
            asked = frozenset[int](() if marked is None else {marked.position.frames})
            journal, found = open_journal(
                self._disk, self.path, self.path.name, self._seal, writable=True, asked=asked
            )
        except FileNotFoundError:
            return self._start({}, 1)
        except Newer as newer:
            raise NewerFormat(self.path.name, newer.version) from None
        except NotAJournal:
            return self._mend({}, 1)
        storage = SealedStorage(journal, found.payloads)
        if marked is not None and _lacks(journal.header.generation, found, marked):
            storage.close()
            latest = max(journal.header.generation, marked.generation)
            return self._mend(storage.read(), latest + 1)
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
        position = write_journal(
            self._disk, self.path, self.path.name, header, self._seal(header), whole(tables)
        )
        self._mark(Anchor(header.generation, position, 0))

    def _mark(self, place: Anchor) -> None:
        """Note what is durable now; not synced itself, and trouble with it is not told."""
        with suppress(OSError):
            self._disk.write(self._lock, 0, self._marker().seal(place))

    def _marked(self) -> Anchor | None:
        return self._marker().open(self._disk.read(self._lock, 0, MARK_SIZE))

    def _marker(self) -> Marker:
        return Marker(self._keys.derive("marks"), self.name)

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


def _lacks(generation: int, found: Scan, marked: Anchor) -> bool:
    """Whether a file has less than was once durable in it, or something else there."""
    if marked.generation != generation:
        return marked.generation > generation
    return found.marks.get(marked.position.frames) != marked.position.chain
