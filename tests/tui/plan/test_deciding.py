"""The clinician's decisions on a real plan: what is recorded, what is shown, what undo takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from nmt_intake.bank.model import Bank
from nmt_intake.casework import plan_decisions
from nmt_intake.casework.assessment import PlanBasis, plan_basis
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.plan_decisions import Decisions
from nmt_intake.casework.session import Session
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import ActivityChosen, ActivityDropped, Event, Signed
from nmt_intake.interview.state import fold
from nmt_intake.scoring.planner import Chosen, circumstances_of, recommend

Made = Callable[[Bank, Sequence[Event]], tuple[Casework, Session]]


@pytest.fixture
def decisions(
    shipped: Bank, grandmother: Sequence[Event], basis: PlanBasis, case_with: Made
) -> Decisions:
    return Decisions.of(case_with(shipped, grandmother)[1], basis)


def names(decisions: Decisions, phase: str = "now") -> tuple[str, ...]:
    return plan_decisions.order_of(decisions.plan)[phase]


def recorded(decisions: Decisions) -> list[Event]:
    kinds = ActivityChosen | ActivityDropped
    return [event for event in decisions.case.events if isinstance(event, kinds)]


async def test_a_move_is_one_event_and_shows(decisions: Decisions) -> None:
    first, second, *_ = names(decisions)
    assert await decisions.move(first, 1)
    assert names(decisions)[:2] == (second, first)
    (event,) = recorded(decisions)
    assert isinstance(event, ActivityChosen)
    assert (event.activity, event.phase, event.place) == (first, "now", 2)


async def test_many_moves_stay_what_is_seen_and_each_is_one_undo(decisions: Decisions) -> None:
    states = [plan_decisions.order_of(decisions.plan)]
    a, b, c, *_ = names(decisions)
    for activity, step in ((c, -1), (c, -1), (b, -1), (c, 1), (a, 1)):
        wanted = plan_decisions.moved(states[-1], activity, step)
        if await decisions.move(activity, step):
            states.append(plan_decisions.order_of(decisions.plan))
        assert plan_decisions.order_of(decisions.plan) == wanted
    for state in reversed(states[:-1]):
        assert await decisions.undo()
        assert plan_decisions.order_of(decisions.plan) == state
    for state in states[1:]:
        assert await decisions.redo()
        assert plan_decisions.order_of(decisions.plan) == state


async def test_the_ids_replayed_here_are_the_plan_that_is_made(
    decisions: Decisions, basis: PlanBasis
) -> None:
    """The rules of replaying are written twice; this holds them together."""
    base = plan_decisions.order_of(basis.plan(decisions.case.interview, unmoved=True))
    now, later = names(decisions), names(decisions, "next")
    choices = (
        Chosen(now[2], "now", 1),
        Chosen(later[0], "now", 99),
        Chosen(now[0], "later", None),
        Chosen(now[1], None, 3),
        Chosen(now[3], "next", 1),
    )
    given = replace(
        circumstances_of(decisions.case.interview, basis.assessment.unconfirmed), chosen=choices
    )
    plan = recommend(
        basis.assessment.metrics,
        basis.assessment.norms,
        basis.activities,
        basis.rules,
        basis.assessment.ratings,
        given,
    )
    assert plan_decisions.order_of(plan) == plan_decisions.replayed(base, choices)


async def test_a_drop_keeps_its_reason_and_the_order_of_the_others(decisions: Decisions) -> None:
    first, second, third, *_ = names(decisions)
    await decisions.move(third, -1)
    await decisions.drop(first, "too loud")
    assert first not in names(decisions)
    left = [name for name in names(decisions) if name in (second, third)]
    assert left == [name for name in (third, second) if name in left]
    assert decisions.dropped[-1].reason == decisions.reason(first) == "too loud"
    assert await decisions.undo()
    assert not decisions.dropped
    assert set(names(decisions)[:3]) == {first, second, third}


async def test_what_was_dropped_can_be_added_again(decisions: Decisions) -> None:
    first = names(decisions)[0]
    await decisions.drop(first)
    await decisions.add(first, "she asked for it")
    assert first in [line.activity.id for line in decisions.plan.lines]
    assert not decisions.dropped
    assert decisions.reason(first) == "she asked for it"


async def test_an_added_activity_takes_none_away(decisions: Decisions, basis: PlanBasis) -> None:
    before = {line.activity.id for line in decisions.plan.lines}
    other = next(each.id for each in basis.activities if each.id not in before)
    await decisions.add(other)
    after = {line.activity.id for line in decisions.plan.lines}
    assert after == before | {other}
    (line,) = [line for line in decisions.plan.lines if line.activity.id == other]
    assert line.by_clinician


async def test_a_reason_moves_nothing(decisions: Decisions) -> None:
    order = plan_decisions.order_of(decisions.plan)
    for name in names(decisions)[:3]:
        await decisions.give_reason(name, f"because of {name}")
    assert plan_decisions.order_of(decisions.plan) == order
    assert decisions.reason(names(decisions)[2]) == f"because of {names(decisions)[2]}"


async def test_undo_leaves_answers_alone(decisions: Decisions) -> None:
    done = decisions.case.interview.done
    assert done, "the interview has answers that undo could take"
    assert not await decisions.undo()
    assert decisions.case.interview.done == done
    assert not await decisions.redo()


async def test_a_signed_record_keeps_its_plan(decisions: Decisions) -> None:
    decisions.case.record(Signed, by="ana")
    order = plan_decisions.order_of(decisions.plan)
    for attempt in (
        decisions.move(order["now"][0], 1),
        decisions.drop(order["now"][0]),
        decisions.give_reason(order["now"][0], "no"),
    ):
        with pytest.raises(IntakeError, match="signed"):
            await attempt
    assert not recorded(decisions)
    assert plan_decisions.order_of(decisions.plan) == order


async def test_decisions_are_in_the_file_and_come_back(
    decisions: Decisions, basis: PlanBasis, shipped: Bank
) -> None:
    first = names(decisions)[0]
    await decisions.move(first, 1)
    await decisions.drop(names(decisions)[2], "not here")
    assert decisions.case.settled()
    again = fold(shipped, decisions.case.events)
    assert len(decisions.case.file.load()) == len(decisions.case.events)
    assert plan_decisions.order_of(basis.plan(again)) == plan_decisions.order_of(decisions.plan)


def test_without_an_age_or_a_library_it_says_what_to_do(small: Bank, shipped: Bank) -> None:
    with pytest.raises(IntakeError, match="DESK-030"):
        plan_basis(fold(small, []), None)
    from nmt_intake.bank.documents import documents
    from nmt_intake.scoring import norms_from

    norms = norms_from(documents(shipped.folder, "scoring"), shipped.version)
    with pytest.raises(IntakeError, match="DESK-031"):
        plan_basis(fold(shipped, []), norms)
