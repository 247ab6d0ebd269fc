from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nmt_intake.bank.loading import shipped_bank
from nmt_intake.bank.model import Bank
from nmt_intake.casework.cases import Casework
from nmt_intake.rehearsal.persona import Persona
from tests.banks import shipped
from tests.homes import home_in


@pytest.fixture(scope="module")
def bank() -> Bank:
    return shipped()


@pytest.fixture
def persona(bank: Bank) -> Persona:
    return Persona(shipped_bank() / "personas" / "grandmother.yaml", bank, date(2026, 11, 22))


def desk_in(folder: Path, bank: Bank) -> Casework:
    desk = Casework(home_in(folder), bank)
    desk.practise()
    return desk


def test_a_persona_speaks_beside_the_question_in_her_own_words(
    tmp_path: Path, bank: Bank, persona: Persona
) -> None:
    case = desk_in(tmp_path, bank).rehearse(persona)
    assert persona.sitting is not None
    assert not list(persona.says(case.interview, "sleep.usual"))
    while not persona.sitting.read_on(case.interview, "sleep.usual").reply:
        pass
    *_, asked, reply, _early = persona.says(case.interview, "sleep.usual")
    assert asked.startswith("You:")
    assert reply.startswith("grandmother:")
    assert "(" not in reply
    assert not list(persona.says(case.interview, "no.such"))
    assert case.close()


def test_a_sitting_ends_with_a_debrief_and_takes_a_moment_again(
    tmp_path: Path, bank: Bank, persona: Persona
) -> None:
    desk = desk_in(tmp_path, bank)
    desk.persona = persona
    case = desk.rehearse(persona)
    sitting = desk.sitting(case)
    assert sitting is not None
    slot = "intrauterine/hard_times.violence"
    sitting.say(case.interview, slot, "He hit her, didn't he?")
    turn = sitting.say(case.interview, slot, "")
    assert turn.move.act == "silence"
    found = sitting.debrief(case.interview)
    assert "leading" in {each.id for each in found.findings}
    kept = desk.keep_debrief(case)
    assert kept is not None
    assert {"debrief.md", "debrief.html", "debrief.json"} <= {each.name for each in kept.iterdir()}
    assert sitting.again(1) == slot
    assert not sitting.talk.turns
    assert case.close()


def test_a_rehearsal_begins_with_the_informants_and_without_answers(
    tmp_path: Path, bank: Bank, persona: Persona
) -> None:
    case = desk_in(tmp_path, bank).rehearse(persona)
    first = next(iter(case.interview.informants.values()))
    assert first.relation == "grandmother"
    assert case.interview.practice
    assert not case.interview.slots
    assert case.close()
