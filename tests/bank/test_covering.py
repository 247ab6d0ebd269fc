"""`bank cover` reaches what can be reached, and says why the rest is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from nmt_intake.bank.loading import load_bank
from nmt_intake.bank.model import Bank
from nmt_intake.interview.coverage import Coverage, cover
from tests.banks import shipped

BLOCK = """
block: day
title: A day
questions:
  - {id: fed, ask: Was feeding hard?, kind: yes_no}
  - {id: weeks, ask: How many weeks?, kind: number, unit: weeks, when: fed}
  - {id: long, ask: What made it last?, kind: text, when: fed and weeks > 26}
  - id: signs
    ask: Which came up?
    kind: choices
    options: {cry: Crying, spit: Spitting, arch: Arching}
  - {id: both, ask: Both at once?, kind: yes_no, when: "has(signs, 'cry') and has(signs, 'arch')"}
  - {id: none, ask: Nothing at all?, kind: yes_no, when: missing(signs)}
  - {id: old, ask: And at work?, kind: text, when: client.age_months >= 216}
  - {id: toddler, ask: And the potty?, kind: text, when: 12 <= client.age_months < 30}
  - {id: mine, ask: How is it for you?, kind: text, informants: [self]}
  - {id: never, ask: Never?, kind: text, when: fed and not fed}
  - {id: kept, ask: Kept?, kind: text, hidden: true}
"""
CARERS = """
block: carers
title: Carers
for_each: caregiver
questions:
  - {id: came, ask: Did they come?, kind: yes_no}
"""
AFTER = """
block: after
title: After
questions:
  - {id: alone, ask: Was nobody there?, kind: yes_no, when: not any_of(carers.came)}
  - {id: two, ask: Both of them?, kind: yes_no, when: "count_of(carers.came, True) == 2"}
"""


@pytest.fixture(scope="module")
def coverage(tmp_path_factory: pytest.TempPathFactory) -> Coverage:
    return cover(_bank(tmp_path_factory.mktemp("bank")))


def _bank(folder: Path) -> Bank:
    (folder / "bank.yaml").write_text("id: x\nversion: 1\nblocks: [day, carers, after]\n")
    for name, text in {"day": BLOCK, "carers": CARERS, "after": AFTER}.items():
        (folder / f"{name}.yaml").write_text(text)
    return load_bank(folder)


def test_it_finds_the_answers_that_lead_to_every_question(coverage: Coverage) -> None:
    assert coverage.never_asked == {"day.never": "no answers lead there"}
    assert coverage.missed == ()
    assert coverage.questions == 13
    assert coverage.asked == 12


def test_a_bank_with_a_question_nobody_is_asked_is_not_covered(coverage: Coverage) -> None:
    assert not coverage.complete


def test_gates_are_turned_both_ways(coverage: Coverage) -> None:
    assert coverage.one_way == {"day.never": "closed"}
    assert coverage.gates_both_ways == coverage.gates - 1


def test_each_age_and_informant_is_walked_and_told(coverage: Coverage) -> None:
    told = {(each.age, each.informant): each for each in coverage.clients}
    assert len(told) >= 21
    assert told["6 weeks", "self"].asked > told["6 weeks", "caregiver"].asked
    assert told["34 years", "self"].asked > told["7 years", "self"].asked
    assert told["7 years", "caregiver"].not_asked == {
        "closed by the client's age or period": 2,
        "meant for other informants": 1,
        "no answers lead there": 1,
    }


def test_an_age_between_is_added_where_only_it_leads_on(coverage: Coverage) -> None:
    further = [each.age for each in coverage.clients if each.age not in ("6 weeks", "8 months")]
    assert any("months" in age for age in further)


def test_the_same_bank_gives_the_same_coverage(tmp_path: Path) -> None:
    bank = _bank(tmp_path)
    assert cover(bank).as_json() == cover(bank).as_json()
    assert cover(bank, seed=3).never_asked == cover(bank).never_asked


def test_the_shipped_bank_is_covered() -> None:
    found = cover(shipped())
    assert found.complete, [*found.never_asked.items(), *found.missed]
    assert found.asked == found.questions
    # These wait for a question that some are asked first; they are never closed by an answer.
    assert set(found.one_way.values()) <= {"open"}
    assert found.gates - found.gates_both_ways == len(found.one_way)
    assert all(client.walks for client in found.clients)
