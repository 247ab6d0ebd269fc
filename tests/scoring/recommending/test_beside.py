"""What the rules want beside the domains: ties, loved things, caregivers, limits and places."""

from __future__ import annotations

from nmt_intake.bank.model import Activity
from nmt_intake.scoring.recommending import Circumstances, Strength

from .made_up import PLAIN, activity, ids, planned, rated, reasons, some_of

ALL_LOW = rated(sensory_integration=6, self_regulation=6, relational=6, cognitive=6)
TIE = "one thing for the tie between people is there from the start"
LOVED = "stays in every plan, from the first day"
DRUMS = Circumstances(strengths=(Strength("He drums on everything; loves the drum", "aunt"),))


def test_one_thing_for_the_tie_between_people_is_there_from_the_start() -> None:
    plan = planned(ALL_LOW)
    assert [name for name in ids(plan, "now") if name.startswith("relational")] == ["relational_0"]
    assert TIE in reasons(plan, "relational_0")
    assert TIE not in reasons(plan, "relational_1")
    assert len([name for name in ids(plan) if name.startswith("relational")]) == 4


def test_the_thing_for_the_tie_works_on_closeness_if_there_is_such() -> None:
    library = (
        activity("a_body", "relational", ("psychosexual", "values_beliefs", "self_awareness")),
        activity("close", "relational", ("attachment",)),
    )
    rules = {"one_domain_at_a_time": {}, "at_most": {"essential": 1}}
    assert ids(planned(rated(relational=6), library, rules=rules)) == ["close"]
    assert ids(planned(rated(relational=6), library[:1], rules=rules)) == ["a_body"]


def test_nothing_is_put_in_for_a_tie_that_nobody_rated() -> None:
    plan = planned(rated(self_regulation=6))
    assert not any(name.startswith("relational") for name in ids(plan))


def _loved(name: str, domain: str) -> Activity:
    return activity(name, domain, ("communication",), strengths=("music",))


def test_something_loved_is_begun_at_once_even_from_an_area_that_waits() -> None:
    library = (*PLAIN, _loved("song", "cognitive"))
    plan = planned(ALL_LOW, library, given=DRUMS)
    assert "song" in ids(plan, "now")
    assert LOVED in reasons(plan, "song")
    assert "“He drums on everything; loves the drum”, aunt" in reasons(plan, "song")
    assert len([line for line in plan.lines if line.domain == "cognitive"]) == 4


def test_a_full_area_gives_its_last_thing_for_the_loved_one() -> None:
    far_off = activity("song", "cognitive", ("fine_motor",), strengths=("music",))
    functions = ALL_LOW | {"fine_motor": 12}
    assert "song" not in ids(planned(functions, (*PLAIN, far_off)))
    plan = planned(functions, (*PLAIN, far_off), given=DRUMS)
    assert [name for name in ids(plan) if name == "song" or name.startswith("cognitive")] == [
        "song",
        "cognitive_0",
        "cognitive_1",
        "cognitive_2",
    ]


def test_nothing_is_made_up_where_nothing_loved_is_known() -> None:
    library = (*PLAIN, _loved("song", "cognitive"))
    assert "song" not in ids(planned(ALL_LOW, library), "now")


def test_loved_things_come_from_domains_of_the_named_bands_only() -> None:
    library = (*PLAIN, _loved("song", "cognitive"))
    functions = rated(self_regulation=6, cognitive=12)
    rules = {"keep_strengths": {"at_least": 1, "bands": ["essential"]}}
    plan = planned(functions, library, rules=rules, given=DRUMS)
    assert not any(LOVED in " ".join(line.reasons) for line in plan.lines)


def test_what_is_loved_is_not_moved_when_there_is_too_much_at_once() -> None:
    library = (*PLAIN, _loved("song", "cognitive"))
    rules = {"at_most_now": 1, "always_in_now": []}
    plan = planned(ALL_LOW, library, rules=rules, given=DRUMS)
    assert ids(plan, "now") == ["song"]


def test_no_more_than_so_many_things_are_begun_at_once() -> None:
    functions = rated(sensory_integration=9, self_regulation=6, relational=12, cognitive=12)
    free = planned(functions, rules={"at_most_now": 99})
    assert len(ids(free, "now")) == 3 + 4 + 2 + 2
    plan = planned(functions)
    assert ids(plan, "now") == [
        "sensory_integration_0",
        "sensory_integration_1",
        "self_regulation_0",
        "self_regulation_1",
        "relational_0",
        "cognitive_0",
    ]
    assert set(ids(plan)) == set(ids(free))


