"""What has been said to one question instance: each informant's answer or mark, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import JsonValue

from nmt_intake.bank.model import Question
from nmt_intake.bank.truth import Possible, Value
from nmt_intake.interview.events import (
    Answered,
    Basis,
    Confidence,
    FactSettled,
    MarkedMissing,
    MissingReason,
)
from nmt_intake.interview.kinds import KINDS
from nmt_intake.interview.readers import is_none
from nmt_intake.interview.values import AnswerError, codes_of, read_value, seen_by_conditions
from nmt_intake.vocabulary import MISSING_REASONS


@dataclass(frozen=True, slots=True)
class Given:
    """One informant's answer as it stands; `amended` counts the versions before it."""

    event: str
    informant: str | None
    value: JsonValue
    basis: Basis | None
    confidence: Confidence | None
    words: str
    at: datetime
    author: str
    amended: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """One informant's reason for no answer."""

    event: str
    informant: str | None
    reason: MissingReason
    words: str
    who_knows: str
    at: datetime
    author: str


@dataclass(frozen=True, slots=True)
class Settled:
    """The clinician's word on an answer that tellers gave differently, and how it is known."""

    event: str
    value: JsonValue
    reason: str
    author: str


@dataclass(frozen=True, slots=True)
class SlotState:
    """Everything in force for one slot, one answer or mark for each informant.

    `settled` is what counts where somebody answered; what each of them said stays beside it.
    """

    given: tuple[Given, ...] = ()
    marks: tuple[Mark, ...] = ()
    settled: Settled | None = None

    @property
    def answered(self) -> bool:
        """Whether somebody answered."""
        return bool(self.given)

    @property
    def reason(self) -> MissingReason | None:
        """Why there is no answer; with several marks the one that leaves most to hope for."""
        if self.given or not self.marks:
            return None
        return min(self.marks, key=lambda mark: MISSING_REASONS.index(mark.reason)).reason

    def differs(self, question: Question) -> bool:
        """Whether informants differ and nobody settled it; free words are never compared."""
        if len(self.given) < 2 or self.settled or not KINDS[question.kind].compared:
            return False
        return any(given.value != self.given[0].value for given in self.given)

    def seen(self, question: Question) -> Value:
        """Return the answer as conditions see it: one value, or those between which it stands."""
        if self.settled and self.given:
            return seen_by_conditions(question, self.settled.value)
        if len(self.given) == 1:
            return seen_by_conditions(question, self.given[0].value)
        found = (seen_by_conditions(question, given.value) for given in self.given)
        values = {repr(value): value for value in found if value is not None}
        if len(values) < 2:
            return next(iter(values.values()), None)
        return Possible(tuple(values[key] for key in sorted(values)))


EMPTY: Final = SlotState()


def _own_words(event: Answered | MarkedMissing) -> str:
    return event.words


def _same_entry(entry: str, _event: str) -> str | None:
    return entry


def _present(
    question: Question,
    value: JsonValue,
    event: str,
    entry: Callable[[str, str], str | None],
) -> JsonValue:
    """Return a choice with its entries as they are now; None if nothing chosen is left."""
    if is_none(question, value):
        return value
    codes = [
        entry(code, event) if code not in question.options else code
        for code in codes_of(question, value)
    ]
    found = [code for code in codes if code is not None]
    if not found:
        return None
    return read_value(question, found if isinstance(value, list) else found[0])


def slot_state(
    question: Question,
    events: Iterable[Answered | MarkedMissing],
    words: Callable[[Answered | MarkedMissing], str] = _own_words,
    entry: Callable[[str, str], str | None] = _same_entry,
    settling: FactSettled | None = None,
) -> tuple[SlotState, bool]:
    """Return what stands after these events, oldest first; the flag tells of unreadable answers.

    `words` says in which words an answer was given, where it cites them; `entry` which entry one
    that an answer (by its event) chose is now, None for one that was taken out; `settling` is the
    clinician's word on it.

    The last event of each informant counts; an answer that does not fit the question any more is
    left out here (its event stays in the record).
    """
    last: dict[str | None, Answered | MarkedMissing] = {}
    versions: dict[str | None, int] = {}
    for event in events:
        last[event.informant] = event
        versions[event.informant] = versions.get(event.informant, 0) + isinstance(event, Answered)
    given: list[Given] = []
    marks: list[Mark] = []
    unreadable = False
    # In the order told: nothing may rest on what somebody's id happens to be.
    for informant in sorted(last, key=lambda key: last[key].id):
        match last[informant]:
            case Answered() as event:
                try:
                    value = read_value(question, event.value)
                except AnswerError:
                    unreadable = True
                    continue
                if question.options_from:
                    value = _present(question, value, event.id, entry)
                if value is None:  # all that was chosen was taken out
                    continue
                given.append(_given(event, value, words(event), versions[informant] - 1))
            case MarkedMissing() as event:
                marks.append(_mark(event, words(event)))
    settled = _settled(question, settling, entry) if settling and given else None
    return SlotState(tuple(given), tuple(marks), settled), unreadable


def _settled(
    question: Question, event: FactSettled, entry: Callable[[str, str], str | None]
) -> Settled | None:
    try:
        value = read_value(question, event.value)
    except AnswerError:
        return None
    if question.options_from:
        value = _present(question, value, event.id, entry)
    return None if value is None else Settled(event.id, value, event.reason, event.author)


def _given(event: Answered, value: JsonValue, words: str, amended: int) -> Given:
    return Given(
        event.id,
        event.informant,
        value,
        event.basis,
        event.confidence,
        words,
        event.at,
        event.author,
        amended,
    )


def _mark(event: MarkedMissing, words: str) -> Mark:
    return Mark(
        event.id,
        event.informant,
        event.reason,
        words,
        event.who_knows,
        event.at,
        event.author,
    )


def own(state: SlotState, informant: str | None) -> Given | None:
    """Return this informant's answer."""
    return next((each for each in state.given if each.informant == informant), None)


def own_mark(state: SlotState, informant: str | None) -> Mark | None:
    """Return this informant's reason for no answer."""
    return next((each for each in state.marks if each.informant == informant), None)
