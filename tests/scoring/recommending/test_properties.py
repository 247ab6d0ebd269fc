"""What holds of every plan, whoever it is for; with the shipped library and rules."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from nmt_intake.scoring import Ratings, score
from nmt_intake.scoring.recommending import (
    Chosen,
    Circumstances,
    Dropped,
    Plan,
    Sequence,
    Strength,
    recommend,
    sequence_from,
)
from nmt_intake.vocabulary import FUNCTIONS
from tests.scoring.shipped import norms, ratings

from .made_up import rules_document, shipped

IDS = st.sampled_from([activity.id for activity in shipped()])
STRENGTHS = st.lists(
    st.sampled_from(["football", "sings", "no friends", "the dog", "reads", "", "cooking"]).map(
        lambda text: Strength(text, "aunt")
    ),
    max_size=3,
).map(tuple)
UNDECIDED = st.builds(
    Circumstances,
    unconfirmed=st.frozensets(st.sampled_from([f"functions.{name}" for name in FUNCTIONS])),
    strengths=STRENGTHS,
    client_is_only_informant=st.booleans(),
    safety_open=st.booleans(),
    dropped=st.lists(st.builds(Dropped, IDS), max_size=40).map(tuple),
)


@cache
def rules() -> Sequence:
    return sequence_from(rules_document(), shipped())


def _plan(rated: Ratings, circumstances: Circumstances) -> Plan:
    return recommend(score(rated, norms()), norms(), shipped(), rules(), rated, circumstances)


@settings(max_examples=150)
@given(ratings(), UNDECIDED)
def test_every_plan_keeps_to_age_limits_drops_and_reasons(
    rated: Ratings, circumstances: Circumstances
) -> None:
    plan = _plan(rated, circumstances)
    for line in plan.lines:
        assert line.activity.ages[0] <= rated.age_months < line.activity.ages[1]
        assert line.reasons
        assert all(reason.strip() for reason in line.reasons)
    named = [line.activity.id for line in plan.lines]
    assert len(named) == len(set(named))
    dropped = {each.activity for each in circumstances.dropped}
    assert not dropped & {*named, *(each.activity.id for each in plan.on_occasion)}
    for_client = [line for line in plan.lines if line.band is not None]
    bands = {area.domain: area.band for area in plan.areas}
    for domain, count in Counter(line.domain for line in for_client).items():
        assert count <= rules().at_most[bands[domain]]
    assert not {held.domain for held in plan.held} & {line.domain for line in for_client}
    assert len(plan.held) + len(plan.areas) == 4
    begun = [line for line in plan.phases[0].lines if line.band is not None]
    assert len(begun) <= rules().at_most_now
    assert {line.activity.made_for for line in plan.lines if line.band is None} <= {("caregiver",)}


@settings(max_examples=40)
@given(ratings(), UNDECIDED, st.randoms(use_true_random=False))
def test_the_same_in_gives_the_same_plan_in_whatever_order_the_library_is(
    rated: Ratings, circumstances: Circumstances, random: Random
) -> None:
    metrics = score(rated, norms())
    mixed = list(shipped())
    random.shuffle(mixed)
    one = _plan(rated, circumstances)
    other = recommend(metrics, norms(), mixed, rules(), rated, circumstances)
    assert one.phases == other.phases
    assert one.areas == other.areas


@settings(max_examples=60)
@given(
    ratings(),
    UNDECIDED,
    st.lists(
        st.builds(
            Chosen,
            IDS,
            phase=st.sampled_from([None, "now", "next", "later", "someday"]),
            place=st.none() | st.integers(-3, 30),
        ),
        max_size=6,
    ).map(tuple),
)
def test_the_clinicians_choices_are_all_in_the_plan_and_push_nothing_out(
    rated: Ratings, circumstances: Circumstances, chosen: tuple[Chosen, ...]
) -> None:
    before = {line.activity.id for line in _plan(rated, circumstances).lines}
    decided = replace(circumstances, chosen=chosen)
    named = [line.activity.id for line in _plan(rated, decided).lines]
    wanted = {each.activity for each in chosen}
    dropped = {each.activity for each in circumstances.dropped}
    assert set(named) == before | (wanted - dropped)
    assert len(named) == len(set(named))
