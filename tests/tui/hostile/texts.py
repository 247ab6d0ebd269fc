"""Text that would act if it were anything but text, and what a screen must make of it."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar
from unittest.mock import patch

from textual import events
from textual.app import App
from textual.geometry import Offset, Region
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import OptionList

from nmt_intake.text import clean
from tests.tui.driving import calm

MARKUP = (
    "[/]",
    "[@click=app.quit]x[/]",
    "[bold",
    "[red]",
    "[link=mailto:e]l[/link]",
    "[on $error]",
    "$accent",
    "\\[",
    "[[x]]",
    "['open",
    ":smile:",
)
ESCAPES = (
    "\x1b[2J",
    "\x1b]52;c;QUJD\x07",
    "\x1b]8;;mailto:e\x1b\\",
    "\x9b31m",
    "\u202eevil",
    "\u2066x\u2069",
    "\x00\x08\x7f",
    "\u200b",
)
STEERING = frozenset("\x1b\x9b\x07\x00\x08\x7f\u202e\u2066\u2069\u200b")
TEXT = " ".join((*MARKUP, *ESCAPES))

Wanted = Mapping[str, int | str]

_Thing = TypeVar("_Thing")
_SHOWN = frozenset(
    re.findall(
        r"\w+",
        """title ask unit preface listen_for probes opening another say because options anchors
        settings led_by how_often how_long cost looks_like adaptations cautions needs
        said_first moved_on remarks reasons reason occasion says sooner_when asks principles
        always_says stop_when half_dose_says occasion_says clinician_says basis
        steps contacts break_line break_words end_title end_say end_steps goodbye""",
    )
)


def hostile(thing: _Thing, shown: bool = False) -> _Thing:
    """Return a value of the bank, of a plan or of scoring with TEXT wherever it is shown.

    Of several sentences one is left: a page must fit on the screen.
    """
    found: Any = thing
    if isinstance(found, str):
        return TEXT if shown and found else found  # type: ignore[return-value]
    if isinstance(found, Mapping):
        return {name: hostile(each, shown) for name, each in found.items()}  # type: ignore[return-value]
    if isinstance(found, Sequence) and shown:
        return (TEXT,) if found else ()  # type: ignore[return-value]
    if isinstance(found, Sequence):
        return tuple(hostile(each, shown) for each in found)  # type: ignore[return-value]
    if is_dataclass(found) and not isinstance(found, type):
        changed = {
            each.name: hostile(getattr(found, each.name), each.name in _SHOWN)
            for each in fields(found)
            if each.init and each.name != "translations"
        }
        return replace(found, **changed)  # type: ignore[return-value]
    return thing


def squashed(text: str) -> str:
    """Return a text as it can be compared with one that was wrapped."""
    return "".join(clean(text).split())


_WHOLE = squashed(TEXT)


async def assert_only_text(pilot: Pilot[int], wanted: Wanted) -> None:
    """Nothing on the screen steers a terminal, links, or acts; what is wanted is there to read.

    `wanted` says of a selector how often TEXT stands there in full, or what else does.
    """
    end = time.monotonic() + 10
    while _missing(pilot, wanted) and time.monotonic() < end:
        await asyncio.sleep(0.02)  # a machine with other work may still be painting
        await calm(pilot)
    strips = assert_harmless(pilot)
    missing = _missing(pilot, wanted)
    assert not missing, missing
    for selector in wanted:
        widget = pilot.app.screen.query_one(selector)
        await _click_on_text(pilot, widget, _rows_of(widget, strips))


def _missing(pilot: Pilot[int], wanted: Wanted) -> str:
    """Return what stands at a selector where something else is wanted, or nothing."""
    strips = pilot.app.screen._compositor.render_strips()
    for selector, how in wanted.items():
        found = pilot.app.screen.query(selector)
        shown = squashed("".join(_rows_of(found.first(), strips))) if found else ""
        right = squashed(how) in shown if isinstance(how, str) else shown.count(_WHOLE) == how
        if not right:
            return f"{selector}: {shown or 'nothing'}"
    return ""


def assert_harmless(pilot: Pilot[int]) -> Sequence[Strip]:
    """Nothing on the screen steers a terminal, links, or acts on a click; return its rows."""
    app = pilot.app
    strips = app.screen._compositor.render_strips()
    for strip in strips:
        for segment in strip:
            assert STEERING.isdisjoint(segment.text), segment.text
            if segment.style is not None:
                assert segment.style.link is None
                assert "@click" not in segment.style.meta
    # All of these read markup: a text of somebody else must not get there.
    assert not app._notifications
    assert (app.title, app.sub_title) == ("nmt-intake", "")
    for widget in app.screen.query("*"):
        assert not widget.tooltip, widget
        assert not widget.border_title, widget
        assert not widget.border_subtitle, widget
    return strips


def _seen(widget: Widget) -> Region:
    """Return where the content of a widget is on the screen."""
    return widget.screen.find_widget(widget).visible_region.intersection(widget.content_region)


def _rows_of(widget: Widget, strips: Sequence[Strip]) -> list[str]:
    seen = _seen(widget)
    return [strip.crop(seen.x, seen.right).text for strip in strips[seen.y : seen.bottom]]


async def _click_on_text(pilot: Pilot[int], widget: Widget, rows: Sequence[str]) -> None:
    """Click on the words that would be a command and a link; nothing may act."""
    screen = pilot.app.screen
    focused, seen = screen.focused, _seen(widget)
    with patch.object(App, "run_action", autospec=True) as ran:
        for mark in ("[@click=app.quit]", "[link=mailto:e]"):
            y = next((y for y, row in enumerate(rows) if mark in row), None)
            if y is not None:
                _click(pilot, Offset(seen.x + rows[y].index(mark) + len(mark), seen.y + y))
        await calm(pilot)
    ran.assert_not_called()
    assert pilot.app.screen is screen
    assert pilot.app.is_running
    if screen.focused is not focused:
        screen.set_focus(focused)
        await calm(pilot)


def _click(pilot: Pilot[int], place: Offset) -> None:
    widget, _ = pilot.app.screen.get_widget_at(*place)
    # An option may be chosen with the mouse; that is another matter.
    with pilot.app.prevent(OptionList.OptionSelected):
        for kind in (events.MouseDown, events.MouseUp, events.Click):
            event = kind(
                widget=widget, x=place.x, y=place.y, delta_x=0, delta_y=0, button=1,
                shift=False, meta=False, ctrl=False, screen_x=place.x, screen_y=place.y,
            )  # fmt: skip
            pilot.app.screen._forward_event(event)
