"""The public interface: what a script does with cases, answers files and ratings.

Everything here raises IntakeError (code, place, what, what to do) and prints nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from nmt_intake.bank.loading import load_bank
from nmt_intake.bank.model import Bank
from nmt_intake.casework.assessment import Assessment, assess_ratings, norms_of
from nmt_intake.casework.assessment import assess as assess_interview
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.reports import report_of
from nmt_intake.casework.session import Session
from nmt_intake.interview.state import Interview
from nmt_intake.rehearsal.play import Played, play_file
from nmt_intake.report.options import Edition, Wanted
from nmt_intake.scoring import Ratings, read_ratings
from nmt_intake.store.home import VaultState, open_stores
from nmt_intake.store.paths import Places, find_places

if TYPE_CHECKING:
    from nmt_intake.report import Report

Assessed: TypeAlias = Played | Session | Interview | Ratings | Path | str


@contextmanager
def open_home(
    folder: Path | str | None = None,
    *,
    bank: Path | str | None = None,
    passphrase: str | None = None,
    practice: bool = False,
    now: Callable[[], datetime] | None = None,
) -> Generator[Casework]:
    """Open a home of cases, and lock it at the end of the block.

    `folder` is what NMT_INTAKE_HOME names, the platform's own folders if None; `bank` a bank's
    folder, the shipped one if None. The passphrase, if none is given, is asked of the environment
    (NMT_INTAKE_PASSPHRASE_FILE or NMT_INTAKE_PASSPHRASE_COMMAND). `practice` opens the practice
    cases, which need none. Where no vault is there yet, its set-up is `casework.home.set_up`.
    """
    places = _places(folder)
    home = open_stores(places)
    try:
        read = load_bank(Path(bank) if bank is not None else None, places.cache)
        casework = Casework(home, read, now=now) if now else Casework(home, read)
        if practice:
            casework.practise()
        elif casework.state is VaultState.LOCKED:
            home.unlock_unattended() if passphrase is None else casework.unlock(passphrase)
        yield casework
    finally:
        home.close()


def play(answers: Path | str, *, bank: Path | str | None = None, author: str = "script") -> Played:
    """Return the interview that an answers file makes; nothing is stored.

    IntakeError (PLAY-0xx) names file and line of the first thing that does not fit.
    """
    return play_file(Path(answers), _bank(bank), author, date.today())


def assess(of: Assessed, *, bank: Path | str | None = None) -> Assessment:
    """Return ratings, metrics and what is unconfirmed of a case, an interview or a ratings file.

    `of` is what `play` returned, an open session, an interview, ratings, or the path of a ratings
    file. `bank` says what ratings are measured with; an interview brings its own.
    """
    if isinstance(of, Played | Session | Interview):
        interview = _interview(of)
        return assess_interview(interview, norms_of(interview.bank))
    if isinstance(of, Ratings):
        return assess_ratings(of, norms_of(_bank(bank)))
    path = Path(of)
    return assess_ratings(read_ratings(path.read_bytes(), path.name), norms_of(_bank(bank)))


def report(
    of: Assessed,
    wanted: Wanted | None = None,
    *,
    bank: Path | str | None = None,
    edition: Edition | None = None,
) -> Report:
    """Return the report of what `assess` takes, with what its reader may see (`Wanted`).

    `edition` says how long it is, in which language and in whose look.

    `report.markdown` is text; `report.rendered("html")` and `"pdf"` are files' content.
    """
    interview = _interview(of) if isinstance(of, Played | Session | Interview) else None
    return report_of(assess(of, bank=bank), interview, wanted, edition=edition)


def _interview(of: Played | Session | Interview) -> Interview:
    return of if isinstance(of, Interview) else of.interview


def _places(folder: Path | str | None) -> Places:
    if folder is None:
        return find_places()
    return find_places({"NMT_INTAKE_HOME": str(folder)})


def _bank(folder: Path | str | None) -> Bank:
    return load_bank(Path(folder) if folder is not None else None, find_places().cache)


__all__ = ["Assessed", "assess", "open_home", "play", "report"]
