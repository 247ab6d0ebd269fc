"""The lock screen: nothing of a case, one line for the passphrase, and the other ways in."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from nmt_intake.errors import IntakeError
from nmt_intake.store.errors import TooManyTries
from nmt_intake.tui.vault import words
from nmt_intake.tui.vault.doors import BACK, LOCKED
from nmt_intake.tui.vault.keeper import Entered, Keeper
from nmt_intake.tui.vault.page import Step, Took, Typed, VaultPage, door_bindings, told
from nmt_intake.tui.vault.passphrases import chosen_passphrase

_LOCKED: Final = words.page("Locked", "The passphrase, then Enter.")


class Unlock(VaultPage[Entered]):
    """Stands until somebody comes in; leaving the desk is the only way past it."""

    BINDINGS: ClassVar = door_bindings((*LOCKED, BACK))

    def __init__(self, keeper: Keeper) -> None:
        super().__init__()
        self._keeper = keeper

    async def walk(self) -> Entered:
        """Ask for the passphrase until it opens, or another door does."""
        while True:
            match await self.ask(Step(_LOCKED, "Passphrase", LOCKED, secret=True)):
                case Typed(""):
                    self.says("")
                case Typed(given):
                    if await self._opens(lambda given=given: self._keeper.unlock(given)):
                        return Entered.CASES
                case Took("keyring"):
                    if await self._opens(self._keeper.unlock_with_keyring):
                        return Entered.CASES
                case Took("recovery"):
                    if await self._recovered():
                        return Entered.CASES
                case Took("practise"):
                    return Entered.PRACTICE
                case Took():
                    continue

    async def _recovered(self) -> bool:
        """Open with the recovery code and set a new passphrase; without that, lock again."""
        self.says("")
        said = words.page("The recovery code", "From the paper. After it comes a new passphrase.")
        reply = await self.ask(Step(said, "Recovery code", (BACK,)))
        if not isinstance(reply, Typed) or not reply.text:
            return False
        code = reply.text
        if not await self._opens(lambda: self._keeper.unlock_with_recovery_code(code)):
            return False
        said = words.page("A new passphrase", "It takes the place of the lost one.")
        while (new := await chosen_passphrase(self, said)) is not None:
            if await self._opens(lambda new=new: self._keeper.set_passphrase(code, new)):
                return True
        await self.work("Locking.", self._keeper.lock)
        self.says("Locked again. The passphrase is the same as before.")
        return False

    async def _opens(self, act: Callable[[], None]) -> bool:
        try:
            await self.work("One moment.", act)
        except TooManyTries as error:
            self.says(words.waiting(error))
            self.says_later(error.wait, "Now it is possible again.")
        except IntakeError as error:
            self.says(told(error))
        else:
            return True
        return False
