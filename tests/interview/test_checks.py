"""Standing checks: run again on every change, over any answers, instances and informants."""

from __future__ import annotations

import pytest

from nmt_intake.bank.model import Bank
from nmt_intake.interview.events import Event
from nmt_intake.interview.state import Interview, fold
from tests.interview.happenings import event
from tests.interview.random_banks import Plan, bank_from, question


@pytest.fixture
def bank() -> Bank:
    order = {"expect": "value >= first", "say": "The second was before the first."}
    questions = [
        question("gate", "yes_no"),
        question("first", "age", when="gate"),
        question("second", "age", hard_check=order),
        question("third", "age"),
    ]
    checks = [
        {
            "id": "together",
            "expect": "first <= third and count_of(c.same, True) <= 1",
            "say": "These do not go together.",
        }
    ]
    carers = [question("same", "yes_no")]
    return bank_from(
        [
            {"block": "c", "title": "C", "for_each": "caregiver", "questions": carers},
            {"block": "b", "title": "B", "questions": questions, "checks": checks},
        ]
    )


def answered(number: int, slot: str, value: object, who: str | None = None) -> Event:
    return event(number, "answered", slot=slot, value=value, informant=who)


def standing(interview: Interview) -> list[tuple[str, bool]]:
    return [(each.prefix + each.check.id, each.surely) for each in interview.against]


GATED = (answered(1, "b.gate", True), answered(2, "b.first", 12), answered(3, "b.second", 14))


def test_a_check_fails_when_the_other_answer_is_amended(bank: Bank) -> None:
    interview = fold(bank, GATED)
    assert interview.against == ()
    amended = interview.apply(answered(4, "b.first", 20))
    assert standing(amended) == [("b.second!hard", True)]
    assert amended.against[0].says() == "The second was before the first."
    assert amended.against[0].slots == ("b.second", "b.first")
    assert amended.apply(event(5, "retracted", target="e00004")).against == ()


def test_a_check_whose_other_answer_comes_later_is_run_then(bank: Bank) -> None:
    interview = fold(bank, [answered(1, "b.second", 14), answered(2, "b.gate", True)])
    assert interview.against == ()
    assert standing(interview.apply(answered(3, "b.first", 20))) == [("b.second!hard", True)]


def test_a_check_expects_nothing_of_what_is_closed(bank: Bank) -> None:
    failing = fold(bank, [*GATED, answered(4, "b.first", 20)])
    assert failing.apply(answered(5, "b.gate", False)).against == ()


def test_a_check_reads_instances_and_is_run_when_one_is_added(bank: Bank) -> None:
    said = [*GATED, answered(4, "b.third", 13), answered(5, "caregiver-1/c.same", True)]
    interview = fold(bank, said)
    assert interview.against == ()
    both = interview.apply(answered(6, "caregiver-2/c.same", True))
    assert standing(both) == [("b!together", True)]


def test_informants_who_differ_make_a_check_fail_by_one_of_them(bank: Bank) -> None:
    interview = fold(bank, [*GATED, answered(4, "b.second", 3, "gm")])
    assert standing(interview) == [("b.second!hard", False)]


def test_named_conditions_stand_for_their_words_in_block_and_bank() -> None:
    block: Plan = {
        "block": "b",
        "title": "B",
        "let": {"much": "often == 'often' or weeks > 4", "early": "much and young"},
        "questions": [
            question("often", "choice"),
            question("weeks", "number"),
            question("asked", "text", when="early and not (weeks == 9)"),
        ],
    }
    bank = bank_from([block], let={"young": "client.age_months < 24"})
    opened = event(1, "opened", client={"alias": "M.", "age_months": 20})
    interview = fold(bank, [opened, answered(2, "b.weeks", 5)])
    assert interview.truths["b.asked"] is True
    assert interview.apply(answered(3, "b.weeks", 9)).truths["b.asked"] is False


def test_named_conditions_in_a_circle_and_bad_ones_are_told() -> None:
    with pytest.raises(AssertionError, match=r"one -> two -> one|two -> one -> two"):
        bank_from(
            [
                {
                    "block": "b",
                    "title": "B",
                    "let": {"one": "two", "two": "not one"},
                    "questions": [question("q", "yes_no")],
                }
            ]
        )


HOMES = {
    "gap_months(h.time) > 2": {"closed": [(0, 12), (13, "now")], "open": [(0, 12), (20, "now")]},
    "overlap_months(h.time) > 2": {"closed": [(0, 12), (11, "now")], "open": [(0, 30), (20, 40)]},
    "sum_of(h.rooms) == 5": {"closed": [(0, 1)], "open": [(0, 1), (1, 2)]},
    "max_of(h.rooms) >= 3": {"closed": [(0, 1)], "open": [(0, 1), (1, 2)]},
    "min_of(h.rooms) == 2": {"open": [(0, 1), (1, 2)]},
    "earliest(h.since) < '2020-06'": {"closed": [(0, 1)][:0] or None, "open": [(0, 1)]},
    "any_during(h.time, 'childhood')": {"closed": [(0, 13)], "open": [(0, 13), (40, 60)]},
    "months_between(client.birth, earliest(h.since)) > 3": {"open": [(0, 1)]},
}


@pytest.mark.parametrize("text", HOMES)
def test_values_and_times_over_instances(text: str) -> None:
    homes = [
        question("time", "interval"),
        question("rooms", "number"),
        question("since", "date"),
        question("still", "text", when="during(time, 'childhood') and starts(time) < ends(time)"),
    ]
    bank = bank_from(
        [
            {"block": "h", "title": "H", "for_each": "placement", "questions": homes},
            {"block": "b", "title": "B", "questions": [question("asked", "text", when=text)]},
        ]
    )
    client = {"alias": "M.", "birth": "2019-09-14", "interviewed": "2026-11-22"}
    for wanted, times in HOMES[text].items():
        events = [event(1, "opened", client=client)]
        for number, (start, end) in enumerate(times or (), 1):
            place = f"placement-{number}/h"
            said = {"time": {"from": start, "to": end}, "rooms": number + 1, "since": "2020-05"}
            for name, value in said.items():
                events.append(answered(len(events) + 1, f"{place}.{name}", value))
        if times:
            assert fold(bank, events).states["b.asked"].value == wanted
