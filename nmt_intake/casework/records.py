"""The events of a case out of its stored records: read in one place, told in one way."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pydantic import ValidationError

from nmt_intake.bank.model import Bank
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import Event, event_from
from nmt_intake.interview.state import Interview, fold
from nmt_intake.store.protocols import CaseStore, Record


class EventUnreadable(IntakeError):
    """A case holds an event that this version of the program does not know."""

    def __init__(self, case_id: str) -> None:
        super().__init__(
            "CASE-004",
            f"case {case_id[:8]}",
            "An event in it can't be read by this version of the program.",
            "Install a newer version; cases verify says which cases are concerned.",
        )


def events_of(records: Sequence[Record], case_id: str) -> list[Event]:
    """Return the events that stored records hold; raises EventUnreadable."""
    try:
        return [event_from(dict(record)) for record in records]
    except ValidationError:
        raise EventUnreadable(case_id) from None


def read_case(store: CaseStore, case_id: str, bank: Bank) -> tuple[Interview, list[Event]]:
    """Return a stored case as it stands, with its events, without opening it to write."""
    with store.open(case_id) as file:
        events = events_of(file.load(), case_id)
    return fold(bank, events), events


def fold_check(bank: Bank) -> Callable[[Sequence[Record]], str | None]:
    """Return what says, while a case is verified, whether its events can be read."""

    def check(records: Sequence[Record]) -> str | None:
        try:
            fold(bank, events_of(records, ""))
        except EventUnreadable as error:
            return error.what
        return None

    return check


__all__ = ["EventUnreadable", "events_of", "fold_check", "read_case"]
