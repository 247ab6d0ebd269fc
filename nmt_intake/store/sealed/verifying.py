"""Checking a whole home: every frame, every chain, the index, and what the caller can check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from nmt_intake.store.errors import CaseStoreError, CaseUnknown
from nmt_intake.store.journal.storage import database
from nmt_intake.store.protocols import Record
from nmt_intake.store.sealed.home import Home
from nmt_intake.store.sealed.reading import find_case
from nmt_intake.store.tiny_case import events_of

# Says what is wrong with a case's events, without naming anything in them, or None.
Check: TypeAlias = Callable[[Sequence[Record]], str | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking one case found: its events and frames, and the trouble, if any."""

    case_id: str
    events: int
    frames: int
    code: str = ""
    trouble: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.trouble


def verify_cases(home: Home, check: Check | None) -> list[Verdict]:
    """Read every case to its last byte; stray files are named too."""
    ids = home.case_keys.ids()
    verdicts = [verdict for case_id in ids if (verdict := verify_case(home, case_id, check))]
    return verdicts + _strays(home, set(ids))


def verify_case(home: Home, case_id: str, check: Check | None) -> Verdict | None:
    """Read one case to its last byte; None for a case whose making was cut short."""
    try:
        found = find_case(home, case_id, writable=False)
    except CaseUnknown:
        return None
    except CaseStoreError as error:
        return Verdict(case_id, 0, 0, error.code, error.what)
    frames = found.storage.journal.position.frames
    try:
        if found.trouble is not None:
            trouble = found.trouble
            return Verdict(case_id, found.events, frames, trouble.code, trouble.what)
        records = events_of(database(found.storage), case_id)
    except CaseStoreError as error:
        return Verdict(case_id, found.events, frames, error.code, error.what)
    finally:
        found.storage.close()
    said = None if check is None else check(records)
    return Verdict(case_id, found.events, frames, "STORE-024" if said else "", said or "")


def _strays(home: Home, known: set[str]) -> list[Verdict]:
    folder = home.folder / "cases"
    shelves = [folder / name for name in home.names(folder)]
    names = [name for shelf in shelves for name in home.names(shelf)]
    files = [name.removesuffix(".nmt") for name in names if name.endswith(".nmt")]
    what = "There is a file but no key: erased, or from another home."
    return [
        Verdict(name, 0, 0, "STORE-025", what)
        for name in files
        if name not in known and len(name) == 32
    ]
