"""A day with a word typed wherever one can be, reports, a crash: no such word in any file."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from nmt_intake import cli
from nmt_intake.bank.loading import shipped_bank
from nmt_intake.cli.arguments import parser
from nmt_intake.interview.events import event_from
from nmt_intake.interview.kinds import TYPED
from nmt_intake.store.home import Home
from nmt_intake.store.paths import find_places
from nmt_intake.store.vault.key_derivation import Cost
from tests.tui.terminal import terminal
from tests.tui.vault.a_day import PASSPHRASE, Day, a_day
from tests.tui.vault.canaries import (
    EVENTS,
    asking_places,
    canary,
    free_texts,
    kind_of,
    left_in,
    text_fields,
    widgets_for_words,
)

SMALL = Path(__file__).parents[1] / "banks" / "small"
WIPE = b"\x1b[2J\x1b[3J\x1b[H"

# Where the desk asks and this day types nothing, and why not.
NOT_ASKED = {
    "entries.action_split": "its reason is an event's text, and each of those is recorded",
    "entries.ask_which": "a choice among answers",
    "prompts.ask_own_words": "said to a made-up persona, in a rehearsal",
    "said.action_filter": "looked for on the screen, and kept nowhere",
    "said._edit_note": "kept as any note is, by the same line",
    "said._edit_answer": "kept as any answer is, by the same line",
    "covers.walk": "only over answers that a disk does not take; it takes the passphrase",
}
TYPED_THERE = {"pseudonym", "reason"}  # of the command line's options
IDS_THERE = {
    "case",
    "persona",
    "words",
    "block",
    "scale",
    "activity",
    "card",
    "classify",  # words of an interviewer, told their kind and kept nowhere
    "style",
    "teller",
    "language",
}  # or looked up in the bank, and kept nowhere

# What a person said: not only nowhere readable, but in the record.
KEPT = (
    *("alias", "relation", "known since", "note", "who would know", "captured", "captured aside"),
    *("safety words", "who was informed", "safety closed", "cell", "corrected", "half a note"),
    *(f"answer {kind}" for kind in TYPED),
    "fact_settled.reason",
    *("rating reason", "dropped because", "plan reason", "signature", "reopened because"),
    *("signed as", "signed with", "added", "added by"),
    "before the crash",
)
NOT_SHOWN = {"passphrase": "the lock of a desk without a vault"}

_BORN = """
block: born
title: Born
questions:
  - {id: weeks, ask: After how many weeks?, kind: number, unit: weeks, fact: client.gestation_weeks}
"""

_CRASHING = """
from pathlib import Path
from nmt_intake.tui.launch import drop_developer_switches
drop_developer_switches()
from nmt_intake.tui.screens.interview import InterviewScreen

def fail(screen):
    name = "{word}"
    raise ValueError("about " + name + str(screen.interview.client))

