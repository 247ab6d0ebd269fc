"""What the rest of the program may ask of a store of cases, whatever keeps them.

A store knows neither questions nor screens: an event is a JSON object (`Record`) with a few keys
that every store can rely on (`RECORD_KEYS`) and more that it does not interpret. A clinic's server
database can stand behind the same two protocols.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Final, Protocol, Self, TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
Record: TypeAlias = Mapping[str, JsonValue]

# id: UUIDv7 text; at: UTC, ISO 8601. A store refuses a record without them.
RECORD_KEYS: Final = ("id", "kind", "at", "author", "device", "bank_version", "bank_hash")


@dataclass(frozen=True, slots=True)
class Counts:
    """How far an interview has come: numbers of question instances."""

    asked: int = 0
    open: int = 0
    to_find_out: int = 0


@dataclass(frozen=True, slots=True)
class CaseLabel:
    """What tells one case from another on a list; initials or an alias, not a full name.

    `birth` is an ISO date or None, `who` the worker. `practice` is the store's own mark: what a
    caller puts there is ignored.
    """

    alias: str
    birth: str | None = None
    who: str = ""
    practice: bool = False


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """One line of the case list, supplied by the caller and kept sealed.

    `case_id` and `sequence` are the store's own: what a caller puts there is ignored.
    `last_seen` is UTC, ISO 8601; `age_months` the client's age at the interview, if it is known.
    """

    label: CaseLabel
    status: str = "new"
    counts: Counts = Counts()
    safety: bool = False
    last_seen: str = ""
    case_id: str = ""
    sequence: int = 0
    age_months: float | None = None


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases a list shows: all conditions hold; the default lets every case through.

    `words` are looked for in alias and worker, without regard to upper and lower case.
    """

    words: str = ""
    statuses: frozenset[str] = frozenset()
    safety_only: bool = False

    def lets_through(self, summary: CaseSummary) -> bool:
        """Return whether `summary` belongs on the list."""
        if self.statuses and summary.status not in self.statuses:
            return False
        if self.safety_only and not summary.safety:
            return False
        text = f"{summary.label.alias} {summary.label.who}".casefold()
        return all(word in text for word in self.words.casefold().split())


@dataclass(frozen=True, slots=True)
class Page:
    """Which lines of a list are wanted: `limit` lines from line `start`, counted from 0."""

    start: int = 0
    limit: int = 100


class Finding(Enum):
    """What opening a case file found."""

    CLEAN = "clean"
    NOT_CLOSED = "not closed"
    TAIL_CUT = "tail cut"
    TAIL_LEFT = "tail left"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Recovery:
    """What opening a case found, in numbers a person can be told.

    CLEAN: closed properly. NOT_CLOSED: the last session ended without closing, nothing is
    missing. TAIL_CUT: a half-written last answer, never confirmed as saved, was cut and kept in
    quarantine as `kept_as`. TAIL_LEFT: the same, seen while reading only. DAMAGED: only what
    stands before the damage is here. `events` are readable; `last_at` is the time of the last.
    """

    finding: Finding
    events: int
    last_at: str | None
    kept_as: str | None = None


class CaseFile(Protocol):
    """One open case: events in, events out; a context manager that closes it."""

    @property
    def case_id(self) -> str:
        """The random id of the case; nothing personal."""
        ...

    @property
    def sequence(self) -> int:
        """The number of the last saved event, 0 for none."""
        ...

    @property
    def writable(self) -> bool:
        """Whether `append` can work: claimed, open, and no write has failed for good."""
        ...

    @property
    def recovery(self) -> Recovery:
        """What opening the case found."""
        ...

    def load(self) -> Sequence[Record]:
        """Return every saved event in order; changing the result changes nothing here."""
        ...

    def append(self, expected_sequence: int, records: Sequence[Record]) -> int:
        """Save `records`, all or none, and return the new sequence once they are durable.

        Raises OutOfStep when `expected_sequence` is not `sequence`, ReadOnly without a claim,
        DiskFull when there is no room (nothing is lost, it may be tried again), WriteFailed when
        the disk could not confirm: then the file is read-only and the caller still has the answer.
        """
        ...

    def close(self) -> None:
        """Release the case for others; may be called twice."""
        ...

    def __enter__(self) -> Self:
        """Return the open case itself."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the case."""
        ...


class CaseStore(Protocol):
    """Every case of one home: a list, and a way into each."""

    def create(self, label: CaseLabel) -> CaseFile:
        """Start an empty case, durable when this returns, claimed for writing."""
        ...

    def claim(self, case_id: str) -> CaseFile:
        """Open a case for writing; raises CaseClaimed with who, where and since when."""
        ...

    def open(self, case_id: str) -> CaseFile:
        """Open a case for reading, without a lock; it shows what was saved at this moment."""
        ...

    def salvage(self, case_id: str) -> CaseFile:
        """Open for reading what is still readable of a damaged or rolled back case."""
        ...

    def list(
        self, wanted: CaseFilter | None = None, page: Page | None = None
    ) -> Sequence[CaseSummary]:
        """Return the lines of the case list, last seen first; no page means all."""
        ...

    def summarise(self, case_id: str, summary: CaseSummary) -> None:
        """Replace the case's line on the list."""
        ...

    def erase(self, case_id: str, reason: str) -> None:
        """Make the case unreadable for good and leave a tombstone; claimed cases are refused."""
        ...
