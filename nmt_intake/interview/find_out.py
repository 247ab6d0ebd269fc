"""What is left of a case, line by line: safety, what does not fit, told differently, to find out.

What is undecided is told by the answer that would decide it, not by the questions that hang on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from nmt_intake.bank.truth import State
from nmt_intake.interview.asking import Reason, said_in_words, waits_for
from nmt_intake.interview.folding.setting import Told
from nmt_intake.interview.remaining import to_find_out
from nmt_intake.interview.spans import span_from
from nmt_intake.interview.speaking import (
    instance_name,
    labels_of,
    misfit_words,
    part_title,
    spoken,
)
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import in_words

# The clinician settles these with a reason: everything that hangs on an age hangs on them.
SETTLED: Final = {
    "client.birth": "The birth date",
    "client.gestation_weeks": "The weeks at birth",
    "client.name": "The name",
    "client.pronoun": "The pronoun",
    "client.language": "The language",
}
# Undecided questions that are looked through: at 2,000 the list opens in a tenth of a second.
_MOST: Final = 2000
_REASONS: Final = {
    "asked-unknown": "not known",
    "temp-unknown": "records requested",
    "not-asked": "later",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is left: under which heading, what, what is known of it, and where it is.

    `fact` is the fact of the client, or the slot, that can be settled here.
    """

    heading: str
    what: str
    about: str = ""
    slot: str | None = None
    fact: str | None = None


def lines(interview: Interview, language: str | None = None) -> tuple[Item, ...]:
    """Return everything that is left, heading by heading, each in the order of the conversation."""
    return (
        *_safety(interview, language),
        *_misfits(interview, language),
        *_facts(interview),
        *_differing(interview, language),
        *_to_find_out(interview, language),
        *_undecided(interview, language),
    )


def teller_of(interview: Interview, informant: str | None) -> str:
    """Return who said something: by name or relation."""
    found = interview.informants.get(informant or "")
    return (found.name or found.relation) if found else "not named"


def told_of(interview: Interview, fact: str) -> tuple[Told, ...]:
    """Return what was told of a fact, or to a slot, on which tellers differ."""
    if fact in SETTLED:
        return interview.setting.differing(fact)
    return tuple(Told(each.value, each.informant, each.event) for each in interview.answers(fact))


def told_in_words(interview: Interview, told: Told, slot: str = "") -> str:
    """Return a told value of a fact, or to a slot, with its teller: 2019-09-14 (mother)."""
    question = interview.question(slot) if slot else None
    if question is not None:
        said = in_words(question, told.value, labels_of(interview, question))
        return f"{said} ({teller_of(interview, told.informant)})"
    span = span_from(told.value)
    value = (span.words or "a span") if span else str(told.value)
    return f"{value} ({teller_of(interview, told.informant)})"


def against_in_words(interview: Interview) -> str:
    """Return a sentence on how many things do not fit together; empty where all fits."""
    number = len(interview.against)
    if not number:
        return ""
    return (
        "1 thing does not fit together." if number == 1 else f"{number} things do not fit together."
    )


def _place(interview: Interview, slot: str, language: str | None) -> str:
    part = interview.part(slot)
    if part is None:
        return slot
    return f"{part_title(interview, part, language)}: {spoken(interview, slot, language).ask}"


def _safety(interview: Interview, language: str | None) -> Iterator[Item]:
    for concern in interview.open_safety:
        here = concern.slot if concern.slot in interview.layout.position else None
        about = concern.note or (said_in_words(interview, here) if here else "")
        what = f"{concern.topic.replace('_', ' ')}"
        if here:
            what = f"{what} · {_place(interview, here, language)}"
        yield Item("Safety, open", what, about, here)


def _misfits(interview: Interview, language: str | None) -> Iterator[Item]:
    for each in interview.against:
        here = [slot for slot in each.slots if slot in interview.layout.position]
        said = "; ".join(said_in_words(interview, slot) for slot in here)
        name = instance_name(interview, each.prefix[:-1], language) if each.prefix else ""
        about = " · ".join(part for part in (name, said) if part)
        about += "" if each.surely else " · by one informant, not by another"
        words = misfit_words(interview, each, language)
        yield Item("These do not fit together", words, about, here[0] if here else None)


def _facts(interview: Interview) -> Iterator[Item]:
    questions = {each.fact: each.id for each in interview.graph.fact_questions}
    for fact, name in SETTLED.items():
        told = interview.setting.differing(fact)
        if told:
            said = "; ".join(dict.fromkeys(told_in_words(interview, each) for each in told))
            yield Item("Told differently", name, said, questions.get(fact), fact)


def _differing(interview: Interview, language: str | None) -> Iterator[Item]:
    for slot in interview.left.differing:
        question = interview.question(slot)
        if question is not None and question.fact in SETTLED:
            continue  # stands above, or is settled
        said = said_in_words(interview, slot)
        yield Item("Told differently", _place(interview, slot, language), said, slot, slot)


def _to_find_out(interview: Interview, language: str | None) -> Iterator[Item]:
    for each in to_find_out(interview):
        asked = f"asked: {teller_of(interview, each.informant)}" if each.informant else ""
        knows = f"may know: {each.who_knows}" if each.who_knows else ""
        about = " · ".join(
            part for part in (_REASONS.get(each.reason, each.reason), asked, knows) if part
        )
        yield Item("To find out", _place(interview, each.slot, language), about, each.slot)


def _undecided(interview: Interview, language: str | None) -> Iterator[Item]:
    roots: dict[str, list[Reason]] = {}
    hanging: dict[str, int] = {}
    first: dict[str, Reason] = {}
    for slot in islice(interview.left.undecided, _MOST):
        for root in _roots(interview, slot, roots):
            key = root.slot or root.name
            first.setdefault(key, root)
            hanging[key] = hanging.get(key, 0) + 1
    heading = "Not decided yet: this answer would decide it"
    for key, number in sorted(hanging.items(), key=lambda each: -each[1]):
        root = first[key]
        what = _place(interview, root.slot, language) if root.slot else root.name
        hang = "1 question hangs" if number == 1 else f"{number} questions hang"
        yield Item(heading, what, f"{root.says} · {hang} on it", root.slot)
    left = len(interview.left.undecided) - _MOST
    if left > 0:
        what = f"{left} more that are not decided"
        yield Item(heading, what, f"only the first {_MOST} were looked through for what decides")


def _roots(interview: Interview, slot: str, known: dict[str, list[Reason]]) -> list[Reason]:
    """Return what a slot waits for at the beginning of its chain."""
    if slot in known:
        return known[slot]
    known[slot] = []  # conditions only look back; a bank that does not is no reason to hang
    found: dict[str, Reason] = {}
    for reason in waits_for(interview, slot):
        if reason.slot is not None and _waits_itself(interview, reason.slot):
            found |= {
                each.slot or each.name: each for each in _roots(interview, reason.slot, known)
            }
        elif reason.slot is None or interview.counts(reason.slot):
            found[reason.slot or reason.name] = reason
    known[slot] = list(found.values())
    return known[slot]


def _waits_itself(interview: Interview, slot: str) -> bool:
    state = interview.states.get(slot, State.CLOSED)
    return state is State.PENDING and slot not in interview.slots