InterviewScreen.action_break_page = fail
from nmt_intake.tui import run
raise SystemExit(run(Path({bank!r})))
"""


@pytest.fixture(autouse=True)
def cheap_unlocking() -> None:
    """Another process opens what is sealed here: both at the real cost."""


@dataclass
class Lived:
    """A day that is over: its folders, what was typed, and what the last terminal saw."""

    root: Path
    day: Day
    seen: bytes
    status: int


@pytest.fixture
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    root = tmp_path_factory.mktemp("day")
    bank = _bank(root / "bank")
    folders = {"HOME": "home", "TMPDIR": "tmp", "NMT_INTAKE_HOME": "nmt", "XDG_CACHE_HOME": "xdg"}
    places = {name: str(root / folder) for name, folder in folders.items()}
    day = Day(root / "asked")
    with pytest.MonkeyPatch.context() as patched:
        for name, folder in places.items():
            Path(folder).mkdir()
            patched.setenv(name, folder)
        (root / "work").mkdir()
        patched.chdir(root / "work")
        patched.setattr(tempfile, "tempdir", None)
        patched.setattr("nmt_intake.store.home.tuned_cost", Cost)
        with pytest.MonkeyPatch.context() as watching:
            day.watch(watching)
            asyncio.run(a_day(day, bank))
        seen, status = _crash(day, root / "work", bank, places)
        patched.setenv("NMT_INTAKE_PASSPHRASE_COMMAND", f"echo '{PASSPHRASE}'")
        _without_a_screen(day, bank)
        yield Lived(root, day, seen, status)


def _bank(folder: Path) -> Path:
    shutil.copytree(SMALL, folder)
    for part in ("scoring", "activities"):
        shutil.copytree(shipped_bank() / part, folder / part)
    rules = {"sequence", "context"}
    names = [path.stem for path in (folder / "activities").iterdir() if path.stem not in rules]
    (folder / "opening" / "born.yaml").write_text(_BORN)
    head = folder / "bank.yaml"
    kinds = "  - opening/kinds\n"
    head.write_text(head.read_text().replace(kinds, f"{kinds}  - opening/born\n"))
    with head.open("a") as more:
        more.write("activities:\n" + "".join(f"  - activities/{name}\n" for name in names))
    return folder


def _crash(day: Day, work: Path, bank: Path, places: dict[str, str]) -> tuple[bytes, int]:
    """Open the case in a process of its own, note something, and fail over it."""
    day.words += [canary("before the crash"), canary("local variable")]
    code = _CRASHING.format(word=canary("local variable"), bank=str(bank))
    with terminal(work, code, places) as desk:
        desk.until("Passphrase")
        desk.quiet()
        desk.press(f"{PASSPHRASE}\r")
        desk.until("go on:")
        desk.quiet()
        desk.press("\x1b[B\r")
        desk.until_again("F2 capture")
        desk.quiet()
        desk.press("\x1b[110;3u")  # Alt+N
        desk.until_again("Note")
        desk.press(f"{canary('before the crash')}\r")
        desk.until_again("Note kept")
        desk.press("\x1b[98;3u")  # Alt+B
        status = desk.end()
    return desk.seen, status


def _without_a_screen(day: Day, bank: Path) -> None:
    """What only the command line takes: a pseudonym, and the reason of an erasure."""
    home = Home(find_places())
    home.unlock(PASSPHRASE)
    ids = {line.label.alias: line.case_id for line in home.cases.list()}
    home.close()
    names = ("pseudonym", "erased because")
    day.words += [canary(name) for name in names]
    report = day.asked_for / "from the command line.md"
    day.files.append(report)
    pseudonym = ("--pseudonym", canary("pseudonym"), "--out", str(report))
    with contextlib.redirect_stdout(None):
        assert cli.main(["report", ids[canary("alias")], *pseudonym, "--bank", str(bank)]) == 0
        reason = ("--reason", canary("erased because"), "--yes")
        assert cli.main(["cases", "erase", ids[canary("erased alias")], *reason]) == 0


def something_was_typed_wherever_the_desk_asks(lived: Lived) -> None:
    assert asking_places() == lived.day.places | set(NOT_ASKED)
    assert widgets_for_words() <= lived.day.widgets | set(NOT_SHOWN)
    assert set(TYPED) == lived.day.kinds


def every_text_of_every_event_was_kept(lived: Lived) -> None:
    home = Home(find_places())
    home.unlock(PASSPHRASE)
    (line,) = home.cases.list()
    with home.cases.open(line.case_id) as case:
        events = [event_from(dict(record)) for record in case.load()]
    home.close()
    kept = "\n".join(event.model_dump_json() for event in events)
    fields = [name for event in EVENTS for name in text_fields(event, kind_of(event))]
    assert "answered.words" in fields
    assert "opened.client.name" in fields
    assert [name for name in fields if canary(name) not in kept] == []
    assert f'"author":"{canary("worker")}"' in kept
    assert [name for name in KEPT if canary(name) not in kept] == []


def no_word_is_in_any_file(lived: Lived) -> None:
    root, asked = lived.root, lived.day.files
    reports = [path for path in asked if path.suffix != ".nmtbackup"]
    assert len(list((root / "nmt" / "data" / "cases").rglob("*.nmt"))) == 1
    assert len(asked) == len(reports) + 1, "a backup is sealed, and so it is read"
    found = left_in(root, set(lived.day.words), reports)
    named = {f"{canary('backup')} in asked/{canary('backup')}.nmtbackup"}
    # Who is at work is a setting, and no client.
    assert set(found) == named | {f"{canary('worker')} in nmt/config/desk.json"}


def what_was_asked_for_is_there_for_its_owner_alone(lived: Lived) -> None:
    assert set((lived.root / "asked").iterdir()) == set(lived.day.files)
    for path in lived.day.files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    report = next(path for path in lived.day.files if path.suffix == ".md")
    assert canary("alias") in report.read_text()
    assert sorted(path.name for path in lived.root.iterdir()) == [
        *("asked", "bank", "home", "nmt", "tmp", "work", "xdg")
    ]
    for empty in ("home", "tmp", "work", "xdg"):
        assert list((lived.root / empty).iterdir()) == []


def the_crash_told_its_place_and_no_word(lived: Lived) -> None:
    assert lived.status == 1
    assert b"DESK-900" in lived.seen
    after = lived.seen[lived.seen.rindex(WIPE) :]
    assert not [word for word in lived.day.words if word.encode() in after]
    assert canary("local variable").encode() not in lived.seen
    (report,) = (lived.root / "nmt" / "cache" / "crashes").iterdir()
    assert "builtins.ValueError" in report.read_text()


def test_a_word_in_every_place_that_takes_one_and_none_in_any_file(lived: Lived) -> None:
    # One test: the day takes 20 s, and tests that run side by side would each live it.
    something_was_typed_wherever_the_desk_asks(lived)
    every_text_of_every_event_was_kept(lived)
    the_crash_told_its_place_and_no_word(lived)
    what_was_asked_for_is_there_for_its_owner_alone(lived)
    no_word_is_in_any_file(lived)


def test_the_command_line_takes_no_other_words() -> None:
    assert set(free_texts(parser())) == {*TYPED_THERE, *IDS_THERE}


@pytest.mark.parametrize("coding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_the_search_finds_what_is_planted(tmp_path: Path, coding: str) -> None:
    (tmp_path / "deep").mkdir()
    hidden = tmp_path / "deep" / "file"
    for shift in range(3):
        hidden.write_bytes(b"\0" * shift + f"x{canary('planted').title()}y".encode(coding))
        assert left_in(tmp_path, [canary("planted")]) == [f"{canary('planted')} in deep/file"]
        if coding == "utf-8":
            coded = base64.b64encode(b"\0" * shift + canary("planted").encode() + b"after")
            hidden.write_bytes(b'{"a": "' + coded + b'"}')
            assert left_in(tmp_path, [canary("planted")])
    hidden.write_bytes(b"nothing")
    assert left_in(tmp_path, [canary("planted")]) == []
    hidden.rename(tmp_path / f"a-{canary('planted')}.txt")
    assert left_in(tmp_path, [canary("planted")])
