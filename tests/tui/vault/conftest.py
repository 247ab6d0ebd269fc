from __future__ import annotations

import pytest

from tests.tui.vault.houses import FakeHouse


@pytest.fixture
def house() -> FakeHouse:
    return FakeHouse()
