"""How far an interview is: counts by part and over all, each as answered / asked / open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nmt_intake.interview.graph import Part, question_at
from nmt_intake.interview.left import TO_FIND_OUT
from nmt_intake.interview.state import Interview


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of slots whose branch is open or not decidable.

    `asked` were answered or marked with a reason; `remaining` are open and neither; `undecided`
    hang on something unknown and were not spoken of; `missing` counts by reason.
    """

    answered: int
    asked: int
    remaining: int
    undecided: int
    missing: Mapping[str, int]

    @property
    def to_find_out(self) -> int:
        """How many were left for somebody else, a file or another day."""
        return sum(count for reason, count in self.missing.items() if reason in TO_FIND_OUT)


def progress(interview: Interview, slots: Iterable[str] | None = None) -> Progress:
    """Return the counts over these slots (all of the interview, if None)."""
    if slots is None:
        return _over_all(interview.left.counts)
    answered = remaining = undecided = 0
    missing: Counter[str] = Counter()
    spoken_of, truths = interview.slots, interview.truths
    for slot in slots:
        truth = truths.get(slot, False)
        if truth is False:
            continue
        state = spoken_of.get(slot)
        if state is None:
            if not is_asked_here(interview, slot):
                continue
            remaining += truth is True
            undecided += truth is None
        elif state.reason:
            missing[state.reason] += 1
        else:
            answered += 1
    return Progress(answered, answered + missing.total(), remaining, undecided, missing)


def _over_all(counts: Mapping[str, int]) -> Progress:
    kinds = ("answered", "remaining", "undecided")
    answered, remaining, undecided = (counts.get(kind, 0) for kind in kinds)
    missing = Counter({reason: each for reason, each in counts.items() if reason not in kinds})
    return Progress(answered, answered + missing.total(), remaining, undecided, missing)


def progress_of(interview: Interview, part: Part) -> Progress:
    """Return the counts of one part."""
    return progress(interview, part.slots)


def is_asked_here(interview: Interview, slot: str) -> bool:
    """Whether the program would ever ask this slot by itself.

    Not a hidden question, not a fact that is known from the referral, not a question meant only
    for informants of whom none is here, and not what is parked for now.
    """
    question = question_at(interview.bank, slot)
    return question is not None and not interview.setting.passes_over(question.id)


def is_shown(interview: Interview, slot: str) -> bool:
    """Whether a slot has a place on the screen: it may be asked, or holds words to be seen.

    A hidden question is shown only if it is filled and its author wants it shown then.
    """
    question = interview.question(slot)
    if question is None or slot not in interview.truths:
        return False
    if question.hidden:
        return question.show_if_filled and interview.said(slot).answered
    return slot in interview.slots or (interview.counts(slot) and is_asked_here(interview, slot))
