from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nmt_intake.bank.loading import load_bank, shipped_bank
from nmt_intake.bank.model import Bank
from nmt_intake.casework.cases import Casework
from nmt_intake.store.vault import vault as vault_module
from nmt_intake.tui.screens.interview import InterviewScreen
from tests import banks
from tests.homes import cheap_stretch
from tests.tui.driving import make_desk

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def cheap_unlocking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault_module, "stretch", cheap_stretch)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """What rests is recorded when a test says so, not by the clock of a busy machine."""
    monkeypatch.setattr(InterviewScreen, "PAUSE", 0)


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bank") / "small"
    shutil.copytree(HERE / "banks" / "small", folder)
    shutil.copytree(shipped_bank() / "scoring", folder / "scoring")
    return folder


@pytest.fixture(scope="session")
def small(small_folder: Path) -> Bank:
    return load_bank(small_folder)


@pytest.fixture(scope="session")
def shipped() -> Bank:
    return banks.shipped()


@pytest.fixture
def desk(tmp_path: Path, small: Bank) -> Iterator[Casework]:
    made = make_desk(tmp_path, small)
    yield made
    made.leave()


@pytest.fixture
def desk_with(tmp_path: Path) -> Callable[[Bank], Casework]:
    return lambda bank: make_desk(tmp_path, bank)
