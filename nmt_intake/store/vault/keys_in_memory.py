"""Keys while the vault is open: derived when needed, wiped when it is locked."""

from __future__ import annotations

import hashlib
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from nmt_intake.store.errors import VaultDamaged, VaultLocked
from nmt_intake.store.vault.memory import Secret

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
