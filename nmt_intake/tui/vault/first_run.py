"""The first run: what is protected, a passphrase, the recovery code; or practice without either."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from nmt_intake.tui.vault import words
from nmt_intake.tui.vault.copies import restored, taken_in
from nmt_intake.tui.vault.doors import FIRST_RUN
from nmt_intake.tui.vault.keeper import Entered, Keeper
from nmt_intake.tui.vault.page import Step, Took, VaultPage, door_bindings
from nmt_intake.tui.vault.passphrases import chosen_passphrase, keep_code


class FirstRun(VaultPage[Entered | None]):
    """Sets up the vault, or lets somebody practise without one; None: nothing was done.

    `plain_folder` is looked through for case files of the first format once the vault is there.
    """

    BINDINGS: ClassVar = door_bindings(FIRST_RUN)

    def __init__(self, keeper: Keeper, *, plain_folder: Path | None = None) -> None:
        super().__init__()
        self._keeper = keeper
        self._plain_folder = plain_folder

    async def walk(self) -> Entered | None:
        """Explain, and go through the door that is taken."""
        while True:
            said = words.page("Before the first case", words.PROTECTED, words.ONLY_PRACTICE)
            match await self.ask(Step(said, doors=FIRST_RUN)):
                case Took("on") if await self._set_up():
                    return Entered.CASES
                case Took("practise"):
                    return Entered.PRACTICE
                case Took("restore") if await restored(self, self._keeper):
                    return Entered.CASES
                case Took("back"):
                    return None
                case _:
                    continue

    async def _set_up(self) -> bool:
        passphrase = await chosen_passphrase(
            self, words.page("Passphrase", "It is asked at each start and after each lock.")
        )
        if passphrase is None:
            return False
        code = await self.tried("Setting up.", lambda: self._keeper.set_up(passphrase))
        if code is None:
            return False
        await keep_code(self, self._keeper, code)
        if self._plain_folder is not None:
            await taken_in(self, self._keeper, self._plain_folder, only_if_any=True)
        return True
