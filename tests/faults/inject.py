"""Fail, shorten or cut every call of a day's work, and look at what is left.

    python -m tests.faults.inject            every case: 30,464 in 133 to 144 s on two cores
    python -m tests.faults.inject --share 10     every tenth

For every call of the scripted day: an I/O error, no space where a call needs any, a short write, a
short write and then an error, each looked at three steps on and at the end of the day; and at
every call that changes something, a power cut that leaves all writes so far, only the synced ones,
or any mixture, and for every write a cut at many lengths of it. A disk that was looked at already
at the same moment is not counted again. The day branches at each call (fork): nothing is repeated.
"""

from __future__ import annotations

import argparse
import errno
import gc
import multiprocessing
import os
import pickle
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.faults.session import Day, make_guessing_cheap
from tests.faults.sim_disk import SimDisk

LOOKING = ("read", "open_to_read", "names", "lock")
CHANCE = 20261122
LENGTHS = 36
MIXTURES = 6
STEPS_ON = 3


class Enough(BaseException):
    """The wanted number of wrong cases was found."""


@dataclass
class Tally:
    """How many cases of each kind were tried, and the first few that went wrong."""

    tried: Counter[str] = field(default_factory=Counter)
    again: int = 0  # a disk and a moment that were looked at already
    wrong: list[str] = field(default_factory=list)
    wanted: int = 1_000_000
    looked_at: set[tuple[object, bytes]] = field(default_factory=set)

    def look(self, where: str, kind: str, day: Day, image: SimDisk, path: Path) -> None:
        """Check what a fault at `path` left of a day, unless the very same was checked before."""
        found = (day.moment(), image.digest())
        if found in self.looked_at:
            self.again += 1
            return
        self.looked_at.add(found)
        self.tried[kind] += 1
        try:
            day.check(image, path)
        except Exception:
            self.blame(where)

    def blame(self, where: str) -> None:
        """Write down the exception at hand; Enough when no more are wanted."""
        last = traceback.format_exc().strip().splitlines()
        self.add(Tally(wrong=[f"{where}: {last[-1]}  [{last[-3].strip()[-70:]}]"]))

    def add(self, other: Tally) -> None:
        """Count what another process found; Enough when no more are wanted."""
        self.tried += other.tried
        self.again += other.again
        self.wrong += other.wrong
        if len(self.wrong) >= self.wanted:
            raise Enough

    @property
    def cases(self) -> int:
        return sum(self.tried.values())


FAULTS: dict[str, tuple[int, float | None]] = {
    "I/O error": (errno.EIO, None),
    "no space": (errno.ENOSPC, None),
    "short write": (0, 0.5),
    "short write, then no space": (errno.ENOSPC, 0.3),
    "short write, then I/O error": (errno.EIO, 0.9),
}


def can_happen(kind: str, call: str) -> bool:
    """Only a write can be taken in part, and what only looks needs no room."""
    code, taken = FAULTS[kind]
    return call == "write" or (taken is None and (code == errno.EIO or call not in LOOKING))


def calls_of_a_day() -> list[tuple[str, str, int]]:
    """Return every call of a day without faults: name, file, length."""
    disk = SimDisk()
    calls: list[tuple[str, str, int]] = []
    disk.hook = lambda call, path, data: calls.append((call, path.name, len(data)))
    Day(disk).work()
    return calls


Report = Callable[[Tally], None]


def branch(tally: Tally) -> Report | None:
    """Split this process in two at the call at hand, so that no day is repeated up to it.

    The one that goes on as it was gets None, once the other has reported and ended; the other
    gets what it must report with. Enough, if that says so.
    """
    heard, said = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        return partial(_report, said)
    os.close(said)
    with os.fdopen(heard, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    tally.add(pickle.loads(answer))
    return None


def _report(said: int, tally: Tally) -> None:
    tally.looked_at.clear()
    with os.fdopen(said, "wb") as pipe:
        pickle.dump(tally, pipe)
    os._exit(0)


@dataclass
class Faulty:
    """What goes on after one call failed: looked at soon after that, and at the day's end."""

    kind: str
    number: int
    path: Path
    day: Day
    report: Report
    tally: Tally = field(default_factory=Tally)
    steps: int = 0

    def fail(self, call: str, length: int) -> None:
        """Let the call at hand fail, or take a part; then the next one fails, if it is to."""
        code, taken = FAULTS[self.kind]
        disk = self.day.disk
        self.day.after_step, self.day.looks = self.after_step, self.number
        disk.hook = lambda _call, _path, _data: None
        if taken is None:
            raise OSError(code, os.strerror(code))
        if length > 1:
            disk.taken = max(1, int(length * taken))
            if code:
                disk.hook = self.fail_next

    def fail_next(self, _call: str, _path: Path, _data: bytes) -> None:
        self.day.disk.hook = lambda _call, _path, _data: None
        code, _taken = FAULTS[self.kind]
        raise OSError(code, os.strerror(code))

    def after_step(self) -> None:
        self.steps += 1
        if self.steps == STEPS_ON:
            self.look("soon")

    def look(self, when: str) -> None:
        """Look at what a kill and a power cut would leave now."""
        disk = self.day.disk
        for name, image in (("killed", disk.after_kill()), ("cut off", disk.after_power_cut())):
            end = f"{self.kind}, {when} {name}"
            self.tally.look(f"call {self.number}: {end}", end, self.day, image, self.path)


def with_errors(numbers: Iterable[int], tally: Tally) -> None:
    """Let each of these calls fail in each way it can, and look at the disk."""
    wanted, disk = set(numbers), SimDisk()
    day = Day(disk)
    seen = [0]
    faulty: list[Faulty] = []  # one in a process that branched off

    def hook(call: str, path: Path, data: bytes) -> None:
        seen[0] += 1
        for kind in FAULTS if seen[0] in wanted else ():
            if not can_happen(kind, call):
                continue
            report = branch(tally)
            if report is not None:
                faulty.append(Faulty(kind, seen[0], path, day, report))
                faulty[0].fail(call, len(data))
                return

    disk.hook = hook
    try:
        day.work()
    except Enough:
        raise
    except Exception:
        told = faulty[0].tally if faulty else tally
        told.blame(f"{faulty[0].kind} at call {seen[0]}" if faulty else "a day without faults")
    else:
        if faulty:
            faulty[0].look("at the end")
    finally:
        if faulty:
            faulty[0].report(faulty[0].tally)


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
            tally.look(f"{where}: {kind}", kind, day, image, path)

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


def part(worker: int, workers: int, share: int) -> Tally:
    """Do one worker's part."""
    make_guessing_cheap()
    gc.freeze()
    gc.set_threshold(200_000)  # a third of the time otherwise
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
