"""The fold: one state, whatever the way to it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nmt_intake.bank.model import Bank
from nmt_intake.bank.truth import Possible, State
from nmt_intake.interview.events import Event, event_from
from nmt_intake.interview.folding.ledger import merged
from nmt_intake.interview.guard import refusal
from nmt_intake.interview.state import Interview, fold
from tests.interview.effort import LAST_BANK, many
from tests.interview.happenings import answers, event, happenings, openings
from tests.interview.random_banks import bank_from, bank_of, question
from tests.interview.reference import Slow

banks = st.integers(0, LAST_BANK).map(bank_of)


@st.composite
def lives(draw: st.DrawFn) -> tuple[Bank, list[Event]]:
    """Return a bank and any list of events in it."""
    bank = draw(banks)
    return bank, draw(happenings(bank))


@st.composite
def talks(draw: st.DrawFn) -> tuple[Bank, list[Event], list[Event]]:
    """Return a bank, an opening, and answers with no two of one informant to one slot."""
    bank = draw(banks)
    return bank, draw(openings()), draw(answers(bank))


@many
@given(lives())
def test_one_event_at_a_time_gives_what_the_whole_list_gives(
    life: tuple[Bank, list[Event]],
) -> None:
    bank, events = life
    interview = fold(bank, [])
    for number, each in enumerate(events, 1):
        interview = interview.apply(each)
        whole = fold(bank, events[:number])
        assert interview.view() == whole.view()
        assert (interview.done, interview.undone) == (whole.done, whole.undone)
        assert interview.sequence == whole.sequence


@many
@given(lives())
def test_a_slow_reading_of_the_design_agrees(life: tuple[Bank, list[Event]]) -> None:
    bank, events = life
    interview, slow = fold(bank, events), Slow(bank, events)
    assert {slot: state.value for slot, state in interview.states.items()} == slow.states
    assert dict(interview.reasons) == slow.reasons
    assert {slot: as_set(value) for slot, value in interview.values.items()} == slow.values
    against = {name: state.value for name, state in interview.standing.against.items()}
    assert against == slow.against()
    assert interview.orphans == slow.orphans
    assert set(interview.slots) == slow.given.keys() | slow.marks.keys()
    assert set(interview.informants) == slow.informants.keys()


def as_set(value: Any) -> frozenset[Any]:
    return frozenset(value.values if isinstance(value, Possible) else (value,))


@many
@given(talks(), st.randoms(use_true_random=False))
def test_the_same_answers_in_any_order_give_the_same_state(
    talk: tuple[Bank, list[Event], list[Event]], chance: Any
) -> None:
    bank, opening, said = talk
    shuffled = chance.sample(said, len(said))
    assert fold(bank, [*opening, *said]).view() == fold(bank, [*opening, *shuffled]).view()


@many
@given(lives())
def test_an_event_that_comes_twice_changes_nothing(life: tuple[Bank, list[Event]]) -> None:
    bank, events = life
    interview = fold(bank, events)
    again = fold(bank, [*events, *events])
    assert again.view() == interview.view()
    assert again.sequence == interview.sequence
    for each in events[:5]:
        assert interview.apply(each).view() == interview.view()


@many
@given(lives())
def test_undoing_everything_step_by_step_and_redoing_it_goes_there_and_back(
    life: tuple[Bank, list[Event]],
) -> None:
    bank, events = life
    interview = fold(bank, events)
    states = [interview]
    number = 9000
    while interview.done and number < 9010:
        interview = interview.apply(event(number, "retracted", target=interview.done[-1]))
        states.append(interview)
        number += 1
    while len(states) > 1:
        interview = interview.apply(event(number, "restored", target=interview.undone[-1]))
        states.pop()
        number += 1
        assert interview.view() == states[-1].view()
        assert interview.done == states[-1].done


@many
@given(talks())
def test_undo_takes_back_exactly_the_last_thing(
    talk: tuple[Bank, list[Event], list[Event]],
) -> None:
    bank, opening, said = talk
    assume(said)
    before = fold(bank, [*opening, *said[:-1]])
    undone = fold(bank, [*opening, *said]).apply(event(9000, "retracted", target=said[-1].id))
    assert undone.view() == before.view()
    assert said[-1] in undone.ledger.about(f"slot:{said[-1].slot}")  # type: ignore[union-attr]


@many
@given(talks())
def test_two_halves_of_one_case_merge_to_the_same_from_either_side(
    talk: tuple[Bank, list[Event], list[Event]],
) -> None:
    bank, opening, said = talk
    mine, yours = [*opening, *said[::2]], [*opening, *said[1::2]]
    assert merged(mine, yours) == merged(yours, mine, yours)
    assert fold(bank, merged(mine, yours)).view() == fold(bank, [*opening, *said]).view()


@many
@given(talks(), st.randoms(use_true_random=False))
def test_an_undo_that_arrives_before_what_it_undoes_counts_all_the_same(
    talk: tuple[Bank, list[Event], list[Event]], chance: Any
) -> None:
    bank, opening, said = talk
    assume(said)
    undo = event(9000, "retracted", target=said[0].id)
    early = fold(bank, [*opening, undo, *said])
    assert early.view() == fold(bank, [*opening, *said, undo]).view()
    assert said[0].id in early.retracted
    assert said[0].id not in early.done


@many
@given(talks())
def test_what_is_closed_is_seen_by_no_condition_and_everything_else_is(
    talk: tuple[Bank, list[Event], list[Event]],
) -> None:
    bank, opening, said = talk
    interview = fold(bank, [*opening, *said])
    for slot, state in interview.slots.items():
        seen = slot in interview.values or slot in interview.reasons
        assert seen == interview.counts(slot)
        assert bool(interview.answers(slot)) == (interview.counts(slot) and state.answered)
    for slot in (*interview.values, *interview.reasons):
        assert slot in interview.slots or slot in interview.setting.referred


OTHER_IDS = {"gm": "zz", "kid": "mm", "pro": "aa"}


def renamed(happened: Event) -> Event:
    """The same event with every informant called otherwise, in another order of ids."""
    record = happened.model_dump(mode="json")
    who = record.get("informant")
    if isinstance(who, dict):
        who["id"] = OTHER_IDS[who["id"]]
    elif who in OTHER_IDS:
        record["informant"] = OTHER_IDS[who]
    return event_from(record)


@many
@given(lives())
def test_nothing_rests_on_what_the_informants_ids_happen_to_be(
    life: tuple[Bank, list[Event]],
) -> None:
    bank, events = life
    one, other = fold(bank, events), fold(bank, [renamed(each) for each in events])
    assert dict(one.states) == dict(other.states)
    assert dict(one.values) == dict(other.values)
    assert dict(one.reasons) == dict(other.reasons)
    assert (one.client, dict(one.facts)) == (other.client, dict(other.facts))
    assert dict(one.labels) == dict(other.labels)
    assert one.layout.slots == other.layout.slots
    for slot in one.slots:
        values = [[given.value for given in each.said(slot).given] for each in (one, other)]
        assert values[0] == values[1]


@pytest.fixture
def gated() -> Bank:
    gate = question("gate", "yes_no")
    inner = question("inner", "choice", when="gate")
    leaf = question("leaf", "yes_no", when="inner == 'often'")
    return bank_from([{"block": "b", "title": "B", "questions": [gate, inner, leaf]}])


def answered(number: int, slot: str, value: object) -> Event:
    return event(number, "answered", slot=slot, value=value)


def test_closing_and_reopening_a_branch_brings_its_answers_back(gated: Bank) -> None:
    said = [
        answered(1, "b.gate", True),
        answered(2, "b.inner", "often"),
        answered(3, "b.leaf", True),
    ]
    open_ = fold(gated, said)
    closed = open_.apply(answered(4, "b.gate", False))
    assert closed.truths == {"b.gate": True, "b.inner": False, "b.leaf": False}
    assert closed.values == {"b.gate": False}
    assert closed.said("b.inner").given == open_.said("b.inner").given
    assert closed.answers("b.inner") == ()
    reopened = closed.apply(answered(5, "b.gate", True))
    assert reopened.values == open_.values
    assert reopened.truths == open_.truths


def test_after_something_new_there_is_nothing_to_redo(gated: Bank) -> None:
    said = [answered(1, "b.gate", True), event(2, "retracted", target="e00001")]
    assert fold(gated, said).undone == ("e00001",)
    assert fold(gated, [*said, answered(3, "b.gate", False)]).undone == ()


def test_an_amended_answer_keeps_its_first_version_and_counts_its_versions(gated: Bank) -> None:
    interview = fold(gated, [answered(1, "b.gate", False), answered(2, "b.gate", True)])
    (stands,) = interview.answers("b.gate")
    assert (stands.value, stands.amended) == (True, 1)
    assert [each.value for each in interview.history("b.gate")] == [False, True]  # type: ignore[union-attr]


def test_two_informants_stand_side_by_side_and_the_branch_is_open_to_both(gated: Bank) -> None:
    interview: Interview = fold(
        gated,
        [
            event(1, "answered", slot="b.gate", value=True, informant="gm"),
            event(2, "answered", slot="b.gate", value=False, informant="pro"),
        ],
    )
    assert [each.value for each in interview.answers("b.gate")] == [True, False]
    assert interview.truths["b.inner"] is None


def test_one_fact_that_cannot_be_does_not_take_the_others_with_it() -> None:
    about = [
        question("birth", "date", fact="client.birth"),
        question("weeks", "number", fact="client.gestation_weeks"),
    ]
    bank = bank_from([{"block": "about", "title": "About", "questions": about}])
    opened = event(1, "opened", client={"alias": "M.", "interviewed": "2026-11-22"})
    said = [answered(2, "about.weeks", 500), answered(3, "about.birth", "2019-09-14")]
    client = fold(bank, [opened, *said]).client
    assert (client.birth, client.gestation_weeks) == ("2019-09-14", None)


def test_what_the_referral_told_is_seen_by_conditions_and_not_asked_again() -> None:
    from nmt_intake.interview.asking import next_slot

    questions = [
        question("weeks", "number", fact="client.gestation_weeks"),
        question("early", "yes_no", when="weeks < 37"),
    ]
    bank = bank_from([{"block": "about", "title": "About", "questions": questions}])
    interview = fold(bank, [event(1, "opened", client={"alias": "M.", "gestation_weeks": 33})])
    assert interview.truths["about.early"] is True
    assert next_slot(interview) == "about.early"
    told = interview.apply(answered(2, "about.weeks", 40))
    assert told.truths["about.early"] is False
    assert told.client.gestation_weeks == 40


@pytest.mark.parametrize("kind", ["opened", "safety_raised", "bank_migrated", "signed"])
def test_what_must_stay_cannot_be_undone(gated: Bank, kind: str) -> None:
    content = {
        "opened": {"client": {"alias": "M."}},
        "safety_raised": {"topic": "violence"},
        "bank_migrated": {"from_version": "1", "to_version": "2"},
        "signed": {"by": "me"},
    }[kind]
    kept = event(1, kind, **content)
    interview = fold(gated, [kept, event(2, "retracted", target=kept.id)])
    assert interview.view() == fold(gated, [kept]).view()
    assert interview.retracted == frozenset()
    assert fold(gated, [event(2, "retracted", target=kept.id), kept]).retracted == frozenset()


@pytest.mark.parametrize("prefix", ["-2", "nowhere", "caregiver-1", "infancy", ""])
def test_an_answer_for_an_instance_of_what_is_asked_once_has_no_place(
    gated: Bank, prefix: str
) -> None:
    once = next(question for question in gated.questions.values() if question.for_each is None)
    slot = f"{prefix}/{once.id}"
    interview = fold(gated, [event(1, "answered", slot=slot, value=True)])
    assert interview.orphans == {slot}
    assert slot not in interview.slots


def test_an_orphan_that_was_undone_is_none_any_more(gated: Bank) -> None:
    lost = answered(1, "gone.question", True)
    interview = fold(gated, [lost])
    assert interview.orphans == {"gone.question"}
    undone = interview.apply(event(2, "retracted", target=lost.id))
    assert undone.orphans == frozenset()
    assert undone.history("gone.question") == (lost,)


@pytest.fixture
def births() -> Bank:
    about = [
        question("known", "yes_no"),
        question("birth", "date", fact="client.birth", when="known"),
        question("weeks", "number", fact="client.gestation_weeks"),
    ]
    asked = [
        question("old", "text", when="client.age_months >= 12"),
        question("four", "text", when="client.age_months >= 48"),
        question("middle", "text", when="client.age_months >= 20 and client.age_months < 57"),
        question("early", "text", when="client.age_months < 24 and client.gestation_weeks < 37"),
        question("corrected", "text", when="client.corrected_age_months < client.age_months"),
    ]
    years = {"block": "y", "title": "Y", "for_each": "period"}
    return bank_from(
        [
            {"block": "about", "title": "About", "questions": about},
            {"block": "asked", "title": "Asked", "questions": asked},
            {**years, "questions": [question("q", "text")]},
        ]
    )


def told_by(number: int, who: str, slot: str, value: object) -> Event:
    return event(number, "answered", slot=slot, value=value, informant=who)


TWO_TELLERS = (
    event(1, "opened", client={"alias": "M.", "interviewed": "2026-11-22"}),
    event(2, "answered", slot="about.known", value=True),
    told_by(3, "mother", "about.birth", "2025-03-10"),
    told_by(4, "aunt", "about.birth", "2022-03-10"),
    told_by(5, "mother", "about.weeks", 40),
    told_by(6, "aunt", "about.weeks", 28),
)


def test_two_birth_dates_that_were_told_both_stand(births: Bank) -> None:
    interview = fold(births, TWO_TELLERS)
    assert interview.facts["client.age_months"] == Possible((20, 56))
    assert interview.client.birth is None
    differing = interview.setting.differing("client.birth")
    assert [(each.informant, each.value) for each in differing] == [
        ("mother", "2025-03-10"),
        ("aunt", "2022-03-10"),
    ]
    states = {slot: state for slot, state in interview.states.items() if slot[0] == "a"}
    assert states["asked.old"] is State.OPEN
    assert states["asked.middle"] is State.OPEN
    assert states["asked.four"] is State.DISPUTED
    assert states["asked.early"] is State.DISPUTED
    assert states["asked.corrected"] is State.DISPUTED
    assert interview.states["childhood/y.q"] is State.DISPUTED
    assert interview.states["early_childhood/y.q"] is State.OPEN
    assert "youth/y.q" not in interview.states


def test_what_was_told_behind_a_closed_branch_is_no_fact_any_more(births: Bank) -> None:
    interview = fold(births, TWO_TELLERS).apply(answered(7, "about.known", False))
    assert "client.age_months" not in interview.facts
    assert interview.states["asked.old"] is State.PENDING
    assert (
        interview.apply(answered(8, "about.known", True)).facts == fold(births, TWO_TELLERS).facts
    )


def test_the_clinician_settles_a_fact_and_can_take_that_back(births: Bank) -> None:
    told = fold(births, TWO_TELLERS)
    word = event(7, "fact_settled", fact="client.birth", value="2022-03-10", reason="the red book")
    settled = told.apply(word)
    assert settled.facts["client.age_months"] == 56
    assert settled.client.birth == "2022-03-10"
    assert settled.setting.differing("client.birth") == ()
    assert len(settled.setting.told["client.birth"]) == 2
    assert settled.states["asked.four"] is State.OPEN
    assert settled.apply(event(8, "retracted", target=word.id)).view() == told.view()


def test_the_name_of_an_instance_told_behind_a_closed_branch_is_gone() -> None:
    carers = [
        question("known", "yes_no"),
        question("name", "text", names_this="true", when="known"),
    ]
    bank = bank_from([{"block": "c", "title": "C", "for_each": "caregiver", "questions": carers}])
    told = fold(
        bank,
        [answered(1, "caregiver-1/c.known", True), answered(2, "caregiver-1/c.name", "Ann")],
    )
    assert told.labels == {"caregiver-1": "Ann"}
    assert told.apply(answered(3, "caregiver-1/c.known", False)).labels == {}


def test_how_many_there_can_be_is_counted_again_when_an_unanswered_instance_opens() -> None:
    # Found among 100,000 generated cases: `few` stayed pending.
    hard = {"block": "e", "title": "E", "for_each": "exposure", "when": "client.age_months >= 48"}
    few = question("few", "text", when="not count_of(e.q, True) >= 2")
    bank = bank_from(
        [
            {**hard, "questions": [question("q", "yes_no")]},
            {"block": "b", "title": "B", "questions": [few]},
        ]
    )
    events = [
        event(1, "opened", client={"alias": "M."}),
        event(2, "instance_added", instance="exposure-1"),
        event(3, "client_described", client={"alias": "M.", "age_months": 60}),
    ]
    before = fold(bank, events[:2])
    assert before.states["b.few"] is State.PENDING
    assert before.apply(events[2]).states["b.few"] is State.OPEN


def test_an_answer_told_differently_is_settled_and_what_each_said_stays() -> None:
    drank = question("drank", "yes_no")
    bank = bank_from(
        [
            {
                "block": "b",
                "title": "B",
                "questions": [drank, question("often", "text", when="drank")],
            }
        ]
    )
    told = fold(
        bank,
        [
            event(1, "informant_added", informant={"id": "gm", "relation": "grandmother"}),
            event(2, "answered", slot="b.drank", value=True, informant="gm"),
            event(3, "answered", slot="b.drank", value=False, informant="kid"),
        ],
    )
    assert told.states["b.often"] is State.DISPUTED
    word = event(4, "fact_settled", fact="b.drank", value=False, reason="the clinic's letter")
    assert refusal(told, word) is None
    settled = told.apply(word)
    assert settled.states["b.often"] is State.CLOSED
    assert [each.value for each in settled.answers("b.drank")] == [True, False]
    assert settled.left.differing == ()
    undone = settled.apply(event(5, "retracted", target=word.id))
    assert undone.view() == told.view()
    for value, reason, code in ((False, " ", "016"), ("perhaps", "so", "013")):
        refused = refusal(told, word.model_copy(update={"value": value, "reason": reason}))
        assert refused is not None
        assert refused.code == f"GUARD-{code}"
    one = told.apply(event(6, "retracted", target="e00003"))
    nobody = refusal(one, word)
    assert nobody is not None
    assert nobody.code == "GUARD-019"
