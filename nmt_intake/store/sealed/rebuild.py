"""Bringing the index up to what the case files themselves say."""

from __future__ import annotations

from collections.abc import Iterable

from nmt_intake.store import summaries
from nmt_intake.store.errors import CaseStoreError, CaseUnknown
from nmt_intake.store.journal.frames import Position
from nmt_intake.store.protocols import CaseLabel, CaseSummary
from nmt_intake.store.sealed.anchors import Anchor
from nmt_intake.store.sealed.audit import Action
from nmt_intake.store.sealed.case_file import Found, anchor_of, find_case
from nmt_intake.store.sealed.folders import SealedFolders
from nmt_intake.store.tiny_case import ABOUT


def adopt(folders: SealedFolders, case_ids: Iterable[str]) -> None:
    """Give cases a line that have none: made just before a power cut, or the index was lost.

    A key without a file is a case whose making was cut short; nobody was told of it.
    """
    for case_id in case_ids:
        if folders.disk.exists(folders.case_path(case_id)):
            _put(folders, case_id, floor=0)


def rebuild(folders: SealedFolders, case_ids: Iterable[str]) -> None:
    """Read every case anew; the audit's closings stand in for anchors that were lost."""
    floors: dict[str, int] = {}
    for entry in folders.audit.entries():
        if entry.action in (Action.CLOSED.value, Action.RESTORED.value):
            floors[entry.case_id] = entry.count
    for case_id in case_ids:
        _put(folders, case_id, floors.get(case_id, 0))


def _put(folders: SealedFolders, case_id: str, floor: int) -> None:
    try:
        found = find_case(folders, case_id, writable=False)
    except CaseUnknown:
        return  # its making was cut short
    except CaseStoreError as error:
        _put_unreadable(folders, case_id, error)
        return
    try:
        if found.trouble is not None:
            _put_unreadable(folders, case_id, found.trouble)
            return
        folders.index.put(case_id, _line(case_id, found), _anchor(found, floor), sync=False)
    finally:
        found.storage.close()


def _put_unreadable(folders: SealedFolders, case_id: str, error: CaseStoreError) -> None:
    """Put a line that says why a case can't be read, unless the list still knows its name."""
    if folders.index.summary(case_id) is None:
        folders.index.put(case_id, CaseSummary(CaseLabel(""), status=error.code), None, sync=False)


def _line(case_id: str, found: Found) -> CaseSummary:
    for kept in found.storage.rows(ABOUT).values():
        return summaries.from_json(kept, case_id, found.events)
    return CaseSummary(label=CaseLabel(""), case_id=case_id)


def _anchor(found: Found, floor: int) -> Anchor:
    if found.events < floor and not found.storage.restored:
        return Anchor(0, Position(0, 0, b""), floor)
    return anchor_of(found.storage)
