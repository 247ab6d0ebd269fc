"""Free words: names in every form people say them, substances, days; and what is left alone."""

from __future__ import annotations

import pytest

from nmt_intake.interview.state import fold
from nmt_intake.report.disclosure import disclosed
from nmt_intake.report.options import Policy
from nmt_intake.report.private_words import (
    Naming,
    as_relation,
    dates_as_ages,
    mentions_substances,
)
from tests.banks import shipped
from tests.interview.happenings import event
from tests.interview.random_banks import bank_from, question

NAMING = Naming(
    "M.",
    {
        "Marjolein van Dyk": "M.",
        "Katherine O'Brien": "aunt",
        "Marjolein": "M.",
        "Katherine": "aunt",
        "Guillermo": "father",
        "José": "uncle",
        "Milo": "brother",
        "Dyk": "M.",
    },
)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("MARJOLEIN's voice", "M.'s voice"),
        ("Marjoleins voice", "M.'s voice"),
        ("Marjo and Marjoleintje", "M. and Marjoleintje"),
        ("Kate, Kathy and Katie", "aunt, aunt and aunt"),
        ("ask kate", "ask aunt"),
        ("Memo, Guille and Guillermito", "father, father and father"),
        ("Jose rang", "uncle rang"),
        ("the van Dyk women", "the M. women"),
        ("Katherine O'Brien's house", "aunt's house"),
    ],
)
def test_a_name_is_hidden_in_the_forms_that_people_say(said: str, shown: str) -> None:
    assert NAMING.applied(said) == shown


@pytest.mark.parametrize("said", ["Milos sings", "a memo of May", "Marketing, in March", "que va"])
def test_other_words_stay(said: str) -> None:
    assert NAMING.applied(said) == said


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("aunt Kate", "aunt"),
        ("Guillermo, her father", "father"),
        ("the first foster mother", "the first foster mother"),
        ("Rosa", "somebody"),
    ],
)
def test_of_a_person_only_the_relation_is_told(said: str, who: str) -> None:
    assert as_relation(said) == who


@pytest.mark.parametrize(
    "said", ["He drank.", "DRUNK again", "on methadone", "Fumaba mucho.", "two beers", "sober now"]
)
def test_words_on_substances_are_known(said: str) -> None:
    assert mentions_substances(said)


@pytest.mark.parametrize(
    "said", ["sore joints", "social withdrawal", "She eats well.", "at full speed", "a blood test"]
)
def test_words_on_other_things_are_not_taken_for_them(said: str) -> None:
    assert not mentions_substances(said)


@pytest.mark.parametrize(
    ("said", "aged"),
    [
        ("since 3 May 2024", "at 8 years"),
        ("on 2017-03-14 she walked", "at 12 months she walked"),
        ("in 2015", "before birth"),
        ("el 3 de mayo de 2020", "at 4 years"),
        ("03/14/2016", "at 0 months"),
        ("2 May", "at a time left out"),
        ("2000 g at birth", "2000 g at birth"),
        ("she may 2 go", "she may 2 go"),
    ],
)
def test_a_date_gives_way_to_the_age(said: str, aged: str) -> None:
    assert dates_as_ages(said, "2016-03-14") == aged


def test_without_dates_to_hide_only_the_month_of_birth_is() -> None:
    said = "Born 14 March 2016, moved in May 2019"
    told = dates_as_ages(said, "2016-03-14", all_of_them=False)
    assert told == "Born around birth, moved in May 2019"


@pytest.mark.parametrize(
    ("policy", "left"),
    [
        (Policy(), ["client.name", "client.birth", "b.drank"]),
        (Policy(substance=False), ["client.name", "client.birth"]),
        (Policy(dates=False), ["client.name", "b.drank"]),
        (Policy(name="M."), ["client.name", "b.drank"]),
    ],
)
def test_what_was_settled_is_left_out_as_the_answers_are(policy: Policy, left: list[str]) -> None:
    drank = question("drank", "yes_no", tags=["substance"])
    bank = bank_from([{"block": "b", "title": "B", "questions": [drank]}])
    client = {"alias": "M.", "name": "Mia Roth", "birth": "2019-09-14"}
    events = [event(1, "opened", client={**client, "interviewed": "2026-11-22"})]
    for number, value in ((2, True), (3, False)):
        said = {"slot": "b.drank", "value": value, "informant": f"i{number}"}
        events.append(event(number, "answered", **said))
    for fact, value in (
        ("client.name", "Mia Roth"),
        ("client.birth", "2019-09-15"),
        ("b.drank", True),
    ):
        reason = "Mia Roth was drunk" if fact == "b.drank" else "Mia Roth said it"
        number = len(events) + 1
        events.append(event(number, "fact_settled", fact=fact, value=value, reason=reason))
    copy = disclosed(fold(bank, events), policy)
    held = [
        each
        for about in copy.ledger.by_subject.values()
        for each in about
        if each.kind == "fact_settled"
    ]
    assert [each.fact for each in held] == left
    assert not any("Roth" in f"{each.value} {each.reason}" for each in held)


def test_of_a_card_only_the_heading_on_substances_is_left_out() -> None:
    client = {"alias": "M.", "birth": "2019-09-14", "interviewed": "2026-11-22"}
    events = [event(1, "opened", client=client)]
    for number, period, codes in ((2, "perinatal", ["drink", "fights"]), (3, "infancy", ["drink"])):
        slot = f"{period}/hard_times.kinds"
        events.append(event(number, "answered", slot=slot, value=codes, informant="x"))
    interview = fold(shipped(), events)
    copy = disclosed(interview, Policy(substance=False))
    assert copy.values["perinatal/hard_times.kinds"] == ("fights",)
    assert "infancy/hard_times.kinds" not in copy.values
    assert disclosed(interview, Policy()).values == interview.values
