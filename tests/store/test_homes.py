"""Which cases are at hand, where things lie, and whether a passphrase file is shared."""

from __future__ import annotations

from pathlib import Path

import pytest

from nmt_intake.store.errors import FolderUnusable
from nmt_intake.store.home import Home, VaultState
from nmt_intake.store.paths import find_cache, find_places
from nmt_intake.store.vault.passphrase_source import FILE, is_open_to_all
from tests.store.conftest import PASSPHRASE


def test_practice_cases_are_at_hand_beside_an_open_vault(home: Home) -> None:
    assert (home.state, home.holds_keys) == (VaultState.OPEN, True)
    assert home.at_hand is home.cases
    home.practise()
    assert (home.state, home.holds_keys) == (VaultState.PRACTICE, True)
    assert home.at_hand is home.practice
    home.leave_practice()
    assert home.at_hand is home.cases
    home.lock()
    assert (home.state, home.holds_keys) == (VaultState.LOCKED, False)
    home.unlock(PASSPHRASE)
    assert home.state is VaultState.OPEN


@pytest.mark.parametrize(
    ("environment", "home"),
    [({"NMT_INTAKE_HOME": "~nosuchuser/x"}, "/root"), ({"HOME": ""}, "/root"), ({}, "nowhere")],
    ids=["nobody's folder", "an empty HOME", "a HOME that is no path"],
)
def test_without_a_home_there_is_no_folder_and_no_cache(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], home: str
) -> None:
    monkeypatch.setenv("HOME", home)
    with pytest.raises(FolderUnusable):
        find_places(environment)
    assert find_cache(environment) is None


def test_the_cache_lies_below_the_home_that_is_named(
    tmp_path: Path,
) -> None:
    assert find_cache({"NMT_INTAKE_HOME": str(tmp_path)}) == tmp_path / "cache"


def test_a_passphrase_file_that_all_may_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_text("x")
    file.chmod(0o604)
    assert is_open_to_all({FILE: str(file)})
    file.chmod(0o600)
    assert not is_open_to_all({FILE: str(file)})
    assert not is_open_to_all({FILE: str(tmp_path / "none")})
    assert not is_open_to_all({})
