"""What the sections are written from, and how what people said may be shown in this copy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from nmt_intake.bank.model import Question
from nmt_intake.bank.words import Words
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.slots import Given, Mark
from nmt_intake.interview.speaking import labels_of, spoken
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import in_words
from nmt_intake.report.disclosure import NOBODY, Naming, hides_rating
from nmt_intake.report.markdown import escaped
from nmt_intake.report.options import Wanted
from nmt_intake.report.words import when
from nmt_intake.scoring import Metrics, Norms, Ratings
from nmt_intake.scoring.planner import Plan
from nmt_intake.scoring.suggest import Suggestion, suggest
from nmt_intake.vocabulary import ADVERSITY, FUNCTIONS, RELATIONAL, RELATIONSHIPS

SUGGESTED: Final = "*"


@dataclass(frozen=True)
class Material:
    """Everything the sections are written from; made by `material`.

    `interview` calls the client as `naming` does, which replaces names in all text.
    `unconfirmed` holds the keys (`functions.sleep`, `infancy/adversity.neglect`) of ratings that
    are suggestions nobody has confirmed.
    """

    interview: Interview | None
    ratings: Ratings | None
    metrics: Metrics | None
    norms: Norms
    unconfirmed: frozenset[str]
    wanted: Wanted
    plan: Plan | None
    naming: Naming

    @property
    def shown(self) -> str:
        """What the client is called."""
        return self.naming.shown

    @cached_property
    def given(self) -> Mapping[str, int]:
        """Every known rating by its key."""
        return _by_key(self.ratings) if self.ratings else {}

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The key of every rating that applies at this age, in order."""
        periods = self.ratings.periods if self.ratings else ()
        return (
            *(key for period in periods for key in period_keys(period)),
            *(f"functions.{item}" for item in FUNCTIONS),
            *(f"relationships.{item}" for item in RELATIONSHIPS),
        )

    @property
    def figures(self) -> Metrics | None:
        """The metrics, or None where not a single rating stands behind them."""
        return self.metrics if self.given else None

    def mark(self, keys: Iterable[str]) -> str:
        """Return the sign for a figure that rests on an unconfirmed suggestion, or nothing."""
        return SUGGESTED if any(key in self.unconfirmed for key in keys) else ""

    def rating(self, key: str) -> str:
        """Return one rating with its sign; `?` where it is unknown."""
        value = self.given.get(key)
        return "?" if value is None else f"{value}{self.mark((key,))}"

    def rated_of(self, keys: Iterable[str]) -> str:
        """Return how many of these are rated: `5 of 6 (2*)`, two of them suggestions."""
        asked = tuple(keys)
        known = [key for key in asked if key in self.given]
        suggested = sum(key in self.unconfirmed for key in known)
        tail = f" ({suggested}{SUGGESTED})" if suggested else ""
        return f"{len(known)} of {len(asked)}{tail}"

    def title(self, key: str) -> str:
        """Return the plain-words title of a rating, as safe Markdown."""
        period, _, rating = key.rpartition("/")
        part, _, item = rating.partition(".")
        match part:
            case "adversity" | "relational" | "functions" | "relationships":
                return self.text(self.norms.item_title(part, item, period or None))
            case _:
                return self.text(rating)

    def text(self, words: str) -> str:
        """Return any words as safe Markdown, people's own names left out."""
        return escaped(self.naming.applied(words))

    def quoted(self, words: str) -> str:
        """Return somebody's own words in quotation marks, or nothing."""
        return f"“{self.text(words)}”" if words.strip() else ""

    def who(self, informant: str | None) -> str:
        """Return who said something, by relation."""
        known = self._told.informants.get(informant or "")
        return self.text(known.relation) if known else self.lists.answers["no_source"]

    def source(self, said: Given | Mark) -> str:
        """Return who said it and on which basis: `grandmother, was told, fairly sure`."""
        if isinstance(said, Mark):
            return self.who(said.informant)
        basis = self.lists.bases[said.basis] if said.basis else ""
        sure = self.lists.confidences[said.confidence] if said.confidence else ""
        parts = (self.who(said.informant), basis, sure)
        return ", ".join(part for part in parts if part)

    @property
    def lists(self) -> Words:
        """The words for closed lists, in the language of the bank."""
        return self._told.words()

    def question(self, slot: str) -> Question:
        """Return the question of a slot that the bank asks."""
        return self._told.bank.questions[split_slot(slot)[1]]

    def ask(self, slot: str) -> str:
        """Return the question of a slot as it is asked, as safe Markdown."""
        return self.text(spoken(self._told, slot).ask)

    def says(self, slot: str, given: Given) -> str:
        """Return an answer in words, as safe Markdown."""
        question = self.question(slot)
        return self.text(in_words(question, given.value, labels_of(self._told, question)))

    def words(self, slot: str, said: Given | Mark) -> str:
        """Return the verbatim words of an answer; those of a safety note only if wanted."""
        if self.is_about_safety(slot) and not self.wanted.safety_words:
            return ""
        return self.quoted(said.words)

    def withheld(self, slot: str) -> bool:
        """Whether this copy does not show a slot: it is what the client is called.

        What a policy leaves out is not in the interview of this material at all.
        """
        return self.question(slot).fact == "client.name"

    @cached_property
    def spoken_of(self) -> tuple[str, ...]:
        """Every slot somebody answered or left with a reason, in the order of the talk."""
        if self.interview is None:
            return ()
        place = self.interview.layout.position
        return tuple(sorted((s for s in self.interview.slots if s in place), key=place.__getitem__))

    @cached_property
    def open_slots(self) -> tuple[str, ...]:
        """The slots spoken of whose branch is not closed and which this copy may show."""
        if self.interview is None:
            return ()
        counts = self.interview.counts
        return tuple(slot for slot in self.spoken_of if counts(slot) and not self.withheld(slot))

    @property
    def left_out(self) -> tuple[str, ...]:
        """What this copy leaves out, in words; the same whether any of it was said."""
        kinds = (
            ("what was said about substance use (alcohol, tobacco, drugs)", self.wanted.substance),
            ("other people's own lives, and their names", self.wanted.third_parties),
            ("dates (ages stand in their place)", self.wanted.dates),
        )
        return tuple(words for words, shown in kinds if not shown)

    def hides_rating(self, key: str) -> bool:
        """Whether this copy must not tell a single rating: it is unknown here in every figure."""
        return hides_rating(self.interview.bank if self.interview else None, self.wanted, key)

    def when(self, at: datetime, zone: str) -> str:
        """Return a day and time, or nothing in a copy without dates."""
        return when(at, zone) if self.wanted.dates else ""

    def suggestion(self, key: str) -> Suggestion:
        """Return what the bank's rules suggest for a rating, worked out once a report."""
        if key not in self._suggestions:
            self._suggestions[key] = suggest(self._told, key, self.norms)
        return self._suggestions[key]

    @cached_property
    def _suggestions(self) -> dict[str, Suggestion]:
        return {}

    @property
    def _told(self) -> Interview:
        if self.interview is None:
            raise ValueError("a report from ratings alone has no answers")
        return self.interview

    def is_about_safety(self, slot: str) -> bool:
        """Whether an answer at a slot is a safety concern, or a safety note was made there."""
        return slot in self._safety_slots

    @cached_property
    def _safety_slots(self) -> frozenset[str]:
        return frozenset(each.slot for each in self._told.safety if each.slot is not None)


