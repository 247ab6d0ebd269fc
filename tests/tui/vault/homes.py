"""A real home that a test can watch and make fail, and a stage for one vault screen."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from nmt_intake.store.errors import NoKeyring, WrongPassphrase
from nmt_intake.store.home import Home, VaultState
from nmt_intake.store.paths import Places
from nmt_intake.store.sealed.audit import Action, Entry
from nmt_intake.store.sealed.backup import BackupReport
from nmt_intake.store.sealed.plain_import import Imported
from nmt_intake.store.sealed.restore import Restored
from nmt_intake.store.sealed.verification import Check, Verdict
from nmt_intake.store.vault.key_derivation import Cost
from nmt_intake.store.vault.system_keyring import Keyring
from nmt_intake.store.vault.vault_file import Kind
from nmt_intake.tui.vault.page import VaultPage
from tests.tui.driving import NOON, calm, keys

GOOD = "violet kettle orbit ladder"
BETTER = "seven quiet harbours sleeping"
NOBODY = object()


class Ring:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, vault: str) -> str | None:
        return self.kept.get(vault)

    def put(self, vault: str, secret: str) -> None:
        self.kept[vault] = secret

    def drop(self, vault: str) -> None:
        self.kept.pop(vault, None)


class WatchedHome(Home):
    """A real home that is cheap to unlock; it notes its `calls`, and does as a test tells it.

    `fails` makes a call raise once, `gate` makes calls wait. What is set of `verdicts`, `files`,
    `entries`, `fates`, `taken`, `left` and `written` is given in place of what the home would say.
    """

    def __init__(
        self, folder: Path, passphrase: str | None = None, *, is_open: bool = False
    ) -> None:
        places = Places(folder / "data", folder / "config", folder / "cache")
        places.make()
        super().__init__(places, cost=Cost(), who="ana", clock=lambda: NOON, least_room=1)
        self.calls: list[str] = []
        self.fails: dict[str, Exception] = {}
        self.gate: threading.Event | None = None
        self.code = ""
        self.ring: Ring | None = None
        self.verdicts: Sequence[Verdict] | None = None
        self.files: Sequence[Verdict] | None = None
        self.entries: Sequence[Entry] | None = None
        self.fates: Sequence[Restored] | None = None
        self.taken: Imported | None = None
        self.left: Sequence[str] | None = None
        self.written: BackupReport | None = None
        self.harmed: Sequence[str] = ()
        self._inside = False
        if passphrase is not None:
            self.has(passphrase, is_open=is_open)

    def has(self, passphrase: str, *, is_open: bool = False) -> None:
        """Give it a vault with this passphrase."""
        self.set_up(passphrase)
        if not is_open:
            self.lock()
        self.calls.clear()

    def opens_with(self, passphrase: str) -> bool:
        """Whether this is the vault's passphrase now."""
        try:
            self._vault.open("passphrase", passphrase).keys.wipe()
        except WrongPassphrase:
            return False
        return True

    @contextmanager
    def _called(self, name: str) -> Iterator[None]:
        if self._inside:  # a call that the home makes of itself
            yield
            return
        self.calls.append(name)
        if self.gate is not None:
            self.gate.wait(5)
        if name in self.fails:
            raise self.fails.pop(name)
        self._inside = True
        try:
            yield
        finally:
            self._inside = False

    @property
    def mended(self) -> Sequence[str]:
        return [*super().mended, *self.harmed]

    def set_up(self, passphrase: str) -> str:
        with self._called("set_up"):
            self.code = super().set_up(passphrase)
        return self.code

    def is_recovery_code(self, code: str) -> bool:
        with self._called("is_recovery_code"):
            return super().is_recovery_code(code)

    def unlock(self, passphrase: str) -> None:
        with self._called("unlock"):
            super().unlock(passphrase)

    def unlock_with_recovery_code(self, code: str) -> None:
        with self._called("unlock_with_recovery_code"):
            super().unlock_with_recovery_code(code)

    def unlock_with_keyring(self, ring: Keyring | None = None) -> None:
        with self._called("unlock_with_keyring"):
            if self.ring is None:
                raise NoKeyring("The extra 'keyring' is not installed.")
            super().unlock_with_keyring(self.ring)

    def require_passphrase(self, passphrase: str) -> None:
        with self._called("require_passphrase"):
            super().require_passphrase(passphrase)

    def lock(self) -> None:
        with self._called("lock"):
            super().lock()

    def change_passphrase(self, old: str, new: str) -> None:
        with self._called("change_passphrase"):
            super().change_passphrase(old, new)

    def set_passphrase(self, code: str, new: str) -> None:
        with self._called("set_passphrase"):
            super().set_passphrase(code, new)

    def remember_in_keyring(self, passphrase: str, ring: Keyring | None = None) -> None:
        with self._called("remember_in_keyring"):
            self.ring = self.ring or Ring()
            super().remember_in_keyring(passphrase, self.ring)

    def forget_in_keyring(self, ring: Keyring | None = None) -> None:
        with self._called("forget_in_keyring"):
            super().forget_in_keyring(self.ring)

    def rotate_keys(
        self, passphrase: str, progress: Callable[[int, int], None] = lambda _done, _all: None
    ) -> tuple[str, Sequence[str]]:
        with self._called("rotate_keys"):
            self.code, left = super().rotate_keys(passphrase, progress)
        return self.code, left if self.left is None else self.left

    def verify(self, check: Check | None = None, *, practice: bool = False) -> Sequence[Verdict]:
        with self._called("verify"):
            if check is not None:
                check([])
            found = super().verify(check, practice=practice)
        return found if self.verdicts is None else self.verdicts

    def verify_files(self, *, practice: bool = False) -> Sequence[Verdict]:
        with self._called("verify_files"):
            found = super().verify_files(practice=practice)
        return found if self.files is None else self.files

    def audit(self, *, practice: bool = False) -> Sequence[Entry]:
        with self._called("audit"):
            found = super().audit(practice=practice)
        return found if self.entries is None else self.entries

    def note(
        self, action: Action, case_id: str = "", count: int = 0, *, practice: bool = False
    ) -> None:
        with self._called(f"{action.value} {case_id}"):
            super().note(action, case_id, count, practice=practice)

    def backup(self, path: Path) -> BackupReport:
        with self._called("backup"):
            return super().backup(path) if self.written is None else self.written

    def restore(self, path: Path, secret: str, kind: Kind = "passphrase") -> Sequence[Restored]:
        with self._called(f"restore {kind}"):
            if self.fates is None:
                return super().restore(path, secret, kind)
            if secret not in (GOOD, self.code):
                raise WrongPassphrase
            if self.state is VaultState.NEW:
                self.code = super().set_up(secret)
            return self.fates

    def take_in(self, folder: Path, check: Check | None = None) -> Imported:
        with self._called("take_in"):
            return super().take_in(folder, check) if self.taken is None else self.taken


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
