"""A backup: one sealed file with every case, its key and the vault's slots.

    magic 8 | length 4 | vault.json | a sealed journal under a key of its own

The passphrase, or the recovery code, of the time of the backup opens it. Frames begin with a
letter: C a case (JSON), D its bytes, T the tombstones, E the end. Nothing in it names a path.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from nmt_intake.store import summaries
from nmt_intake.store.errors import BadBackup, CaseStoreError, NewerFormat, NoSuchFile
from nmt_intake.store.files.disk import Disk, forget, told, write_all
from nmt_intake.store.journal.frames import Header, Newer, NotAJournal, Purpose, Seal
from nmt_intake.store.journal.journal import LARGEST_FILE, sealed_bytes
from nmt_intake.store.journal.storage import Rows, whole
from nmt_intake.store.journal.streaming import FrameWriter, header_at, read_exactly, read_frames
from nmt_intake.store.protocols import JsonValue
from nmt_intake.store.records import NotJson, decode, encode, number, obj, text
from nmt_intake.store.sealed.case_file import Found, find_case
from nmt_intake.store.sealed.folders import SealedFolders
from nmt_intake.store.tiny_case import EVENTS
from nmt_intake.store.vault.key_memory import VaultKeys

_MAGIC: Final = b"NMTBKUP2"
_LENGTH: Final = struct.Struct(">I")
_LARGEST_VAULT: Final = 64 << 10
_PART: Final = 4 << 20


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds: cases, events, bytes; `left_out` are cases that can't be read."""

    cases: int
    events: int
    size: int
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseCopy:
    """One case as a backup holds it."""

    case_id: str
    number: int
    key: bytes
    line: dict[str, JsonValue] | None
    events: int
    data: bytes


_Copies: TypeAlias = Iterable[tuple[str, CaseCopy | None]]  # None: it can't be read


@dataclass(frozen=True, slots=True)
class Stones:
    """The tombstones as a backup holds them."""

    rows: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Cover:
    """What a backup is sealed with: the slots that stand before it, its header, its key."""

    vault: bytes
    header: Header
    key: bytes

    @classmethod
    def new(cls, keys: VaultKeys, vault: bytes) -> Cover:
        """Return what a backup written now is sealed with."""
        name = secrets.token_bytes(16)
        header = Header(Purpose.BACKUP, name, keys.number, 1, keys.practice)
        return cls(vault, header, _key(keys, header, vault))

    @property
    def name(self) -> str:
        """What tells this backup from every other, wherever it is copied to."""
        return self.header.file_id.hex()


def write_backup(folders: SealedFolders, path: Path, vault: bytes) -> BackupReport:
    """Write every readable case to one sealed file, read it back, then give it its name."""
    copies = ((each, _copy_of(folders, each)) for each in folders.case_keys.ids())
    return _put_new(folders, path, vault, copies)


def write_one(folders: SealedFolders, path: Path, vault: bytes, copied: CaseCopy) -> BackupReport:
    """Write one case to a backup of its own, with the same care."""
    return _put_new(folders, path, vault, [(copied.case_id, copied)])


def _put_new(folders: SealedFolders, path: Path, vault: bytes, copies: _Copies) -> BackupReport:
    if not path.name:
        raise NoSuchFile("backup", "It needs a name.")
    cover = Cover.new(folders.keys, vault)

    def remember() -> None:  # first: there must be no copy of a case that erasing knows nothing of
        folders.case_keys.remember_backup(cover.name, cover.key, path)

    return put(folders.disk, path, cover, folders.case_keys.stones(), copies, before=remember)


