"""What `nmt-intake bank search --json` answers: the contract of DESIGN section 9, and no more."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass

from nmt_intake.cli import main


@dataclass(frozen=True, slots=True)
class Heard:
    """Question ids, the best first, and safety topics; no topics where the program names none."""

    places: tuple[str, ...]
    safety: frozenset[str]


def heard(words: str) -> Heard:
    """Ask the command line, in this process; raises RuntimeError if it does not answer."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        status = main(["bank", "search", "--json", "--", words])
    if status:
        raise RuntimeError(f"bank search ended with {status}")
    answer = json.loads(printed.getvalue())
    return Heard(
        tuple(each["question"] for each in answer["results"]),
        frozenset(answer.get("safety", ())),
    )
