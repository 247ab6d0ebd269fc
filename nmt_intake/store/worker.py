"""Who is at work, where and since when: what a second opener is told."""

from __future__ import annotations

import getpass
import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from nmt_intake.store.records import NotJson, decode, encode, obj, text
from nmt_intake.text import clean_line

Clock: TypeAlias = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


def stamp(clock: Clock) -> str:
    """Return the time as the store writes it: UTC, ISO 8601, to the millisecond."""
    return clock().astimezone(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a case open: a name, a computer, a UTC time."""

    who: str
    place: str
    since: str

    def to_bytes(self) -> bytes:
        """Return what is written into the lock."""
        return encode({"who": self.who, "place": self.place, "since": self.since})

    @classmethod
    def from_bytes(cls, data: bytes) -> Holder:
        """Return what a lock says; whatever can't be read is empty."""
        try:
            said = obj(decode(data))
        except NotJson:
            return cls("", "", "")
        return cls(*(clean_line(text(said.get(key))) for key in ("who", "place", "since")))


def worker_name() -> str:
    """Return the name of whoever is logged in, or nothing where the system does not know."""
    try:
        return clean_line(getpass.getuser())
    except (OSError, KeyError):
        return ""


def this_computer() -> str:
    """Return the computer's own name."""
    return clean_line(platform.node())
