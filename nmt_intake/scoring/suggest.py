"""Suggested ratings: the bank's rules read against the answers, with what they came from.

A suggestion is a range, never a verdict: the rating is the clinician's. A rule that hangs on
something unknown widens it to every rating that may still turn out right. Facts set bounds to what
the impressions give; where the two contradict each other both are named and the range is wider.
Three conventions here are ours (not published): rules for functions are written against what is
usual for the age and are scaled to the age expectation, a range wider than `WIDEST` gives no single
value, and the outermost ratings of the history need more than one source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Final

from nmt_intake.bank.model import FactRule, Question, Rating, Rule
from nmt_intake.bank.truth import Possible, Truth
from nmt_intake.interview.guard import is_rating
from nmt_intake.interview.slots import Given, Mark
from nmt_intake.interview.speaking import labels_of, spoken
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import in_words
from nmt_intake.scoring.norms import Norms
from nmt_intake.scoring.ratings import NOT_APPLICABLE, OLDEST_MONTHS, Ratings, ratings_from
from nmt_intake.scoring.weighing import FactRead, borne_out, facts_of, weight_of
from nmt_intake.vocabulary import (
    ADVERSITY,
    FUNCTIONS,
    HIGHEST_RATING,
    LOWEST_RATING,
    PERIOD_STARTS,
    RELATIONAL,
    RELATIONSHIPS,
)

WIDEST: Final = 3
_ONE_SOURCE: Final = 8
_ROUNDED_UP_FROM: Final = Fraction(7, 5)


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One thing that was said, or not known, about a rating, and by whom.

    `says` is the answer in words, empty when `missing` holds the reason for none; `differs` marks
    a question on which informants disagree.
    """

    slot: str
    ask: str
    says: str
    missing: str | None
    informant: str
    basis: str | None
    confidence: str | None
    words: str
    differs: bool


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """One rule of the bank and whether it holds now."""

    rule: Rule
    truth: Truth


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the rules suggest for one rating: from `low` to `high`, or nothing (both None).

    `rules` are those that gave the range, the deciding one last; `facts` are those that bear on it,
    and `contradictions` those among them that what was said otherwise leaves no room for.
    `expected` is the age expectation that a function's range was scaled to (the middle one, where
    the age is not known for sure). `not_applicable`: surely there is nothing to rate.
    """

    key: str
    low: int | None
    high: int | None
    rules: tuple[RuleOutcome, ...]
    evidence: tuple[EvidenceLine, ...] = ()
    expected: Fraction | None = None
    facts: tuple[FactRead, ...] = ()
    contradictions: tuple[FactRead, ...] = ()
    not_applicable: bool = False

    @property
    def settled(self) -> bool:
        """Whether a rule or a fact holds beyond doubt; else they may all turn out not to."""
        decided = bool(self.rules) and self.rules[-1].truth is True
        return decided or any(fact.truth is True for fact in self.facts)

    @property
    def value(self) -> int | None:
        """The one rating nearest to the middle, to the side of less risk.

        None if the range is too wide, or if no rule is sure to hold.
        """
        if self.low is None or self.high is None or not self.settled:
            return None
        if self.high - self.low > WIDEST:
            return None
        return _middle(self.key, self.low, self.high)

    @property
    def because(self) -> str:
        """Why, in the words of the bank's rules."""
        return " Or: ".join(dict.fromkeys(outcome.rule.because for outcome in self.rules))

    @property
    def rule_ids(self) -> str:
        """The ids of the rules, for the record."""
        return ", ".join(each.rule.id for each in (*self.rules, *self.facts))


def rating_keys(interview: Interview) -> tuple[str, ...]:
    """Return every rating that applies: `infancy/adversity.neglect`, `functions.sleep`, ..."""
    if not interview.bank.ratings:
        return ()
    periods = [
        f"{period}/{part}.{item}"
        for period in interview.instances("period")
        for part, items in (("adversity", ADVERSITY), ("relational", RELATIONAL))
        for item in items
    ]
    functions = [f"functions.{function}" for function in FUNCTIONS]
    return (*periods, *functions, *(f"relationships.{each}" for each in RELATIONSHIPS))


def suggest(interview: Interview, key: str, norms: Norms | None = None) -> Suggestion:
    """Return what the rules suggest for one rating, with the evidence lines they stand on."""
    return replace(_suggested(interview, key, norms), evidence=tuple(_evidence(interview, key)))


