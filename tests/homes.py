"""Real homes for tests: in memory where there is one, and cheap to unlock."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from nmt_intake.store.files.disk import Disk
from nmt_intake.store.home import Home, VaultState
from nmt_intake.store.paths import Places
from nmt_intake.store.vault import vault as vault_module
from nmt_intake.store.vault.key_derivation import Cost

PASSPHRASE = "violet kettle orbit ladder"


def cheap_stretch(secret: bytes, salt: bytes, cost: Cost) -> bytes:
    """Stand in for Argon2id, which is made to take half a second."""
    cost.check()
    return hashlib.sha256(salt + secret).digest()


def make_guessing_cheap() -> None:
    """For this process only: unlocking takes no time."""
    vault_module.stretch = cheap_stretch


def home_in(
    folder: Path,
    *,
    who: str = "ana",
    clock: Callable[[], datetime] | None = None,
    disk: Disk | None = None,
    opened: bool = True,
) -> Home:
    """Return a home in a folder, open (a vault is made if there is none); else as it is found."""
    places = Places(folder / "data", folder / "config", folder / "cache")
    places.make()
    clocks = {"clock": clock} if clock else {}
    home = Home(places, disk=disk, who=who, cost=Cost(), least_room=1, **clocks)
    if opened and home.state is VaultState.NEW:
        home.set_up(PASSPHRASE)
    elif opened:
        home.unlock(PASSPHRASE)
    return home
