"""audit.nmt: who opened what when; never what it said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from nmt_intake.store.files.disk import Disk
from nmt_intake.store.journal.frames import Purpose
from nmt_intake.store.protocols import JsonValue
from nmt_intake.store.records import number, text
from nmt_intake.store.sealed.shared_log import SharedLog
from nmt_intake.store.vault.key_memory import VaultKeys
from nmt_intake.store.worker import Clock, stamp, this_computer
from nmt_intake.text import clean_line

ENTRIES: Final = "entries"
_FRAMES_BEFORE_COMPACTING: Final = 4000


class Action(Enum):
    """What can be done to records that somebody may later ask about."""

    UNLOCKED = "unlocked"
    UNLOCK_FAILED = "unlock failed"
    LOCKED = "locked"
    MADE = "case made"
    OPENED = "case opened for writing"
    VIEWED = "case viewed"
    CLOSED = "case closed"
    EXPORTED = "case exported"
    PRINTED = "case printed"
    ERASED = "case erased"
    RESTORED = "case restored"
    TAKEN_IN = "case taken in from plain files"
    BACKED_UP = "backed up"
    TAKEN_OUT = "erased cases taken out of a backup"
    TAIL_CUT = "torn end cut"
    DAMAGE_SEEN = "damage seen"
    INDEX_REBUILT = "index rebuilt"
    MENDED = "files of the house were made whole"
    PASSPHRASE_CHANGED = "passphrase changed"
    RECOVERY_CODE_RENEWED = "recovery code renewed"
    KEYS_ROTATED = "keys rotated"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit: UTC time, deed, worker, computer, case id if any, a number."""

    at: str
    action: str
    who: str
    place: str
    case_id: str
    count: int

    def to_json(self) -> dict[str, JsonValue]:
        """Return the line as it is kept and exported."""
        return {
            "at": self.at,
            "deed": self.action,
            "who": self.who,
            "place": self.place,
            "case": self.case_id,
            "count": self.count,
        }


class Audit:
    """The audit of one home; entries can be added and read, nothing else."""

    def __init__(self, disk: Disk, folder: Path, keys: VaultKeys, clock: Clock, who: str) -> None:
        self.log = SharedLog(disk, folder, Purpose.AUDIT, keys)
        self._clock = clock
        self._who = who

    def note(
        self, action: Action, case_id: str = "", count: int = 0, at: str | None = None
    ) -> None:
        """Add an entry, durable when this returns; `count` is a number of events or cases."""
        when = stamp(self._clock) if at is None else at
        entry = Entry(when, action.value, clean_line(self._who), this_computer(), case_id, count)
        with self.log.turn() as storage:
            place = str(len(storage.rows(ENTRIES)) + 1)
            self.log.change({ENTRIES: {place: entry.to_json()}}, sync=True)

    def entries(self) -> Sequence[Entry]:
        """Return every entry, oldest first."""
        return [
            Entry(
                text(kept.get("at")),
                text(kept.get("deed")),
                text(kept.get("who")),
                text(kept.get("place")),
                text(kept.get("case")),
                number(kept.get("count")),
            )
            for kept in self.log.rows(ENTRIES).values()
        ]

    def tidy(self) -> None:
        """Rewrite the file when reading it has become slow; every entry stays."""
        if self.log.frames() > _FRAMES_BEFORE_COMPACTING:
            self.log.compact()