def outcomes_of(interview: Interview, key: str) -> tuple[RuleOutcome, ...]:
    """Return the rules that may give a rating, up to the first that surely does.

    Where none does, the last is what the points of the answers come to.
    """
    period, _, rating_id = key.rpartition("/")
    rating = interview.bank.rating(rating_id, period or None)
    if rating is None:
        return ()
    prefix = f"{period}/" if period else ""
    outcomes = tuple(_outcomes(interview, rating.rules, prefix))
    if outcomes and outcomes[-1].truth is True:
        return outcomes
    weighed = _weighed(interview, rating, prefix)
    return (*outcomes, weighed) if weighed else outcomes


def _suggested(interview: Interview, key: str, norms: Norms | None) -> Suggestion:
    period, _, rating_id = key.rpartition("/")
    prefix = f"{period}/" if period else ""
    rating = interview.bank.rating(rating_id, period or None)
    if rating is None:
        return Suggestion(key, None, None, ())
    outcomes = outcomes_of(interview, key)
    decided = bool(outcomes) and outcomes[-1].truth is True
    if decided and outcomes[-1].rule.not_applicable:
        return Suggestion(key, None, None, outcomes, not_applicable=True)
    facts = facts_of(interview, rating, period)
    told = _told(outcomes)
    worse_upward = rating.id.startswith("adversity.")
    span = _bounded(told, facts, worse_upward)
    if span is None:
        return Suggestion(key, None, None, outcomes)
    surely = outcomes[-1].truth is True if outcomes else False
    against = tuple(
        fact for fact in facts if surely and told and _contradicts(fact, told, worse_upward)
    )
    found = Suggestion(key, *span, outcomes, facts=facts, contradictions=against)
    if period and rating.points:
        return _kept_for_two(found, borne_out(interview, rating, prefix, facts))
    if norms is None or not rating_id.startswith("functions."):
        return found
    least, middle, most = (_expected(interview, rating_id, norms, age) for age in _ages(interview))
    return replace(
        found,
        low=scaled(span[0], least),
        high=scaled(span[1], most),
        expected=middle,
    )


def _weighed(interview: Interview, rating: Rating, prefix: str) -> RuleOutcome | None:
    """Return what the points of the answers come to as if it were a rule, in the anchors' words."""
    weight = weight_of(interview, rating, prefix)
    if weight is None:
        return None
    if rating.id.startswith("adversity."):
        low, high = ceil(weight.low + 1), floor(weight.high + 2)
    else:
        low, high = ceil(HIGHEST_RATING - 1 - weight.high), floor(HIGHEST_RATING - weight.low)
    low, high = max(low, LOWEST_RATING), min(high, HIGHEST_RATING)
    because = _in_anchors(rating, low, high)
    return RuleOutcome(Rule("points", None, low, high, because), weight.sure or None)


