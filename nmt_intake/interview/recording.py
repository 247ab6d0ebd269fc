"""Makes events: gives each its id, time, author, device and bank."""

from __future__ import annotations

import os
import platform
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

if TYPE_CHECKING:
    from nmt_intake.bank.model import Bank


class Carried(TypedDict):
    """What every event carries."""

    id: str
    at: datetime
    zone: str
    author: str
    device: str
    bank_version: str
    bank_hash: str


_lock = threading.Lock()
_last: list[int] = [0]


def new_id() -> str:
    """Return a UUIDv7 (RFC 9562): 48 bits of milliseconds, 12 of sequence, 62 of chance.

    Ids made by one process sort in the order they were made, even when its clock runs back.
    """
    with _lock:
        ticks = max(time.time_ns() * 4096 // 1_000_000, _last[0] + 1)
        _last[0] = ticks
    milliseconds, sequence = divmod(ticks, 4096)
    chance = int.from_bytes(os.urandom(8)) >> 2
    value = (milliseconds & (1 << 48) - 1) << 80 | 7 << 76 | sequence << 64 | 2 << 62 | chance
    return str(UUID(int=value))


def _now() -> datetime:
    return datetime.now(UTC)


def _zone() -> str:
    return time.strftime("%z")


@dataclass(frozen=True, slots=True)
class Recorder:
    """Who is writing, where, and with which bank: `Answered(slot=..., **recorder.carried())`."""

    author: str
    bank: Bank
    device: str = field(default_factory=platform.node)
    clock: Callable[[], datetime] = _now

    def carried(self) -> Carried:
        """Return the fields every event carries, fresh for one event."""
        return Carried(
            id=new_id(),
            at=self.clock(),
            zone=_zone(),
            author=self.author,
            device=self.device,
            bank_version=self.bank.version,
            bank_hash=self.bank.hash,
        )
