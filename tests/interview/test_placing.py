"""What was just said goes to the time, the entry and the question that it speaks of."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from nmt_intake.interview.events import (
    Answered,
    Client,
    Event,
    Informant,
    InformantAdded,
    InformantChosen,
    InstanceAdded,
    Opened,
)
from nmt_intake.interview.placing import period_told, proposals
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.state import Interview, fold
from tests.banks import shipped

HOMES = ("mum's flat", "the first foster home", "foster family Bell", "with us")


def made(kind: type[BaseModel], **content: object) -> Event:
    return kind.model_validate({**content, **Recorder("ana", shipped()).carried()})


@pytest.fixture(scope="module")
def interview() -> Interview:
    bank = shipped()
    client = Client(alias="M.", birth="2017-05-04", interviewed="2026-11-22")
    carer = Informant(id="i", relation="adoptive mother", kind="caregiver", known_from_months=40)
    events: list[Event] = [
        made(Opened, client=client),
        made(InformantAdded, informant=carer),
        made(InformantChosen, informant="i"),
    ]
    for number, name in enumerate(HOMES, 1):
        home = f"placement-{number}"
        events.append(made(InstanceAdded, instance=home))
        told = {
            "home": name,
            "lived_there": {"from": number * 10, "to": number * 10 + 9},
            "sort_of_home": "foster" if "foster" in name else "parents",
        }
        for question, value in told.items():
            slot = f"{home}/placements.{question}"
            events.append(made(Answered, slot=slot, value=value, informant="i"))
    for number, name in enumerate(("mum", "the grandmother"), 1):
        events.append(made(InstanceAdded, instance=f"caregiver-{number}"))
        slot = f"caregiver-{number}/caregivers.relation"
        events.append(made(Answered, slot=slot, value=name, informant="i"))
    return fold(bank, events)


@pytest.mark.parametrize(
    ("said", "period"),
    [
        ("when she was two they moved all the time", "early_childhood"),
        ("he wasn't fed before he came to us", "early_childhood"),
        ("antes de que llegara conmigo lo dejaban solo", "early_childhood"),
        ("last winter he hid every letter", "childhood"),
        ("last year they kept her in at break", "childhood"),
        ("mum drank with the bump", "intrauterine"),
        ("in year four they rang me every day", "childhood"),
        ("at fifteen dad would send me out for cans", "youth"),
        ("a los ocho años hacía la comida", "childhood"),
        ("up all night", None),
    ],
)
def test_the_words_tell_the_time(interview: Interview, said: str, period: str | None) -> None:
    assert period_told(interview, said) == period


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        ("he was hungry all the time before he came to us", "early_childhood/hard_times."),
        ("at the second foster home they had a big garden", "placement-3/placements.good_there"),
        ("my mother still phones him", "caregiver-1/caregivers."),
        ("her gran still has her at weekends", "caregiver-2/caregivers.still_cares"),
    ],
)
def test_words_go_to_the_time_or_the_entry_they_name(
    interview: Interview, said: str, slots: str
) -> None:
    found = [each.slot for each in proposals(interview, said, None, None, 3)]
    assert any(slot.startswith(slots) for slot in found), found


def test_what_is_closed_is_found_by_the_question_that_opens_it(interview: Interview) -> None:
    well = made(Answered, slot="sleep.usual", value="fine", informant="i")
    said = "he screams in his sleep and doesn't know me"
    (before,) = proposals(interview, said, None, None, 1)
    (after,) = proposals(interview.apply(well), said, None, None, 1)
    assert (before.slot, after.slot) == ("sleep.trouble", "sleep.usual")


def test_the_answer_that_the_words_tell_is_proposed_in_words(interview: Interview) -> None:
    (found,) = proposals(interview, "she sleeps like a log", None, None, 1)
    assert (found.slot, found.option, found.option_words) == ("sleep.usual", "fine", "Mostly well")
    (found,) = proposals(interview, "sleep", None, None, 1)
    assert found.option is None


def test_no_place_stands_twice(interview: Interview) -> None:
    found = [each.slot for each in proposals(interview, "bad nights, nightmares", None, None, 3)]
    assert len(found) == len(set(found)) == 3
