"""What the desk leaves behind: on the terminal, on the disk, in an error line."""

from __future__ import annotations

import re
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from nmt_intake.errors import IntakeError
from nmt_intake.tui.app import DeskApp
from nmt_intake.tui.launch import drop_developer_switches
from nmt_intake.tui.terminal import farewell
from tests.tui.plain_desk import opener
from tests.tui.terminal import terminal

CANARY = "Quetzal-Wren-4711"
WIPE = b"\x1b[2J\x1b[3J\x1b[H"

_FAILING = """
import threading, asyncio
from pathlib import Path
from nmt_intake.tui.launch import drop_developer_switches
drop_developer_switches()
from nmt_intake.tui.app import DeskApp
from tests.tui.plain_desk import opener
from nmt_intake.tui.screens.cases import CasesScreen
from textual.widgets import Static

def fail(*_):
    name = "{canary}"
    raise ValueError("about " + name)

class Bad(Static):
    def compose(self):
        note = "{canary}"
        raise KeyError(note)

def by_handler(self): fail()
def by_worker(self): self.run_worker(fail, thread=True)
def by_compose(self): self.mount(Bad())
def by_task(self): self.kept = asyncio.ensure_future(asyncio.to_thread(fail)); self.kept = None
def by_thread(self):
    thread = threading.Thread(target=fail); thread.start(); thread.join(); self.app.exit(1)
def by_render(self):
    class Odd(Static):
        def render(self):
            note = "{canary}"
            raise RuntimeError(note)
    self.mount(Odd())

CasesScreen.action_new = by_{way}
raise SystemExit(DeskApp(opener(None, None)).run_to_the_end())
"""


@pytest.mark.parametrize("way", ["handler", "worker", "compose", "thread", "task", "render"])
def test_a_fault_tells_its_kind_and_place_and_nothing_of_anybody(tmp_path: Path, way: str) -> None:
    code = _FAILING.replace("{way}", way).replace("{canary}", CANARY)
    with terminal(tmp_path, code) as desk:
        desk.until("Press n to start one")
        desk.press("n")
        status = desk.end()
    assert status == 1
    assert b"DESK-900" in desk.seen
    assert CANARY.encode() not in desk.seen
    assert b"Traceback" not in desk.seen
    assert not [path for path in tmp_path.rglob("*") if "log" in path.name.lower()]
    (report,) = (tmp_path / "cache" / "crashes").iterdir()
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert "code: DESK-900" in report.read_text()
    assert "Error\n  " in report.read_text()
    assert CANARY not in report.read_text()
    assert str(tmp_path) not in report.read_text()


def test_last_words_name_the_kind_and_the_innermost_own_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NMT_INTAKE_HOME", str(tmp_path))
    with pytest.raises(IntakeError) as failed:
        drop_developer_switches({"TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver"})
    said = farewell(failed.value)
    assert "IntakeError at nmt_intake.tui.launch:" in said


def test_leaving_wipes_the_screen_and_copies_nothing(tmp_path: Path) -> None:
    with terminal(tmp_path) as desk:
        desk.until("Press n to start one")
        desk.press("n")
        desk.until("New case")
        desk.press(CANARY)
        desk.until(CANARY[-4:])
        desk.press("\x01\x1b[1;2F\x03")  # home, shift+end: select; ctrl+c
        desk.quiet()
        desk.press("\x11")
        desk.until("\x1b[?1049l")
        assert desk.end() == 0
    assert WIPE in desk.seen
    after = desk.seen[desk.seen.rindex(WIPE) :]
    assert CANARY.encode() not in after
    assert b"\x1b]52" not in desk.seen


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_saves_wipes_and_ends(tmp_path: Path, number: signal.Signals) -> None:
    with terminal(tmp_path) as desk:
        desk.until("Press n to start one")
        desk.press("n")
        desk.until("New case")
        desk.press(f"{CANARY}\r")
        desk.quiet()
        desk.press("\r")
        desk.until("Thank you for coming")
        desk.signal(number)
        assert desk.end() == 128 + number
    assert CANARY.encode() not in desk.seen[desk.seen.rindex(WIPE) :]


def test_suspending_wipes_the_screen_and_going_on_brings_it_back(tmp_path: Path) -> None:
    with terminal(tmp_path) as desk:
        desk.until("Press n to start one")
        desk.press("n")
        desk.until("New case")
        desk.press(CANARY)
        desk.until(CANARY[-4:])
        desk.quiet()
        desk.signal(signal.SIGTSTP)
        desk.until_stopped()
        shown = desk.seen[desk.seen.rindex(WIPE) :]
        assert b"\x1b[?1049l" in shown, "the terminal is the shell's again"
        assert CANARY.encode() not in shown
        desk.signal(signal.SIGCONT)
        desk.until_again(CANARY)
        desk.press("\x11")
        assert desk.end() == 0


def test_the_title_of_the_window_names_nobody(tmp_path: Path) -> None:
    with terminal(tmp_path) as desk:
        desk.until("Press n to start one")
        desk.press("n")
        desk.until("New case")
        desk.press(f"{CANARY}\r")
        desk.quiet()
        desk.press("\r")
        desk.until("Thank you for coming")
        desk.press("\x11")
        assert desk.end() == 0
    titles = re.findall(rb"\x1b\][0-2];([^\x07\x1b]*)", desk.seen)
    assert all(CANARY.encode() not in title for title in titles)


