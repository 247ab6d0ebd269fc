"""What saving an answer costs, beside other ways to save the same bytes on the same disk.

    python -m tests.benchmarks.store_table            in a temporary folder, about two minutes
    python -m tests.benchmarks.store_table --folder DIR

Every way takes its turn in every round, so that a busy disk is busy for all of them.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tinydb import TinyDB
from tinydb.table import Document

from nmt_intake.store import summaries
from nmt_intake.store.protocols import RECORD_KEYS, CaseLabel, CaseSummary, Record
from nmt_intake.store.records import encode
from nmt_intake.store.sealed.store import SealedCaseStore
from nmt_intake.store.tiny_case import TinyCase
from nmt_intake.store.vault.key_derivation import Cost, stretch, tuned_cost
from nmt_intake.store.vault.key_memory import VaultKeys

LENGTHS = (10, 100, 1_000, 10_000)
CASES = (1, 100, 1_000, 10_000)
ROUNDS = 400


def answer(number: int) -> Record:
    """Return an event as large as a typical answer: about 450 bytes."""
    said = {key: f"{key}-{number:08}-{'x' * 12}" for key in RECORD_KEYS}
    return {**said, "question": "infancy/feeding.refused", "value": "often", "note": "n" * 120}


def percentile(times: Sequence[float], part: float) -> float:
    return sorted(times)[min(int(len(times) * part), len(times) - 1)] * 1000


def timed(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


class Ours:
    """A sealed store with one case of some length among some number of cases."""

    def __init__(self, folder: Path, events: int, cases: int = 1) -> None:
        self.store = SealedCaseStore(folder, VaultKeys(b"v" * 16, 1, b"k" * 32), least_room=1)
        self.store.start()
        self.case: TinyCase = self.store.create(CaseLabel("A"))
        if events:
            self.case.append(0, [answer(number) for number in range(events)])
        fill(self.store, cases - 1)

    def save(self) -> None:
        self.case.append(self.case.sequence, [answer(self.case.sequence)])

    def frame_size(self) -> int:
        before = self.case.sequence, os.path.getsize(self.path)
        self.save()
        return os.path.getsize(self.path) - before[1]

    @property
    def path(self) -> Path:
        return self.store.folders.case_path(self.case.case_id)


def fill(store: SealedCaseStore, count: int) -> None:
    """Make many other cases known: keys and lines, as they are on a list."""
    if count <= 0:
        return
    ids = [f"{number:032x}" for number in range(count)]
    store.folders.case_keys.add_many(dict.fromkeys(ids, 1))
    line = summaries.to_json(CaseSummary(CaseLabel("M.", "2019-09-14", "ann"), last_seen="2026"))
    store.folders.index.book.change({"lines": dict.fromkeys(ids, line)}, sync=True)
    for case_id in ids[:: max(1, count // 50)]:
        path = store.folders.case_path(case_id)
        path.parent.mkdir(mode=0o700, exist_ok=True, parents=True)
        path.touch(0o600)


class Bare:
    """An append and an fdatasync of as many bytes as our frame has."""

    def __init__(self, path: Path, size: int) -> None:
        self.file = os.open(path, os.O_RDWR | os.O_CREAT)
        self.data = os.urandom(size)
        self.end = 0

    def save(self) -> None:
        os.pwrite(self.file, self.data, self.end)
        os.fdatasync(self.file)
        self.end += len(self.data)


class Sqlite:
    """One row a transaction: WAL, synchronous=FULL."""

    def __init__(self, path: Path, events: int) -> None:
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.execute("pragma journal_mode=wal")
        self.database.execute("pragma synchronous=full")
        self.database.execute("create table events (number integer primary key, event text)")
        rows = [(number + 1, encode(answer(number))) for number in range(events)]
        self.database.execute("begin")
        self.database.executemany("insert into events values (?, ?)", rows)
        self.database.execute("commit")
        self.next = events + 1

    def save(self) -> None:
        event = encode(answer(self.next))
        self.database.execute("insert into events values (?, ?)", (self.next, event))
        self.next += 1


class Stock:
    """TinyDB as it comes, which syncs but does not promise much."""

    def __init__(self, path: Path, events: int) -> None:
        self.table = TinyDB(path).table("events")
        self.table.insert_multiple(
            Document(dict(answer(number)), doc_id=number + 1) for number in range(events)
        )
        self.next = events + 1

    def save(self) -> None:
        self.table.insert(Document(dict(answer(self.next)), doc_id=self.next))
        self.next += 1


def in_turns(ways: dict[str, Callable[[], None]], rounds: int) -> dict[str, list[float]]:
    """Return the times of each way, taken in turns."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, save in ways.items():
            times[name].append(timed(save))
    return times


