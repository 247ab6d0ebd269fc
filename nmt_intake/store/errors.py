"""What can go wrong in the store, each with a stable code and a way out.

No message holds a name or an answer: places are case ids and file names, both random.
"""

from __future__ import annotations

from nmt_intake.errors import IntakeError


class CaseStoreError(IntakeError):
    """Any problem of the store."""


class CaseUnknown(CaseStoreError):
    """There is no case with this id."""

    def __init__(self, case_id: str) -> None:
        super().__init__(
            "STORE-001",
            f"case {shown(case_id)}",
            "There is no such case.",
            "List the cases to see the ids.",
        )


class CaseClaimed(CaseStoreError):
    """Somebody else is writing in this case: `who`, `place` (the computer), `since` (UTC)."""

    def __init__(self, case_id: str, who: str, place: str, since: str) -> None:
        super().__init__(
            "STORE-002",
            f"case {case_id}",
            f"The case is open for writing: {who or 'somebody'} on {place or 'a computer'}"
            f" since {since or 'an unknown time'}.",
            "Open it for reading, or close it there.",
        )
        self.who = who
        self.place = place
        self.since = since


class OutOfStep(CaseStoreError):
    """The caller's picture of the case is not what is saved; nothing was written."""

    def __init__(self, case_id: str, expected: int, found: int) -> None:
        super().__init__(
            "STORE-003",
            f"case {case_id}",
            f"The case has {found} events, not {expected}.",
            "Load the case again and repeat the last step.",
        )
        self.expected = expected
        self.found = found


class ReadOnly(CaseStoreError):
    """The case is open for reading only, was closed, or a write failed for good."""

    def __init__(self, case_id: str, why: str) -> None:
        super().__init__(
            "STORE-004", f"case {case_id}", why, "Claim the case to write, or use another folder."
        )


class CaseDamaged(CaseStoreError):
    """A case file was changed or harmed: `readable` events stand before the damage."""

    def __init__(
        self,
        case_id: str,
        what: str,
        readable: int = 0,
        last_at: str | None = None,
        code: str = "STORE-005",
    ) -> None:
        until = f", the last of {last_at}" if last_at else ""
        super().__init__(
            code,
            f"case {case_id}",
            f"{what} {readable} events before that are readable{until}.",
            "Restore it from a backup, or open what is readable.",
        )
        self.readable = readable
        self.last_at = last_at


class CaseRolledBack(CaseDamaged):
    """The case file is an older copy: fewer events than were confirmed as saved."""

    def __init__(self, case_id: str, readable: int, last_at: str | None) -> None:
        super().__init__(
            case_id,
            "The file is older than what was saved last.",
            readable,
            last_at,
            code="STORE-006",
        )


class CaseErased(CaseStoreError):
    """The case was erased on request; its key is gone."""

    def __init__(self, case_id: str) -> None:
        super().__init__(
            "STORE-007", f"case {case_id}", "The case was erased.", "Nothing can bring it back."
        )


class DiskFull(CaseStoreError):
    """There is no room; what was saved before is untouched."""

    def __init__(self, where: str) -> None:
        super().__init__(
            "STORE-008",
            where,
            "The disk is full, so this was not saved.",
            "Keep the program open, make room (50 MB) and save again.",
        )


class WriteFailed(CaseStoreError):
    """The disk did not confirm a write: what was confirmed before is untouched."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(
            "STORE-009",
            where,
            f"The disk reported a fault ({reason}), so this was not saved.",
            "Keep the program open and save to another folder or disk.",
        )


class NewerFormat(CaseStoreError):
    """The file was written by a newer version of the program."""

    def __init__(self, where: str, version: int) -> None:
        super().__init__(
            "STORE-010",
            where,
            f"The file has format {version}, which is newer than this program.",
            "Install the newer version of the program.",
        )


class FolderUnusable(CaseStoreError):
    """A folder of the store can't be made, read or written."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(
            "STORE-011",
            where,
            f"The folder can't be used ({reason}).",
            "Give yourself the right to read and write it, or set NMT_INTAKE_HOME.",
        )


