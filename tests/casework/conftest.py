from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nmt_intake.bank.model import Bank
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.session import Session
from nmt_intake.interview.events import Informant, InformantAdded, InformantChosen
from nmt_intake.store.vault import vault as vault_module
from tests import banks
from tests.homes import cheap_stretch, home_in

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def cheap_unlocking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault_module, "stretch", cheap_stretch)


@pytest.fixture(scope="session")
def shipped() -> Bank:
    return banks.shipped()


@pytest.fixture
def casework_with(tmp_path: Path) -> Iterator[Callable[[Bank], Casework]]:
    made: list[Casework] = []

    def with_bank(bank: Bank) -> Casework:
        made.append(Casework(home_in(tmp_path), bank, now=lambda: NOON))
        return made[-1]

    yield with_bank
    for each in made:
        each.leave()


@pytest.fixture
def session(casework_with: Callable[[Bank], Casework], shipped: Bank) -> Iterator[Session]:
    """A case of a child of seven with two who tell; the grandmother is speaking."""
    casework = casework_with(shipped)
    case = casework.start("M.", "2019-09-14", None)
    for name in ("aunt", "gm"):
        informant = Informant(id=name, relation={"gm": "grandmother"}.get(name, name))
        case.record(InformantAdded, informant=informant)
        case.record(InformantChosen, informant=name)
    yield case
    casework.close(case)
