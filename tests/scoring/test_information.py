"""What an answer can still change, and the sittings that go by it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice

import pytest
from pydantic import JsonValue

from nmt_intake.bank.model import Question
from nmt_intake.casework.sittings import Asked, asked_now, left_open
from nmt_intake.interview.asking import next_slot, waits
from nmt_intake.interview.events import Answered, MarkedMissing, Sitting, SittingChosen
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.sitting import MOST, essential_slots, minutes_in_words
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import AnswerError, read_value
from nmt_intake.scoring.information import SAFETY, has_level, information
from nmt_intake.scoring.suggest import rating_keys, suggest
from tests.banks import shipped
from tests.interview.random_banks import bank_from, question
from tests.lengths import PROFILES, play

HARD, NEWBORN = PROFILES[1], PROFILES[3]


def after(profile: object, questions: int) -> Interview:
    found = next(islice(play(shipped(), profile), questions, None))  # type: ignore[arg-type]
    return found[2]


def answers_to(question: Question) -> Iterator[JsonValue]:
    raw = {"yes_no": [True, False], "interval": ["0 to 3y"], "number": ["1", "3000"]}
    several = question.kind == "choices"
    options: list[object] = [[code] if several else code for code in question.options]
    for each in options or raw.get(question.kind, ["12"]):
        try:
            yield read_value(question, each)
        except AnswerError:
            continue


def with_answer(interview: Interview, slot: str, value: JsonValue) -> Interview:
    said = {"slot": slot, "informant": "t", **Recorder("a", interview.bank).carried()}
    if value is None:
        return interview.apply(MarkedMissing.model_validate({**said, "reason": "not-asked"}))
    return interview.apply(Answered.model_validate({**said, "value": value}))


def spans(interview: Interview) -> dict[str, object]:
    found = {key: suggest(interview, key) for key in rating_keys(interview)}
    return {key: (s.low, s.high, s.value, s.not_applicable) for key, s in found.items()}


@pytest.mark.parametrize(("profile", "questions"), [(HARD, 90), (NEWBORN, 40)])
def test_no_answer_moves_a_rating_that_it_is_said_not_to_move(
    profile: object, questions: int
) -> None:
    interview = after(profile, questions)
    can, before, chance = information(interview), spans(interview), random.Random(5)
    waiting = [slot for slot in interview.layout.slots if waits(interview, slot)]
    moved = 0
    for slot in chance.sample(waiting, min(60, len(waiting))):
        asked = interview.question(slot)
        values = list(answers_to(asked)) if asked else []
        for value in chance.sample(values, min(1, len(values))):
            now = spans(with_answer(interview, slot, value))
            changed = {key for key, span in before.items() if now.get(key, span) != span}
            assert changed <= can.get(slot, frozenset()), (slot, value)
            moved += bool(changed)
    assert moved > 10


def test_what_nothing_hangs_on_is_not_asked_at_the_next_visit() -> None:
    interview = after(HARD, 200)
    carried = Recorder("a", interview.bank).carried()
    visit = interview.apply(SittingChosen(sitting="next", **carried))
    settled = {key for key in rating_keys(visit) if has_level(visit, key)}
    can, asked = information(visit), set(asked_now(visit))
    waiting = [slot for slot in visit.layout.slots if waits(visit, slot)]
    for slot in waiting:
        assert (slot in asked) is bool(can.get(slot, frozenset()) - settled), slot
    assert 0 < len(asked) < len(waiting)
    more = len([slot for slot in waiting if slot in can])
    assert left_open(visit) == (
        f"{more} more could change something; {len(waiting) - more} could not."
    )
    assert SAFETY in can["safety_now.current_harm"]


@pytest.mark.parametrize("profile", PROFILES, ids=lambda each: each.name)
def test_an_essential_sitting_is_short_for_anyone(profile: object) -> None:
    asked = list(play(shipped(), profile, "essential"))  # type: ignore[arg-type]
    slots = [slot for slot, _, _ in asked[:-1]]
    assert len(slots) <= MOST
    assert sum(minutes for _, minutes, _ in asked) <= 75
    assert any(slot.startswith("strengths_first.") for slot in slots[:12])
    assert slots[-1].startswith("closing.")
    left = asked[-1][2]
    assert not asked_now(left) or essential_slots(left) - set(slots)
    assert {f"functions.{each}" for each in ("sleep", "attachment")} <= {
        key for key in rating_keys(left) if suggest(left, key).low is not None
    }


@pytest.mark.parametrize("sitting", ["essential", "next"])
def test_what_a_sitting_leaves_out_is_asked_later_and_only_then(sitting: Sitting) -> None:
    interview = after(NEWBORN, 20)
    carried = Recorder("a", interview.bank).carried()
    asked, seen = Asked(), set[str]()
    short = interview.apply(SittingChosen(sitting=sitting, **carried))
    slot = next_slot(short, None, asked.wanted(short, None))
    while slot is not None:
        seen.add(slot)
        wanted = short.question(slot)
        value = next(answers_to(wanted), None) if wanted else None
        short = with_answer(short, slot, value)
        slot = next_slot(short, slot, asked.wanted(short, slot))
    full = short.apply(SittingChosen(sitting="full", **Recorder("a", short.bank).carried()))
    assert full.sitting == "full"
    later = asked_now(full)
    assert later
    assert not seen & set(later)
    assert full.values == short.values


def test_the_bank_says_what_is_essential_and_a_rating_asks_for_its_gate() -> None:
    block = {
        "block": "b",
        "title": "B",
        "essential": "true",
        "questions": [question("kept", "text"), {**question("cut", "text"), "essential": "false"}],
    }
    gates = {
        "block": "p",
        "title": "P",
        "questions": [
            question("before", "yes_no"),
            question("gate", "choice", options={"no": "No", "yes": "Yes"}, when="before"),
            question("more", "choice", options={"no": "No", "yes": "Yes"}),
        ],
    }
    rating = {
        "rating": "functions.sleep",
        "title": "Sleep",
        "anchors": {"severe": "S.", "moderate": "O.", "mild": "M.", "typical": "T."},
        "points": {"p.gate": {"yes": "6"}, "p.more": {"yes": "1"}},
    }
    bank = bank_from([block, gates], [rating])
    parts = {name: each.essential for name, each in bank.questions.items()}
    assert parts == {
        "b.kept": "always",
        "b.cut": "",
        "p.before": "always",
        "p.gate": "always",
        "p.more": "",
    }


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "a few minutes"),
        (12, "about 10 minutes"),
        (58, "about an hour"),
        (75, "about one hour and a quarter"),
        (118, "about 2 hours"),
    ],
)
def test_minutes_are_said_as_people_say_them(minutes: float, words: str) -> None:
    assert minutes_in_words(minutes) == words
