"""How long an answer takes: `pytest tests/benchmarks --benchmark-enable`.

Aims: 1,000 questions under 1 ms at the median and 5 ms at p99; 3,000 under 5 ms at the median.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import thread_time

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from nmt_intake.bank.loading import load_sources
from nmt_intake.bank.model import Bank, Question
from nmt_intake.interview.asking import next_slot
from nmt_intake.interview.events import Event
from nmt_intake.interview.progress import progress
from nmt_intake.interview.remaining import undecided_slots
from nmt_intake.interview.state import Interview, fold
from tests.benchmarks.generated_bank import write_bank
from tests.interview.happenings import event
from tests.interview.large_bank import large_bank

bank = cache(large_bank)


@cache
def generated(questions: int) -> Bank:
    """Return the other generated bank: longer chains, deeper fans, two gates a question."""
    with TemporaryDirectory() as place:
        loaded = load_sources(write_bank(Path(place) / "bank", questions)).bank
    assert loaded is not None
    return loaded


def opening() -> list[Event]:
    client = {"alias": "M.", "birth": "2014-09-14", "interviewed": "2026-11-22"}
    who = {"id": "gm", "relation": "gran"}
    return [
        event(1, "opened", client=client),
        event(2, "informant_added", informant=who),
        *(
            event(2 + number, "instance_added", instance=f"caregiver-{number}")
            for number in (1, 2, 3)
        ),
    ]


def value(question: Question, chance: Random) -> object:
    match question.kind:
        case "yes_no":
            return chance.random() < 0.7
        case "choice":
            codes = list(question.options)
            return chance.choice((codes[-1], *codes))
        case _:
            return chance.randint(0, 9)


def talk(large: Bank, answers: int, seed: int = 1) -> tuple[Event, ...]:
    """Return an opening and that many answers all over the bank, amendments among them."""
    chance = Random(seed)
    found = opening()
    slots = fold(large, found).layout.slots
    for number in range(answers):
        slot = chance.choice(slots)
        asked = large.questions[slot.rpartition("/")[2]]
        found.append(event(100 + number, "answered", slot=slot, value=value(asked, chance)))
    return tuple(found)


@cache
def under_way(questions: int) -> Interview:
    return fold(bank(questions), talk(bank(questions), questions))


def measured(benchmark: BenchmarkFixture, before: Interview, events: list[Event]) -> None:
    """Measure `apply` of each of these events to the same interview.

    p99 goes beside it, in processor time: on a busy machine the clock's p99 is the scheduler's.
    """
    benchmark.extra_info["slots"] = len(before.layout.slots)
    turns = iter(range(10**9))
    times: list[float] = []

    def answer() -> None:
        one = events[next(turns) % len(events)]
        start = thread_time()
        before.apply(one)
        times.append(thread_time() - start)

    benchmark.pedantic(answer, rounds=len(events) * 2, warmup_rounds=20)
    benchmark.extra_info["p99_ms"] = round(quantiles(times, n=100)[-1] * 1000, 3)


def answers_everywhere(large: Bank, before: Interview) -> list[Event]:
    chance = Random(7)
    slots = chance.sample(before.layout.slots, 1000)
    return [
        event(
            50_000 + number,
            "answered",
            slot=slot,
            value=value(large.questions[slot.rpartition("/")[2]], chance),
            informant="gm",
        )
        for number, slot in enumerate(slots)
    ]


@pytest.mark.parametrize("questions", [1000, 3000])
def test_one_answer(benchmark: BenchmarkFixture, questions: int) -> None:
    before = under_way(questions)
    measured(benchmark, before, answers_everywhere(bank(questions), before))


@pytest.mark.parametrize("questions", [1000, 3000])
def test_one_answer_in_the_other_bank(benchmark: BenchmarkFixture, questions: int) -> None:
    large = generated(questions)
    before = fold(large, talk(large, questions))
    measured(benchmark, before, answers_everywhere(large, before))


@pytest.mark.parametrize("questions", [1000, 3000])
def test_one_answer_to_what_most_hangs_on(benchmark: BenchmarkFixture, questions: int) -> None:
    before = under_way(questions)
    roots = [slot for slot in before.layout.slots if slot.endswith(".q0")]
    events = [
        event(50_000 + number, "answered", slot=slot, value=flipped)
        for flipped in (True, False)
        for number, slot in enumerate(roots)
    ]
    measured(benchmark, before, events)


STRUCTURE: dict[str, Event] = {
    "caregiver": event(60_000, "instance_added", instance="caregiver-4", label="aunt"),
    "informant": event(60_001, "informant_added", informant={"id": "pro", "relation": "worker"}),
    "speaking": event(60_002, "informant_chosen", informant="gm"),
    "age": event(60_003, "client_described", client={"alias": "M.", "age_months": 12}),
    "undo": event(60_004, "retracted", target="e00005"),
    "note": event(60_005, "noted", text="said"),
}


@pytest.mark.parametrize("questions", [1000, 3000])
@pytest.mark.parametrize("what", STRUCTURE)
def test_one_event_that_changes_the_setting(
    benchmark: BenchmarkFixture, questions: int, what: str
) -> None:
    measured(benchmark, under_way(questions), [STRUCTURE[what]] * 100)


def test_opening_a_case_of_2000_events(benchmark: BenchmarkFixture) -> None:
    events = talk(bank(1000), 2000)
    benchmark(fold, bank(1000), events)


@pytest.mark.parametrize("look", [next_slot, progress, undecided_slots])
@pytest.mark.parametrize("questions", [1000, 3000])
def test_looking_at_it(
    benchmark: BenchmarkFixture, questions: int, look: Callable[[Interview], object]
) -> None:
    benchmark(look, under_way(questions))
