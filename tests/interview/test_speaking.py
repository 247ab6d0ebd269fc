"""What is said, and the time line beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from nmt_intake.bank.model import Bank
from nmt_intake.interview.events import Event
from nmt_intake.interview.recording import Recorder, new_id
from nmt_intake.interview.speaking import instance_name, opening_talk, part_title, spoken
from nmt_intake.interview.state import fold
from nmt_intake.interview.timeline import stretches, witnessed
from tests.interview.happenings import event
from tests.interview.random_banks import bank_from, question


@pytest.fixture(scope="module")
def bank() -> Bank:
    wordings = {
        "self": "And you, {client.name}?",
        "infancy": "In {period.name}, how was {client.they}?",
        "young_child": "Little {client.name}?",
    }
    spanish = {"es": {"ask": "¿Cómo estaba {client.them}?", "options": {"often": "Mucho"}}}
    return bank_from(
        [
            {
                "block": "p",
                "title": "Years",
                "for_each": "period",
                "opening": "About {period.ages}.",
                "questions": [question("q", "choice", wordings=wordings, translations=spanish)],
            },
            {
                "block": "care",
                "title": "Carers",
                "for_each": "caregiver",
                "questions": [
                    question("who", "person", names_this="true"),
                    {**question("span", "interval"), "ask": "When was {caregiver.name} there?"},
                ],
            },
        ],
        translations=["es"],
    )


def opened(**client: object) -> Event:
    return event(1, "opened", client={"alias": "M.", **client})


def informant(number: int, name: str, **more: object) -> Event:
    return event(number, "informant_added", informant={"id": name, "relation": name, **more})


def said(number: int, slot: str, value: object) -> Event:
    return event(number, "answered", slot=slot, value=value)


def test_the_wording_fits_who_is_asked_then_the_period_then_the_age(bank: Bank) -> None:
    interview = fold(bank, [opened(name="Mia", age_months=60, pronoun="she")])
    assert spoken(interview, "infancy/p.q").ask == "In the first year, how was she?"
    assert spoken(interview, "childhood/p.q").ask == "Little Mia?"
    herself = interview.apply(informant(2, "kid", kind="self"))
    assert spoken(herself, "infancy/p.q").ask == "And you, Mia?"
    older = fold(bank, [opened(age_months=150)])
    assert spoken(older, "youth/p.q").ask == "q?"


def test_another_language_falls_back_where_it_has_no_words(bank: Bank) -> None:
    interview = fold(bank, [opened(age_months=60, pronoun="he")])
    found = spoken(interview, "infancy/p.q", "es")
    assert found.ask == "¿Cómo estaba él?"
    assert dict(found.options) == {"never": "never", "some": "some", "often": "Mucho"}
    assert spoken(interview, "infancy/p.q", "fr").ask == "In the first year, how was he?"
    part = interview.layout.part_of["infancy/p.q"]
    assert part_title(interview, part, "es") == "Years · el primer año"
    assert opening_talk(interview, part) == "About two months to about one year."


def test_an_instance_is_called_by_its_name_once_it_has_one(bank: Bank) -> None:
    interview = fold(bank, [event(1, "instance_added", instance="caregiver-2")])
    assert instance_name(interview, "caregiver-2") == "carer 2"
    assert instance_name(interview, "caregiver-2", "es") == "quien cuida 2"
    assert spoken(interview, "caregiver-2/care.span").ask == "When was this carer there?"
    named = interview.apply(said(2, "caregiver-2/care.who", "aunt"))
    assert instance_name(named, "caregiver-2") == "aunt"
    assert spoken(named, "caregiver-2/care.span").ask == "When was aunt there?"


def test_a_slot_the_bank_does_not_ask_cannot_be_said(bank: Bank) -> None:
    with pytest.raises(KeyError):
        spoken(fold(bank, []), "nowhere.q")


def test_the_time_line_shows_who_was_there_and_what_is_not_known(bank: Bank) -> None:
    spans = {
        "caregiver-1": {"from": 0, "to": 13},
        "caregiver-2": {"from": 20, "to": "now"},
        "caregiver-3": {"from": None, "to": 2},
    }
    events = [
        said(number, f"{who}/care.span", span)
        for number, (who, span) in enumerate(spans.items(), 2)
    ]
    interview = fold(bank, [opened(age_months=60), *events])
    everybody = stretches(interview)
    assert [each.instance for each in everybody] == ["caregiver-1", "caregiver-2", "caregiver-3"]
    assert [each.ongoing for each in everybody] == [False, True, False]
    beside = {
        period: [each.instance[-1] for each in stretches(interview, period)]
        for period in ("perinatal", "infancy", "early_childhood", "childhood")
    }
    assert beside == {
        "perinatal": ["1", "3"],
        "infancy": ["1"],
        "early_childhood": ["2"],
        "childhood": ["2"],
    }


@pytest.mark.parametrize(
    ("known_from", "kind", "period", "saw"),
    [
        (12.9, "caregiver", "infancy", True),
        (13, "caregiver", "infancy", False),
        (13, "caregiver", "early_childhood", True),
        (None, "caregiver", "infancy", False),
        (0, "self", "infancy", False),
        (300, "professional", "adulthood", True),
    ],
)
def test_who_came_after_a_period_was_only_told_of_it(
    bank: Bank, known_from: float | None, kind: str, period: str, saw: bool
) -> None:
    interview = fold(bank, [informant(1, "x", kind=kind, known_from_months=known_from)])
    assert witnessed(interview, "x", period) is saw
    assert not witnessed(interview, "nobody", period)


def test_ids_are_version_7_and_sort_in_the_order_they_were_made() -> None:
    ids = [new_id() for _ in range(500)]
    assert ids == sorted(set(ids))
    assert {UUID(each).version for each in ids} == {7}


def test_every_event_carries_who_when_where_and_which_bank(bank: Bank) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    carried = Recorder("worker", bank, device="desk", clock=lambda: at).carried()
    assert (carried["author"], carried["device"], carried["at"]) == ("worker", "desk", at)
    assert (carried["bank_version"], carried["bank_hash"]) == (bank.version, bank.hash)
