"""Ids in phases: moving, replaying choices, and the choices that bring an order about."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nmt_intake.casework.plan_decisions import (
    Order,
    choices_for,
    kept,
    moved,
    phase_of,
    replayed,
)
from nmt_intake.scoring.planner import Chosen

THREE: Order = {"now": ("a", "b", "c"), "next": ("d",), "later": ()}


def test_a_line_goes_one_place_up_or_down() -> None:
    assert moved(THREE, "b", -1)["now"] == ("b", "a", "c")
    assert moved(THREE, "b", 1)["now"] == ("a", "c", "b")


def test_over_the_end_of_a_phase_it_goes_into_the_one_beside_it() -> None:
    assert moved(THREE, "c", 1) == {"now": ("a", "b"), "next": ("c", "d"), "later": ()}
    assert moved(THREE, "d", -1) == {"now": ("a", "b", "c", "d"), "next": (), "later": ()}
    assert moved(THREE, "d", 1) == {"now": ("a", "b", "c"), "next": (), "later": ("d",)}


def test_at_the_very_end_it_stays() -> None:
    assert moved(THREE, "a", -1) == THREE
    last: Order = {"now": (), "next": (), "later": ("x",)}
    assert moved(last, "x", 1) == last
    assert moved(THREE, "unknown", 1) == THREE


def test_one_move_is_one_choice() -> None:
    wanted = moved(THREE, "c", -1)
    assert choices_for(THREE, (), wanted, "c") == (Chosen("c", "now", 2),)


def test_a_second_move_of_a_line_puts_back_what_it_shifts() -> None:
    """The case that needs it: taking an earlier choice out of the replay moves other lines."""
    first = [Chosen("b", "now", 2), Chosen("a", "now", 2), Chosen("c", "now", 1)]
    before = replayed(THREE, first)
    assert before["now"] == ("c", "b", "a")
    wanted = moved(before, "c", 1)
    made = choices_for(THREE, first, wanted, "c")
    assert replayed(THREE, merged(first, made)) == wanted


def test_a_choice_keeps_the_reason_that_was_given_before() -> None:
    (made,) = choices_for(THREE, [Chosen("c", "now", 3, "she asked for it")], {
        **THREE, "now": ("c", "a", "b")
    }, "c")  # fmt: skip
    assert made == Chosen("c", "now", 1, "she asked for it")


def test_what_is_new_stays_where_it_came_and_the_others_keep_their_order() -> None:
    before: Order = {"now": ("b", "a", "c"), "next": ()}
    now: Order = {"now": ("new", "a", "c", "b"), "next": ()}
    assert kept(before, now)["now"] == ("new", "b", "a", "c")


def merged(old: list[Chosen], new: tuple[Chosen, ...]) -> list[Chosen]:
    """What stands after the new choices: the later one about an activity."""
    standing = {choice.activity: choice for choice in old}
    for choice in new:
        standing.pop(choice.activity, None)
        standing[choice.activity] = choice
    return list(standing.values())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcdefg"), st.sampled_from((-1, 1))), max_size=15))
def test_whatever_is_moved_the_plan_is_what_the_clinician_sees(
    moves: list[tuple[str, int]],
) -> None:
    base: Order = {"now": tuple("abc"), "next": tuple("def"), "later": tuple("g")}
    seen, standing = base, list[Chosen]()
    for activity, step in moves:
        wanted = moved(seen, activity, step)
        if wanted == seen:
            continue
        standing = merged(standing, choices_for(base, standing, wanted, activity))
        seen = replayed(base, standing)
        assert seen == wanted
        assert phase_of(seen, activity) == phase_of(wanted, activity)
