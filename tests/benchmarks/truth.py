"""What one answer costs, and what is left after it: `python -m tests.benchmarks.truth`.

Aims, at the median: 1,000 questions 0.2 ms, 10,000 questions 1 ms, 200 carers 1 ms; progress and
what is left at 50,000 slots 1 ms. Times are of the processor: on a busy machine the clock's are
the scheduler's. `--small` leaves out the bank of 10,000, which takes a minute to compile.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Sequence
from random import Random
from statistics import median, quantiles
from time import thread_time

from nmt_intake.bank.model import Bank
from nmt_intake.interview.events import Event
from nmt_intake.interview.left import left_of
from nmt_intake.interview.progress import progress
from nmt_intake.interview.state import Interview, fold
from tests.benchmarks.test_engine import opening, value
from tests.interview.happenings import event
from tests.interview.large_bank import large_bank

ROUNDS = 1000


def under_way(bank: Bank, carers: int, answers: int) -> Interview:
    """Return an interview with so many carers and answers all over the bank."""
    chance = Random(1)
    named = begun_with(carers)
    begun = fold(bank, [*opening(), *named])
    events = [said(bank, chance, begun, 20_000 + number) for number in range(answers)]
    return fold(bank, [*opening(), *named, *events])


def begun_with(carers: int) -> list[Event]:
    """Return the events that name the carers after the third."""
    return [
        event(10_000 + number, "instance_added", instance=f"caregiver-{number}")
        for number in range(4, carers + 1)
    ]


def said(bank: Bank, chance: Random, interview: Interview, number: int) -> Event:
    """Return an answer to a slot by chance."""
    slot = chance.choice(interview.layout.slots)
    answer = value(bank.questions[slot.rpartition("/")[2]], chance)
    return event(number, "answered", slot=slot, value=answer, informant="gm")


def timed(steps: Sequence[Callable[[], object]]) -> tuple[float, float]:
    """Return median and 99th percentile of these steps, in milliseconds."""
    times: list[float] = []
    gc.collect()
    gc.disable()
    for step in steps:
        start = thread_time()
        step()
        times.append((thread_time() - start) * 1000)
    gc.enable()
    return median(times), quantiles(times, n=100)[-1]


def row(name: str, found: tuple[float, float], aim: str) -> None:
    """Print one line of the table."""
    print(f"{name:<52} {found[0]:8.3f} {found[1]:8.3f}   {aim}", flush=True)


def one_answer(name: str, interview: Interview, aim: str) -> None:
    """Measure `apply` of answers by chance to one interview, what is left included."""
    chance, bank = Random(7), interview.bank
    events = [said(bank, chance, interview, 90_000 + number) for number in range(ROUNDS)]
    steps = [lambda each=each: interview.apply(each) for each in events]
    row(f"{name}, {len(interview.layout.slots)} slots", timed(steps[:20] + steps), aim)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    small: bool = parser.parse_args().small
    print(f"{'milliseconds of the processor':<52} {'median':>8} {'p99':>8}   aim")
    thousand = large_bank(1000)
    one_answer("one answer, 1,000 questions", under_way(thousand, 3, 1000), "0.2")
    one_answer("one answer, 200 carers", under_way(thousand, 200, 2000), "1")
    wide = under_way(thousand, 245, 2000)
    slots = len(wide.layout.slots)
    row(f"progress, {slots} slots", timed([lambda: progress(wide)] * ROUNDS), "1")
    row(f"what is left, read, {slots} slots", timed([lambda: read(wide)] * 50), "1")
    one_answer("what is left, kept, with the answer", wide, "1")
    whole = (wide.graph, wide.setting, wide.slots, wide.states)
    row(f"what is left, from nothing, {slots} slots", timed([lambda: left_of(*whole)] * 5), "")
    if not small:
        one_answer("one answer, 10,000 questions", under_way(large_bank(10_000), 3, 10_000), "1")


def read(interview: Interview) -> tuple[int, int, int]:
    """Read the three lists of what is left."""
    left = interview.left
    return len(left.to_find_out), len(left.differing), len(left.undecided)


if __name__ == "__main__":
    main()
