"""Where the conversation goes next: questions, offers to add, neighbours, instances."""

from __future__ import annotations

import pytest

from nmt_intake.bank.model import Bank
from nmt_intake.interview import placing, walk
from nmt_intake.interview.concerns import danger_in
from nmt_intake.interview.events import Answered, Client, Event, InstanceAdded, Opened
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.state import Interview, fold
from nmt_intake.interview.walk import AtEnd, AtOffer, AtQuestion
from tests.banks import shipped

NONE: frozenset[str] = frozenset()


def opened(bank: Bank, *more: Event) -> Interview:
    recorder = Recorder("ana", bank)
    client = Client(alias="M.", birth="2019-09-14", interviewed="2026-11-22")
    return fold(bank, [Opened(client=client, **recorder.carried()), *more])


def answered(bank: Bank, slot: str, value: object) -> Event:
    return Answered.model_validate(
        {"slot": slot, "value": value, **Recorder("ana", bank).carried()}
    )


def added(bank: Bank, instance: str) -> Event:
    return InstanceAdded(instance=instance, **Recorder("ana", bank).carried())


def test_it_begins_with_the_first_question(small: Bank) -> None:
    assert walk.next_place(opened(small), None, NONE) == AtQuestion("welcome.freely")


def test_between_two_parts_it_offers_to_add(small: Bank) -> None:
    interview = opened(small, answered(small, "welcome.reads", False))
    after = AtQuestion("welcome.reads")
    assert walk.next_place(interview, after, NONE) == AtOffer("caregiver")
    declined = walk.next_place(interview, AtOffer("caregiver"), frozenset({"caregiver"}))
    assert declined == AtQuestion("infancy/early.neglect")


def test_it_offers_another_after_the_last_one_and_not_between(small: Bank) -> None:
    both = added(small, "caregiver-1"), added(small, "caregiver-2")
    interview = opened(small, *both)
    first = walk.next_place(interview, AtQuestion("caregiver-1/carers.time_of_care"), NONE)
    assert first == AtQuestion("caregiver-2/carers.who")
    last = AtQuestion("caregiver-2/carers.time_of_care")
    assert walk.next_place(interview, last, NONE) == AtOffer("caregiver")


def test_an_offer_that_was_declined_is_not_made_again(small: Bank) -> None:
    interview = opened(small, answered(small, "welcome.reads", False))
    after = AtQuestion("welcome.reads")
    place = walk.next_place(interview, after, frozenset({"caregiver"}))
    assert place == AtQuestion("infancy/early.neglect")


def test_with_nothing_left_it_is_at_the_end(small: Bank) -> None:
    interview = opened(small)
    declined = frozenset(walk.NAMED)
    place = walk.next_place(interview, None, declined)
    while isinstance(place, AtQuestion):
        question = interview.question(place.slot)
        assert question is not None
        values = {"choice": next(iter(question.options), ""), "yes_no": False, "choices": []}
        plain = {"scale": 0, "number": 3, "age": 3, "date": "2020", "table": [], "text": "x"}
        interview = interview.apply(answered(small, place.slot, {**values, **plain}[question.kind]))
        place = walk.next_place(interview, place, declined)
    assert place == AtEnd()


def test_back_from_an_offer_leads_to_the_question_before_it(small: Bank) -> None:
    interview = opened(small)
    assert walk.beside(interview, AtOffer("caregiver"), -1) == "welcome.reads_what"
    interview = opened(small, added(small, "caregiver-1"))
    before = walk.beside(interview, AtOffer("caregiver"), -1)
    assert before == "caregiver-1/carers.time_of_care"


def test_back_and_on_pass_over_closed_questions_without_an_answer(small: Bank) -> None:
    interview = opened(small, answered(small, "welcome.reads", False))
    assert walk.beside(interview, AtQuestion("infancy/early.neglect"), -1) == "welcome.reads"


def test_a_question_of_a_period_is_found_in_the_period_at_hand(small: Bank) -> None:
    interview = opened(small)
    question = small.questions["early.neglect"]
    here = placing.slot_for(interview, question, "early_childhood/early.helped")
    assert here == "early_childhood/early.neglect"
    assert placing.slot_for(interview, question, None) == "infancy/early.neglect"
    named = placing.slot_for(interview, question, None, "hungry in early childhood")
    assert named == "early_childhood/early.neglect"
    aged = placing.slot_for(
        interview, question, "infancy/early.helped", "hungry when she was three"
    )
    assert aged == "early_childhood/early.neglect"


def test_the_time_before_birth_is_meant_by_those_who_say_so() -> None:
    bank = shipped()
    interview = opened(bank)
    question = bank.questions["hard_times.violence"]
    assert placing.slot_for(interview, question, None) == "perinatal/hard_times.violence"
    said = placing.slot_for(interview, question, None, "he beat her while she was pregnant")
    assert said == "intrauterine/hard_times.violence"


def test_a_closed_question_is_found_by_the_one_that_opens_it_unless_it_keeps_an_answer(
    small: Bank,
) -> None:
    question = small.questions["welcome.reads_what"]
    closed = answered(small, "welcome.reads", False)
    assert placing.slot_for(opened(small, closed), question, None) == "welcome.reads"
    kept = answered(small, "welcome.reads_what", "Comics")
    assert placing.slot_for(opened(small, closed, kept), question, None) == "welcome.reads_what"


@pytest.mark.parametrize(("value", "codes"), [("much", ("much",)), ("none", ())])
def test_only_the_named_answers_are_a_concern(
    small: Bank, value: str, codes: tuple[str, ...]
) -> None:
    assert danger_in(small.questions["early.neglect"], value) == codes
