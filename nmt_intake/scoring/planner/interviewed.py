"""What an interview gives to a plan: strengths, body and danger, who told it, and decisions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nmt_intake.bank.model import Question
from nmt_intake.interview.events import ActivityChosen, ActivityDropped
from nmt_intake.interview.kinds import KINDS
from nmt_intake.interview.slots import Given
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import codes_of
from nmt_intake.scoring.planner.circumstances import (
    Chosen,
    Circumstances,
    Dropped,
    Strength,
)
from nmt_intake.text import clean_line

_TAG: Final = "strength"
_SECRET: Final = "substance"
_MOST_SENSITIVE: Final = 3
# A question tagged `condition:seizures` gives that condition by a yes, or by any other code than
# these; one tagged `conditions` gives each chosen code that is a condition's id.
_CONDITION: Final = "condition:"
_CONDITIONS: Final = "conditions"
_NOT_SO: Final = frozenset({"no", "none", "never", "not", "unsure"})
# The topics of the safety card that are conditions of a plan as well.
_TOPICS: Final = ("self_harm", "current_harm")


def strengths_from(interview: Interview) -> tuple[Strength, ...]:
    """Return what people told in words when asked about something good, and who said it.

    Only answers that count; of today are those that belong to no earlier period, person or
    place. Answers to the most sensitive questions, and those about substances, are left out: a
    plan is shown to more people than an interview.
    """
    return tuple(_strengths(interview))


def circumstances_of(interview: Interview, unconfirmed: frozenset[str]) -> Circumstances:
    """Return what an interview says of the circumstances of a plan.

    `unconfirmed` are the ratings that are suggestions only, as `ratings_of` returns them. Bands of
    an earlier plan are not in an interview: add them with `dataclasses.replace`.
    """
    chosen, dropped = _decisions(interview)
    kinds = {informant.kind for informant in interview.informants.values()}
    return Circumstances(
        unconfirmed=unconfirmed,
        strengths=strengths_from(interview),
        client_is_only_informant=kinds == {"self"},
        safety_open=bool(interview.open_safety),
        chosen=chosen,
        dropped=dropped,
        conditions=conditions_from(interview),
    )


def conditions_from(interview: Interview) -> tuple[str, ...]:
    """Return the conditions that answers and open safety notes name, each once."""
    topics = {note.topic for note in interview.open_safety}
    found = [topic for topic in _TOPICS if topic in topics]
    for slot in interview.layout.slots:
        question = interview.question(slot)
        if question is None or not any(_is_condition(tag) for tag in question.tags):
            continue
        for given in interview.answers(slot):
            found += _conditions_of(question, codes_of(question, given.value))
    return tuple(dict.fromkeys(found))


def _is_condition(tag: str) -> bool:
    return tag == _CONDITIONS or tag.startswith(_CONDITION)


def _conditions_of(question: Question, codes: tuple[str, ...]) -> list[str]:
    named = [tag.removeprefix(_CONDITION) for tag in question.tags if tag.startswith(_CONDITION)]
    if any(code not in _NOT_SO for code in codes):
        return [*named, *(codes if _CONDITIONS in question.tags else ())]
    return []


def _strengths(interview: Interview) -> Iterator[Strength]:
    for slot in interview.layout.slots:
        question = interview.question(slot)
        if question is None or not _is_for_plans(question):
            continue
        for given in interview.answers(slot):
            text = clean_line(given.value) if isinstance(given.value, str) else ""
            if text:
                yield Strength(text, _who(interview, given), slot, _is_of_today(interview, slot))


def _is_for_plans(question: Question) -> bool:
    return (
        _TAG in question.tags
        and KINDS[question.kind].tells == "words"
        and KINDS[question.kind].desk == "line"
        and _SECRET not in question.tags
        and question.sensitivity < _MOST_SENSITIVE
    )


def _who(interview: Interview, given: Given) -> str:
    informant = interview.informants.get(given.informant or "")
    return informant.relation if informant else "not named"


def _is_of_today(interview: Interview, slot: str) -> bool:
    instance, _, rest = slot.partition("/")
    return not rest or instance == interview.instances("period")[-1]


def _decisions(interview: Interview) -> tuple[tuple[Chosen, ...], tuple[Dropped, ...]]:
    """Return what was chosen and dropped; of two decisions on one activity the later one stands."""
    last: dict[str, Chosen | Dropped] = {}
    kinds = (ActivityChosen, ActivityDropped)
    for event in interview.ledger.in_force("plan", kinds):
        last.pop(event.activity, None)
        match event:
            case ActivityChosen(activity=name, phase=phase, place=place, reason=reason):
                last[name] = Chosen(name, phase, place, reason)
            case ActivityDropped(activity=name, reason=reason):
                last[name] = Dropped(name, reason)
    chosen = tuple(each for each in last.values() if isinstance(each, Chosen))
    return chosen, tuple(each for each in last.values() if isinstance(each, Dropped))
