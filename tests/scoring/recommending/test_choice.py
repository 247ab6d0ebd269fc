"""Which activities of a domain are chosen, and how many."""

from __future__ import annotations

import pytest

from nmt_intake.bank.model import Activity
from nmt_intake.scoring.recommending import Circumstances, Strength

from .made_up import ADULT, PLAIN, activity, ids, planned, rated, reasons, some_of

LOW = rated(self_regulation=6)
LOUD = Circumstances(strengths=(Strength("Loves to drum", "aunt"),))


@pytest.mark.parametrize(("level", "count"), [(6, 4), (9, 3), (12, 2)])
def test_a_domain_has_few_things_and_fewer_where_less_is_needed(level: int, count: int) -> None:
    assert len(ids(planned(rated(self_regulation=level)))) == count


def test_a_level_without_a_limit_takes_all_there_is() -> None:
    assert len(ids(planned(LOW, rules={"at_most": {}}))) == 6


def test_only_activities_for_the_level_of_need_are_chosen() -> None:
    library = (
        activity("deep", band=("essential",)),
        activity("wide", band=("therapeutic", "enrichment")),
    )
    assert ids(planned(LOW, library)) == ["deep"]
    assert ids(planned(rated(self_regulation=12), library)) == ["wide"]


def test_only_activities_for_the_age_are_chosen_the_first_month_counted_and_the_last_not() -> None:
    library = (
        activity("from_here", ages=(ADULT, 1200)),
        activity("up_to_here", ages=(0, ADULT)),
    )
    assert ids(planned(LOW, library)) == ["from_here"]


RANKED = (
    # The later one by id is the better one, each by one key.
    (
        "furthest_below",
        (activity("a", functions=("arousal",)), activity("b", functions=("sleep",))),
        LOW | {"sleep": 3},
    ),
    (
        "new_needed_functions",
        (
            activity("a", functions=("arousal",)),
            activity("b", functions=("arousal", "affect_mood")),
        ),
        LOW,
    ),
    (
        "lowest_function",
        (activity("a", functions=("affect_mood",)), activity("b", functions=("sleep",))),
        LOW,
    ),
    ("strengths", (activity("a"), activity("b", strengths=("music",))), LOW),
    ("cost", (activity("a", cost="some"), activity("b", cost="low")), LOW),
)


@pytest.mark.parametrize(("key", "library", "functions"), RANKED)
def test_each_key_of_the_ranking_decides_where_those_before_it_do_not_differ(
    key: str, library: tuple[Activity, ...], functions: dict[str, int]
) -> None:
    ranked = {"at_most": {"essential": 1}, "rank_by": [key, "id"], "keep_strengths": NO_STRENGTHS}
    by_id = ranked | {"rank_by": ["id"]}
    assert ids(planned(functions, library, rules=ranked, given=LOUD)) == ["b"]
    assert ids(planned(functions, library, rules=by_id, given=LOUD)) == ["a"]


NO_STRENGTHS = {"at_least": 0, "bands": []}


def test_the_first_key_that_differs_decides() -> None:
    library = (activity("a", cost="some"), activity("b", functions=("values_beliefs",)))
    rules = {"at_most": {"essential": 1}, "rank_by": ["lowest_function", "cost", "id"]}
    assert ids(planned(LOW, library, rules=rules)) == ["a"]


def test_a_setting_that_the_plan_has_less_of_goes_first() -> None:
    library = (
        activity("a", settings=("home",)),
        activity("b", settings=("home",)),
        activity("c", settings=("clinic",)),
    )
    rules = {
        "at_most": {"essential": 2},
        "rank_by": ["settings", "id"],
        "settings_balance": {},
    }
    assert ids(planned(LOW, library, rules=rules)) == ["a", "c"]


def test_what_is_served_already_counts_no_more() -> None:
    library = (
        activity("a", functions=("arousal", "affect_mood")),
        activity("b", functions=("arousal", "affect_mood")),
        activity("c", functions=("sleep",)),
    )
    rules = {"at_most": {"essential": 2}, "rank_by": ["new_needed_functions", "id"]}
    assert ids(planned(LOW, library, rules=rules)) == ["a", "c"]


