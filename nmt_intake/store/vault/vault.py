"""The vault: a passphrase, a recovery code or the system's keyring opens the vault key."""

from __future__ import annotations

import base64
import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from nmt_intake.store.errors import VaultDamaged, VaultMissing, VaultThere, WrongPassphrase
from nmt_intake.store.files.disk import Disk, forget, make_folders, told
from nmt_intake.store.records import encode
from nmt_intake.store.vault.key_derivation import Cost, as_secret, require_strength, stretch
from nmt_intake.store.vault.key_memory import KEY_SIZE, VaultKeys
from nmt_intake.store.vault.recovery_code import as_typed, new_code
from nmt_intake.store.vault.vault_file import (
    FORMAT,
    NAME,
    CostEntry,
    Kind,
    Slot,
    VaultBody,
    has_sealed_files,
    mend_copies,
    paths,
    read_vault,
    unwrap,
    wrap,
    write_vault,
)

_SALT: Final = 16
_PREVIOUS: Final = b"previous vault key"


@dataclass(frozen=True, slots=True)
class Opened:
    """An open vault: its keys, whether a rotation was cut short, whether a copy was harmed."""

    keys: VaultKeys
    rotating: bool
    mended: bool = False


class Vault:
    """The vault file of one home."""

    def __init__(self, disk: Disk, folder: Path) -> None:
        self._disk = disk
        self._folder = folder

    def exists(self) -> bool:
        """Return whether a vault was set up here; VaultDamaged where only ruins are left."""
        if not self.is_missing():
            return True
        if has_sealed_files(self._disk, self._folder):
            what = "It is missing, but cases are here."
            raise VaultDamaged(NAME, what, "Restore a backup: cases restore FILE.")
        return False

    def is_missing(self) -> bool:
        """Return whether there is neither a vault file nor its copy."""
        try:
            read_vault(self._disk, self._folder)
        except VaultMissing:
            return True
        return False

    def set_up(self, passphrase: str, cost: Cost) -> str:
        """Make a vault and return its recovery code, which was tried and is kept nowhere."""
        require_strength(passphrase)
        self._make_room_for_new()
        key, code = secrets.token_bytes(KEY_SIZE), new_code()
        body = VaultBody(format=FORMAT, vault=secrets.token_hex(16), number=1, slots=())
        body = _with_slot(body, "passphrase", as_secret(passphrase), key, cost)
        body = _with_slot(body, "recovery", _code_secret(code), key, Cost())
        write_vault(self._disk, self._folder, body)
        self.open("recovery", code)
        return code

    def open(self, kind: Kind, secret: str) -> Opened:
        """Return the keys that a secret opens; WrongPassphrase if it opens nothing."""
        body = read_vault(self._disk, self._folder)
        opened = open_body(body, kind, secret)
        return replace(opened, mended=mend_copies(self._disk, self._folder, body))

    def replace_slot(self, keys: VaultKeys, kind: Kind, secret: str, cost: Cost) -> None:
        """Let a new secret of this kind in, and no older one."""
        body = read_vault(self._disk, self._folder)
        key = keys.plain(body.number)
        body = _with_slot(body, kind, _secret(kind, secret), key, cost)
        write_vault(self._disk, self._folder, body)

    def drop_slot(self, kind: Kind) -> None:
        """Let no secret of this kind in any more."""
        body = read_vault(self._disk, self._folder)
        kept = tuple(slot for slot in body.slots if slot.kind != kind)
        write_vault(self._disk, self._folder, body.model_copy(update={"slots": kept}))

    def renew_key(self, keys: VaultKeys, passphrase: str, cost: Cost) -> str:
        """Put a new vault key behind the passphrase and a new recovery code, which it returns.

        The old key is kept under the new one until `finish_renewal`. A keyring slot goes.
        """
        body = read_vault(self._disk, self._folder)
        number, key, code = body.number + 1, secrets.token_bytes(KEY_SIZE), new_code()
        previous = wrap(key, keys.plain(body.number), _PREVIOUS)
        body = body.model_copy(update={"number": number, "slots": (), "previous": previous})
        body = _with_slot(body, "passphrase", as_secret(passphrase), key, cost)
        body = _with_slot(body, "recovery", _code_secret(code), key, Cost())
        write_vault(self._disk, self._folder, body)
        keys.add(number, key)
        keys.make_current(number)
        return code

    def finish_renewal(self, keys: VaultKeys) -> None:
        """Forget the old vault key, once nothing is sealed with it."""
        body = read_vault(self._disk, self._folder)
        write_vault(self._disk, self._folder, body.model_copy(update={"previous": ""}))
        keys.forget(body.number - 1)

    def body(self) -> VaultBody:
        """Return the vault file as it is."""
        return read_vault(self._disk, self._folder)

    def adopt(self, body: VaultBody) -> None:
        """Start a home with a vault from a backup, or give one back the vault it lost."""
        if not self.is_missing():
            raise VaultThere
        self._make_folder()
        write_vault(self._disk, self._folder, body)

    def forsake(self) -> None:
        """Take back `adopt`: the vault did not open what is here."""
        for path in paths(self._folder):
            forget(self._disk, path)

    def _make_room_for_new(self) -> None:
        if self.exists():
            raise VaultThere
        self._make_folder()

    def _make_folder(self) -> None:
        try:
            make_folders(self._disk, self._folder)
        except OSError as error:
            raise told(error, "the data folder") from None


