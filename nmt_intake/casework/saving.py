"""What is saved: records are taken at once and appended by a thread of their own, in order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from nmt_intake.errors import IntakeError
from nmt_intake.store.protocols import CaseFile, Record

_ADVICE: Final = "Keep the program open; the answers are on the screen."


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
