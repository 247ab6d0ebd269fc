"""An unattended desk: the lock key, the idle lock, the quiet lock screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nmt_intake.bank.model import Bank
from nmt_intake.casework.cases import Casework
from nmt_intake.errors import IntakeError
from nmt_intake.store.plain import PlainCaseStore
from nmt_intake.store.protocols import CaseStore
from tests.tui.driving import at_desk, calm, keys, make_desk, new_case, shown, words


class _Gate:
    """A gate that takes one passphrase."""

    needs_passphrase = True

    def __init__(self, store: CaseStore) -> None:
        self.store = store
        self.shut_times = 0

    def open(self, passphrase: str) -> CaseStore:
        if passphrase != "open sesame":
            raise IntakeError("X-1", "", "That is not the passphrase.", "Try again.")
        return self.store

    def shut(self) -> None:
        self.shut_times += 1


def locked_desk(tmp_path: Path, small: Bank) -> tuple[Casework, _Gate]:
    desk = make_desk(tmp_path, small)
    gate = _Gate(PlainCaseStore(tmp_path / "cases", who="ana"))
    desk._gate = gate
    return desk, gate


async def test_a_wrong_passphrase_is_said_and_the_right_one_opens(
    tmp_path: Path, small: Bank
) -> None:
    desk, _ = locked_desk(tmp_path, small)
    async with at_desk(desk) as pilot:
        assert "Locked." in shown(pilot)
        await words(pilot, "wrong", "enter")
        assert "That is not the passphrase." in shown(pilot)
        assert "wrong" not in shown(pilot)
        await words(pilot, "open sesame", "enter")
        assert "Press n to start one" in shown(pilot)


async def test_the_lock_key_saves_clears_and_drops_the_keys(tmp_path: Path, small: Bank) -> None:
    desk, gate = locked_desk(tmp_path, small)
    async with at_desk(desk) as pilot:
        await words(pilot, "open sesame", "enter")
        screen = await new_case(pilot, "Quetzal")
        await keys(pilot, "3", "n")
        await words(pilot, "half a note")
        await keys(pilot, "ctrl+l")
        assert shown(pilot).split() == ["Locked.", "Passphrase,", "then", "Enter."]
        assert (desk.locked, gate.shut_times) == (True, 1)
        assert not screen.case.file.writable
        await words(pilot, "open sesame", "enter")
        await keys(pilot, "enter")
        assert "Do you like to read?" in shown(pilot)


async def test_a_desk_that_nobody_touches_locks_itself(tmp_path: Path, small: Bank) -> None:
    desk, _ = locked_desk(tmp_path, small)
    desk.settings = replace(desk.settings, idle_minutes=10)
    now = [0.0]
    clock = lambda: now[0]  # noqa: E731
    async with at_desk(desk, monotonic=clock, wall=clock) as pilot:
        await words(pilot, "open sesame", "enter")
        await new_case(pilot)
        now[0] += 9 * 60
        await pilot.app.lock_if_idle()  # type: ignore[attr-defined]
        assert not desk.locked
        await keys(pilot, "w")
        now[0] += 9 * 60
        await pilot.app.lock_if_idle()  # type: ignore[attr-defined]
        assert not desk.locked
        now[0] += 2 * 60
        await pilot.app.lock_if_idle()  # type: ignore[attr-defined]
        await calm(pilot)
        assert desk.locked
        assert "M." not in shown(pilot)


async def test_the_lock_key_works_while_a_page_is_open(tmp_path: Path, small: Bank) -> None:
    desk, _ = locked_desk(tmp_path, small)
    async with at_desk(desk) as pilot:
        await words(pilot, "open sesame", "enter")
        await keys(pilot, "n", "ctrl+l")
        assert desk.locked
        assert "Locked." in shown(pilot)
