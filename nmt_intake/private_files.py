"""Files that leave the house, a report or an export: not sealed, but for their owner alone.

A file is there whole or not at all: it is written beside its place, synced, and then takes its
name. Several files are one set: all are new, or all are as they were.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from nmt_intake.errors import IntakeError

# A file system that cannot sync says so by these; a disk that could not, by others.
_NO_SYNC: Final = frozenset({errno.EINVAL, errno.ENOTSUP, errno.ENOSYS})
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


def write_private(path: Path, content: str | bytes) -> tuple[Path, ...]:
    """Write a file, and the folders to it, that only their owner can read; no link is followed.

    Returns it if others may read it all the same: some disks keep no permissions. Raises
    IntakeError (OUT-001) where it can't be written; what stood there is then still there.
    """
    return write_private_set({path: content})


def write_private_set(files: Mapping[Path, str | bytes]) -> tuple[Path, ...]:
    """Write several files of which either all are new afterwards or none; as `write_private`."""
    beside: dict[Path, Path] = {}
    readable: list[Path] = []
    try:
        for path, content in files.items():
            with _told(path):
                if not _is_plain(path):
                    _write_into(path, _bytes(content))
                    continue
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                beside[path] = path.parent / f".{secrets.token_hex(8)}.part"
                if not _write_new(beside[path], _bytes(content)):
                    readable.append(path)
        _take_names(beside)
    finally:
        for part in beside.values():
            with suppress(OSError):
                part.unlink()
    return tuple(readable)


class _told:  # noqa: N801  (reads as a verb where it is used)
    """Turns an error of the file system into one line that names the file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, OSError | ValueError):
            reason = getattr(error, "strerror", None) or "not a path"
            raise IntakeError(
                "OUT-001",
                str(self._path) if str(self._path) != "." else "",
                f"cannot be written ({reason}).",
                "Choose another place.",
            ) from None


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8", "replace") if isinstance(content, str) else content


def _is_plain(path: Path) -> bool:
    """Return whether a path is a file or free; OSError for a link or a folder."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return True
    if stat.S_ISLNK(mode):
        raise OSError(errno.ELOOP, "it is a link")
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    return stat.S_ISREG(mode)


def _write_into(path: Path, data: bytes) -> None:
    """Write to what is no file: a pipe with a name, a device."""
    file = os.open(path, os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(file, "wb") as out:
        out.write(data)


def _write_new(path: Path, data: bytes) -> bool:
    """Write and sync a new file; return whether it is for its owner alone."""
    file = os.open(path, _NEW, 0o600)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        try:
            os.fsync(file)
        except OSError as error:
            if error.errno not in _NO_SYNC:
                raise
        return _is_closed_to_others(file)
    finally:
        os.close(file)


def _is_closed_to_others(file: int) -> bool:
    if os.name != "posix" or not stat.S_IMODE(os.fstat(file).st_mode) & 0o077:
        return True
    try:
        os.fchmod(file, 0o600)
    except OSError:
        return False
    return not stat.S_IMODE(os.fstat(file).st_mode) & 0o077


def _take_names(beside: Mapping[Path, Path]) -> None:
    """Give each new file its name; if one can't have it, the others get back what they were."""
    were: dict[Path, bytes | None] = {}
    for path, part in beside.items():
        try:
            with _told(path):
                old = path.read_bytes() if len(beside) > 1 and path.exists() else None
                os.replace(part, path)
                were[path] = old
        except IntakeError:
            _put_back(were)
            raise
    for folder in {path.parent for path in beside}:
        _sync_folder(folder)


def _put_back(were: Mapping[Path, bytes | None]) -> None:
    for path, old in were.items():
        with suppress(OSError):
            if old is None:
                path.unlink()
            else:
                part = path.parent / f".{secrets.token_hex(8)}.part"
                _write_new(part, old)
                os.replace(part, path)


def _sync_folder(folder: Path) -> None:
    """Let the new names last; where a folder can't be synced they do without."""
    with suppress(OSError):
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
