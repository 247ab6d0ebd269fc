"""What is asked of whom, what waits, and what counts although nobody asks for it any more."""

from __future__ import annotations

import pytest

from nmt_intake.bank.model import Bank, Question
from nmt_intake.bank.wording import respelled
from nmt_intake.interview.asking import next_slot, why
from nmt_intake.interview.events import Event
from nmt_intake.interview.progress import progress
from nmt_intake.interview.remaining import parked
from nmt_intake.interview.speaking import spoken
from nmt_intake.interview.state import Interview, fold
from nmt_intake.interview.walk import AtOffer, next_place
from tests.banks import shipped
from tests.interview.random_banks import bank_from, question
from tests.interview.test_asking import informant, marked, one_block, said

CHOICE = {"options": {"yes": "Yes", "no": "No"}}


def card() -> Bank:
    """A card, and a question that is asked only of what it touched."""
    options = {"hungry": "Hungry", "nothing": "Nothing"}
    return one_block(
        question("card", "choices", options=options),
        question("often", "choice", ask_when="has(card, 'hungry')", **CHOICE),
        question("then", "text", when="often == 'yes'"),
    )


@pytest.mark.parametrize(
    ("events", "asked", "open_behind"),
    [
        ([], "b.card", None),
        ([said(1, "b.card", ["hungry"])], "b.often", None),
        ([said(1, "b.card", ["nothing"])], None, False),
        ([said(1, "b.often", "yes")], "b.card", True),
        ([said(1, "b.often", "yes"), said(2, "b.card", ["nothing"])], "b.then", True),
        ([marked(1, "b.card", "asked-declined")], None, None),
    ],
)
def test_what_is_told_counts_whether_or_not_the_card_asks_for_it(
    events: list[Event], asked: str | None, open_behind: bool | None
) -> None:
    interview = fold(card(), events)
    assert next_slot(interview) == asked
    assert interview.truths["b.then"] is open_behind


PARK: list[dict[str, object]] = [
    {"id": "alone", "when": "b.free == 'no'", "sensitivity": "2", "reason": "not alone"}
]


def with_park() -> Bank:
    block: dict[str, object] = {
        "block": "b",
        "title": "B",
        "questions": [
            question("free", "choice", **CHOICE),
            question("easy", "text"),
            question("hard", "text", sensitivity="2", preface="You may pass."),
        ],
    }
    return bank_from([block], park=PARK)


def walked(interview: Interview) -> list[str]:
    found: list[str] = []
    slot = next_slot(interview)
    while slot is not None:
        found.append(slot)
        interview = interview.apply(marked(len(found) + 50, slot, "asked-declined"))
        slot = next_slot(interview)
    return found


def test_what_is_painful_waits_with_its_reason_until_somebody_is_alone() -> None:
    bank = with_park()
    watched = fold(bank, [said(1, "b.free", "no")])
    assert walked(watched) == ["b.easy"]
    assert parked(watched) == {"not alone": 1}
    assert why(watched, "b.hard").sentence == "Not asked: not alone."
    assert progress(watched).remaining == 1
    alone = watched.apply(said(2, "b.free", "yes"))
    assert walked(alone) == ["b.easy", "b.hard"]
    assert parked(alone) == {}
    assert progress(alone).remaining == 2
    assert fold(bank, [said(1, "b.free", "no"), said(2, "b.free", "yes")]).view() == alone.view()


def test_what_was_told_before_it_waited_stands() -> None:
    interview = fold(with_park(), [said(1, "b.hard", "told"), said(2, "b.free", "no")])
    assert interview.values["b.hard"] == "told"
    assert parked(interview) == {}


@pytest.mark.parametrize(
    ("relation", "kind", "ask"),
    [
        ("mother", "caregiver", "You?"),
        ("birth mum", "caregiver", "You?"),
        ("foster mother", "caregiver", "She?"),
        ("grandmother", "caregiver", "She?"),
        ("mother", "professional", "She?"),
        ("class teacher", "professional", "In class?"),
        ("caseworker, from the file", "professional", "In the file?"),
        ("self", "self", "Your mother?"),
    ],
)
def test_each_is_asked_in_words_for_what_they_are_to_the_story(
    relation: str, kind: str, ask: str
) -> None:
    words = {"birth_mother": "You?", "teacher": "In class?", "caseworker": "In the file?"}
    asked = question("q", "text", ask="She?", wordings={**words, "self": "Your mother?"})
    teller = informant(1, "x", kind)
    renamed = teller.model_copy(
        update={"informant": teller.informant.model_copy(update={"relation": relation})}  # type: ignore[attr-defined]
    )
    assert spoken(fold(one_block(asked), [renamed]), "b.q").ask == ask


def test_nobody_is_asked_what_a_role_cannot_know_unless_another_can() -> None:
    bank = one_block(question("night", "text"), question("day", "text"), not_for=["teacher"])
    teacher, mother = informant(1, "teacher", "professional"), informant(2, "mother")
    assert next_slot(fold(bank, [teacher])) is None
    assert next_slot(fold(bank, [teacher, mother])) == "b.night"


def test_a_preface_is_said_in_full_once_and_in_few_words_after_that() -> None:
    hard = {"preface": "A long and careful word before.", "preface_again": "You may pass."}
    bank = one_block(question("a", "text", **hard), question("b", "text", **hard))
    fresh = fold(bank, [])
    assert [spoken(fresh, slot).preface for slot in ("b.a", "b.b")] == [hard["preface"]] * 2
    heard = fold(bank, [said(1, "b.a", "x")])
    assert spoken(heard, "b.a").preface == hard["preface"]
    assert spoken(heard, "b.b").preface == hard["preface_again"]


def test_entries_that_are_added_by_hand_are_not_offered() -> None:
    for by_hand in ("false", "true"):
        block: dict[str, object] = {"block": "e", "title": "E", "for_each": "exposure"}
        bank = bank_from([{**block, "by_hand": by_hand, "questions": [question("q", "text")]}])
        offered = isinstance(next_place(fold(bank, []), None, frozenset()), AtOffer)
        assert offered is (by_hand == "false")


def test_no_typed_answer_comes_before_the_yes_to_typing() -> None:
    before: list[Question] = []
    for each in shipped().questions.values():
        if each.id == "consent.keep_answers":
            break
        before.append(each)
    assert [each.kind for each in before if not each.hidden] == ["choice"] * 3


@pytest.mark.parametrize(
    ("language", "says"),
    [(None, "mum, gran"), ("en-us", "mom, grandma"), ("es", "mamá, abuela")],
)
def test_one_bank_speaks_two_kinds_of_english(language: str | None, says: str) -> None:
    interview = fold(shipped(), [informant(1, "x")])
    asked = spoken(interview, "caregiver-1/caregivers.relation", language).ask
    assert says in asked.replace(" or second", "").replace(" o segunda", "")


def test_a_respelled_word_keeps_its_capital_and_is_whole() -> None:
    words = shipped().spellings["en-us"]
    assert (
        respelled("Mum, the mummy, colour and Colours.", words)
        == "Mom, the mummy, color and Colors."
    )
    assert respelled("Flat, as if nothing mattered", words) == "Flat, as if nothing mattered"
