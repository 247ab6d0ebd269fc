"""The engine's laws over many generated cases: `python -m tests.interview.many --cases 100000`.

The cases are shared out among the laws: what the whole list gives, one event at a time gives, too
(for any events, and for entries); the order of answers does not count; undo goes there and back;
two authors' halves merge to the same from either side; the next version of a bank reads a case as
the one before. The suite runs each law with 40 cases, in a few seconds.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable


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


def main() -> int:
    """Try every law; print how many cases held and how long that took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="in all; default 100,000")
    cases: int = parser.parse_args().cases
    share = max(1, cases // 7)
    os.environ["EXAMPLES"] = str(share)
    failed = 0
    for name, law in laws().items():
        start = time.perf_counter()
        try:
            law()
        except Exception as error:
            failed += 1
            print(f"{name}: does not hold: {error}", flush=True)
        else:
            seconds = time.perf_counter() - start
            print(f"{name:<36} {share:>7} cases  {seconds:7.1f} s", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