def test_an_area_of_great_need_is_not_cut_for_one_that_is_nearly_well() -> None:
    functions = rated(sensory_integration=9, self_regulation=6, relational=6)
    plan = planned(functions)
    assert ids(plan, "now") == [
        "sensory_integration_0",
        "sensory_integration_1",
        "self_regulation_0",
        "self_regulation_1",
        "self_regulation_2",
        "relational_0",
    ]
    assert ids(plan, "next")[0] == "sensory_integration_2"


CARE = tuple(
    activity(
        f"care_{number}",
        "cognitive",
        ("speech",),
        ("enrichment",),
        led_by="self",
        made_for=("caregiver",),
    )
    for number in range(4)
)
FIRST = "The one who cares comes first here"


def test_the_caregiver_usually_gets_one_thing_whatever_its_domain_and_band() -> None:
    plan = planned(rated(self_regulation=6), (*PLAIN, *CARE), relationships={})
    assert [name for name in ids(plan) if name.startswith("care")] == ["care_0"]
    assert ids(plan, "now")[-1] == "care_0"
    assert "Those who give care get something" in reasons(plan, "care_0")
    assert not next(line for line in plan.lines if line.activity.id == "care_0").half_dose


def test_the_caregiver_comes_first_when_the_tie_to_the_caregiver_is_rated_low() -> None:
    for rating, first in ((6, True), (7, False)):
        given = {"primary_caregivers": rating}
        plan = planned(rated(self_regulation=6), (*PLAIN, *CARE), relationships=given)
        assert (ids(plan, "now")[:2] == ["care_0", "care_1"]) is first
        assert (FIRST in reasons(plan, "care_0")) is first
        assert ("Main caregivers: rated 6 (episodic)." in reasons(plan, "care_0")) is first


def test_an_unknown_tie_to_the_caregiver_is_not_a_low_one() -> None:
    plan = planned(rated(self_regulation=6), (*PLAIN, *CARE))
    assert FIRST not in reasons(plan, "care_0")


def test_a_low_function_can_put_the_caregiver_first_too() -> None:
    rules = {"caregiver_first_when": [{"rating": "functions.sleep", "at_most": "6"}]}
    plan = planned(rated(self_regulation=6), (*PLAIN, *CARE), rules=rules)
    assert "Sleep: rated 6 (moderate dysfunction)." in reasons(plan, "care_0")


def test_there_is_nothing_for_a_caregiver_if_only_the_client_tells() -> None:
    library = (*PLAIN, *CARE, activity("own", led_by="self"))
    plan = planned(
        rated(self_regulation=6),
        library,
        relationships={"primary_caregivers": 2},
        given=Circumstances(client_is_only_informant=True),
    )
    assert ids(plan) == ["own"]


def test_things_for_the_caregiver_do_not_count_among_the_six() -> None:
    plan = planned(ALL_LOW, (*PLAIN, *CARE), relationships={"primary_caregivers": 2})
    plain = planned(ALL_LOW, PLAIN)
    assert ids(plan, "now")[2:] == ids(plain, "now")


def test_what_can_be_done_only_in_the_clinic_makes_room_for_what_can_be_done_at_home() -> None:
    clinic = tuple(activity(f"a_{number}", settings=("clinic",)) for number in range(4))
    home = tuple(activity(f"b_{number}", settings=("home",), cost="some") for number in range(4))
    rules = {"rank_by": ["cost", "id"]}
    plan = planned(rated(self_regulation=6), (*clinic, *home), rules=rules)
    assert ids(plan) == ["a_0", "a_1", "b_1", "b_0"]
    assert "The clinic is the smaller part." in reasons(plan, "b_0")
    unbalanced = rules | {"settings_balance": {}}
    assert ids(planned(rated(self_regulation=6), (*clinic, *home), rules=unbalanced)) == [
        "a_0",
        "a_1",
        "a_2",
        "a_3",
    ]


def test_a_wish_about_places_that_no_activity_meets_is_left() -> None:
    clinic = tuple(activity(f"a_{number}", settings=("clinic",)) for number in range(4))
    assert len(ids(planned(rated(self_regulation=6), clinic))) == 4


def test_school_is_wished_for_in_the_years_of_school_only() -> None:
    home = some_of("self_regulation", "arousal", 4)
    school = activity("z", settings=("school", "home"), cost="some")
    low = rated(self_regulation=3)
    rules = {"rank_by": ["cost", "id"], "settings_open": {}}
    assert "z" in ids(planned(low, (*home, school), age=120, rules=rules))
    assert "z" not in ids(planned(low, (*home, school), age=48, rules=rules))