class NoSuchFile(FolderUnusable):
    """A file that was named is not there, or is a folder."""

    def __init__(self, where: str, what: str) -> None:
        CaseStoreError.__init__(self, "STORE-029", where, what, "Check its name and folder.")


class BadRecord(CaseStoreError):
    """A record that no store could keep; nothing was written."""

    def __init__(self, case_id: str, what: str) -> None:
        super().__init__(
            "STORE-012", f"case {case_id}", what, "This is a fault of the program: report it."
        )


class VaultLocked(CaseStoreError):
    """The keys are not in memory: nobody has unlocked, or the desk locked itself."""

    def __init__(self) -> None:
        super().__init__(
            "STORE-013", "vault", "The cases are locked.", "Unlock them with the passphrase."
        )


class WrongPassphrase(CaseStoreError):
    """The passphrase, recovery code or keyring entry opens nothing here."""

    def __init__(self, what: str = "The passphrase is not the right one.") -> None:
        super().__init__(
            "STORE-014", "vault", what, "Try again, or use the recovery code from set-up."
        )


class TooManyTries(CaseStoreError):
    """Unlocking failed often: it is refused for `wait` seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(
            "STORE-015",
            "vault",
            f"Unlocking failed too often; it is possible again in {wait} seconds.",
            "Wait, then try again.",
        )
        self.wait = wait


class VaultDamaged(CaseStoreError):
    """A file that holds keys is missing or was changed."""

    def __init__(
        self,
        name: str,
        what: str,
        advice: str = "Put it back from a backup; the cases can't be read without.",
    ) -> None:
        super().__init__("STORE-016", name, what, advice)


class WeakVault(CaseStoreError):
    """vault.json asks for a key derivation that is too weak or absurdly costly."""

    def __init__(self) -> None:
        super().__init__(
            "STORE-017",
            "vault.json",
            "The cost of guessing in this file is outside the safe bounds.",
            "Somebody changed the file: put it back from a backup.",
        )


class NoPassphrase(CaseStoreError):
    """No usable passphrase came from where it was to come from."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(
            "STORE-018",
            where,
            what,
            "Set NMT_INTAKE_PASSPHRASE_FILE to a file that only you can read,"
            " or NMT_INTAKE_PASSPHRASE_COMMAND to a command that prints it.",
        )


class BadBackup(CaseStoreError):
    """A backup is not whole, was changed, or is not a backup; nothing was restored from it."""

    def __init__(self, what: str) -> None:
        super().__init__("STORE-019", "backup", what, "Use another backup.")


class NoKeyring(CaseStoreError):
    """There is no keyring of the operating system that can be trusted with a key."""

    def __init__(self, what: str) -> None:
        super().__init__("STORE-020", "keyring", what, "Unlock with the passphrase.")


class VaultThere(CaseStoreError):
    """A vault is there already, so a first run would hide its cases."""

    def __init__(self) -> None:
        super().__init__(
            "STORE-021", "vault", "There is a vault here already.", "Unlock it instead."
        )


class VaultMissing(CaseStoreError):
    """No vault was set up here yet."""

    def __init__(self) -> None:
        super().__init__(
            "STORE-022",
            "vault",
            "There is no vault here yet.",
            "Open the desk (nmt-intake) and choose a passphrase.",
        )


class WeakPassphrase(CaseStoreError):
    """A passphrase that anybody would guess."""

    def __init__(self) -> None:
        super().__init__(
            "STORE-023",
            "vault",
            "The passphrase is too short: it needs eight characters or more.",
            "Four or five random words are easy to keep and hard to guess.",
        )


class FileFull(CaseStoreError):
    """A file has reached the size beyond which it would not be read; nothing was written."""

    def __init__(self, where: str) -> None:
        super().__init__(
            "STORE-027",
            where,
            "The file is as large as it may be (1 GiB), so this was not saved.",
            "Begin a new case for what is to come.",
        )


def shown(text: str) -> str:
    """Return a case id fit for a message: what is not an id is not repeated."""
    return text if text.isascii() and text.isalnum() and len(text) <= 40 else "(not an id)"
