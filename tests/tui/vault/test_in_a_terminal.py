"""The desk on a real vault in a terminal of its own: what reaches the terminal, and what stays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nmt_intake.store.home import Home
from nmt_intake.store.paths import find_places
from nmt_intake.store.vault.key_derivation import Cost
from tests.tui.terminal import ROOT, terminal
from tests.tui.vault.homes import GOOD

CANARY = "Quetzal-Wren-4711"
WIPE = b"\x1b[2J\x1b[3J\x1b[H"
RUN = f"""
from pathlib import Path
from nmt_intake.tui import run
raise SystemExit(run(Path({str(ROOT / "tests" / "tui" / "banks" / "small")!r})))
"""


@pytest.fixture(autouse=True)
def cheap_unlocking() -> None:
    """Another process opens what is sealed here: both at the real cost."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    places = find_places({"NMT_INTAKE_HOME": str(tmp_path)})
    places.make()
    home = Home(places, cost=Cost())
    home.set_up(GOOD)
    home.close()
    return tmp_path


def test_the_lock_key_leaves_nothing_on_the_terminal_and_the_passphrase_is_nowhere(
    home: Path,
) -> None:
    with terminal(home, RUN) as desk:
        desk.until("Passphrase")
        desk.quiet()
        desk.press(f"{GOOD}\r")
        desk.until("Press n to start one")
        started = Path(f"/proc/{desk.pid}/cmdline").read_bytes()
        limits = Path(f"/proc/{desk.pid}/limits").read_text()
        desk.press("n")
        desk.until("New case")
        desk.press(f"{CANARY}\r")
        desk.quiet()
        desk.press("\r")
        desk.until("Thank you for coming")
        desk.until(CANARY)
        desk.press("\x0c")
        desk.until_again("Passphrase")
        desk.quiet()
        assert CANARY.encode() not in desk.seen[desk.seen.rindex(WIPE) :]
        desk.press("\x11")
        assert desk.end() == 0
    assert GOOD.encode() not in started
    assert GOOD.encode() not in desk.seen
    assert CANARY.encode() not in desk.seen[desk.seen.rindex(WIPE) :]
    assert re.search(r"Max core file size\s+0\s+0", limits)
    for path in home.rglob("*"):
        assert CANARY not in path.name
