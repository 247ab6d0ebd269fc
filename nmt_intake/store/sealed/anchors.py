"""The last place of a case file that is known to be on the disk, in two forms.

The index keeps one as JSON, moved when a case is claimed, summarised or closed. The case's lock
file keeps the other, sealed, moved after every save: 15 microseconds, where the index, which
other processes share, takes 100 (tests/benchmarks/store_table.py).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from nmt_intake.store.journal.frames import NONCE_SIZE, TAG_SIZE, Position
from nmt_intake.store.journal.storage import Row
from nmt_intake.store.records import number, text

_PLACE: Final = struct.Struct(">IQQQ32s")
MARK_SIZE: Final = NONCE_SIZE + _PLACE.size + TAG_SIZE


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in a case file: its generation, the position, the events before it."""

    generation: int
    position: Position
    sequence: int

    def to_json(self) -> Row:
        """Return what the index keeps."""
        return {
            "generation": self.generation,
            "frames": self.position.frames,
            "end": self.position.end,
            "chain": self.position.chain.hex(),
            "sequence": self.sequence,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, object]) -> Anchor:
        """Return what the index kept."""
        row = {key: value for key, value in kept.items() if isinstance(value, (int, str))}
        position = Position(
            number(row.get("frames")),
            number(row.get("end")),
            bytes.fromhex(text(row.get("chain"))),
        )
        return cls(number(row.get("generation")), position, number(row.get("sequence")))

    @property
    def order(self) -> tuple[int, int]:
        """What a later place has more of."""
        return (self.generation, self.position.frames)


def later(one: Anchor | None, other: Anchor | None) -> Anchor | None:
    """Return the anchor that says more."""
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda anchor: anchor.order)


class Marker:
    """Seals anchors into marks of one case, and opens them."""

    __slots__ = ("_case_id", "_cipher")

    def __init__(self, key: bytes, case_id: str) -> None:
        self._cipher = AESGCM(key)
        self._case_id = case_id.encode()

    def seal(self, anchor: Anchor) -> bytes:
        """Return the mark: always of the same length, so that one write replaces another."""
        at = anchor.position
        place = _PLACE.pack(anchor.generation, at.frames, at.end, anchor.sequence, at.chain)
        nonce = os.urandom(NONCE_SIZE)
        return nonce + self._cipher.encrypt(nonce, place, self._case_id)

    def open(self, mark: bytes) -> Anchor | None:
        """Return the anchor, or None for no mark, half a mark or another case's."""
        try:
            place = self._cipher.decrypt(mark[:NONCE_SIZE], mark[NONCE_SIZE:], self._case_id)
        except (InvalidTag, ValueError):
            return None
        generation, frames, end, sequence, chain = _PLACE.unpack(place)
        return Anchor(generation, Position(frames, end, chain), sequence)