def material(
    interview: Interview | None,
    ratings: Ratings | None,
    metrics: Metrics | None,
    norms: Norms,
    unconfirmed: frozenset[str],
    wanted: Wanted,
    plan: Plan | None,
) -> Material:
    """Return the material of one report; `interview` and what is worked out of it are disclosed."""
    shown = (interview.client.alias if interview else wanted.name) or NOBODY
    return Material(interview, ratings, metrics, norms, unconfirmed, wanted, plan, Naming(shown))


def period_keys(period: str) -> tuple[str, ...]:
    """Return the keys of the twelve ratings of a period."""
    return (*adversity_keys(period), *relational_keys(period))


def adversity_keys(period: str) -> tuple[str, ...]:
    """Return the keys of the six adversity ratings of a period."""
    return tuple(f"{period}/adversity.{item}" for item in ADVERSITY)


def relational_keys(period: str) -> tuple[str, ...]:
    """Return the keys of the six ratings of relational health of a period."""
    return tuple(f"{period}/relational.{item}" for item in RELATIONAL)


def _by_key(ratings: Ratings) -> Mapping[str, int]:
    periods = (("adversity", ratings.adversity), ("relational", ratings.relational))
    flat = (("functions", ratings.functions), ("relationships", ratings.relationships))
    return {
        f"{period}/{part}.{item}": value
        for part, found in periods
        for period, items in found.items()
        for item, value in items.items()
    } | {f"{part}.{item}": value for part, items in flat for item, value in items.items()}
