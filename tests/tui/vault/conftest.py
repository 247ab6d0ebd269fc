from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.vault.homes import WatchedHome


@pytest.fixture
def home(tmp_path: Path) -> Iterator[WatchedHome]:
    made = WatchedHome(tmp_path)
    yield made
    made.gate = None
    made.close()
