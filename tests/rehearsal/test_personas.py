"""The shipped personas play through, answer what they are asked, and keep what they leave open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from nmt_intake.bank.loading import shipped_bank
from nmt_intake.bank.model import Bank, Question
from nmt_intake.bank.reading import read_file
from nmt_intake.interview.asking import next_slot
from nmt_intake.interview.events import (
    Answered,
    Client,
    Event,
    Informant,
    InformantAdded,
    InstanceAdded,
    Opened,
)
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.speaking import opening_talk
from nmt_intake.interview.state import fold
from nmt_intake.interview.values import codes_of, read_value
from nmt_intake.rehearsal.play import Played, play_persona
from tests.banks import shipped

PERSONAS = ("adoptive_father", "grandmother", "grown_woman")
TODAY = date(2025, 10, 22)
Entry = Mapping[str, object]


@pytest.fixture(scope="module")
def bank() -> Bank:
    return shipped()


@pytest.fixture(scope="module")
def played(bank: Bank) -> Callable[[str], Played]:
    plays: dict[str, Played] = {}

    def play(name: str) -> Played:
        if name not in plays:
            plays[name] = play_persona(persona(name), bank, author="test", today=TODAY)
        return plays[name]

    return play


def persona(name: str) -> Path:
    return shipped_bank() / "personas" / f"{name}.yaml"


def entries(name: str) -> Sequence[Entry]:
    node = read_file(persona(name), name)
    assert isinstance(node, dict)
    return cast("Sequence[Entry]", node["answers"])


def test_there_are_twelve_personas_to_choose_from_and_three_are_answered_in_full() -> None:
    shipped = {path.stem for path in (shipped_bank() / "personas").glob("*.yaml")}
    assert len(shipped) >= 12
    assert set(PERSONAS) < shipped


@pytest.mark.parametrize("name", PERSONAS)
def test_every_question_that_comes_up_has_an_answer_or_a_reason_in_the_file(
    played: Callable[[str], Played], name: str
) -> None:
    written = {str(entry["question"]) for entry in entries(name)}
    assert [slot for slot in played(name).asked if slot not in written] == []


@pytest.mark.parametrize("name", PERSONAS)
def test_every_entry_of_the_file_is_heard(played: Callable[[str], Played], name: str) -> None:
    asked = set(played(name).asked)
    assert [entry["question"] for entry in entries(name) if entry["question"] not in asked] == []


@pytest.mark.parametrize("name", PERSONAS)
def test_nothing_is_asked_twice(played: Callable[[str], Played], name: str) -> None:
    asked = played(name).asked
    assert len(asked) == len(set(asked))
    assert next_slot(played(name).interview) is None


@pytest.mark.parametrize("name", PERSONAS)
def test_nobody_says_two_things_to_one_question(name: str) -> None:
    said = [(entry["question"], entry["informant"]) for entry in entries(name)]
    assert len(said) == len(set(said))


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("grandmother", 330, 380), ("adoptive_father", 180, 220), ("grown_woman", 270, 310)],
)
def test_the_talk_is_as_long_as_the_story_is_heavy(
    played: Callable[[str], Played], name: str, least: int, most: int
) -> None:
    assert least <= len(played(name).asked) <= most


@pytest.mark.parametrize("name", PERSONAS)
def test_the_talk_begins_and_ends_gently_with_the_hard_things_between(
    played: Callable[[str], Played], name: str
) -> None:
    blocks = [slot.rpartition("/")[2].partition(".")[0] for slot in played(name).asked]
    assert blocks[0] == "welcome"
    assert blocks[-1] == "closing"
    assert blocks.index("strengths_first") < blocks.index("sleep") < blocks.index("hard_times")
    assert blocks.index("safety_now") < blocks.index("people_today")


@pytest.mark.parametrize("name", PERSONAS)
def test_what_was_left_open_is_kept_with_its_reason_and_its_words(
    played: Callable[[str], Played], name: str
) -> None:
    interview = played(name).interview
    left_open = [entry for entry in entries(name) if "missing" in entry]
    assert len(left_open) > 12
    for entry in left_open:
        marks = interview.said(str(entry["question"])).marks
        assert (
            entry["missing"],
            entry["informant"],
            entry.get("note", ""),
            entry.get("who_knows", ""),
        ) in [(mark.reason, mark.informant, mark.words, mark.who_knows) for mark in marks]


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("grandmother", {"asked-unknown", "asked-declined", "temp-unknown"}),
        ("adoptive_father", {"asked-unknown", "temp-unknown"}),
        ("grown_woman", {"asked-unknown", "asked-declined"}),
    ],
)
def test_each_persona_leaves_things_open_in_more_than_one_way(name: str, reasons: set[str]) -> None:
    assert {entry["missing"] for entry in entries(name) if "missing" in entry} == reasons


def test_what_the_file_says_stands_beside_what_the_grandmother_says(
    played: Callable[[str], Played],
) -> None:
    interview = played("grandmother").interview
    told = interview.said("infancy/infancy_days.places")
    assert {given.informant: given.value for given in told.given} == {
        "grandmother": "two",
        "caseworker": "more",
    }
    differing = [
        slot
        for slot, said in interview.slots.items()
        if (question := interview.question(slot)) and said.differs(question)
    ]
    assert len(differing) >= 6


def test_the_grandmother_saw_nothing_before_the_day_she_met_the_child(
    played: Callable[[str], Played],
) -> None:
    interview = played("grandmother").interview
    early = [
        given.basis
        for slot, said in interview.slots.items()
        if slot.partition("/")[0] in ("perinatal", "infancy")
        for given in said.given
        if given.informant == "grandmother"
    ]
    assert set(early) <= {"told", "guess"}


def test_not_being_sure_that_it_is_over_is_an_answer_that_opens_the_safety_card(
    played: Callable[[str], Played],
) -> None:
    interview = played("grandmother").interview
    slot = "exposure-3/exposures.still"
    question = interview.question(slot)
    assert question is not None
    codes = codes_of(question, interview.said(slot).given[0].value)
    assert set(codes) & set(question.safety)


def test_what_nobody_knows_of_the_adopted_boy_is_neither_asked_on_nor_closed(
    played: Callable[[str], Played],
) -> None:
    interview = played("adoptive_father").interview
    for period in ("intrauterine", "perinatal"):
        unknown = f"{period}/hard_times.violence"
        assert unknown not in played("adoptive_father").asked
        assert interview.truths[unknown] is None
    assert interview.client.birth == "2022-06"
    assert interview.said("birth.weeks").reason == "asked-unknown"


def test_the_grown_woman_is_asked_as_you_and_of_every_period(
    played: Callable[[str], Played],
) -> None:
    interview = played("grown_woman").interview
    periods = {slot.partition("/")[0] for slot in played("grown_woman").asked if "/" in slot}
    assert {"childhood", "youth", "adulthood"} <= periods
    assert interview.informants["self"].kind == "self"


def test_the_row_of_carers_is_opened_once_and_each_period_anew(
    played: Callable[[str], Played],
) -> None:
    interview = played("grandmother").interview

    def opened(slot: str) -> bool:
        part = interview.part(slot)
        assert part is not None
        return opening_talk(interview, part) is not None

    assert opened("caregiver-1/caregivers.relation")
    assert not opened("caregiver-2/caregivers.relation")
    assert opened("infancy/care.mainly")
    assert opened("childhood/care.mainly")


@pytest.mark.parametrize("name", PERSONAS)
def test_a_good_half_is_rated_and_the_rest_left_to_be_confirmed(
    played: Callable[[str], Played], name: str
) -> None:
    node = read_file(persona(name), name)
    assert isinstance(node, dict)
    given = cast("Mapping[str, Mapping[str, object]]", node["ratings"])
    assert len(given["functions"]) in range(16, 32)
    for function, value in given["functions"].items():
        rated = played(name).interview.ratings[f"functions.{function}"]
        assert str(rated.value) == value


# An average seven-year-old with two parents: every gate gets its untroubled answer.
UNTROUBLED = (
    *("fine", "none", "steady", "easy", "as_expected", "never", "friendly", "over", "still"),
    *("all_the_time", "parents", "freely", "clear", "told", "parent", "team", "not_needed"),
    *("calm", "right", "yes", "on_time", "hoped_for", "at_hand", "long", "nothing", "enough"),
    *("sure", "no", "all", "well", "two", "week", "nobody"),
)
OF_THIS_CHILD: Mapping[str, object] = {
    "who_is_who.own_eyes": ["intrauterine", "perinatal", "infancy", "early_childhood", "childhood"],
    "birth.weeks": "40",
    "birth.weight": "3400",
    "placements.still_here": True,
    "consent.keep_answers": True,
}


def untroubled(question: Question) -> object:
    if question.id in OF_THIS_CHILD:
        return OF_THIS_CHILD[question.id]
    best = next((code for code in UNTROUBLED if code in question.options), "")
    match question.kind:
        case "yes_no":
            return False
        case "choice" | "scale":
            return best or next(iter(question.options))
        case "choices":
            return [best or next(iter(question.options))]
        case "interval":
            return "0 to now"
        case "table":
            return []
        case "date":
            return TODAY.isoformat()
        case "number" | "age":
            return "12"
        case _:
            return "yes"


def first_events(recorder: Recorder) -> Iterable[Event]:
    client = Client(alias="A.", birth="2018-08-20", interviewed=TODAY.isoformat())
    mother = Informant(id="mother", relation="mother", known_from_months=0)
    yield Opened(client=client, **recorder.carried())
    yield InformantAdded(informant=mother, **recorder.carried())
    for instance in ("caregiver-1", "caregiver-2", "placement-1"):
        yield InstanceAdded(instance=instance, label="", **recorder.carried())


@pytest.fixture(scope="module")
def average(bank: Bank) -> list[str]:
    recorder = Recorder(author="test", bank=bank)
    interview = fold(bank, first_events(recorder))
    asked: list[str] = []
    slot = next_slot(interview)
    while slot is not None:
        asked.append(slot)
        question = interview.question(slot)
        assert question is not None
        value = read_value(question, untroubled(question))
        said = Answered(slot=slot, value=value, informant="mother", **recorder.carried())
        interview = interview.apply(said)
        slot = next_slot(interview, slot)
    return asked


def test_an_average_seven_year_old_takes_at_most_190_questions(average: list[str]) -> None:
    assert 120 <= len(average) <= 190


def test_a_function_without_trouble_costs_one_question(average: list[str]) -> None:
    functions = {path.stem for path in (shipped_bank() / "functions").glob("*.yaml")}
    blocks = [slot.partition(".")[0] for slot in average]
    asked = [block for block in blocks if block in functions]
    assert len(asked) == len(set(asked)) == 31  # thinking things over begins at ten
