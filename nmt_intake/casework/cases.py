"""The desk itself, without a screen: the store, the bank, the clock, and the gate before them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pydantic import ValidationError

from nmt_intake.bank.model import Bank
from nmt_intake.casework.agency import Agency, read_agency
from nmt_intake.casework.session import OpenCase
from nmt_intake.casework.settings import Settings, keep_settings, read_settings
from nmt_intake.errors import IntakeError
from nmt_intake.interview.asking import next_slot
from nmt_intake.interview.events import Client, Opened
from nmt_intake.interview.state import Interview
from nmt_intake.scoring import Norms
from nmt_intake.scoring.suggest import rating_keys
from nmt_intake.store.errors import CaseClaimed, CaseDamaged
from nmt_intake.store.protocols import CaseFilter, CaseLabel, CaseStore, CaseSummary, Record
from nmt_intake.store.worker import worker_name

if TYPE_CHECKING:
    from nmt_intake.rehearsal.persona import Persona
    from nmt_intake.store.sealed.backup import BackupReport


class Gate(Protocol):
    """What stands before the cases: opened to work, shut when the desk is locked."""

    @property
    def needs_passphrase(self) -> bool:
        """Whether opening takes a passphrase."""
        ...

    def open(self, passphrase: str) -> CaseStore:
        """Return the store; raises IntakeError for a wrong passphrase."""
        ...

    def prove(self, passphrase: str) -> None:
        """Let back in whoever may open; raises IntakeError for a wrong passphrase."""
        ...

    def rescue(self, case_id: str, waiting: Sequence[Record], path: Path) -> BackupReport:
        """Write an open case, with what its file could not take, to another place."""
        ...

    def written_out(self, case_id: str) -> None:
        """Note that a case's report was written to a file."""
        ...

    def shut(self) -> None:
        """Drop every key."""
        ...

    def close(self) -> None:
        """Drop every key and give the files back, at the end."""
        ...


@dataclass(slots=True)
class OpenGate:
    """A gate without a lock, for a store that has no keys."""

    store: CaseStore
    needs_passphrase: bool = False

    def open(self, passphrase: str) -> CaseStore:
        """Return the store."""
        return self.store

    def prove(self, passphrase: str) -> None:
        """Anybody may."""

    def rescue(self, case_id: str, waiting: Sequence[Record], path: Path) -> BackupReport:
        """There are no keys to seal it with."""
        raise IntakeError(
            "DESK-015", "", "These cases are kept in their own folder only.", "Note what waits."
        )

    def written_out(self, case_id: str) -> None:
        """There is no audit."""

    def shut(self) -> None:
        """Nothing to drop."""

    def close(self) -> None:
        """Nothing to give back."""


def _now() -> datetime:
    return datetime.now().astimezone()


