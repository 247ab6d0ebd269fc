"""Taking plain case files (format 1) into a sealed home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nmt_intake.store import summaries
from nmt_intake.store.errors import CaseStoreError
from nmt_intake.store.journal.storage import Rows
from nmt_intake.store.plain import PlainCaseStore
from nmt_intake.store.protocols import CaseSummary, Record
from nmt_intake.store.records import fresh_copy, require_keys
from nmt_intake.store.sealed.audit import Action
from nmt_intake.store.sealed.folders import SealedFolders
from nmt_intake.store.sealed.store import LINE, SealedCaseStore, install
from nmt_intake.store.sealed.verification import Check
from nmt_intake.store.tiny_case import ABOUT, EVENTS


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of plain case files: ids taken in, and ids left with the reason's code."""

    taken: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


def take_in(store: SealedCaseStore, folder: Path, check: Check | None = None) -> Imported:
    """Seal every plain case below `folder`, compare, and only then remove the plain file.

    May be cut short and begun again: a case is sealed as a whole or not at all. One in which
    `check` finds something that can't be read is left as it is.
    """
    plain = PlainCaseStore(folder, disk=store.folders.disk, clock=store.folders.clock)
    lines = {line.case_id: line for line in plain.list()}
    at_home = folder.absolute() == store.folders.folder.absolute()
    taken: list[str] = []
    left: list[tuple[str, str]] = []
    for case_id in plain.ids():
        try:
            _take(store, plain, lines[case_id], check, at_home=at_home)
        except CaseStoreError as error:
            left.append((case_id, error.code))
        else:
            taken.append(case_id)
    return Imported(tuple(taken), tuple(left))


def _take(
    store: SealedCaseStore,
    plain: PlainCaseStore,
    line: CaseSummary,
    check: Check | None,
    *,
    at_home: bool,
) -> None:
    case_id = line.case_id
    with plain.claim(case_id) as case:
        records = case.load()
        require_keys(case_id, records)
        if check is not None and (said := check(records)):
            raise CaseStoreError("STORE-024", f"case {case_id}", said, "Keep the plain file.")
        _install_once(store.folders, case_id, _tables(line, records), locked=at_home)
        with store.open(case_id) as sealed:
            if list(sealed.load()) != list(records):
                raise CaseStoreError(
                    "STORE-026",
                    f"case {case_id}",
                    "A sealed case with this id says something else.",
                    "Keep the plain file and look at both.",
                )
        plain.remove(case_id)
    store.folders.audit.note(Action.TAKEN_IN, case_id, len(records))


def _install_once(
    folders: SealedFolders, case_id: str, tables: dict[str, Rows], *, locked: bool
) -> None:
    """Seal a case, unless an earlier attempt did so.

    `locked`: in the first format's own folder the plain case's lock is this lock, and held.
    """
    lock = None if locked else folders.lock_case(case_id)
    try:
        if not folders.disk.exists(folders.case_path(case_id)):
            install(folders, case_id, tables)
    finally:
        if lock is not None:
            lock.release()


def _tables(line: CaseSummary, records: Sequence[Record]) -> dict[str, Rows]:
    events = {str(place): row for place, row in enumerate(fresh_copy(records), start=1)}
    return {ABOUT: {LINE: summaries.to_json(line)}, EVENTS: events}
