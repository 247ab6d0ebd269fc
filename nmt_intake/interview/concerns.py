"""Safety as a fact: what an answer or a note says of danger, until somebody closes it.

An answer, or a reason for none, with one of its question's `safety` codes is a concern by itself:
no screen has to be there to see it. A concern is open until it is acknowledged with a reason; one
whose answer was amended or taken back since stays in the record as past.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias, TypeVar

from pydantic import JsonValue

from nmt_intake.bank.model import Bank, Question
from nmt_intake.interview.events import Answered, MarkedMissing, SafetyAcknowledged, SafetyRaised
from nmt_intake.interview.graph import question_at
from nmt_intake.interview.kinds import KINDS
from nmt_intake.interview.values import AnswerError, codes_of, read_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nmt_intake.interview.events import Event

_Wanted = TypeVar("_Wanted")
State: TypeAlias = Literal["open", "acknowledged", "past"]
FROM_ANSWER: Final = "From an answer"
_SLOT: Final = "slot:"


@dataclass(frozen=True, slots=True)
class Concern:
    """One safety concern: a note somebody made, or an answer with a safety code (`slot`, `codes`).

    `ids` are the events that it stands for, any of which an acknowledgement may name; `id` is the
    first. `topic`, `note` and `informed` are a note's words; an answer's are where it was given.
    """

    ids: tuple[str, ...]
    topic: str
    at: datetime
    zone: str
    author: str
    state: State
    slot: str | None = None
    codes: tuple[str, ...] = ()
    informant: str | None = None
    note: str = ""
    informed: str = ""
    closings: tuple[SafetyAcknowledged, ...] = ()

    @property
    def id(self) -> str:
        """What an acknowledgement names."""
        return self.ids[0]

    @property
    def is_open(self) -> bool:
        """Whether nobody has closed it yet."""
        return self.state == "open"


class Happened(Protocol):
    """What has happened by subject, as the ledger holds it."""

    @property
    def by_subject(self) -> Mapping[str, tuple[Event, ...]]:
        """All events by subject, oldest first."""
        ...

    @property
    def retracted(self) -> frozenset[str]:
        """The ids of the events that were undone."""
        ...

    def in_force(self, subject: str, kind: type[_Wanted]) -> tuple[_Wanted, ...]:
        """Return the events of this kind about a subject that were not undone."""
        ...


def concerns_in(bank: Bank, ledger: Happened) -> tuple[Concern, ...]:
    """Return every concern of a case, oldest first, open or not.

    It reads the ledger alone: what was said behind a branch that has closed since counts, too.
    """
    closings = ledger.in_force("safety_acknowledged", SafetyAcknowledged)
    raised = ledger.in_force("safety_raised", SafetyRaised)
    found = list(_from_answers(bank, ledger, raised, closings))
    taken = {each for concern in found for each in concern.ids}
    found += [_from_note(each, closings) for each in raised if each.id not in taken]
    return tuple(sorted(found, key=lambda concern: (concern.at, concern.id)))


def danger_in(question: Question, value: JsonValue) -> tuple[str, ...]:
    """Return the safety codes that an answer holds, those in a table's columns included."""
    try:
        read = read_value(question, value)
    except AnswerError:
        return ()
    found = [code for code in codes_of(question, read) if code in question.safety]
    rows = read if KINDS[question.kind].desk == "rows" and isinstance(read, list) else []
    for column in question.columns:
        if column.safety:
            cells = [row.get(column.name) for row in rows if isinstance(row, dict)]
            codes = (code for cell in cells for code in codes_of(column, cell))
            found += [code for code in codes if code in column.safety]
    return tuple(dict.fromkeys(found))


def _danger(question: Question, event: Answered | MarkedMissing) -> tuple[str, ...]:
    if isinstance(event, Answered):
        return danger_in(question, event.value)
    return (event.reason,) if event.reason in question.safety else ()


@dataclass(slots=True)
class _Run:
    """Answers of one informant that say the same danger, one after the other."""

    codes: set[str]
    events: list[Answered | MarkedMissing]


def _from_answers(
    bank: Bank,
    ledger: Happened,
    raised: Iterable[SafetyRaised],
    closings: Iterable[SafetyAcknowledged],
) -> Iterator[Concern]:
    for subject, events in ledger.by_subject.items():
        if not subject.startswith(_SLOT):
            continue
        slot = subject.removeprefix(_SLOT)
        question = question_at(bank, slot)
        if question is None or not can_be_danger(question):
            continue
        # Older cases hold a note that the screen made for the answer: it is the same concern.
        made = [each.id for each in raised if each.slot == slot and each.topic == FROM_ANSWER]
        said = [event for event in events if isinstance(event, Answered | MarkedMissing)]
        for teller in dict.fromkeys(event.informant for event in said):
            own = [event for event in said if event.informant == teller]
            yield from _of_teller(slot, question, own, ledger.retracted, made, closings)


def can_be_danger(question: Question) -> bool:
    """Whether some answer to a question, or a reason for none, is a concern."""
    return bool(question.safety) or any(column.safety for column in question.columns)


def _of_teller(
    slot: str,
    question: Question,
    said: list[Answered | MarkedMissing],
    retracted: frozenset[str],
    made: list[str],
    closings: Iterable[SafetyAcknowledged],
) -> Iterator[Concern]:
    runs: list[_Run] = []
    goes_on = False
    for event in said:
        codes = set(_danger(question, event))
        if not codes:
            goes_on = goes_on and event.id in retracted
        elif goes_on and codes <= runs[-1].codes:
            runs[-1].events.append(event)
        else:
            runs.append(_Run(codes, [event]))
            goes_on = True
    standing = next((event.id for event in reversed(said) if event.id not in retracted), None)
    for run in runs:
        first = run.events[0]
        ids = (*(event.id for event in run.events), *(made if run is runs[0] else ()))
        closed = tuple(each for each in closings if each.raised in ids)
        stands = any(event.id == standing for event in run.events)
        yield Concern(
            ids,
            FROM_ANSWER,
            first.at,
            first.zone,
            first.author,
            "acknowledged" if closed else "open" if stands else "past",
            slot=slot,
            codes=tuple(code for code in _all_codes(question) if code in run.codes),
            informant=first.informant,
            informed="; ".join(each.informed for each in closed if each.informed),
            closings=closed,
        )


def _all_codes(question: Question) -> tuple[str, ...]:
    return (*question.safety, *(code for column in question.columns for code in column.safety))


def _from_note(note: SafetyRaised, closings: Iterable[SafetyAcknowledged]) -> Concern:
    closed = tuple(each for each in closings if each.raised == note.id)
    told = (note.informed, *(each.informed for each in closed))
    return Concern(
        (note.id,),
        note.topic,
        note.at,
        note.zone,
        note.author,
        "acknowledged" if closed else "open",
        slot=note.slot,
        note=note.note,
        informed="; ".join(dict.fromkeys(each for each in told if each)),
        closings=closed,
    )


__all__ = ["FROM_ANSWER", "Concern", "can_be_danger", "concerns_in", "danger_in"]
