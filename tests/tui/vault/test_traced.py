"""What a session makes on the disk and where: nothing outside its folders, and no connection."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nmt_intake.store.home import Home
from nmt_intake.store.paths import find_places
from nmt_intake.store.vault.key_derivation import Cost
from tests.tui.terminal import ROOT, terminal
from tests.tui.vault.homes import GOOD
from tests.tui.vault.traced import Trace, traces_in

SMALL = ROOT / "tests" / "tui" / "banks" / "small"
TERMINALS = ("/dev/tty", "/dev/null", "/dev/pts/")
RUN = """
import runpy, sys
sys.argv = ["traced", {log!r}, {bank!r}]
runpy.run_module("tests.tui.vault.traced", run_name="__main__")
"""


@pytest.fixture(autouse=True)
def cheap_unlocking() -> None:
    """Another process opens what is sealed here: both at the real cost."""


@pytest.fixture
def places(tmp_path: Path) -> dict[str, str]:
    names = {"HOME": "home", "TMPDIR": "tmp", "NMT_INTAKE_HOME": "nmt", "XDG_CACHE_HOME": "xdg"}
    folders = {name: tmp_path / folder for name, folder in names.items()}
    for folder in (*folders.values(), tmp_path / "work", tmp_path / "asked"):
        folder.mkdir()
    found = find_places({"NMT_INTAKE_HOME": str(folders["NMT_INTAKE_HOME"])})
    found.make()
    home = Home(found, cost=Cost())
    home.set_up(GOOD)
    home.close()
    return {name: str(folder) for name, folder in folders.items()}


def a_session(root: Path, bank: Path, places: dict[str, str]) -> list[Trace]:
    """Unlock, set something, a case, answers, a note, lock, unlock, a report, quit."""
    log = root / "trace"
    code = RUN.format(log=str(log), bank=str(bank))
    with terminal(root / "work", code, {**places, "PYTHONDONTWRITEBYTECODE": "1"}) as desk:
        desk.until("Passphrase")
        desk.quiet()
        desk.press(f"{GOOD}\r")
        desk.until("Press n to start one")
        desk.quiet()
        desk.press("\x13")
        desk.until("Who is at work")
        desk.quiet()
        desk.press("\r")
        desk.until("Your name or initials")
        desk.press("ana\r")
        desk.quiet()
        desk.press("\x1b")
        desk.until_again("Press n to start one")
        desk.press("n")
        desk.until("New case")
        desk.press("M.\r")
        desk.quiet()
        desk.press("2019-09-14\r")
        desk.until("Thank you for coming")
        desk.press("3")
        desk.until("Do you like to read?")
        desk.press("1")
        desk.until("What do you like to read?")
        desk.press("\x1b[110;3u")  # Alt+N
        desk.until("Note")
        desk.press("looked at the door\r")
        desk.until("Note kept")
        desk.press("\x0c")
        desk.until_again("Passphrase")
        desk.quiet()
        desk.press(f"{GOOD}\r")
        desk.until_again("go on:")
        desk.quiet()
        desk.press("\r")
        desk.until_again("What do you like to read?")
        desk.quiet()
        desk.press("\x0f")
        desk.until_again("Length: report.")
        desk.quiet()
        desk.press("\x1b[109;3u")  # Alt+M
        desk.until_again("Save to")
        desk.quiet()
        desk.press("\x05\x15")  # end, and empty the line: both take longer than a letter
        desk.quiet()
        desk.press(f"{root / 'asked' / 'report.md'}\r")
        desk.until_again("Saved to")
        desk.press("\x11")
        assert desk.end() == 0
    return traces_in(log)


def test_a_session_makes_files_only_in_its_folders_and_what_was_asked_for(
    tmp_path: Path, small_folder: Path, places: dict[str, str]
) -> None:
    traces = a_session(tmp_path, small_folder, places)
    report = tmp_path / "asked" / "report.md"
    own = [tmp_path / "nmt" / name for name in ("data", "config", "cache")]
    made = {(trace.event, path) for trace in traces for path in trace.paths}
    strange = [
        (event, path)
        for event, path in made
        if path != report
        and not str(path).startswith(TERMINALS)
        and not any(path.is_relative_to(folder) for folder in own)
        and (event, path) != ("os.mkdir", report.parent)
        # Written whole beside it first, then named as asked; none is left (the last line).
        and not (path.parent == report.parent and path.suffix == ".part")
    ]
    assert strange == []
    temporary = [path for event, path in made if event.startswith("tempfile.")]
    beside = (*own, report.parent)
    assert all(any(path.is_relative_to(folder) for folder in beside) for path in temporary)
    outward = [trace.event for trace in traces if not trace.paths]
    assert outward == []

    # The hook has seen what a session does.
    assert {("open", report), ("os.rename", report)} & made
    assert any(event == "open" and path.suffix == ".nmt" for event, path in made)
    assert any(path.is_relative_to(own[1]) for path in temporary), "the settings were kept"
    assert any(event == "os.rename" for event, _ in made)
    assert [path.name for path in (tmp_path / "asked").iterdir()] == ["report.md"]
    for empty in ("home", "tmp", "work", "xdg"):
        assert list((tmp_path / empty).iterdir()) == []


_WAYS = {
    "open": "open(name, 'w').close()",
    "append": "open(name, 'ab').close()",
    "update": "open(other, 'r+').close()",
    "os.open": "os.close(os.open(name, os.O_RDWR | os.O_CREAT))",
    "pathlib": "pathlib.Path(name).write_text('x')",
    "os.mkdir": "os.mkdir(name)",
    "os.makedirs": "os.makedirs(name + '/deep')",
    "os.rename": "os.rename(other, name)",
    "os.replace": "os.replace(other, name)",
    "os.link": "os.link(other, name)",
    "os.symlink": "os.symlink(other, name)",
    "tempfile.mkstemp": "tempfile.mkstemp(dir=pathlib.Path(name).parent)",
    "tempfile.TemporaryFile": "tempfile.TemporaryFile(dir=pathlib.Path(name).parent)",
    "tempfile.mkdtemp": "tempfile.mkdtemp(dir=pathlib.Path(name).parent)",
    "shutil.copy": "shutil.copy(other, name)",
    "sqlite3.connect": "sqlite3.connect(name)",
    "connect": "socket.socket().connect_ex(('127.0.0.1', 9))",
    "bind": "socket.socket().bind(('127.0.0.1', 0))",
    "a process": "subprocess.run(['true'])",
}


def test_the_hook_sees_every_way_to_make_a_file(tmp_path: Path) -> None:
    for number in range(len(_WAYS)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "other").touch()
    code = (
        "import os, pathlib, shutil, socket, sqlite3, subprocess, sys, tempfile\n"
        "from tests.tui.vault.traced import trace_to\n"
        f"root = {str(tmp_path)!r}\n"
        "trace_to(pathlib.Path(root, 'log'))\n"
    )
    for number, act in enumerate(_WAYS.values()):
        code += f"os.truncate(root + '/{number}/other', 0)\n"  # parts one way from the next
        code += f"name, other = root + '/{number}/name', root + '/{number}/other'\n{act}\n"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    seen: list[set[str]] = []
    for trace in traces_in(tmp_path / "log"):
        if trace.event == "os.truncate":
            seen.append(set())
        else:
            seen[-1].add(trace.event)
    assert len(seen) == len(_WAYS)
    assert [way for way, events in zip(_WAYS, seen, strict=True) if not events] == []