def put(
    disk: Disk,
    path: Path,
    cover: Cover,
    stones: Mapping[str, JsonValue],
    copies: _Copies,
    *,
    before: Callable[[], None] = lambda: None,
) -> BackupReport:
    """Write a backup beside `path`, read it back, do what comes `before`, and put it in place."""
    temporary = path.with_name(f".{secrets.token_hex(8)}.new")
    try:
        file = disk.open(temporary, new=True)
        try:
            report = _write(disk, file, cover, stones, copies)
            disk.sync(file)
        finally:
            disk.close(file)
        _read_back(disk, temporary, cover, report)
        before()
        disk.replace(temporary, path)
        disk.sync_folder(path.parent)
    except OSError as error:
        forget(disk, temporary)
        raise told(error, "the backup's folder") from None
    except CaseStoreError:
        forget(disk, temporary)
        raise
    return report


class BackupFile:
    """An open backup."""

    def __init__(self, disk: Disk, path: Path) -> None:
        self._disk = disk
        try:
            self._file = disk.open_to_read(path)
        except FileNotFoundError:
            raise NoSuchFile("backup", "There is no such file.") from None
        except OSError as error:
            raise told(error, "backup") from None
        try:
            self.vault = self._vault()
            self._start = len(_MAGIC) + _LENGTH.size + len(self.vault)
            self.header = header_at(disk, self._file, self._start)
        except Newer as newer:
            self.close()
            raise NewerFormat("backup", newer.version) from None
        except NotAJournal:
            self.close()
            raise BadBackup("The file is not a backup of this program, or not whole.") from None
        except IsADirectoryError:
            self.close()
            raise NoSuchFile("backup", "It is a folder, not a file.") from None
        except OSError as error:
            self.close()
            raise told(error, "backup") from None

    @property
    def name(self) -> str:
        """What tells this backup from every other."""
        return self.header.file_id.hex()

    def key(self, keys: VaultKeys) -> bytes:
        """Return its key, from the keys of the vault that wrote it."""
        return _key(keys, self.header, self.vault)

    def check(self, key: bytes) -> BackupReport:
        """Read the file to its last byte; raises BadBackup at the first that is wrong."""
        cases = events = 0
        for part in self.parts(key):
            if isinstance(part, CaseCopy):
                cases += 1
                events += part.events
        return BackupReport(cases, events, self._disk.size(self._file), ())

    def ids(self, key: bytes) -> set[str]:
        """Return which cases it holds, having read it to its last byte."""
        return {part.case_id for part in self.parts(key) if isinstance(part, CaseCopy)}

    def parts(self, key: bytes) -> Iterator[CaseCopy | Stones]:
        """Return tombstones and cases one by one; BadBackup at the first wrong byte."""
        try:
            yield from self._parts(key)
        except (NotAJournal, NotJson, ValueError):
            raise BadBackup("The file was changed or is not whole.") from None
        except OSError as error:
            raise told(error, "backup") from None

    def close(self) -> None:
        """Give the file back."""
        self._disk.close(self._file)

    def _vault(self) -> bytes:
        head = read_exactly(self._disk, self._file, 0, len(_MAGIC) + _LENGTH.size)
        length: int = _LENGTH.unpack(head[len(_MAGIC) :])[0]
        if not head.startswith(_MAGIC) or length > _LARGEST_VAULT:
            raise NotAJournal
        return read_exactly(self._disk, self._file, len(head), length)

    def _parts(self, key: bytes) -> Iterator[CaseCopy | Stones]:
        if self.header.purpose != Purpose.BACKUP:
            raise NotAJournal
        seal = Seal(key, self.header)
        payloads = read_frames(self._disk, self._file, self._start, self.header, seal)
        count = 0
        for payload in payloads:
            kind, said = payload[:1], payload[1:]
            match kind:
                case b"C":
                    count += 1
                    yield _case_copy(obj(decode(said)), payloads)
                case b"T":
                    yield Stones(obj(decode(said)))
                case b"E":
                    if number(obj(decode(said)).get("cases")) != count:
                        raise NotAJournal
                    if next(payloads, None) is not None:
                        raise NotAJournal
                    return
                case _:
                    raise NotAJournal
        raise NotAJournal  # the end frame is missing: the file was cut


