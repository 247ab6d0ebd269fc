"""Changing the passphrase, new keys under everything, and the keyring of this login."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import Any

from nmt_intake.errors import IntakeError
from nmt_intake.store.errors import TooManyTries
from nmt_intake.store.home import Home
from nmt_intake.tui.vault import texts
from nmt_intake.tui.vault.commands import BACK, ON
from nmt_intake.tui.vault.entry import chosen_passphrase, keep_code
from nmt_intake.tui.vault.page import Step, Typed, VaultPage, told

_OLD = "Passphrase of today"


class _Stopped(Exception):
    """Somebody pressed Esc while the cases got new keys."""


async def passphrase_changed(page: VaultPage[Any], home: Home) -> None:
    """Ask for the old passphrase and the new one, and change it."""
    said = texts.page("Change the passphrase", "The cases stay as they are; the recovery code too.")
    while (old := await _secret(page, said)) is not None:
        new = await chosen_passphrase(page, said)
        if new is None:
            return
        if await _done(page, lambda old=old, new=new: home.change_passphrase(old, new)):
            page.says("The passphrase is changed. Backups of before still open with the old one.")
            return


async def keys_rotated(page: VaultPage[Any], home: Home) -> None:
    """Put new keys under every case, then show the new recovery code until it is typed back."""
    said = texts.page(
        "New keys",
        "Every case is written again under a new key. There is a new recovery code; the old one"
        " opens nothing here afterwards, and a keyring forgets.",
    )
    while (secret := await _secret(page, said)) is not None:
        found = await _rotated(page, home, secret)
        if found is None:
            continue
        code, left = found
        await keep_code(page, home, code)
        told_so = texts.page("New keys", texts.of_rotation(left), "The new recovery code holds.")
        await page.ask(Step(told_so, commands=(ON, BACK)))
        return


async def _rotated(
    page: VaultPage[Any], home: Home, secret: str
) -> tuple[str, Sequence[str]] | None:
    stop = Event()

    def progress(done: int, of: int) -> None:
        page.says_from_a_thread(f"{done:,} of {texts.many(of, 'case')}. Esc stops here.")
        if stop.is_set():
            raise _Stopped

    try:
        return await page.work("New keys.", lambda: home.rotate_keys(secret, progress), stop)
    except _Stopped:
        page.says("Stopped. Some cases have a new key; passphrase and recovery code are as before.")
    except TooManyTries as error:
        page.says(texts.waiting(error))
    except IntakeError as error:
        page.says(told(error))
    return None


async def remembered(page: VaultPage[Any], home: Home) -> None:
    """Let the keyring of this login open the vault."""
    said = texts.page(
        "Keyring",
        "The keyring of this login keeps a key. Then F3 opens the cases without the passphrase:"
        " for you, and for anybody who is logged in as you.",
    )
    while (secret := await _secret(page, said)) is not None:
        if await _done(page, lambda secret=secret: home.remember_in_keyring(secret)):
            page.says("The keyring remembers. F3 on the lock screen uses it.")
            return


async def forgotten(page: VaultPage[Any], home: Home) -> None:
    """Let the keyring open the vault no more."""
    if await _done(page, home.forget_in_keyring):
        page.says("The keyring opens nothing any more.")


async def _secret(page: VaultPage[Any], said: Any) -> str | None:
    reply = await page.ask(Step(said, _OLD, secret=True))
    if isinstance(reply, Typed) and reply.text:
        return reply.text
    page.says("")
    return None


async def _done(page: VaultPage[Any], act: Callable[[], None]) -> bool:
    try:
        await page.work("One moment.", act)
    except TooManyTries as error:
        page.says(texts.waiting(error))
    except IntakeError as error:
        page.says(told(error))
    else:
        return True
    return False
