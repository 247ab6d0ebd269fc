"""What every run of the tests shares."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

import pytest

from tests.banks import COMPILED

HERE: Final = Path(__file__).parent
# Each takes more than 5 s of one core (all of the desk: two minutes).
SLOW: Final = (
    *("tui", "faults", "conformance", "doors", "cli/test_cases.py", "cli/test_bad_input.py"),
    *("casework/test_safety.py", "plans", "rehearsal/test_agreement.py", "bank/test_proof.py"),
    *("report/test_structure.py", "report/test_paper.py", "report/test_browser.py"),
    *("bank/test_covering.py", "scoring/test_score.py"),
)


def pytest_configure() -> None:
    """Make a folder in which all workers find the shipped bank compiled."""
    if COMPILED not in os.environ:
        os.environ[COMPILED] = tempfile.mkdtemp(prefix="nmt-intake-compiled-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it, in the process that made it."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(COMPILED), ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow ones."""
    slow = [HERE / name for name in SLOW]
    for item in items:
        if {item.path, *item.path.parents}.intersection(slow):
            item.add_marker(pytest.mark.slow)
