"""vault.json: how each secret opens the vault key; nothing in it helps without one.

Two copies are kept, always of the same content: an old copy would let an old passphrase in.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nmt_intake.store.errors import NewerFormat, VaultDamaged, VaultMissing
from nmt_intake.store.files.disk import Disk, read_whole, replace_whole, told
from nmt_intake.store.journal.frames import NONCE_SIZE
from nmt_intake.store.records import encode
from nmt_intake.store.vault.key_derivation import Cost

FORMAT: Final = 2
NAME: Final = "vault.json"
_SEALED: Final = ("keys.nmt", "keys.copy", "index.nmt", "audit.nmt")
_LARGEST: Final = 64 << 10
Kind = Literal["passphrase", "recovery", "keyring"]
_Base64 = Annotated[str, Field(max_length=400, pattern=r"^[A-Za-z0-9+/=]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class CostEntry(_Strict):
    """The cost of a guess as the file keeps it."""

    name: Literal["argon2id"] = "argon2id"
    memory_kib: int
    iterations: int
    lanes: int

    def cost(self) -> Cost:
        """Return the cost after checking its bounds."""
        cost = Cost(self.memory_kib, self.iterations, self.lanes)
        cost.check()
        return cost


class Slot(_Strict):
    """One way to the vault key: what kind of secret, at what cost, the key wrapped by it."""

    kind: Kind
    kdf: CostEntry | None
    salt: Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{22}==$")]
    wrapped: _Base64


class VaultBody(_Strict):
    """The whole content but its checksum."""

    format: int
    vault: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    number: Annotated[int, Field(ge=1, le=1_000_000)]
    slots: Annotated[tuple[Slot, ...], Field(max_length=8, strict=False)]
    previous: _Base64 = ""

    @property
    def vault_id(self) -> bytes:
        """The vault's random id."""
        return bytes.fromhex(self.vault)

    def slots_of(self, kind: Kind) -> Sequence[Slot]:
        """Return the slots of one kind."""
        return [slot for slot in self.slots if slot.kind == kind]

    def to_bytes(self) -> bytes:
        """Return the file's content: the body and a checksum of it."""
        body = self.model_dump(mode="json")
        return encode({"body": body, "check": _check(self)})


class _VaultFile(_Strict):
    body: VaultBody
    check: str


def read_vault(disk: Disk, folder: Path) -> VaultBody:
    """Return what vault.json says, or its copy where the file is gone or not whole.

    Raises VaultMissing where there is neither, VaultDamaged where neither is whole.
    """
    found = [(path, _read(disk, path)) for path in paths(folder)]
    if all(data is None for _path, data in found):
        raise VaultMissing
    bodies = [_parse(data) for _path, data in found if data is not None]
    body = next((body for body in bodies if body is not None), None)
    if body is None:
        raise VaultDamaged(NAME, "It was changed or is not whole.")
    return body


def write_vault(disk: Disk, folder: Path, body: VaultBody) -> None:
    """Replace vault.json and its copy, each in one durable step."""
    try:
        for path in paths(folder):
            replace_whole(disk, path, body.to_bytes())
    except OSError as error:
        raise told(error, NAME) from None


def mend_copies(disk: Disk, folder: Path, body: VaultBody) -> bool:
    """Make both copies say `body` again; returns whether one of them was harmed or missing."""
    found = [_read(disk, path) for path in paths(folder)]
    if any(data != body.to_bytes() for data in found):
        write_vault(disk, folder, body)
    return any(data is None or _parse(data) is None for data in found)


def parse_vault(data: bytes) -> VaultBody:
    """Return the body of a vault file from elsewhere, for example a backup."""
    body = _parse(data)
    if body is None:
        raise VaultDamaged(NAME, "It was changed or is not whole.")
    return body


def wrap(wrapping_key: bytes, vault_key: bytes, bound_to: bytes) -> str:
    """Return the vault key sealed under another key."""
    nonce = os.urandom(NONCE_SIZE)
    sealed = AESGCM(wrapping_key).encrypt(nonce, vault_key, bound_to)
    return base64.b64encode(nonce + sealed).decode()


def unwrap(wrapping_key: bytes, wrapped: str, bound_to: bytes) -> bytes | None:
    """Return the vault key, or None if the other key is not the right one."""
    try:
        data = base64.b64decode(wrapped, validate=True)
        return AESGCM(wrapping_key).decrypt(data[:NONCE_SIZE], data[NONCE_SIZE:], bound_to)
    except (InvalidTag, ValueError):
        return None


def _check(body: VaultBody) -> str:
    return hashlib.sha256(encode(body.model_dump(mode="json"))).hexdigest()


def paths(folder: Path) -> tuple[Path, Path]:
    """Return where the vault file and its copy are."""
    return folder / NAME, folder / "vault.copy"


def has_sealed_files(disk: Disk, folder: Path) -> bool:
    """Return whether anything here was sealed by a vault, so that one must have been here.

    Plain case files of the first format never had keys.
    """
    if any(disk.exists(folder / name) for name in _SEALED):
        return True
    try:
        cases = folder / "cases"
        shelves = disk.names(cases) if disk.exists(cases) else []
        names = [name for shelf in shelves for name in disk.names(cases / shelf)]
    except OSError as error:
        raise told(error, "the folder of cases") from None
    return any(name.endswith(".nmt") for name in names)


def _read(disk: Disk, path: Path) -> bytes | None:
    try:
        return read_whole(disk, path, _LARGEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.EFBIG:
            return b""  # no vault file is as long: it was changed
        raise told(error, NAME) from None


def _parse(data: bytes) -> VaultBody | None:
    try:
        whole = _VaultFile.model_validate_json(data)
    except ValidationError:
        return None
    if whole.check != _check(whole.body):
        return None
    if whole.body.format > FORMAT:
        raise NewerFormat(NAME, whole.body.format)
    return whole.body
