"""The cases of one home: listed, started, opened and closed; the vault; the worker's settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nmt_intake.bank.model import Bank
from nmt_intake.casework.agency import Agency, read_agency
from nmt_intake.casework.session import Session
from nmt_intake.casework.settings import Settings, keep_settings, read_settings
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import Client, Opened
from nmt_intake.scoring import Norms
from nmt_intake.store.errors import (
    CaseClaimed,
    CaseDamaged,
    CaseUnknown,
    VaultDamaged,
    WrongPassphrase,
)
from nmt_intake.store.home import Home, VaultState
from nmt_intake.store.protocols import CaseFile, CaseFilter, CaseLabel, CaseStore, CaseSummary
from nmt_intake.store.sealed.audit import Action
from nmt_intake.store.worker import worker_name

if TYPE_CHECKING:
    from nmt_intake.rehearsal.persona import Persona
    from nmt_intake.rehearsal.sitting import Sitting
    from nmt_intake.store.sealed.backup import BackupReport


def _now() -> datetime:
    return datetime.now().astimezone()


class Casework:
    """A worker at the cases of one home, read with one bank: what every face works through.

    Calls may take half a second (disk, keys), except those of an open session. `reports` is the
    folder that is offered for written files; `now` the clock.
    """

    def __init__(
        self,
        home: Home,
        bank: Bank,
        *,
        now: Callable[[], datetime] = _now,
        reports: Path | None = None,
        persona: Persona | None = None,
    ) -> None:
        self.home = home
        self.bank = bank
        self.now = now
        self.reports = reports or Path.cwd()
        self.settings = read_settings(home.places.config)
        self.persona = persona
        self._rehearsal_began: str | None = None
        self._agency: tuple[str | None, Agency] | None = None

    # The vault

    @property
    def state(self) -> VaultState:
        """Which cases are at hand: none (NEW, LOCKED), the sealed ones (OPEN), or PRACTICE."""
        try:
            return self.home.state
        except VaultDamaged:  # It is told when somebody tries to unlock it.
            return VaultState.LOCKED

    @property
    def locked(self) -> bool:
        """Whether no cases are at hand."""
        return self.state in (VaultState.NEW, VaultState.LOCKED)

    @property
    def practising(self) -> bool:
        """Whether the cases at hand are practice cases, which nothing protects."""
        return self.state is VaultState.PRACTICE

    @property
    def notice(self) -> str:
        """What is to be said over the list: files beside the cases that had to be made whole."""
        if self.practising or not self.home.mended:
            return ""
        names = ", ".join(self.home.mended)
        return (
            f"Missing or harmed, and put right as far as it can be: {names}."
            " Vault, Verify says more."
        )

    def unlock(self, passphrase: str) -> None:
        """Have the sealed cases at hand; WrongPassphrase, or TooManyTries after several."""
        self.home.unlock(passphrase)

    def practise(self) -> None:
        """Have the practice cases at hand."""
        self.home.practise()

    def have_at_hand(self, cases: VaultState) -> None:
        """Go over to the practice cases (PRACTICE), or back to the sealed ones, if open."""
        if cases is VaultState.PRACTICE:
            self.home.practise()
        else:
            self.home.leave_practice()

    def prove(self, passphrase: str) -> None:
        """Let back in whoever knows the passphrase; with no keys in memory nothing is behind it."""
        if not self.home.holds_keys:
            return
        if not passphrase:
            raise WrongPassphrase
        self.home.require_passphrase(passphrase)

    def lock(self) -> None:
        """Put the cases out of reach and drop every key."""
        self.home.lock()

    def leave(self) -> None:
        """Drop every key and give the files back: the program ends."""
        self.home.close()

    # The worker

    @property
    def worker(self) -> str:
        """Who is at work."""
        return self.settings.worker or worker_name() or "worker"

    def keep(self, settings: Settings) -> None:
        """Use these settings from now on, and keep them where that is possible."""
        self.settings = settings
        try:
            keep_settings(self.home.places.config, settings)
        except OSError as error:
            what = f"The settings can't be kept ({error.strerror})."
            raise IntakeError("DESK-013", "", what, "They hold today.") from None

    @cached_property
    def norms(self) -> Norms | None:
        """What scoring measures with, or None for a bank without scoring data."""
        # Deferred: the documents' schemas take 40 ms, and only rating and report need them.
        from nmt_intake.casework.assessment import norms_of

        try:
            return norms_of(self.bank)
        except IntakeError:
            return None

    @property
    def agency(self) -> Agency:
        """The agency's words for safety, breaks and an early end."""
        if self._agency is None or self._agency[0] != self.settings.language:
            words = read_agency(self.bank.folder, self.settings.language)
            self._agency = (self.settings.language, words)
        return self._agency[1]

    # Cases

    def cases(self, words: str = "") -> Sequence[CaseSummary]:
        """Return the case list, last seen first."""
        return self._store.list(CaseFilter(words=words))

    def start(self, alias: str, birth: str | None, age_months: float | None) -> Session:
        """Start a case; only then is there a file."""
        label = CaseLabel(alias=alias, birth=birth, who=self.worker)
        session = self._opened(self._store.create(label), label)
        day = self.now().date().isoformat()
        client = Client(alias=alias, birth=birth, age_months=age_months, interviewed=day)
        session.record(Opened, client=client, practice=self.practising)
        self.summarise(session)
        return session

    def rehearse(self, persona: Persona) -> Session:
        """Go on with the practice case of a persona, or start it."""
        for summary in self.cases():
            if summary.label.alias == persona.alias and summary.label.practice:
                return self.open(summary)
        label = CaseLabel(alias=persona.alias, birth=persona.birth, who=self.worker)
        session = self._opened(self._store.create(label), label)
        for event in persona.opening():
            session.take(event)
        self.summarise(session)
        return session

    def look_round(self) -> Session:
        """Open the practice case of a made-up family, whose interview is held already.

        It is the shipped grandmother's: IntakeError where the bank has no such persona.
        """
        from nmt_intake.rehearsal.play import play_persona

        path = Path(self.bank.folder or "") / "personas" / "grandmother.yaml"
        played = play_persona(path, self.bank, self.worker, self.now().date())
        client = played.interview.client
        label = CaseLabel(alias=client.alias, birth=client.birth, who=self.worker)
        session = self._opened(self._store.create(label), label)
        for event in played.events:
            session.take(event)
        self.summarise(session)
        return session

    def replies(self, session: Session, slot: str) -> Iterator[str]:
        """Yield what the persona beside this session says to a question; nothing without one."""
        if self.persona is not None and session.label.alias == self.persona.alias:
            yield from self.persona.says(session.interview, slot)

    def sitting(self, session: Session) -> Sitting | None:
        """Return the rehearsal that this session is, None if it is none."""
        if self.persona is None or session.label.alias != self.persona.alias:
            return None
        return self.persona.sitting if session.label.practice or self.practising else None

    def keep_debrief(self, session: Session) -> Path | None:
        """Write the debrief of a rehearsal beside the practice cases; return its folder."""
        from nmt_intake.private_files import write_private_set
        from nmt_intake.rehearsal.results import files_of
        from nmt_intake.scoring.assessment import assess, norms_of

        sitting = self.sitting(session)
        if sitting is None or not sitting.talk.turns:
            return None
        began = self._rehearsal_began or self.now().strftime("%Y-%m-%d_%H%M%S")
        self._rehearsal_began = began
        folder = self.home.places.practice / "rehearsals" / f"{began}_{sitting.cast.name}"
        ratings = assess(session.interview, norms_of(self.bank)).ratings
        files = files_of(sitting.debrief(session.interview), ratings)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private_set({folder / name: content for name, content in files.items()})
        return folder

    def find(self, named: str) -> CaseSummary:
        """Return the case named by its id, the beginning of its id, or its alias, if that is one.

        Raises CaseUnknown, or IntakeError (CASE-002) where more than one goes by that name.
        """
        return find_case(self._store, named)

    def open(self, summary: CaseSummary) -> Session:
        """Open a case to go on with it; CaseClaimed or CaseDamaged where it can only be read."""
        return self._opened(self._store.claim(summary.case_id), summary.label)

    def resume(self, summary: CaseSummary) -> Session:
        """Open a case to go on with it; for reading only where that is all that is possible."""
        try:
            return self.open(summary)
        except CaseClaimed as claimed:
            file = self._store.open(summary.case_id)
            return self._opened(file, summary.label, claimed)
        except CaseDamaged as damaged:
            if not damaged.readable:
                raise
            return self._opened(self._store.salvage(summary.case_id), summary.label)

    def read(self, summary: CaseSummary) -> Session:
        """Open a case for reading, whoever is writing in it."""
        return self._opened(self._store.open(summary.case_id), summary.label)

    def summarise(self, session: Session, summary: CaseSummary | None = None) -> None:
        """Bring the case's line on the list up to date; `summary` was made before, elsewhere."""
        if session.read_only or self.locked:
            return
        session.settled()
        self._store.summarise(session.file.case_id, summary or session.summary())

    def close(self, session: Session) -> bool:
        """Save what waits and release the case; return whether all is saved."""
        if session.settled() and not session.saving.elsewhere:
            self.summarise(session)
        return session.close()

    def rescue(self, session: Session, path: Path) -> BackupReport:
        """Write a case, with what its own file could not take, to another place."""
        if self.practising:
            what = "Practice cases are kept in their own folder only."
            raise IntakeError("DESK-015", "", what, "Make room.")
        waiting = session.unsaved
        report = self.home.rescue(session.file.case_id, waiting, path)
        session.kept_elsewhere(len(waiting))
        return report

    def note(self, action: Action, case_id: str = "") -> None:
        """Write into the audit what was done with a case outside the store: exported, printed."""
        self.home.note(action, case_id, practice=self.practising)

    @property
    def _store(self) -> CaseStore:
        if self.locked:
            raise IntakeError("DESK-014", "", "The desk is locked.", "Unlock it first.")
        return self.home.at_hand

    def _opened(
        self, file: CaseFile, label: CaseLabel, elsewhere: CaseClaimed | None = None
    ) -> Session:
        try:
            return Session(
                file,
                self.bank,
                label=label,
                worker=self.worker,
                now=self.now,
                elsewhere=elsewhere,
            )
        except IntakeError:
            file.close()
            raise


def find_case(store: CaseStore, named: str) -> CaseSummary:
    """Return the case named by its id, the beginning of its id, or its alias, if that is one."""
    lines = store.list()
    found = [line for line in lines if len(named) >= 4 and line.case_id.startswith(named)]
    found = found or [line for line in lines if line.label.alias.casefold() == named.casefold()]
    if len(found) > 1:
        what = "more than one case goes by that name."
        raise IntakeError("CASE-002", "", what, "Use the id: cases list.")
    if not found:
        raise CaseUnknown(named[:8])
    return found[0]
