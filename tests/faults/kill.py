"""Kill a working process at random moments, on the real disk, and look at what is left.

    python -m tests.faults.kill              2,000 runs
    python -m tests.faults.kill --runs 100

The worker claims, answers, edits, undoes, changes the line on the list, closes, rewrites the index
and rotates keys without end, and says every acknowledged event on its standard output. Every one of
them must be there afterwards, and nothing half done.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from nmt_intake.store.errors import CaseStoreError
from nmt_intake.store.protocols import CaseLabel, CaseSummary
from nmt_intake.store.sealed.rotation import rekey_cases, reseal_books, settle_keys
from nmt_intake.store.sealed.store import SealedCaseStore
from nmt_intake.store.vault.key_memory import VaultKeys
from tests.faults.events import event

VAULT, KEY = b"v" * 16, b"k" * 32


def open_store(folder: Path) -> SealedCaseStore:
    """Return the store of a home whose vault key is known, so that no run waits for Argon2id."""
    store = SealedCaseStore(folder, VaultKeys(VAULT, 1, KEY), who="worker", least_room=1)
    store.start()
    settle_keys(store.folders)
    return store


def worker(folder: Path, seed: int) -> None:
    """Work until killed; a line on standard output for each acknowledged step."""
    chance = random.Random(seed)
    store = open_store(folder)
    ids = [line.case_id for line in store.list()]
    while len(ids) < 2:
        with store.create(CaseLabel("A")) as case:
            ids.append(case.case_id)
            say("made", case.case_id, 0)
    for turn in count():
        case_id = chance.choice(ids)
        with store.claim(case_id) as case:
            for _ in range(chance.randint(1, 6)):
                many = chance.choice((1, 1, 1, 4))
                records = [event(case.sequence + 1 + place) for place in range(many)]
                say("saved", case_id, case.append(case.sequence, records))
            store.summarise(case_id, CaseSummary(CaseLabel("A"), status=f"turn {turn}"))
        if turn % 3 == 0:
            store.folders.index.log.compact()
        if turn % 4 == 1:
            rekey_cases(store.folders, lambda _done, _all: None)
        if turn % 5 == 2:
            reseal_books(store.folders)


def say(what: str, case_id: str, number: int) -> None:
    os.write(1, f"{what} {case_id} {number}\n".encode())


def one_run(folder: Path, seed: int, acknowledged: dict[str, int]) -> str:
    """Kill one worker; return what is wrong afterwards, or nothing."""
    chance = random.Random(seed)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.kill", "--worker", str(folder), str(seed)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,  # `communicate` would not see what a buffer has read already
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(chance.random() * 0.12)
    process.send_signal(signal.SIGKILL)
    said, errors = process.communicate()
    if process.returncode != -signal.SIGKILL:
        return f"the worker ended by itself: {errors.decode()[-300:]}"
    for line in (first + said).decode().splitlines():
        _what, case_id, number = line.split()
        acknowledged[case_id] = max(acknowledged.get(case_id, 0), int(number))
    return look(folder, acknowledged)


def look(folder: Path, acknowledged: dict[str, int]) -> str:
    """Return what is wrong with a home that its writer left behind, or nothing."""
    store = open_store(folder)
    try:
        for case_id, number in acknowledged.items():
            with store.claim(case_id) as case:
                there = list(case.load())
                if len(there) < number or len(there) > number + 4:
                    return f"{len(there)} events are there, {number} were acknowledged"
                if there != [event(place) for place in range(1, len(there) + 1)]:
                    return "an event is not what was saved"
                acknowledged[case_id] = len(there)
        lines = store.list()
        if not set(acknowledged) <= {line.case_id for line in lines}:
            return "a case is not on the list"
        if {line.label.alias for line in lines} != {"A"}:
            return "a line of the list is not what was written"
        if any(folder.rglob("*.new")):
            return "a temporary was left behind"
        if store.folders.case_keys.with_several():
            return "a key of a rotation was left over"
    except CaseStoreError as error:
        return f"refused: {error}"
    finally:
        store.close()
    return ""


def chain_of_runs(number: int, runs: int) -> list[str]:
    """Kill and go on in one home, so that damage would add up."""
    folder = Path(tempfile.mkdtemp(prefix="kill-"))
    acknowledged: dict[str, int] = {}
    wrong: list[str] = []
    try:
        for run in range(runs):
            if run % 25 == 24:
                shutil.rmtree(folder)
                folder.mkdir(0o700)
                acknowledged.clear()
            found = one_run(folder, number * 100_000 + run, acknowledged)
            if found:
                wrong.append(f"run {run}: {found}")
    finally:
        shutil.rmtree(folder)
    return wrong


def kill(runs: int, workers: int = 2) -> list[str]:
    """Return what went wrong in so many runs."""
    with ThreadPoolExecutor(workers) as pool:
        parts = [pool.submit(chain_of_runs, number, runs // workers) for number in range(workers)]
        return [line for part in parts for line in part.result()]


def main() -> int:
    """Run, or be the worker."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--worker", nargs=2)
    said = parser.parse_args()
    if said.worker:
        worker(Path(said.worker[0]), int(said.worker[1]))
    start = time.perf_counter()
    wrong = kill(said.runs)
    print(f"{said.runs} runs in {time.perf_counter() - start:.0f} s, {len(wrong)} wrong")
    for line in wrong[:20]:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
