"""How far an interview is: counts by part and over all, each as answered / asked / open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nmt_intake.bank.model import Question
from nmt_intake.interview.graph import Part
from nmt_intake.interview.state import Interview

# Marks that leave a slot on the to-do list: somebody else, a file, or another day may tell.
TO_FIND_OUT = frozenset({"asked-unknown", "temp-unknown", "not-asked"})


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
    answered = remaining = undecided = 0
    missing: Counter[str] = Counter()
    for slot in interview.layout.slots if slots is None else slots:
        truth = interview.truths[slot]
        if truth is False:
            continue
        state = interview.slots.get(slot)
        if state and state.given:
            answered += 1
        elif state and state.reason:
            missing[state.reason] += 1
        elif not is_asked_here(interview, slot):
            continue
        elif truth is True:
            remaining += 1
        else:
            undecided += 1
    return Progress(answered, answered + missing.total(), remaining, undecided, missing)


def progress_of(interview: Interview, part: Part) -> Progress:
    """Return the counts of one part."""
    return progress(interview, part.slots)


def is_asked_here(interview: Interview, slot: str) -> bool:
    """Whether the program would ever ask this slot by itself.

    Not a hidden question, not a fact that is known from the referral, and not a question meant
    only for informants of whom none is here.
    """
    question = interview.question(slot)
    if question is None or question.hidden:
        return False
    if question.fact and known_from_referral(interview, question):
        return False
    kinds = {informant.kind for informant in interview.informants.values()}
    return not question.informants or not kinds or bool(kinds & set(question.informants))


def known_from_referral(interview: Interview, question: Question) -> bool:
    """Whether the client's record already holds the fact that this question asks for."""
    name = (question.fact or "").removeprefix("client.")
    facts = interview.client.model_dump(include={name})
    return facts.get(name) is not None
