from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from nmt_intake.bank.loading import shipped_bank
from nmt_intake.bank.model import Bank
from nmt_intake.casework.assessment import PlanBasis, plan_basis
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.session import Session
from nmt_intake.interview.events import Event, record_of
from nmt_intake.interview.state import fold
from nmt_intake.rehearsal.play import play_persona
from nmt_intake.scoring import norms_from
from nmt_intake.store.protocols import CaseLabel
from tests.tui.driving import make_desk


@pytest.fixture(scope="session")
def grandmother(shipped: Bank) -> Sequence[Event]:
    """A whole interview with ratings, played once."""
    path = shipped_bank() / "personas" / "grandmother.yaml"
    return play_persona(path, shipped, "ana", date(2026, 11, 22)).events


@pytest.fixture(scope="session")
def basis(shipped: Bank, grandmother: Sequence[Event]) -> PlanBasis:
    from nmt_intake.bank.documents import documents

    norms = norms_from(documents(shipped.folder, "scoring"), shipped.version)
    return plan_basis(fold(shipped, grandmother), norms)


@pytest.fixture
def case_with(tmp_path: Path) -> Callable[[Bank, Sequence[Event]], tuple[Casework, Session]]:
    """A desk with one open case that holds these events."""

    def made(bank: Bank, events: Sequence[Event]) -> tuple[Casework, Session]:
        desk = make_desk(tmp_path, bank)
        with desk.home.cases.create(CaseLabel("M.")) as file:
            file.append(0, [record_of(event) for event in events])
        return desk, desk.resume(desk.cases()[0])

    return made
