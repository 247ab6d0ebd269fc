"""One case that is open on the desk: its interview, its file, and how events get into both."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from nmt_intake.bank.model import Bank
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import (
    Answered,
    Event,
    MarkedMissing,
    Noted,
    Reopened,
    Restored,
    Retracted,
    event_from,
    record_of,
)
from nmt_intake.interview.progress import progress
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.state import Interview, fold
from nmt_intake.store.errors import CaseClaimed
from nmt_intake.store.protocols import CaseFile, CaseLabel, CaseSummary, Counts, Record

_Kind = TypeVar("_Kind", bound=Event)


class OpenCase:
    """A case file and the interview it holds; `elsewhere` says who is writing in it, if not we.

    An event counts on the screen as soon as it is recorded, and as saved when the file says so.
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
        self.events: list[Event] = [event_from(record) for record in file.load()]
        self.interview: Interview = fold(bank, self.events)
        self._now = now
        self._recorder = Recorder(worker, bank, clock=lambda: now().astimezone(UTC))
        self._saver = Saver(file, now, lambda: None)

    @property
    def read_only(self) -> bool:
        """Whether nothing may be recorded: open elsewhere, or a write failed for good."""
        return self.elsewhere is not None or not self.file.writable

    @property
    def saving(self) -> SaveState:
        """What can be said about saving."""
        return self._saver.state

    def on_saved(self, tell: Callable[[], object]) -> None:
        """Have `tell` called, from another thread, after each try to save."""
        self._saver.on_change = tell

    def refusal(self, kind: type[Event] | None = None) -> IntakeError | None:
        """Return why nothing (of this kind) may be recorded, or None where it may."""
        if self.elsewhere is not None or self._opened_to_read:
            return IntakeError("DESK-011", "", "This case is open for reading.", self._who())
        if self.interview.signed and kind is not Reopened:
            return IntakeError("DESK-012", "", "This record is signed.", "Reopen it to change it.")
        return None

    def record(self, kind: type[_Kind], **content: object) -> _Kind:
        """Record one event; raises IntakeError, and changes nothing, where that is not allowed."""
        if refusal := self.refusal(kind):
            raise refusal
        event = kind(**content, **self._recorder.carried())  # type: ignore[arg-type]
        self.take(event)
        return event

    def take(self, event: Event) -> None:
        """Take in an event that was made elsewhere, as a persona's are."""
        self.events.append(event)
        self.interview = self.interview.apply(event)
        self._saver.take([record_of(event)])

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

    def event(self, event_id: str) -> Event | None:
        """Return an event by id."""
        return next((each for each in reversed(self.events) if each.id == event_id), None)

    def last_slot(self) -> str | None:
        """Return where the talk was: the last slot spoken of that was not only a capture."""
        quoted: set[str] = set()
        for event in self.events:
            if isinstance(event, Noted) and event.verbatim and event.slot:
                quoted.add(event.slot)
        spoken = [
            event.slot
            for event in reversed(self.events)
            if isinstance(event, Answered | MarkedMissing)
            and event.id not in self.interview.retracted
            and event.slot in self.interview.layout.position
        ]
        return next((slot for slot in spoken if slot not in quoted), next(iter(spoken), None))

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

    def summary(self, status: str) -> CaseSummary:
        """Return the case's line on the list."""
        counts = progress(self.interview)
        client = self.interview.client
        return CaseSummary(
            label=replace(self.label, alias=client.alias or self.label.alias, birth=client.birth),
            status=status,
            counts=Counts(counts.asked, counts.remaining, counts.to_find_out),
            safety=bool(self.interview.open_safety),
            last_seen=self._now().astimezone(UTC).isoformat(timespec="milliseconds"),
        )

    def close(self) -> bool:
        """Save what waits and release the file; return whether all is saved."""
        saved = self._saver.end()
        self.file.close()
        return saved

    def _who(self) -> str:
        found = self.elsewhere
        if found is None:
            return "Nothing is written to it."
        return f"{found.who or 'Somebody'} on {found.place or 'a computer'} has it."


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


__all__: Sequence[str] = ("OpenCase", "described")


@dataclass(frozen=True, slots=True)
class SaveState:
    """What can be said about saving: the time of the last save, what still waits, what is wrong.

    `elsewhere` records are not in the case's own file, but safe in another one.
    """

    saved_at: datetime | None
    waiting: int
    problem: IntakeError | None
    elsewhere: int = 0


class Saver:
    """Takes records at once and appends them in order; nothing is dropped when that fails.

    `on_change` is called from the saving thread after each try.
    """

    def __init__(
        self, file: CaseFile, now: Callable[[], datetime], on_change: Callable[[], object]
    ) -> None:
        self._file = file
        self._now = now
        self.on_change = on_change
        self._records: deque[Record] = deque()
        self._elsewhere = 0
        self._saved_at: datetime | None = None
        self._problem: IntakeError | None = None
        self._change = threading.Condition()
        self._wanted = False
        self._ended = False
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> SaveState:
        """What can be said now."""
        with self._change:
            waiting = len(self._records) - self._elsewhere
            return SaveState(self._saved_at, waiting, self._problem, self._elsewhere)

    @property
    def unsaved(self) -> Sequence[Record]:
        """What the case's own file does not have, in order."""
        with self._change:
            return list(self._records)

    def kept_elsewhere(self, count: int) -> None:
        """Note that the first `count` of `unsaved` are safe in another file."""
        with self._change:
            self._elsewhere = min(count, len(self._records))

    def take(self, records: Sequence[Record]) -> None:
        """Take records to be saved; returns at once."""
        with self._change:
            self._records.extend(records)
            self._wake()

    def try_again(self) -> None:
        """Try what failed once more."""
        with self._change:
            self._wake()

    def settled(self, timeout: float | None = None) -> bool:
        """Wait until all is saved or a try has failed; return whether all is safe somewhere."""
        with self._change:
            self._change.wait_for(lambda: not self._wanted, timeout)
            return len(self._records) <= self._elsewhere

    def end(self) -> bool:
        """Wait for what is being saved and stop; return whether all is saved."""
        saved = self.settled()
        with self._change:
            self._ended = True
            self._change.notify_all()
        if self._thread is not None:
            self._thread.join()
        return saved

    def _wake(self) -> None:
        self._wanted = True
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="saving", daemon=True)
            self._thread.start()
        self._change.notify_all()

    def _work(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._wanted or self._ended)
                if self._ended:
                    return
                batch = list(self._records)
            problem = self._append(batch)
            with self._change:
                self._note(batch, problem)
            self.on_change()

    def _append(self, batch: list[Record]) -> IntakeError | None:
        try:
            self._file.append(self._file.sequence, batch)
        except IntakeError as error:
            return error
        except Exception as error:  # The outermost frame of this thread: keep the answers.
            return IntakeError(
                "DESK-010", "", f"The case could not be saved ({type(error).__name__}).", _ADVICE
            )
        return None

    def _note(self, batch: list[Record], problem: IntakeError | None) -> None:
        self._problem = problem
        if problem is None:
            for _ in batch:
                self._records.popleft()
            self._elsewhere = 0
            self._saved_at = self._now()
        self._wanted = problem is None and bool(self._records)
        self._change.notify_all()


_ADVICE = "Keep the program open; the answers are on the screen."
