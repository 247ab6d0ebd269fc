from __future__ import annotations

import pytest

from tests.tui.vault.homes import FakeHouse


@pytest.fixture
def home() -> FakeHouse:
    return FakeHouse()
