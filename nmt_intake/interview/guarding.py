"""What must not be recorded: asked before an event is appended, by the desk and without it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pydantic import JsonValue

from nmt_intake.bank.evaluation import Overlay
from nmt_intake.bank.model import Check
from nmt_intake.bank.truth import State, Value
from nmt_intake.interview.ages import days_meant
from nmt_intake.interview.events import (
    Answered,
    ClientDescribed,
    Event,
    FactSettled,
    InformantChosen,
    InstanceRemoved,
    InstancesJoined,
    InstanceSplit,
    MarkedMissing,
    Opened,
    Rated,
    Reopened,
    Restored,
    Retracted,
    SafetyAcknowledged,
    SafetyRaised,
)
from nmt_intake.interview.folding.setting import can_be
from nmt_intake.interview.graph import loop_of, question_at, split_slot
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import AnswerError, read_value, seen_by_conditions
from nmt_intake.vocabulary import ADVERSITY, FUNCTIONS, RELATIONAL, RELATIONSHIPS

_ITEMS: Final = {
    "adversity": ADVERSITY,
    "relational": RELATIONAL,
    "functions": FUNCTIONS,
    "relationships": RELATIONSHIPS,
}
# A signed record must not keep anybody from noting a danger.
_ALWAYS: Final = (Reopened, SafetyRaised, SafetyAcknowledged)


def refusal(interview: Interview, event: Event) -> str | None:
    """Return why an event must not be recorded, as a sentence without its content, or None.

    The fold itself refuses nothing: what was stored once is read whatever it says.
    """
    if event.id in interview.ledger.subjects:
        return "This is recorded already."
    if interview.signed and not isinstance(event, _ALWAYS):
        return "This record is signed. Reopen it to change it."
    match event:
        case Answered() | MarkedMissing():
            return _refused_words(interview, event)
        case Rated():
            known = is_rating(interview, event.rating)
            return None if known else "There is no such rating for this client."
        case InstanceRemoved() | InstancesJoined() | InstanceSplit():
            return _refused_entry(interview, event)
        case FactSettled():
            return _refused_word(interview, event)
        case Opened() | ClientDescribed():
            born = days_meant(event.client.birth)
            today = days_meant(event.client.interviewed) or (event.at.date(), event.at.date())
            ahead = born is not None and born[0] > today[1]
            return "The birth lies ahead of the interview." if ahead else None
        case InformantChosen() if event.informant not in interview.informants:
            return "There is no such informant."
        case Reopened() if not interview.signed:
            return "This record is not signed."
        case Retracted() if event.target not in interview.done:
            return "There is nothing like that to undo."
        case Restored() if event.target not in interview.retracted:
            return "There is nothing like that to bring back."
        case SafetyAcknowledged() if event.raised not in {each.id for each in interview.safety}:
            return "There is no such safety note."
        case _:
            return None


def is_rating(interview: Interview, key: str) -> bool:
    """Whether a rating exists and its period may have been reached, whatever the bank suggests."""
    period, slash, rating = key.rpartition("/")
    part, _, item = rating.partition(".")
    if item not in _ITEMS.get(part, ()):
        return False
    if part in ("functions", "relationships"):
        return not slash
    return period in interview.instances("period")


def objection(interview: Interview, slot: str, value: object, *, hard: bool) -> str | None:
    """Return what the bank says to an answer it does not expect (`hard`: cannot be), or None.

    Raises `AnswerError` for a value that does not fit the question, KeyError for no question.
    """
    question = interview.bank.questions[split_slot(slot)[1]]
    check = question.hard_check if hard else question.soft_check
    stored = read_value(question, value, interview.language)
    if hard and question.fact == "client.birth" and _lies_ahead(interview, stored):
        return "This day lies ahead of the interview."
    seen = seen_by_conditions(question, stored)
    if check is None or _as_expected(interview, slot, check, seen):
        return None
    return check.say


def _lies_ahead(interview: Interview, birth: JsonValue) -> bool:
    born, today = days_meant(birth), interview.held_on
    return born is not None and today is not None and born[0] > today


def _as_expected(interview: Interview, slot: str, check: Check, value: Value) -> bool:
    answers = interview.seen
    said = replace(answers, values=Overlay({"value": value, slot: value}, answers.values))
    return check.expect.fails(said, split_slot(slot)[0]) is not State.OPEN


def _refused_entry(
    interview: Interview, event: InstanceRemoved | InstancesJoined | InstanceSplit
) -> str | None:
    """Return why an entry cannot be removed, joined or split so."""
    loop = loop_of(event.instance)
    here = interview.instances(loop or "")
    removed = interview.spoken.entries.removed
    if isinstance(event, InstanceRemoved):
        wanted = here if event.removed else tuple(removed)
        return None if event.instance in wanted else "There is no such entry."
    if event.instance == event.into:
        return "An entry cannot be joined with itself."
    into_here = event.into in here or isinstance(event, InstanceSplit)
    if event.instance not in here or loop_of(event.into) != loop or not into_here:
        return "There is no such entry."
    if isinstance(event, InstanceSplit):
        return _refused_split(interview, event)
    return None


def _refused_split(interview: Interview, event: InstanceSplit) -> str | None:
    if not event.words:
        return "Say which words belong to the other."
    given = [state for slot, state in interview.slots.items() if _is_of(slot, event.instance)]
    words = {each.event for state in given for each in (*state.given, *state.marks)}
    return None if set(event.words) <= words else "There is no word like that in this entry."


def _is_of(slot: str, instance: str) -> bool:
    return slot.startswith(f"{instance}/")


def _refused_word(interview: Interview, event: FactSettled) -> str | None:
    """Return why a fact cannot be settled so: no such value, or no reason given."""
    questions = [each for each in interview.graph.fact_questions if each.fact == event.fact]
    if not event.reason.strip():
        return "Say why, in a few words."
    if not can_be(event.fact, event.value):
        return "This cannot be."
    if event.fact == "client.birth" and _lies_ahead(interview, event.value):
        return "This day lies ahead of the interview."
    try:
        for question in questions:
            read_value(question, event.value)
    except AnswerError as error:
        return f"This fact {error.what} {error.advice}"
    return None


def _refused_words(interview: Interview, event: Answered | MarkedMissing) -> str | None:
    if question_at(interview.bank, event.slot) is None:
        return "The bank has no such question."
    if event.slot not in interview.truths:
        return "There is no such period or person in this interview."
    if event.informant is not None and event.informant not in interview.informants:
        return "There is no such informant."
    if isinstance(event, MarkedMissing):
        return None
    try:
        return objection(interview, event.slot, event.value, hard=True)
    except AnswerError as error:
        return f"This question {error.what} {error.advice}"
