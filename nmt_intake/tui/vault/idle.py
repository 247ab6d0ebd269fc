"""Whether nobody has touched the desk for too long, also while the computer slept."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Idle:
    """Counts since the last key by two clocks, and believes the one that says more.

    A monotonic clock may stand still while a laptop lid is closed; the clock on the wall goes on,
    but somebody may set it back.
    """

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    _last: tuple[float, float] = field(init=False)

    def __post_init__(self) -> None:
        self._last = (self.monotonic(), self.wall())

    def touched(self) -> None:
        """Somebody pressed a key."""
        self._last = (self.monotonic(), self.wall())

    @property
    def seconds(self) -> float:
        """How long nobody has touched the desk."""
        return max(self.monotonic() - self._last[0], self.wall() - self._last[1])

    def due(self, minutes: int) -> bool:
        """Whether it is time to lock; never with 0 minutes."""
        return minutes > 0 and self.seconds >= minutes * 60
