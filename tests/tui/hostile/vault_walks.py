"""How each page of the vault comes to show what people and files have written."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import date
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen

from nmt_intake.errors import IntakeError
from nmt_intake.store.errors import CaseClaimed, CaseDamaged
from nmt_intake.store.protocols import CaseLabel
from nmt_intake.store.sealed.audit import Entry
from nmt_intake.store.sealed.backup import BackupReport
from nmt_intake.store.sealed.plain_import import Imported
from nmt_intake.store.sealed.verification import Verdict
from nmt_intake.tui.vault.covers import CaseTold, Cover, SaveElsewhere
from nmt_intake.tui.vault.entry import FirstRun, Unlock
from nmt_intake.tui.vault.menu import VaultMenu
from tests.tui.driving import NOON
from tests.tui.hostile.case_walks import ERROR, Kit, Walk
from tests.tui.hostile.texts import TEXT, Wanted
from tests.tui.vault.homes import GOOD, WatchedHome, clear, press, send, settle

CASE = "1" * 32


async def shown_page(pilot: Pilot[int], page: Screen[Any]) -> None:
    pilot.app.push_screen(page)
    await settle(pilot)


def refused(*_given: object) -> Any:
    raise ERROR


async def a_first_run(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    home = WatchedHome(kit.folder / "new")
    home.fails = {"restore passphrase": ERROR, "set_up": ERROR}
    folder = Path(TEXT)
    await shown_page(pilot, FirstRun(home, plain_folder=folder))
    await press(pilot, "b")
    await send(pilot, TEXT)
    await send(pilot, GOOD)
    yield {"#vault-line": 1, "#vault-says": 2}
    await press(pilot, "escape", "enter")
    await send(pilot, GOOD)
    await send(pilot, GOOD)
    yield {"#vault-says": 2}


async def a_lock(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    home = WatchedHome(kit.folder / "locked", GOOD)
    home.fails = {"unlock": ERROR, "unlock_with_keyring": ERROR}
    await shown_page(pilot, Unlock(home))
    await send(pilot, GOOD)
    yield {"#vault-says": 2}
    await press(pilot, "f3")
    yield {"#vault-says": 2}


async def a_cover(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    await shown_page(pilot, Cover(refused, 1))
    await send(pilot, TEXT)
    yield {"#vault-says": 2}


async def another_folder(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    replies = [ERROR, BackupReport(1, 1, 1, ())]

    def write(_path: Path) -> BackupReport:
        match replies.pop(0):
            case BackupReport() as report:
                return report
            case error:
                raise error

    await shown_page(pilot, SaveElsewhere(write, 1, NOON))
    await clear(pilot)
    await send(pilot, TEXT)
    yield {"#vault-line": 1, "#vault-says": 2}
    await press(pilot, "enter")
    yield {"#vault-words": 1}


async def a_claimed_case(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    await shown_page(pilot, CaseTold.elsewhere(CaseClaimed(CASE, TEXT, TEXT, TEXT)))
    yield {"#vault-words": 2}


async def a_damaged_case(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    await shown_page(pilot, CaseTold.damaged(CaseDamaged(CASE, TEXT, 7, TEXT)))
    yield {"#vault-words": 2}


async def the_menu(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    home = WatchedHome(kit.folder / "open", GOOD, is_open=True)
    with home.cases.create(CaseLabel(TEXT)) as file:
        case = file.case_id
    home.written = BackupReport(1, 1, 1, ())
    home.verdicts = [Verdict(case, 1, 1, TEXT, TEXT)]
    home.files = [Verdict("", 1, 1, TEXT, TEXT, TEXT)]
    home.entries = [Entry(TEXT, TEXT, TEXT, TEXT, case, 1)]
    home.taken = Imported((), ((TEXT, TEXT),))
    folder = Path(TEXT)
    await shown_page(
        pilot, VaultMenu(home, plain_folder=folder, backups=folder, today=date(2026, 11, 22))
    )
    await press(pilot, "v")
    yield {"#vault-words": 6}
    await press(pilot, "enter", "a")
    yield {"#vault-words": 3}
    await press(pilot, "enter", "b")
    yield {"#vault-line": 1}
    await press(pilot, "enter")
    yield {"#vault-words": 1}
    await press(pilot, "enter", "i")
    yield {"#vault-line": 1}
    await press(pilot, "enter")
    yield {"#vault-words": 1}


async def errors_of_the_menu(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    home = WatchedHome(kit.folder / "failing", GOOD, is_open=True)
    await shown_page(
        pilot,
        VaultMenu(home, plain_folder=kit.folder, backups=kit.folder, today=date(2026, 11, 22)),
    )
    for key, call in (("v", "verify"), ("a", "audit"), ("f", "forget_in_keyring")):
        home.fails[call] = ERROR
        await press(pilot, key)
        yield {"#vault-says": 2}
    for key, call in (
        ("c", "change_passphrase"),
        ("r", "rotate_keys"),
        ("k", "remember_in_keyring"),
    ):
        home.fails[call] = ERROR
        await press(pilot, key)
        for _ in range(3 if key == "c" else 1):
            await send(pilot, GOOD)
        yield {"#vault-says": 2}
        await press(pilot, "escape")
    for key, call in (("b", "backup"), ("i", "take_in")):
        home.fails[call] = ERROR
        await press(pilot, key, "enter")
        yield {"#vault-says": 2}
        await press(pilot, "escape")
    home.fails["restore passphrase"] = IntakeError("X-1", "", TEXT, TEXT)
    await press(pilot, "t")
    await send(pilot, TEXT)
    await send(pilot, GOOD)
    yield {"#vault-line": 1, "#vault-says": 2}


WALKS: tuple[tuple[type[Screen[Any]], Walk], ...] = (
    (FirstRun, a_first_run),
    (Unlock, a_lock),
    (Cover, a_cover),
    (SaveElsewhere, another_folder),
    (CaseTold, a_claimed_case),
    (CaseTold, a_damaged_case),
    (VaultMenu, the_menu),
    (VaultMenu, errors_of_the_menu),
)
