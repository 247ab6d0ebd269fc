"""Random lists of events for a bank: sensible ones, late ones, wrong ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from nmt_intake.bank.model import Bank, Question
from nmt_intake.interview.events import Event, event_from
from nmt_intake.vocabulary import MISSING_REASONS, PERIODS
from tests.interview.random_banks import CODES

WHO = ("gm", "kid", "pro", None)
START = datetime(2026, 11, 22, 9, tzinfo=UTC)


def event(number: int, kind: str, **content: object) -> Event:
    """Return an event with an id and a time that follow its number."""
    at = (START + timedelta(minutes=number)).isoformat()
    carried = {"id": f"e{number:05}", "at": at, "author": "test", "bank_version": "2"}
    return event_from({"kind": kind, **carried, **content})  # type: ignore[dict-item]


def slots_of(bank: Bank) -> list[str]:
    """Return slots of every instance that a short interview may have."""
    return [
        prefix + question.id
        for question in bank.questions.values()
        for prefix in prefixes(question.for_each)
    ]


def prefixes(loop: str | None) -> list[str]:
    """Return the prefixes of a few instances."""
    if loop is None:
        return [""]
    instances = PERIODS if loop == "period" else [f"{loop}-{number}" for number in (1, 2, 12)]
    return [f"{instance}/" for instance in instances]


def values(question: Question) -> st.SearchStrategy[object]:
    """Return answers that fit a question."""
    codes = (*CODES, *(f"{question.options_from}-{each}" for each in (1, 2, 12)))
    if not question.options_from:
        codes = CODES
    match question.kind:
        case "yes_no":
            return st.booleans()
        case "choice":
            return st.sampled_from(codes)
        case "choices":
            return st.lists(st.sampled_from(codes), unique=True, min_size=1)
        case "scale":
            return st.integers(0, 5)
        case "number" if question.fact:
            return st.sampled_from((28, 33, 36.5, 37, 40, 60))
        case "number" | "age":
            return st.sampled_from((0, 1, 2.5, 3, 4, 30))
        case "date":
            return st.sampled_from(("2019", "2019-06", "2019-06-15", "2014-11-22", "2025-12"))
        case _:
            return st.sampled_from(("words", "other words"))


clients = st.fixed_dictionaries(
    {"alias": st.just("M.")},
    optional={
        "birth": st.sampled_from(
            ("2019-09-14", "2014-11-22", "2014-11-23", "2022", "2025-12", "2026-09-30", "2027")
        ),
        "interviewed": st.sampled_from(("2026-11-22", "2026-02-28")),
        "age_months": st.sampled_from((0.0, 1.9, 2.0, 47.9, 48.0, 216.0)),
        "gestation_weeks": st.sampled_from((28.0, 36.9, 40.0)),
        "name": st.just("Mia"),
    },
)
informants = st.fixed_dictionaries(
    {
        "id": st.sampled_from(("gm", "kid", "pro")),
        "relation": st.sampled_from(("aunt", "friend")),
        "kind": st.sampled_from(("caregiver", "self", "professional")),
        "known_from_months": st.sampled_from((None, 0, 11, 37)),
    }
)
instances = st.sampled_from(("caregiver-1", "caregiver-2", "placement-12", "exposure-1"))


@st.composite
def answers(draw: st.DrawFn, bank: Bank, most: int = 25) -> list[Event]:
    """Return answers and marks, at most one for each slot and informant."""
    places = st.tuples(st.sampled_from(slots_of(bank)), st.sampled_from(WHO))
    found: list[Event] = []
    for slot, who in draw(st.lists(places, unique=True, max_size=most)):
        found.append(draw(_said(bank, len(found) + 100, slot, who)))
    return found


@st.composite
def _said(draw: st.DrawFn, bank: Bank, number: int, slot: str, who: str | None) -> Event:
    if draw(st.integers(0, 4)) == 0:
        reason = draw(st.sampled_from(MISSING_REASONS))
        return event(number, "marked_missing", slot=slot, reason=reason, informant=who)
    value = draw(values(bank.questions[slot.rpartition("/")[2]]))
    return event(number, "answered", slot=slot, value=value, informant=who)


@st.composite
def openings(draw: st.DrawFn) -> list[Event]:
    """Return how an interview begins."""
    found = [event(1, "opened", client=draw(clients))]
    for informant in draw(st.lists(informants, max_size=3)):
        found.append(event(len(found) + 1, "informant_added", informant=informant))
    for instance in draw(st.lists(instances, max_size=2)):
        found.append(event(len(found) + 1, "instance_added", instance=instance, label="Ann"))
    return found


@st.composite
def happenings(draw: st.DrawFn, bank: Bank, most: int = 30) -> list[Event]:
    """Return any list of events: an opening, answers, corrections, undoing, nonsense."""
    found = draw(openings()) if draw(st.integers(0, 9)) else []
    for _ in range(draw(st.integers(0, most))):
        found.append(draw(_anything(bank, 1000 + len(found), found)))
    return found


_NONSENSE = st.sampled_from(
    (None, "yes", "x", -1, 10**400, float("nan"), [], {}, [[]], {"from": 1})
)
_NOWHERE = (
    "nowhere.q",
    "infancy/",
    "",
    "-2/b0.q0",
    "caregiver-0/b0.q0",
    "late/b0.q0",
    "b0.q0",
    "/",
)


@st.composite
def _anything(draw: st.DrawFn, bank: Bank, number: int, before: Sequence[Event]) -> Event:
    slot, who = draw(st.sampled_from(slots_of(bank))), draw(st.sampled_from(WHO))
    ids = [each.id for each in before] or ["e0"]
    match draw(st.integers(0, 21)):
        case 0:
            return event(number, "client_described", client=draw(clients))
        case 1:
            return event(number, "informant_added", informant=draw(informants))
        case 2:
            return event(number, "informant_chosen", informant=draw(st.sampled_from(("gm", "no"))))
        case 3:
            return event(number, "instance_added", instance=draw(instances))
        case 4 | 5:
            return event(number, "retracted", target=draw(st.sampled_from(ids)))
        case 6:
            target = draw(st.sampled_from([*ids, f"e{number + 1:05}"]))
            return event(number, draw(st.sampled_from(("restored", "retracted"))), target=target)
        case 7:
            return event(number, "answered", slot=slot, value=draw(_NONSENSE), informant=who)
        case 8:
            return event(
                number, "answered", slot=draw(st.sampled_from(_NOWHERE)) or "?", value=True
            )
        case 9:
            return event(number, "rated", rating="functions.sleep", value=draw(st.integers(1, 12)))
        case 10:
            return event(number, "noted", text="said", slot=slot)
        case 11:
            return event(number, "signed", by="me")
        case 12:
            loop = draw(st.sampled_from(("caregiver", "placement", "exposure")))
            return event(number, "entries_complete", loop=loop, complete=draw(st.booleans()))
        case 13:
            fact, value = draw(
                st.sampled_from(
                    (
                        ("client.birth", "2019-06"),
                        ("client.birth", "2025-12-01"),
                        ("client.gestation_weeks", 33),
                        ("client.name", "Mia R."),
                        (slot, draw(values(bank.questions[slot.rpartition("/")[2]]))),
                    )
                )
            )
            return event(number, "fact_settled", fact=fact, value=value, reason="seen")
        case _:
            return draw(_said(bank, number, slot, who))
