from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the measurements out of the suite: `pytest tests/benchmarks --benchmark-enable`."""
    if config.getoption("benchmark_enable"):
        return
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="measured only with --benchmark-enable"))
