"""The bytes of a sealed journal: one header, then frames that each seal all that came before.

    header  magic 8 | format 2 | purpose 1 | flags 1 | file id 16 | key number 4 | generation 4
            | CRC 4
    frame   marker 4 | length 4 | sequence 8 | CRC of these 16 | nonce 12 | sealed payload

AES-256-GCM with a random nonce (a counter would repeat after a cut tail). Its associated data are
the file's header, the frame's own head and the SHA-256 chain over every byte before, so a frame
can't be changed, cut out, reordered or moved to another file without being noticed.
"""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT: Final = 2  # 1 is the plain file
MAGIC: Final = b"\x89NMT\r\n\x1a\n"
MARKER: Final = b"\xf7\x0aNF"
_HEADER: Final = struct.Struct(">8sHBB16sII")
_HEAD: Final = struct.Struct(">4sIQ")
_CRC: Final = struct.Struct(">I")
HEADER_SIZE: Final = _HEADER.size + _CRC.size
HEAD_SIZE: Final = _HEAD.size + _CRC.size
NONCE_SIZE: Final = 12
TAG_SIZE: Final = 16
LARGEST_FRAME: Final = 64 << 20
_PRACTICE: Final = 1


class Purpose(IntEnum):
    """What a sealed file is for; a file can't stand in for one of another purpose."""

    CASE = 1
    INDEX = 2
    AUDIT = 3
    KEYS = 4
    BACKUP = 5


class NotAJournal(Exception):
    """The bytes do not begin with a whole header of this format."""


class Newer(Exception):
    """The header is whole and of a later format."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


@dataclass(frozen=True, slots=True)
class Header:
    """What a sealed file is: for what, which, under which key, rewritten how often."""

    purpose: Purpose
    file_id: bytes
    key_number: int = 1
    generation: int = 1
    practice: bool = False

    def to_bytes(self) -> bytes:
        """Return the header as it stands in the file."""
        flags = _PRACTICE if self.practice else 0
        body = _HEADER.pack(
            MAGIC, FORMAT, self.purpose, flags, self.file_id, self.key_number, self.generation
        )
        return body + _CRC.pack(zlib.crc32(body))

    @classmethod
    def from_bytes(cls, data: bytes) -> Header:
        """Read a header; raises NotAJournal, or Newer when a later program wrote it."""
        body, check = data[: _HEADER.size], data[_HEADER.size : HEADER_SIZE]
        if len(check) != _CRC.size or check != _CRC.pack(zlib.crc32(body)):
            raise NotAJournal
        magic, version, purpose, flags, file_id, key_number, generation = _HEADER.unpack(body)
        if magic != MAGIC:
            raise NotAJournal
        if version > FORMAT:
            raise Newer(version)
        try:
            return cls(Purpose(purpose), file_id, key_number, generation, flags == _PRACTICE)
        except ValueError:
            raise NotAJournal from None


class Tail(Enum):
    """What stands after the last good frame."""

    NOTHING = "nothing"
    TORN = "torn"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Position:
    """A place between frames: how many stand before it, where it is, their chain."""

    frames: int
    end: int
    chain: bytes

    @classmethod
    def after_header(cls, header: Header) -> Position:
        """Return the place of the first frame."""
        data = header.to_bytes()
        return cls(0, len(data), hashlib.sha256(data).digest())

    def after(self, frame: bytes) -> Position:
        """Return the place behind `frame`, which stands here."""
        chain = hashlib.sha256(self.chain + frame).digest()
        return Position(self.frames + 1, self.end + len(frame), chain)


@dataclass(frozen=True, slots=True)
class Scan:
    """What reading frames found: good payloads, the place behind them, what stands there.

    `marks` holds the chain after each frame whose number was asked for.
    """

    payloads: list[bytes]
    position: Position
    tail: Tail
    marks: dict[int, bytes]


class Seal:
    """One key, for one file: makes frames and opens them."""

    __slots__ = ("_cipher", "_header")

    def __init__(self, key: bytes, header: Header) -> None:
        self._cipher = AESGCM(key)
        self._header = header.to_bytes()

    def close_frame(self, position: Position, payload: bytes) -> bytes:
        """Return the frame that seals `payload`, of 64 MiB at the most, at `position`."""
        if len(payload) + TAG_SIZE > LARGEST_FRAME:
            raise ValueError("nobody could read so long a frame")
        head = _head(len(payload) + TAG_SIZE, position.frames + 1)
        nonce = os.urandom(NONCE_SIZE)
        sealed = self._cipher.encrypt(nonce, payload, self._header + head + position.chain)
        return head + nonce + sealed

    def open_frame(self, position: Position, frame: bytes) -> bytes | None:
        """Return the payload of the frame at `position`, or None if it is not the one sealed."""
        head, nonce = frame[:HEAD_SIZE], frame[HEAD_SIZE : HEAD_SIZE + NONCE_SIZE]
        sealed = frame[HEAD_SIZE + NONCE_SIZE :]
        try:
            return self._cipher.decrypt(nonce, sealed, self._header + head + position.chain)
        except InvalidTag:
            return None


def scan(
    seal: Seal, data: bytes, position: Position, base: int, asked: frozenset[int] = frozenset()
) -> Scan:
    """Read frames from `position` to the end of `data`, which begins at offset `base`."""
    payloads: list[bytes] = []
    marks = {position.frames: position.chain} if position.frames in asked else {}
    while True:
        frame = frame_at(data, position.end - base, position.frames + 1)
        payload = None if frame is None else seal.open_frame(position, frame)
        if frame is None or payload is None:
            break
        payloads.append(payload)
        position = position.after(frame)
        if position.frames in asked:
            marks[position.frames] = position.chain
    return Scan(payloads, position, tail_at(data, position.end - base, position.frames), marks)


def frame_at(data: bytes, start: int, sequence: int) -> bytes | None:
    """Return the bytes of frame number `sequence` at `start`, or None if it is not whole there."""
    if _sequence_at(data, start) != sequence:
        return None
    length = _HEAD.unpack_from(data, start)[1]
    end = start + HEAD_SIZE + NONCE_SIZE + length
    if end > len(data) or length < TAG_SIZE:
        return None
    return data[start:end]


def frame_length(head: bytes, sequence: int) -> int:
    """Return how long the sealed payload behind this head is; NotAJournal for another head."""
    if _sequence_at(head, 0) != sequence:
        raise NotAJournal
    length: int = _HEAD.unpack_from(head)[1]
    return length


def tail_at(data: bytes, start: int, frames: int) -> Tail:
    """Judge the bytes after the last good frame: a later frame behind bad bytes is damage.

    A torn write is the last one, so nothing stands behind it.
    """
    if start >= len(data):
        return Tail.NOTHING
    place = data.find(MARKER, start + 1)
    while place >= 0:
        if _sequence_at(data, place) > frames:
            return Tail.BROKEN
        place = data.find(MARKER, place + 1)
    return Tail.TORN


def _head(length: int, sequence: int) -> bytes:
    body = _HEAD.pack(MARKER, length, sequence)
    return body + _CRC.pack(zlib.crc32(body))


def _sequence_at(data: bytes, start: int) -> int:
    """Return the number of the frame whose whole head stands at `start`, or -1."""
    head = data[start : start + HEAD_SIZE]
    if len(head) != HEAD_SIZE or not head.startswith(MARKER):
        return -1
    _marker, length, sequence = _HEAD.unpack(head[: _HEAD.size])
    if head != _head(length, sequence) or length > LARGEST_FRAME:
        return -1
    return sequence
