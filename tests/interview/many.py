"""The engine's laws over many generated cases: `python -m tests.interview.many --cases 100000`.

The cases are shared out among the laws: what the whole list gives, one event at a time gives, too
(for any events, and for entries); the order of answers does not count; undo goes there and back;
two authors' halves merge to the same from either side; the next version of a bank reads a case as
the one before. A portion of cases has its own
seed, and the portions are tried on all cores. The suite runs each law with 40 cases.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final

from hypothesis import seed

# As many cases as one seed draws; a failure is seen again with its seed and one portion.
PORTION: Final = 500


def laws() -> dict[str, Callable[[], None]]:
    """Return the laws by name; they try as hard as `EXAMPLES` says when they are imported."""
    from tests.interview import test_entries, test_fold, test_migrating

    return {
        "fold equals incremental": (
            test_fold.test_one_event_at_a_time_gives_what_the_whole_list_gives
        ),
        "fold equals incremental, entries": (
            test_entries.test_entries_one_event_at_a_time_give_what_the_whole_list_gives
        ),
        "order of answers": test_fold.test_the_same_answers_in_any_order_give_the_same_state,
        "undo and redo, there and back": (
            test_fold.test_undoing_everything_step_by_step_and_redoing_it_goes_there_and_back
        ),
        "undo of the last answer": test_fold.test_undo_takes_back_exactly_the_last_thing,
        "merge of two authors": (
            test_fold.test_two_halves_of_one_case_merge_to_the_same_from_either_side
        ),
        "migration": (
            test_migrating.test_a_case_read_with_the_next_version_is_the_same_under_other_names
        ),
    }


def tried(name: str, number: int) -> str:
    """Try one law with a portion of cases, drawn with this seed; return what does not hold."""
    law = seed(number)(laws()[name])
    try:
        law()
    except Exception as error:
        told = "; ".join([str(error), *getattr(error, "__notes__", ())])
        return f"{name}, seed {number}: does not hold: {told}"
    return ""


def main() -> int:
    """Try every law on all cores; print how many cases held and how long that took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="in all; default 100,000")
    parser.add_argument("--seed", type=int, default=0, help="the first seed; default 0")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="default: all cores")
    options = parser.parse_args()
    start = time.perf_counter()
    names = list(laws())
    portions = max(1, round(options.cases / len(names) / PORTION))
    jobs = [(name, options.seed + number) for number in range(portions) for name in names]
    os.environ["EXAMPLES"] = str(PORTION)  # read by the workers when they import the laws
    held: Counter[str] = Counter()
    failed: list[str] = []
    with ProcessPoolExecutor(options.workers, mp_context=get_context("spawn")) as pool:
        found = pool.map(tried, *zip(*jobs, strict=True))
        for (name, _), told in zip(jobs, found, strict=True):
            if told:
                failed.append(told)
                print(told, flush=True)
            else:
                held[name] += PORTION
    for name in names:
        print(f"{name:<36} {held[name]:>7} of {portions * PORTION:>7} cases held")
    print(
        f"{sum(held.values())} cases, {len(failed)} portions failed, "
        f"{time.perf_counter() - start:.0f} s"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
