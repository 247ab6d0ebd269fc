"""Suggested ratings: the bank's rules read against the answers, with what they came from.

A suggestion is a range, never a verdict: the rating is the clinician's. A rule that hangs on
something unknown widens it to every rating that may still turn out right. Two conventions here
are ours (not published): rules for functions are written against what is usual for the age and
are scaled to the age expectation, and a range wider than `WIDEST` gives no single value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from nmt_intake.bank.model import Question, Rule
from nmt_intake.bank.truth import Possible, Truth
from nmt_intake.interview.guard import is_rating
from nmt_intake.interview.slots import Given, Mark
from nmt_intake.interview.speaking import labels_of, spoken
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import in_words
from nmt_intake.scoring.norms import Norms
from nmt_intake.scoring.ratings import OLDEST_MONTHS, Ratings, ratings_from
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

    `rules` are those that gave the range, the deciding one last; `expected` is the age expectation
    that a function's range was scaled to (the middle one, where the age is not known for sure).
    """

    key: str
    low: int | None
    high: int | None
    rules: tuple[RuleOutcome, ...]
    evidence: tuple[EvidenceLine, ...] = ()
    expected: Fraction | None = None

    @property
    def settled(self) -> bool:
        """Whether one of the rules holds beyond doubt; else they may all turn out not to."""
        return bool(self.rules) and self.rules[-1].truth is True

    @property
    def value(self) -> int | None:
        """The one rating nearest to the middle, to the side of less risk.

        None if the range is too wide, or if no rule is sure to hold.
        """
        if self.low is None or self.high is None or not self.settled:
            return None
        if self.high - self.low > WIDEST:
            return None
        middle = Fraction(self.low + self.high, 2)
        worse_upward = "adversity." in self.key
        return int(middle) if worse_upward else -int(-middle // 1)

    @property
    def because(self) -> str:
        """Why, in the words of the bank's rules."""
        return " Or: ".join(outcome.rule.because for outcome in self.rules)

    @property
    def rule_ids(self) -> str:
        """The ids of the rules, for the record."""
        return ", ".join(outcome.rule.id for outcome in self.rules)


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
    """Return the rules that may give a rating, up to the first that surely does."""
    period, _, rating_id = key.rpartition("/")
    rating = interview.bank.rating(rating_id, period or None)
    return tuple(
        _outcomes(interview, rating.rules if rating else (), f"{period}/" if period else "")
    )


def _suggested(interview: Interview, key: str, norms: Norms | None) -> Suggestion:
    rating_id = key.rpartition("/")[2]
    outcomes = outcomes_of(interview, key)
    if not outcomes:
        return Suggestion(key, None, None, ())
    low = min(outcome.rule.low for outcome in outcomes)
    high = max(outcome.rule.high for outcome in outcomes)
    if norms is None or not rating_id.startswith("functions."):
        return Suggestion(key, low, high, outcomes)
    least, middle, most = (_expected(interview, rating_id, norms, age) for age in _ages(interview))
    return Suggestion(key, scaled(low, least), scaled(high, most), outcomes, expected=middle)


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
    found = {key: value for key, value in decided.items() if value is not None}
    unconfirmed: set[str] = set()
    for key in rating_keys(interview) if suggested else ():
        if key not in decided and _begins(key) <= age:
            value = _suggested(interview, key, norms).value
            if value is not None:
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
    """Return a rating written for a full-grown expectation of 12 at another expectation."""
    scaled = int(rating * expected / HIGHEST_RATING + Fraction(1, 2))
    return min(HIGHEST_RATING, max(LOWEST_RATING, scaled))


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


def _as_file(interview: Interview, age: float, found: Mapping[str, int]) -> Mapping[str, object]:
    """Return the ratings laid out as a ratings file has them."""
    by_period: dict[str, dict[str, dict[str, int]]] = {"adversity": {}, "relational": {}}
    flat: dict[str, dict[str, int]] = {"functions": {}, "relationships": {}}
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
