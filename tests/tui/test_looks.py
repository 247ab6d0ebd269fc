"""How the screens look: a few pictures, of the states that matter, at a clock that stands still."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from nmt_intake.bank.model import Bank
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.settings import Settings
from nmt_intake.interview.events import (
    Answered,
    Informant,
    InformantAdded,
    InformantChosen,
    InstanceAdded,
    Noted,
)
from nmt_intake.interview.walk import AtQuestion
from nmt_intake.tui.app import DeskApp
from nmt_intake.tui.screens.interview import InterviewScreen
from tests.homes import home_in
from tests.tui.driving import NARROW, NOON, WIDE, calm, keys, new_case, words

Act = Callable[[Pilot[int]], Awaitable[object]]


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


async def _informant(pilot: Pilot[int]) -> InterviewScreen:
    screen = await new_case(pilot)
    grandmother = Informant(id="gm", relation="grandmother", known_from_months=37)
    screen.case.record(InformantAdded, informant=grandmother)
    screen.refill()
    return screen


async def _period(pilot: Pilot[int]) -> None:
    """In a period, with a time line, two informants who differ, and a note."""
    screen = await _informant(pilot)
    case, slot = screen.case, "early_childhood/early.neglect"
    case.record(InstanceAdded, instance="caregiver-1")
    carer = {"informant": "gm", "slot": "caregiver-1/carers.who"}
    case.record(Answered, value="first foster mother", **carer)
    carer["slot"] = "caregiver-1/carers.time_of_care"
    case.record(Answered, value={"from": 2, "to": 30}, **carer)
    case.record(Answered, slot=slot, value="some", informant="gm", basis="told")
    worker = Informant(id="cw", relation="caseworker", kind="professional")
    case.record(InformantAdded, informant=worker)
    case.record(InformantChosen, informant="cw")
    case.record(Answered, slot=slot, value="none", informant="cw", basis="read")
    case.record(Noted, slot=slot, text="looked at the door", informant="cw")
    screen.go(AtQuestion(slot))


async def _first(pilot: Pilot[int]) -> None:
    await new_case(pilot)


async def _list(pilot: Pilot[int]) -> None:
    await _period(pilot)
    await calm(pilot)
    await keys(pilot, "alt+e", "enter")


async def _capture(pilot: Pilot[int]) -> None:
    await _informant(pilot)
    await keys(pilot, "slash")
    await words(pilot, "she would not sleep")


async def _safety(pilot: Pilot[int]) -> None:
    await _informant(pilot)
    await keys(pilot, "exclamation_mark", "2")
    await words(pilot, "there is a gun in the shed", "enter", "enter")


async def _offer(pilot: Pilot[int]) -> None:
    await _informant(pilot)
    await keys(pilot, "3", "2")


async def _rating(pilot: Pilot[int]) -> None:
    await _period(pilot)
    await calm(pilot)
    await keys(pilot, "ctrl+r", "alt+g")
    await words(pilot, "early childhood going", "enter")


async def _map(pilot: Pilot[int]) -> None:
    await _rating(pilot)
    await keys(pilot, "alt+g")
    await words(pilot, "sleep", "enter", "9", "alt+m")


async def _pressed(pilot: Pilot[int], *pressed: str) -> None:
    await _period(pilot)
    await calm(pilot)
    await keys(pilot, *pressed)


def _after(*pressed: str) -> Act:
    return lambda pilot: _pressed(pilot, *pressed)


LOOKS: dict[str, tuple[Act, tuple[int, int]]] = {
    "empty_list": (calm, NARROW),
    "new_case": (lambda pilot: keys(pilot, "n"), NARROW),
    "list": (_list, NARROW),
    "first_question": (_first, NARROW),
    "first_question_wide": (_first, WIDE),
    "period": (_period, NARROW),
    "period_wide": (_period, WIDE),
    "outline": (_after("alt+o"), NARROW),
    "known": (_after("alt+k"), NARROW),
    "capture": (_capture, NARROW),
    "safety": (_safety, NARROW),
    "safety_wide": (_safety, WIDE),
    "offer": (_offer, NARROW),
    "break": (_after("alt+b", "g"), NARROW),
    "end_early": (_after("alt+e"), NARROW),
    "help": (_after("f1"), NARROW),
    "rating": (_rating, NARROW),
    "rating_wide": (_rating, WIDE),
    "map": (_map, NARROW),
    "settings": (_after("ctrl+s"), NARROW),
}


@pytest.mark.parametrize("name", list(LOOKS))
def test_looks(snap_compare: Any, tmp_path: Path, small: Bank, name: str) -> None:
    act, size = LOOKS[name]
    desk = Casework(
        home_in(tmp_path, clock=lambda: NOON), small, now=lambda: NOON, reports=tmp_path
    )
    desk.settings = Settings(worker="ana")

    async def before(pilot: Pilot[int]) -> None:
        await calm(pilot)
        await act(pilot)
        await calm(pilot)

    assert snap_compare(DeskApp(lambda: desk), run_before=before, terminal_size=size)