def _in_anchors(rating: Rating, low: int, high: int) -> str:
    """Return the anchor of the one rating that a range comes to, or of both ends of a wide one."""
    anchors = tuple(rating.anchors.values())
    ends = (low, high) if high - low > WIDEST else (_middle(rating.id, low, high),)
    bands = dict.fromkeys((each - 1) * len(anchors) // HIGHEST_RATING for each in ends)
    return " Or: ".join(anchors[band] for band in bands)


def _middle(key: str, low: int, high: int) -> int:
    """Return the rating nearest to the middle, to the side of less risk."""
    middle = Fraction(low + high, 2)
    return int(middle) if "adversity." in key else -int(-middle // 1)


def _told(outcomes: tuple[RuleOutcome, ...]) -> tuple[int, int] | None:
    """Return what the rules and the points leave open; None where they suggest nothing."""
    rated = [each.rule for each in outcomes if not each.rule.not_applicable]
    if not rated:
        return None
    return min(rule.low for rule in rated), max(rule.high for rule in rated)


def _bounded(
    told: tuple[int, int] | None, facts: tuple[FactRead, ...], worse_upward: bool
) -> tuple[int, int] | None:
    """Return a range held to the facts that are sure, and reaching to those that may be.

    Where a bound leaves no room for what was told, the range lies round the bound: so it is wider,
    and no better answer can make it worse than one that fits the fact.
    """
    sure = [each.rule for each in facts if each.truth is True and each.rule.form != "widen"]
    span = _held(told, sure)
    if span is None:
        return None
    low, high = span
    for rule in (each.rule for each in facts if each.rule not in sure):
        if rule.form != "widen":
            least, most = _held(span, [rule]) or span
        elif worse_upward:
            least, most = low, rule.high
        else:
            least, most = rule.low, high
        low, high = min(low, least), max(high, most)
    return low, high


def _held(span: tuple[int, int] | None, rules: list[FactRule]) -> tuple[int, int] | None:
    if not rules:
        return span
    low = max(rule.low for rule in rules)
    high = min(rule.high for rule in rules)
    if low > high:  # facts that exclude each other: anything between them
        return high, low
    least, most = span or (LOWEST_RATING, HIGHEST_RATING)
    # One step to either side of the bound, so that what fits it is never the better for it.
    above, below = min(low + 1, HIGHEST_RATING), max(high - 1, LOWEST_RATING)
    if most < low:
        return max(low - 1, LOWEST_RATING), above
    if high < least:
        return below, min(high + 1, HIGHEST_RATING)
    least, most = max(least, low), min(most, high)
    bounded_below, bounded_above = low > LOWEST_RATING, high < HIGHEST_RATING
    return min(least, below) if bounded_above else least, max(
        most, above
    ) if bounded_below else most


def _contradicts(fact: FactRead, told: tuple[int, int], worse_upward: bool) -> bool:
    rule, (low, high) = fact.rule, told
    if rule.form == "widen":
        return fact.truth is True and (high < rule.high if worse_upward else rule.low < low)
    return fact.truth is True and (high < rule.low or rule.high < low)


def _kept_for_two(found: Suggestion, borne_out: bool) -> Suggestion:
    """Keep the outermost ratings of the history for what more than one source tells of.

    Ours, after the published habit to keep the top adversity band and the bottom relational band
    for profound, corroborated experience: one source of the worst gives 8 to 9, and 2 to 3.
    """
    low, high = found.low, found.high
    assert low is not None, "only of a range"
    assert high is not None, "only of a range"
    if "adversity." in found.key:
        if not borne_out:
            return replace(found, low=min(low, _ONE_SOURCE), high=min(high, _ONE_SOURCE + 1))
        if low > _ONE_SOURCE:
            return replace(found, low=min(low + 1, 11), high=min(high + 1, HIGHEST_RATING))
        return found
    if not borne_out:
        return replace(found, low=max(low, 2), high=max(high, 3))
    return found


def ratings_of(
    interview: Interview, norms: Norms | None = None, suggested: bool = True
) -> tuple[Ratings | None, frozenset[str]]:
    """Return the ratings in force, and which of them are suggestions nobody has confirmed yet.

    The clinician's ratings stand; where there is none, the suggested value stands if `suggested`.
    A rating the clinician left unknown stays unknown; one of a period that the client cannot have
    reached is left out. None if the client's age is not known.
    """
    age = age_in_months(interview)
    if age is None:
        return None, frozenset()
    decided = {
        key: rated.value for key, rated in interview.ratings.items() if is_rating(interview, key)
    }
    age = max([age, *map(_begins, decided)])
    found: dict[str, int | str] = {
        key: value for key, value in decided.items() if value is not None
    }
    unconfirmed: set[str] = set()
    for key in rating_keys(interview) if suggested else ():
        if key not in decided and _begins(key) <= age:
            offered = _suggested(interview, key, norms)
            if offered.not_applicable:
                found[key] = NOT_APPLICABLE
            elif (value := offered.value) is not None:
                found[key] = value
                unconfirmed.add(key)
    return ratings_from(_as_file(interview, age, found), "interview"), frozenset(unconfirmed)


def _begins(key: str) -> float:
    """Return the age in months at which the period of a rating begins, 0 if it has none."""
    return PERIOD_STARTS.get(key.rpartition("/")[0], 0)


def age_in_months(interview: Interview) -> float | None:
    """Return the client's age in months; of several possible ones the middle."""
    known = "client.age_months" in interview.facts
    return float(_ages(interview)[1]) if known else None


def _ages(interview: Interview) -> tuple[Fraction, Fraction, Fraction]:
    """Return the least, the middle and the greatest age in months that the client may have."""
    match interview.facts.get("client.age_months"):
        case int() | float() as age:
            ages = [Fraction(age)]
        case Possible(values):
            ages = [Fraction(age) for age in values if isinstance(age, int | float)]
        case _:
            ages = [Fraction(0), Fraction(OLDEST_MONTHS)]
    return ages[0], ages[len(ages) // 2], ages[-1]


def _outcomes(interview: Interview, rules: tuple[Rule, ...], prefix: str) -> Iterator[RuleOutcome]:
    """Yield the rules that may be the first true one: up to and with the first that surely is."""
    seen = interview.seen
    for rule in rules:
        truth = rule.when(seen, prefix) if rule.when else True
        if truth is not False:
            yield RuleOutcome(rule, truth)
        if truth is True:
            return


def _expected(interview: Interview, rating_id: str, norms: Norms, age: Fraction) -> Fraction:
    weeks = interview.client.gestation_weeks
    corrected = norms.preterm.age(age, None if weeks is None else Fraction(weeks))
    return norms.expected(corrected)[rating_id.partition(".")[2]]


def scaled(rating: int, expected: Fraction) -> int:
    """Return a rating written for a full-grown expectation of 12 at another expectation.

    What is fully as expected comes to 85 % of the expectation at the least, where the nearest whole
    number would not; from 1.4 up, so that no domain of a well newborn comes out below (ours).
    """
    found = int(rating * expected / HIGHEST_RATING + Fraction(1, 2))
    if rating == HIGHEST_RATING and expected >= _ROUNDED_UP_FROM and 100 * found < 85 * expected:
        found += 1
    return min(HIGHEST_RATING, max(LOWEST_RATING, found))


def _evidence(interview: Interview, key: str) -> Iterator[EvidenceLine]:
    period, _, rating_id = key.rpartition("/")
    names = (f"*/{rating_id}", key) if period else (key,)
    for name in names:
        for question in interview.bank.evidence.get(name, ()):
            for prefix in _prefixes(interview, question, period):
                yield from _lines(interview, question, prefix + question.id)


def _prefixes(interview: Interview, question: Question, period: str) -> tuple[str, ...]:
    if question.for_each is None:
        return ("",)
    if question.for_each == "period" and period:
        return (f"{period}/",)
    return tuple(f"{instance}/" for instance in interview.instances(question.for_each))


def _lines(interview: Interview, question: Question, slot: str) -> Iterator[EvidenceLine]:
    state = interview.said(slot)
    if not interview.counts(slot) or not (state.given or state.marks):
        return
    ask = spoken(interview, slot).ask
    differs = state.differs(question)
    labels = labels_of(interview, question)
    for given in state.given:
        yield _line(interview, slot, ask, given, in_words(question, given.value, labels), differs)
    for mark in state.marks:
        yield _line(interview, slot, ask, mark, "", differs)


def _line(
    interview: Interview, slot: str, ask: str, said: Given | Mark, says: str, differs: bool
) -> EvidenceLine:
    informant = interview.informants.get(said.informant or "")
    return EvidenceLine(
        slot=slot,
        ask=ask,
        says=says,
        missing=said.reason if isinstance(said, Mark) else None,
        informant=informant.relation if informant else interview.words().answers["not_named"],
        basis=said.basis if isinstance(said, Given) else None,
        confidence=said.confidence if isinstance(said, Given) else None,
        words=said.words,
        differs=differs,
    )


def _as_file(
    interview: Interview, age: float, found: Mapping[str, int | str]
) -> Mapping[str, object]:
    """Return the ratings laid out as a ratings file has them."""
    by_period: dict[str, dict[str, dict[str, int | str]]] = {"adversity": {}, "relational": {}}
    flat: dict[str, dict[str, int | str]] = {"functions": {}, "relationships": {}}
    for key, value in found.items():
        period, _, rating_id = key.rpartition("/")
        part, _, item = rating_id.partition(".")
        place = by_period[part].setdefault(period, {}) if period else flat[part]
        place[item] = value
    weeks = interview.client.gestation_weeks
    return {"age_months": age, "gestation_weeks": weeks, **by_period, **flat}


__all__ = [
    "EvidenceLine",
    "RuleOutcome",
    "Suggestion",
    "age_in_months",
    "outcomes_of",
    "rating_keys",
    "ratings_of",
    "scaled",
    "suggest",
]
