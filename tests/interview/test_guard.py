"""What must not be recorded, and what an answer that cannot be is told."""

from __future__ import annotations

import pytest

from nmt_intake.bank.model import Bank
from nmt_intake.interview.events import Event
from nmt_intake.interview.guard import objection, refusal
from nmt_intake.interview.state import Interview, fold
from tests.interview.happenings import event
from tests.interview.random_banks import bank_from, question

CHECKED = {
    "hard_check": {"expect": "value <= client.age_months", "say": "Older than the client."},
    "soft_check": {"expect": "value < 24", "say": "That is late."},
}


@pytest.fixture
def bank() -> Bank:
    return bank_from(
        [
            {
                "block": "b",
                "title": "B",
                "questions": [
                    question("gate", "yes_no"),
                    question("inner", "age", when="gate", **CHECKED),
                    question("birth", "date", fact="client.birth"),
                ],
            },
            {
                "block": "p",
                "title": "P",
                "for_each": "period",
                "questions": [question("q", "yes_no")],
            },
        ]
    )


@pytest.fixture
def interview(bank: Bank) -> Interview:
    client = {"alias": "M.", "age_months": 36}
    return fold(
        bank,
        [
            event(1, "opened", client=client),
            event(2, "informant_added", informant={"id": "gm", "relation": "gran"}),
            event(3, "answered", slot="b.gate", value=False),
            event(4, "safety_raised", topic="violence"),
        ],
    )


def said(slot: str, value: object, who: str | None = None) -> Event:
    return event(9, "answered", slot=slot, value=value, informant=who)


def settling(value: str, reason: str) -> Event:
    return event(9, "fact_settled", fact="client.birth", value=value, reason=reason)


@pytest.mark.parametrize(
    ("refused", "because"),
    [
        (said("b.nothing", True), "no such question"),
        (said("infancy/b.gate", True), "no such question"),
        (said("youth/p.q", True), "no such period"),
        (event(9, "marked_missing", slot="youth/p.q", reason="masked"), "no such period"),
        (said("b.gate", "perhaps"), "takes yes or no"),
        (said("b.gate", True, "aunt"), "no such informant"),
        (said("b.inner", 48), "Older than the client"),
        (event(9, "rated", rating="functions.slep", value=3), "no such rating"),
        (event(9, "rated", rating="x/functions.sleep", value=3), "no such rating"),
        (event(9, "rated", rating="youth/adversity.neglect", value=3), "no such rating"),
        (event(9, "informant_chosen", informant="aunt"), "no such informant"),
        (event(9, "retracted", target="e00001"), "nothing like that to undo"),
        (event(9, "retracted", target="e77777"), "nothing like that to undo"),
        (event(9, "restored", target="e00003"), "nothing like that to bring back"),
        (event(9, "safety_acknowledged", raised="e00001", reason="x"), "no such safety note"),
        (event(9, "reopened", reason="x"), "not signed"),
        (event(3, "break_taken"), "recorded already"),
        (said("b.birth", "2031-02"), "ahead of the interview"),
        (settling("2031", "seen"), "ahead of the interview"),
        (settling("2019-00", "seen"), "cannot be"),
        (settling("2019", "  "), "Say why"),
        (
            event(9, "client_described", client={"alias": "M.", "birth": "2031"}),
            "ahead of the interview",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(
    interview: Interview, refused: Event, because: str
) -> None:
    assert because in str(refusal(interview, refused) or "accepted")


@pytest.mark.parametrize(
    "welcome",
    [
        said("b.gate", "yes", "gm"),
        said("b.inner", 30),
        said("early_childhood/p.q", False),
        event(9, "marked_missing", slot="b.inner", reason="masked"),
        event(9, "rated", rating="infancy/adversity.neglect", value=None),
        event(9, "rated", rating="relationships.mentors", value=12),
        event(9, "retracted", target="e00003"),
        event(9, "safety_acknowledged", raised="e00004", reason="x"),
        event(9, "signed", by="me"),
        event(9, "noted", text="x"),
        event(9, "client_described", client={"alias": "N."}),
    ],
)
def test_everything_else_is_welcome_closed_branches_included(
    interview: Interview, welcome: Event
) -> None:
    assert refusal(interview, welcome) is None


def test_a_signed_record_takes_only_its_reopening_and_safety(interview: Interview) -> None:
    signed = interview.apply(event(8, "signed", by="me"))
    assert "signed" in str(refusal(signed, said("b.gate", True)))
    assert "signed" in str(refusal(signed, event(9, "retracted", target="e00003")))
    assert "signed" in str(refusal(signed, event(9, "signed", by="me")))
    assert refusal(signed, event(9, "safety_raised", topic="self-harm")) is None
    reopened = event(9, "reopened", reason="x")
    assert refusal(signed, reopened) is None
    assert refusal(signed.apply(reopened), event(10, "noted", text="x")) is None


def test_a_refusal_never_repeats_the_answer(interview: Interview) -> None:
    told = str(refusal(interview, said("b.gate", "her secret")) or "")
    assert told
    assert "secret" not in told


def test_checks_tell_the_late_from_the_impossible(interview: Interview) -> None:
    assert objection(interview, "b.inner", 12, hard=False) is None
    assert objection(interview, "b.inner", 30, hard=False) == "That is late."
    assert objection(interview, "b.inner", 30, hard=True) is None
    assert objection(interview, "b.inner", 40, hard=True) == "Older than the client."


def test_a_check_that_cannot_be_decided_objects_to_nothing(bank: Bank) -> None:
    assert objection(fold(bank, []), "b.inner", 400, hard=True) is None
