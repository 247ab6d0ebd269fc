"""The first run: what is said, what is asked, what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from nmt_intake.store.errors import FolderUnusable
from nmt_intake.store.home import VaultState
from nmt_intake.store.plain import PlainCaseStore
from nmt_intake.store.protocols import CaseLabel
from nmt_intake.store.sealed.plain_import import Imported
from nmt_intake.store.sealed.restore import Restored, RestoreOutcome
from nmt_intake.tui.panes.asking_line import Line
from nmt_intake.tui.vault import texts
from nmt_intake.tui.vault.entry import FirstRun
from tests.tui.vault.homes import (
    GOOD,
    NOBODY,
    WatchedHome,
    clear,
    flat,
    on_stage,
    press,
    result,
    send,
    settle,
    shown,
)


async def test_four_sentences_say_what_is_protected_and_what_is_not(home: WatchedHome) -> None:
    assert len(texts.PROTECTED.split("\n\n")) == 4
    async with on_stage(FirstRun(home)) as pilot:
        for sentence in texts.PROTECTED.split("\n\n"):
            assert sentence in flat(pilot)
        assert "Not protected: a desk left open" in flat(pilot)
        assert "p practise" in shown(pilot)


async def test_passphrase_twice_then_the_code_typed_back_opens_the_cases(home: WatchedHome) -> None:
    async with on_stage(FirstRun(home)) as pilot:
        await press(pilot, "enter")
        await send(pilot, GOOD)
        await send(pilot, GOOD)
        assert home.code in shown(pilot)
        await press(pilot, "enter")
        assert home.code not in shown(pilot), "typed from paper, not from the screen"
        await send(pilot, home.code)
        assert result(pilot) is VaultState.OPEN
    assert home.opens_with(GOOD)


async def test_the_strength_is_said_in_words_and_the_passphrase_never_shown(
    home: WatchedHome,
) -> None:
    async with on_stage(FirstRun(home)) as pilot:
        await press(pilot, "enter", *"short")
        assert "Too short" in shown(pilot)
        assert "short" not in shown(pilot).replace("Too short", "")
        await press(pilot, *"erlonger")
        assert "Strength: " in shown(pilot)
        assert "shorterlonger" not in shown(pilot)
        await clear(pilot)
        await send(pilot, GOOD)
        await settle(pilot)
        assert GOOD not in shown(pilot)
        assert pilot.app.screen.query_one(Line).value == ""


@pytest.mark.parametrize("weak", ["password1", "monkey12", "aaaaaaaaaaaa"])
async def test_a_weak_one_takes_a_second_enter(home: WatchedHome, weak: str) -> None:
    async with on_stage(FirstRun(home)) as pilot:
        await press(pilot, "enter")
        await send(pilot, weak)
        assert "easy to guess" in shown(pilot)
        assert "The same once more" not in shown(pilot)
        await press(pilot, "enter")
        assert "The same once more" in shown(pilot)


async def test_too_short_is_refused_however_often(home: WatchedHome) -> None:
    async with on_stage(FirstRun(home)) as pilot:
        await press(pilot, "enter")
        await send(pilot, "seven77")
        await press(pilot, "enter", "enter")
        assert "Too short" in shown(pilot)
        assert "New passphrase" in shown(pilot)
    assert home.calls == []


async def test_two_that_differ_set_nothing(home: WatchedHome) -> None:
    async with on_stage(FirstRun(home)) as pilot:
        await press(pilot, "enter")
        await send(pilot, GOOD)
        await send(pilot, GOOD + "s")
        assert "not the same" in shown(pilot)
        assert "New passphrase" in shown(pilot)
    assert home.state is VaultState.NEW


async def test_a_wrong_code_is_refused_and_the_right_one_shown_once_more(home: WatchedHome) -> None:
    async with on_stage(FirstRun(home)) as pilot:
        await press(pilot, "enter")
        await send(pilot, GOOD)
        await send(pilot, GOOD)
        await press(pilot, "enter")
        await send(pilot, "AAAAA-BBBBB")
        assert "This is not the code" in shown(pilot)
        assert result(pilot) is NOBODY
        await press(pilot, "escape")
        assert home.code in shown(pilot)
        await press(pilot, "escape")
        assert home.code in shown(pilot), "nothing leads past it but typing it back"


async def test_practising_needs_no_passphrase(home: WatchedHome) -> None:
    async with on_stage(FirstRun(home)) as pilot:
        await press(pilot, "p")
        assert result(pilot) is VaultState.PRACTICE
    assert home.calls == []


async def test_escape_goes_back_a_step_and_then_out(home: WatchedHome) -> None:
    async with on_stage(FirstRun(home)) as pilot:
        await press(pilot, "enter", "escape")
        assert "Before the first case" in shown(pilot)
        await press(pilot, "escape")
        assert result(pilot) is None


async def test_a_folder_that_cannot_be_used_is_said_and_nothing_is_lost(home: WatchedHome) -> None:
    home.fails["set_up"] = FolderUnusable("the data folder", "Permission denied")
    async with on_stage(FirstRun(home)) as pilot:
        await press(pilot, "enter")
        await send(pilot, GOOD)
        await send(pilot, GOOD)
        assert "Permission denied" in shown(pilot)
        assert "Before the first case" in shown(pilot)


async def test_a_backup_opens_a_new_computer(home: WatchedHome, tmp_path: Path) -> None:
    backup = tmp_path / "b.nmtbackup"
    backup.write_bytes(b"sealed")
    home.fates = [Restored("1" * 32, RestoreOutcome.BROUGHT_BACK, 12)]
    async with on_stage(FirstRun(home)) as pilot:
        await press(pilot, "b")
        assert "becomes that of this computer" in flat(pilot)
        await send(pilot, str(backup))
        await send(pilot, GOOD)
        assert "1 case: brought back" in shown(pilot)
        await press(pilot, "enter")
        assert result(pilot) is VaultState.OPEN


async def test_plain_cases_of_the_first_format_are_offered_to_be_sealed(
    home: WatchedHome, tmp_path: Path
) -> None:
    PlainCaseStore(tmp_path).create(CaseLabel("M.")).close()
    home.taken = Imported(("2" * 32,), (("3" * 32, "STORE-026"),))
    async with on_stage(FirstRun(home, plain_folder=tmp_path)) as pilot:
        await press(pilot, "enter")
        await send(pilot, GOOD)
        await send(pilot, GOOD)
        await press(pilot, "enter")
        await send(pilot, home.code)
        assert "1 plain case file, readable for anybody" in flat(pilot)
        await press(pilot, "enter")
        assert "plain file removed: 1 case" in flat(pilot)
        assert "33333333: left as it is [STORE-026]" in shown(pilot)
        await press(pilot, "enter")
        assert result(pilot) is VaultState.OPEN
