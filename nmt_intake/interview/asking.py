"""What to ask next, and why a question is asked, hidden or not decidable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nmt_intake.bank.model import Condition, Question
from nmt_intake.bank.truth import Possible, Truth
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.progress import is_asked_here
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import age_in_words, in_words


def next_slot(interview: Interview, after: str | None = None) -> str | None:
    """Return the next slot to ask after `after` (from the start, if None), or None at the end.

    It walks forward and then round to what was skipped: open slots that nobody answered and that
    carry no mark, and slots left undecided only because informants differ.
    """
    slots = interview.layout.slots
    start = interview.layout.position.get(after, -1) + 1 if after else 0
    for index in (*range(start, len(slots)), *range(start)):
        if slots[index] != after and waits(interview, slots[index]):
            return slots[index]
    return None


def waits(interview: Interview, slot: str) -> bool:
    """Whether a slot is still to be asked."""
    truth = interview.truths.get(slot, False)
    if truth is False or slot in interview.slots or not is_asked_here(interview, slot):
        return False
    return truth is True or _disputed(interview, slot)


def _disputed(interview: Interview, slot: str) -> bool:
    values = [interview.values.get(each) for each in _read_slots(interview, slot)]
    return bool(values) and None not in values and any(isinstance(v, Possible) for v in values)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing a condition rests on: the slot or fact it reads, and what that says now."""

    slot: str | None
    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Why:
    """Why a slot is asked (True), hidden (False) or not decidable yet (None)."""

    truth: Truth
    reasons: tuple[Reason, ...]
    evidence_for: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """One sentence to read."""
        start = {True: "Asked", False: "Hidden", None: "Not decidable yet"}[self.truth]
        if not self.reasons:
            return f"{start} of everybody."
        grounds = "; ".join(f"{reason.name}: {reason.says}" for reason in self.reasons)
        return f"{start} because of {grounds}."


def why(interview: Interview, slot: str) -> Why:
    """Return why a slot is asked or hidden now, from which answers, and what it is evidence for."""
    prefix, _ = split_slot(slot)
    question = interview.question(slot)
    reasons: list[Reason] = []
    for condition in conditions_of(interview, slot):
        for name, reach in condition.reads:
            for read in _slots_read(interview, prefix, name, reach):
                reasons.append(
                    Reason(read, _title(interview, read), said_in_words(interview, read))
                )
        reasons += [_fact_reason(interview, fact, prefix) for fact in condition.facts]
    unique = tuple({(reason.slot, reason.name): reason for reason in reasons}.values())
    return Why(interview.truths.get(slot), unique, ratings_served(question, prefix))


def ratings_served(question: Question | None, prefix: str) -> tuple[str, ...]:
    """Return the rating ids a slot is evidence for: `infancy/adversity.neglect`."""
    if question is None:
        return ()
    return tuple(rating.replace("*/", prefix) for rating in question.evidence_for)


def conditions_of(interview: Interview, slot: str) -> tuple[Condition, ...]:
    """Return the conditions a slot hangs on: its block's and its own."""
    question = interview.question(slot)
    if question is None:
        return ()
    block = interview.bank.block_by_id[question.block]
    return tuple(condition for condition in (block.when, question.when) if condition)


def said_in_words(interview: Interview, slot: str) -> str:
    """Return what was said to a slot in a few words: the answers, or why there is none."""
    question, state = interview.question(slot), interview.said(slot)
    if question is None or (not state.given and not state.marks):
        return "not asked yet"
    if state.given:
        words = [in_words(question, given.value) for given in state.given]
        return " / ".join(dict.fromkeys(words)) + ("" if interview.counts(slot) else " (closed)")
    return (state.reason or "").replace("-", " ")


def _read_slots(interview: Interview, slot: str) -> Iterator[str]:
    prefix, _ = split_slot(slot)
    for condition in conditions_of(interview, slot):
        for name, reach in condition.reads:
            yield from _slots_read(interview, prefix, name, reach)


def _slots_read(interview: Interview, prefix: str, name: str, reach: str) -> Iterator[str]:
    if reach == "same":
        yield prefix + name
    elif reach == "once":
        yield name
    else:
        loop = interview.bank.questions[name].for_each or ""
        yield from (f"{instance}/{name}" for instance in interview.instances(loop))


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
    value = interview.facts.get(fact)
    name = fact.replace("client.", "the client's ").replace("_months", "").replace("_", " ")
    match value:
        case int() | float() if fact.endswith("_months"):
            return Reason(None, name, age_in_words(value))
        case int() | float():
            return Reason(None, name, f"{value:g}")
        case _:
            return Reason(None, name, "not known for sure")
