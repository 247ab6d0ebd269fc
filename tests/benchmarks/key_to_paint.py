"""Measures the desk from an answer's key to the next question painted, in the process.

    python tests/benchmarks/key_to_paint.py [answers] [columns] [lines]

The key goes in as the driver sends it; the clock stops when the compositor has handed the next
question over. The shipped bank, a plain store on this disk, every answer saved in its thread.
Prints JSON in milliseconds; `at_work` is the processor time of the screen's thread in between,
which other programs on the computer do not lengthen.
"""

from __future__ import annotations

import os

os.environ.setdefault("TEXTUAL_FPS", "240")  # as `nmt_intake.tui.run` sets it

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

from textual import events
from textual.pilot import Pilot

from nmt_intake.bank.loading import load_bank
from tests.tui.driving import at_desk, calm, interview, make_desk, new_case


async def key_to_paint(pilot: Pilot[int], key: str) -> tuple[float, float]:
    """Return the seconds from a key to the next question painted, and those of them at work."""
    app, screen = pilot.app, interview(pilot)
    before, painted = screen.place, asyncio.Event()
    display = app._display
    done = [0.0, 0.0]

    def seen(*arguments: object, **options: object) -> None:
        display(*arguments, **options)  # type: ignore[arg-type]
        if screen.place != before and not painted.is_set():
            done[:] = time.perf_counter(), time.thread_time()
            painted.set()

    app._display = seen  # type: ignore[method-assign]
    start = time.perf_counter(), time.thread_time()
    app.post_message(events.Key(key, key if len(key) == 1 else None))
    await painted.wait()
    app._display = display  # type: ignore[method-assign]
    await calm(pilot)
    return done[0] - start[0], done[1] - start[1]


async def answers(count: int, size: tuple[int, int]) -> list[tuple[float, float]]:
    """Return the seconds, and those at work, of many answers in a row through the shipped bank."""
    took: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        async with at_desk(make_desk(Path(folder), load_bank()), size) as pilot:
            screen = await new_case(pilot)
            while len(took) < count:
                question = screen.question
                if question is not None and question.kind in ("choice", "yes_no"):
                    took.append(await key_to_paint(pilot, "1"))
                else:
                    await key_to_paint(pilot, "f4" if question else "2")
    return took


def main() -> None:
    """Measure and print."""
    given = [int(each) for each in sys.argv[1:]]
    count, columns, lines = (*given, *(60, 120, 36)[len(given) :])
    took = asyncio.run(answers(count, (columns, lines)))
    print(
        json.dumps(
            {
                "answers": count,
                "median_ms": _at(0.5, [wall for wall, _ in took]),
                "p95_ms": _at(0.95, [wall for wall, _ in took]),
                "median_at_work_ms": _at(0.5, [work for _, work in took]),
                "p95_at_work_ms": _at(0.95, [work for _, work in took]),
            }
        )
    )


def _at(share: float, seconds: list[float]) -> float:
    return round(sorted(seconds)[int(len(seconds) * share)] * 1000, 1)


if __name__ == "__main__":
    main()
