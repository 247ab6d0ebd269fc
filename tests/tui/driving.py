"""Drives the desk in tests: a desk on a real home that is open, a fixed clock, and a Pilot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from textual import events
from textual.app import App
from textual.keys import _character_to_key, key_to_character
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import OptionList, Static, TextArea

from nmt_intake.bank.model import Bank
from nmt_intake.casework.cases import Casework
from nmt_intake.store.files.disk import Disk
from nmt_intake.tui.app import DeskApp
from nmt_intake.tui.screens.interview import InterviewScreen
from nmt_intake.tui.screens.rating import RatingScreen
from nmt_intake.tui.screens.with_case import CaseScreen
from tests.homes import home_in

NARROW = (80, 24)
WIDE = (120, 36)
NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


def ticking() -> Iterator[datetime]:
    at = NOON
    while True:
        at += timedelta(seconds=1)
        yield at


def make_desk(folder: Path, bank: Bank, disk: Disk | None = None) -> Casework:
    """Return a desk on an open home in `folder`, which is made if it is not there yet."""
    clock = ticking()
    now = lambda: next(clock)  # noqa: E731
    home = home_in(folder, clock=now, disk=disk)
    desk = Casework(home, bank, now=now, reports=folder)
    desk.settings = replace(desk.settings, worker="ana")
    return desk


@asynccontextmanager
async def at_desk(
    desk: Casework, size: tuple[int, int] = NARROW, **clocks: Callable[[], float]
) -> AsyncIterator[Pilot[int]]:
    app = DeskApp(lambda: desk, **clocks)
    async with app.run_test(size=size) as pilot:
        await calm(pilot)
        yield pilot
        for screen in app.screen_stack:
            if isinstance(screen, CaseScreen):
                await asyncio.to_thread(screen.case.settled)


async def calm(pilot: Pilot[int]) -> None:
    """Wait until every message is handled, every worker done, all saved and all painted.

    Pilot's own waiting takes 60 ms a key; this one as long as the work takes.
    """
    quiet = 0
    while quiet < 3:
        # Behind what is being handled now, also where that waits for a thread.
        await pilot._wait_for_screen()
        quiet = 0 if _at_work(pilot.app) else quiet + 1
        await asyncio.sleep(0 if quiet else 0.002)


def _at_work(app: App[int]) -> bool:
    if app._exception is not None or not app.is_running:
        return False
    screen = app.screen
    if isinstance(app, DeskApp) and app.key_order.waiting:
        return True
    pumps = (
        app,
        *(each for found in app.screen_stack for each in found.walk_children(with_self=True)),
    )
    if any(pump._message_queue.qsize() or pump._next_callbacks for pump in pumps):
        return True
    if not screen.is_mounted or not screen._compositor.size.area:
        return True
    if screen._layout_required or screen._dirty_widgets or screen._callbacks:
        return True
    if any(_saving(found) for found in app.screen_stack):
        return True
    # What waits for a reply is in the group "asking", and never done by itself.
    return any(each.group != "asking" and not each.is_finished for each in app.workers)


def _saving(screen: Screen[object]) -> bool:
    return isinstance(screen, CaseScreen) and screen.case._saver._wanted


async def keys(pilot: Pilot[int], *pressed: str) -> None:
    """Press keys and wait for what each began."""
    for key in pressed:
        name = _character_to_key(key) if len(key) == 1 else key
        event = events.Key(name, key if len(key) == 1 else key_to_character(name))
        assert pilot.app._driver is not None, "the app runs"
        pilot.app._driver.send_message(event)
        await calm(pilot)


async def words(pilot: Pilot[int], text: str, *then: str) -> None:
    """Put words where the cursor is, as a paste does, then press keys."""
    focused = pilot.app.screen.focused
    assert focused is not None, "nowhere to type"
    pilot.app.post_message(events.Paste(text))
    await calm(pilot)
    if then:
        await keys(pilot, *then)


async def new_case(
    pilot: Pilot[int], alias: str = "M.", born: str = "2019-09-14"
) -> InterviewScreen:
    await keys(pilot, "n")
    await words(pilot, alias, "enter")
    if born:
        await words(pilot, born)
    await keys(pilot, "enter")
    return interview(pilot)


def interview(pilot: Pilot[int]) -> InterviewScreen:
    screen = pilot.app.screen
    assert isinstance(screen, InterviewScreen), f"at {screen}"
    return screen


def rating(pilot: Pilot[int]) -> RatingScreen:
    screen = pilot.app.screen
    assert isinstance(screen, RatingScreen), f"at {screen}"
    return screen


def shown(pilot: Pilot[int]) -> str:
    """Return the whole screen as a person reads it."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


def text_of(pilot: Pilot[int], selector: str) -> str:
    found = pilot.app.screen.query_one(selector)
    match found:
        case Static():
            return str(found.content)
        case OptionList():
            return "\n".join(str(option.prompt) for option in found.options)
        case TextArea():
            return found.text
    raise AssertionError(selector)
