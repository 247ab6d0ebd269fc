"""The way in for the desk and the command line: one house with a vault and a practice store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import Path

from nmt_intake.store.errors import (
    CaseStoreError,
    FolderUnusable,
    NoPassphrase,
    VaultLocked,
    VaultMissing,
    WrongPassphrase,
)
from nmt_intake.store.files.disk import Disk
from nmt_intake.store.paths import Places, find_places
from nmt_intake.store.protocols import Record
from nmt_intake.store.sealed.audit import Action, Entry
from nmt_intake.store.sealed.backup import BackupFile, BackupReport, write_backup, write_one
from nmt_intake.store.sealed.erasure import Cleaned, clean_backups
from nmt_intake.store.sealed.plain_import import Imported, take_in
from nmt_intake.store.sealed.restore import Restored, restore
from nmt_intake.store.sealed.rotation import rekey_cases, reseal_books, settle_keys
from nmt_intake.store.sealed.store import LEAST_ROOM, SealedCaseStore
from nmt_intake.store.sealed.verification import Check, Verdict, verify_cases
from nmt_intake.store.vault.failed_unlocks import FailedUnlocks
from nmt_intake.store.vault.key_derivation import Cost, require_strength, tuned_cost
from nmt_intake.store.vault.key_memory import VaultKeys, harden_process
from nmt_intake.store.vault.passphrase_source import FILE, unattended_passphrase
from nmt_intake.store.vault.recovery_code import new_code
from nmt_intake.store.vault.system_keyring import Keyring, SystemKeyring
from nmt_intake.store.vault.vault import Opened, Vault, keyring_secret, open_body
from nmt_intake.store.vault.vault_file import NAME as VAULT_NAME
from nmt_intake.store.vault.vault_file import Kind, parse_vault
from nmt_intake.store.worker import Clock, system_clock, worker_name


class VaultState(Enum):
    """Which cases are at hand: none (no vault yet, or locked), the sealed ones, practice ones."""

    NEW = "new"
    LOCKED = "locked"
    OPEN = "open"
    PRACTICE = "practice"


class Home:
    """Everything kept in one place: the sealed cases behind a passphrase, practice cases apart.

    `cost` is for tests; left out, set-up measures what half a second is on this computer.
    """

    def __init__(
        self,
        places: Places,
        *,
        disk: Disk | None = None,
        clock: Clock = system_clock,
        who: str | None = None,
        cost: Cost | None = None,
        least_room: int = LEAST_ROOM,
    ) -> None:
        self.places = places
        self._disk = disk or Disk()
        self._clock = clock
        self._who = worker_name() if who is None else who
        self._cost = cost
        self._least_room = least_room
        self._vault = Vault(self._disk, places.data)
        self._tries = FailedUnlocks(self._disk, places.data, clock)
        self._keys: VaultKeys | None = None
        self._cases: SealedCaseStore | None = None
        self._practice: SealedCaseStore | None = None
        self._practising = False

    @property
    def state(self) -> VaultState:
        """Which cases are at hand; VaultDamaged where only ruins of a vault are left."""
        if self._practising:
            return VaultState.PRACTICE
        if self._keys is not None:
            return VaultState.OPEN
        return VaultState.LOCKED if self._vault.exists() else VaultState.NEW

    @property
    def cases(self) -> SealedCaseStore:
        """The sealed cases; VaultLocked or VaultMissing while nobody has unlocked."""
        if self._cases is not None:
            return self._cases
        raise VaultMissing if self.state is VaultState.NEW else VaultLocked

    @property
    def practice(self) -> SealedCaseStore:
        """The practice cases: no passphrase, nothing protected, each marked as practice."""
        if self._practice is None:
            self._practice = self._store(self.places.practice, VaultKeys.open_to_all())
        return self._practice

    @property
    def at_hand(self) -> SealedCaseStore:
        """The cases that `state` names; VaultLocked or VaultMissing where there are none."""
        return self.practice if self._practising else self.cases

    @property
    def holds_keys(self) -> bool:
        """Whether the vault's keys are in memory, also while practice cases are at hand."""
        return self._keys is not None

    def practise(self) -> None:
        """Have the practice cases at hand; a vault that is open stays open behind them."""
        self._practising = True

    def leave_practice(self) -> None:
        """Have the sealed cases at hand again, if the vault is open."""
        self._practising = False

    def set_up(self, passphrase: str) -> str:
        """Make the vault, open it, and return the recovery code: show it once, keep it nowhere."""
        require_strength(passphrase)
        code = self._vault.set_up(passphrase, self._new_cost())
        self._enter(self._vault.open("passphrase", passphrase))
        return code

    def is_recovery_code(self, code: str) -> bool:
        """Return whether a code, as somebody typed it from paper, would open the vault."""
        try:
            self._vault.open("recovery", code).keys.wipe()
        except WrongPassphrase:
            return False
        return True

    def unlock(self, passphrase: str) -> None:
        """Open the vault; WrongPassphrase, or TooManyTries after several."""
        self._try("passphrase", passphrase)

    def unlock_with_recovery_code(self, code: str) -> None:
        """Open the vault with the code from set-up; set a new passphrase next."""
        self._try("recovery", code)

    def unlock_with_keyring(self, ring: Keyring | None = None) -> None:
        """Open the vault with what the system's keyring keeps; NoKeyring where it keeps nothing."""
        body = self._vault.body()
        secret = (ring or SystemKeyring()).get(body.vault)
        if secret is None:
            raise WrongPassphrase("The keyring keeps nothing for this vault.")
        self._try("keyring", secret)

    def require_passphrase(self, passphrase: str) -> None:
        """Ask for the passphrase of an open vault once more; WrongPassphrase or TooManyTries."""
        self._prove("passphrase", passphrase)

    def unlock_unattended(self, environment: Mapping[str, str] | None = None) -> None:
        """Open the vault with the passphrase that the environment points to."""
        passphrase = unattended_passphrase(environment)
        if passphrase is None:
            raise NoPassphrase(FILE, "There is no terminal to ask for the passphrase.")
        self.unlock(passphrase)

    def lock(self) -> None:
        """Save and close every case and drop the keys; may be called twice."""
        if self._cases is not None and self._keys is not None:
            self._note(Action.LOCKED)
            self._cases.close()
            self._keys.wipe()
        self._cases = self._keys = None
        self._practising = False

    def close(self) -> None:
        """Lock, and close the practice store too."""
        self.lock()
        if self._practice is not None:
            self._practice.close()
            self._practice = None

    def change_passphrase(self, old: str, new: str) -> None:
        """Let `new` in and `old` no more; rewrites one slot, not the cases."""
        require_strength(new)
        self._prove("passphrase", old)
        self._replace("passphrase", new, Action.PASSPHRASE_CHANGED)

    def set_passphrase(self, code: str, new: str) -> None:
        """Replace a lost passphrase, proving with the recovery code."""
        require_strength(new)
        self._prove("recovery", code)
        self._replace("passphrase", new, Action.PASSPHRASE_CHANGED)

    def renew_recovery_code(self, passphrase: str) -> str:
        """Return a new recovery code, for one that was lost or never seen; the old one is void."""
        self._prove("passphrase", passphrase)
        code = new_code()
        self._vault.replace_slot(self._open_keys(), "recovery", code, Cost())
        self._note(Action.RECOVERY_CODE_RENEWED)
        return code

    def remember_in_keyring(self, passphrase: str, ring: Keyring | None = None) -> None:
        """Let this login open the vault without a passphrase from now on."""
        self._prove("passphrase", passphrase)
        chosen, secret = ring or SystemKeyring(), keyring_secret()
        chosen.put(self._vault.body().vault, secret)
        self._vault.replace_slot(self._open_keys(), "keyring", secret, Cost())

    def forget_in_keyring(self, ring: Keyring | None = None) -> None:
        """Undo `remember_in_keyring`."""
        self._vault.drop_slot("keyring")
        (ring or SystemKeyring()).drop(self._vault.body().vault)

    def rotate_keys(
        self, passphrase: str, progress: Callable[[int, int], None] = lambda _done, _all: None
    ) -> tuple[str, Sequence[str]]:
        """Put new keys under everything; returns a new recovery code and the cases left as is.

        Cases are left that somebody has open or that are damaged. The keyring forgets.
        """
        self._prove("passphrase", passphrase)
        folders, keys = self.cases.folders, self._open_keys()
        left = rekey_cases(folders, progress)
        code = self._vault.renew_key(keys, passphrase, self._new_cost())
        reseal_books(folders)
        self._vault.finish_renewal(keys)
        self._note(Action.KEYS_ROTATED, count=len(folders.case_keys.ids()) - len(left))
        return code, left

    def verify(self, check: Check | None = None, *, practice: bool = False) -> Sequence[Verdict]:
        """Read every case to its last byte; `check` may add what it knows of the events."""
        store = self.practice if practice else self.cases
        return verify_cases(store.folders, check)

    def verify_files(self, *, practice: bool = False) -> Sequence[Verdict]:
        """Read the files beside the cases: keys, index, audit, and which had to be made whole."""
        return (self.practice if practice else self.cases).verify_files()

    @property
    def mended(self) -> Sequence[str]:
        """The files beside the cases that were found harmed since the vault was opened."""
        return [] if self._cases is None else self._cases.mended

    def backup(self, path: Path) -> BackupReport:
        """Write every case to one sealed file, checked by reading it back."""
        report = write_backup(self.cases.folders, path, self._vault.body().to_bytes())
        self._note(Action.BACKED_UP, count=report.cases)
        self.clean_backups()  # one that was out of reach when a case was erased may be here now
        return report

    def clean_backups(self, more: Sequence[Path] = ()) -> Sequence[Cleaned]:
        """Take what is erased out of the backups known to hold it, and out of `more`.

        `more` are backups that lie elsewhere than where they were written.
        """
        return clean_backups(self.cases.folders, more)

    def rescue(self, case_id: str, waiting: Sequence[Record], path: Path) -> BackupReport:
        """Write an open case, with the events that its file could not take, to another place.

        The file is a backup of this one case: `restore` brings it back.
        """
        store = self.cases
        copied = store.copy_with(case_id, waiting)
        report = write_one(store.folders, path, self._vault.body().to_bytes(), copied)
        self._note(Action.BACKED_UP, count=report.cases)
        return report

    def restore(self, path: Path, secret: str, kind: Kind = "passphrase") -> Sequence[Restored]:
        """Bring back cases from a backup, opened with the secret of its time.

        Where no vault is here yet, the backup's becomes this one's, and is open afterwards.
        """
        backup = BackupFile(self._disk, path)
        try:
            body = parse_vault(backup.vault)
            opened = open_body(body, kind, secret)
            key = backup.key(opened.keys)
            held = backup.ids(key)
            if self._vault.is_missing():
                self._vault.adopt(body)
                try:
                    self._enter(self._vault.open(kind, secret))
                except CaseStoreError:
                    self._vault.forsake()
                    raise
            opened.keys.wipe()
            keys = self.cases.folders.case_keys
            erased = held & set(keys.stones())
            keys.remember_backup(backup.name, key, path, erased)
            return restore(self.cases.folders, backup, key)
        finally:
            backup.close()

    def take_in(self, folder: Path, check: Check | None = None) -> Imported:
        """Seal the plain case files (format 1) below a folder and remove them."""
        return take_in(self.cases, folder, check)

    def note(
        self, action: Action, case_id: str = "", count: int = 0, *, practice: bool = False
    ) -> None:
        """Write what was done into the audit, for what happens outside the store."""
        (self.practice if practice else self.cases).folders.audit.note(action, case_id, count)

    def erased(self, *, practice: bool = False) -> Mapping[str, Record]:
        """Return when, why and by whom cases were erased: their tombstones by id."""
        return (self.practice if practice else self.cases).folders.case_keys.stones()

    def audit(self, *, practice: bool = False) -> Sequence[Entry]:
        """Return every entry of the audit, oldest first; none has content."""
        return (self.practice if practice else self.cases).folders.audit.entries()

    def _try(self, kind: Kind, secret: str) -> None:
        self._tries.require_patience()
        try:
            opened = self._vault.open(kind, secret)
        except WrongPassphrase:
            self._tries.failed()
            raise
        self._enter(opened)

    def _enter(self, opened: Opened) -> None:
        self.lock()
        cases = self._store(self.places.data, opened.keys)
        try:
            if opened.rotating:
                reseal_books(cases.folders)
                self._vault.finish_renewal(opened.keys)
            settle_keys(cases.folders)
        except CaseStoreError:
            cases.close()
            opened.keys.wipe()
            raise
        self._keys, self._cases = opened.keys, cases
        if opened.mended:
            cases.mended.insert(0, VAULT_NAME)
        if cases.mended:
            self._note(Action.MENDED, count=len(cases.mended))
        for at in self._tries.settle():
            self._note(Action.UNLOCK_FAILED, at=at)
        self._note(Action.UNLOCKED)

    def _store(self, folder: Path, keys: VaultKeys) -> SealedCaseStore:
        store = SealedCaseStore(
            folder,
            keys,
            disk=self._disk,
            clock=self._clock,
            who=self._who,
            least_room=self._least_room,
        )
        try:
            store.start()
        except CaseStoreError:
            store.folders.close()
            keys.wipe()
            raise
        return store

    def _prove(self, kind: Kind, secret: str) -> None:
        """Ask for the secret again before something is changed that it guards."""
        self._tries.require_patience()
        try:
            self._vault.open(kind, secret).keys.wipe()
        except WrongPassphrase:
            self._tries.failed()
            raise

    def _replace(self, kind: Kind, secret: str, action: Action) -> None:
        self._vault.replace_slot(self._open_keys(), kind, secret, self._new_cost())
        self._note(action)

    def _open_keys(self) -> VaultKeys:
        if self._keys is None:
            raise VaultLocked
        return self._keys

    def _new_cost(self) -> Cost:
        return tuned_cost() if self._cost is None else self._cost

    def _note(self, action: Action, count: int = 0, at: str | None = None) -> None:
        try:
            self.cases.folders.audit.note(action, count=count, at=at)
        except FolderUnusable:
            self.cases.found_harmed("audit.nmt")  # a link in its place, or no right to write it
        except CaseStoreError:
            return


def open_stores(places: Places | None = None, *, who: str | None = None) -> Home:
    """Return the house of this environment, with the process hardened; nothing is unlocked yet."""
    harden_process()
    found = find_places() if places is None else places
    found.make()
    return Home(found, who=who)
