"""A house without a disk, and a stage for one vault screen."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from nmt_intake.errors import IntakeError
from nmt_intake.store.errors import NoKeyring, TooManyTries, WrongPassphrase
from nmt_intake.store.home import VaultState
from nmt_intake.store.protocols import CaseLabel, CaseSummary
from nmt_intake.store.sealed.audit import Action, Entry
from nmt_intake.store.sealed.backup import BackupReport
from nmt_intake.store.sealed.plain_import import Imported
from nmt_intake.store.sealed.restore import Restored
from nmt_intake.store.sealed.verification import Check, Verdict
from nmt_intake.store.vault.recovery_code import new_code
from nmt_intake.tui.vault.page import VaultPage
from tests.tui.driving import calm, keys

GOOD = "violet kettle orbit ladder"
BETTER = "seven quiet harbours sleeping"
NOBODY = object()


@dataclass
class FakeHouse:
    """Does what the house does, in memory; `fails` makes a call raise once."""

    passphrase: str | None = None
    code: str = field(default_factory=new_code)
    is_open: bool = False
    tries: int = 0
    ring: str | None = None
    has_ring: bool = False
    calls: list[str] = field(default_factory=list)
    fails: dict[str, Exception] = field(default_factory=dict)
    verdicts: Sequence[Verdict] = ()
    fates: Sequence[Restored] = ()
    lines: Sequence[CaseSummary] = ()
    left: Sequence[str] = ()
    taken: Imported = field(default_factory=lambda: Imported((), ()))
    gate: threading.Event | None = None

    @property
    def state(self) -> VaultState:
        if self.is_open:
            return VaultState.OPEN
        return VaultState.NEW if self.passphrase is None else VaultState.LOCKED

    @property
    def cases(self) -> Any:
        return SimpleNamespace(list=lambda: self.lines)

    @property
    def practice(self) -> Any:
        return SimpleNamespace(list=lambda: [])

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.gate is not None:
            self.gate.wait(5)
        if name in self.fails:
            raise self.fails.pop(name)

    def _prove(self, given: str, right: str | None) -> None:
        if self.tries >= 3:
            raise TooManyTries(8)
        if given != right:
            self.tries += 1
            raise WrongPassphrase

    def set_up(self, passphrase: str) -> str:
        self._called("set_up")
        self.passphrase, self.is_open = passphrase, True
        return self.code

    def is_recovery_code(self, code: str) -> bool:
        self._called("is_recovery_code")
        return code == self.code

    def unlock(self, passphrase: str) -> None:
        self._called("unlock")
        self._prove(passphrase, self.passphrase)
        self.is_open = True

    def unlock_with_recovery_code(self, code: str) -> None:
        self._called("unlock_with_recovery_code")
        self._prove(code, self.code)
        self.is_open = True

    def unlock_with_keyring(self) -> None:
        self._called("unlock_with_keyring")
        if not self.has_ring:
            raise NoKeyring("The extra 'keyring' is not installed.")
        if self.ring is None:
            raise WrongPassphrase("The keyring keeps nothing for this vault.")
        self.is_open = True

    def require_passphrase(self, passphrase: str) -> None:
        self._called("require_passphrase")
        self._prove(passphrase, self.passphrase)

    def close(self) -> None:
        self.lock()

    def lock(self) -> None:
        self._called("lock")
        self.is_open = False

    def change_passphrase(self, old: str, new: str) -> None:
        self._called("change_passphrase")
        self._prove(old, self.passphrase)
        self.passphrase = new

    def set_passphrase(self, code: str, new: str) -> None:
        self._called("set_passphrase")
        self._prove(code, self.code)
        self.passphrase = new

    def remember_in_keyring(self, passphrase: str) -> None:
        self._called("remember_in_keyring")
        self._prove(passphrase, self.passphrase)
        self.ring = "kept"

    def forget_in_keyring(self) -> None:
        self._called("forget_in_keyring")
        self.ring = None

    def rotate_keys(
        self, passphrase: str, progress: Callable[[int, int], None]
    ) -> tuple[str, Sequence[str]]:
        self._called("rotate_keys")
        self._prove(passphrase, self.passphrase)
        for done in (100, 200, 250):
            progress(done, 250)
        self.code = new_code()
        return self.code, self.left

    def verify(self, check: Check | None = None) -> Sequence[Verdict]:
        self._called("verify")
        if check is not None:
            check([])
        return self.verdicts

    def verify_files(self) -> Sequence[Verdict]:
        self._called("verify_files")
        return self.files

    files: Sequence[Verdict] = ()
    mended: Sequence[str] = ()
    entries: Sequence[Entry] = ()

    def audit(self) -> Sequence[Entry]:
        self._called("audit")
        return self.entries

    def note(self, action: Action, case_id: str = "", count: int = 0) -> None:
        self.calls.append(f"{action.value} {case_id}")

    def backup(self, path: Path) -> BackupReport:
        self._called("backup")
        path.write_bytes(b"sealed")
        return BackupReport(3, 120, 45_678, self.left_out)

    left_out: tuple[str, ...] = ()

    def restore(self, path: Path, secret: str, kind: str = "passphrase") -> Sequence[Restored]:
        self._called(f"restore {kind}")
        if not path.is_file():
            raise IntakeError("STORE-011", "backup", "The file is not there.", "Look again.")
        if secret not in (GOOD, self.code):
            raise WrongPassphrase
        self.passphrase, self.is_open = self.passphrase or secret, True
        return self.fates

    def take_in(self, folder: Path, check: object = None) -> Imported:
        self._called("take_in")
        return self.taken


class Stage(App[None]):
    """Shows one screen and keeps its result."""

    result: object = NOBODY

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        self._screen = screen

    def on_mount(self) -> None:
        self.push_screen(self._screen, self._ended)

    def _ended(self, result: object) -> None:
        self.result = result


@asynccontextmanager
async def on_stage(screen: Screen[Any]) -> AsyncIterator[Pilot[None]]:
    stage = Stage(screen)
    async with stage.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        yield pilot


async def settle(pilot: Pilot[Any], seconds: float = 30) -> None:
    """Wait until the page asks something again, or is gone."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await calm(pilot)
        page = pilot.app.screen
        if not isinstance(page, VaultPage) or page.asks or not pilot.app.is_running:
            await calm(pilot)  # what the page ended with is still on its way
            return
        await asyncio.sleep(0.002)


async def press(pilot: Pilot[Any], *pressed: str) -> None:
    for key in pressed:
        await keys(pilot, key)
        await settle(pilot)


async def send(pilot: Pilot[Any], text: str) -> None:
    """Put words on the line as a paste does, and press Enter."""
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()
    await press(pilot, "enter")


async def clear(pilot: Pilot[Any]) -> None:
    """Empty the line."""
    await press(pilot, "end", "ctrl+u")


def result(pilot: Pilot[Any]) -> object:
    return pilot.app.result


def shown(pilot: Pilot[Any]) -> str:
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


def flat(pilot: Pilot[Any]) -> str:
    """The screen as one line of words, for sentences that wrap."""
    return " ".join(shown(pilot).split())


def line_of(alias: str, case_id: str) -> CaseSummary:
    return CaseSummary(CaseLabel(alias), case_id=case_id)
