from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nmt_intake.bank.loading import shipped_bank
from nmt_intake.bank.model import Bank
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.session import Session
from nmt_intake.interview.events import Event, record_of
from nmt_intake.rehearsal.play import play_persona
from nmt_intake.store.protocols import CaseLabel
from tests.tui.driving import make_desk
from tests.tui.hostile.case_walks import Kit
from tests.tui.hostile.texts import TEXT, hostile


@pytest.fixture(scope="session")
def hostile_bank(small: Bank) -> Bank:
    return hostile(small)


@pytest.fixture(scope="session")
def played(shipped: Bank) -> Sequence[Event]:
    """A whole interview with ratings: without them there is no plan."""
    path = shipped_bank() / "personas" / "grandmother.yaml"
    return play_persona(path, shipped, "ana", date(2026, 11, 22)).events


@pytest.fixture
def kit(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    hostile_bank: Bank,
    shipped: Bank,
    played: Sequence[Event],
) -> Kit:
    def planned() -> tuple[Casework, Session]:
        other = make_desk(tmp_path / "other", shipped)
        with other.home.cases.create(CaseLabel("M.")) as file:
            file.append(0, [record_of(event) for event in played])
        return other, other.resume(other.cases()[0])

    monkeypatch.chdir(tmp_path)  # a path that is typed has nothing before it
    desk = make_desk(tmp_path, hostile_bank)
    # The card that stands in for the agency's own has no contacts; a file's name is in its trouble.
    topics = tuple(replace(each, contacts=(TEXT,)) for each in desk.agency.topics)
    desk._agency = (None, hostile(replace(desk.agency, topics=topics, trouble=TEXT)))
    desk.norms = hostile(desk.norms)
    return Kit(desk, tmp_path, planned)
