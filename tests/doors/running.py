"""Commands as somebody runs them: in a folder of their own, with an environment, and what is left.

Everything goes through the command line. Only cases are made through the store, since no command
takes an interview in.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from tests.doors.forks import Python

PASSPHRASE = "violet kettle orbit ladder"


@cache
def python(*flags: str, **variables: str) -> Python:
    """Return the warm interpreter of these flags and variables; one each a test process."""
    return Python(*flags, **variables)


@dataclass(frozen=True)
class Done:
    """A command that has ended: what it said and with which status."""

    argv: tuple[str, ...]
    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """Standard output as text."""
        return self.out.decode()

    def fine(self) -> Done:
        """Return itself if all went well and quietly."""
        assert (self.status, self.err) == (0, ""), (self.argv, self.status, self.err)
        return self


@dataclass
class Desk:
    """A folder to work in, with a home for the program below it."""

    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    python: Python | None = None

    @property
    def home(self) -> Path:
        """Where the program keeps its things here."""
        return Path(self.variables.get("NMT_INTAKE_HOME", self.folder / "home"))

    def environment(self) -> dict[str, str]:
        """Return the variables of a plain machine."""
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "NMT_INTAKE_HOME": str(self.home),
            **self.variables,
        }

    def run(
        self,
        *argv: object,
        stdin: str = "/dev/null",
        stdout: str | None = None,
        stderr: str | None = None,
        env: Mapping[str, str] | None = None,
        **how: object,
    ) -> Done:
        """Run `nmt-intake` with these arguments and return how it ended."""
        words = tuple(map(str, argv))
        out, err = (self.folder / name for name in (".stdout", ".stderr"))
        out.write_bytes(b"")
        err.write_bytes(b"")
        status = (self.python or python()).run(
            {
                "argv": words,
                "env": self.environment() if env is None else dict(env),
                "cwd": str(self.folder),
                "stdin": stdin,
                "stdout": stdout or str(out),
                "stderr": stderr or str(err),
                **how,
            }
        )
        said = out.read_bytes()
        return Done(words, status, said, err.read_text("utf-8", "backslashreplace"))


def files_below(folder: Path) -> dict[str, bytes]:
    """Return every regular file below a folder by its path there."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if stat.S_ISREG(path.lstat().st_mode)
    }


def keep_case(home: Path, answers: Path, bank: Path | None = None, *, sealed: bool = False) -> str:
    """Keep the interview of an answers file as a case (a practice case, or a sealed one)."""
    from nmt_intake.bank.loading import load_bank, shipped_bank
    from nmt_intake.interview.events import record_of
    from nmt_intake.rehearsal.play import play_file
    from nmt_intake.store.home import Home
    from nmt_intake.store.paths import Places
    from nmt_intake.store.protocols import CaseLabel, CaseSummary

    places = Places(*(home / name for name in ("data", "config", "cache")))
    played = play_file(answers, load_bank(bank or shipped_bank(), places.cache), "ana", DAY)
    places.make()
    house = Home(places, who="ana", least_room=1)
    if sealed:
        house.set_up(PASSPHRASE)
    store = house.cases if sealed else house.practice
    alias = played.interview.client.alias
    with store.create(CaseLabel(alias, None, "ana")) as case:
        case.append(0, [record_of(event) for event in played.events])
    seen = "2026-11-22T10:00:00+00:00"
    store.summarise(case.case_id, CaseSummary(CaseLabel(alias), "collecting", last_seen=seen))
    house.close()
    return case.case_id


DAY = date(2026, 11, 22)


def pairs(options: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Yield every choice of options together, the empty one first."""
    for number in range(2 ** len(options)):
        chosen = [words for at, words in enumerate(options) if number >> at & 1]
        yield tuple(word for words in chosen for word in words)
