"""What an interview gives to a plan: strengths, body and danger, who told it, and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, cast

from nmt_intake.bank.model import Question
from nmt_intake.interview.events import ActivityChosen, ActivityDropped
from nmt_intake.interview.kinds import KINDS
from nmt_intake.interview.slots import Given
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import codes_of
from nmt_intake.scoring.planner.circumstances import (
    SETTINGS,
    Chosen,
    Circumstances,
    Dropped,
    Person,
    Strength,
    person_heard,
)
from nmt_intake.scoring.planner.rules import Rules
from nmt_intake.text import clean_line

_TAG: Final = "strength"
_SECRET: Final = "substance"
_MOST_SENSITIVE: Final = 3
# A question tagged `condition:seizures` gives that condition by a yes, or by any other code than
# these; `condition_if:hearing:deaf` by that code alone; one tagged `conditions` gives each chosen
# code that is a condition's id.
_CONDITION: Final = "condition:"
_CONDITION_IF: Final = "condition_if:"
_CONDITIONS: Final = "conditions"
_NOT_SO: Final = frozenset(
    {"no", "none", "never", "not", "unsure", "not_sure", "not_now", "past_only", "unknown"}
)
# What the household has, where something can be done, and who is there.
_MINUTES: Final = "plan_minutes"
_SETTINGS: Final = "plan_settings"
_PEOPLE: Final = "plan_people"
_FUNCTION: Final = "functions."
# The topics of the safety card that are conditions of a plan as well.
_TOPICS: Final = ("self_harm", "current_harm")


def strengths_from(interview: Interview) -> tuple[Strength, ...]:
    """Return what people told in words when asked about something good, and who said it.

    Only answers that count; of today are those that belong to no earlier period, person or
    place. Answers to the most sensitive questions, and those about substances, are left out: a
    plan is shown to more people than an interview.
    """
    return tuple(_strengths(interview))


def circumstances_of(
    interview: Interview, unconfirmed: frozenset[str], rules: Rules | None = None
) -> Circumstances:
    """Return what an interview says of the circumstances of a plan.

    With the bank's `rules` also who is there. `unconfirmed` are the ratings that are suggestions
    only, as `ratings_of` returns them. Bands of an earlier plan are not in an interview: add them
    with `dataclasses.replace`.
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
        people=_people(interview, rules) if rules else (),
        settings=_settings(interview),
        minutes_a_week=_minutes(interview),
    )


def conditions_from(interview: Interview) -> tuple[str, ...]:
    """Return the conditions that answers and open safety notes name, each once."""
    found: list[str] = []
    for concern in interview.open_safety:
        question = interview.question(concern.slot) if concern.slot else None
        # An answer that raised a concern counts, also where it was "not sure".
        found += _named(question) if question else ()
        found += [topic for topic in _TOPICS if topic == concern.topic]
    for slot, question in _tagged(interview, (_CONDITION, _CONDITION_IF, _CONDITIONS)):
        for given in interview.answers(slot):
            found += _conditions_of(question, codes_of(question, given.value))
    return tuple(dict.fromkeys(found))


def _tagged(interview: Interview, tags: tuple[str, ...]) -> Iterator[tuple[str, Question]]:
    """Yield the slots whose question has a tag that begins so."""
    for slot in interview.layout.slots:
        question = interview.question(slot)
        if question is not None and any(tag.startswith(tags) for tag in question.tags):
            yield slot, question


def _named(question: Question) -> list[str]:
    """Return the conditions that a question's tags name, whatever was answered."""
    whole = [tag.removeprefix(_CONDITION) for tag in question.tags if tag.startswith(_CONDITION)]
    one = [tag.split(":")[1] for tag in question.tags if tag.startswith(_CONDITION_IF)]
    return [*whole, *one]


def _conditions_of(question: Question, codes: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    if any(code not in _NOT_SO for code in codes):
        found += [t.removeprefix(_CONDITION) for t in question.tags if t.startswith(_CONDITION)]
        found += codes if _CONDITIONS in question.tags else ()
    for tag in question.tags:
        if tag.startswith(_CONDITION_IF):
            _, name, code = tag.split(":")
            found += [name] if code in codes else []
    return found


def _minutes(interview: Interview) -> int | None:
    """Return the least number of minutes a week that was told; None if nobody was asked."""
    told = [
        int(given.value)
        for slot, _ in _tagged(interview, (_MINUTES,))
        for given in interview.answers(slot)
        if isinstance(given.value, int | float) and not isinstance(given.value, bool)
    ]
    return max(0, min(told)) if told else None


def _settings(interview: Interview) -> tuple[str, ...] | None:
    """Return the places that somebody said are open; None if nobody was asked."""
    told = {
        code
        for slot, question in _tagged(interview, (_SETTINGS,))
        for given in interview.answers(slot)
        for code in codes_of(question, given.value)
    }
    return tuple(each for each in SETTINGS if each in told) or None


def _people(interview: Interview, rules: Rules) -> tuple[Person, ...]:
    """Return who is on the map of today's people; one who may not be safe leads nothing."""
    found: dict[str, Person] = {}
    for informant in interview.informants.values():
        heard = person_heard(informant.relation, rules)
        if informant.kind == "caregiver":
            # Whoever tells as a carer is one, a grandmother as well.
            name = heard.name if heard and heard.role in ("caregiver", "kin") else "caregiver"
            found[name] = Person(name, "caregiver")
    for slot, _ in _tagged(interview, (_PEOPLE,)):
        for given in interview.answers(slot):
            for row in _rows(given.value):
                own = interview.informants.get(given.informant or "")
                theirs = own is not None and own.kind != "self"
                person = person_heard(str(row.get("who", "")), rules, theirs=theirs)
                if person is None or person.role in ("self", "animal"):
                    continue
                safe = row.get("safe") in (None, "safe")
                known = found.get(person.name, person)
                found[person.name] = replace(known, can_lead=safe and known.can_lead)
    return tuple(found.values())


def _rows(value: object) -> Iterable[Mapping[str, object]]:
    rows = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("Mapping[str, object]", row) for row in rows if isinstance(row, Mapping)]


def _strengths(interview: Interview) -> Iterator[Strength]:
    for slot in interview.layout.slots:
        question = interview.question(slot)
        if question is None or not _is_for_plans(question):
            continue
        for given in interview.answers(slot):
            text = clean_line(given.value) if isinstance(given.value, str) else ""
            if text:
                today = _is_of_today(interview, slot)
                yield Strength(text, _who(interview, given), slot, today, _helps(question))


def _helps(question: Question) -> str:
    """Return the function that a question asks about what helps with; empty if of none."""
    told = (name for name in question.evidence_for if name.startswith(_FUNCTION))
    return next((name.removeprefix(_FUNCTION) for name in told), "")


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
