"""One open case: its interview, its file, and the one way in which an event gets into both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from pydantic import JsonValue

from nmt_intake.bank.model import Bank, Column, Question
from nmt_intake.casework.records import events_of
from nmt_intake.casework.saving import Saver, SaveState
from nmt_intake.errors import IntakeError
from nmt_intake.interview import guard
from nmt_intake.interview.asking import next_slot
from nmt_intake.interview.events import (
    Answered,
    Basis,
    Confidence,
    Drafted,
    Event,
    MarkedMissing,
    MissingReason,
    Noted,
    Restored,
    Retracted,
    SafetyAcknowledged,
    record_of,
)
from nmt_intake.interview.overhearing import topics_heard
from nmt_intake.interview.progress import progress
from nmt_intake.interview.quotes import pending_quote
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.slots import Given, Mark
from nmt_intake.interview.state import Interview, fold
from nmt_intake.interview.told_context import context_of
from nmt_intake.interview.values import AnswerError, read_value
from nmt_intake.scoring.suggest import rating_keys
from nmt_intake.store.errors import CaseClaimed
from nmt_intake.store.protocols import CaseFile, CaseLabel, CaseSummary, Counts, Record

_Kind = TypeVar("_Kind", bound=Event)


@dataclass(frozen=True, slots=True)
class Unsent:
    """Where the talk was left, if the record says; what was typed and not sent, by slot.

    `asked` stood on a line that asked for something, at that place.
    """

    slot: str | None
    drafts: Mapping[str, str]
    asked: str


class Session:
    """A case file and the interview it holds; `elsewhere` says who is writing in it, if not we.

    An event counts as soon as it is recorded, and is saved when the file says so: `saving`. Every
    event, whoever made it, passes `interview.guard` first. Not to be shared between threads.
    """

    def __init__(
        self,
        file: CaseFile,
        bank: Bank,
        *,
        label: CaseLabel,
        worker: str,
        now: Callable[[], datetime],
        elsewhere: CaseClaimed | None = None,
    ) -> None:
        self.file = file
        self.label = label
        self.elsewhere = elsewhere
        self._opened_to_read = not file.writable
        self.events: list[Event] = events_of(file.load(), file.case_id)
        self.interview: Interview = fold(bank, self.events)
        self._now = now
        self._recorder = Recorder(worker, bank, clock=lambda: now().astimezone(UTC))
        self._saver = Saver(file, now, lambda: None)

    # What may be recorded, and recording it

    @property
    def read_only(self) -> bool:
        """Whether nothing may be recorded: open elsewhere, or a write failed for good."""
        return self.elsewhere is not None or not self.file.writable

    def refusal(self, kind: type[Event] | None = None) -> IntakeError | None:
        """Return why nothing (of this kind) may be recorded, or None where it may.

        Safety notes may be recorded in a signed case, too: ask with their kind.
        """
        if self.elsewhere is not None or self._opened_to_read:
            return IntakeError("DESK-011", "", "This case is open for reading.", self._who())
        return guard.refusal_of_kind(self.interview, kind)

    def record(self, kind: type[_Kind], **content: object) -> _Kind:
        """Record one event; raises IntakeError, and changes nothing, where that is not allowed."""
        if refusal := self.refusal(kind):
            raise refusal
        event = kind(**content, **self._recorder.carried())  # type: ignore[arg-type]
        self.take(event)
        return event

    def take(self, event: Event) -> None:
        """Take in an event that was made elsewhere, as a persona's are; raises IntakeError."""
        if refusal := self.refusal(type(event)) or guard.refusal(self.interview, event):
            raise refusal
        self.events.append(event)
        self.interview = self.interview.apply(event)
        self._saver.take([record_of(event)])

    def heard(self, since: int) -> tuple[str, ...]:
        """Return the safety topics that what was typed after `since` events may belong to.

        Those with a note that is still open are left out. An offer; nothing of it is kept.
        """
        waiting = {each.topic for each in self.interview.open_safety}
        heard = topics_heard(self.interview, self.events[since:])
        return tuple(topic for topic in heard if topic not in waiting)

    def answer(
        self,
        slot: str,
        raw: object,
        *,
        basis: Basis | None = None,
        confidence: Confidence | None = None,
        informant: str | None = None,
    ) -> Answered:
        """Record an answer, as text or data, by who is speaking (or `informant`).

        It cites the words that were just said there; an amended answer keeps what the one before
        cited. Raises IntakeError, and changes nothing, where it does not fit or is not allowed.
        """
        question = self.interview.question(slot)
        value = self.read(question, raw) if question else None
        teller = informant or self.interview.speaking
        words, cites = self._words_for(Answered, slot, teller)
        return self.record(
            Answered,
            slot=slot,
            value=value,
            informant=teller,
            basis=basis,
            confidence=confidence,
            words=words,
            cites=cites,
        )

    def read(self, question: Question | Column, raw: object) -> JsonValue:
        """Return an answer as it is stored, read with what this case tells so far.

        A bare number that may be of months or of years is asked back for. Raises `AnswerError`.
        """
        known = context_of(self.interview, asks_unit=True) if isinstance(raw, str) else None
        return read_value(question, raw, self.interview.language, known)

    def mark_missing(
        self,
        slot: str,
        reason: MissingReason,
        *,
        who_knows: str = "",
        informant: str | None = None,
    ) -> MarkedMissing:
        """Record why there is no answer, with the words that were just said there."""
        teller = informant or self.interview.speaking
        words, cites = self._words_for(MarkedMissing, slot, teller)
        return self.record(
            MarkedMissing,
            slot=slot,
            reason=reason,
            informant=teller,
            who_knows=who_knows,
            words=words,
            cites=cites,
        )

    def doubt(self, slot: str, raw: object) -> str | None:
        """Return what the bank says to an answer it does not expect, so that it is asked again.

        None where it is as expected, and where it will be refused anyway.
        """
        try:
            refused = guard.objection(self.interview, slot, raw, hard=True)
            return None if refused else guard.objection(self.interview, slot, raw, hard=False)
        except (AnswerError, KeyError):
            return None

    def withdraw(self, slot: str, informant: str | None = None) -> int:
        """Take back every answer and mark of who is speaking at a slot; return how many."""
        teller = informant or self.interview.speaking
        said = self.interview.in_force(f"slot:{slot}", (Answered, MarkedMissing))
        own = [event for event in said if event.informant == teller]
        for event in reversed(own):
            self.record(Retracted, target=event.id)
        return len(own)

    def acknowledge(self, concern: str, reason: str, informed: str = "") -> SafetyAcknowledged:
        """Close an open safety concern (its `id`), with the reason and who was informed."""
        return self.record(SafetyAcknowledged, raised=concern, reason=reason, informed=informed)

    def undo(self) -> Event | None:
        """Take back the last thing that can be; return what it was."""
        if not self.interview.done:
            return None
        target = self.interview.done[-1]
        self.record(Retracted, target=target)
        return self.event(target)

    def redo(self) -> Event | None:
        """Bring back what was undone last; return what it was."""
        if not self.interview.undone:
            return None
        target = self.interview.undone[-1]
        self.record(Restored, target=target)
        return self.event(target)

    # What is there

    def pending_quote(self, slot: str) -> Noted | None:
        """Return the words at a slot, by who is speaking, that the next answer there will cite."""
        return pending_quote(self.interview, slot, self.interview.speaking)

    def own(self, slot: str, informant: str | None = None) -> Given | Mark | None:
        """Return what who is speaking (or `informant`) said to a slot, as it stands."""
        teller = informant or self.interview.speaking
        said = self.interview.said(slot)
        return next((each for each in (*said.given, *said.marks) if each.informant == teller), None)

    def event(self, event_id: str) -> Event | None:
        """Return an event by id."""
        return next((each for each in reversed(self.events) if each.id == event_id), None)

    def last_slot(self) -> str | None:
        """Return where the talk was: the last slot spoken of that was not only a capture."""
        quoted = {
            event.slot for event in self.events if isinstance(event, Noted) and event.verbatim
        }
        spoken = [
            event.slot
            for event in reversed(self.events)
            if isinstance(event, Answered | MarkedMissing)
            and event.id not in self.interview.retracted
            and event.slot in self.interview.layout.position
        ]
        return next((slot for slot in spoken if slot not in quoted), next(iter(spoken), None))

    def unsent(self) -> Unsent:
        """Return where the talk was left and what was not sent; what came after takes its place."""
        slot, asked = None, ""
        drafts: dict[str, str] = {}
        for event in self.events:
            match event:
                case Drafted():
                    slot, asked = event.slot, event.asked
                    drafts[slot or ""] = event.text
                case Answered() | MarkedMissing() | Noted():
                    slot, asked = None, ""
                    drafts[event.slot or ""] = ""
                case _:
                    pass
        return Unsent(slot, {each: text for each, text in drafts.items() if text}, asked)

    def summary(self) -> CaseSummary:
        """Return the case's line on the list."""
        counts = progress(self.interview)
        client, age = self.interview.client, self.interview.facts.get("client.age_months")
        return CaseSummary(
            label=replace(self.label, alias=client.alias or self.label.alias, birth=client.birth),
            status=status_of(self.interview),
            counts=Counts(counts.asked, counts.remaining, counts.to_find_out),
            safety=bool(self.interview.open_safety),
            last_seen=self._now().astimezone(UTC).isoformat(timespec="milliseconds"),
            age_months=age if isinstance(age, int | float) else None,
        )

    # Saving

    @property
    def saving(self) -> SaveState:
        """What can be said about saving."""
        return self._saver.state

    def on_saved(self, tell: Callable[[], object]) -> None:
        """Have `tell` called, from another thread, after each try to save."""
        self._saver.on_change = tell

    def try_again(self) -> None:
        """Try once more to save what could not be saved."""
        self._saver.try_again()

    @property
    def unsaved(self) -> Sequence[Record]:
        """The records that the case's own file does not have."""
        return self._saver.unsaved

    def kept_elsewhere(self, count: int) -> None:
        """Note that so many of `unsaved` are safe in another file."""
        self._saver.kept_elsewhere(count)

    def settled(self, timeout: float | None = 10) -> bool:
        """Wait until all is saved or a try failed; return whether all is saved."""
        return self._saver.settled(timeout)

    def close(self) -> bool:
        """Save what waits and release the file; return whether all is saved."""
        saved = self._saver.end()
        self.file.close()
        return saved

    def _words_for(
        self, kind: type[Answered | MarkedMissing], slot: str, teller: str | None
    ) -> tuple[str, tuple[str, ...]]:
        """Return the words and the citation of an answer: what was just said, or what was before.

        Only answers of older cases have words of their own; they go on with the answer.
        """
        just_said = pending_quote(self.interview, slot, teller)
        if just_said is not None:
            return "", (just_said.id,)
        said = self.interview.in_force(f"slot:{slot}", (Answered, MarkedMissing))
        own = [event for event in said if event.informant == teller]
        if not own or not isinstance(own[-1], kind):
            return "", ()
        return own[-1].words, own[-1].cites

    def _who(self) -> str:
        found = self.elsewhere
        if found is None:
            return "Nothing is written to it."
        return f"{found.who or 'Somebody'} on {found.place or 'a computer'} has it."


def status_of(interview: Interview) -> str:
    """Return how far a case is: new, collecting, ready to rate, rated or signed."""
    if interview.signed:
        return "signed"
    if not interview.slots:
        return "new"
    keys = rating_keys(interview)
    if keys and all(key in interview.ratings for key in keys):
        return "rated"
    return "collecting" if next_slot(interview) else "ready to rate"


def described(event: Event | None) -> str:
    """Return what an event did, in a few words without its content."""
    match event:
        case None:
            return "nothing"
        case Answered():
            return "an answer"
        case MarkedMissing():
            return "a mark"
        case Noted():
            return "a note"
        case _:
            return event.kind.replace("_", " ")


__all__ = ["SaveState", "Saver", "Session", "described", "status_of"]
