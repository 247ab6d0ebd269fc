"""Checking a whole home: every frame, every chain, the files beside, what the caller can check."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from nmt_intake.store.errors import CaseStoreError, CaseUnknown
from nmt_intake.store.journal.storage import database
from nmt_intake.store.protocols import Record
from nmt_intake.store.sealed.audit import ENTRIES
from nmt_intake.store.sealed.case_file import find_case
from nmt_intake.store.sealed.folders import SealedFolders
from nmt_intake.store.sealed.index import LINES
from nmt_intake.store.tiny_case import events_of

# Says what is wrong with a case's events, without naming anything in them, or None.
Check: TypeAlias = Callable[[Sequence[Record]], str | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking one file found: its events and frames, and the trouble, if any.

    A case's file is named by `case_id`; one of the home's own by `file`, and its `events` are the
    keys, lines or entries in it.
    """

    case_id: str
    events: int
    frames: int
    code: str = ""
    trouble: str = ""
    file: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.trouble


def verify_cases(folders: SealedFolders, check: Check | None) -> list[Verdict]:
    """Read every case to its last byte; stray files are named too."""
    ids = folders.case_keys.ids()
    verdicts = [verdict for case_id in ids if (verdict := verify_case(folders, case_id, check))]
    return verdicts + _strays(folders, set(ids))


def verify_files(folders: SealedFolders, mended: Collection[str]) -> list[Verdict]:
    """Say of the home's own files how much is in them, and which had to be made whole."""
    with folders.index.log.turn() as index, folders.audit.log.turn() as audit:
        found = {
            "keys.nmt": (len(folders.case_keys.ids()), 0),
            "index.nmt": (len(index.rows(LINES)), index.journal.position.frames),
            "audit.nmt": (len(audit.rows(ENTRIES)), audit.journal.position.frames),
        }
    names = dict.fromkeys((*found, *mended))
    return [_of_file(name, *found.get(name, (0, 0)), mended) for name in names]


MENDED: Final = {
    "vault.json": "One of its two copies was missing or harmed; both are whole again.",
    "keys.nmt": "One of its two copies was missing or harmed; both are whole again.",
    "index.nmt": "It was missing or harmed; the list was made anew from the cases.",
    "audit.nmt": "It was missing or harmed, or can't be used; what stood before the damage is in"
    " it, no more. A harmed file is kept in quarantine.",
}


def _of_file(name: str, count: int, frames: int, mended: Collection[str]) -> Verdict:
    trouble = MENDED[name] if name in mended else ""
    return Verdict("", count, frames, "STORE-028" if trouble else "", trouble, name)


def verify_case(folders: SealedFolders, case_id: str, check: Check | None) -> Verdict | None:
    """Read one case to its last byte; None for a case whose making was cut short."""
    try:
        found = find_case(folders, case_id, writable=False)
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


def _strays(folders: SealedFolders, known: set[str]) -> list[Verdict]:
    folder = folders.folder / "cases"
    shelves = [folder / name for name in folders.names(folder)]
    names = [name for shelf in shelves for name in folders.names(shelf)]
    files = [name.removesuffix(".nmt") for name in names if name.endswith(".nmt")]
    what = "There is a file but no key: erased, or from another home."
    return [
        Verdict(name, 0, 0, "STORE-025", what)
        for name in files
        if name not in known and len(name) == 32
    ]
