"""The house as what stands before the desk's cases, and the screen that leads through it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from textual.screen import Screen

from nmt_intake.bank.model import Bank
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import event_from
from nmt_intake.interview.state import fold
from nmt_intake.store.errors import WrongPassphrase
from nmt_intake.store.home import VaultState
from nmt_intake.store.protocols import CaseStore, Record
from nmt_intake.store.sealed.audit import Action
from nmt_intake.store.sealed.backup import BackupReport
from nmt_intake.tui.vault import texts
from nmt_intake.tui.vault.keeper import Entered, Keeper


class HomeGate:
    """A gate with two commands: the sealed cases behind a passphrase, the practice cases beside.

    `plain_folder` may hold cases of the first format, which the vault's pages offer to seal.
    """

    def __init__(self, keeper: Keeper, plain_folder: Path, *, practising: bool = False) -> None:
        self.keeper = keeper
        self.plain_folder = plain_folder
        self.practising = practising

    @property
    def needs_passphrase(self) -> bool:
        """Whether opening takes a passphrase: not for practice."""
        return not self.practising

    def open(self, passphrase: str) -> CaseStore:
        """Return the practice cases, or unlock the sealed ones and return them."""
        if not self.practising:
            self.keeper.unlock(passphrase)
        return self.enter(Entered.PRACTICE if self.practising else Entered.CASES)

    def enter(self, entered: Entered) -> CaseStore:
        """Return the cases behind a door that was gone through."""
        self.practising = entered is Entered.PRACTICE
        return self.keeper.practice if self.practising else self.keeper.cases

    def prove(self, passphrase: str) -> None:
        """Let back in whoever knows the passphrase; with the vault shut nothing is behind it."""
        if self.is_shut:
            return
        if not passphrase:
            raise WrongPassphrase
        self.keeper.require_passphrase(passphrase)

    def rescue(self, case_id: str, waiting: Sequence[Record], path: Path) -> BackupReport:
        """Write an open case, with what its file could not take, to another place."""
        if self.practising:
            raise IntakeError(
                "DESK-015", "", "Practice cases are kept in their own folder only.", "Make room."
            )
        return self.keeper.rescue(case_id, waiting, path)

    @property
    def notice(self) -> str:
        """What is to be said over the list: files beside the cases that had to be made whole."""
        return "" if self.practising else texts.of_mended(self.keeper.mended)

    def written_out(self, case_id: str) -> None:
        """Note in the audit that a case's report was written to a file."""
        if not self.practising:
            self.keeper.note(Action.PRINTED, case_id)

    @property
    def is_shut(self) -> bool:
        """Whether the sealed cases are out of reach."""
        return self.keeper.state is not VaultState.OPEN

    def shut(self) -> None:
        """Drop every key."""
        self.keeper.lock()

    def close(self) -> None:
        """Drop every key and give the files back, at the end of the day."""
        self.keeper.close()

    def screen(self) -> Screen[Any]:
        """Return the screen that leads in: the first run, or the lock screen."""
        from nmt_intake.tui.vault.entry import FirstRun, Unlock

        try:
            state = self.keeper.state
        except IntakeError:  # A damaged vault: the lock screen says so when it is tried.
            state = VaultState.LOCKED
        if state is VaultState.NEW:
            return FirstRun(self.keeper, plain_folder=self.plain_folder)
        return Unlock(self.keeper)

    def menu(self, bank: Bank, today: date, backups: Path | None = None) -> Screen[None]:
        """Return the menu of the vault; a backup is offered to be written to `backups`, or home."""
        from nmt_intake.tui.vault.menu import VaultMenu

        return VaultMenu(
            self.keeper,
            plain_folder=self.plain_folder,
            backups=backups or Path.home(),
            today=today,
            check=fold_check(bank),
        )


def fold_check(bank: Bank) -> Callable[[Sequence[Record]], str | None]:
    """Return what says whether a case's events can be read with this bank."""

    def check(records: Sequence[Record]) -> str | None:
        try:
            fold(bank, [event_from(dict(record)) for record in records])
        except ValidationError:
            return "An event cannot be read by this version of the program."
        return None

    return check
