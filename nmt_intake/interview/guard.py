"""What must not be recorded: every face asks here before it appends an event."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pydantic import JsonValue

from nmt_intake.bank.evaluation import Overlay
from nmt_intake.bank.model import Check, Question
from nmt_intake.bank.truth import State, Value
from nmt_intake.errors import IntakeError
from nmt_intake.interview.ages import days_meant
from nmt_intake.interview.events import (
    Addendum,
    Answered,
    ClientDescribed,
    Drafted,
    Event,
    FactSettled,
    Flagged,
    InformantChosen,
    InstanceRemoved,
    InstancesJoined,
    InstanceSplit,
    MarkedMissing,
    Noted,
    Opened,
    Rated,
    Reopened,
    Restored,
    Retracted,
    SafetyAcknowledged,
    SafetyRaised,
)
from nmt_intake.interview.folding.setting import FACTS_OF_CLIENT, can_be
from nmt_intake.interview.graph import loop_of, question_at, split_slot
from nmt_intake.interview.quotes import quotable
from nmt_intake.interview.state import Interview
from nmt_intake.interview.told_context import context_of
from nmt_intake.interview.values import AnswerError, codes_of, read_value, seen_by_conditions
from nmt_intake.vocabulary import ADVERSITY, FUNCTIONS, RELATIONAL, RELATIONSHIPS

_ITEMS: Final = {
    "adversity": ADVERSITY,
    "relational": RELATIONAL,
    "functions": FUNCTIONS,
    "relationships": RELATIONSHIPS,
}
# A signed record must not keep anybody from noting a danger.
_ALWAYS: Final = (Addendum, Reopened, SafetyRaised, SafetyAcknowledged)


class Refused(IntakeError):
    """An event must not be recorded; the text holds nothing of its content."""


def refusal_of_kind(interview: Interview, kind: type[Event] | None = None) -> Refused | None:
    """Return why nothing (or nothing of this kind) may be recorded now, before it is made."""
    if interview.signed and (kind is None or not issubclass(kind, _ALWAYS)):
        return Refused("GUARD-001", "", "This record is signed.", "Reopen it to change it.")
    return None


def refusal(interview: Interview, event: Event) -> Refused | None:
    """Return why an event must not be recorded, or None: asked before each is appended.

    The fold itself refuses nothing: what was stored once is read whatever it says.
    """
    if event.id in interview.ledger.subjects:
        return Refused("GUARD-002", "", "This is recorded already.", "Nothing is to be done.")
    if refused := refusal_of_kind(interview, type(event)):
        return refused
    match event:
        case Answered() | MarkedMissing():
            return _refused_words(interview, event)
        case Rated() if not is_rating(interview, event.rating):
            return _no("GUARD-003", "There is no such rating for this client.", "Check the age.")
        case InstanceRemoved() | InstancesJoined() | InstanceSplit():
            said = _refused_entry(interview, event)
            return _no("GUARD-018", said) if said else None
        case FactSettled():
            return _refused_fact(interview, event)
        case Opened() | ClientDescribed():
            born = days_meant(event.client.birth)
            today = days_meant(event.client.interviewed) or (event.at.date(), event.at.date())
            ahead = born is not None and born[0] > today[1]
            what = "The birth lies ahead of the interview."
            return _no("GUARD-015", what, "Check both dates.") if ahead else None
        case InformantChosen() if event.informant not in interview.informants:
            return _nobody()
        case Noted() | Drafted() | Flagged() | SafetyRaised():
            return _refused_place(interview, event)
        case Addendum() if not interview.signed:
            return _no("GUARD-016", "This record is not signed.", "Put it where it belongs.")
        case Reopened() if not interview.signed:
            return _no("GUARD-004", "This record is not signed.", "It can be changed as it is.")
        case Retracted() if event.target not in interview.done:
            return _no("GUARD-005", "There is nothing like that to undo.")
        case Restored() if event.target not in interview.retracted:
            return _no("GUARD-005", "There is nothing like that to bring back.")
        case SafetyAcknowledged():
            return _refused_closing(interview, event)
        case _:
            return None


def _no(code: str, what: str, advice: str = "Nothing has changed.") -> Refused:
    return Refused(code, "", what, advice)


def _nobody() -> Refused:
    return _no("GUARD-006", "There is no such informant.", "Add them first.")


def _refused_closing(interview: Interview, event: SafetyAcknowledged) -> Refused | None:
    if not any(event.raised in each.ids for each in interview.safety):
        return _no("GUARD-007", "There is no such safety note.")
    if not event.reason.strip():
        return _no("GUARD-008", "A safety note is closed with a reason.", "Say what was done.")
    return None


def _refused_place(
    interview: Interview, event: Noted | Drafted | Flagged | SafetyRaised
) -> Refused | None:
    """Refuse a note or flag at no question; who is in danger may be anywhere and anybody."""
    if isinstance(event, SafetyRaised):
        return None
    if event.slot is not None and question_at(interview.bank, event.slot) is None:
        return _no("GUARD-009", "The bank has no such question.")
    if isinstance(event, Noted) and not _is_here(interview, event.informant):
        return _nobody()
    return None


def _is_here(interview: Interview, informant: str | None) -> bool:
    return informant is None or informant in interview.informants


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
    known = context_of(interview) if isinstance(value, str) else None
    stored = read_value(question, value, interview.language, known)
    if hard and question.fact == "client.birth" and _lies_ahead(interview, stored):
        return "This day lies ahead of the interview."
    if hard and _nobody_chosen(interview, question, stored):
        return "There is no such entry to choose."
    seen = seen_by_conditions(question, stored)
    if check is None or _as_expected(interview, slot, check, seen):
        return None
    return check.say


def _nobody_chosen(interview: Interview, question: Question, value: JsonValue) -> bool:
    """Whether an entry is chosen that was never named; one that was taken out is not counted."""
    if question.options_from is None:
        return False
    entries = interview.spoken.entries
    here = {*question.options, *interview.setting.named, *entries.removed, *entries.into}
    return not here.issuperset(codes_of(question, value))


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
    words = set(interview.words_of(event.instance))
    return None if set(event.words) <= words else "There is no word like that in this entry."


def _refused_fact(interview: Interview, event: FactSettled) -> Refused | None:
    """Return why a fact cannot be settled so: no such value, or no reason given."""
    if not event.reason.strip():
        return _no("GUARD-016", "Say why, in a few words.")
    if event.fact not in FACTS_OF_CLIENT:
        return _refused_settling(interview, event)
    questions = [each for each in interview.graph.fact_questions if each.fact == event.fact]
    if not can_be(event.fact, event.value):
        return _no("GUARD-017", "This cannot be.", "Check it.")
    if event.fact == "client.birth" and _lies_ahead(interview, event.value):
        return _no("GUARD-015", "This day lies ahead of the interview.", "Check both dates.")
    try:
        for question in questions:
            read_value(question, event.value)
    except AnswerError as error:
        return _no("GUARD-013", f"This fact {error.what}", error.advice)
    return None


def _refused_settling(interview: Interview, event: FactSettled) -> Refused | None:
    """Return why an answer cannot be settled so: nobody told it differently, no such value."""
    question = question_at(interview.bank, event.fact)
    if question is None or question.fact or len(interview.answers(event.fact)) < 2:
        return _no("GUARD-019", "Nobody told this differently.", "Amend the answer instead.")
    return _refused_value(interview, event.fact, event.value)


def _refused_words(interview: Interview, event: Answered | MarkedMissing) -> Refused | None:
    if question_at(interview.bank, event.slot) is None:
        return _no("GUARD-009", "The bank has no such question.")
    if event.slot not in interview.truths:
        what = "There is no such period or person in this interview."
        return _no("GUARD-010", what, "Check the birth date.")
    if not _is_here(interview, event.informant):
        return _nobody()
    if not _cites_own_words(interview, event):
        what = "An answer can only cite what the same person said here."
        return _no("GUARD-011", what)
    if isinstance(event, MarkedMissing):
        return None
    return _refused_value(interview, event.slot, event.value)


def _cites_own_words(interview: Interview, event: Answered | MarkedMissing) -> bool:
    if not event.cites:
        return True
    own = {note.id for note in quotable(interview, event.slot, event.informant)}
    return own.issuperset(event.cites)


def _refused_value(interview: Interview, slot: str, value: JsonValue) -> Refused | None:
    try:
        says = objection(interview, slot, value, hard=True)
    except AnswerError as error:
        return _no("GUARD-013", f"This question {error.what}", error.advice)
    return _no("GUARD-014", says, "Check it.") if says else None