def _write(
    disk: Disk, file: int, cover: Cover, stones: Mapping[str, JsonValue], copies: _Copies
) -> BackupReport:
    head = _MAGIC + _LENGTH.pack(len(cover.vault)) + cover.vault
    write_all(disk, file, 0, head)
    writer = FrameWriter(disk, file, len(head), cover.header, Seal(cover.key, cover.header))
    writer.add(b"T" + encode(dict(stones)))
    cases = events = 0
    left_out: list[str] = []
    for case_id, copied in copies:
        if copied is None:
            left_out.append(case_id)
            continue
        cases += 1
        events += copied.events
        _write_case(writer, copied)
    writer.add(b"E" + encode({"cases": cases}))
    return BackupReport(cases, events, disk.size(file), tuple(left_out))


def _read_back(disk: Disk, path: Path, cover: Cover, report: BackupReport) -> None:
    backup = BackupFile(disk, path)
    try:
        found = backup.check(cover.key)
    finally:
        backup.close()
    if (found.cases, found.events) != (report.cases, report.events):
        raise BadBackup("What was written could not be read back.")


def _copy_of(folders: SealedFolders, case_id: str) -> CaseCopy | None:
    try:
        found = find_case(folders, case_id, writable=False)
    except CaseStoreError:
        return None
    try:
        return None if found.trouble is not None else _copied(folders, case_id, found)
    finally:
        found.storage.close()


def _copied(folders: SealedFolders, case_id: str, found: Found) -> CaseCopy:
    journal = found.storage.journal
    line = folders.index.summary(case_id)
    return CaseCopy(
        case_id=case_id,
        number=journal.header.key_number,
        key=folders.case_keys.key(case_id, journal.header.key_number),
        line=None if line is None else summaries.to_json(line),
        events=found.events,
        data=read_exactly(folders.disk, journal.file, 0, journal.position.end),
    )


def sealed_copy(
    folders: SealedFolders,
    case_id: str,
    number: int,
    tables: Mapping[str, Rows],
    line: dict[str, JsonValue] | None,
) -> CaseCopy:
    """Return a case of this content as a backup holds it, sealed with the case's own key."""
    key, header = folders.case_keys.key(case_id, number), folders.case_header(case_id, number)
    data, _end = sealed_bytes(header, Seal(key, header), whole(tables, closed=True, largest=0))
    return CaseCopy(case_id, number, key, line, len(tables.get(EVENTS, {})), data)


def _write_case(writer: FrameWriter, copied: CaseCopy) -> None:
    said: dict[str, JsonValue] = {
        "id": copied.case_id,
        "number": copied.number,
        "key": base64.b64encode(copied.key).decode(),
        "line": copied.line,
        "events": copied.events,
        "size": len(copied.data),
        "sha256": hashlib.sha256(copied.data).hexdigest(),
    }
    writer.add(b"C" + encode(said))
    for start in range(0, len(copied.data), _PART):
        writer.add(b"D" + copied.data[start : start + _PART])


def _case_copy(said: dict[str, JsonValue], payloads: Iterator[bytes]) -> CaseCopy:
    size, data = number(said.get("size")), bytearray()
    if not 0 < size <= LARGEST_FILE:
        raise NotAJournal
    while len(data) < size:
        part = next(payloads, b"")
        if not part.startswith(b"D") or len(part) == 1:
            raise NotAJournal
        data += part[1:]
    if hashlib.sha256(data).hexdigest() != said.get("sha256"):
        raise NotAJournal
    line = said.get("line")
    return CaseCopy(
        text(said.get("id")),
        number(said.get("number")),
        base64.b64decode(text(said.get("key")), validate=True),
        line if isinstance(line, dict) else None,
        number(said.get("events")),
        bytes(data),
    )


def _key(keys: VaultKeys, header: Header, vault: bytes) -> bytes:
    """Return the key of one backup, bound to the slots that stand before it."""
    digest = hashlib.sha256(vault).hexdigest()
    return keys.derive(f"backup {header.file_id.hex()} {digest}", header.key_number)
