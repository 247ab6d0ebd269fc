"""A day's work with the store, and what must be true of it after any fault.

`Day` does the work step by step and remembers what was acknowledged; `Day.check` looks at a disk
as the next process would and says what is wrong, if anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from nmt_intake.store.errors import (
    CaseClaimed,
    CaseDamaged,
    CaseErased,
    CaseStoreError,
    CaseUnknown,
    DiskFull,
    OutOfStep,
)
from nmt_intake.store.home import Home, VaultState
from nmt_intake.store.paths import Places
from nmt_intake.store.protocols import CaseLabel, CaseSummary, Finding, Record
from nmt_intake.store.sealed import store as store_module
from nmt_intake.store.sealed.backup import BackupFile
from nmt_intake.store.sealed.erasure import Outcome
from nmt_intake.store.sealed.restore import RestoreOutcome
from nmt_intake.store.tiny_case import TinyCase
from nmt_intake.store.vault import vault as vault_module
from nmt_intake.store.vault.key_derivation import Cost
from tests.faults.events import event
from tests.faults.sim_disk import SimDisk

PASSPHRASE = "four random words here"
PLACES = Places(Path("/sim/data"), Path("/sim/config"), Path("/sim/cache"))
BACKUP = Path("/sim/backup.nmtbackup")
WHY = "asked for"


def cheap_stretch(secret: bytes, salt: bytes, cost: Cost) -> bytes:
    """Stand in for Argon2id, which would take the whole day."""
    cost.check()
    return hashlib.sha256(salt + secret).digest()


def make_guessing_cheap() -> None:
    """For this process only: thousands of unlocks in a minute."""
    vault_module.stretch = cheap_stretch


__all__ = ["PASSPHRASE", "PLACES", "Day", "SlowClock", "Wrong", "event", "make_guessing_cheap"]


class SlowClock:
    """A clock that moves one second a look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class Wrong(AssertionError):
    """Something acknowledged is not there, or something half done is."""


