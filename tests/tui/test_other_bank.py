"""A case that was begun with other questions says so, and keeps what was said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nmt_intake.bank.loading import load_bank
from nmt_intake.bank.model import Bank
from tests.tui.driving import WIDE, at_desk, keys, make_desk, new_case, shown

SMALL = Path(__file__).parent / "banks" / "small"


def changed(folder: Path, old: str, new: str) -> Bank:
    """The small bank with one thing in its head or its words changed."""
    copy = folder / "bank"
    shutil.copytree(SMALL, copy)
    files = (copy / "bank.yaml", copy / "opening" / "welcome.yaml")
    (found,) = [path for path in files if old in path.read_text()]
    found.write_text(found.read_text().replace(old, new, 1))
    return load_bank(copy)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Thank you for coming", "Thanks for coming", "The question bank was changed since"),
        ("version: 1.0.0", "version: 1.1.0", "Begun with another question bank"),
    ],
)
async def test_a_case_begun_with_another_bank_says_so(
    tmp_path: Path, small: Bank, old: str, new: str, told: str
) -> None:
    async with at_desk(make_desk(tmp_path, small), WIDE) as pilot:
        screen = await new_case(pilot)
        assert told not in shown(pilot)
        await keys(pilot, "3")
        await screen.action_close()
    async with at_desk(make_desk(tmp_path, changed(tmp_path, old, new)), WIDE) as pilot:
        await keys(pilot, "enter")
        assert told in " ".join(shown(pilot).split())
