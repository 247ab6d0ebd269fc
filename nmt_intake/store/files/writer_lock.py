"""One writer a case: a kernel lock in a file beside it, which says who has it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nmt_intake.store.files.disk import Disk, forget, make_folders, read_open, told, write_all

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
                raise Held(read_open(disk, file, _LONGEST))
            if not disk.is_at(file, path):
                raise Held(b"")  # erased between opening and locking
            disk.cut(file, 0)
            write_all(disk, file, 0, holder)
        except OSError as error:
            disk.close(file)
            raise told(error, "the lock of a case") from None
        except Held:
            disk.close(file)
            raise
        return cls(disk, path, file)

    def release(self, *, forgotten: bool = False) -> None:
        """Let others in; `forgotten` also removes the file, for a case that is gone."""
        if self.file < 0:
            return
        file, self.file = self.file, -1
        with contextlib.suppress(OSError):
            self.disk.cut(file, 0)
        if forgotten:
            forget(self.disk, self.path)
        self.disk.close(file)


def _open(disk: Disk, path: Path) -> int:
    try:
        make_folders(disk, path.parent)
        return disk.open_lock(path)
    except OSError as error:
        raise told(error, "the lock of a case") from None
