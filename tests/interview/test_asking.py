"""What to ask next, of whom, why; what is left; how far we are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmt_intake.bank.model import Bank
from nmt_intake.interview.asking import asked_of, next_slot, waits, waits_for, why
from nmt_intake.interview.events import Event
from nmt_intake.interview.progress import is_asked_here, is_shown, progress, progress_of
from nmt_intake.interview.remaining import disagreements, to_find_out, undecided_slots
from nmt_intake.interview.state import Interview, fold
from tests.interview.effort import LAST_BANK, many
from tests.interview.happenings import event, happenings, values
from tests.interview.random_banks import bank_from, bank_of, question


@st.composite
def interviews(draw: st.DrawFn) -> Interview:
    """Return an interview in any state."""
    bank = draw(st.integers(0, LAST_BANK).map(bank_of))
    return fold(bank, draw(happenings(bank)))


def one_block(*questions: dict[str, object], **more: object) -> Bank:
    return bank_from([{"block": "b", "title": "B", "questions": list(questions), **more}])


def said(number: int, slot: str, value: object, who: str | None = None) -> Event:
    return event(number, "answered", slot=slot, value=value, informant=who)


def marked(number: int, slot: str, reason: str, **more: object) -> Event:
    return event(number, "marked_missing", slot=slot, reason=reason, **more)


def informant(number: int, name: str, kind: str = "caregiver", **more: object) -> Event:
    who = {"id": name, "relation": name, "kind": kind, **more}
    return event(number, "informant_added", informant=who)


@many
@given(interviews())
def test_the_next_slot_is_one_that_waits_and_every_one_that_waits_is_reached(
    interview: Interview,
) -> None:
    waiting = [slot for slot in interview.layout.slots if waits(interview, slot)]
    reached = []
    slot = next_slot(interview)
    while slot is not None and slot not in reached:
        reached.append(slot)
        slot = next_slot(interview, slot)
    assert reached == waiting
    for each in reached:
        bank_question = interview.question(each)
        assert bank_question is not None
        assert not bank_question.hidden
        assert each not in interview.slots
        assert interview.truths[each] is not False
    open_slots = {slot for slot, truth in interview.truths.items() if truth is True}
    asked = {slot for slot in open_slots if is_asked_here(interview, slot)}
    assert asked - interview.slots.keys() <= set(reached)


@many
@given(st.data())
def test_a_conversation_ends_with_every_open_question_spoken_of(data: st.DataObject) -> None:
    bank = data.draw(st.integers(0, LAST_BANK).map(bank_of))
    interview = fold(bank, data.draw(happenings(bank, most=4)))
    asked: list[str] = []
    slot = next_slot(interview)
    while slot is not None:
        assert slot not in asked
        asked.append(slot)
        asked_now = interview.question(slot)
        assert asked_now is not None
        if data.draw(st.integers(0, 5)) == 0:
            interview = interview.apply(marked(len(asked) + 5000, slot, "asked-declined"))
        else:
            value = data.draw(values(asked_now))
            interview = interview.apply(said(len(asked) + 5000, slot, value))
        slot = next_slot(interview, slot)
    assert progress(interview).remaining == 0


@many
@given(interviews())
def test_the_counts_add_up_over_all_and_over_the_parts(interview: Interview) -> None:
    found = progress(interview)
    counted = [
        slot
        for slot, truth in interview.truths.items()
        if truth is not False and (slot in interview.slots or is_asked_here(interview, slot))
    ]
    assert found.asked + found.remaining + found.undecided == len(counted)
    assert found == progress(interview, interview.layout.slots)
    assert interview.left.undecided == tuple(
        slot
        for slot in interview.layout.slots
        if interview.truths[slot] is None
        and slot not in interview.slots
        and is_asked_here(interview, slot)
    )
    assert found.asked == found.answered + sum(found.missing.values())
    parts = [progress_of(interview, part) for part in interview.layout.parts]
    for name in ("answered", "asked", "remaining", "undecided", "to_find_out"):
        assert getattr(found, name) == sum(getattr(part, name) for part in parts)


@many
@given(interviews())
def test_what_is_undecided_says_what_it_waits_for_and_nothing_open_is_among_it(
    interview: Interview,
) -> None:
    for each in undecided_slots(interview):
        assert interview.truths[each.slot] is None
        assert each.slot not in interview.slots
        assert not waits(interview, each.slot)
        assert each.waits_for == waits_for(interview, each.slot)
        if not each.stuck:
            assert any(slot.slot is not None for slot in each.waits_for)


@many
@given(interviews())
def test_every_slot_can_say_why(interview: Interview) -> None:
    for slot in (*interview.layout.slots, "nowhere.q", "late/b0.q0"):
        found = why(interview, slot)
        assert found.sentence.endswith(".")
        assert found.truth is interview.truths.get(slot, False)


def test_a_declined_question_is_never_asked_again_not_even_when_its_branch_reopens() -> None:
    bank = one_block(question("gate", "yes_no"), question("inner", "text", when="gate"))
    events = [said(1, "b.gate", True), marked(2, "b.inner", "asked-declined")]
    assert next_slot(fold(bank, events)) is None
    events += [said(3, "b.gate", False), said(4, "b.gate", True)]
    interview = fold(bank, events)
    assert interview.truths["b.inner"] is True
    assert next_slot(interview) is None
    assert to_find_out(interview) == ()


@pytest.mark.parametrize("reason", ["asked-unknown", "temp-unknown", "not-asked"])
def test_what_can_be_found_out_stays_on_the_list_until_it_is_answered(reason: str) -> None:
    bank = one_block(question("a", "yes_no"), question("c", "yes_no"))
    mark = marked(1, "b.a", reason, informant="gm", who_knows="her aunt")
    (line,) = to_find_out(fold(bank, [mark]))
    assert (line.slot, line.reason, line.informant, line.who_knows) == (
        "b.a",
        reason,
        "gm",
        "her aunt",
    )
    assert to_find_out(fold(bank, [mark, said(2, "b.a", True, "kid")])) == ()


def test_what_hangs_on_an_unknown_answer_stays_reachable_and_says_on_what() -> None:
    bank = one_block(
        question("gate", "yes_no"),
        question("inner", "choice", when="gate"),
        question("leaf", "text", when="inner == 'often'"),
    )
    at_start = undecided_slots(fold(bank, []))
    assert [(each.slot, each.stuck) for each in at_start] == [("b.inner", False), ("b.leaf", False)]
    interview = fold(bank, [marked(1, "b.gate", "asked-unknown")])
    inner, leaf = undecided_slots(interview)
    assert (inner.slot, inner.stuck, leaf.stuck) == ("b.inner", True, True)
    assert [(each.slot, each.says) for each in inner.waits_for] == [("b.gate", "does not know")]
    assert next_slot(interview) is None
    assert progress(interview).undecided == 2
    assert is_shown(interview, "b.inner")
    assert interview.apply(said(2, "b.inner", "often")).counts("b.inner")


def test_what_hangs_only_on_a_closed_question_is_not_listed_as_undecided() -> None:
    bank = one_block(
        question("gate", "yes_no"),
        question("inner", "choice", when="gate"),
        question("leaf", "text", when="inner == 'often'"),
        question("twig", "text", when="leaf == 'x'"),
    )
    assert undecided_slots(fold(bank, [said(1, "b.gate", False)])) == ()


def test_a_branch_on_which_informants_differ_is_asked() -> None:
    bank = one_block(question("gate", "yes_no"), question("inner", "text", when="gate"))
    interview = fold(bank, [said(1, "b.gate", True, "gm"), said(2, "b.gate", False, "pro")])
    assert interview.truths["b.inner"] is None
    assert next_slot(interview) == "b.inner"
    (found,) = disagreements(interview)
    assert (found.slot, [each.value for each in found.given]) == ("b.gate", [True, False])


def test_free_words_and_equal_answers_are_no_disagreement_but_two_stretches_are() -> None:
    bank = one_block(question("t", "text"), question("n", "number"), question("i", "interval"))
    spans = [{"from": 0, "to": 12}, {"from": 0, "to": "now"}]
    events = [
        said(number + 3 * turn, f"b.{name}", value, who)
        for turn, who in enumerate(("gm", "pro"))
        for number, (name, value) in enumerate(
            [("t", f"words of {who}"), ("n", 3), ("i", spans[turn])]
        )
    ]
    assert [each.slot for each in disagreements(fold(bank, events))] == ["b.i"]


def test_a_loop_with_no_instances_leaves_undecided_and_says_so() -> None:
    bank = bank_from(
        [
            {
                "block": "care",
                "title": "Care",
                "for_each": "caregiver",
                "questions": [question("ill", "yes_no")],
            },
            {
                "block": "b",
                "title": "B",
                "questions": [question("q", "yes_no", when="any_of(care.ill)")],
            },
        ]
    )
    interview = fold(bank, [])
    assert next_slot(interview) is None
    (found,) = undecided_slots(interview)
    assert [each.says for each in found.waits_for] == ["none named yet"]
    late = interview.apply(said(1, "caregiver-2/care.ill", True))
    assert late.instances("caregiver") == ("caregiver-2",)
    assert late.truths["b.q"] is True


def test_a_question_for_somebody_who_is_here_is_asked_whoever_speaks_and_says_of_whom() -> None:
    bank = one_block(
        question("mine", "text", informants=["self"]),
        question("theirs", "text"),
        question("gated", "text", when="informant.kind == 'self'"),
    )
    both = fold(bank, [informant(1, "gm"), informant(2, "kid", "self")])
    assert both.speaking == "gm"
    assert next_slot(both) == "b.mine"
    assert asked_of(both, "b.mine") == ("kid",)
    assert asked_of(both, "b.gated") == ("kid",)
    assert asked_of(both, "b.theirs") == ("gm", "kid")
    alone = fold(bank, [informant(1, "gm")])
    assert next_slot(alone) == "b.theirs"
    assert asked_of(alone, "b.mine") == ()
    assert why(alone, "b.mine").sentence == "Not asked now: it is meant for self."
    assert next_slot(fold(bank, [])) == "b.mine"


def test_a_condition_on_the_informant_holds_when_it_holds_for_one_of_them() -> None:
    bank = one_block(question("q", "text", when="informant.known_from_months < 12"))
    late = informant(1, "pro", "professional", known_from_months=60)
    assert fold(bank, []).truths["b.q"] is None
    assert fold(bank, [late]).truths["b.q"] is False
    assert fold(bank, [late, informant(2, "x")]).truths["b.q"] is None
    early = informant(3, "gm", known_from_months=0)
    assert fold(bank, [late, early]).truths["b.q"] is True


@pytest.mark.parametrize(
    ("filled", "wanted", "shown"),
    [(False, True, False), (True, False, False), (True, True, True)],
)
def test_a_hidden_question_is_never_asked_and_shown_only_if_filled_and_wanted(
    filled: bool, wanted: bool, shown: bool
) -> None:
    hidden = question("h", "text", hidden="true", show_if_filled=str(wanted).lower())
    bank = one_block(question("a", "text"), hidden)
    interview = fold(bank, [said(1, "b.a", "x"), *([said(2, "b.h", "kept")] if filled else [])])
    assert next_slot(interview) is None
    assert is_shown(interview, "b.h") is shown
    assert interview.counts("b.h")
    assert why(interview, "b.h").sentence == "Not asked: the bank keeps it hidden."


def test_a_period_the_client_may_not_have_reached_waits_for_the_age() -> None:
    bank = one_block(question("q", "text"), for_each="period")
    client = {"alias": "M.", "birth": "2014", "interviewed": "2026-11-22"}
    interview = fold(bank, [event(1, "opened", client=client)])
    assert interview.truths["childhood/b.q"] is True
    assert interview.truths["youth/b.q"] is None
    (found,) = undecided_slots(interview)
    assert (found.slot, found.stuck) == ("youth/b.q", True)
    assert "age" in why(interview, "youth/b.q").sentence
    assert "adulthood/b.q" not in interview.truths
    assert "no such question" in why(interview, "adulthood/b.q").sentence


def test_it_walks_on_from_where_it_is_and_comes_round_to_what_was_skipped() -> None:
    bank = one_block(*(question(name, "yes_no") for name in "abc"))
    interview = fold(bank, [said(1, "b.b", True)])
    assert next_slot(interview, "b.b") == "b.c"
    assert next_slot(interview, "b.c") == "b.a"
    assert next_slot(interview, "nowhere.q") == "b.a"
    done = interview.apply(said(2, "b.c", True))
    assert next_slot(done, "b.a") is None
    assert next_slot(done) == "b.a"