class Limits:
    """What a run held to and what not: figures are compared within the run, never across."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.exceeded = 0

    def hold(self, what: str, seen: float, limit: float, unit: str = "times") -> None:
        fits = seen <= limit
        self.exceeded += not fits
        mark = "holds" if fits else "EXCEEDED"
        self.lines.append(f"{mark:8}  {what}: {seen:.2f} {unit} of at most {limit:g}")


def by_length(folder: Path, limits: Limits) -> None:
    """Print the table over the length of the case; every length takes its turn in every round."""
    print("one answer saved, milliseconds: median / 99th percentile")
    print(
        f"{'events':>7} {'bare append':>16} {'ours':>16} {'sqlite3 WAL FULL':>18}"
        f" {'stock TinyDB':>18} {'ours/bare':>12}"
    )
    ways: dict[str, Callable[[], None]] = {}
    stores: list[Ours] = []
    for events in LENGTHS:
        place = folder / f"length-{events}"
        place.mkdir()
        ours = Ours(place / "ours", events)
        stores.append(ours)
        ways[f"bare {events}"] = Bare(place / "bare", ours.frame_size()).save
        ways[f"ours {events}"] = ours.save
        ways[f"sqlite {events}"] = Sqlite(place / "sqlite", events).save
    times = in_turns(ways, ROUNDS)
    medians: list[float] = []
    for events in LENGTHS:
        stock = Stock(folder / f"length-{events}" / "stock.json", events)
        rounds = ROUNDS if events < 1000 else 8
        times[f"stock {events}"] = [timed(stock.save) for _ in range(rounds)]
        taken = [times[f"{name} {events}"] for name in ("bare", "ours", "sqlite", "stock")]
        shown = [(percentile(each, 0.5), percentile(each, 0.99)) for each in taken]
        medians.append(shown[1][0])
        half, worst = (shown[1][part] / shown[0][part] for part in (0, 1))
        cells = " ".join(f"{f'{a:7.3f} / {b:6.3f}':>16}" for a, b in shown)
        print(f"{events:7} {cells}   {half:.2f} / {worst:.2f}")
        limits.hold(f"{events} events, median beside a bare append", half, 2)
        limits.hold(f"{events} events, 99th percentile beside a bare append", worst, 4)
    limits.hold("median from 10 to 10,000 events", max(medians) / min(medians), 1.5)
    for ours in stores:
        ours.store.close()


def by_cases(folder: Path, limits: Limits) -> None:
    """Print what the number of cases does to an answer, in turns, and to the list."""
    print(
        "\nnumber of cases: one answer saved (median, p99), bare append, list, list in a new"
        " process, start, milliseconds"
    )
    stores = {cases: Ours(folder / f"cases-{cases}" / "ours", 500, cases) for cases in CASES}
    bare = Bare(folder / "bare", stores[CASES[0]].frame_size())
    ways: dict[str, Callable[[], None]] = {"bare": bare.save}
    times = in_turns(ways | {str(cases): ours.save for cases, ours in stores.items()}, ROUNDS)
    for cases, ours in stores.items():
        listing = statistics.median(timed(ours.store.list) for _ in range(5)) * 1000
        ours.store.close()
        gc.collect()
        again = SealedCaseStore(
            folder / f"cases-{cases}" / "ours", VaultKeys(b"v" * 16, 1, b"k" * 32)
        )
        cold = timed(again.list) * 1000
        start = timed(again.start) * 1000
        opened = timed(lambda store=again, one=ours: store.claim(one.case.case_id).close()) * 1000
        again.close()
        half, worst = (percentile(times[str(cases)], part) for part in (0.5, 0.99))
        print(
            f"{cases:7} {half:8.3f} {worst:8.3f} {percentile(times['bare'], 0.5):8.3f}"
            f" {listing:8.1f} {cold:8.1f} {start:8.1f}   (claim and close {opened:.1f})"
        )
        if cases == CASES[-1]:
            first = percentile(times[str(CASES[0])], 0.5)
            limits.hold("median from 1 to 10,000 cases", half / first, 1.2)
            limits.hold("10,000 cases listed", listing, 200, "ms")
            limits.hold("10,000 cases listed in a new process", cold, 200, "ms")


def opening(folder: Path, limits: Limits) -> None:
    """Print what opening a case costs."""
    print("\nopening and loading a case, milliseconds")
    for events in (500, 2_000):
        ours = Ours(folder / f"open-{events}", 0)
        for number in range(events):
            ours.case.append(number, [answer(number)])
        ours.case.close()
        size = os.path.getsize(ours.path)

        def read(store: SealedCaseStore = ours.store, case: TinyCase = ours.case) -> None:
            with store.open(case.case_id) as opened:
                opened.load()

        took = statistics.median(timed(read) for _ in range(9)) * 1000
        print(f"{events:7} events, {size / 1e6:.2f} MB: {took:.1f}")
        if events == 500:
            limits.hold("a case of 500 events opened", took, 50, "ms")
        ours.store.close()


def unlocking() -> None:
    """Print what Argon2id costs at the floor and as tuned here."""
    for name, cost in (("the floor", Cost()), ("as tuned here", tuned_cost())):
        taken = timed(lambda cost=cost: stretch(b"secret", b"0" * 16, cost))
        print(
            f"unlock at {name}, {cost.memory_kib >> 10} MiB, {cost.iterations} passes:"
            f" {taken * 1000:.0f} ms"
        )


def main() -> int:
    """Print every table, and which limits of the design this run held to; 1 if one was not."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--folder", type=Path)
    folder = Path(tempfile.mkdtemp(prefix="store-table-", dir=parser.parse_args().folder))
    try:
        limits = Limits()
        by_length(folder, limits)
        by_cases(folder, limits)
        opening(folder, limits)
        unlocking()
    finally:
        shutil.rmtree(folder)
    print("\n" + "\n".join(limits.lines))
    return 1 if limits.exceeded else 0


if __name__ == "__main__":
    raise SystemExit(main())
