"""One declaration a command: binding, palette, footer and help agree, and every action is there."""

from __future__ import annotations

import pytest
from textual.widgets import OptionList

from nmt_intake.casework.cases import Casework
from nmt_intake.tui.app import DeskApp
from nmt_intake.tui.commands import COMMANDS, Where, bindings, commands_at, footer
from nmt_intake.tui.screens.base import DeskScreen, help_text
from nmt_intake.tui.screens.cases import CasesScreen
from nmt_intake.tui.screens.interview import InterviewScreen
from nmt_intake.tui.screens.rating import RatingScreen
from nmt_intake.tui.screens.report import ReportScreen
from tests.tui.driving import NARROW, WIDE, at_desk, calm, keys, new_case, shown, words

SCREENS: dict[Where, type[DeskScreen]] = {
    "cases": CasesScreen,
    "interview": InterviewScreen,
    "rating": RatingScreen,
    "report": ReportScreen,
}


@pytest.mark.parametrize("where", list(SCREENS))
def test_every_command_has_an_action_on_its_screen(where: Where) -> None:
    for command in COMMANDS[where]:
        name = command.action.partition("(")[0].removeprefix("screen.")
        assert hasattr(SCREENS[where], f"action_{name}"), command.id


def test_every_command_for_all_screens_has_an_action() -> None:
    for command in COMMANDS["everywhere"]:
        owner = DeskScreen if command.action.startswith("screen.") else DeskApp
        assert hasattr(owner, f"action_{command.action.removeprefix('screen.')}"), command.id


@pytest.mark.parametrize("where", list(COMMANDS))
def test_no_key_means_two_things_on_one_screen(where: Where) -> None:
    found = [key for each in bindings(where) for key in each.key.split(",")]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("where", list(COMMANDS))
def test_the_help_lists_every_command(where: Where) -> None:
    text = help_text(where).plain
    for command in commands_at(where):
        assert command.key in text
        assert command.title[:24] in text


@pytest.mark.parametrize("where", list(COMMANDS))
def test_the_footer_fits_eighty_columns_in_two_lines(where: Where) -> None:
    lines = footer(where, "1-4 answer" if where == "interview" else "", width=78).splitlines()
    assert len(lines) <= 2
    assert all(len(line) <= 78 for line in lines)


def test_no_text_of_the_desk_shouts() -> None:
    for where in COMMANDS:
        for command in commands_at(where):
            assert "!" not in command.says + command.title + command.short


async def test_the_palette_offers_what_works_here_and_no_screenshot(desk: Casework) -> None:
    async with at_desk(desk, WIDE) as pilot:
        await new_case(pilot)
        await keys(pilot, "ctrl+p")
        await words(pilot, "flag")
        assert "Flag (Alt+F)" in shown(pilot)
        for _ in range(4):
            await keys(pilot, "backspace")
        await words(pilot, "screenshot")
        listed = pilot.app.screen.query_one(OptionList)
        assert not any("screenshot" in str(option.prompt).lower() for option in listed.options)


async def test_the_palette_runs_a_command(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        await keys(pilot, "ctrl+p")
        await words(pilot, "Flag", "enter")
        await calm(pilot)
        assert [flag.slot for flag in screen.interview.flags] == ["welcome.freely"]


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_first_screen_has_fewer_than_thirty_widgets(
    desk: Casework, size: tuple[int, int]
) -> None:
    async with at_desk(desk, size) as pilot:
        assert len(pilot.app.screen.query("*")) < 30
        await new_case(pilot)
        assert len(pilot.app.screen.query("*")) < 30


async def test_help_opens_on_a_question_mark_and_closes(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        await new_case(pilot)
        await keys(pilot, "question_mark")
        assert "What works here." in shown(pilot)
        await keys(pilot, "escape")
        assert "Can you talk freely here today?" in shown(pilot)
