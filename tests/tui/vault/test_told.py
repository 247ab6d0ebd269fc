"""What is said about a case that was not closed, is damaged, older, or open elsewhere."""

from __future__ import annotations

import pytest

from nmt_intake.store.errors import CaseClaimed, CaseDamaged, CaseRolledBack
from nmt_intake.store.protocols import Finding, Recovery
from nmt_intake.tui.vault import texts
from nmt_intake.tui.vault.covers import CaseTold, told_of
from tests.tui.vault.homes import flat, on_stage, press, result, shown

AT = "2026-11-22T14:02:11.000+00:00"
HOSTILE = "[/b] [@click=app.exit]x[/] \x1b]52;c;eA==\x07 \u202eevil"


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (Finding.NOT_CLOSED, "ended without closing. Nothing is missing."),
        (Finding.TAIL_CUT, "cut off and kept aside"),
        (Finding.TAIL_LEFT, "never shown as saved"),
        (Finding.DAMAGED, "changed or harmed"),
    ],
)
def test_how_many_answers_are_there_and_when_the_last_was_given(
    finding: Finding, said: str
) -> None:
    told = told_of(Recovery(finding, 214, AT), 198)
    assert said in told
    assert f"Here: 214 entries, 198 answers among them, the last of {texts.moment(AT)}." in told


def test_a_file_that_was_closed_needs_no_sentence() -> None:
    assert told_of(Recovery(Finding.CLEAN, 214, AT)) == ""


def test_one_is_not_many_and_none_is_said() -> None:
    assert "1 entry, 1 answer among" in told_of(Recovery(Finding.NOT_CLOSED, 1, AT), 1)
    assert "No entry is readable." in told_of(Recovery(Finding.DAMAGED, 0, None), 0)


@pytest.mark.parametrize("stamp", [None, "", "not a time", "2026-99-99"])
def test_a_time_that_cannot_be_read_is_not_invented(stamp: str | None) -> None:
    assert texts.moment(stamp) == "an unknown time"


async def test_the_second_opener_hears_who_where_and_since() -> None:
    claimed = CaseClaimed("1" * 32, "Ben", "front-desk", AT)
    async with on_stage(CaseTold.elsewhere(claimed)) as pilot:
        assert "Who: Ben" in shown(pilot)
        assert "Where: front-desk" in shown(pilot)
        assert f"Since: {texts.moment(AT)}" in shown(pilot)
        assert "1" * 32 not in shown(pilot)
        await press(pilot, "enter")
        assert result(pilot) is True


async def test_the_second_opener_may_leave_it() -> None:
    async with on_stage(CaseTold.elsewhere(CaseClaimed("1" * 32, "", "", ""))) as pilot:
        assert "Who: somebody" in shown(pilot)
        assert "Since: an unknown time" in shown(pilot)
        await press(pilot, "escape")
        assert result(pilot) is False


async def test_an_older_copy_is_told_from_damage() -> None:
    async with on_stage(CaseTold.damaged(CaseRolledBack("1" * 32, 12, AT))) as pilot:
        assert "older than it should be" in shown(pilot)
        assert f"Here: 12 entries, the last of {texts.moment(AT)}." in flat(pilot)
        await press(pilot, "enter")
        assert result(pilot) is True
    damaged = CaseDamaged("1" * 32, "A part in the middle was harmed.", 7, AT)
    async with on_stage(CaseTold.damaged(damaged)) as pilot:
        assert "This case is damaged" in shown(pilot)
        assert "A part in the middle was harmed." in shown(pilot)
        assert "Here: 7 entries" in shown(pilot)


async def test_nothing_readable_cannot_be_opened() -> None:
    async with on_stage(CaseTold.damaged(CaseDamaged("1" * 32, "It is gone."))) as pilot:
        assert "A backup can bring it back" in flat(pilot)
        assert "open for reading" not in shown(pilot)
        await press(pilot, "enter", "escape")
        assert result(pilot) is False


async def test_hostile_names_are_text() -> None:
    async with on_stage(CaseTold.elsewhere(CaseClaimed("1" * 32, HOSTILE, HOSTILE, AT))) as pilot:
        assert shown(pilot).count("[/b] [@click=app.exit]x[/]") == 2
        assert not set("\x1b\x07\u202e") & set(shown(pilot))
