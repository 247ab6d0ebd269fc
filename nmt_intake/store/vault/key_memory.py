"""Memory that holds keys: kept out of swap where the system allows it, wiped after use.

Python and the cipher library make copies that nothing here can reach; see the README on what is
not protected.
"""

from __future__ import annotations

import ctypes
import hashlib
import sys
from collections.abc import Callable
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from nmt_intake.store.errors import VaultDamaged, VaultLocked

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


KEY_SIZE: Final = 32
_PRACTICE: Final = b"nmt-intake practice store: this key is open to everybody"


class VaultKeys:
    """The vault's keys by number; more than one only while they are being rotated.

    After `wipe` every use raises VaultLocked.
    """

    def __init__(self, vault_id: bytes, number: int, key: bytes, *, practice: bool = False) -> None:
        self.vault_id = vault_id
        self.number = number
        self.practice = practice
        self._keys = {number: Secret(key)}

    @classmethod
    def open_to_all(cls) -> VaultKeys:
        """Return the keys of the practice store, which protect nothing and say so."""
        digest = hashlib.sha256(_PRACTICE).digest()
        return cls(digest[:16], 1, digest, practice=True)

    @property
    def locked(self) -> bool:
        """Whether the keys are gone from memory."""
        return not self._keys

    def add(self, number: int, key: bytes) -> None:
        """Keep one more key."""
        self._keys[number] = Secret(key)

    def make_current(self, number: int) -> None:
        """Seal with this key from now on."""
        self.number = number

    def forget(self, number: int) -> None:
        """Wipe one key."""
        self._keys.pop(number).wipe()

    def plain(self, number: int) -> bytes:
        """Return one key itself."""
        if not self._keys:
            raise VaultLocked
        if number not in self._keys:
            raise VaultDamaged("vault.json", "It lacks a key that a file was sealed with.")
        return self._keys[number].reveal()

    def derive(self, purpose: str, number: int | None = None) -> bytes:
        """Return the key for one purpose."""
        key = self.plain(self.number if number is None else number)
        return derived(key, purpose, self.vault_id)

    def wipe(self) -> None:
        """Forget every key."""
        while self._keys:
            self._keys.popitem()[1].wipe()


def derived(key: bytes, purpose: str, bound_to: bytes = b"") -> bytes:
    """Return the key for one purpose, from another key."""
    info = b"nmt-intake 2 " + purpose.encode() + b" " + bound_to
    return HKDFExpand(algorithm=SHA256(), length=KEY_SIZE, info=info).derive(key)
