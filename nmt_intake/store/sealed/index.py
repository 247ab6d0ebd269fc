"""index.nmt: what the case list shows, and for each case the last place known to be saved.

The list is disposable. The anchors are not content, but they tell an older copy of a case from the
newest, and a changed last frame from a torn one; they only ever move forward.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from nmt_intake.store import summaries
from nmt_intake.store.files.disk import Disk
from nmt_intake.store.journal.frames import Purpose
from nmt_intake.store.journal.storage import Row
from nmt_intake.store.protocols import CaseSummary
from nmt_intake.store.records import number
from nmt_intake.store.sealed.anchors import Anchor
from nmt_intake.store.sealed.shared_log import SharedLog
from nmt_intake.store.vault.key_memory import VaultKeys

LINES: Final = "lines"
_ANCHORS: Final = "anchors"
_FRAMES_BEFORE_COMPACTING: Final = 4000


class Index:
    """The index of one home."""

    def __init__(self, disk: Disk, folder: Path, keys: VaultKeys) -> None:
        self.log = SharedLog(disk, folder, Purpose.INDEX, keys)
        self._practice = keys.practice

    def anchor(self, case_id: str) -> Anchor | None:
        """Return the last place known of a case, or None."""
        kept = self.log.rows(_ANCHORS).get(case_id)
        return None if kept is None else Anchor.from_json(kept)

    def summary(self, case_id: str) -> CaseSummary | None:
        """Return a case's line, or None."""
        line = self.log.rows(LINES).get(case_id)
        return None if line is None else self._summary(case_id, line)

    def summaries(self, case_ids: Iterable[str]) -> list[CaseSummary]:
        """Return the lines of these cases that have one."""
        with self.log.turn() as storage:
            lines, anchors = storage.rows(LINES), storage.rows(_ANCHORS)
            return [
                summaries.from_json(
                    lines[case_id],
                    case_id,
                    number(anchors.get(case_id, {}).get("sequence")),
                    practice=self._practice,
                )
                for case_id in case_ids
                if case_id in lines
            ]

    def unknown(self, case_ids: Iterable[str]) -> list[str]:
        """Return the cases that have no line yet."""
        lines = self.log.rows(LINES)
        return [case_id for case_id in case_ids if case_id not in lines]

    def put(
        self, case_id: str, summary: CaseSummary | None, anchor: Anchor | None, *, sync: bool
    ) -> None:
        """Replace a case's line, its anchor, or both."""
        changes: dict[str, dict[str, Row | None]] = {}
        if summary is not None:
            changes[LINES] = {case_id: summaries.to_json(summary)}
        if anchor is not None:
            changes[_ANCHORS] = {case_id: anchor.to_json()}
        self.log.change(changes, sync=sync)

    def drop(self, case_id: str) -> None:
        """Forget a case; its key is gone already, so nothing depends on this."""
        self.log.change({LINES: {case_id: None}, _ANCHORS: {case_id: None}}, sync=False)

    def tidy(self) -> None:
        """Rewrite the file when reading it has become slow."""
        if self.log.frames() > _FRAMES_BEFORE_COMPACTING:
            self.log.compact()

    def _summary(self, case_id: str, line: Row) -> CaseSummary:
        anchor = self.anchor(case_id)
        sequence = 0 if anchor is None else anchor.sequence
        return summaries.from_json(line, case_id, sequence, practice=self._practice)
