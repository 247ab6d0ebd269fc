"""Every screen of the desk, fed with text that would act if it were anything but text."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from contextlib import aclosing
from importlib import import_module
from typing import Any

import pytest
from textual.screen import Screen

import nmt_intake.tui
from nmt_intake.tui.screens.page import Page
from nmt_intake.tui.vault.page import VaultPage
from tests.tui.driving import at_desk
from tests.tui.hostile import case_walks, vault_walks
from tests.tui.hostile.case_walks import Kit, Walk
from tests.tui.hostile.texts import MARKUP, TEXT, assert_only_text

WALKS = (*case_walks.WALKS, *vault_walks.WALKS)


def below(screen: type[Screen[Any]]) -> Iterator[type[Screen[Any]]]:
    for each in screen.__subclasses__():
        yield each
        yield from below(each)


def screens_of_the_desk() -> set[type[Screen[Any]]]:
    """Return the screens of the package that nothing else is made from."""
    for module in pkgutil.walk_packages(nmt_intake.tui.__path__, "nmt_intake.tui."):
        import_module(module.name)
    own = {each for each in below(Screen) if each.__module__.startswith("nmt_intake.tui.")}
    return {each for each in own if not own.intersection(each.__subclasses__())}


def size_for(screen: type[Screen[Any]]) -> tuple[int, int]:
    """Return a size at which nothing is cut off; a large screen takes long to paint."""
    if screen is Page:
        return 100, 100
    return (170, 40) if issubclass(screen, VaultPage) else (236, 56)


def test_no_screen_is_left_out() -> None:
    walked = {screen for screen, _ in WALKS}
    left_out = screens_of_the_desk() - walked
    assert not left_out, "write a walk: what of a person or a file does it show?"


def test_ten_kinds_of_markup_and_more_are_fed() -> None:
    assert len(set(MARKUP)) >= 10
    assert all(each in TEXT for each in MARKUP)


@pytest.mark.parametrize(("screen", "walk"), WALKS, ids=[walk.__name__ for _, walk in WALKS])
async def test_what_was_written_is_read_as_it_stands_and_nothing_acts(
    kit: Kit, screen: type[Screen[Any]], walk: Walk
) -> None:
    stops = 0
    async with at_desk(kit.desk, size_for(screen)) as pilot, aclosing(walk(kit, pilot)) as walked:
        async for wanted in walked:
            assert type(pilot.app.screen) is screen
            await assert_only_text(pilot, wanted)
            stops += 1
    assert stops
