"""What the answer to an open question can still change: a rating, the plan, safety, or consent.

Read from the ratings and not from the questions: what of a rating's rules, points and facts is not
decided yet names the questions that may decide it. A question that others hang on counts with all
that hangs on it. What is left out surely changes nothing: a condition that is decided while an
answer is missing stays so whatever the answer (the laws of `bank.truth`). The other way round is
not claimed: an answer that can change a range need not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from nmt_intake.bank.model import Condition, FactRule, Question, Rating
from nmt_intake.bank.truth import State
from nmt_intake.interview.asking import places_read, unknowns
from nmt_intake.interview.state import Interview
from nmt_intake.scoring.suggest import outcomes_of, rating_keys, suggest
from nmt_intake.scoring.weighing import MOST_POINTS, bears, borne_out, facts_of, span_of, weight_of

PLAN: Final = "plan"
SAFETY: Final = "safety"
CONSENT: Final = "consent"
BESIDE: Final = (PLAN, SAFETY, CONSENT)
_OF_PLAN: Final = ("condition:", "condition_if:", "conditions", "plan_")
# The first rating of each level but the lowest: shares of 65 and 85 % of the age expectation for a
# function, before it is scaled to it; the published bands of three for all else.
_FUNCTION_LEVELS: Final = (8, 11)
_LEVELS: Final = (4, 7, 10)


def information(
    interview: Interview, keys: Collection[str] | None = None
) -> Mapping[str, frozenset[str]]:
    """Return what each waiting or undecided question can still change.

    These are rating keys (only of `keys`, if given), plan, safety, consent. A question that can
    change nothing is not in it. All of a long case takes 20 ms, one rating 2.
    """
    found: dict[str, set[str]] = {}
    for key in rating_keys(interview) if keys is None else keys:
        for slot in _deciding(interview, key):
            found.setdefault(slot, set()).add(key)
    for park in interview.bank.park:
        for slot in _undecided(interview, park.when, ""):
            found.setdefault(slot, set()).add(CONSENT)
    # Last in the order of conditions first: what hangs on a question hands on what it can change.
    for question in reversed(interview.graph.by_rank):
        beside = frozenset(_beside_ratings(question))
        for prefix in interview.layout.prefixes_of(question):
            slot = prefix + question.id
            state = interview.states[slot]
            if state is State.CLOSED:
                continue
            if beside:
                found.setdefault(slot, set()).update(beside)
            if slot in found and state is not State.OPEN:
                for kind, name in unknowns(interview, slot):
                    if kind == "slot":
                        found.setdefault(name, set()).update(found[slot])
    return {
        slot: frozenset(each)
        for slot, each in found.items()
        if interview.states.get(slot, State.CLOSED) is not State.CLOSED
        and slot not in interview.slots
    }


def changes_a_level(interview: Interview, changes: Collection[str]) -> bool:
    """Whether what an answer can change is worth the next visit: an open level, plan, safety."""
    return any(each in BESIDE or not has_level(interview, each) for each in changes)


def has_level(interview: Interview, key: str) -> bool:
    """Whether the level of a rating is settled: confirmed, or suggested within one level."""
    rated = interview.ratings.get(key)
    if rated is not None:
        return rated.value is not None
    suggestion = suggest(interview, key)
    if suggestion.not_applicable:
        return True
    if suggestion.low is None or suggestion.high is None:
        return False
    cuts = _FUNCTION_LEVELS if key.startswith("functions.") else _LEVELS
    levels = {sum(each >= cut for cut in cuts) for each in (suggestion.low, suggestion.high)}
    return len(levels) == 1 and suggestion.settled


def _beside_ratings(question: Question) -> Iterator[str]:
    if question.safety or any(column.safety for column in question.columns):
        yield SAFETY
    if any(tag.startswith(_OF_PLAN) for tag in question.tags) or question.fact:
        yield PLAN


def _deciding(interview: Interview, key: str) -> Iterator[str]:
    """Yield the slots without an answer that a suggestion still hangs on."""
    period, _, rating_id = key.rpartition("/")
    rating = interview.bank.rating(rating_id, period or None)
    if rating is None:
        return
    prefix = f"{period}/" if period else ""
    outcomes = outcomes_of(interview, key)
    for each in outcomes:
        if each.truth is None and each.rule.when is not None:
            yield from _undecided(interview, each.rule.when, prefix)
    decided = bool(outcomes) and outcomes[-1].truth is True and outcomes[-1].rule.id != "points"
    if decided and outcomes[-1].rule.not_applicable:
        return
    facts = facts_of(interview, rating, period)
    # A second source moves the outermost ratings, even where the first has said it all.
    told_by_two = not period or borne_out(interview, rating, prefix, facts)
    if not decided:
        yield from _weighing(interview, rating, prefix, told_by_two)
    for rule in rating.facts:
        if not rule.periods or period in rule.periods:
            yield from _bearing(interview, rule, period, told_by_two)


def _weighing(
    interview: Interview, rating: Rating, prefix: str, told_by_two: bool
) -> Iterator[str]:
    weight = weight_of(interview, rating, prefix)
    full = weight is not None and (weight.high <= 0 or weight.low >= MOST_POINTS)
    if full and weight and weight.sure and told_by_two:
        return
    for sign in rating.points:
        span = span_of(sign, interview.seen, prefix)
        if span is None or not span[2]:
            continue
        if span[0] == span[1] and weight is not None and weight.sure:
            continue
        if sign.when is not None:
            yield from _undecided(interview, sign.when, prefix)
        else:
            yield sign.question if sign.once else prefix + sign.question


def _bearing(interview: Interview, rule: FactRule, period: str, told_by_two: bool) -> Iterator[str]:
    if rule.each is None:
        prefix = f"{period}/" if period else ""
        truth = rule.when(interview.seen, prefix) if rule.when else True
        if rule.when and (truth is None or (truth and not told_by_two)):
            yield from _undecided(interview, rule.when, prefix)
        return
    for row in interview.instances(rule.each):
        truth = bears(rule, interview.seen, f"{row}/", period)
        if truth is None or (truth and not told_by_two):
            if rule.during:
                yield f"{row}/{rule.during}"
            if rule.when:
                yield from _undecided(interview, rule.when, f"{row}/")


def _undecided(interview: Interview, condition: Condition, prefix: str) -> Iterator[str]:
    """Yield the slots without an answer that a condition reads."""
    for name, reach in condition.reads:
        for kind, slot in places_read(interview, prefix, name, reach):
            if kind == "slot" and slot not in interview.values:
                yield slot


__all__ = [
    "BESIDE",
    "CONSENT",
    "PLAN",
    "SAFETY",
    "changes_a_level",
    "has_level",
    "information",
]
