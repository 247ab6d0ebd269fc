"""Which domain goes when."""

from __future__ import annotations

import pytest

from nmt_intake.scoring.recommending import Circumstances, Plan

from .made_up import ENRICHMENT, ESSENTIAL, PLAIN, THERAPEUTIC, ids, planned, rated

E, T, N = ESSENTIAL, THERAPEUTIC, ENRICHMENT
ALL_LOW = rated(sensory_integration=6, self_regulation=6, relational=6, cognitive=5)


def _phases(plan: Plan) -> dict[str, str]:
    return {area.domain: area.phase for area in plan.areas}


def test_the_lowest_system_goes_first() -> None:
    plan = planned(ALL_LOW)
    assert [area.domain for area in plan.areas] == [
        "sensory_integration",
        "self_regulation",
        "relational",
        "cognitive",
    ]
    assert plan.areas[0].phase == "now"
    assert plan.areas[0].reasons[-1] == "The lowest system that needs help goes first."


def test_without_the_lowest_first_the_domain_furthest_below_goes_first() -> None:
    plan = planned(ALL_LOW, rules={"lowest_system_first": "false"})
    assert plan.areas[0].domain == "cognitive"
    assert _phases(plan)["cognitive"] == "now"
    assert _phases(plan)["sensory_integration"] == "next"


@pytest.mark.parametrize(
    ("levels", "phases"),
    [
        ((E, E, E, E), ("now", "next", "later", "later")),
        ((E, T, T, E), ("now", "next", "next", "later")),
        ((T, T, E, E), ("now", "now", "next", "later")),
        ((T, E, T, T), ("now", "now", "next", "next")),
        ((N, E, N, T), ("now", "now", "now", "next")),
        ((N, N, N, N), ("now", "now", "now", "now")),
    ],
)
def test_one_area_of_great_need_or_two_of_some_need_fill_a_phase(
    levels: tuple[int, ...], phases: tuple[str, ...]
) -> None:
    names = ("sensory_integration", "self_regulation", "relational", "cognitive")
    plan = planned(rated(**dict(zip(names, levels, strict=True))))
    assert tuple(_phases(plan).values()) == phases


def test_a_band_that_is_not_named_closes_no_phase() -> None:
    plan = planned(ALL_LOW, rules={"one_domain_at_a_time": {}})
    assert set(_phases(plan).values()) == {"now"}


def test_what_goes_well_is_kept_going_in_the_phase_the_rules_name() -> None:
    well = rated(sensory_integration=12)
    assert _phases(planned(well)) == {"sensory_integration": "now"}
    later = planned(well, rules={"enrichment_goes_to": "later"})
    assert _phases(later) == {"sensory_integration": "later"}
    assert ids(later, "later") == ["sensory_integration_0", "sensory_integration_1"]


def test_a_domain_with_nothing_rated_gets_nothing_and_the_plan_says_so() -> None:
    plan = planned(rated(self_regulation=6))
    assert [held.domain for held in plan.held] == ["sensory_integration", "relational", "cognitive"]
    assert "Ask first" in plan.held[0].reason
    assert {line.domain for line in plan.lines} == {"self_regulation"}


def test_with_nothing_rated_at_all_there_is_no_review_and_no_line() -> None:
    plan = planned({})
    assert plan.lines == ()
    assert plan.review is None
    assert len(plan.held) == 4


# Half of the six functions of sensory integration, well or nearly well.
WELL = {"autonomic": 12, "temperature_metabolism": 12, "eye_movements": 11}
ONE_LOW = WELL | {"eye_movements": 8}


def test_a_figure_across_two_levels_counts_as_the_one_with_more_help() -> None:
    area = planned(ONE_LOW).areas[0]
    assert area.percent > 85
    assert area.band == "essential"
    assert "Not enough is rated to be sure" in area.reasons[1]


def test_a_figure_across_two_levels_stays_at_its_centre_if_nothing_is_known_to_need_help() -> None:
    area = planned(WELL).areas[0]
    assert area.band == "enrichment"
    assert "3 of 6 functions rated (it could be 52 to 98 %)" in area.reasons[0]


def test_a_figure_that_could_lie_above_what_is_expected_is_given_as_so_much_or_more() -> None:
    area = planned({"autonomic": 4}, age=14).areas[0]
    assert area.reasons[0].endswith("with 1 of 6 functions rated (it could be 15 % or more).")


def test_the_rules_can_always_take_the_centre() -> None:
    assert planned(ONE_LOW, rules={"band_range": "centre"}).areas[0].band == "enrichment"


@pytest.mark.parametrize(("level", "weeks"), [(E, 4), (T, 8), (N, 12)])
def test_the_lowest_level_of_the_plan_says_when_to_look_again(level: int, weeks: int) -> None:
    review = planned(rated(sensory_integration=12, self_regulation=level)).review
    assert review is not None
    assert review.weeks == weeks
    assert "the home, the school or the caregiver changes" in review.sooner_when
    assert "What can be dropped?" in review.asks


@pytest.mark.parametrize(
    ("before", "level", "words"),
    [
        ("essential", T, "begin with the next area"),
        ("therapeutic", N, "let the rest go"),
        ("essential", N, "let the rest go"),
        ("therapeutic", T, None),
        ("enrichment", T, None),
        ("therapeutic", E, None),
    ],
)
def test_a_domain_that_has_come_up_since_the_last_plan_is_told(
    before: str, level: int, words: str | None
) -> None:
    given = Circumstances(bands_before={"self_regulation": before})
    moved = planned(rated(self_regulation=level), PLAIN, given=given).moved_on
    if words is None:
        assert moved == ()
    else:
        assert len(moved) == 1
        assert moved[0].startswith("Self-regulation: ")
        assert words in moved[0]


def test_an_open_concern_about_safety_is_said_first_and_holds_nothing_back() -> None:
    calm = planned(ALL_LOW)
    open_concern = planned(ALL_LOW, given=Circumstances(safety_open=True))
    assert calm.said_first == ()
    assert open_concern.said_first[0].startswith("A concern about safety is open.")
    assert open_concern.phases == calm.phases


def test_every_plan_says_when_to_stop_and_that_nothing_is_a_lever() -> None:
    plan = planned({})
    assert any("taken away as a punishment" in said for said in plan.always_says)
    assert any("calm times" in said for said in plan.always_says)
    assert any("no reason is asked" in said for said in plan.stop_when)
    quiet = planned({}, rules={"always_says": "false"})
    assert quiet.always_says == ()


def test_a_plan_names_the_versions_it_was_made_with() -> None:
    assert planned({}).versions["sequence"] == "1"
    assert planned({}).versions["bank"] == "9.9.9"
