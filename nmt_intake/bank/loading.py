"""Loads a bank: from its compiled form where that is current, else from its sources."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nmt_intake.bank import compiled
from nmt_intake.bank.files import bank_file_names, shipped_bank
from nmt_intake.bank.problems import BankError
from nmt_intake.errors import IntakeError

if TYPE_CHECKING:
    from nmt_intake.bank.assembling import Loaded
    from nmt_intake.bank.model import Bank


_LARGEST: Final = 1_000_000


def load_bank(folder: Path | None = None, cache: Path | None = None) -> Bank:
    """Return the bank in `folder` (the shipped one if None), compiled under `cache` if given.

    Raises `BankError` with all problems for a bank that cannot be used.
    """
    folder = shipped_bank() if folder is None else folder
    name = _sources_hash(folder)
    kept = cache / f"bank-{name[:32]}.json" if cache else None
    if kept and (bank := _kept(kept, name, folder)):
        return bank
    loaded = load_sources(folder, name)
    if loaded.bank is None:
        raise BankError([each for each in loaded.problems if each.severity == "error"])
    if kept:
        _keep(kept, loaded.bank)
    return loaded.bank


def load_sources(folder: Path, name: str | None = None) -> Loaded:
    """Read and compile the bank in `folder` from its sources, with every problem found."""
    # Deferred: pydantic and YAML cost 160 ms that a start from the compiled bank never needs.
    from nmt_intake.bank.assembling import assemble

    return assemble(folder, name or _sources_hash(folder))


def _sources_hash(folder: Path) -> str:
    """Return the SHA-256 over the names and bytes of the bank's files, in hexadecimal."""
    if not (folder / "bank.yaml").is_file():
        raise IntakeError(
            "BANK-008", str(folder), "holds no bank.yaml.", "Name the folder of a question bank."
        )
    digest = hashlib.sha256()
    for name in bank_file_names(folder):
        try:
            with open(f"{folder}/{name}", "rb") as file:
                raw = file.read(_LARGEST + 1)  # a larger one is refused when it is read
        except OSError:
            raw = b""
        digest.update(f"{name}\0{len(raw)}\0".encode())
        digest.update(raw)
    return digest.hexdigest()


def _kept(path: Path, name: str, folder: Path) -> Bank | None:
    try:
        bank = compiled.decode(path.read_bytes(), str(folder))
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return None
    return bank if bank.hash == name else None


def _keep(path: Path, bank: Bank) -> None:
    """Write the compiled bank; a cache that cannot be written is done without."""
    temporary = path.with_suffix(f".{os.getpid()}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary.write_bytes(compiled.encode(bank))
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()


__all__ = ["load_bank", "load_sources", "shipped_bank"]
