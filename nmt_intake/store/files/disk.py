"""Every call to the file system that the store makes, in one small object.

A test puts its own in its place and fails, shortens or cuts any call. Descriptors are plain
numbers, offsets are explicit, nothing is buffered here, and links are never followed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from pathlib import Path
from typing import Final

from nmt_intake.store.errors import CaseStoreError, DiskFull, FolderUnusable, WriteFailed
from nmt_intake.store.files import platform_calls

NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
NOT_ALLOWED: Final = frozenset(
    {errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.ELOOP, errno.ENOENT}
)
_FLAGS: Final = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


class Disk:
    """The file system itself; every method is one call and raises OSError as that call does."""

    def open(self, path: Path, *, new: bool = False) -> int:
        """Open for reading and writing; `new` makes the file and refuses one that is there."""
        making = os.O_CREAT | os.O_EXCL if new else 0
        return os.open(path, os.O_RDWR | making | _FLAGS, 0o600)

    def open_to_read(self, path: Path) -> int:
        """Open a file that nothing will be written to."""
        return os.open(path, os.O_RDONLY | _FLAGS)

    def open_lock(self, path: Path) -> int:
        """Open a lock file, making it where there is none."""
        return os.open(path, os.O_RDWR | os.O_CREAT | _FLAGS, 0o600)

    def read(self, file: int, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`."""
        return os.pread(file, length, offset)

    def write(self, file: int, offset: int, data: bytes) -> int:
        """Write at `offset` and return how many bytes were taken, which may be fewer."""
        return os.pwrite(file, data, offset)

    def cut(self, file: int, length: int) -> None:
        """Make the file `length` bytes long."""
        os.ftruncate(file, length)

    def sync(self, file: int) -> None:
        """Return once content and length are on the disk."""
        platform_calls.sync(file)

    def sync_data(self, file: int) -> None:
        """Return once the content, and what is needed to read it back, is on the disk."""
        platform_calls.sync_data(file)

    def size(self, file: int) -> int:
        """Return the length in bytes."""
        return os.fstat(file).st_size

    def is_at(self, file: int, path: Path) -> bool:
        """Return whether `path` still names this very file."""
        try:
            there = os.stat(path, follow_symlinks=False)
        except FileNotFoundError:
            return False
        here = os.fstat(file)
        return (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)

    def close(self, file: int) -> None:
        """Give the descriptor back."""
        os.close(file)

    def replace(self, source: Path, target: Path) -> None:
        """Give `source` the name `target` in one step, whatever stood there."""
        os.replace(source, target)

    def remove(self, path: Path) -> None:
        """Take the name away."""
        os.unlink(path)

    def make_folder(self, path: Path) -> None:
        """Make one folder for its owner alone."""
        os.mkdir(path, 0o700)

    def close_to_others(self, path: Path) -> None:
        """Leave a folder to its owner alone."""
        os.chmod(path, 0o700)

    def remove_folder(self, path: Path) -> None:
        """Take an empty folder away."""
        os.rmdir(path)

    def sync_folder(self, path: Path) -> None:
        """Return once the names in a folder are on the disk."""
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | _FLAGS)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def names(self, path: Path) -> list[str]:
        """Return the names in a folder, sorted."""
        return sorted(os.listdir(path))

    def exists(self, path: Path) -> bool:
        """Return whether something has this name."""
        return os.path.lexists(path)

    def room(self, path: Path) -> int:
        """Return how many bytes may still be written below `path`."""
        return shutil.disk_usage(path).free

    def lock(self, file: int, *, wait: bool = False) -> bool:
        """Take the kernel's lock on an open file; without `wait`, False if somebody has it."""
        return platform_calls.take(file, wait=wait)


def told(error: OSError, where: str) -> CaseStoreError:
    """Return what a person is told about a failed call; `where` holds nothing personal."""
    reason = os.strerror(error.errno) if error.errno else "unknown"
    if error.errno in NO_ROOM:
        return DiskFull(where)
    if error.errno in NOT_ALLOWED:
        return FolderUnusable(where, reason)
    return WriteFailed(where, reason)


def write_all(disk: Disk, file: int, offset: int, data: bytes) -> None:
    """Write every byte; a short write is continued until it is whole or an error says why not."""
    done = 0
    while done < len(data):
        taken = disk.write(file, offset + done, data[done:])
        if taken <= 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        done += taken


def read_whole(disk: Disk, path: Path, limit: int) -> bytes:
    """Return a file's content; more than `limit` bytes are an OSError (EFBIG), not read."""
    file = disk.open_to_read(path)
    try:
        return read_open(disk, file, limit)
    finally:
        disk.close(file)


def read_open(disk: Disk, file: int, limit: int, start: int = 0) -> bytes:
    """Return an open file's content from `start`; more than `limit` bytes raise EFBIG."""
    wanted = disk.size(file) - start
    if wanted > limit:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    parts: list[bytes] = []
    while wanted > 0 and (part := disk.read(file, start, wanted)):
        parts.append(part)
        start += len(part)
        wanted -= len(part)
    return b"".join(parts)


def replace_whole(disk: Disk, path: Path, data: bytes) -> None:
    """Give `path` this content for good, or leave it as it was.

    Temporary in the same folder, synced, renamed, folder synced: after a power cut either the
    old content or the new one is there.
    """
    temporary = path.with_name(f".{secrets.token_hex(8)}.new")
    try:
        file = disk.open(temporary, new=True)
        try:
            write_all(disk, file, 0, data)
            disk.sync(file)
        finally:
            disk.close(file)
        disk.replace(temporary, path)
    except OSError:
        forget(disk, temporary)
        raise
    disk.sync_folder(path.parent)


def wait_for_lock(disk: Disk, path: Path) -> int:
    """Return the open, locked file at `path`, made where there is none; closing it unlocks."""
    try:
        file = disk.open_lock(path)
    except FileNotFoundError:
        make_folders(disk, path.parent)
        file = disk.open_lock(path)
    try:
        disk.lock(file, wait=True)
    except OSError:
        disk.close(file)
        raise
    return file


def forget(disk: Disk, path: Path) -> None:
    """Remove a file if it is there and may be removed; a left-over is swept at the next start."""
    try:
        disk.remove(path)
    except OSError:
        return


def make_folders(disk: Disk, path: Path) -> None:
    """Make a folder and those above it, each for its owner alone, each durable or not there."""
    if disk.exists(path):
        return
    make_folders(disk, path.parent)
    try:
        disk.make_folder(path)
    except FileExistsError:
        return
    try:
        disk.sync_folder(path.parent)
    except OSError:
        with contextlib.suppress(OSError):
            disk.remove_folder(path)  # else the next call would take it for a durable one
        raise
