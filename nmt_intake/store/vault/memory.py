"""Memory that holds keys: kept out of swap where the system allows it, wiped after use.

Python and the cipher library make copies that nothing here can reach; see the README on what is
not protected.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Final, TypeAlias

_PR_SET_DUMPABLE: Final = 4
Call: TypeAlias = Callable[..., int]


class Secret:
    """Bytes that can be wiped and, where allowed, are never swapped out."""

    __slots__ = ("_bytes", "locked")

    def __init__(self, value: bytes) -> None:
        self._bytes = bytearray(value)
        self.locked = lock_in_memory(self._bytes)

    def reveal(self) -> bytes:
        """Return the bytes."""
        return bytes(self._bytes)

    def wipe(self) -> None:
        """Overwrite the bytes with zeros."""
        self._bytes[:] = bytes(len(self._bytes))


def lock_in_memory(data: bytearray) -> bool:
    """Ask the system not to swap `data` out; returns whether it agreed."""
    lock = system_call("mlock")
    if lock is None:
        return False
    view = (ctypes.c_char * len(data)).from_buffer(data)
    return lock(ctypes.byref(view), ctypes.c_size_t(len(data))) == 0


def harden_process() -> tuple[str, ...]:
    """Refuse core dumps and other processes' looks into memory; returns what worked."""
    done: list[str] = []
    if _no_core_files():
        done.append("no core files")
    mark = system_call("prctl")
    if mark is not None and mark(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0:
        done.append("not dumpable")
    return tuple(done)


def system_call(name: str) -> Call | None:
    """Return a function of the C library, or None where it has none by this name."""
    if sys.platform == "win32":
        return None
    try:
        return getattr(ctypes.CDLL(None, use_errno=True), name)
    except (OSError, AttributeError):
        return None


def _no_core_files() -> bool:
    try:
        import resource
    except ImportError:
        return False
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        return False
    return True
