"""What a line says for itself."""

from __future__ import annotations

from nmt_intake.scoring.recommending import Circumstances, Strength

from .made_up import activity, ids, planned, rated, reasons

LOW = rated(self_regulation=6)
GAME = activity("game", functions=("sleep", "arousal"), settings=("home", "clinic"))


def test_a_line_says_what_it_works_on_in_percent_of_what_is_expected() -> None:
    plan = planned(LOW | {"sleep": 3}, (GAME,))
    assert plan.lines[0].reasons == (
        "It works on sleep (rated 3, 25 % of what is expected at this age) and settling and alarm "
        "(rated 6, 50 %).",
        "It can be done at home or in the clinic.",
    )


def test_a_line_says_which_rating_is_a_suggestion_that_nobody_confirmed() -> None:
    given = Circumstances(unconfirmed=frozenset({"functions.sleep"}))
    plan = planned(LOW, (GAME,), given=given)
    assert (
        "sleep (rated 6, 50 % of what is expected at this age, suggested only)"
        in (plan.lines[0].reasons[0])
    )
    assert "alarm (rated 6, 50 %)." in plan.lines[0].reasons[0]
    assert plan.lines[0].unconfirmed
    assert "1 of these ratings is suggested only" in plan.areas[0].reasons[0]


def test_a_line_that_rests_on_its_whole_domain_says_that_ratings_are_unconfirmed() -> None:
    given = Circumstances(unconfirmed=frozenset({"functions.sleep", "functions.arousal"}))
    plan = planned(rated(self_regulation=12), (GAME,), given=given)
    assert plan.lines[0].unconfirmed
    assert "Self-regulation is at 100 %" in plan.lines[0].reasons[0]
    assert "2 of these ratings are suggested only" in plan.lines[0].reasons[0]


def test_a_line_for_the_caregiver_says_that_the_rating_behind_it_is_unconfirmed() -> None:
    care = activity("care", made_for=("caregiver",))
    given = Circumstances(unconfirmed=frozenset({"relationships.primary_caregivers"}))
    plan = planned({}, (care,), relationships={"primary_caregivers": 3}, given=given)
    assert "rated 3 (poor, suggested only)" in reasons(plan, "care")
    assert plan.lines[0].unconfirmed


def test_confirmed_ratings_are_not_called_suggested() -> None:
    plan = planned(LOW, (GAME,))
    assert not plan.lines[0].unconfirmed
    assert "suggested only" not in " ".join((*plan.lines[0].reasons, *plan.areas[0].reasons))


def test_words_that_fit_are_quoted_once_with_who_said_them() -> None:
    dance = activity("dance", strengths=("music", "dancing", "water"))
    said = (Strength("Dances to every song", "foster mother"), Strength("likes songs", "aunt"))
    plan = planned(LOW, (dance,), given=Circumstances(strengths=said))
    assert ids(plan) == ["dance"]
    told = [reason for reason in plan.lines[0].reasons if reason.startswith("It fits")]
    assert told == [
        "It fits what is good or loved (music): “likes songs”, aunt.",
        "It fits what is good or loved (dancing): “Dances to every song”, foster mother.",
    ]


def test_what_was_said_is_shown_without_what_could_steer_a_terminal() -> None:
    dance = activity("dance", strengths=("dancing",))
    said = (Strength("dance \x1b[31m\u202e now", "a\x07unt"),)
    plan = planned(LOW, (dance,), given=Circumstances(strengths=said))
    assert "“dance [31m now”, aunt" in reasons(plan, "dance")
