"""One home of sealed cases: its folders, its keys, its index and audit."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from nmt_intake.store.errors import CaseClaimed, CaseUnknown
from nmt_intake.store.files.disk import Disk, make_folders, told
from nmt_intake.store.files.writer_lock import Held, WriterLock, read_mark
from nmt_intake.store.journal.frames import NONCE_SIZE, Header, Purpose, Seal
from nmt_intake.store.sealed.anchors import Anchor, Marker
from nmt_intake.store.sealed.audit import Audit
from nmt_intake.store.sealed.case_keys import CaseKeys
from nmt_intake.store.sealed.index import Index
from nmt_intake.store.vault.key_memory import VaultKeys, derived
from nmt_intake.store.worker import Clock, Holder, stamp, this_computer

_ID: Final = re.compile(r"[0-9a-f]{32}\Z")


class NotThisCase(Exception):
    """The sealed file belongs to another case, another purpose or the practice store."""


@dataclass(frozen=True, slots=True)
class SealedFolders:
    """What every part of the sealed store works with."""

    disk: Disk
    folder: Path
    keys: VaultKeys
    case_keys: CaseKeys
    index: Index
    audit: Audit
    clock: Clock
    who: str

    @classmethod
    def at(cls, disk: Disk, folder: Path, keys: VaultKeys, clock: Clock, who: str) -> Self:
        """Return the home in `folder`; reads nothing yet."""
        return cls(
            disk,
            folder,
            keys,
            CaseKeys(disk, folder, keys),
            Index(disk, folder, keys),
            Audit(disk, folder, keys, clock, who),
            clock,
            who,
        )

    def case_path(self, case_id: str) -> Path:
        """Return where a case's file is; CaseUnknown for what is not one of our ids."""
        if not _ID.match(case_id):
            raise CaseUnknown(case_id)
        return self.folder / "cases" / case_id[:2] / f"{case_id}.nmt"

    def names(self, folder: Path) -> list[str]:
        """Return the names in a folder, none where there is no such folder."""
        try:
            return self.disk.names(folder)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise told(error, "a folder of cases") from None

    @property
    def quarantine(self) -> Path:
        """Where cut tails and damaged files are kept."""
        return self.folder / "quarantine"

    def case_header(self, case_id: str, number: int) -> Header:
        """Return the header of a case file sealed with the case's key `number`."""
        return Header(Purpose.CASE, bytes.fromhex(case_id), number, number, self.keys.practice)

    def case_seal(self, case_id: str, header: Header) -> Seal:
        """Return what opens a case file; raises NotThisCase when its header is another's."""
        expected = self.case_header(case_id, header.key_number)
        if header != expected:
            raise NotThisCase
        return Seal(self.case_keys.key(case_id, header.key_number), header)

    def lock_case(self, case_id: str) -> WriterLock:
        """Take a case's writer lock or raise CaseClaimed with who has it."""
        path = self.case_path(case_id)
        try:
            make_folders(self.disk, path.parent)
        except OSError as error:
            raise told(error, "the folder of cases") from None
        holder = self._sealed_holder(case_id)
        try:
            return WriterLock.take(self.disk, path.with_suffix(".lock"), holder)
        except Held as held:
            said = self._open_holder(case_id, held.holder)
            raise CaseClaimed(case_id, said.who, said.place, said.since) from None

    def sign_lock(self, case_id: str, lock: WriterLock) -> None:
        """Say who has a case under the key that it has been given since."""
        lock.say(self._sealed_holder(case_id))

    def marker(self, case_id: str, number: int) -> Marker:
        """Return what seals marks in a case's lock file, under its key `number`.

        Not under the vault's: a desk that is at work while others get new keys keeps marking.
        """
        return Marker(derived(self.case_keys.key(case_id, number), "marks"), case_id)

    def marked(self, case_id: str) -> Anchor | None:
        """Return the place that the last writer of a case confirmed, if its mark is there."""
        mark = read_mark(self.disk, self.case_path(case_id).with_suffix(".lock"))
        opened = (Marker(derived(key, "marks"), case_id).open(mark) for key in self._keys(case_id))
        return next((anchor for anchor in opened if anchor is not None), None)

    def close(self) -> None:
        """Give every file back."""
        self.case_keys.close()
        self.index.log.close()
        self.audit.log.close()

    def _keys(self, case_id: str) -> list[bytes]:
        """Return the case's keys, the latest first, and the vault's for a case being made."""
        return [*self.case_keys.all_keys(case_id), self.keys.plain(self.keys.number)]

    def _sealed_holder(self, case_id: str) -> bytes:
        me = Holder(self.who, this_computer(), stamp(self.clock))
        nonce = os.urandom(NONCE_SIZE)
        cipher = AESGCM(derived(self._keys(case_id)[0], "locks"))
        return nonce + cipher.encrypt(nonce, me.to_bytes(), None)

    def _open_holder(self, case_id: str, data: bytes) -> Holder:
        for key in self._keys(case_id):
            cipher = AESGCM(derived(key, "locks"))
            with suppress(InvalidTag, ValueError):
                said = cipher.decrypt(data[:NONCE_SIZE], data[NONCE_SIZE:], None)
                return Holder.from_bytes(said)
        return Holder("", "", "")
