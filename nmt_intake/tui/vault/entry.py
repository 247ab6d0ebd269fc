"""The first run: what is protected, a passphrase, the recovery code; or practice without either."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Final

from textual.content import Content

from nmt_intake.casework.cases import Casework
from nmt_intake.errors import IntakeError
from nmt_intake.store.errors import TooManyTries
from nmt_intake.store.home import Home, VaultState
from nmt_intake.store.vault.key_derivation import SHORTEST, strength_of
from nmt_intake.tui import literal
from nmt_intake.tui.vault import texts
from nmt_intake.tui.vault.commands import BACK, FIRST_RUN, LOCKED, ON
from nmt_intake.tui.vault.copies import restored, taken_in
from nmt_intake.tui.vault.page import Reply, Step, Took, Typed, VaultPage, command_bindings, told


def entrance(casework: Casework) -> FirstRun | Unlock:
    """Return the screen that leads in; it ends with the cases to have at hand."""
    if casework.state is VaultState.NEW:
        return FirstRun(casework.home, plain_folder=casework.home.places.data)
    return Unlock(casework.home)


class FirstRun(VaultPage[VaultState | None]):
    """Sets up the vault (OPEN), or lets somebody practise (PRACTICE); None: nothing was done.

    `plain_folder` is looked through for case files of the first format once the vault is there.
    """

    BINDINGS: ClassVar = command_bindings(FIRST_RUN)

    def __init__(self, home: Home, *, plain_folder: Path | None = None) -> None:
        super().__init__()
        self._home = home
        self._plain_folder = plain_folder

    async def walk(self) -> VaultState | None:
        """Explain, and go through the door that is taken."""
        while True:
            said = texts.page(
                "Before the first case",
                texts.WHAT_THIS_IS,
                texts.PROTECTED,
                texts.ONLY_PRACTICE,
            )
            match await self.ask(Step(said, commands=FIRST_RUN)):
                case Took("on") if await self._set_up():
                    return VaultState.OPEN
                case Took("practise"):
                    return VaultState.PRACTICE
                case Took("restore") if await restored(self, self._home):
                    return VaultState.OPEN
                case Took("back"):
                    return None
                case _:
                    continue

    async def _set_up(self) -> bool:
        passphrase = await chosen_passphrase(
            self, texts.page("Passphrase", "It is asked at each start and after each lock.")
        )
        if passphrase is None:
            return False
        code = await self.tried("Setting up.", lambda: self._home.set_up(passphrase))
        if code is None:
            return False
        await keep_code(self, self._home, code)
        if self._plain_folder is not None:
            await taken_in(self, self._home, self._plain_folder, only_if_any=True)
        return True


_LOCKED: Final = texts.page("Locked", "The passphrase, then Enter.")


class Unlock(VaultPage[VaultState]):
    """Stands until somebody comes in; leaving the desk is the only way past it."""

    BINDINGS: ClassVar = command_bindings((*LOCKED, BACK))

    def __init__(self, home: Home) -> None:
        super().__init__()
        self._home = home

    async def walk(self) -> VaultState:
        """Ask for the passphrase until it opens, or another door does."""
        while True:
            match await self.ask(Step(_LOCKED, "Passphrase", LOCKED, secret=True)):
                case Typed(""):
                    self.says("")
                case Typed(given):
                    if await self._opens(lambda given=given: self._home.unlock(given)):
                        return VaultState.OPEN
                case Took("keyring"):
                    if await self._opens(self._home.unlock_with_keyring):
                        return VaultState.OPEN
                case Took("recovery"):
                    if await self._recovered():
                        return VaultState.OPEN
                case Took("practise"):
                    return VaultState.PRACTICE
                case Took():
                    continue

    async def _recovered(self) -> bool:
        """Open with the recovery code and set a new passphrase; without that, lock again."""
        self.says("")
        said = texts.page("The recovery code", "From the paper. After it comes a new passphrase.")
        reply = await self.ask(Step(said, "Recovery code", (BACK,)))
        if not isinstance(reply, Typed) or not reply.text:
            return False
        code = reply.text
        if not await self._opens(lambda: self._home.unlock_with_recovery_code(code)):
            return False
        said = texts.page("A new passphrase", "It takes the place of the lost one.")
        while (new := await chosen_passphrase(self, said)) is not None:
            if await self._opens(lambda new=new: self._home.set_passphrase(code, new)):
                return True
        await self.work("Locking.", self._home.lock)
        self.says("Locked again. The passphrase is the same as before.")
        return False

    async def _opens(self, act: Callable[[], None]) -> bool:
        try:
            await self.work("One moment.", act)
        except TooManyTries as error:
            self.says(texts.waiting(error))
            self.says_later(error.wait, "Now it is possible again.")
        except IntakeError as error:
            self.says(told(error))
        else:
            return True
        return False


_AGAIN = "The two are not the same. Nothing is set; type it again."
_WEAK = "This is easy to guess. Enter takes it all the same; a longer one is better."


async def chosen_passphrase(page: VaultPage[Any], said: Content) -> str | None:
    """Ask for a new passphrase twice; None for Esc at the first time of asking."""
    page.says(texts.strength(""))
    while True:
        first = await _first(page, said)
        if first is None:
            return None
        page.says("")
        reply = await page.ask(Step(said, "The same once more", secret=True))
        match reply:
            case Typed(again) if again == first:
                page.says("")
                return first
            case Typed():
                page.says(_AGAIN)
            case Took():
                page.says("")


async def _first(page: VaultPage[Any], said: Content) -> str | None:
    """Ask for a passphrase that is long enough; a weak one is taken at the second Enter."""
    label, typed, warned = "New passphrase", "", ""
    while True:
        step = Step(said, label, secret=True, initial=typed, typing=texts.strength)
        reply: Reply = await page.ask(step)
        match reply:
            case Took():
                page.says("")
                return None
            case Typed(typed) if len(typed.strip()) < SHORTEST:
                page.says(texts.strength(typed or "x"))
            case Typed(typed) if strength_of(typed).word in texts.WEAK and typed != warned:
                warned = typed
                page.says(_WEAK)
            case Typed(typed):
                return typed


async def keep_code(page: VaultPage[Any], home: Home, code: str) -> None:
    """Show a recovery code until it was typed back from paper; nothing else leads on."""
    while True:
        shown = Content("\n\n").join(
            [texts.page("Recovery code", texts.CODE), literal.line(code, "bold")]
        )
        await page.ask(Step(shown, commands=(ON,)))
        while True:
            said = texts.page("Recovery code", texts.CODE_BACK)
            reply = await page.ask(Step(said, "Recovery code", commands=(BACK,)))
            if not isinstance(reply, Typed):
                page.says("")
                break
            typed = reply.text
            fits = await page.tried("Trying it.", lambda code=typed: home.is_recovery_code(code))
            if fits:
                return
            if fits is False:
                page.says("This is not the code. Look at the paper again; Esc shows the code.")