class Day:
    """One scripted day on one disk. Steps may fail; then the day goes on as a desk would."""

    def __init__(self, disk: SimDisk) -> None:
        self.disk = disk
        self.home = self.new_house(disk)
        self.saved: dict[str, list[Record]] = {}
        self.maybe: dict[str, list[Record]] = {}  # not acknowledged, may be there
        self.erased: set[str] = set()
        self.half_erased: set[str] = set()
        self.ready = False
        self.count = 0
        self.steps = self.looks = 0
        self.failed: list[str] = []
        self.open: dict[str, TinyCase] = {}
        self.backed_up: dict[str, list[Record]] = {}
        self.harmed: set[str] = set()
        self.cleaned: frozenset[str] = frozenset()  # not in the backup any more
        self.after_step: Callable[[], None] = lambda: None

    @staticmethod
    def new_house(disk: SimDisk) -> Home:
        return Home(PLACES, disk=disk, clock=SlowClock(), who="ann", cost=Cost(), least_room=1)

    # -- the work -------------------------------------------------------------------------------

    def work(self) -> None:
        """Do the whole day."""
        self.try_(self.set_up)
        for name in ("A", "B"):
            self.try_(lambda name=name: self.create(name))
        for _ in range(2):
            for case_id in list(self.saved):
                self.try_(lambda case_id=case_id: self.append(case_id, 1))
        for case_id in list(self.saved)[:1]:
            self.try_(lambda case_id=case_id: self.append(case_id, 3))
            self.try_(lambda case_id=case_id: self.summarise(case_id))
            self.try_(lambda case_id=case_id: self.close(case_id))
            self.try_(lambda case_id=case_id: self.append(case_id, 1))
        self.try_(self.compact)
        self.try_(self.back_up)
        for case_id in list(self.saved):
            self.try_(lambda case_id=case_id: self.append(case_id, 1))
        self.try_(self.rotate)
        self.try_(lambda: self.create("C"))
        for case_id in list(self.saved)[-2:]:
            self.try_(lambda case_id=case_id: self.append(case_id, 1))
        for case_id in list(self.saved)[1:2]:
            self.try_(lambda case_id=case_id: self.erase(case_id))
        self.try_(self.clean)
        self.try_(self.bring_back)
        for case_id in list(self.backed_up)[:1]:
            self.try_(lambda case_id=case_id: self.harm(case_id))
            self.try_(self.bring_back)
        for step in (self.lock, self.unlock, self.rotate, self.lock, self.unlock):
            self.try_(step)
        for case_id in list(self.saved):
            self.try_(lambda case_id=case_id: self.append(case_id, 1))

    def try_(self, step: Callable[[], None]) -> None:
        """Do one step; a fault is told as one of ours, anything else is a fault of ours."""
        self.steps += 1
        try:
            if not self.ready and step != self.set_up:
                self.set_up()
            if self.ready and self.home.state is not VaultState.OPEN and step != self.unlock:
                self.home.unlock(PASSPHRASE)
            step()
        except CaseStoreError as error:
            self.failed.append(error.code)
        self.after_step()

    def set_up(self) -> None:
        if self.home.state is VaultState.NEW:
            self.home.set_up(PASSPHRASE)
        self.ready = True
        if self.home.state is not VaultState.OPEN:
            self.home.unlock(PASSPHRASE)

    def create(self, name: str) -> None:
        case_id = name.encode().hex() * 16  # so that a call has the same number in every run
        with patch.object(store_module, "new_case_id", lambda: case_id):
            case = self.home.cases.create(CaseLabel(name))
        self.saved[case.case_id] = []
        self.open[case.case_id] = case

    def append(self, case_id: str, how_many: int) -> None:
        case = self._claimed(case_id)
        records = [event(self.count + place) for place in range(how_many)]
        self.count += how_many
        self.maybe[case_id] = records
        try:
            found = case.append(len(self.saved[case_id]), records)
        except OutOfStep:
            self._accept(case)
            return
        except DiskFull:
            del self.maybe[case_id]  # it said that nothing was saved
            raise
        if found != len(self.saved[case_id]) + how_many:
            raise Wrong("the sequence is not what was saved")
        self.saved[case_id] += records
        del self.maybe[case_id]

    def summarise(self, case_id: str) -> None:
        line = CaseSummary(CaseLabel("new name"), status="open", last_seen="2026")
        self.home.cases.summarise(case_id, line)

    def close(self, case_id: str) -> None:
        case = self.open.pop(case_id, None)
        if case is not None:
            case.close()

    def compact(self) -> None:
        self.home.cases.folders.index.log.compact()

    def back_up(self) -> None:
        report = self.home.backup(BACKUP)
        if report.cases + len(report.left_out) < len(self.saved):
            raise Wrong("the backup lacks a case")
        self.backed_up = {
            case_id: list(saved)
            for case_id, saved in self.saved.items()
            if case_id not in report.left_out and case_id not in self.maybe
        }

    def bring_back(self) -> None:
        for case_id in list(self.open):
            self.close(case_id)
        if not self.disk.exists(BACKUP):
            return
        fates = {fate.case_id: fate.fate for fate in self.home.restore(BACKUP, PASSPHRASE)}
        for case_id in [one for one in self.harmed if one in fates]:
            if fates[case_id] is not RestoreOutcome.BROUGHT_BACK:
                raise Wrong(f"a harmed case was not brought back: {fates[case_id]}")
            self.saved[case_id] = list(self.backed_up[case_id])
            self.harmed.discard(case_id)

    def harm(self, case_id: str) -> None:
        """Change a byte in the middle of a case file, behind the store's back."""
        self.close(case_id)
        if case_id not in self.saved or case_id in self.maybe:
            return
        inode = self.disk.table[str(self.home.cases.folders.case_path(case_id))]
        assert inode is not None
        inode.data[200] ^= 1
        inode.unsafe, inode.safe = [], bytes(inode.data)
        self.harmed.add(case_id)

    def rotate(self) -> None:
        for case_id in list(self.open):
            self.close(case_id)
        self.home.rotate_keys(PASSPHRASE)

    def erase(self, case_id: str) -> None:
        self.close(case_id)
        self.half_erased.add(case_id)
        with suppress(CaseErased):
            self.home.cases.erase(case_id, WHY)
        self.half_erased.discard(case_id)
        self.erased.add(case_id)
        del self.saved[case_id]
        self.maybe.pop(case_id, None)
        self.clean()

    def clean(self) -> None:
        """Take what is erased out of the backup; once it is said, it must be true."""
        cleaned = self.home.clean_backups()
        if any(each.outcome is Outcome.CLEAN for each in cleaned):
            self.cleaned = frozenset(self.erased)

    def lock(self) -> None:
        self.open.clear()
        self.home.lock()

    def unlock(self) -> None:
        if self.home.state is not VaultState.OPEN:
            self.home.unlock(PASSPHRASE)

    def _claimed(self, case_id: str) -> TinyCase:
        case = self.open.get(case_id)
        if case is None or not case.writable:
            self.close(case_id)
            case = self.open[case_id] = self.home.cases.claim(case_id)
            if case.recovery.finding is Finding.TAIL_CUT and "STORE-009" not in self.failed:
                raise Wrong("half an answer was left in the file")
            self._accept(case)
        return case

    def _accept(self, case: TinyCase) -> None:
        """What a claim shows is safe, so from here on it must stay."""
        there = list(case.load())
        expected = self.saved[case.case_id]
        if case.case_id in self.harmed:
            expected = self.backed_up[case.case_id]
        if there not in (expected, expected + self.maybe.get(case.case_id, [])):
            raise Wrong("a claim shows something else than what was saved")
        self.saved[case.case_id] = there
        self.maybe.pop(case.case_id, None)
        self.harmed.discard(case.case_id)

    # -- what must be true ----------------------------------------------------------------------

    def moment(self) -> tuple[object, ...]:
        """Return what `check` expects, as far as it changes in the course of a day."""
        lengths = [
            [(case_id, len(records)) for case_id, records in kept.items()]
            for kept in (self.saved, self.maybe, self.backed_up)
        ]
        return (
            self.ready,
            repr(lengths),
            *map(frozenset, (self.erased, self.half_erased, self.harmed, self.cleaned)),
        )

    def check(self, disk: SimDisk, touched: Path | None = None) -> None:
        """Look at `disk` as the next process would; raises Wrong.

        Every case is read. Work goes on in the one whose file was `touched`, else in each in turn.
        """
        home = self.new_house(disk)
        try:
            state = home.state
            if state is VaultState.NEW:
                if self.ready:
                    raise Wrong("the vault is gone")
                return
            if self.ready or state is not VaultState.NEW:
                home.unlock(PASSPHRASE)
            self._check_list(home)
            self.looks += 1
            worked_on = self._worked_on(touched)
            for case_id in self.saved:
                try:
                    if case_id == worked_on:
                        self._check_work(home, disk, case_id)
                    else:
                        self._check_content(home, case_id)
                except (CaseErased, CaseDamaged) as error:
                    known = self.half_erased if isinstance(error, CaseErased) else self.harmed
                    if case_id not in known:
                        raise
            for case_id in self.erased:
                self._check_gone(home, case_id)
            if self.erased and (self.looks % 4 == 0 or touched == BACKUP):
                self._check_backup(home, disk)
        except CaseStoreError as error:
            raise Wrong(f"refused: {error}") from error
        finally:
            with suppress(CaseStoreError):
                home.close()
        if disk.files:
            raise Wrong(f"files left open: {[path.name for _, path in disk.files.values()]}")
        left = [
            name
            for name in disk.table
            if name.endswith(".new") and name.startswith(f"{PLACES.data}/")
        ]
        if left:
            raise Wrong("a temporary was left behind")

    def _check_list(self, home: Home) -> None:
        listed = {line.case_id: line for line in home.cases.list()}
        missing = [case_id for case_id in self.saved if case_id not in listed]
        if any(case_id not in self.half_erased for case_id in missing):
            raise Wrong("a case is not on the list")
        if self.erased & set(listed):
            raise Wrong("an erased case is on the list")
        names = {line.label.alias for line in listed.values() if line.case_id not in self.harmed}
        if not names <= {"A", "B", "C", "new name"}:
            raise Wrong("a line of the list is not what was written")

    def _worked_on(self, touched: Path | None) -> str | None:
        if touched is not None and touched.stem in self.saved:
            return touched.stem
        return [*self.saved, None][self.looks % max(1, len(self.saved))]

    def _check_content(self, home: Home, case_id: str) -> None:
        with home.cases.open(case_id) as case:
            self._check_events(case)

    def _check_events(self, case: TinyCase) -> list[Record]:
        expected, maybe = self.saved[case.case_id], self.maybe.get(case.case_id, [])
        if case.case_id in self.harmed:
            expected = self.backed_up[case.case_id]  # brought back, cut off before it was said
        there = list(case.load())
        if there not in (expected, expected + maybe):
            raise Wrong(f"{len(there)} events are there, {len(expected)} were saved")
        if case.recovery.events != len(there):
            raise Wrong("the recovery counts something else")
        return there

    def _check_work(self, home: Home, disk: SimDisk, case_id: str) -> None:
        with home.cases.claim(case_id) as case:
            if self.looks % 16 == 1:
                self._check_lock(disk, case_id)
            there = self._check_events(case)
            case.append(len(there), [event(10_000)])
        with home.cases.open(case_id) as case:
            if list(case.load()) != [*there, event(10_000)]:
                raise Wrong("work after the fault is not there")
            if case.recovery.finding is not Finding.CLEAN:
                raise Wrong("a clean end was not found clean")

    def _check_lock(self, disk: SimDisk, case_id: str) -> None:
        other = self.new_house(disk)
        other.unlock(PASSPHRASE)
        try:
            other.cases.claim(case_id).close()
        except CaseClaimed as claimed:
            if claimed.who != "ann":
                raise Wrong("the second opener is not told who has the case") from None
        else:
            raise Wrong("two writers have the case")
        finally:
            other.close()

    def _check_backup(self, home: Home, disk: SimDisk) -> None:
        if not disk.exists(BACKUP):
            return
        if self.looks % 8 == 0:
            home.clean_backups()
            may_hold = set[str]()
        else:
            may_hold = self.erased - self.cleaned
        backup = BackupFile(disk, BACKUP)
        try:
            key = home.cases.folders.case_keys.backup_key(backup.name)
            if key is None:
                raise Wrong("a backup is there that erasing knows nothing of")
            held = backup.ids(key)
        finally:
            backup.close()
        if held & self.erased - may_hold:
            raise Wrong("an erased case is still in the backup")
        if not set(self.backed_up) - self.erased <= held:
            raise Wrong("another case is not in the backup any more")

    def _check_gone(self, home: Home, case_id: str) -> None:
        try:
            home.cases.open(case_id).close()
        except (CaseErased, CaseUnknown):
            return
        raise Wrong("an erased case can be opened")