def open_body(body: VaultBody, kind: Kind, secret: str) -> Opened:
    """Return the keys that a secret opens in a vault file's content."""
    for slot in body.slots_of(kind):
        key = unwrap(_wrapping_key(slot, _secret(kind, secret)), slot.wrapped, _bound(body, slot))
        if key is not None:
            return _opened(body, key)
    raise WrongPassphrase(_WORDS[kind])


def keyring_secret() -> str:
    """Return a fresh secret for the system's keyring to keep."""
    return base64.b64encode(secrets.token_bytes(KEY_SIZE)).decode()


_WORDS: Final = {
    "passphrase": "The passphrase is not the right one.",
    "recovery": "The recovery code is not the right one.",
    "keyring": "The keyring does not open this vault.",
}


def _opened(body: VaultBody, key: bytes) -> Opened:
    keys = VaultKeys(body.vault_id, body.number, key)
    if not body.previous:
        return Opened(keys, rotating=False)
    older = unwrap(key, body.previous, _PREVIOUS)
    if older is None:
        raise VaultDamaged("vault.json", "The key of a rotation that was cut short is harmed.")
    keys.add(body.number - 1, older)
    return Opened(keys, rotating=True)


def _with_slot(body: VaultBody, kind: Kind, secret: bytes, key: bytes, cost: Cost) -> VaultBody:
    """Return the body with this one slot of its kind."""
    kdf = None
    if kind != "keyring":
        kdf = CostEntry(memory_kib=cost.memory_kib, iterations=cost.iterations, lanes=cost.lanes)
    salt = base64.b64encode(os.urandom(_SALT)).decode()
    empty = Slot(kind=kind, kdf=kdf, salt=salt, wrapped="")
    wrapped = wrap(_wrapping_key(empty, secret), key, _bound(body, empty))
    others = tuple(slot for slot in body.slots if slot.kind != kind)
    slot = empty.model_copy(update={"wrapped": wrapped})
    return body.model_copy(update={"slots": (*others, slot)})


def _wrapping_key(slot: Slot, secret: bytes) -> bytes:
    if slot.kdf is None:
        return secret
    return stretch(secret, base64.b64decode(slot.salt), slot.kdf.cost())


def _bound(body: VaultBody, slot: Slot) -> bytes:
    """Return what a wrapped key is bound to, so that no part of a slot can be exchanged."""
    kdf = None if slot.kdf is None else slot.kdf.model_dump()
    return encode([body.vault, body.number, slot.kind, kdf, slot.salt])


def _secret(kind: Kind, secret: str) -> bytes:
    if kind == "passphrase":
        return as_secret(secret)
    return _code_secret(secret) if kind == "recovery" else _ring_bytes(secret)


def _code_secret(code: str) -> bytes:
    typed = as_typed(code)
    if typed is None:
        raise WrongPassphrase("This is not a recovery code: six groups of five, no O, I, L, U.")
    return typed.encode()


def _ring_bytes(secret: str) -> bytes:
    try:
        return base64.b64decode(secret, validate=True)
    except ValueError:
        raise WrongPassphrase(_WORDS["keyring"]) from None
