"""keys.nmt: a data key for each case, wrapped; destroying one erases that case.

The file is replaced as a whole, twice (a copy stands beside it), so that half of a key never
exists and one bad sector costs nothing.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)

from nmt_intake.store.errors import CaseErased, CaseUnknown, NewerFormat, VaultDamaged
from nmt_intake.store.files.disk import (
    Disk,
    read_open,
    read_whole,
    replace_whole,
    told,
    wait_for_lock,
    write_all,
)
from nmt_intake.store.journal.frames import (
    Header,
    Newer,
    NotAJournal,
    Purpose,
    Scan,
    Seal,
    Tail,
)
from nmt_intake.store.journal.journal import Journal, header_of, open_journal, sealed_bytes
from nmt_intake.store.journal.storage import Row, Rows, tables_of, whole
from nmt_intake.store.protocols import JsonValue
from nmt_intake.store.records import encode, text
from nmt_intake.store.vault.key_memory import KEY_SIZE, VaultKeys
from nmt_intake.store.vault.vault_file import has_sealed_files

Tables: TypeAlias = dict[str, Rows]
_KEYS: Final = "keys"
_STONES: Final = "stones"
_BACKUPS: Final = "backups"
_LARGEST: Final = 256 << 20
_END: Final = encode({"closed": True})


class CaseKeys:
    """The case keys of one home, shared by its processes."""

    def __init__(self, disk: Disk, folder: Path, vault: VaultKeys) -> None:
        self._disk = disk
        self._path = folder / "keys.nmt"
        self._copy = folder / "keys.copy"
        self._lock_path = folder / "keys.lock"
        self._vault = vault
        self._file = -1
        self._generation = 0
        self._tables: Tables = {}

    def make(self) -> bool:
        """Start an empty file in a new home; where cases were kept already, it must be there.

        Returns whether the home is new.
        """
        lock = self._lock()
        try:
            if has_sealed_files(self._disk, self._path.parent):
                return False
            self._write({_KEYS: {}, _STONES: {}})
        finally:
            self._disk.close(lock)
        return True

    def mend(self) -> bool:
        """Make both files say the same again; returns whether one of them was harmed or missing.

        An erasure that was cut short between the two left the key in the copy: it goes too.
        """
        paths = (self._path, self._copy)
        try:
            contents = {self._bytes(path) for path in paths}
            harmed = not all(self._is_whole(path) for path in paths)
        except OSError as error:
            raise told(error, "keys.nmt") from None
        if harmed or len(contents) > 1:
            self._change(lambda _tables: None, scrub=True)
        return harmed

    def _bytes(self, path: Path) -> bytes:
        return read_whole(self._disk, path, _LARGEST) if self._disk.exists(path) else b""

    def _is_whole(self, path: Path) -> bool:
        try:
            journal, found = self._opened(path)
        except (FileNotFoundError, NotAJournal):
            return False
        journal.close()
        return _ends_well(found)

    def _opened(self, path: Path) -> tuple[Journal, Scan]:
        return open_journal(self._disk, path, "keys.nmt", self._seal, writable=False)

    def ids(self) -> list[str]:
        """Return the ids of every case that has a key."""
        return list(self._current()[_KEYS])

    def stones(self) -> Mapping[str, Row]:
        """Return when and why cases were erased."""
        return self._current()[_STONES]

    def require(self, case_id: str) -> None:
        """Raise CaseErased or CaseUnknown for a case that has no key."""
        tables = self._current()
        if case_id in tables[_STONES]:
            raise CaseErased(case_id)
        if case_id not in tables[_KEYS]:
            raise CaseUnknown(case_id)

    def key(self, case_id: str, number: int) -> bytes:
        """Return a case's key by its number, which the case file's header names."""
        self.require(case_id)
        wrapped = self._current()[_KEYS][case_id].get(str(number))
        if wrapped is None:
            raise VaultDamaged("keys.nmt", f"It lacks a key of case {case_id}.")
        return self._unwrap(text(wrapped))

    def newest(self, case_id: str) -> int:
        """Return the number of a case's latest key, 0 for none."""
        held = self._current()[_KEYS].get(case_id, {})
        return max((int(number) for number in held), default=0)

    def all_keys(self, case_id: str) -> list[bytes]:
        """Return every key of a case, the latest first; none for a case without."""
        held = self._current()[_KEYS].get(case_id, {})
        return [self._unwrap(text(held[number])) for number in sorted(held, key=int, reverse=True)]

    def with_several(self) -> list[str]:
        """Return the cases with more than one key: their rotation was cut short."""
        return [case_id for case_id, held in self._current()[_KEYS].items() if len(held) > 1]

    def add(self, case_id: str, number: int) -> bytes:
        """Give a case one more key, durable when this returns."""
        fresh = secrets.token_bytes(KEY_SIZE)
        self._add({case_id: (number, fresh)})
        return fresh

    def add_many(self, numbers: Mapping[str, int]) -> None:
        """Give each case one more key of this number, durable when this returns."""
        self._add(
            {case: (number, secrets.token_bytes(KEY_SIZE)) for case, number in numbers.items()}
        )

    def keep_only(self, numbers: Mapping[str, int]) -> None:
        """Destroy every other key of these cases."""

        def change(tables: Tables) -> None:
            for case_id, number in numbers.items():
                held = tables[_KEYS].get(case_id, {})
                if str(number) in held:
                    tables[_KEYS][case_id] = {str(number): held[str(number)]}

        self._change(change, scrub=True)

    def destroy(self, case_id: str, stone: Row) -> None:
        """Destroy a case's keys and put a tombstone there, durable when this returns.

        The tombstone names the backups that may still hold the case: `left`, until `rid`.
        """

        def change(tables: Tables) -> None:
            tables[_KEYS].pop(case_id, None)
            left: list[JsonValue] = [*tables.get(_BACKUPS, {})]
            tables[_STONES][case_id] = {**stone, "left": left}

        self._change(change, scrub=True)

    def keep_stones(self, stones: Mapping[str, JsonValue]) -> None:
        """Take over tombstones from a backup, for cases that are not here."""

        def change(tables: Tables) -> None:
            for case_id, stone in stones.items():
                if case_id not in tables[_KEYS] and isinstance(stone, dict):
                    tables[_STONES].setdefault(case_id, stone)

        if stones:
            self._change(change)

    def remember_backup(self, name: str, key: bytes, path: Path, holds: Iterable[str] = ()) -> None:
        """Keep where a backup lies and what opens it; `holds` are erased cases that are in it.

        A copy of it elsewhere is another place. Of those at the same path the one before is kept
        too: it is there until it is replaced, or on another disk that is used in turn.
        """
        where, place = os.fsencode(path.absolute()).hex(), _place(name, path)

        def change(tables: Tables) -> None:
            rows = tables.setdefault(_BACKUPS, {})
            same = [other for other, row in rows.items() if row.get("path") == where]
            for other in {*same[:-1], place} & set(rows):
                del rows[other]
            rows[place] = {"path": where, "key": self._wrap(key)}
            for case_id in holds:
                stone = tables[_STONES][case_id]
                tables[_STONES][case_id] = {**stone, "left": [*_left(stone), place]}

        self._change(change)

    def backups(self) -> Mapping[str, Path]:
        """Return the paths that backups were written to or read from, by their places."""
        rows = self._current().get(_BACKUPS, {})
        paths = ((place, bytes.fromhex(text(row.get("path")))) for place, row in rows.items())
        return {place: Path(os.fsdecode(path)) for place, path in paths}

    def backup_key(self, name: str) -> bytes | None:
        """Return what opens a backup that was written or read here."""
        rows = self._current().get(_BACKUPS, {})
        known = (row for place, row in rows.items() if place.startswith(name))
        return next((self._unwrap(text(row.get("key"))) for row in known), None)

    def left_in(self, case_id: str) -> list[str]:
        """Return the places of the backups that may still hold an erased case."""
        known = self._current().get(_BACKUPS, {})
        return [place for place in _left(self.stones()[case_id]) if place in known]

    def rid(self, name: str, path: Path) -> None:
        """Note that the backup at this path holds no erased case; copies elsewhere still may."""
        place = _place(name, path)

        def change(tables: Tables) -> None:
            for case_id, stone in tables[_STONES].items():
                rest: list[JsonValue] = [other for other in _left(stone) if other != place]
                tables[_STONES][case_id] = {**stone, "left": rest}

        if any(place in self.left_in(case_id) for case_id in self.stones()):
            self._change(change)

    def reseal(self) -> None:
        """Wrap every key again under the vault's current key."""

        def change(tables: Tables) -> None:
            for case_id, held in tables[_KEYS].items():
                tables[_KEYS][case_id] = {
                    number: self._wrap(self._unwrap(text(key))) for number, key in held.items()
                }
            for name, row in tables.get(_BACKUPS, {}).items():
                key = self._unwrap(text(row.get("key")))
                tables[_BACKUPS][name] = {**row, "key": self._wrap(key)}

        self._change(change, scrub=True)

    def close(self) -> None:
        """Give the file back and forget what it said."""
        if self._file >= 0:
            self._disk.close(self._file)
        self._file = -1
        self._tables = {}

    def _add(self, fresh: Mapping[str, tuple[int, bytes]]) -> None:
        def change(tables: Tables) -> None:
            for case_id, (number, key) in fresh.items():
                held = tables[_KEYS].get(case_id, {})
                tables[_KEYS][case_id] = {**held, str(number): self._wrap(key)}

        self._change(change)

    def _wrap(self, key: bytes) -> str:
        """Return a wrapped key, led by the number of the vault key that wraps it."""
        number = self._vault.number
        wrapped = aes_key_wrap(self._vault.derive("case keys", number), key)
        return f"{number}:{base64.b64encode(wrapped).decode()}"

    def _unwrap(self, wrapped: str) -> bytes:
        number, _colon, data = wrapped.partition(":")
        try:
            return aes_key_unwrap(
                self._vault.derive("case keys", int(number)), base64.b64decode(data)
            )
        except (InvalidUnwrap, ValueError):
            raise VaultDamaged("keys.nmt", "A key in it can't be opened.") from None

    def _lock(self) -> int:
        try:
            return wait_for_lock(self._disk, self._lock_path)
        except OSError as error:
            raise told(error, "keys.nmt") from None

    def _current(self) -> Tables:
        self._vault.plain(self._vault.number)  # a locked vault has no keys, whatever is known
        try:
            if self._file < 0 or not self._disk.is_at(self._file, self._path):
                self.close()
                self._read()
        except OSError as error:
            raise told(error, "keys.nmt") from None
        return self._tables

    def _read(self) -> None:
        for path in self._later_first():
            try:
                journal, found = self._opened(path)
            except NotAJournal:
                continue
            if _ends_well(found):
                self._file = journal.file
                self._generation = journal.header.generation
                self._tables = tables_of(found.payloads)
                return
            journal.close()
        raise VaultDamaged(
            "keys.nmt",
            "The file with the case keys is missing or was changed, and so is its copy.",
            "Move this folder away, or set NMT_INTAKE_HOME to an empty one, and restore a backup.",
        )

    def _later_first(self) -> list[Path]:
        """Return the files that are there; one that was put back from earlier comes last."""
        generations: dict[Path, int] = {}
        for path in (self._path, self._copy):
            try:
                with suppress(FileNotFoundError, NotAJournal):
                    generations[path] = header_of(self._disk, path).generation
            except Newer as newer:
                raise NewerFormat(path.name, newer.version) from None
        return sorted(generations, key=lambda path: generations[path], reverse=True)

    def _change(self, change: Callable[[Tables], None], *, scrub: bool = False) -> None:
        with ExitStack() as opened:
            opened.callback(self._disk.close, self._lock())
            tables = {name: dict(rows) for name, rows in self._current().items()}
            change(tables)
            try:
                doomed = self._doomed(opened) if scrub else []
            except OSError as error:
                raise told(error, "keys.nmt") from None
            self._write(tables)
            for file in doomed:
                self._scrub(file)

    def _write(self, tables: Tables) -> None:
        header = Header(
            Purpose.KEYS,
            self._vault.vault_id,
            self._vault.number,
            self._generation + 1,
            self._vault.practice,
        )
        data, _end = sealed_bytes(header, self._seal(header), whole(tables, closed=True))
        try:
            for path in (self._path, self._copy):
                replace_whole(self._disk, path, data)
        except OSError as error:
            raise told(error, "keys.nmt") from None
        self.close()

    def _doomed(self, opened: ExitStack) -> list[int]:
        """Open the files that are about to be replaced, to overwrite them afterwards."""
        files: list[int] = []
        for path in (self._path, self._copy):
            if self._disk.exists(path):
                files.append(self._disk.open(path))
                opened.callback(self._disk.close, files[-1])
        return files

    def _scrub(self, file: int) -> None:
        """Overwrite a replaced file: a help on disks that write in place, no promise on others."""
        try:
            write_all(self._disk, file, 0, bytes(len(read_open(self._disk, file, _LARGEST))))
            self._disk.sync(file)
        except OSError:
            return

    def _seal(self, header: Header) -> Seal:
        if header.purpose != Purpose.KEYS or header.file_id != self._vault.vault_id:
            raise NotAJournal
        return Seal(self._vault.derive("keys", header.key_number), header)


def _place(name: str, path: Path) -> str:
    """Return what tells one copy of a backup from another; a path need not be text."""
    return f"{name} {os.fsencode(path.absolute()).hex()}"


def _left(stone: Row) -> list[JsonValue]:
    left = stone.get("left")
    return left if isinstance(left, list) else []


def _ends_well(found: Scan) -> bool:
    return found.tail is Tail.NOTHING and found.payloads[-1:] == [_END]
