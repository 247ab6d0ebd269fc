"""The laws by which a condition's parts come together, and the examples of the author's guide."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmt_intake.bank.truth import (
    AND,
    FALSE,
    NOT,
    OR,
    TRUE,
    VOID,
    State,
    all_masks,
    all_states,
    any_masks,
    decided,
    state_of,
)
from nmt_intake.interview.state import Interview, fold
from tests.interview.happenings import event
from tests.interview.random_banks import bank_from, question

MASKS = range(1, 8)
ONE = (TRUE, FALSE, VOID)


@pytest.mark.parametrize(("left", "right"), product(MASKS, MASKS))
def test_and_or_and_not_are_each_others_mirror(left: int, right: int) -> None:
    assert NOT[AND[left][right]] == OR[NOT[left]][NOT[right]]
    assert NOT[NOT[left]] == left
    assert AND[left][right] == AND[right][left]
    assert OR[left][right] == OR[right][left]


@pytest.mark.parametrize(("one", "two", "three"), product(MASKS, MASKS, MASKS))
def test_the_order_of_parts_does_not_matter(one: int, two: int, three: int) -> None:
    assert AND[AND[one][two]][three] == AND[one][AND[two][three]]
    assert OR[OR[one][two]][three] == OR[one][OR[two][three]]


@pytest.mark.parametrize(("left", "right"), product(MASKS, MASKS))
def test_a_set_comes_to_what_its_members_come_to(left: int, right: int) -> None:
    for table in (AND, OR):
        members = [table[a][b] for a in ONE for b in ONE if left & a and right & b]
        assert table[left][right] == sum(set(members))


@given(st.lists(st.sampled_from(MASKS), max_size=6))
def test_only_void_and_false_parts_never_open_anything(masks: list[int]) -> None:
    without = [mask & ~TRUE or VOID for mask in masks]
    assert decided(any_masks(without)) is State.CLOSED
    if VOID in without and FALSE not in (mask & FALSE for mask in without):
        assert decided(NOT[any_masks(without)]) is State.CLOSED
        assert decided(NOT[all_masks(without)]) is State.CLOSED


@given(st.lists(st.sampled_from(MASKS), min_size=1, max_size=5))
def test_disputed_needs_a_choice_that_opens_and_one_that_closes(worlds: list[int]) -> None:
    found = {decided(each) for each in worlds}
    both = {State.OPEN, State.CLOSED} <= found
    assert (state_of(worlds) is State.DISPUTED) == both
    if len(set(worlds)) == 1:
        assert state_of(worlds) is (decided(worlds[0]) or State.PENDING)


@given(st.lists(st.sampled_from(State), max_size=5))
def test_gates_one_behind_the_other_are_open_only_all_together(states: list[State]) -> None:
    found = all_states(states)
    assert (found is State.OPEN) == all(each is State.OPEN for each in states)
    assert (found is State.CLOSED) == (State.CLOSED in states)


GUIDE = {
    "often == 'often'": State.CLOSED,
    "not binge": State.CLOSED,
    "weeks < 9": State.CLOSED,
    "weeks != 3": State.CLOSED,
    "weeks not in (3, 4)": State.CLOSED,
    "weeks + 1 > 0": State.CLOSED,
    "drank and weeks > 3": State.CLOSED,
    "weeks > 3 or client.age_months > 12": State.OPEN,
    "weeks > 3 or smoked": State.CLOSED,
    "not (weeks > 3 and smoked)": State.OPEN,
    "not (weeks > 3 or smoked)": State.CLOSED,
    "answered(weeks)": State.CLOSED,
    "missing(weeks)": State.CLOSED,
    "reason(weeks) == 'masked'": State.CLOSED,
    "not answered(weeks)": State.OPEN,
    "weeks > 3 and later": State.CLOSED,
    "weeks > 3 or later": State.PENDING,
    "later": State.PENDING,
    "apart": State.DISPUTED,
    "apart == False or apart == True": State.OPEN,
    "apart and later": State.PENDING,
    "apart and not smoked": State.DISPUTED,
    "apart and smoked": State.CLOSED,
    "behind": State.PENDING,
    "not behind": State.CLOSED,
    "0.3 * 3 == 0.9": State.OPEN,
    "0.1 + 0.2 == 0.3": State.OPEN,
    "1 / 3 * 3 == 1": State.OPEN,
}


def told_interview(text: str) -> Interview:
    questions = [
        question("drank", "yes_no"),
        question("often", "choice", when="drank"),
        question("binge", "yes_no", when="often == 'often'"),
        question("weeks", "number", when="binge"),
        question("smoked", "yes_no"),
        question("later", "yes_no"),
        question("apart", "yes_no"),
        question("behind", "yes_no", when="later"),
        question("asked", "text", when=text),
    ]
    bank = bank_from([{"block": "b", "title": "B", "questions": questions}])
    said = {
        "often": "often",
        "binge": True,
        "weeks": 9,
        "drank": False,
        "smoked": False,
        "behind": True,
    }
    events = [event(1, "opened", client={"alias": "M.", "age_months": 40})]
    for number, (name, value) in enumerate(said.items(), 2):
        events.append(event(number, "answered", slot=f"b.{name}", value=value))
    for number, (who, value) in enumerate((("gm", True), ("pro", False)), 20):
        events.append(event(number, "answered", slot="b.apart", value=value, informant=who))
    return fold(bank, events)


@pytest.mark.parametrize("text", GUIDE)
def test_the_examples_of_the_guide_come_to_what_it_says(text: str) -> None:
    assert told_interview(text).states["b.asked"] is GUIDE[text]


def test_a_chain_of_3000_is_closed_to_its_end_and_comes_back_as_a_whole() -> None:
    questions = [question("q0", "yes_no")]
    questions += [question(f"q{n}", "yes_no", when=f"q{n - 1}") for n in range(1, 3000)]
    bank = bank_from([{"block": "b", "title": "B", "questions": questions}])
    said = [event(n, "answered", slot=f"b.q{n}", value=True) for n in range(3000)]
    interview = fold(bank, said)
    assert set(interview.states.values()) == {State.OPEN}
    closed = interview.apply(event(5000, "answered", slot="b.q0", value=False))
    assert [slot for slot, each in closed.states.items() if each is State.OPEN] == ["b.q0"]
    assert set(list(closed.states.values())[1:]) == {State.CLOSED}
    assert dict(closed.values) == {"b.q0": False}
    again = closed.apply(event(5001, "retracted", target="e05000"))
    assert again.view() == interview.view()


CARERS = ("any_of(c.hurt)", "not any_of(c.hurt)", "all_of(c.hurt)", "count_of(c.hurt, True) >= 1")


def with_carers(text: str, answers: dict[int, dict[str, bool]], complete: bool) -> State:
    carers = [question("known", "yes_no"), question("hurt", "yes_no", when="known")]
    bank = bank_from(
        [
            {"block": "c", "title": "C", "for_each": "caregiver", "questions": carers},
            {"block": "b", "title": "B", "questions": [question("asked", "text", when=text)]},
        ]
    )
    events = [event(1, "opened", client={"alias": "M."})]
    number = 2
    for carer, said in answers.items():
        events.append(event(number, "instance_added", instance=f"caregiver-{carer}"))
        for name, value in said.items():
            number += 1
            slot = f"caregiver-{carer}/c.{name}"
            events.append(event(number, "answered", slot=slot, value=value))
        number += 1
    if complete:
        events.append(event(900, "entries_complete", loop="caregiver"))
    return fold(bank, events).states["b.asked"]


@pytest.mark.parametrize("text", CARERS)
def test_without_any_carer_nothing_is_decided_before_all_were_named(text: str) -> None:
    assert with_carers(text, {}, complete=False) is State.PENDING
    wanted = State.OPEN if text in ("not any_of(c.hurt)", "all_of(c.hurt)") else State.CLOSED
    assert with_carers(text, {}, complete=True) is wanted


@pytest.mark.parametrize("text", CARERS)
def test_a_closed_carer_is_no_member(text: str) -> None:
    closed, hurt, kind = {"known": False}, {"known": True, "hurt": True}, {"known": True}
    wanted = State.CLOSED if text == "not any_of(c.hurt)" else State.OPEN
    assert with_carers(text, {1: closed, 2: hurt}, complete=False) is wanted
    assert with_carers(text, {1: closed, 2: closed}, complete=True) is State.CLOSED
    assert with_carers(text, {1: closed, 2: kind}, complete=False) is State.PENDING


def test_a_question_for_another_kind_of_informant_opens_only_for_one_who_can_answer() -> None:
    questions = [
        question("self_only", "text", informants=["self"], when="informant.kind == 'caregiver'"),
        question("carers", "text", informants=["caregiver"], when="informant.kind != 'self'"),
    ]
    bank = bank_from([{"block": "b", "title": "B", "questions": questions}])
    aunt = {"id": "a", "relation": "aunt", "kind": "caregiver"}
    child = {"id": "k", "relation": "child", "kind": "self"}
    for here in ([], [aunt], [aunt, child]):
        events = [event(n, "informant_added", informant=each) for n, each in enumerate(here)]
        states = fold(bank, events).states
        assert states["b.self_only"] is State.CLOSED
        assert states["b.carers"] is State.OPEN