def test_the_need_furthest_below_is_looked_for_in_the_domain_itself() -> None:
    library = (
        activity("a", functions=("arousal", "communication")),
        activity("b", functions=("sleep",)),
    )
    functions = LOW | {"communication": 1, "sleep": 3}
    rules = {"at_most": {"essential": 1}}
    assert ids(planned(functions, library, rules=rules)) == ["b"]


@pytest.mark.parametrize(("percent", "needed"), [(75, False), (76, True)])
def test_a_function_needs_help_when_it_is_under_the_named_share_of_what_is_expected(
    percent: int, needed: bool
) -> None:
    rules = {"needed_below_percent": str(percent)}
    plan = planned(rated(self_regulation=9), rules=rules)
    assert ("It works on settling and alarm (rated 9, 75 %" in plan.lines[0].reasons[0]) is needed


def test_less_than_one_step_under_what_is_expected_is_no_need() -> None:
    # Waiting is expected at 1.5 at six weeks: a 1 is the lowest rating there is.
    library = (activity("a", functions=("time_delay",)), activity("b", functions=("arousal",)))
    functions = rated(self_regulation=1)
    plan = planned(functions, library, age=1.5)
    assert "It works on" not in reasons(plan, "a")
    assert "It works on settling and alarm" in reasons(plan, "b")
    bare = planned(functions, library, age=1.5, rules={"needed_steps_below": "0"})
    assert "It works on sense of time" in reasons(bare, "a")


def test_an_unrated_function_is_not_a_need() -> None:
    functions = {name: rating for name, rating in LOW.items() if name != "arousal"}
    plan = planned(functions, PLAIN)
    assert "near what is expected at this age, or not rated" in plan.lines[0].reasons[0]


def test_great_need_begins_with_half_the_time() -> None:
    assert all(line.half_dose for line in planned(LOW).lines)
    assert not any(line.half_dose for line in planned(rated(self_regulation=9)).lines)
    other = {"half_dose_when": ["therapeutic"]}
    assert all(line.half_dose for line in planned(rated(self_regulation=9), rules=other).lines)
    assert planned(LOW).half_dose_says.startswith("Start with half the time")


SCHOOL_ONLY = (activity("at_school", settings=("school",), led_by="teacher"),)


@pytest.mark.parametrize(("age", "open_"), [(59, False), (60, True), (215, True), (216, False)])
def test_what_is_done_at_school_only_is_for_the_years_of_school(age: int, open_: bool) -> None:
    plan = planned(rated(self_regulation=1), SCHOOL_ONLY, age=age)
    assert ids(plan) == (["at_school"] if open_ else [])
    if open_:
        assert "only in the years of school" in reasons(plan, "at_school")


def test_a_closed_setting_is_not_offered_as_a_place() -> None:
    library = (activity("a", settings=("home", "school")),)
    assert reasons(planned(LOW, library), "a").endswith("It can be done at home.")


def test_for_someone_alone_only_what_needs_no_caregiver_is_suggested() -> None:
    library = (
        activity("with_parent", led_by="caregiver, teacher"),
        activity("alone", led_by="caregiver, self"),
    )
    alone = planned(LOW, library, given=Circumstances(client_is_only_informant=True))
    assert ids(alone) == ["alone"]
    assert "Chosen so that it can be done without a caregiver." in alone.principles
    both = planned(LOW, library)
    assert ids(both) == ["alone", "with_parent"]
    assert "Chosen so that it can be done without a caregiver." not in both.principles


def test_what_is_for_an_occasion_is_offered_with_the_occasion_and_never_suggested() -> None:
    library = (activity("packing"), *some_of("self_regulation", "arousal", 1))
    rules = {"only_on_occasion": {"packing": "a move is ahead"}}
    plan = planned(LOW, library, rules=rules)
    assert ids(plan) == ["self_regulation_0"]
    assert [(each.activity.id, each.occasion) for each in plan.on_occasion] == [
        ("packing", "a move is ahead")
    ]


@pytest.mark.parametrize(
    "unfit",
    [
        activity("packing", domain="cognitive"),
        activity("packing", band=("enrichment",)),
        activity("packing", ages=(0, 12)),
        activity("packing", settings=("school",)),
    ],
)
def test_an_occasion_is_not_offered_where_domain_band_age_or_place_do_not_fit(
    unfit: Activity,
) -> None:
    rules = {"only_on_occasion": {"packing": "a move is ahead"}}
    assert planned(LOW, (unfit,), rules=rules).on_occasion == ()
