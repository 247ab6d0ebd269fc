"""The card of kinds in the suggestions: pointed to, not pointed to, and not known."""

from __future__ import annotations

import pytest

from nmt_intake.interview.events import Event
from nmt_intake.interview.state import Interview, fold
from nmt_intake.scoring.suggest import suggest
from tests.interview.happenings import event
from tests.vignettes.vignette import shipped

ITEMS = ("caregiving", "substance", "neglect", "violence", "transitions", "other_trauma")
Said = dict[str, object]


def told(said: Said, version: str | None = None) -> Interview:
    bank, _ = shipped()
    client = {"alias": "M.", "birth": "2016-05-02", "interviewed": "2026-11-28"}
    teller = {"id": "m", "relation": "mother", "kind": "caregiver", "known_from_months": 0}
    events: list[Event] = [
        event(1, "opened", client=client),
        event(2, "informant_added", informant=teller),
    ]
    for number, (slot, value) in enumerate(said.items(), 3):
        made = event(number, "answered", slot=slot, value=value, informant="m")
        events.append(made.model_copy(update={"bank_version": version}) if version else made)
    return fold(bank, events)


def suggested(interview: Interview, period: str) -> list[tuple[int | None, int | None]]:
    _, norms = shipped()
    found = [suggest(interview, f"{period}/adversity.{item}", norms) for item in ITEMS]
    return [(each.low, each.high) for each in found]


@pytest.mark.parametrize(
    ("period", "card"), [("intrauterine", "womb"), ("early_childhood", "kinds")]
)
def test_a_card_on_which_nothing_is_pointed_to_says_none_of_all_six(period: str, card: str) -> None:
    interview = told({f"{period}/hard_times.{card}": ["nothing"]})
    assert all(low == 1 and (high or 12) <= 3 for low, high in suggested(interview, period))


def test_of_what_is_not_known_nothing_is_suggested() -> None:
    interview = told(
        {
            "childhood/hard_times.kinds": ["hit", "not_known"],
            "childhood/hard_times.violence": "some",
        }
    )
    found = dict(zip(ITEMS, suggested(interview, "childhood"), strict=True))
    assert found.pop("violence")[0] is not None
    # Nothing, or a range so wide that it says no more than nothing.
    assert all(low is None or (low == 1 and high == 9) for low, high in found.values())


def test_a_time_of_which_nothing_is_known_stays_unknown() -> None:
    interview = told({"who_is_who.own_eyes": ["childhood"], "infancy/care.known": "nothing"})
    assert set(suggested(interview, "infancy")) == {(None, None)}
    assert interview.truths["infancy/hard_times.kinds"] is False


def test_the_six_answers_of_an_older_bank_count_as_they_did() -> None:
    said: Said = {f"early_childhood/hard_times.{item}": "none" for item in ITEMS}
    said["early_childhood/hard_times.neglect"] = "much"
    said["early_childhood/care.helped"] = "her aunt"
    interview = told(said, version="1.0.0")
    found = dict(zip(ITEMS, suggested(interview, "early_childhood"), strict=True))
    assert (found.pop("neglect")[0] or 0) >= 5
    assert all(high is not None and high <= 3 for _, high in found.values())
    assert interview.values["early_childhood/people_around.helped"]
    assert not interview.orphans
