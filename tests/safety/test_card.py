"""A safety file that is wrong is an error, and the shipped card stands in and says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nmt_intake.bank.loading import shipped_bank
from nmt_intake.bank.safety_file import FILE, read_safety
from nmt_intake.casework.agency import read_agency
from nmt_intake.tui.views.safety import safety_card
from nmt_intake.vocabulary import SAFETY_TOPICS


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The safety file of an agency, with a contact of its own."""
    path = tmp_path / FILE
    path.parent.mkdir()
    shutil.copy(shipped_bank() / FILE, path)
    text = path.read_text(encoding="utf-8")
    crisis = '"Crisis line: (number to be filled in by the agency)"'
    assert crisis in text
    path.write_text(text.replace(crisis, '"Crisis line: 988"'), encoding="utf-8")
    return path


def test_the_agencys_own_contacts_are_shown(own: Path) -> None:
    agency = read_agency(str(own.parent.parent))
    assert agency.trouble == ""
    topic = agency.topic("self_harm")
    assert topic is not None
    assert "Crisis line: 988" in topic.contacts


@pytest.mark.parametrize(
    ("was", "wrong", "encoding", "code"),
    [
        ('"Crisis line: 988"', "Crisis line: 988", "utf-8", "BANK-006"),
        ("    contacts:", "    contcats:", "utf-8", "BANK-007"),
        ("  self_harm:\n", "  self_harm:\n\t", "utf-8", "BANK-002"),
        ("Stay calm", "Stáy calm", "latin-1", "BANK-002"),
        ("  weapons:", "  wepons:", "utf-8", "BANK-040"),
        ("version:", "- version:", "utf-8", "BANK-002"),
    ],
)
def test_a_slip_is_an_error_and_the_shipped_card_stands_in(
    was: str, wrong: str, encoding: str, code: str, own: Path
) -> None:
    text = own.read_text(encoding="utf-8")
    assert was in text
    own.write_bytes(text.replace(was, wrong, 1).encode(encoding, "replace"))
    _, problems = read_safety(own.parent.parent)
    assert code in {each.code for each in problems}
    assert {each.severity for each in problems} == {"error"}
    agency = read_agency(str(own.parent.parent))
    assert {each.id for each in agency.topics} >= set(SAFETY_TOPICS)
    assert all(each.contacts for each in agency.topics)
    assert FILE in agency.trouble
    assert FILE in safety_card(agency, "self_harm", ()).plain
