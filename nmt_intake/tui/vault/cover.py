"""The cover over a desk that cannot lock, because answers wait to be saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from nmt_intake.errors import IntakeError
from nmt_intake.store.errors import TooManyTries
from nmt_intake.tui.vault import words
from nmt_intake.tui.vault.doors import BACK
from nmt_intake.tui.vault.page import Step, Typed, VaultPage, door_bindings, told


class Cover(VaultPage[None]):
    """Hides everything until `prove` lets somebody back in; what waits to be saved is kept."""

    BINDINGS: ClassVar = door_bindings((BACK,))

    def __init__(self, prove: Callable[[str], None], waiting: int) -> None:
        super().__init__()
        self._prove = prove
        self._waiting = waiting

    async def walk(self) -> None:
        """Ask for the passphrase until it is the right one."""
        said = words.page("Locked", "The passphrase, then Enter.", words.kept(self._waiting))
        while True:
            reply = await self.ask(Step(said, "Passphrase", (), secret=True))
            given = reply.text if isinstance(reply, Typed) else ""
            try:
                await self.work("One moment.", lambda given=given: self._prove(given))
            except TooManyTries as error:
                self.says(words.waiting(error))
            except IntakeError as error:
                self.says(told(error))
            else:
                return
