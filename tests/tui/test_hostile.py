"""Text that would act if it were anything but text, typed at the desk. See also hostile/."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nmt_intake.bank.loading import load_bank
from nmt_intake.bank.model import Bank
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.reports import make_report
from tests.tui.driving import at_desk, interview, keys, new_case, shown, words
from tests.tui.hostile.texts import MARKUP, TEXT, assert_harmless

EVIL = f"{TEXT} {{client.name}}"


@pytest.fixture(scope="session")
def evil_bank(small_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Bank:
    """The small bank with markup in every text that is shown."""
    folder = tmp_path_factory.mktemp("evil") / "bank"
    shutil.copytree(small_folder, folder)
    evil = " ".join(MARKUP).replace("\\", "\\\\")
    changed = {
        "Can you talk freely here today?": f'"{evil} Can you talk?"',
        "Anything but freely.": f'"{evil}"',
        "hardly: Not really": f'hardly: "{evil}"',
        "probes: [Is anyone next door?]": f'probes: ["{evil}"]',
        "title: Welcome": f'title: "{evil}"',
        "Thank you for coming. We have time, and you can skip anything.": evil,
        "another: Was there someone else?": f'another: "{evil}?"',
        "You can skip this.": f'"{evil}"',
        "Looked after on nearly all days.": f'"{evil}"',
        "Went without often.": f'"{evil}"',
        "title: Going without care": f'title: "{evil}"',
        "say: I am glad you told me.": f'say: "{evil}"',
        "title: Not wanting to live": f'title: "{evil}"',
        "line: Back when you are ready.": f'line: "{evil}"',
        "goodbye: Thank you for what you told me.": f'goodbye: "{evil}"',
    }
    for path in folder.rglob("*.yaml"):
        text = path.read_text()
        for before, after in changed.items():
            text = text.replace(before, after)
        path.write_text(text)
    return load_bank(folder)


async def test_hostile_text_that_is_typed_stays_text_on_a_narrow_screen(
    desk_with: Callable[[Bank], Casework], evil_bank: Bank
) -> None:
    async with at_desk(desk_with(evil_bank)) as pilot:
        await new_case(pilot, EVIL)
        screen = interview(pilot)
        assert_harmless(pilot)
        assert "[/] [@click=app.quit]x[/] [bold [red]" in shown(pilot)

        await keys(pilot, "alt+i")
        await words(pilot, EVIL, "enter", "1", "enter")
        assert next(iter(screen.interview.informants.values())).relation.startswith("[/] [@click")
        for key in ("alt+n", "alt+q"):
            await keys(pilot, key)
            await words(pilot, EVIL, "enter")
            assert_harmless(pilot)
        await keys(pilot, "1")
        await words(pilot, EVIL)
        assert_harmless(pilot)
        await keys(pilot, "enter", "left")
        assert_harmless(pilot)

        for key in ("slash", "alt+g"):
            await keys(pilot, key)
            await words(pilot, EVIL)
            assert_harmless(pilot)
            await keys(pilot, "escape")
        await keys(pilot, "slash")
        await words(pilot, EVIL, "tab")
        await keys(pilot, "exclamation_mark", "1")
        await words(pilot, EVIL, "enter")
        await words(pilot, EVIL, "enter")
        assert_harmless(pilot)
        await keys(pilot, "escape", "alt+w")
        assert_harmless(pilot)
        await keys(pilot, "alt+a", "1")
        await keys(pilot, "enter")
        await words(pilot, EVIL, "enter")
        assert_harmless(pilot)
        for key in ("alt+o", "alt+k", "f1", "alt+e", "alt+b"):
            await keys(pilot, key)
            assert_harmless(pilot)
            await keys(pilot, "escape")

        await keys(pilot, "ctrl+r")
        assert_harmless(pilot)
        for key in ("alt+g", "alt+r"):
            await keys(pilot, key)
            await words(pilot, EVIL)
            assert_harmless(pilot)
            await keys(pilot, "enter")
        await keys(pilot, "4", "alt+m")
        assert_harmless(pilot)
        await keys(pilot, "escape", "alt+p")
        assert_harmless(pilot)
        await keys(pilot, "alt+s", "enter")
        await words(pilot, EVIL, "enter", "enter", "enter")
        assert_harmless(pilot)
        assert screen.interview.signed
        await keys(pilot, "escape", "escape", "alt+e", "enter")
        assert_harmless(pilot)
        await keys(pilot, "slash")
        await words(pilot, EVIL, "enter")
        assert_harmless(pilot)
        await keys(pilot, "ctrl+p")
        await words(pilot, EVIL)
        assert_harmless(pilot)
        assert pilot.app.is_running


async def test_an_error_with_markup_in_it_is_shown_as_text(desk: Casework) -> None:
    from nmt_intake.errors import IntakeError

    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        error = IntakeError("X-1", "", "[/] [b]bad[/b] \x1b[2J", "[@click=app.leave]go[/]")
        screen.say_error(error)
        await pilot.pause()
        assert "[/] [b]bad[/b]" in shown(pilot)
        assert_harmless(pilot)


def test_spoken_text_shows_emphasis_and_nothing_else() -> None:
    from nmt_intake.tui.literal import spoken

    content = spoken("a *b* **c** [x](http://e.test) <b> `d`\n\nnext\nline")
    assert content.plain == "a b c [x](http://e.test) <b> `d`\n\nnext line"
    assert all("link" not in str(span.style) for span in content.spans)


def test_the_report_of_a_bank_without_scoring_data_says_so(desk: Casework) -> None:
    from nmt_intake.errors import IntakeError
    from nmt_intake.interview.state import fold

    with pytest.raises(IntakeError, match="no scoring data"):
        make_report(fold(desk.bank, ()), None)
