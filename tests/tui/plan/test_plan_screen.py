"""The plan on the screen, by keys, at 80 x 24."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from nmt_intake.bank.model import Activity, Bank
from nmt_intake.casework.assessment import PlanBasis
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.session import Session
from nmt_intake.interview.events import ActivityChosen, ActivityDropped, Event
from nmt_intake.scoring.planner import card_of
from nmt_intake.store.errors import CaseClaimed
from nmt_intake.tui.commands import commands_at
from nmt_intake.tui.screens.activity_library import LibraryScreen, found
from nmt_intake.tui.screens.page import Page
from nmt_intake.tui.screens.plan import PlanScreen
from nmt_intake.tui.views import plan
from tests.tui.driving import at_desk, calm, keys, shown, text_of, words

Made = Callable[[Bank, Sequence[Event]], tuple[Casework, Session]]
HOSTILE = "[/b] [@click=app.exit]x[/] \x1b]52;c;eA==\x07 \u202eevil\nline"


@pytest.fixture
def desk_and_case(
    shipped: Bank, grandmother: Sequence[Event], case_with: Made
) -> tuple[Casework, Session]:
    return case_with(shipped, grandmother)


@asynccontextmanager
async def at_plan(found: tuple[Casework, Session]) -> AsyncIterator[Pilot[int]]:
    desk, case = found
    async with at_desk(desk) as pilot:
        pilot.app.push_screen(PlanScreen(desk, case))
        await calm(pilot)
        yield pilot
        await calm(pilot)


def lines(pilot: Pilot[int]) -> list[str]:
    """The ids of the list, in order."""
    options = pilot.app.screen.query_one("#plan", OptionList).options
    return [option.id for option in options if option.id]


def highlighted(pilot: Pilot[int]) -> str | None:
    option = pilot.app.screen.query_one("#plan", OptionList).highlighted_option
    return option.id if option else None


async def test_phases_reasons_and_rules_are_there(desk_and_case: tuple[Casework, Session]) -> None:
    async with at_plan(desk_and_case) as pilot:
        assert "Now  sensory integration" in text_of(pilot, "#plan")
        assert "Later" in text_of(pilot, "#plan")
        assert "of what is expected" in shown(pilot)
        assert "when to stop" in shown(pilot)
        await keys(pilot, "alt+s")
        page = text_of(pilot, "#page-text")
        assert "Stop when\n· The person says no" in page
        assert "Look at it again\n· Look at it together in about" in page
        await keys(pilot, "escape", "alt+w")
        page = text_of(pilot, "#page-text")
        assert "There already, on Monday" in page
        assert "Look again\n· After" in page
        await keys(pilot, "escape", "enter")
        page = text_of(pilot, "#page-text")
        assert "Why\n· It works on" in page
        assert "What it looks like" in page
        assert "Take care" in page


async def test_drop_add_move_and_undo_by_keys(desk_and_case: tuple[Casework, Session]) -> None:
    case = desk_and_case[1]
    async with at_plan(desk_and_case) as pilot:
        first, second, *_ = lines(pilot)
        assert highlighted(pilot) == first

        await keys(pilot, "shift+down")
        assert lines(pilot)[:2] == [second, first]
        assert highlighted(pilot) == first, "the highlight goes with the line"
        await keys(pilot, "shift+up", "alt+u")
        assert lines(pilot)[:2] == [second, first]
        await keys(pilot, "alt+u")
        assert lines(pilot)[:2] == [first, second]

        await keys(pilot, "alt+d")
        assert first not in lines(pilot)
        assert f"dropped/{first}" in lines(pilot)
        assert "Dropped: " in shown(pilot)

        await keys(pilot, "end")
        assert highlighted(pilot) == f"dropped/{first}"
        await keys(pilot, "alt+a")
        assert first in lines(pilot)
        assert f"dropped/{first}" not in lines(pilot)
        assert case.settled()
    kinds = [type(event) for event in case.events[-2:]]
    assert kinds == [ActivityDropped, ActivityChosen]
    assert len(case.file.load()) == len(case.events)


async def test_shift_and_arrows_move_too(desk_and_case: tuple[Casework, Session]) -> None:
    async with at_plan(desk_and_case) as pilot:
        first, second, *_ = lines(pilot)
        await keys(pilot, "shift+down")
        assert lines(pilot)[:2] == [second, first]
        await keys(pilot, "shift+up")
        assert lines(pilot)[:2] == [first, second]
        await keys(pilot, "shift+up")
        assert "at the end already" in shown(pilot)


async def test_a_reason_is_asked_only_where_it_is_wanted(
    desk_and_case: tuple[Casework, Session],
) -> None:
    case = desk_and_case[1]
    async with at_plan(desk_and_case) as pilot:
        first = lines(pilot)[0]
        await keys(pilot, "alt+q")
        await words(pilot, "no room for it", "enter")
        assert "no room for it" in text_of(pilot, "#plan")
        await keys(pilot, "alt+q", "escape")
        dropped = [event for event in case.events if isinstance(event, ActivityDropped)]
        assert [(event.activity, event.reason) for event in dropped] == [(first, "no room for it")]

        name = highlighted(pilot)
        await keys(pilot, "alt+r")
        await words(pilot, "he asked for it", "enter")
        assert highlighted(pilot) == name
        await keys(pilot, "enter")
        assert "The clinician\n· he asked for it" in text_of(pilot, "#page-text")


async def test_the_library_shows_this_age_and_is_searched(
    desk_and_case: tuple[Casework, Session], basis: PlanBasis
) -> None:
    async with at_plan(desk_and_case) as pilot:
        before = set(lines(pilot))
        await keys(pilot, "alt+a")
        assert isinstance(pilot.app.screen, LibraryScreen)
        here = [option.id for option in pilot.app.screen.query_one(OptionList).options]
        assert all(basis.fits_age(each) for each in basis.activities if each.id in here)
        assert not before & set(here), "what is in the plan is not offered again"
        assert "hold_and_hum" not in here, "written for babies"
        await keys(pilot, "f2")
        assert "hold_and_hum" in [
            each.id for each in pilot.app.screen.query_one(OptionList).options
        ]
        await keys(pilot, "f2")
        await words(pilot, "drum beat")
        hits = [option.id for option in pilot.app.screen.query_one(OptionList).options]
        assert hits
        assert len(hits) < len(here)
        await keys(pilot, "down", "up", "enter")
        assert hits[0] in lines(pilot)
        assert highlighted(pilot) == hits[0]
        assert "by the clinician" in text_of(pilot, "#plan")


async def test_nothing_found_in_the_library_says_what_to_do(
    desk_and_case: tuple[Casework, Session],
) -> None:
    async with at_plan(desk_and_case) as pilot:
        before = lines(pilot)
        await keys(pilot, "alt+a")
        await words(pilot, "zzzz", "enter")
        assert "Fewer words, or F2" in shown(pilot)
        await keys(pilot, "escape")
        assert lines(pilot) == before


async def test_many_quick_keys_end_where_they_say(desk_and_case: tuple[Casework, Session]) -> None:
    async with at_plan(desk_and_case) as pilot:
        first, second, third, *_ = lines(pilot)
        await keys(pilot, "shift+down", "shift+down")
        assert lines(pilot)[:3] == [second, third, first]


async def test_somebody_else_s_case_is_shown_and_not_changed(
    desk_and_case: tuple[Casework, Session],
) -> None:
    desk, case = desk_and_case
    case.elsewhere = CaseClaimed("x", "ben", "desk-2", "2026-11-22T09:00:00.000+00:00")
    async with at_plan((desk, case)) as pilot:
        before = lines(pilot)
        assert "ben on desk-2" in shown(pilot)
        await keys(pilot, "alt+d")
        assert "open for reading" in shown(pilot)
        await keys(pilot, "shift+down")
        assert lines(pilot) == before


async def test_a_bank_without_a_library_says_so(
    small: Bank, grandmother: Sequence[Event], case_with: Made
) -> None:
    async with at_plan(case_with(small, [])) as pilot:
        assert "no activities to suggest" in shown(pilot)
        await keys(pilot, "alt+d", "alt+a", "alt+r", "alt+s", "alt+u", "shift+down", "enter")
        assert isinstance(pilot.app.screen, PlanScreen)


async def test_hostile_words_stay_words(desk_and_case: tuple[Casework, Session]) -> None:
    async with at_plan(desk_and_case) as pilot:
        await keys(pilot, "alt+q")
        await words(pilot, HOSTILE, "enter")
        assert "[/b] [@click=app.exit]x[/]" in text_of(pilot, "#plan")
        await keys(pilot, "end", "enter")
        assert isinstance(pilot.app.screen, Page)
        assert "[/b] [@click=app.exit]x[/]" in shown(pilot)
        assert not set("\x1b\x07\u202e") & set(shown(pilot))
        await keys(pilot, "escape", "alt+a", "alt+r")
        await words(pilot, HOSTILE, "enter")
        assert isinstance(pilot.app.screen, PlanScreen)


def test_a_hostile_activity_is_text_everywhere(basis: PlanBasis) -> None:
    plain = basis.activities[0]
    hostile = replace(
        plain, title=HOSTILE, looks_like=HOSTILE, cautions=(HOSTILE,), adaptations=(HOSTILE,)
    )
    card = card_of(hostile, basis.rules, basis.assessment.norms)
    full = plan.in_full(card, None, HOSTILE)
    assert full.plain.count("[/b] [@click=app.exit]x[/]") == 5
    assert not full.spans or all("click" not in str(span.style) for span in full.spans)
    assert "\x1b" not in full.plain
    assert "\u202e" not in plan.dropped_row(hostile.title, HOSTILE, 200).plain


def test_search_puts_titles_first_and_wants_every_word(basis: PlanBasis) -> None:
    hits = found(basis.activities, "drum")
    titles = ["drum" in each.title.casefold() for each in hits]
    assert any(titles)
    assert titles == sorted(titles, reverse=True)
    assert not found(basis.activities, "drum zzzz")
    everything: Sequence[Activity] = found(basis.activities, "")
    assert len(everything) == len(basis.activities)


def test_everything_has_a_key_and_a_palette_entry() -> None:
    actions = {command.action.partition("(")[0] for command in commands_at("plan")}
    wanted = {
        "week",
        "details",
        "drop",
        "drop_because",
        "add",
        "move",
        "reason",
        "rules",
        "undo",
        "redo",
    }
    assert wanted <= actions
    own = [command for command in commands_at("plan") if command.action.partition("(")[0] in wanted]
    assert all(command.keys and not command.with_key for command in own)
    assert all(hasattr(PlanScreen, f"action_{each}") for each in wanted)