_TEXTUAL_SWITCHES = {
    "TEXTUAL": "debug,devtools",
    "TEXTUAL_DEBUG": "1",
    "TEXTUAL_LOG": "out/log",
    "TEXTUAL_SCREENSHOT": "1",
    "TEXTUAL_SCREENSHOT_LOCATION": "out",
    "TEXTUAL_SCREENSHOT_FILENAME": "shot.svg",
    "TEXTUAL_PRESS": "n,x",
    "TEXTUAL_SHOW_RETURN": "1",
}
# What a library may tell once the screen is the shell's again: a slow task, a log, a warning.
_TELLING = """
import asyncio, logging, os, time, warnings
from tests.tui.plain_desk import opener
import nmt_intake.casework.opening as opening
opening.opener = opener
from nmt_intake.tui.launch import drop_developer_switches
drop_developer_switches()
from nmt_intake.tui.app import DeskApp

def slow(_text):
    time.sleep(0.15)

async def telling(self, *args, **options):
    found = await run_async(self, *args, **options)
    loop = asyncio.get_running_loop()
    assert loop.get_debug() == ("NMT_INTAKE_DEVELOPMENT" in os.environ)
    loop.call_soon(slow, "{canary}")
    await asyncio.sleep(0)
    logging.getLogger("a.library").error("{canary}")
    warnings.warn("{canary}")
    return found

run_async, DeskApp.run_async = DeskApp.run_async, telling
from nmt_intake.tui import run
raise SystemExit(run())
"""


@pytest.mark.parametrize(
    "switches",
    [
        _TEXTUAL_SWITCHES,
        {"PYTHONDEVMODE": "1"},
        {"PYTHONASYNCIODEBUG": "1", "PYTHONWARNINGS": "always"},
    ],
    ids=["textual", "python-dev", "asyncio"],
)
def test_developer_switches_tell_nothing_and_leave_no_file(
    tmp_path: Path, switches: dict[str, str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    code = _TELLING.replace("{canary}", CANARY)
    with terminal(tmp_path, code, environment=switches) as desk:
        desk.until("Press n to start one")
        desk.press("n")
        desk.until("New case")
        desk.press(CANARY)
        desk.until(CANARY[-4:])
        desk.press("\x11")
        assert desk.end() == 0
    after = desk.seen[desk.seen.rindex(WIPE) :]
    assert re.sub(rb"\x1b\[[<?]?[0-9;]*[A-Za-z]", b"", after).strip() == b""
    assert list(out.iterdir()) == []
    written = [each for each in tmp_path.rglob("*") if each.is_file()]
    homes = {each.relative_to(tmp_path).parts[0] for each in written}
    assert homes <= {"data", "config", "cache"}, homes
    assert not [each for each in written if CANARY.encode() in each.read_bytes()]


def test_a_development_run_is_told_what_asyncio_says(tmp_path: Path) -> None:
    code = _TELLING.replace("{canary}", CANARY)
    switches = {"PYTHONDEVMODE": "1", "NMT_INTAKE_DEVELOPMENT": "1"}
    with terminal(tmp_path, code, environment=switches) as desk:
        desk.until("Press n to start one")
        desk.press("\x11")
        assert desk.end() == 0
    assert f"slow('{CANARY}')".encode() in desk.seen


def test_only_harmless_switches_stay() -> None:
    environment = {"TEXTUAL_LOG": "x", "TEXTUAL": "debug", "TEXTUAL_FPS": "9", "HOME": "h"}
    drop_developer_switches(environment)
    assert environment == {"TEXTUAL_FPS": "9", "HOME": "h"}
    kept = {"TEXTUAL_LOG": "x", "NMT_INTAKE_DEVELOPMENT": "1"}
    drop_developer_switches(kept)
    assert "TEXTUAL_LOG" in kept


def test_a_browser_that_nobody_guards_is_refused() -> None:
    with pytest.raises(IntakeError, match="does not run in a browser"):
        drop_developer_switches({"TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver"})


_HOOKED = """
from nmt_intake.tui.terminal import guard_hooks
guard_hooks()
name = "{canary}"
{failing}
"""
FAILING = {
    "the main thread": 'raise ValueError("about " + name)',
    "a finalizer": """
class Bad:
    def __del__(self):
        raise ValueError("about " + name)
bad = Bad()
del bad
""",
}


@pytest.mark.parametrize("where", FAILING)
def test_no_hook_of_python_shows_what_was_at_hand(tmp_path: Path, where: str) -> None:
    code = _HOOKED.replace("{failing}", FAILING[where]).replace("{canary}", CANARY)
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={"NMT_INTAKE_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert CANARY not in done.stderr
    assert "Traceback" not in done.stderr
    assert "DESK-900" in done.stderr


def test_a_screenshot_makes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = DeskApp(opener(None, None)).deliver_screenshot(path=str(tmp_path))
    assert made is None
    assert not list(tmp_path.rglob("*.svg"))
