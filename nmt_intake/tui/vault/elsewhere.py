"""Another file for answers that the case's own file could not take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from nmt_intake.store.sealed.backup import BackupReport
from nmt_intake.tui.vault import words
from nmt_intake.tui.vault.copies import EXTENSION, written_to
from nmt_intake.tui.vault.doors import BACK, ON
from nmt_intake.tui.vault.page import Step, VaultPage, door_bindings


class SaveElsewhere(VaultPage[None]):
    """Asks for a file on another disk and writes the whole case to it, sealed as a backup is."""

    BINDINGS: ClassVar = door_bindings((ON, BACK))

    def __init__(self, write: Callable[[Path], BackupReport], waiting: int, now: datetime) -> None:
        super().__init__()
        self._write = write
        self._waiting = waiting
        self._offered = Path.home() / f"nmt-intake-{now:%Y-%m-%d-%H%M}{EXTENSION}"

    async def walk(self) -> None:
        """Ask until it is written or given up."""
        said = words.page(
            "Save to another folder",
            words.kept(self._waiting),
            "The whole case, with these, goes to one sealed file: on another disk, if you can.",
        )
        written = await written_to(self, said, self._offered, self._write)
        if written is not None:
            await self.ask(Step(words.of_rescue(*written), doors=(ON, BACK)))
