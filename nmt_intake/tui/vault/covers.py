"""The cover over a desk that cannot lock, because answers wait to be saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Self

from textual.content import Content

from nmt_intake.errors import IntakeError
from nmt_intake.store.errors import CaseClaimed, CaseDamaged, TooManyTries
from nmt_intake.store.protocols import Recovery
from nmt_intake.store.sealed.backup import BackupReport
from nmt_intake.tui.vault import texts
from nmt_intake.tui.vault.commands import BACK, ON, TOLD
from nmt_intake.tui.vault.copies import EXTENSION, written_to
from nmt_intake.tui.vault.page import Step, Took, Typed, VaultPage, command_bindings, told


class Cover(VaultPage[None]):
    """Hides everything until `prove` lets somebody back in; what waits to be saved is kept."""

    BINDINGS: ClassVar = command_bindings((BACK,))

    def __init__(self, prove: Callable[[str], None], waiting: int) -> None:
        super().__init__()
        self._prove = prove
        self._waiting = waiting

    async def walk(self) -> None:
        """Ask for the passphrase until it is the right one."""
        said = texts.page("Locked", "The passphrase, then Enter.", texts.kept(self._waiting))
        while True:
            reply = await self.ask(Step(said, "Passphrase", (), secret=True))
            given = reply.text if isinstance(reply, Typed) else ""
            try:
                await self.work("One moment.", lambda given=given: self._prove(given))
            except TooManyTries as error:
                self.says(texts.waiting(error))
            except IntakeError as error:
                self.says(told(error))
            else:
                return


class SaveElsewhere(VaultPage[None]):
    """Asks for a file on another disk and writes the whole case to it, sealed as a backup is."""

    BINDINGS: ClassVar = command_bindings((ON, BACK))

    def __init__(self, write: Callable[[Path], BackupReport], waiting: int, now: datetime) -> None:
        super().__init__()
        self._write = write
        self._waiting = waiting
        self._offered = Path.home() / f"nmt-intake-{now:%Y-%m-%d-%H%M}{EXTENSION}"

    async def walk(self) -> None:
        """Ask until it is written or given up."""
        said = texts.page(
            "Save to another folder",
            texts.kept(self._waiting),
            "The whole case, with these, goes to one sealed file: on another disk, if you can.",
        )
        written = await written_to(self, said, self._offered, self._write)
        if written is not None:
            await self.ask(Step(texts.of_rescue(*written), commands=(ON, BACK)))


class CaseTold(VaultPage[bool]):
    """Tells about one case; True when it is to be opened for reading."""

    BINDINGS: ClassVar = command_bindings(TOLD)

    def __init__(self, said: Content, *, readable: bool = True) -> None:
        super().__init__()
        self._said = said
        self._readable = readable

    @classmethod
    def elsewhere(cls, claimed: CaseClaimed) -> Self:
        """Tell who is writing in the case, where, and since when."""
        return cls(texts.of_claim(claimed))

    @classmethod
    def damaged(cls, damaged: CaseDamaged) -> Self:
        """Tell what is left of a damaged case or an older copy, and what can be done."""
        return cls(texts.of_damage(damaged), readable=damaged.readable > 0)

    async def walk(self) -> bool:
        """Wait for the one decision there is."""
        commands = TOLD if self._readable else (BACK,)
        return await self.ask(Step(self._said, commands=commands)) == Took("read")


def told_of(recovery: Recovery, answers: int | None = None) -> str:
    """Return the sentence about what opening a case found; empty where all is well."""
    return texts.of_recovery(recovery, answers)
