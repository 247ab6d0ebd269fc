"""Before a record is signed: what is unfinished, in sentences. Nothing of it forbids to sign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nmt_intake.interview.find_out import against_in_words
from nmt_intake.interview.progress import progress
from nmt_intake.interview.speaking import told_differently
from nmt_intake.interview.state import Interview
from nmt_intake.scoring import Norms
from nmt_intake.scoring.assessment import assess
from nmt_intake.scoring.suggest import rating_keys

# The question of the shipped bank that settles it; a bank may do without.
_WHO_MAY_READ: Final = "consent.share_report"


def left_open(interview: Interview, norms: Norms | None) -> tuple[str, ...]:
    """Return what is unfinished, a sentence for each kind; it is kept with the signature."""
    return tuple(each for each in _sentences(interview, norms) if each)


def _sentences(interview: Interview, norms: Norms | None) -> Iterator[str]:
    keys = rating_keys(interview)
    made = assess(interview, norms) if norms is not None and keys else None
    if made is not None and made.ratings is not None:
        suggested = len(made.unconfirmed & set(keys))
        decided = sum(key in interview.ratings for key in keys)
        yield _of(suggested, len(keys), "rating is a suggestion", "ratings are suggestions",
                  "that nobody has confirmed")  # fmt: skip
        yield _of(
            len(keys) - suggested - decided, len(keys), "rating is", "ratings are", "not made"
        )
    elif keys:
        yield "Without the client's age nothing can be rated."
    concerns = len(interview.open_safety)
    if concerns:
        yield f"{concerns} safety concern{'s are' if concerns > 1 else ' is'} open."
    yield against_in_words(interview)
    yield from told_differently(interview, values=False)
    counts = progress(interview)
    if counts.to_find_out:
        yield f"{counts.to_find_out} answers are still to be found out."
    if counts.remaining:
        yield f"{counts.remaining} open questions were not asked."
    if _WHO_MAY_READ in interview.bank.questions and not interview.answers(_WHO_MAY_READ):
        yield "Nobody was asked who may read this report."


def _of(number: int, total: int, one: str, several: str, what: str) -> str:
    return f"{number} of {total} {one if number == 1 else several} {what}." if number else ""
