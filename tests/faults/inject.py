"""Fail, shorten or cut every call of a day's work, and look at what is left.

    python -m tests.faults.inject            every case: 36,862 in 218 s on two cores
    python -m tests.faults.inject --share 10     every tenth

For every call of the scripted day: an I/O error, no space, a short write, a short write and then
an error, each looked at three steps on and at the end of the day; and at every call that changes
something, a power cut that leaves all writes so far, only the synced ones, or any mixture, and for
every write a cut at many lengths of it.
"""

from __future__ import annotations

import argparse
import errno
import multiprocessing
import os
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.faults.session import Day, make_guessing_cheap
from tests.faults.sim_disk import SimDisk

LOOKING = ("read", "open_to_read", "names", "lock")
CHANCE = 20261122
LENGTHS = 42
MIXTURES = 6
STEPS_ON = 3


class Enough(BaseException):
    """The wanted number of wrong cases was found."""


@dataclass
class Tally:
    """How many cases of each kind were tried, and the first few that went wrong."""

    tried: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    wanted: int = 1_000_000

    def blame(self, where: str) -> None:
        """Write down the exception at hand; Enough when no more are wanted."""
        last = traceback.format_exc().strip().splitlines()
        self.wrong.append(f"{where}: {last[-1]}  [{last[-3].strip()[-70:]}]")
        if len(self.wrong) >= self.wanted:
            raise Enough

    def add(self, other: Tally) -> None:
        self.tried += other.tried
        self.wrong += other.wrong

    @property
    def cases(self) -> int:
        return sum(self.tried.values())


def failing(number: int, code: int, taken: float | None) -> Callable[[SimDisk], list[str]]:
    """Return what makes call `number` of a disk fail, or take a part of a write and then fail."""

    def arm(disk: SimDisk) -> list[str]:
        seen = [0]
        hit: list[str] = []

        def hook(call: str, path: Path, data: bytes) -> None:
            seen[0] += 1
            if seen[0] == number + 1 and hit[-1:] == ["short"] and code:
                raise OSError(code, os.strerror(code))
            if seen[0] != number:
                return
            if taken is None:
                hit.append(call)
                raise OSError(code, os.strerror(code))
            if call == "write" and len(data) > 1:
                disk.taken = max(1, int(len(data) * taken))
                hit.append("short")

        disk.hook = hook
        return hit

    return arm


FAULTS: dict[str, tuple[int, float | None]] = {
    "I/O error": (errno.EIO, None),
    "no space": (errno.ENOSPC, None),
    "short write": (0, 0.5),
    "short write, then no space": (errno.ENOSPC, 0.3),
    "short write, then I/O error": (errno.EIO, 0.9),
}


def calls_of_a_day() -> list[tuple[str, str, int]]:
    """Return every call of a day without faults: name, file, length."""
    disk = SimDisk()
    calls: list[tuple[str, str, int]] = []
    disk.hook = lambda call, path, data: calls.append((call, path.name, len(data)))
    Day(disk).work()
    return calls


@dataclass
class Watched:
    """A day in which one call fails: looked at soon after that, and at its end."""

    kind: str
    number: int
    tally: Tally
    day: Day = field(init=False)
    hit: list[str] = field(init=False)
    steps: int = 0

    def __post_init__(self) -> None:
        disk = SimDisk()
        self.hit = failing(self.number, *FAULTS[self.kind])(disk)
        self.day = Day(disk)
        self.day.after_step = self.after_step

    def after_step(self) -> None:
        self.steps += bool(self.hit)
        if self.steps == STEPS_ON:
            self.look("soon")

    def look(self, when: str) -> None:
        """Look at what a kill and a power cut would leave now."""
        disk = self.day.disk
        for name, image in (("killed", disk.after_kill()), ("cut off", disk.after_power_cut())):
            end = f"{self.kind}, {when} {name}"
            self.tally.tried[end] += 1
            _went_well(
                self.tally,
                f"call {self.number} ({self.hit}): {end}",
                partial(self.day.check, image),
            )


def with_errors(numbers: list[int], tally: Tally) -> None:
    """Let each of these calls fail in each way it can, and look at the disk."""
    calls = calls_of_a_day()
    for number in numbers:
        for kind, (_code, taken) in FAULTS.items():
            if taken is not None and calls[number - 1][0] != "write":
                continue  # only a write can be taken in part
            watched = Watched(kind, number, tally)
            where = f"{kind} at call {number}"
            if _went_well(tally, where, watched.day.work) and watched.hit:
                watched.look("at the end")


def with_power_cuts(chosen: Callable[[int], bool], tally: Tally, *, few: bool = False) -> None:
    """Work through one day, and at every chosen call look at what a power cut would leave."""
    disk = SimDisk()
    day = Day(disk)
    seen = [0]

    def hook(call: str, path: Path, data: bytes) -> None:
        seen[0] += 1
        if call in LOOKING or not chosen(seen[0]):
            return
        where = f"power cut at call {seen[0]} ({call} {path.suffix})"
        for kind, image in images(disk, call, path, data, seen[0], few=few):
            tally.tried[kind] += 1
            _went_well(tally, f"{where}: {kind}", partial(day.check, image))

    disk.hook = hook
    day.work()


def images(
    disk: SimDisk, call: str, path: Path, data: bytes, number: int, *, few: bool
) -> Iterator[tuple[str, SimDisk]]:
    """Return what a power cut at this call may leave."""
    yield "power cut, all writes so far", disk.after_kill()
    yield "power cut, only synced writes", disk.after_power_cut()
    chance = random.Random(CHANCE + number)
    for _ in range(1 if few else MIXTURES):
        yield "power cut, a mixture", disk.after_mixed_cut(chance)
    if call != "write":
        return
    for kept in (1, len(data) - 1) if few else lengths(len(data)):
        for zeros in (False, True):
            image = disk.torn(path, data, disk.offset, kept, zeros)
            yield f"torn write{', rest zeros' if zeros else ''}", image


def lengths(whole: int) -> list[int]:
    """Return many lengths of a write, both ends among them."""
    step = max(1, whole // LENGTHS)
    return sorted({0, 1, 4, 15, 16, 19, 20, 21, 31, 32, 33, whole - 1, *range(0, whole, step)})


def _went_well(tally: Tally, where: str, step: Callable[[], None]) -> bool:
    try:
        step()
    except Exception:
        tally.blame(where)
        return False
    return True


def part(worker: int, workers: int, share: int) -> Tally:
    """Do one worker's part."""
    make_guessing_cheap()
    tally = Tally()
    numbers = range(1, len(calls_of_a_day()) + 1)
    mine = [n for n in numbers if n % workers == worker and (n // workers) % share == 0]
    wanted = set(mine)
    with_errors(mine, tally)
    with_power_cuts(lambda number: number in wanted, tally)
    return tally


def everything(share: int = 1, workers: int = 2) -> Tally:
    """Do all, or one in `share`, on several cores."""
    whole = Tally()
    jobs = [(worker, workers, share) for worker in range(workers)]
    if workers == 1:
        whole.add(part(*jobs[0]))
        return whole
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        for tally in pool.starmap(part, jobs):
            whole.add(tally)
    return whole


def main() -> int:
    """Print a table of what was tried and every case that went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--share", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    said = parser.parse_args()
    start = time.perf_counter()
    tally = everything(said.share, said.workers)
    for kind, count in sorted(tally.tried.items()):
        print(f"{count:8}  {kind}")
    print(f"{tally.cases:8}  in {time.perf_counter() - start:.0f} s, {len(tally.wrong)} wrong")
    for line in tally.wrong[:40]:
        print(line)
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
