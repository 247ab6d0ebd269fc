"""What to ask next, of whom, and why a question is asked, hidden or not decidable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from nmt_intake.bank.language import Reach
from nmt_intake.bank.model import Condition, Question
from nmt_intake.bank.truth import Possible, State, Truth
from nmt_intake.interview.ages import surely_reached
from nmt_intake.interview.folding.setting import facts_of, is_for
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.progress import is_asked_here
from nmt_intake.interview.speaking import labels_of
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import age_in_words, in_words

Read: TypeAlias = tuple[Literal["slot", "fact", "loop"], str]


def next_slot(
    interview: Interview, after: str | None = None, wanted: Callable[[str], bool] | None = None
) -> str | None:
    """Return the next slot to ask after `after` (from the start, if None), or None at the end.

    It walks forward and then round to what was skipped: open slots that nobody answered and that
    carry no mark, and slots left undecided only because informants differ. Of these only what is
    `wanted`, where a sitting does not want them all.
    """
    slots = interview.layout.slots
    start = interview.layout.position.get(after, -1) + 1 if after else 0
    for index in (*range(start, len(slots)), *range(start)):
        slot = slots[index]
        if slot != after and waits(interview, slot) and (wanted is None or wanted(slot)):
            return slot
    return None


def waits(interview: Interview, slot: str) -> bool:
    """Whether a slot is still to be asked."""
    state = interview.states.get(slot, State.CLOSED)
    if state is State.CLOSED or slot in interview.slots or not is_asked_here(interview, slot):
        return False
    return state is State.OPEN or (
        state is State.DISPUTED and not _hangs_on_facts_told_differently(interview, slot)
    )


def asked_of(interview: Interview, slot: str) -> tuple[str, ...]:
    """Return the ids of the informants here to whom a question is put, the one speaking first.

    Those of the kinds it is meant for, unless its condition is closed for them. The question is
    asked even if the one who speaks now is not among them: then the screen says for whom it is.
    """
    question = interview.question(slot)
    if question is None:
        return ()
    prefix, _ = split_slot(slot)
    found = [
        informant.id
        for informant in interview.informants.values()
        if is_for(question, informant)
        if all(
            condition(replace(interview.seen, informants=(facts_of(informant),)), prefix)
            is not False
            for condition in conditions_of(interview, slot)
        )
    ]
    return tuple(sorted(found, key=lambda each: each != interview.speaking))


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing a condition rests on: the slot or fact it reads, and what that says now."""

    slot: str | None
    name: str
    says: str


_STARTS: Final = {
    State.OPEN: "Asked",
    State.CLOSED: "Hidden",
    State.PENDING: "Not decidable yet",
    State.DISPUTED: "Told differently, so not decided",
}


@dataclass(frozen=True, slots=True)
class Why:
    """Why a slot is open, closed, pending or disputed.

    `besides` says why the program does not ask it although its condition holds; else empty.
    """

    state: State
    reasons: tuple[Reason, ...]
    evidence_for: tuple[str, ...]
    besides: str = ""

    @property
    def truth(self) -> Truth:
        """The state as decided or not: True, False, or None."""
        return self.state.truth

    @property
    def sentence(self) -> str:
        """One or two sentences to read."""
        start = _STARTS[self.state]
        grounds = "; ".join(f"{reason.name}: {reason.says}" for reason in self.reasons)
        if self.besides and self.state is not State.CLOSED:
            return (
                f"{self.besides} Otherwise asked because of {grounds}." if grounds else self.besides
            )
        if not grounds:
            return self.besides or f"{start} of everybody."
        return f"{start} because of {grounds}."


def why(interview: Interview, slot: str) -> Why:
    """Return why a slot is asked or hidden now, from which answers, and what it is evidence for."""
    prefix, _ = split_slot(slot)
    return Why(
        state=interview.states.get(slot, State.CLOSED),
        reasons=tuple(_reason(interview, prefix, each) for each in _read(interview, slot)),
        evidence_for=ratings_served(interview.question(slot), prefix),
        besides=_besides(interview, slot),
    )


def waits_for(interview: Interview, slot: str) -> tuple[Reason, ...]:
    """Return what is not known of all that a slot's condition reads."""
    prefix, _ = split_slot(slot)
    return tuple(_reason(interview, prefix, each) for each in unknowns(interview, slot))


def unknowns(interview: Interview, slot: str) -> tuple[Read, ...]:
    """Return the names of what is not known of all that a slot's condition reads."""
    return tuple(each for each in _read(interview, slot) if not _is_known(interview, each))


def ratings_served(question: Question | None, prefix: str) -> tuple[str, ...]:
    """Return the rating ids a slot is evidence for: `infancy/adversity.neglect`."""
    if question is None:
        return ()
    return tuple(rating.replace("*/", prefix) for rating in question.evidence_for)


def conditions_of(interview: Interview, slot: str) -> tuple[Condition, ...]:
    """Return the conditions a slot hangs on: its block's and its own."""
    return interview.graph.gates.get(split_slot(slot)[1], ())


