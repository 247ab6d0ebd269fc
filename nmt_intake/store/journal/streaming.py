"""Sealed files that are too large to be held in memory: written and read frame by frame."""

from __future__ import annotations

from collections.abc import Iterator

from nmt_intake.store.files.disk import Disk, write_all
from nmt_intake.store.journal.frames import (
    HEAD_SIZE,
    HEADER_SIZE,
    LARGEST_FRAME,
    NONCE_SIZE,
    Header,
    NotAJournal,
    Position,
    Seal,
    frame_length,
)


class FrameWriter:
    """Adds frames to an open file from `start` on; the caller syncs."""

    def __init__(self, disk: Disk, file: int, start: int, header: Header, seal: Seal) -> None:
        self._disk = disk
        self._file = file
        self._start = start
        self._seal = seal
        self._position = Position.after_header(header)
        write_all(disk, file, start, header.to_bytes())

    def add(self, payload: bytes) -> None:
        """Write one frame."""
        frame = self._seal.close_frame(self._position, payload)
        write_all(self._disk, self._file, self._start + self._position.end, frame)
        self._position = self._position.after(frame)


def header_at(disk: Disk, file: int, start: int) -> Header:
    """Return the header that stands at `start`; NotAJournal or Newer otherwise."""
    return Header.from_bytes(read_exactly(disk, file, start, HEADER_SIZE))


def read_frames(disk: Disk, file: int, start: int, header: Header, seal: Seal) -> Iterator[bytes]:
    """Return the payloads one by one to the end of the file; NotAJournal at the first bad byte."""
    position = Position.after_header(header)
    end = disk.size(file) - start
    while position.end < end:
        head = read_exactly(disk, file, start + position.end, HEAD_SIZE)
        length = frame_length(head, position.frames + 1)
        rest = start + position.end + HEAD_SIZE
        frame = head + read_exactly(disk, file, rest, NONCE_SIZE + length)
        payload = seal.open_frame(position, frame)
        if payload is None:
            raise NotAJournal
        yield payload
        position = position.after(frame)


def read_exactly(disk: Disk, file: int, start: int, length: int) -> bytes:
    """Return `length` bytes; NotAJournal where the file ends before that."""
    if length > LARGEST_FRAME:
        raise NotAJournal
    parts: list[bytes] = []
    while length > 0:
        part = disk.read(file, start, length)
        if not part:
            raise NotAJournal
        parts.append(part)
        start, length = start + len(part), length - len(part)
    return b"".join(parts)
