"""Signing: what is unfinished is read first and kept with it; what comes later is added to it."""

from __future__ import annotations

import pytest

from nmt_intake.casework.cases import Casework
from nmt_intake.casework.signing import left_open
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import STATEMENT, Addendum, Noted
from tests.tui.driving import at_desk, calm, keys, new_case, shown, words


async def test_a_record_is_signed_with_a_role_and_with_what_was_unfinished(desk: Casework) -> None:
    async with at_desk(desk, (120, 50)) as pilot:
        case = (await new_case(pilot)).case
        await keys(pilot, "ctrl+o")
        await calm(pilot)
        await keys(pilot, "f9")
        await calm(pilot)
        unfinished = left_open(case.interview, desk.norms)
        assert any("open questions were not asked" in each for each in unfinished)
        for each in unfinished:
            assert each in shown(pilot)
        await keys(pilot, "enter")
        await words(pilot, "Ana Ortiz", "enter")
        await words(pilot, "clinician", "enter")
        await keys(pilot, "enter")
        await calm(pilot)
        signed = case.interview.signature
        assert signed is not None
        assert signed.by.endswith("Ana Ortiz")
        assert (signed.role, signed.statement) == ("clinician", STATEMENT)
        assert signed.left_open == unfinished
        await keys(pilot, "f11")
        await words(pilot, "The school rang: she has settled.", "enter")
        await keys(pilot, "enter")
        await calm(pilot)
        assert [each.text for each in case.interview.addenda] == [
            "The school rang: she has settled."
        ]
        assert case.interview.signed
        with pytest.raises(IntakeError, match="signed"):
            case.record(Noted, text="no")


async def test_going_back_from_the_checklist_signs_nothing(desk: Casework) -> None:
    async with at_desk(desk, (80, 24)) as pilot:
        case = (await new_case(pilot)).case
        await keys(pilot, "ctrl+o")
        await calm(pilot)
        await keys(pilot, "f9")
        await calm(pilot)
        await keys(pilot, "escape")
        await calm(pilot)
        assert not case.interview.signed
        with pytest.raises(IntakeError, match="not signed"):
            case.record(Addendum, by="a", text="b")
