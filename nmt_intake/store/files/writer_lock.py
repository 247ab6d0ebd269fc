"""One writer a case: a kernel lock in a file beside it, which says who has it.

    holder 1024 (length 2, then what the holder wrote) | mark (as long as its owner makes it)

The mark outlives its writer: it is where a case's last confirmed place is noted after every save.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nmt_intake.store.files.disk import Disk, forget, make_folders, read_whole, told, write_all

_HOLDER: Final = 1024
_LONGEST: Final = 4096


class Held(Exception):
    """Somebody else has the lock; `holder` is what they wrote into it."""

    def __init__(self, holder: bytes) -> None:
        super().__init__()
        self.holder = holder


@dataclass(slots=True)
class WriterLock:
    """A lock that is held until `release` or the end of the process, whichever is first."""

    disk: Disk
    path: Path
    file: int

    @classmethod
    def take(cls, disk: Disk, path: Path, holder: bytes) -> WriterLock:
        """Take the lock and leave `holder` in it for others to read, or raise Held.

        What a crashed process left behind needs no care: its lock went with it.
        """
        file = _open(disk, path)
        try:
            if not disk.lock(file):
                raise Held(_holder_in(disk.read(file, 0, _HOLDER)))
            if not disk.is_at(file, path):
                raise Held(b"")  # erased between opening and locking
            write_all(disk, file, 0, _framed(holder))
        except OSError as error:
            disk.close(file)
            raise told(error, "the lock of a case") from None
        except Held:
            disk.close(file)
            raise
        return cls(disk, path, file)

    def say(self, holder: bytes) -> None:
        """Leave another holder for others to read; trouble is not told."""
        with contextlib.suppress(OSError):
            write_all(self.disk, self.file, 0, _framed(holder))

    def mark(self, data: bytes) -> None:
        """Note something that is to be found after a crash; not synced, trouble is not told."""
        with contextlib.suppress(OSError):
            self.disk.write(self.file, _HOLDER, data)

    def release(self, *, forgotten: bool = False) -> None:
        """Let others in; `forgotten` also removes the file, for a case that is gone."""
        if self.file < 0:
            return
        file, self.file = self.file, -1
        with contextlib.suppress(OSError):
            write_all(self.disk, file, 0, _framed(b""))
        if forgotten:
            forget(self.disk, self.path)
        self.disk.close(file)


def read_mark(disk: Disk, path: Path) -> bytes:
    """Return what the last writer marked, or nothing."""
    try:
        return read_whole(disk, path, _LONGEST)[_HOLDER:]
    except OSError:
        return b""


def _framed(holder: bytes) -> bytes:
    return (len(holder).to_bytes(2, "big") + holder)[:_HOLDER].ljust(_HOLDER, b"\0")


def _holder_in(data: bytes) -> bytes:
    return data[2 : 2 + int.from_bytes(data[:2], "big")]


def _open(disk: Disk, path: Path) -> int:
    try:
        make_folders(disk, path.parent)
        return disk.open_lock(path)
    except OSError as error:
        raise told(error, "the lock of a case") from None
