"""What every run of the tests shares."""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest

from tests.banks import COMPILED


def pytest_configure() -> None:
    """Make a folder in which all workers find the shipped bank compiled."""
    if COMPILED not in os.environ:
        os.environ[COMPILED] = tempfile.mkdtemp(prefix="nmt-intake-compiled-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it, in the process that made it."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(COMPILED), ignore_errors=True)
