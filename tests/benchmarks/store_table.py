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
from nmt_intake.store.vault.guessing import Cost, stretch, tuned_cost
from nmt_intake.store.vault.keys_in_memory import VaultKeys

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
        return self.store.home.case_path(self.case.case_id)


def fill(store: SealedCaseStore, count: int) -> None:
    """Make many other cases known: keys and lines, as they are on a list."""
    if count <= 0:
        return
    ids = [f"{number:032x}" for number in range(count)]
    store.home.case_keys.add_many(dict.fromkeys(ids, 1))
    line = summaries.to_json(CaseSummary(CaseLabel("M.", "2019-09-14", "ann"), last_seen="2026"))
    store.home.index.book.change({"lines": dict.fromkeys(ids, line)}, sync=True)
    for case_id in ids[:: max(1, count // 50)]:
        path = store.home.case_path(case_id)
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


def by_length(folder: Path) -> None:
    """Print the table over the length of the case."""
    print("one answer saved, milliseconds: median / 99th percentile")
    print(
        f"{'events':>7} {'bare append':>16} {'ours':>16} {'sqlite3 WAL FULL':>18}"
        f" {'stock TinyDB':>18} {'ours/bare':>12}"
    )
    for events in LENGTHS:
        place = folder / f"length-{events}"
        place.mkdir()
        ours = Ours(place / "ours", events)
        ways: dict[str, Callable[[], None]] = {
            "bare": Bare(place / "bare", ours.frame_size()).save,
            "ours": ours.save,
            "sqlite": Sqlite(place / "sqlite", events).save,
        }
        times = in_turns(ways, ROUNDS)
        stock = Stock(place / "stock.json", events)
        times["stock"] = [timed(stock.save) for _ in range(ROUNDS if events < 1000 else 8)]
        shown = {n: (percentile(t, 0.5), percentile(t, 0.99)) for n, t in times.items()}
        ratio = [shown["ours"][part] / shown["bare"][part] for part in (0, 1)]
        cells = [f"{a:7.3f} / {b:6.3f}" for a, b in shown.values()]
        print(
            f"{events:7} "
            + " ".join(f"{cell:>16}" for cell in cells)
            + f"   {ratio[0]:.2f} / {ratio[1]:.2f}"
        )
        ours.store.close()


def by_cases(folder: Path) -> None:
    """Print what the number of cases does to an answer and to the list."""
    print(
        "\nnumber of cases: one answer saved (median, p99), bare append, list, list in a new"
        " process, milliseconds"
    )
    for cases in CASES:
        place = folder / f"cases-{cases}"
        place.mkdir()
        ours = Ours(place / "ours", 500, cases)
        times = in_turns(
            {"bare": Bare(place / "bare", ours.frame_size()).save, "ours": ours.save}, ROUNDS
        )
        listing = statistics.median(timed(ours.store.list) for _ in range(5)) * 1000
        ours.store.close()
        gc.collect()
        again = SealedCaseStore(place / "ours", VaultKeys(b"v" * 16, 1, b"k" * 32))
        cold = timed(again.list) * 1000
        opened = timed(lambda store=again, one=ours: store.claim(one.case.case_id).close()) * 1000
        again.close()
        half, worst = (percentile(times["ours"], part) for part in (0.5, 0.99))
        print(
            f"{cases:7} {half:8.3f} {worst:8.3f} {percentile(times['bare'], 0.5):8.3f}"
            f" {listing:8.1f} {cold:8.1f}   (claim and close {opened:.1f})"
        )


def opening(folder: Path) -> None:
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

        times = [timed(read) for _ in range(9)]
        print(f"{events:7} events, {size / 1e6:.2f} MB: {statistics.median(times) * 1000:.1f}")
        ours.store.close()


def unlocking() -> None:
    """Print what Argon2id costs at the floor and as tuned here."""
    for name, cost in (("the floor", Cost()), ("as tuned here", tuned_cost())):
        taken = timed(lambda cost=cost: stretch(b"secret", b"0" * 16, cost))
        print(
            f"unlock at {name}, {cost.memory_kib >> 10} MiB, {cost.iterations} passes:"
            f" {taken * 1000:.0f} ms"
        )


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--folder", type=Path)
    folder = Path(tempfile.mkdtemp(prefix="store-table-", dir=parser.parse_args().folder))
    try:
        by_length(folder)
        by_cases(folder)
        opening(folder)
        unlocking()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
