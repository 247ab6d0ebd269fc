"""How well spoken times are read: `python -m tests.times [--show]`.

Calls `nmt_intake.interview.spoken_times.read(words, kind, context)` for both halves of the list.
The result is a mapping in the shape of `expect`, or has `as_data()` that returns one. `--show`
names what is not right, in the seen half only. Exit status 1 when a limit is missed.
"""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, cast

from pydantic import JsonValue

from tests.times.spoken import FRESH, HALVES, Shape, Spoken, Verdict, judge, spoken

MODULE: Final = "nmt_intake.interview.spoken_times"
VERDICTS: Final[tuple[Verdict, ...]] = ("right", "asked back", "wider", "wrong")
LEAST_RIGHT: Final = 0.95  # of those that have a span
MOST_WRONG: Final = 0

Reader = Callable[[str, str, Mapping[str, JsonValue]], object]
Judged = tuple[Spoken, Verdict, Shape]


def reader() -> Reader | None:
    """Return the reader of spoken times, None while there is none."""
    try:
        module = importlib.import_module(MODULE)
    except ModuleNotFoundError as error:
        if error.name != MODULE:
            raise
        return None
    return cast("Reader", module.read)


def judged(read: Reader, half: str) -> Iterator[Judged]:
    """Yield each time of a half, the verdict on what the reader makes of it, and that."""
    for each in spoken(half):
        result = read(each.words, each.kind, each.context())
        got = cast("Shape", result if isinstance(result, Mapping) else result.as_data())  # type: ignore[attr-defined]
        yield each, judge(each.expect.as_data(), got), got


def within_limits(found: Sequence[Judged]) -> bool:
    """Whether enough spans are right and none is wrong."""
    spans = [verdict for each, verdict, _ in found if each.expect.ask_back is None]
    wrong = sum(verdict == "wrong" for _, verdict, _ in found)
    return spans.count("right") >= LEAST_RIGHT * len(spans) and wrong <= MOST_WRONG


def table(half: str, found: Sequence[Judged]) -> Iterator[str]:
    """Yield the lines of a half: counts by kind and language, then all, then the spans."""
    counts: dict[str, Counter[Verdict]] = {}
    for each, verdict, _ in found:
        for row in (f"{each.kind} {each.language}", "all", *_spans(each)):
            counts.setdefault(row, Counter())[verdict] += 1
    yield f"{half:<14}" + "".join(f"{name:>12}" for name in (*VERDICTS, "right %"))
    for row in sorted(counts, key=lambda name: (name in ("all", "with a span"), name)):
        numbers = [counts[row][name] for name in VERDICTS]
        cells = "".join(f"{number:>12}" for number in numbers)
        yield f"{row:<14}{cells}{100 * numbers[0] / sum(numbers):>12.1f}"


def _spans(each: Spoken) -> tuple[str, ...]:
    return () if each.expect.ask_back else ("with a span",)


def main() -> int:
    """Print the table of both halves; 1 if a limit is missed, 0 if there is no reader yet."""
    read = reader()
    if read is None:
        print(f"Skipped: there is no {MODULE} yet. The list itself is tested by pytest.")
        return 0
    missed = False
    for half in (*HALVES, FRESH):
        found = list(judged(read, half))
        print("\n".join(table(half, found)), "\n")
        missed = missed or not within_limits(found)
        if half == "seen" and "--show" in sys.argv:
            for each, verdict, got in found:
                if verdict != "right":
                    print(f"{verdict}: {each.id} {each.words!r}: {got}")
    print(f"Limits {LEAST_RIGHT:.0%} of spans right, {MOST_WRONG} wrong:", end=" ")
    print("missed" if missed else "kept")
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
