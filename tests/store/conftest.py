"""Homes, stores and houses for the store's tests; unlocking is cheap here but for one test."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nmt_intake.store.files.disk import Disk
from nmt_intake.store.home import Home
from nmt_intake.store.paths import Places
from nmt_intake.store.plain import PlainCaseStore
from nmt_intake.store.protocols import CaseStore
from nmt_intake.store.sealed.store import SealedCaseStore
from nmt_intake.store.vault import vault as vault_module
from nmt_intake.store.vault.key_derivation import Cost
from nmt_intake.store.vault.key_memory import VaultKeys
from tests.faults.session import PASSPHRASE, SlowClock, cheap_stretch

Maker = Callable[[str], CaseStore]


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """Return a folder in memory where there is one: these tests sync thousands of times."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="store-tests-", dir=memory) as folder:
        yield Path(folder)


@pytest.fixture
def makers(tmp_path: Path) -> dict[str, Maker]:
    """Return, for each kind of store, what opens one home of it under some worker's name."""

    def sealed(who: str, folder: str, keys: VaultKeys) -> CaseStore:
        store = SealedCaseStore(tmp_path / folder, keys, who=who, clock=SlowClock(), least_room=1)
        store.start()
        return store

    return {
        "plain": lambda who: PlainCaseStore(tmp_path / "plain", who=who, clock=SlowClock()),
        "sealed": lambda who: sealed(who, "sealed", VaultKeys(b"v" * 16, 1, b"k" * 32)),
        "practice": lambda who: sealed(who, "practice", VaultKeys.open_to_all()),
    }


@pytest.fixture(params=["plain", "sealed", "practice"])
def maker(request: pytest.FixtureRequest, makers: dict[str, Maker]) -> Maker:
    return makers[request.param]


@pytest.fixture
def store(maker: Maker) -> CaseStore:
    return maker("ann")


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault_module, "stretch", cheap_stretch)


def home_in(folder: Path, disk: Disk | None = None) -> Home:
    places = Places(folder / "data", folder / "config", folder / "cache")
    places.make()
    return Home(places, disk=disk, who="ann", clock=SlowClock(), cost=Cost(), least_room=1)


@pytest.fixture
def home(tmp_path: Path, cheap: None) -> Iterator[Home]:
    """Return an open house with a fresh vault."""
    made = home_in(tmp_path / "home")
    made.code = made.set_up(PASSPHRASE)  # type: ignore[attr-defined]
    yield made
    made.close()
