"""The whole desk on a house: first run, lock, idle, practice, second opener, full disk."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from nmt_intake.bank.model import Bank
from nmt_intake.casework.cases import Casework
from nmt_intake.interview.events import Noted
from nmt_intake.report import Report
from nmt_intake.store.errors import CaseDamaged, DiskFull
from nmt_intake.store.protocols import CaseLabel, Finding, Recovery
from nmt_intake.store.sealed.store import SealedCaseStore
from nmt_intake.store.tiny_case import TinyCase
from nmt_intake.tui.app import DeskApp
from nmt_intake.tui.screens.cases import CasesScreen
from nmt_intake.tui.screens.interview import InterviewScreen
from nmt_intake.tui.screens.page import Page
from nmt_intake.tui.screens.plan import PlanScreen
from nmt_intake.tui.screens.report import ReportScreen
from nmt_intake.tui.screens.with_case import CaseScreen
from nmt_intake.tui.terminal import WIPE
from nmt_intake.tui.vault.covers import CaseTold, Cover
from nmt_intake.tui.vault.entry import FirstRun, Unlock
from nmt_intake.tui.vault.menu import VaultMenu
from nmt_intake.tui.vault.page import VaultPage
from tests.homes import home_in
from tests.tui.driving import calm, keys, shown, words
from tests.tui.vault.homes import GOOD, WatchedHome, press, send

CANARY = "Quetzal-Wren"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass
class Clock:
    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def home(tmp_path: Path) -> Iterator[WatchedHome]:
    made = WatchedHome(tmp_path, GOOD)
    yield made
    made.gate = None
    made.close()


@pytest.fixture
def desk(home: WatchedHome, small: Bank, tmp_path: Path) -> Casework:
    made = Casework(home, small, now=lambda: NOON, reports=tmp_path)
    made.settings = replace(made.settings, worker="ana")
    return made


@pytest.fixture
def new(tmp_path: Path, small: Bank) -> Casework:
    """A desk on a home that has no vault yet."""
    return Casework(WatchedHome(tmp_path / "new"), small, now=lambda: NOON)


@asynccontextmanager
async def at(desk: Casework, clock: Clock | None = None) -> AsyncIterator[Pilot[int]]:
    still = clock or Clock()
    app = DeskApp(lambda: desk, monotonic=still, wall=still)
    async with app.run_test(size=(80, 24)) as pilot:
        await calm(pilot)
        yield pilot
        for screen in app.screen_stack:
            if isinstance(screen, CaseScreen):
                await asyncio.to_thread(screen.case.settled)


async def unlocked(pilot: Pilot[int]) -> None:
    assert isinstance(pilot.app.screen, Unlock)
    await send(pilot, GOOD)
    await calm(pilot)


async def with_case(pilot: Pilot[int]) -> InterviewScreen:
    """Start a case whose name and note nobody else may see."""
    await keys(pilot, "n")
    await words(pilot, CANARY, "enter")
    await words(pilot, "2019-09-14", "enter")
    screen = pilot.app.screen
    assert isinstance(screen, InterviewScreen)
    screen.record(Noted, text=f"{CANARY} said so")
    assert CANARY in shown(pilot)
    return screen


async def test_a_new_home_begins_with_the_first_run(new: Casework) -> None:
    async with at(new) as pilot:
        assert isinstance(pilot.app.screen, FirstRun)
        await press(pilot, "enter")
        await send(pilot, GOOD)
        await send(pilot, GOOD)
        await press(pilot, "enter")
        assert isinstance(new.home, WatchedHome)
        await send(pilot, new.home.code)
        await calm(pilot)
        assert isinstance(pilot.app.screen, CasesScreen)
        assert "Practice ·" not in shown(pilot)
        assert "Press n to start one" in shown(pilot)


async def test_escape_at_the_first_run_leaves(new: Casework) -> None:
    async with at(new) as pilot:
        await pilot.press("escape")
        await pilot.pause()
        assert pilot.app.return_code == 0


async def test_the_lock_key_leaves_nothing_of_a_case_on_the_screen(
    desk: Casework, home: WatchedHome
) -> None:
    async with at(desk) as pilot:
        await unlocked(pilot)
        case = (await with_case(pilot)).case
        await keys(pilot, "ctrl+l")
        assert isinstance(pilot.app.screen, Unlock)
        assert CANARY not in shown(pilot)
        assert CANARY not in f"{pilot.app.title} {pilot.app.sub_title}"
        assert len(pilot.app.screen_stack) == 2
        below = pilot.app.screen_stack[0]
        assert CANARY not in "\n".join(strip.text for strip in below._compositor.render_strips()), (
            "the list under the lock screen is empty too"
        )
        assert not home.holds_keys
        assert desk.locked
        assert not case.file.writable, "closed, so that somebody else can open it"

        await keys(pilot, "question_mark", "escape", "ctrl+s", "n", "a", "v", "x")
        assert isinstance(pilot.app.screen, Unlock)
        await pilot.press("end", "ctrl+u")
        await unlocked(pilot)
        assert CANARY in shown(pilot)


async def test_everything_that_was_said_is_saved_before_it_locks(desk: Casework) -> None:
    async with at(desk) as pilot:
        await unlocked(pilot)
        case = (await with_case(pilot)).case
        await keys(pilot, "ctrl+l")
        await unlocked(pilot)
        saved = desk.resume(desk.cases()[0])
        assert [event.id for event in saved.events] == [event.id for event in case.events]
        saved.close()


async def test_an_untouched_desk_locks_after_the_minutes_that_are_set(desk: Casework) -> None:
    clock = Clock()
    assert desk.settings.idle_minutes == 10
    async with at(desk, clock) as pilot:
        await unlocked(pilot)
        await with_case(pilot)
        clock.at += 599
        await pilot.app.lock_if_idle()
        assert isinstance(pilot.app.screen, InterviewScreen)
        await keys(pilot, "down")
        clock.at += 599
        await pilot.app.lock_if_idle()
        assert isinstance(pilot.app.screen, InterviewScreen)
        clock.at += 2
        await pilot.app.lock_if_idle()
        await calm(pilot)
        assert isinstance(pilot.app.screen, Unlock)
        assert CANARY not in shown(pilot)


async def test_it_locks_over_help_and_palette_too(desk: Casework) -> None:
    clock = Clock()
    async with at(desk, clock) as pilot:
        await unlocked(pilot)
        await with_case(pilot)
        await keys(pilot, "question_mark")
        assert isinstance(pilot.app.screen, Page)
        await keys(pilot, "ctrl+p")
        clock.at += 601
        await pilot.app.lock_if_idle()
        await calm(pilot)
        assert isinstance(pilot.app.screen, Unlock)
        assert len(pilot.app.screen_stack) == 2


async def test_nought_minutes_never_lock(desk: Casework) -> None:
    clock = Clock()
    desk.settings = replace(desk.settings, idle_minutes=0)
    async with at(desk, clock) as pilot:
        await unlocked(pilot)
        clock.at += 1e6
        await pilot.app.lock_if_idle()
        assert isinstance(pilot.app.screen, CasesScreen)


async def test_answers_that_cannot_be_saved_are_covered_and_kept(
    desk: Casework, home: WatchedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at(desk) as pilot:
        await unlocked(pilot)
        screen = await with_case(pilot)
        await asyncio.to_thread(screen.case.settled)

        def full(_case: TinyCase, _sequence: int, _records: object) -> int:
            raise DiskFull("case")

        monkeypatch.setattr(TinyCase, "append", full)
        screen.record(Noted, text="not to be lost")
        driver, written = pilot.app._driver, list[str]()
        assert driver is not None
        with monkeypatch.context() as watching:
            watching.setattr(driver, "write", written.append)
            for _ in range(3):
                await pilot.app.action_lock()
                await calm(pilot)
        assert WIPE in written
        assert isinstance(pilot.app.screen, Cover)
        assert "1 answer is not saved yet" in shown(pilot)
        assert CANARY not in shown(pilot)
        await keys(pilot, "ctrl+s", "escape", "ctrl+l")
        assert isinstance(pilot.app.screen, Cover)
        await send(pilot, GOOD)
        assert pilot.app.screen is screen
        assert screen.case.saving.waiting == 1

        monkeypatch.undo()
        screen.case.try_again()
        await asyncio.to_thread(screen.case.settled)
        await keys(pilot, "ctrl+l")
        assert isinstance(pilot.app.screen, Unlock)
        assert not home.holds_keys


async def test_practice_is_marked_and_kept_apart(desk: Casework, home: WatchedHome) -> None:
    async with at(desk) as pilot:
        await keys(pilot, "f4")
        assert isinstance(pilot.app.screen, CasesScreen)
        assert shown(pilot).startswith(" Practice ·")
        screen = await with_case(pilot)
        assert shown(pilot).startswith(" Practice ·")
        assert screen.interview.practice
        await pilot.app.action_lock()
        await calm(pilot)
        await unlocked(pilot)
        assert CANARY not in shown(pilot), "the sealed cases do not hold it"
        await keys(pilot, "x")
        assert shown(pilot).startswith(" Practice ·")
        assert CANARY in shown(pilot)
        await keys(pilot, "v")
        assert "Nothing protects practice cases" in shown(pilot)
        await keys(pilot, "x")
        assert "Practice ·" not in shown(pilot)
    assert home.calls.count("unlock") == 1


async def test_from_practice_the_way_to_the_cases_asks_for_the_passphrase(
    desk: Casework, home: WatchedHome
) -> None:
    async with at(desk) as pilot:
        await keys(pilot, "f4", "x")
        assert isinstance(pilot.app.screen, Unlock)
        await keys(pilot, "f4")
        assert shown(pilot).startswith(" Practice ·")
        await keys(pilot, "x")
        await unlocked(pilot)
        assert "Practice ·" not in shown(pilot)
        assert home.holds_keys


async def test_the_second_opener_is_told_and_reads(desk: Casework, home: WatchedHome) -> None:
    async with at(desk) as pilot:
        await unlocked(pilot)
        ben = home_in(home.places.data.parent, who="Ben")
        with ben.cases.create(CaseLabel("K.", "2019-09-14")) as other:
            await keys(pilot, "x", "x", "enter")
            assert isinstance(pilot.app.screen, CaseTold)
            assert "Who: Ben" in shown(pilot)
            await keys(pilot, "escape")
            assert isinstance(pilot.app.screen, CasesScreen)
            await keys(pilot, "enter", "enter")
            assert isinstance(pilot.app.screen, InterviewScreen)
            assert "reading only" in shown(pilot)
            assert other.writable
        ben.close()


async def test_a_damaged_case_is_told_and_read_where_it_can_be(
    desk: Casework, home: WatchedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.unlock(GOOD)
    with home.cases.create(CaseLabel("K.")):
        pass
    home.lock()

    def damaged(_store: SealedCaseStore, case_id: str) -> Any:
        raise CaseDamaged(case_id, "A part was harmed.", 0, None)

    monkeypatch.setattr(SealedCaseStore, "claim", damaged)
    async with at(desk) as pilot:
        await unlocked(pilot)
        await keys(pilot, "enter")
        assert isinstance(pilot.app.screen, CaseTold)
        assert "A part was harmed." in shown(pilot)
        await keys(pilot, "escape")
        assert isinstance(pilot.app.screen, CasesScreen)


async def test_a_file_that_was_not_closed_is_told_with_its_numbers(desk: Casework) -> None:
    async with at(desk) as pilot:
        await unlocked(pilot)
        screen = await with_case(pilot)
        screen.case.file.recovery = Recovery(  # type: ignore[misc]
            Finding.TAIL_CUT, 2, "2026-11-22T11:00:00.000+00:00"
        )
        screen.action_rate()
        await calm(pilot)
        assert "cut off and kept aside" in " ".join(shown(pilot).split())
        assert "Here: 2 entries, 0 answers among them" in " ".join(shown(pilot).split())


async def test_plan_and_vault_open_from_the_list(desk: Casework) -> None:
    async with at(desk) as pilot:
        await unlocked(pilot)
        await with_case(pilot)
        await pilot.app.screen.action_close()
        await calm(pilot)
        await keys(pilot, "a")
        assert isinstance(pilot.app.screen, PlanScreen)
        await keys(pilot, "escape")
        assert isinstance(pilot.app.screen, CasesScreen)
        await keys(pilot, "v")
        assert isinstance(pilot.app.screen, VaultMenu)
        await keys(pilot, "escape")
        assert isinstance(pilot.app.screen, CasesScreen)


async def test_files_that_were_made_whole_are_told_over_the_list(
    desk: Casework, home: WatchedHome
) -> None:
    home.harmed = ["index.nmt"]
    async with at(desk) as pilot:
        await unlocked(pilot)
        told = " ".join(shown(pilot).split())
        assert "Missing or harmed, and put right as far as it can be: index.nmt." in told
        assert "Vault, Verify says more." in told


async def test_a_report_that_is_saved_is_in_the_audit(
    desk: Casework, home: WatchedHome, tmp_path: Path
) -> None:
    async with at(desk) as pilot:
        await unlocked(pilot)
        screen = await with_case(pilot)
        case_id = screen.case.file.case_id
        await pilot.app.screen.action_close()
        await calm(pilot)
        await keys(pilot, "p")
        assert isinstance(pilot.app.screen, ReportScreen)
        await calm(pilot)
        pilot.app.screen._report = Report("", "# words", {}, None)  # the small bank scores nothing
        await keys(pilot, "f2")
        await keys(pilot, "enter")
        await calm(pilot)
    (saved,) = tmp_path.glob("report-*.md")
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert f"case printed {case_id}" in home.calls


async def test_a_lock_while_new_keys_are_written_waits_for_their_end(
    desk: Casework, home: WatchedHome
) -> None:
    import threading

    async with at(desk) as pilot:
        await unlocked(pilot)
        await keys(pilot, "v")
        home.gate = threading.Event()
        await pilot.press("v")
        await pilot.pause()
        page = pilot.app.screen
        assert isinstance(page, VaultPage)
        assert page.busy
        await pilot.press("ctrl+l")
        await pilot.app.lock_if_idle()
        assert home.holds_keys
        assert pilot.app.screen is page
        home.gate.set()
        for _ in range(200):
            await pilot.pause(0.01)
            if not page.busy:
                break
        await pilot.app.lock_if_idle()
        await calm(pilot)
        assert isinstance(pilot.app.screen, Unlock)
        assert not home.holds_keys


async def test_the_palette_offers_the_doors_and_nothing_that_does_not_work(desk: Casework) -> None:
    async with at(desk) as pilot:
        await keys(pilot, "ctrl+p")
        assert "Use the recovery code (F2)" in shown(pilot)
        assert "Close the desk" in shown(pilot)
        assert "Settings" not in shown(pilot)
        await pilot.press("escape")


async def test_what_is_typed_and_not_sent_is_kept_when_it_locks(desk: Casework) -> None:
    async with at(desk) as pilot:
        await unlocked(pilot)
        await with_case(pilot)
        await keys(pilot, "alt+n")
        await words(pilot, "half a note")
        await pilot.press("ctrl+l")
        await calm(pilot)
        assert isinstance(pilot.app.screen, Unlock)
        await unlocked(pilot)
        await keys(pilot, "enter")
        screen = pilot.app.screen
        assert isinstance(screen, InterviewScreen)
        assert "Typed, not sent: half a note" in [note.text for note in screen.interview.notes]


async def test_a_case_that_can_only_be_read_takes_no_note_and_says_so_before_it_is_typed(
    desk: Casework, home: WatchedHome
) -> None:
    async with at(desk) as pilot:
        await unlocked(pilot)
        screen = await with_case(pilot)
        case_id = screen.case.file.case_id
        await screen.action_close()
        await calm(pilot)
        with home.cases.claim(case_id):
            await keys(pilot, "enter")
            await keys(pilot, "enter")
            screen = pilot.app.screen
            assert isinstance(screen, InterviewScreen)
            before = len(screen.case.events)
            for key in ("alt+n", "slash", "alt+f", "alt+i"):
                await keys(pilot, key)
                assert "This case is open for reading." in shown(pilot)
                assert not screen.asking.asks
            await keys(pilot, "exclamation_mark")
            await keys(pilot, "1")
            assert "This case is open for reading." in shown(pilot)
            assert len(screen.case.events) == before


async def test_a_locked_desk_gives_back_nothing_that_was_copied_or_looked_for(
    desk: Casework, home: WatchedHome
) -> None:
    async with at(desk) as pilot:
        await unlocked(pilot)
        await with_case(pilot)
        await keys(pilot, "alt+n")
        await words(pilot, CANARY)
        await pilot.press("home", "shift+end", "ctrl+c")
        assert pilot.app._clipboard == CANARY
        await pilot.press("ctrl+l")
        await calm(pilot)
        assert pilot.app._clipboard == ""
        await unlocked(pilot)
        await keys(pilot, "slash")
        await words(pilot, CANARY, "enter")
        await pilot.press("ctrl+l")
        await calm(pilot)
        await press(pilot, "f4")
        await calm(pilot)
        assert CANARY not in shown(pilot)


async def test_a_secret_cannot_be_copied(desk: Casework) -> None:
    async with at(desk) as pilot:
        for key in GOOD:
            await pilot.press("space" if key == " " else key)
        await pilot.press("home", "shift+end", "ctrl+c", "ctrl+x")
        assert pilot.app._clipboard == ""
        await pilot.press("enter")
        await calm(pilot)
        assert isinstance(pilot.app.screen, CasesScreen), "nothing was cut either"


async def test_a_vault_that_a_page_has_opened_locks_too(desk: Casework, home: WatchedHome) -> None:
    async with at(desk) as pilot:
        await press(pilot, "f2")
        await send(pilot, home.code)
        await calm(pilot)
        assert home.holds_keys
        await pilot.press("ctrl+l")
        await calm(pilot)
        assert not home.holds_keys
        assert isinstance(pilot.app.screen, Unlock)
        await unlocked(pilot)
        assert isinstance(pilot.app.screen, CasesScreen)


async def test_the_desk_looks_by_itself_whether_anybody_is_there(
    desk: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nmt_intake.tui.app.LOOKS_EVERY", 0.02)
    clock = Clock()
    async with at(desk, clock) as pilot:
        await unlocked(pilot)
        clock.at += 601
        for _ in range(200):
            await asyncio.sleep(0.01)
            if isinstance(pilot.app.screen, Unlock):
                break
        await calm(pilot)
        assert isinstance(pilot.app.screen, Unlock)
