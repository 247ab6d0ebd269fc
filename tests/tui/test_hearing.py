"""A quiet line offers the safety card where danger was typed; nothing else happens."""

from __future__ import annotations

from pathlib import Path

from nmt_intake.bank.loading import shipped_bank
from nmt_intake.bank.model import Bank
from nmt_intake.interview.events import Noted
from tests.banks import shipped
from tests.tui.driving import WIDE, at_desk, keys, make_desk, new_case, shown, text_of, words


async def test_what_is_typed_offers_the_card_until_it_is_opened(tmp_path: Path) -> None:
    bank: Bank = shipped()
    assert bank.folder == str(shipped_bank())
    async with at_desk(make_desk(tmp_path, bank), WIDE) as pilot:
        screen = await new_case(pilot)
        for line, offered in (
            ("she loves her little brother to bits", ""),
            ("he held a knife to my throat on Friday", "Somebody is being hurt, or may be"),
        ):
            await keys(pilot, "alt+n")
            await words(pilot, line, "enter")
            assert ("F8 safety card" in text_of(pilot, "#counts")) is bool(offered)
            assert offered in shown(pilot)
        kinds = [type(event) for event in screen.case.events]
        assert kinds.count(Noted) == 2
        assert not screen.interview.safety
        await keys(pilot, "f8")
        assert "F8 safety card" not in text_of(pilot, "#counts")
        assert "Thank you for telling me." in shown(pilot)