class Desk:
    """Everything a screen may ask for; no call of it may be made on the screen's own thread
    except those of an open case.
    """

    def __init__(
        self,
        gate: Gate,
        bank: Bank,
        *,
        now: Callable[[], datetime] = _now,
        config: Path | None = None,
        reports: Path | None = None,
    ) -> None:
        self._gate = gate
        self._store: CaseStore | None = None
        self._config = config
        self.bank = bank
        self.now = now
        self.reports = reports or Path.cwd()
        self.settings = read_settings(config)
        self.persona: Persona | None = None

    @property
    def needs_passphrase(self) -> bool:
        """Whether unlocking takes a passphrase."""
        return self._gate.needs_passphrase

    @property
    def gate(self) -> Gate:
        """What stands before the cases."""
        return self._gate

    @property
    def practising(self) -> bool:
        """Whether the cases at hand are practice cases, which nothing protects."""
        return getattr(self._gate, "practising", False)

    @property
    def notice(self) -> str:
        """What is to be said over the list of cases, or nothing."""
        return getattr(self._gate, "notice", "")

    @property
    def locked(self) -> bool:
        """Whether the cases are out of reach."""
        return self._store is None

    @property
    def worker(self) -> str:
        """Who is at work."""
        return self.settings.worker or worker_name() or "worker"

    @cached_property
    def norms(self) -> Norms | None:
        """What scoring measures with, or None for a bank without scoring data."""
        # Deferred: the documents' schemas take 40 ms, and only rating and report need them.
        from nmt_intake.bank.documents import documents
        from nmt_intake.scoring import norms_from

        try:
            return norms_from(documents(self.bank.folder, "scoring"), self.bank.version)
        except IntakeError:
            return None

    @property
    def agency(self) -> Agency:
        """The agency's words for safety, breaks and an early end."""
        if self._agency is None or self._agency[0] != self.settings.language:
            words = read_agency(self.bank.folder, self.settings.language)
            self._agency = (self.settings.language, words)
        return self._agency[1]

    _agency: tuple[str | None, Agency] | None = None

    def unlock(self, passphrase: str = "") -> None:
        """Bring the cases within reach; raises IntakeError for a wrong passphrase."""
        self._store = self._gate.open(passphrase)

    def enter(self, store: CaseStore) -> None:
        """Work with these cases from now on."""
        self._store = store

    def lock(self) -> None:
        """Put the cases out of reach."""
        self._store = None
        self._gate.shut()

    def leave(self) -> None:
        """Put the cases out of reach for good: the program ends."""
        self._store = None
        self._gate.close()

    def cases(self, words: str = "") -> Sequence[CaseSummary]:
        """Return the case list, last seen first."""
        return self._cases.list(CaseFilter(words=words))

    def start(self, alias: str, birth: str | None, age_months: float | None) -> OpenCase:
        """Start a case; only then is there a file."""
        label = CaseLabel(alias=alias, birth=birth, who=self.worker)
        case = self._opened(self._cases.create(label), label)
        day = self.now().date().isoformat()
        client = Client(alias=alias, birth=birth, age_months=age_months, interviewed=day)
        case.record(Opened, client=client, practice=self.practising)
        self.summarise(case)
        return case

    def rehearse(self, persona: Persona) -> OpenCase:
        """Go on with the practice case of a persona, or start it."""
        for summary in self.cases():
            if summary.label.alias == persona.alias and summary.label.practice:
                return self.go_on(summary)
        label = CaseLabel(alias=persona.alias, birth=persona.birth, who=self.worker)
        case = self._opened(self._cases.create(label), label)
        for event in persona.opening():
            case.take(event)
        self.summarise(case)
        return case

    def go_on(self, summary: CaseSummary) -> OpenCase:
        """Open a case to go on with it; CaseClaimed or CaseDamaged where it can only be read."""
        return self._opened(self._cases.claim(summary.case_id), summary.label)

    def resume(self, summary: CaseSummary) -> OpenCase:
        """Open a case to go on with it; for reading only where somebody else is writing."""
        try:
            return self.go_on(summary)
        except CaseClaimed as claimed:
            file = self._cases.open(summary.case_id)
            return self._opened(file, summary.label, claimed)
        except CaseDamaged as damaged:
            if not damaged.readable:
                raise
            return self._opened(self._cases.salvage(summary.case_id), summary.label)

    def summarise(self, case: OpenCase) -> None:
        """Bring the case's line on the list up to date."""
        if case.read_only or self._store is None:
            return
        case.settled()
        self._store.summarise(case.file.case_id, case.summary(status_of(case.interview)))

    def close(self, case: OpenCase) -> bool:
        """Save what waits and release the case; return whether all is saved."""
        if case.settled() and not case.saving.elsewhere:
            self.summarise(case)
        return case.close()

    def rescue(self, case: OpenCase, path: Path) -> BackupReport:
        """Write a case, with what its own file could not take, to another place."""
        waiting = case.unsaved
        report = self._gate.rescue(case.file.case_id, waiting, path)
        case.kept_elsewhere(len(waiting))
        return report

    def keep(self, settings: Settings) -> None:
        """Use these settings from now on, and keep them where that is possible."""
        self.settings = settings
        try:
            keep_settings(self._config, settings)
        except OSError as error:
            raise IntakeError(
                "DESK-013",
                "",
                f"The settings can't be kept ({error.strerror}).",
                "They hold today.",
            ) from None

    @property
    def _cases(self) -> CaseStore:
        if self._store is None:
            raise IntakeError("DESK-014", "", "The desk is locked.", "Unlock it first.")
        return self._store

    def _opened(
        self, file: object, label: CaseLabel, elsewhere: CaseClaimed | None = None
    ) -> OpenCase:
        try:
            return OpenCase(
                file,  # type: ignore[arg-type]
                self.bank,
                label=label,
                worker=self.worker,
                now=self.now,
                elsewhere=elsewhere,
            )
        except ValidationError:
            file.close()  # type: ignore[attr-defined]
            raise IntakeError(
                "DESK-018",
                "",
                "An event of this case can't be read by this version of the program.",
                "Install a newer version; Vault, Verify says which cases are concerned.",
            ) from None


def status_of(interview: Interview) -> str:
    """Return how far a case is: new, collecting, ready to rate, rated or signed."""
    if interview.signed:
        return "signed"
    if not interview.slots:
        return "new"
    keys = rating_keys(interview)
    if keys and all(key in interview.ratings for key in keys):
        return "rated"
    return "collecting" if next_slot(interview) else "ready to rate"
