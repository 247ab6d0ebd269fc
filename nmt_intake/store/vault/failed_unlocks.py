"""Failed unlocks: each makes the next wait longer, and each is told after the next success."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from nmt_intake.store.errors import TooManyTries
from nmt_intake.store.files.disk import Disk, forget, read_whole, replace_whole
from nmt_intake.store.records import NotJson, decode, encode
from nmt_intake.store.worker import Clock, stamp

_FREE: Final = 3
_LONGEST_WAIT: Final = 300
_KEPT: Final = 100
_LARGEST: Final = 64 << 10


class FailedUnlocks:
    """The failed unlocks since the last success, kept in a file without any content.

    It slows down a person at the desk; somebody who copies the folder is held by Argon2id alone.
    """

    def __init__(self, disk: Disk, folder: Path, clock: Clock) -> None:
        self._disk = disk
        self._path = folder / "tries.json"
        self._clock = clock

    def require_patience(self) -> None:
        """Raise TooManyTries while the next try is too early.

        A clock set back does not lengthen the wait beyond what it was from now on.
        """
        times = self.times()
        if len(times) < _FREE:
            return
        wait = min(2 ** (len(times) - _FREE + 1), _LONGEST_WAIT)
        now, last = self._clock().astimezone(UTC), times[-1]
        if last > now:
            self._keep([*times[:-1], now])
            last = now
        left = last + timedelta(seconds=wait) - now
        if left > timedelta(0):
            raise TooManyTries(max(1, round(left.total_seconds())))

    def failed(self) -> None:
        """Count a failure."""
        self._keep([*self.times(), self._clock().astimezone(UTC)][-_KEPT:])

    def settle(self) -> Sequence[str]:
        """Forget the failures and return their times, for the audit."""
        times = [stamp(lambda at=at: at) for at in self.times()]
        if times:
            forget(self._disk, self._path)
        return times

    def times(self) -> list[datetime]:
        """Return when unlocking failed since the last success, oldest first."""
        try:
            kept = decode(read_whole(self._disk, self._path, _LARGEST))
        except (OSError, NotJson):
            return []
        if not isinstance(kept, list):
            return []
        return [at for item in kept if (at := _time(item)) is not None]

    def _keep(self, times: Sequence[datetime]) -> None:
        said = encode([stamp(lambda at=at: at) for at in times])
        with contextlib.suppress(OSError):
            replace_whole(self._disk, self._path, said)


def _time(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
