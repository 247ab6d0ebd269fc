"""What can be done with the vault while it is open: keys, copies, checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import ClassVar, Final, Self

from textual.content import Content

from nmt_intake.casework.cases import Casework
from nmt_intake.casework.records import fold_check
from nmt_intake.store.home import Home
from nmt_intake.store.sealed.verification import Check
from nmt_intake.tui import literal
from nmt_intake.tui.vault import copies, keys
from nmt_intake.tui.vault.commands import MENU
from nmt_intake.tui.vault.page import Step, Took, VaultPage, command_bindings

# In the list above, not once more in the line of keys.
_LISTED: Final = tuple(
    replace(door, short="" if door.id != "back" else door.short) for door in MENU if door.id != "on"
)


class VaultMenu(VaultPage[None]):
    """One letter for each thing; Esc goes back to the cases.

    `check` is what verifying asks beside the bytes: whether the events can be read. `backups` is
    the folder that a backup is offered to be written to, `plain_folder` may hold cases of the
    first format.
    """

    BINDINGS: ClassVar = command_bindings(MENU)

    def __init__(
        self,
        home: Home,
        *,
        plain_folder: Path,
        backups: Path,
        today: date,
        check: Check | None = None,
    ) -> None:
        super().__init__()
        self._home = home
        self._plain_folder = plain_folder
        self._backups = backups
        self._today = today
        self._check = check

    @classmethod
    def of(cls, casework: Casework) -> Self:
        """Return the menu for the home that somebody works with."""
        home = casework.home
        return cls(
            home,
            plain_folder=home.places.data,
            backups=Path.home(),
            today=casework.now().date(),
            check=fold_check(casework.bank),
        )

    async def walk(self) -> None:
        """Do one thing after the other until Esc."""
        while True:
            match await self.ask(Step(_menu(), commands=_LISTED)):
                case Took("passphrase"):
                    await keys.passphrase_changed(self, self._home)
                case Took("keys"):
                    await keys.keys_rotated(self, self._home)
                case Took("remember"):
                    await keys.remembered(self, self._home)
                case Took("forget"):
                    await keys.forgotten(self, self._home)
                case Took("backup"):
                    day = self._today.isoformat()
                    await copies.backed_up(self, self._home, self._backups, day)
                case Took("restore"):
                    await copies.restored(self, self._home)
                case Took("verify"):
                    await copies.verified(self, self._home, self._check)
                case Took("audit"):
                    await copies.looked_back(self, self._home)
                case Took("take_in"):
                    await copies.taken_in(self, self._home, self._plain_folder, self._check)
                case _:
                    return


def _menu() -> Content:
    rows = [
        literal.line(door.key, "bold", 5)
        + literal.line(door.title, "", 25)
        + literal.line(door.says, "$aside")
        for door in _LISTED
    ]
    return literal.lines(literal.line("Vault", "bold"), Content(" "), *rows)
