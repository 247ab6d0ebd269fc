"""What the vault's screens ask of the house; `nmt_intake.store.home.Home` has all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import Protocol

from nmt_intake.store.home import VaultState
from nmt_intake.store.protocols import CaseStore, Record
from nmt_intake.store.sealed.audit import Action, Entry
from nmt_intake.store.sealed.backup import BackupReport
from nmt_intake.store.sealed.plain_import import Imported
from nmt_intake.store.sealed.restore import Restored
from nmt_intake.store.sealed.verification import Check, Verdict
from nmt_intake.store.vault.vault_file import Kind


class Entered(Enum):
    """Through which door somebody came in."""

    CASES = "cases"
    PRACTICE = "practice"


class Keeper(Protocol):
    """The house as the vault's screens see it; every call may take half a second."""

    @property
    def state(self) -> VaultState:
        """How the vault stands."""
        ...

    @property
    def cases(self) -> CaseStore:
        """The sealed cases."""
        ...

    @property
    def practice(self) -> CaseStore:
        """The practice cases."""
        ...

    def set_up(self, passphrase: str) -> str:
        """Make the vault and return its recovery code."""
        ...

    def is_recovery_code(self, code: str) -> bool:
        """Return whether a code would open the vault."""
        ...

    def unlock(self, passphrase: str) -> None:
        """Open the vault."""
        ...

    def unlock_with_recovery_code(self, code: str) -> None:
        """Open the vault with the code from set-up."""
        ...

    def unlock_with_keyring(self) -> None:
        """Open the vault with what the system's keyring keeps."""
        ...

    def require_passphrase(self, passphrase: str) -> None:
        """Ask for the passphrase of an open vault once more."""
        ...

    def lock(self) -> None:
        """Save, close, and drop the keys."""
        ...

    def close(self) -> None:
        """Lock, and close the practice store too."""
        ...

    def change_passphrase(self, old: str, new: str) -> None:
        """Let `new` in and `old` no more."""
        ...

    def set_passphrase(self, code: str, new: str) -> None:
        """Replace a lost passphrase."""
        ...

    def remember_in_keyring(self, passphrase: str) -> None:
        """Let this login open the vault without a passphrase."""
        ...

    def forget_in_keyring(self) -> None:
        """Undo `remember_in_keyring`."""
        ...

    def rotate_keys(
        self, passphrase: str, progress: Callable[[int, int], None]
    ) -> tuple[str, Sequence[str]]:
        """Put new keys under everything; return a new recovery code and the cases left as is."""
        ...

    def verify(self, check: Check | None = None) -> Sequence[Verdict]:
        """Read every case to its last byte."""
        ...

    def verify_files(self) -> Sequence[Verdict]:
        """Read the files beside the cases, and say which had to be made whole."""
        ...

    @property
    def mended(self) -> Sequence[str]:
        """The files beside the cases that were found harmed since the vault was opened."""
        ...

    def audit(self) -> Sequence[Entry]:
        """Return who did what when, oldest first; none of it has content."""
        ...

    def note(self, action: Action, case_id: str = "", count: int = 0) -> None:
        """Write what was done outside the store into the audit."""
        ...

    def backup(self, path: Path) -> BackupReport:
        """Write every case to one sealed file."""
        ...

    def rescue(self, case_id: str, waiting: Sequence[Record], path: Path) -> BackupReport:
        """Write an open case, with what its file could not take, to another place."""
        ...

    def restore(self, path: Path, secret: str, kind: Kind = "passphrase") -> Sequence[Restored]:
        """Bring back cases from a backup."""
        ...

    def take_in(self, folder: Path, check: Check | None = None) -> Imported:
        """Seal the plain case files below a folder and remove them."""
        ...
