"""Saved means saved: write errors, a second opener, damage, and leaving with unsaved answers."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from nmt_intake.bank.model import Bank
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.saving import Saver
from nmt_intake.errors import IntakeError
from nmt_intake.store.errors import DiskFull
from nmt_intake.store.files.disk import Disk
from nmt_intake.store.protocols import CaseLabel, Record
from nmt_intake.tui.screens.cases import CasesScreen
from tests.homes import home_in
from tests.tui.driving import (
    NOON,
    WIDE,
    at_desk,
    interview,
    keys,
    make_desk,
    new_case,
    shown,
    words,
)


class _Full(Disk):
    """A disk that has no room while `full` is set."""

    full = False

    def write(self, file: int, data: bytes | memoryview, at: int) -> int:
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(file, data, at)


class _CaseFile:
    """A case file in memory that fails when told to."""

    case_id = "c" * 32
    writable = True

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.problem: Exception | None = None
        self.hold: threading.Event | None = None

    @property
    def sequence(self) -> int:
        return len(self.records)

    def append(self, expected_sequence: int, records: list[Record]) -> int:
        if self.hold is not None:
            self.hold.wait(5)
        if self.problem is not None:
            raise self.problem
        assert expected_sequence == self.sequence
        self.records.extend(records)
        return self.sequence


def saver(file: _CaseFile) -> Saver:
    return Saver(file, lambda: NOON, lambda: None)  # type: ignore[arg-type]


def test_it_says_saved_only_after_the_file_has_said_so() -> None:
    file = _CaseFile()
    file.hold = threading.Event()
    saving = saver(file)
    saving.take([{"id": "1"}])
    assert (saving.state.saved_at, saving.state.waiting) == (None, 1)
    file.hold.set()
    assert saving.settled(5)
    assert (saving.state.saved_at, saving.state.waiting) == (NOON, 0)
    saving.end()


def test_records_are_saved_in_the_order_they_were_made() -> None:
    file = _CaseFile()
    saving = saver(file)
    for number in range(200):
        saving.take([{"id": str(number)}])
    assert saving.end()
    assert [record["id"] for record in file.records] == [str(number) for number in range(200)]


@pytest.mark.parametrize("problem", [DiskFull("case"), ZeroDivisionError("Quetzal")])
def test_what_could_not_be_saved_is_kept_and_saved_later(problem: Exception) -> None:
    file = _CaseFile()
    file.problem = problem
    saving = saver(file)
    saving.take([{"id": "1"}])
    assert not saving.settled(5)
    assert saving.state.problem is not None
    assert "Quetzal" not in str(saving.state.problem)
    file.problem = None
    saving.take([{"id": "2"}])
    assert saving.settled(5)
    assert [record["id"] for record in file.records] == ["1", "2"]
    assert saving.state.problem is None
    saving.end()


async def test_a_full_disk_keeps_the_answers_on_the_screen_and_says_so(
    tmp_path: Path, small: Bank
) -> None:
    disk = _Full()
    async with at_desk(make_desk(tmp_path, small, disk), WIDE) as pilot:
        screen = await new_case(pilot)
        disk.full = True
        await keys(pilot, "3", "1")
        assert "not saved: 2" in shown(pilot)
        assert "The disk is full" in shown(pilot)
        assert screen.slot == "welcome.reads_what"
        assert screen.interview.said("welcome.freely").given[0].value == "freely"
        # Leaving asks once more, and keeps the case open.
        await keys(pilot, "alt+e", "enter")
        assert pilot.app.screen is screen
        assert "2 not saved" in shown(pilot)
        # Room again: saved, in order, and the case closes.
        disk.full = False
        await keys(pilot, "ctrl+t")
        assert "saved " in shown(pilot)
        await keys(pilot, "alt+e", "enter")
        assert isinstance(pilot.app.screen, CasesScreen)
        await keys(pilot, "enter")
        assert interview(pilot).interview.said("welcome.reads").given[0].value is True


async def test_the_second_opener_is_told_who_where_since_when_and_can_only_read(
    tmp_path: Path, small: Bank
) -> None:
    other = home_in(tmp_path, who="bela", clock=lambda: NOON)
    case = other.cases.create(CaseLabel("M."))
    async with at_desk(make_desk(tmp_path, small), WIDE) as pilot:
        await keys(pilot, "enter")
        if isinstance(pilot.app.screen, CasesScreen):
            raise AssertionError(shown(pilot))
        assert "bela" in shown(pilot)
        await keys(pilot, "enter")
        screen = interview(pilot)
        assert "reading only" in shown(pilot)
        await keys(pilot, "3")
        assert screen.case.events == []
        assert "open for reading" in shown(pilot)
        await keys(pilot, "alt+e", "enter")
        assert isinstance(pilot.app.screen, CasesScreen)
    case.close()
    other.close()


async def test_a_case_list_that_cannot_be_read_says_what_and_what_to_do(
    tmp_path: Path, small: Bank
) -> None:
    desk = make_desk(tmp_path, small)
    shutil.rmtree(tmp_path / "data" / "cases", ignore_errors=True)
    (tmp_path / "data" / "cases").write_text("not a folder")
    async with at_desk(desk) as pilot:
        await keys(pilot, "n", "enter", "enter")
        assert "can't be used" in " ".join(shown(pilot).split())


async def test_a_signed_record_takes_nothing_until_it_is_reopened(
    desk_with: Callable[[Bank], object], small: Bank
) -> None:
    async with at_desk(desk_with(small)) as pilot:  # type: ignore[arg-type]
        screen = await new_case(pilot)
        await keys(pilot, "3", "ctrl+o", "alt+s", *["enter"] * 4)
        assert screen.interview.signed
        await keys(pilot, "escape", "1")
        assert "This record is signed." in shown(pilot)
        assert not screen.interview.said("welcome.reads").given
        await keys(pilot, "ctrl+o", "alt+o")
        await words(pilot, "a correction by the grandmother", "enter")
        await keys(pilot, "escape", "1")
        assert screen.interview.said("welcome.reads").given


async def test_a_signed_record_still_takes_a_safety_note_by_its_keys(desk: Casework) -> None:
    async with at_desk(desk, WIDE) as pilot:
        screen = await new_case(pilot)
        await keys(pilot, "3", "ctrl+o", "alt+s", *["enter"] * 4, "escape")
        assert screen.interview.signed
        await keys(pilot, "exclamation_mark", "1")
        await words(pilot, "he said it at the door", "enter")
        await words(pilot, "Dr. B.", "enter")
        (concern,) = screen.interview.open_safety
        assert (concern.note, concern.informed) == ("he said it at the door", "Dr. B.")
        assert "1 safety note" in shown(pilot)
        await keys(pilot, "alt+n")
        assert "This record is signed." in shown(pilot)
        assert len(screen.interview.notes) == 0


def test_an_error_for_people_holds_no_answer() -> None:
    error = IntakeError("X", "", "what", "advice")
    assert str(error) == "what advice [X]"
