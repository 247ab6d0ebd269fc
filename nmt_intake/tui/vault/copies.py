"""Backup, restore, verify, and taking in plain files: asked for on a page, told in plain words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

from textual.content import Content

from nmt_intake.store.home import Home, VaultState
from nmt_intake.store.plain import PlainCaseStore
from nmt_intake.store.protocols import Record
from nmt_intake.store.sealed.backup import BackupReport
from nmt_intake.store.sealed.restore import Restored
from nmt_intake.store.sealed.verification import Check, Verdict
from nmt_intake.store.vault.recovery_code import as_typed
from nmt_intake.tui.vault import texts
from nmt_intake.tui.vault.commands import BACK, ON
from nmt_intake.tui.vault.page import Step, Typed, VaultPage

EXTENSION = ".nmtbackup"


class _Stopped(Exception):
    """Somebody pressed Esc during a long work that may stop between two cases."""


async def backed_up(page: VaultPage[Any], home: Home, folder: Path, day: str) -> None:
    """Ask where to, write the backup, and tell what is in it."""
    said = texts.page(
        "Backup", "Every case goes to one sealed file. Keep it on another disk, in another place."
    )
    written = await written_to(page, said, folder / f"nmt-intake-{day}{EXTENSION}", home.backup)
    if written is not None:
        await page.ask(Step(texts.of_backup(*written), commands=(ON, BACK)))


async def written_to(
    page: VaultPage[Any], said: Content, offered: Path, write: Callable[[Path], BackupReport]
) -> tuple[BackupReport, str] | None:
    """Ask for a file until it could be written; return what is in it and where, None for Esc."""
    name = str(offered)
    warned: Path | None = None
    while True:
        reply = await page.ask(Step(said, "File", initial=name))
        if not isinstance(reply, Typed) or not reply.text.strip():
            return None
        name = reply.text.strip()
        path = _path(name)
        if path.is_dir():
            path = path / offered.name
        if path.exists() and path != warned:
            warned, name = path, str(path)
            page.says("There is a file with this name. Enter again puts the new one in its place.")
            continue
        report = await page.tried("Writing, then reading back.", lambda to=path: write(to))
        if report is not None:
            return report, str(path)


async def restored(page: VaultPage[Any], home: Home) -> bool:
    """Ask for a backup and its secret, bring its cases back, and tell; False for Esc."""
    said = texts.page(
        "Restore",
        "What is missing, damaged or shorter here is brought back. What is newer here stays.",
        "Without a vault here, the backup's passphrase becomes that of this computer."
        if home.state is VaultState.NEW
        else "",
    )
    name = ""
    while True:
        reply = await page.ask(Step(said, "Backup file", initial=name))
        if not isinstance(reply, Typed) or not reply.text.strip():
            page.says("")
            return False
        name = reply.text.strip()
        fates = await _restored_from(page, home, _path(name))
        if fates is not None:
            await page.ask(Step(texts.of_restoring(fates), commands=(ON, BACK)))
            return True


async def _restored_from(page: VaultPage[Any], home: Home, path: Path) -> list[Restored] | None:
    said = texts.page("Restore", "The passphrase, or the recovery code, of the day of the backup.")
    page.says("")
    while True:
        reply = await page.ask(Step(said, "Passphrase or recovery code", secret=True))
        if not isinstance(reply, Typed) or not reply.text:
            page.says("")
            return None
        secret = reply.text
        kind = "recovery" if as_typed(secret) else "passphrase"
        fates = await page.tried(
            "Reading all of it first.",
            lambda secret=secret, kind=kind: home.restore(path, secret, kind),
        )
        if fates is not None:
            return list(fates)
        if not path.is_file():
            return None


async def looked_back(page: VaultPage[Any], home: Home) -> None:
    """Tell the latest entries of the audit: who did what when."""
    told = await page.tried("Reading.", lambda: (home.audit(), aliases(home)))
    if told is not None:
        await page.ask(Step(texts.of_audit(*told), commands=(ON, BACK)))


def aliases(home: Home) -> dict[str, str]:
    """Return what the list calls each case."""
    return {line.case_id: line.label.alias for line in home.cases.list()}


async def verified(page: VaultPage[Any], home: Home, check: Check | None) -> None:
    """Read every case to its last byte and tell; Esc stops between two cases."""
    stop = Event()

    def checked(records: list[Record] | Any) -> str | None:
        if stop.is_set():
            raise _Stopped
        return check(records) if check else None

    def read() -> tuple[list[Verdict], dict[str, str]]:
        verdicts = [*home.verify(checked), *home.verify_files()]
        return verdicts, aliases(home)

    try:
        found = await page.tried("Reading every case to its last byte. Esc stops.", read, stop)
    except _Stopped:
        page.says("Stopped. Nothing was changed.")
        return
    if found is not None:
        await page.ask(Step(texts.of_checking(*found), commands=(ON, BACK)))


async def taken_in(
    page: VaultPage[Any],
    home: Home,
    folder: Path,
    check: Check | None = None,
    *,
    only_if_any: bool = False,
) -> None:
    """Ask for the folder of plain case files and seal them; `only_if_any` asks only if some are."""
    name = str(folder)
    count = await page.tried("Looking.", lambda: len(PlainCaseStore(folder).ids()))
    if only_if_any and not count:
        return
    here = texts.many(count or 0, "plain case file")
    said = texts.page(
        "Plain case files",
        f"Here: {here}, readable for anybody who can read the folder."
        if count
        else "No plain case file is in the usual folder; they may be in another one.",
        "Each is sealed, compared, and only then removed. Esc leaves them as they are.",
    )
    while True:
        reply = await page.ask(Step(said, "Folder", initial=name))
        if not isinstance(reply, Typed) or not reply.text.strip():
            page.says("")
            return
        name = reply.text.strip()
        taken = await page.tried("Sealing.", lambda name=name: home.take_in(_path(name), check))
        if taken is not None:
            await page.ask(Step(texts.of_taking_in(taken), commands=(ON, BACK)))
            return


def _path(typed: str) -> Path:
    try:
        return Path(typed).expanduser().absolute()
    except (OSError, RuntimeError):
        return Path(typed)
