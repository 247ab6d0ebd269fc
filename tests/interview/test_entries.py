"""People, homes and events as entries: removed, brought back, joined, split; nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmt_intake.bank.model import Bank
from nmt_intake.bank.truth import State
from nmt_intake.interview.asking import said_in_words
from nmt_intake.interview.events import Event
from nmt_intake.interview.folding.ledger import merged
from nmt_intake.interview.guard import refusal
from nmt_intake.interview.speaking import instance_name, spoken
from nmt_intake.interview.state import Interview, fold
from nmt_intake.interview.walk import next_informant, next_instance
from tests.interview.effort import many
from tests.interview.happenings import event
from tests.interview.random_banks import bank_from, question

ANN, BOB = "caregiver-annannaa", "caregiver-bobbobbo"


@pytest.fixture(scope="module")
def bank() -> Bank:
    carers = [
        question("name", "text", names_this="true"),
        question("hurt", "yes_no"),
        question("how", "choice", when="hurt"),
    ]
    asked = [question("any", "text", when="any_of(c.hurt)")]
    asked.append(question("two", "text", when="count_of(c.hurt, True) >= 2"))
    return bank_from(
        [
            {"block": "c", "title": "C", "for_each": "caregiver", "questions": carers},
            {"block": "b", "title": "B", "questions": asked},
        ]
    )


def answered(number: int, slot: str, value: object, who: str | None = None) -> Event:
    return event(number, "answered", slot=slot, value=value, informant=who)


TWO = (
    event(1, "instance_added", instance="caregiver-1"),
    event(2, "instance_added", instance="caregiver-2"),
    answered(3, "caregiver-1/c.hurt", False),
    answered(4, "caregiver-2/c.hurt", True),
    answered(5, "caregiver-2/c.how", "often"),
)


def test_a_removed_entry_is_kept_and_counts_nowhere_until_it_is_brought_back(bank: Bank) -> None:
    before = fold(bank, TWO)
    assert before.states["b.any"] is State.OPEN
    removed = before.apply(event(6, "instance_removed", instance="caregiver-2", reason="a slip"))
    assert removed.instances("caregiver") == ("caregiver-1",)
    assert removed.states["b.any"] is State.CLOSED
    assert removed.answers("caregiver-2/c.hurt") == ()
    assert removed.said("caregiver-2/c.hurt").given == before.said("caregiver-2/c.hurt").given
    back = removed.apply(event(7, "instance_removed", instance="caregiver-2", removed=False))
    assert back.view() == before.view()
    assert removed.apply(event(7, "retracted", target="e00006")).view() == before.view()


def test_two_entries_that_are_one_are_read_as_one_and_undo_parts_them(bank: Bank) -> None:
    before = fold(bank, TWO)
    join = event(6, "instances_joined", instance="caregiver-2", into="caregiver-1")
    joined = before.apply(join)
    assert joined.instances("caregiver") == ("caregiver-1",)
    assert joined.values["caregiver-1/c.hurt"] is True  # the later word of the same informant
    assert joined.values["caregiver-1/c.how"] == "often"
    later = joined.apply(answered(7, "caregiver-2/c.how", "never"))
    assert later.values["caregiver-1/c.how"] == "never"
    parted = later.apply(event(8, "retracted", target=join.id))
    assert parted.view() == fold(bank, [*TWO, answered(7, "caregiver-2/c.how", "never")]).view()


def test_one_entry_that_was_two_is_split_by_the_words_that_belong_to_the_other(bank: Bank) -> None:
    told = fold(bank, [*TWO[:3], answered(4, "caregiver-1/c.hurt", True, "gm")])
    split = event(5, "instance_split", instance="caregiver-1", into=BOB, words=["e00004"])
    apart = told.apply(event(6, "instance_added", instance=BOB)).apply(split)
    assert apart.values["caregiver-1/c.hurt"] is False
    assert apart.values[f"{BOB}/c.hurt"] is True
    assert apart.apply(event(7, "retracted", target="e00005")).values["caregiver-1/c.hurt"] != False  # noqa: E712


def test_two_peoples_work_on_one_case_does_not_melt_two_people_into_one(bank: Bank) -> None:
    mine = [event(1, "instance_added", instance=ANN), answered(2, f"{ANN}/c.name", "Ann")]
    yours = [event(3, "instance_added", instance=BOB), answered(4, f"{BOB}/c.hurt", True)]
    both = fold(bank, merged(mine, yours))
    assert both.instances("caregiver") == (ANN, BOB)
    assert instance_name(both, ANN) == "Ann"
    assert instance_name(both, BOB) == "carer 2"
    assert f"{ANN}/c.hurt" not in both.values
    new = next_instance(both, "caregiver")
    assert new != next_instance(both, "caregiver")
    assert both.apply(event(9, "instance_added", instance=new)).instances("caregiver")[-1] == new


def test_two_peoples_work_on_one_case_turns_no_teller_into_somebody_else(bank: Bank) -> None:
    """Each adds a first informant of their own; joined, both are there with their own words."""
    opened = [event(1, "opened", client={"alias": "M."})]
    sides: list[list[Event]] = []
    for start, relation, hurt in ((10, "Ann, safe", False), (20, "Bob, harm", True)):
        who = next_informant(fold(bank, opened))
        informant = {"id": who, "relation": relation}
        side = [
            event(start, "informant_added", informant=informant),
            event(start + 1, "informant_chosen", informant=who),
            event(start + 2, "instance_added", instance=ANN),
            answered(start + 3, f"{ANN}/c.hurt", hurt, who),
        ]
        sides.append([*opened, *side])
    both = fold(bank, merged(*sides))
    assert {each.relation for each in both.informants.values()} == {"Ann, safe", "Bob, harm"}
    said = {
        both.informants[each.informant or ""].relation: each.value
        for each in both.answers(f"{ANN}/c.hurt")
    }
    assert said == {"Ann, safe": False, "Bob, harm": True}
    assert fold(bank, merged(*sides[::-1])).view() == both.view()


SPLIT = {"instance": "caregiver-1", "into": BOB}


@pytest.mark.parametrize(
    ("kind", "content", "because"),
    [
        ("instance_removed", {"instance": "caregiver-9"}, "no such"),
        ("instances_joined", {"instance": "caregiver-1", "into": "caregiver-1"}, "itself"),
        ("instances_joined", {"instance": "caregiver-1", "into": "placement-1"}, "no such"),
        ("instance_split", {"instance": "caregiver-1", "into": BOB, "words": []}, "Say which"),
        (
            "instance_split",
            {"instance": "caregiver-1", "into": BOB, "words": ["e00004"]},
            "no word",
        ),
    ],
)
def test_what_cannot_be_done_with_an_entry_is_refused(
    bank: Bank, kind: str, content: dict[str, Any], because: str
) -> None:
    interview = fold(bank, TWO)
    assert because in str(refusal(interview, event(9, kind, **content)) or "")
    assert refusal(interview, event(9, "instance_removed", instance="caregiver-2")) is None


ANY_CARER = bank_from(
    [
        {
            "block": "c",
            "title": "C",
            "for_each": "caregiver",
            "questions": [
                question("name", "text", names_this="true"),
                question("hurt", "yes_no"),
                question("how", "choice", when="hurt"),
            ],
        },
        {
            "block": "b",
            "title": "B",
            "questions": [
                question("any", "text", when="any_of(c.hurt)"),
                question("who", "choices", options_from="caregiver"),
            ],
        },
        {
            "block": "d",
            "title": "D",
            "for_each": "caregiver",
            "questions": [question("chosen", "text", when="chosen(b.who)")],
        },
    ]
)
INSTANCES = ("caregiver-1", "caregiver-2", "caregiver-12", ANN, BOB)


@st.composite
def lives(draw: st.DrawFn) -> list[Event]:
    """Return any list of events about entries: words, removals, joins in circles, splits, undo."""
    found: list[Event] = []
    for number in range(1, draw(st.integers(2, 16))):
        one, other = draw(st.sampled_from(INSTANCES)), draw(st.sampled_from(INSTANCES))
        words = [each.id for each in found if each.kind == "answered"]
        match draw(st.integers(0, 9)):
            case 0:
                made = event(number, "instance_added", instance=one)
            case 9:
                made = answered(number, "b.who", [one, other])
            case 1:
                flag = draw(st.booleans())
                made = event(number, "instance_removed", instance=one, removed=flag)
            case 2:
                made = event(number, "instances_joined", instance=one, into=other)
            case 3:
                moved = draw(st.lists(st.sampled_from(words), max_size=2)) if words else []
                made = event(number, "instance_split", instance=one, into=other, words=moved)
            case 4 if found:
                target = draw(st.sampled_from(found)).id
                made = event(
                    number, draw(st.sampled_from(("retracted", "restored"))), target=target
                )
            case _:
                slot = f"{one}/c.{draw(st.sampled_from(('name', 'hurt', 'how')))}"
                values = {"name": "Ann", "hurt": draw(st.booleans()), "how": "often"}
                made = answered(number, slot, values[slot.rpartition(".")[2]])
        found.append(made)
    return found


@many
@given(lives())
def test_entries_one_event_at_a_time_give_what_the_whole_list_gives(events: list[Event]) -> None:
    bank = ANY_CARER
    interview: Interview = fold(bank, [])
    for number, each in enumerate(events, 1):
        interview = interview.apply(each)
        assert interview.view() == fold(bank, events[:number]).view()


CHOOSING = bank_from(
    [
        {
            "block": "b",
            "title": "B",
            "questions": [
                question("who", "choices", options_from="caregiver"),
                question("told", "text", when="answered(who)"),
            ],
        },
        {
            "block": "c",
            "title": "C",
            "for_each": "caregiver",
            "questions": [question("name", "text", names_this="true")],
        },
    ]
)
BOTH = (*TWO[:2], answered(3, "b.who", ["caregiver-2", "caregiver-1"]))


@pytest.mark.parametrize(
    ("then", "chosen"),
    [
        ([("instance_removed", {"instance": "caregiver-2"})], ["caregiver-1"]),
        ([("instance_removed", {"instance": f"caregiver-{each}"}) for each in (1, 2)], None),
        (
            [
                ("instance_removed", {"instance": "caregiver-2"}),
                ("instance_removed", {"instance": "caregiver-2", "removed": False}),
            ],
            ["caregiver-1", "caregiver-2"],
        ),
        ([("instances_joined", {"instance": "caregiver-2", "into": ANN})], ["caregiver-1", ANN]),
        (
            [("instance_split", {"instance": "caregiver-1", "into": ANN, "words": ["e00003"]})],
            ["caregiver-2", ANN],
        ),
    ],
)
def test_who_was_chosen_follows_what_became_of_the_entries(
    then: list[tuple[str, dict[str, object]]], chosen: list[str] | None
) -> None:
    interview = fold(CHOOSING, [*BOTH, event(4, "instance_added", instance=ANN)])
    for number, (kind, content) in enumerate(then, 5):
        interview = interview.apply(event(number, kind, **content))
    given = [each.value for each in interview.answers("b.who")]
    assert given == ([chosen] if chosen else [])
    assert interview.states["b.told"] is (State.OPEN if chosen else State.CLOSED)


def test_an_entry_that_nobody_named_cannot_be_chosen_and_a_name_is_told_everywhere() -> None:
    interview = fold(CHOOSING, BOTH)
    refused = refusal(interview, answered(4, "b.who", ["caregiver-1", ANN]))
    assert refused is not None
    assert refused.code == "GUARD-014"
    named = interview.apply(answered(5, "caregiver-2/c.name", "Ann"))
    assert said_in_words(named, "b.who") == "carer 1; Ann"
    assert spoken(named, "b.who").options == {"caregiver-1": "carer 1", "caregiver-2": "Ann"}
