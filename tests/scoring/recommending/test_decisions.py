"""The clinician's plan: what was dropped, added and moved stands."""

from __future__ import annotations

from collections.abc import Mapping

from nmt_intake.scoring.recommending import Chosen, Circumstances, Dropped, Plan

from .made_up import PLAIN, activity, ids, planned, rated, reasons

LOW = rated(self_regulation=6)


def _decided(*decisions: Chosen | Dropped, rules: Mapping[str, object] | None = None) -> Plan:
    given = Circumstances(
        chosen=tuple(each for each in decisions if isinstance(each, Chosen)),
        dropped=tuple(each for each in decisions if isinstance(each, Dropped)),
    )
    baby = activity("baby_game", "cognitive", ("speech",), ages=(0, 24))
    return planned(LOW, (*PLAIN, baby), rules=rules, given=given)


SUGGESTED = [f"self_regulation_{number}" for number in range(4)]


def test_what_was_dropped_does_not_come_back_and_the_next_one_takes_its_place() -> None:
    plan = _decided(Dropped("self_regulation_1", "tried in spring"))
    assert ids(plan) == ["self_regulation_0", *SUGGESTED[2:], "self_regulation_4"]
    assert plan.dropped == (Dropped("self_regulation_1", "tried in spring"),)


def test_what_was_dropped_is_not_offered_for_its_occasion_either() -> None:
    rules = {"only_on_occasion": {"self_regulation_1": "a move is ahead"}}
    assert _decided(rules=rules).on_occasion != ()
    assert _decided(Dropped("self_regulation_1"), rules=rules).on_occasion == ()


def test_what_was_both_chosen_and_dropped_is_dropped() -> None:
    plan = _decided(Chosen("self_regulation_0", place=1), Dropped("self_regulation_0"))
    assert "self_regulation_0" not in ids(plan)


def test_what_is_added_comes_on_top_and_takes_nothing_away() -> None:
    plan = _decided(Chosen("cognitive_3", reason="She asked for it"))
    assert ids(plan, "now") == [*SUGGESTED, "cognitive_3"]
    assert "Added by the clinician: She asked for it" in reasons(plan, "cognitive_3")
    assert [line.by_clinician for line in plan.lines] == [False] * 4 + [True]


def test_what_is_added_stands_in_the_phase_and_at_the_place_that_was_said() -> None:
    assert ids(_decided(Chosen("cognitive_3", "now", 2)))[1] == "cognitive_3"
    assert ids(_decided(Chosen("cognitive_3", "later", 9)), "later") == ["cognitive_3"]


def test_what_is_written_for_another_age_can_be_added_and_says_so() -> None:
    plan = _decided(Chosen("baby_game"))
    assert "written for another age: birth to 2 y" in reasons(plan, "baby_game")


def test_lines_can_be_put_into_another_order_and_nothing_else_changes() -> None:
    plan = _decided(Chosen("self_regulation_3", place=1))
    assert ids(plan) == ["self_regulation_3", *SUGGESTED[:3]]
    assert not plan.lines[0].by_clinician
    assert ids(_decided(Chosen("self_regulation_0", "later")), "later") == ["self_regulation_0"]
    assert ids(_decided(Chosen("self_regulation_2"))) == SUGGESTED


def test_too_much_at_once_by_hand_is_kept_and_remarked_on() -> None:
    plan = _decided(*(Chosen(f"cognitive_{number}", "now") for number in range(3)))
    assert len(ids(plan, "now")) == 7
    assert plan.remarks == (
        "No more than six things at once for one home. Here there are 7 at once.",
    )


def test_a_decision_on_something_that_the_library_lost_is_remarked_on() -> None:
    plan = _decided(Chosen("gone"), Dropped("gone_too"))
    assert ids(plan) == SUGGESTED
    assert ["gone" in said for said in plan.remarks] == [True, True]


def test_the_rules_say_what_the_clinician_may_do_and_what_is_refused_is_told() -> None:
    assert _decided().clinician_may == ("drop", "add", "reorder")
    rules = {"clinician_may": ["reorder"]}
    plan = _decided(
        Dropped("self_regulation_0"),
        Chosen("cognitive_3"),
        Chosen("self_regulation_2", place=1),
        rules=rules,
    )
    assert ids(plan) == ["self_regulation_2", "self_regulation_0", *SUGGESTED[1:2], SUGGESTED[3]]
    assert len(plan.remarks) == 2
    fixed = {"clinician_may": ["drop", "add"]}
    assert ids(_decided(Chosen("self_regulation_2", place=1), rules=fixed)) == SUGGESTED