def said_in_words(interview: Interview, slot: str, language: str | None = None) -> str:
    """Return what was said to a slot in a few words: the answers, or why there is none."""
    question, state = interview.question(slot), interview.said(slot)
    words = interview.words(language)
    if question is not None and state.given:
        labels = labels_of(interview, question, language)
        told = [in_words(question, given.value, labels) for given in state.given]
        if state.settled:
            told = [in_words(question, state.settled.value, labels)]
        closed = "" if interview.counts(slot) else f" ({words.answers['closed']})"
        return " / ".join(dict.fromkeys(told)) + closed
    if slot in interview.setting.referred:
        return words.answers["known_from_referral"]
    return words.missing_at_desk[state.reason] if state.reason else words.answers["not_asked_yet"]


def _besides(interview: Interview, slot: str) -> str:
    question = interview.question(slot)
    if question is None or slot not in interview.truths:
        return "Not asked here: there is no such question, period or person."
    park = interview.setting.parked.get(question.id)
    if park is not None:
        return f"Not asked: {park.reason}."
    if question.id not in interview.setting.unasked:
        return ""
    if question.hidden:
        return "Not asked: the bank keeps it hidden."
    if slot in interview.setting.referred:
        return "Not asked again: known from the referral."
    if not question.informants:
        return "Not asked now: nobody here can know of it."
    return f"Not asked now: it is meant for {' or '.join(question.informants)}."


def _read(interview: Interview, slot: str) -> Iterator[Read]:
    """Yield what a slot's conditions read, each once: slots, facts, and loops without instances."""
    prefix, _ = split_slot(slot)
    found: dict[Read, None] = {}
    if slot not in interview.truths:
        return
    for condition in conditions_of(interview, slot):
        for name, reach in condition.reads:
            found.update(dict.fromkeys(places_read(interview, prefix, name, reach)))
        found.update({("fact", fact): None for fact in condition.facts})
    if _hangs_on_age(interview, slot):
        found["fact", "client.age_months"] = None
    yield from found


def places_read(interview: Interview, prefix: str, name: str, reach: Reach) -> Iterator[Read]:
    """Yield the slots that a condition reads under one name, or the loop if nobody is named."""
    match reach:
        case "same":
            yield "slot", prefix + name
        case "once":
            yield "slot", name
        case "many":
            loop = interview.bank.questions[name].for_each or ""
            instances = interview.instances(loop)
            for instance in instances:
                yield "slot", f"{instance}/{name}"
            if not instances:
                yield "loop", loop


def _hangs_on_age(interview: Interview, slot: str) -> bool:
    """Whether the client's age leaves open if this slot's period has begun."""
    question = interview.question(slot)
    if question is None or question.for_each != "period":
        return False
    return not surely_reached(split_slot(slot)[0][:-1], interview.facts)


def _is_known(interview: Interview, read: Read) -> bool:
    match read:
        case "slot", slot:
            return slot in interview.values
        case "fact", "period.id":
            return True
        case "fact", fact if fact.startswith("informant."):
            return any(each.get(fact) is not None for each in interview.setting.informant_facts)
        case "fact", fact:
            value = interview.facts.get(fact)
            return value is not None and not isinstance(value, Possible)
        case _:
            return False


def _hangs_on_facts_told_differently(interview: Interview, slot: str) -> bool:
    """Whether settling a fact of the client would decide it: then that is asked, not this."""
    if len(interview.setting.choices) < 2:
        return False
    return any(
        fact.startswith("client.") and len(_told_values(interview, fact)) > 1
        for kind, fact in _read(interview, slot)
        if kind == "fact"
    )


def _told_values(interview: Interview, fact: str) -> frozenset[object]:
    return frozenset(each.get(fact) for choice in interview.setting.choices for each in choice)


def _reason(interview: Interview, prefix: str, read: Read) -> Reason:
    match read:
        case "slot", slot:
            return Reason(slot, _title(interview, slot), said_in_words(interview, slot))
        case "fact", fact:
            return _fact_reason(interview, fact, prefix)
        case "loop", loop:
            return Reason(None, f"the {loop}s", "none named yet")


def _title(interview: Interview, slot: str) -> str:
    part = interview.part(slot)
    instance, name = split_slot(slot)
    title = part.block.title if part else name.partition(".")[0]
    where = f", {instance[:-1].replace('_', ' ')}" if instance else ""
    return f"{title}{where} ({name.rpartition('.')[2].replace('_', ' ')})"


def _fact_reason(interview: Interview, fact: str, prefix: str) -> Reason:
    if fact == "period.id":
        return Reason(None, "the period", prefix[:-1].replace("_", " "))
    if fact.startswith("informant."):
        relations = ", ".join(each.relation for each in interview.informants.values())
        return Reason(None, "who is telling", relations or "not known")
    name = fact.replace("client.", "the client's ").replace("_months", "").replace("_", " ")
    match interview.facts.get(fact):
        case int() | float() as months if fact.endswith("_months"):
            return Reason(None, name, age_in_words(months))
        case int() | float() as weeks:
            return Reason(None, name, f"{weeks:g}")
        case _:
            return Reason(None, name, "not known for sure")
