"""What systems do differently: locks that end with their process, and a sync that is one."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Final, Protocol

# Far behind any content, because a locked region can't be read by others.
_REGION: Final = 1 << 30


class Regions(Protocol):
    """The part of `msvcrt` that locks a region of a file."""

    LK_LOCK: int
    LK_NBLCK: int

    def locking(self, file: int, mode: int, length: int, /) -> None:
        """Lock `length` bytes from where the file stands; OSError if somebody has them."""
        ...


def full_sync(file: int, control: Callable[[int, int], object], command: int) -> None:
    """Sync as macOS needs it, where fsync stops at the drive's own cache."""
    try:
        control(file, command)
    except OSError:
        os.fsync(file)


if sys.platform == "win32":  # pragma: no cover - tested by its parts, on every system
    import msvcrt

    def take(file: int, *, wait: bool) -> bool:
        """Lock an open file until it is closed; without `wait`, False if somebody has it."""
        return take_region(msvcrt, file, wait=wait)

    sync = sync_data = os.fsync

else:
    import fcntl

    if sys.platform == "darwin":  # pragma: no cover - tested by its parts, on every system

        def sync(file: int) -> None:
            """Return once content and length are on the disk."""
            full_sync(file, fcntl.fcntl, fcntl.F_FULLFSYNC)

        sync_data = sync

    else:
        sync, sync_data = os.fsync, os.fdatasync

    def take(file: int, *, wait: bool) -> bool:
        """Lock an open file until it is closed; without `wait`, False if somebody has it."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True


def take_region(regions: Regions, file: int, *, wait: bool) -> bool:
    """Lock with `regions`, which gives up after ten seconds, so waiting means asking again."""
    os.lseek(file, _REGION, os.SEEK_SET)
    while True:
        try:
            regions.locking(file, regions.LK_LOCK if wait else regions.LK_NBLCK, 1)
        except OSError:
            if wait:
                continue
            return False
        return True
