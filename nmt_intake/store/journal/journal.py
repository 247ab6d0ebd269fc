"""A sealed file that is open: read to its last good frame, added to, never changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from nmt_intake.store.errors import CaseStoreError, FileFull, ReadOnly, WriteFailed
from nmt_intake.store.files.disk import Disk, read_open, replace_whole, told, write_all
from nmt_intake.store.journal.frames import (
    HEADER_SIZE,
    Header,
    Position,
    Scan,
    Seal,
    Tail,
    scan,
)

LARGEST_FILE: Final = 1 << 30
SealOf: TypeAlias = Callable[[Header], Seal]


@dataclass(slots=True)
class Journal:
    """An open sealed file and the place where its next frame goes."""

    disk: Disk
    path: Path
    where: str
    file: int
    header: Header
    seal: Seal
    position: Position
    writable: bool
    usable: bool = True

    def append(self, payload: bytes, *, sync: bool = True) -> None:
        """Add one frame; with `sync`, it is durable when this returns.

        No room: cut back to the last good frame, DiskFull, and it may be tried again. Anything
        else, a failed sync above all, ends writing: a second sync would report success for
        pages that the kernel has already given up.
        """
        if not (self.writable and self.usable):
            raise ReadOnly(self.where.removeprefix("case "), "The file can't be written to.")
        frame = self.seal.close_frame(self.position, payload)
        behind = self.position.after(frame)
        if behind.end > LARGEST_FILE:
            raise FileFull(self.where)
        try:
            write_all(self.disk, self.file, self.position.end, frame)
        except OSError as error:
            raise self._cut_back(error) from None
        if sync:
            self.sync()
        self.position = behind

    def sync(self) -> None:
        """Make every frame durable, or end writing."""
        try:
            self.disk.sync_data(self.file)
        except OSError as error:
            self.usable = False
            raise WriteFailed(self.where, told_reason(error)) from None

    def tail_bytes(self) -> bytes:
        """Return what stands behind the last good frame."""
        try:
            return read_open(self.disk, self.file, LARGEST_FILE, self.position.end)
        except OSError as error:
            raise told(error, self.where) from None

    def cut_tail(self) -> None:
        """Cut what stands behind the last good frame."""
        try:
            self.disk.cut(self.file, self.position.end)
        except OSError as error:
            raise told(error, self.where) from None

    def write_again(self, start: int) -> None:
        """Write the bytes from `start` once more and make them durable.

        What was written but never confirmed may be in memory only, and the kernel may believe it
        clean after a failed sync: nothing may be built on it before this.
        """
        try:
            data = read_open(self.disk, self.file, LARGEST_FILE, start)
            write_all(self.disk, self.file, start, data)
        except OSError as error:
            self.usable = False
            raise told(error, self.where) from None
        self.sync()

    def close(self) -> None:
        """Give the file back."""
        if self.file >= 0:
            file, self.file = self.file, -1
            self.usable = False
            self.disk.close(file)

    def _cut_back(self, error: OSError) -> CaseStoreError:
        try:
            self.disk.cut(self.file, self.position.end)
        except OSError:
            self.usable = False
            return WriteFailed(self.where, told_reason(error))
        return told(error, self.where)


def open_journal(
    disk: Disk,
    path: Path,
    where: str,
    seal_of: SealOf,
    *,
    writable: bool,
    asked: frozenset[int] = frozenset(),
) -> tuple[Journal, Scan]:
    """Open a sealed file and read it; NotAJournal, Newer and OSError pass through."""
    file = disk.open(path) if writable else disk.open_to_read(path)
    try:
        data = read_open(disk, file, LARGEST_FILE)
        header = Header.from_bytes(data)
        seal = seal_of(header)
        found = scan(seal, data, Position.after_header(header), 0, asked)
    except BaseException:
        disk.close(file)
        raise
    return Journal(disk, path, where, file, header, seal, found.position, writable), found


def read_on(journal: Journal) -> Scan:
    """Return what another process has added since, and move behind it."""
    start = journal.position.end
    if journal.disk.size(journal.file) <= start:
        return Scan([], journal.position, Tail.NOTHING, {})
    data = read_open(journal.disk, journal.file, LARGEST_FILE, start)
    found = scan(journal.seal, data, journal.position, start)
    journal.position = found.position
    return found


def sealed_bytes(header: Header, seal: Seal, payloads: Iterable[bytes]) -> tuple[bytes, Position]:
    """Return a whole sealed file and the place behind its last frame."""
    position = Position.after_header(header)
    parts = [header.to_bytes()]
    for payload in payloads:
        frame = seal.close_frame(position, payload)
        position = position.after(frame)
        parts.append(frame)
    return b"".join(parts), position


def write_journal(
    disk: Disk, path: Path, where: str, header: Header, seal: Seal, payloads: Iterable[bytes]
) -> Position:
    """Put a whole sealed file in place in one durable step; returns the place behind it."""
    data, position = sealed_bytes(header, seal, payloads)
    try:
        replace_whole(disk, path, data)
    except OSError as error:
        raise told(error, where) from None
    return position


def header_of(disk: Disk, path: Path) -> Header:
    """Return a sealed file's header; NotAJournal, Newer and OSError pass through."""
    file = disk.open_to_read(path)
    try:
        return Header.from_bytes(disk.read(file, 0, HEADER_SIZE))
    finally:
        disk.close(file)


def told_reason(error: OSError) -> str:
    """Return the system's words for an error, which name no file."""
    return error.strerror or "unknown"
