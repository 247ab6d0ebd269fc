"""What the sections are written from, and how what people said may be shown in this copy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import Final

from nmt_intake.bank.compiling.words import shipped_words
from nmt_intake.bank.model import Question, Rating
from nmt_intake.bank.words import Words
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.slots import Given, Mark
from nmt_intake.interview.speaking import instance_name, labels_of, part_title, spoken
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import in_words
from nmt_intake.report.disclosure import NOBODY, Naming, hides_rating
from nmt_intake.report.markdown import cut, escaped, listed, piece
from nmt_intake.report.options import Edition, Wanted
from nmt_intake.report.words import age_said, when
from nmt_intake.scoring import Metrics, Norms, Part, Ratings
from nmt_intake.scoring.planner import Plan
from nmt_intake.scoring.suggest import Suggestion, outcomes_of, suggest
from nmt_intake.vocabulary import ADVERSITY, FUNCTIONS, RELATIONAL, RELATIONSHIPS

SUGGESTED: Final = "*"
_PLACE: Final = re.compile(r"\{(\w+)\}")


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
    edition: Edition = field(default_factory=Edition)

    @property
    def language(self) -> str:
        """The language of the fixed texts, the questions and the answers' labels."""
        bank = self.interview.bank if self.interview else None
        wanted = self.edition.language or self.edition.house.language
        return wanted or (bank.language if bank else "en")

    @cached_property
    def lists(self) -> Words:
        """The words for closed lists and fixed texts, in the language of the report."""
        if self.interview is None or self.language not in self.interview.bank.words:
            return shipped_words(self.language)
        return self.interview.words(self.language)

    def say(self, code: str, **parts: object) -> str:
        """Return a fixed text as safe Markdown, with `parts` (Markdown already) put in."""
        pieces = self._texts.get(code)
        if pieces is None:
            text = self.edition.house.wording.get(code) or self.lists.report[code]
            pieces = self._texts[code] = tuple(_PLACE.split(text))
        return "".join(
            str(parts[each]) if at % 2 else piece(each) for at, each in enumerate(pieces)
        )

    def plain(self, code: str, **parts: object) -> str:
        """Return a fixed text as plain text, for a drawing."""
        text = self.edition.house.wording.get(code) or self.lists.report[code]
        return text.format(**parts) if parts else text

    def count(self, code: str, number: int) -> str:
        """Return a number with its noun: the text `code_1` for one, `code_n` for others."""
        return self.say(f"{code}_1" if number == 1 else f"{code}_n", n=number)

    @cached_property
    def _texts(self) -> dict[str, tuple[str, ...]]:
        return {}

    def listed(self, words: Sequence[str]) -> str:
        """Return words as a spoken list, in the language of the report."""
        return listed(words, self.say("and"))

    def name(self, code: str, usual: str) -> str:
        """Return the title of a function, domain, region, item, period or band, as plain text."""
        return self.lists.titles.get(code, usual)

    def period(self, period: str) -> str:
        """Return the name of a period, as plain text."""
        return self.name(f"periods.{period}", self.norms.periods[period].title)

    def domain(self, domain: str) -> str:
        """Return the name of a domain, as plain text."""
        return self.name(f"domains.{domain}", self.norms.domain_titles.get(domain, domain))

    def region(self, region: str) -> str:
        """Return the name of a region, as plain text."""
        return self.name(f"regions.{region}", self.norms.region_titles[region])

    def band(self, part: Part, value: int) -> str:
        """Return the published band of a rating, as plain text."""
        band = self.norms.band(part, value)
        return self.name(f"bands.{part}.{band.id}", band.title)

    def age(self, months: Fraction | float) -> str:
        """Return an age as people say it: weeks under three months, months to two years."""
        return age_said(float(months), self.lists.report)

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
        """Return one rating with its sign; `?` where it is unknown, a dash where there is none."""
        if key in self.not_applicable:
            return "–"
        value = self.given.get(key)
        return "?" if value is None else f"{value}{self.mark((key,))}"

    @property
    def not_applicable(self) -> frozenset[str]:
        """The keys of what there is nothing to rate in."""
        return self.ratings.not_applicable if self.ratings else frozenset()

    def rated_of(self, keys: Iterable[str]) -> str:
        """Return how many of these are rated: `5 of 6 (2*)`, two of them suggestions."""
        asked = tuple(key for key in keys if key not in self.not_applicable)
        known = [key for key in asked if key in self.given]
        suggested = sum(key in self.unconfirmed for key in known)
        tail = f" ({suggested}{SUGGESTED})" if suggested else ""
        return f"{len(known)} of {len(asked)}{tail}"

    def title(self, key: str) -> str:
        """Return the plain-words title of a rating, as safe Markdown."""
        return self.text(self.named(key))

    def named(self, key: str) -> str:
        """Return the plain-words title of a rating, as plain text."""
        period, _, rating = key.rpartition("/")
        part, _, item = rating.partition(".")
        match part:
            case "adversity" | "relational" | "functions" | "relationships":
                usual = self.norms.item_title(part, item, period or None)
                titles = self.lists.titles
                return titles.get(key, titles.get(rating, usual)) if titles else usual
            case _:
                return rating

    def text(self, words: str) -> str:
        """Return any words as safe Markdown, people's own names left out."""
        return escaped(self.naming.applied(words))

    def quoted(self, words: str) -> str:
        """Return somebody's own words in quotation marks, or nothing."""
        return f"“{self.text(words)}”" if words.strip() else ""

    def who(self, informant: str | None) -> str:
        """Return who said something, by relation."""
        return self._tellers.get(informant or "") or self.lists.answers["no_source"]

    @cached_property
    def _tellers(self) -> Mapping[str, str]:
        """Every informant as Markdown by id; those of one relation are told apart by a number."""
        if self.interview is None:
            return {}
        found = self.interview.informants
        alike: dict[str, list[str]] = {}
        for name, each in found.items():
            alike.setdefault(each.relation.casefold(), []).append(name)
        return {
            name: self.text(each.relation) + (f" {same.index(name) + 1}" if len(same) > 1 else "")
            for name, each in found.items()
            for same in (alike[each.relation.casefold()],)
        }

    def source(self, said: Given | Mark) -> str:
        """Return who said it and on which basis: `grandmother, was told, fairly sure`."""
        if isinstance(said, Mark):
            return self.who(said.informant)
        basis = self.lists.bases[said.basis] if said.basis else ""
        sure = self.lists.confidences[said.confidence] if said.confidence else ""
        parts = (self.who(said.informant), basis, sure)
        return ", ".join(part for part in parts if part)

    def question(self, slot: str) -> Question:
        """Return the question of a slot that the bank asks."""
        return self._told.bank.questions[split_slot(slot)[1]]

    def ask(self, slot: str) -> str:
        """Return the question of a slot as it is asked, as safe Markdown."""
        return self.text(self.plain_ask(slot))

    def plain_ask(self, slot: str) -> str:
        """Return the question of a slot as it is asked, as plain text."""
        return spoken(self._told, slot, self.language).ask

    def where(self, slot: str) -> str:
        """Return the title of the part a slot belongs to, as safe Markdown."""
        part = self._told.part(slot)
        return self.text(part_title(self._told, part, self.language)) if part else ""

    def instance(self, slot: str) -> str:
        """Return what the carer, home or hard thing of a slot is called, as safe Markdown."""
        own = split_slot(slot)[0][:-1]
        known = own and self.question(slot).for_each != "period"
        return self.text(instance_name(self._told, own, self.language)) if known else ""

    def says(self, slot: str, given: Given) -> str:
        """Return an answer in words, as safe Markdown."""
        question = self.question(slot)
        labels = labels_of(self._told, question, self.language)
        return self.text(in_words(question, given.value, labels))

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
    def spoken_set(self) -> frozenset[str]:
        """The slots spoken of, for looking up."""
        return frozenset(self.spoken_of)

    @cached_property
    def open_slots(self) -> tuple[str, ...]:
        """The slots spoken of whose branch is not closed and which this copy may show."""
        if self.interview is None:
            return ()
        counts = self.interview.counts
        return tuple(slot for slot in self.spoken_of if counts(slot) and not self.withheld(slot))

    def is_settled(self, slot: str) -> bool:
        """Whether no rating waits for what was not answered at a slot."""
        return all(key in self.given for key in self.fed.get(slot, ()))

    @property
    def left_out(self) -> tuple[str, ...]:
        """What this copy leaves out, in words; the same whether any of it was said."""
        kinds = (
            ("left_out_substance", self.wanted.substance),
            ("left_out_third_parties", self.wanted.third_parties),
            ("left_out_dates", self.wanted.dates),
        )
        return tuple(self.say(code) for code, shown in kinds if not shown)

    def cite(self, slot: str) -> str:
        """Return the sign that leads to what was said at a slot: its number in the record."""
        self.cited.add(slot)
        return self.sign(slot)

    def sign(self, slot: str) -> str:
        """Return the number of what was said at a slot where all of it is told beside it."""
        return f"_[{self.number(slot)}]_"

    def number(self, slot: str) -> int:
        """Return the number of a slot: the same in every length of the same copy."""
        return self._numbers[slot]

    @cached_property
    def cited(self) -> set[str]:
        """The slots that were cited so far, whose answers the notes at the end hold."""
        return set()

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {slot: number for number, slot in enumerate(self.spoken_of, 1)}

    def evidence(self, key: str) -> tuple[str, ...]:
        """Return the slots spoken of that are evidence for a rating, in the order of the talk."""
        return self._evidence.get(key, ())

    @cached_property
    def _evidence(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        periods = self.interview.instances("period") if self.interview else ()
        for slot in self.open_slots:
            own = split_slot(slot)[0][:-1]
            for name in self.question(slot).evidence_for:
                period, _, rating = name.rpartition("/")
                within = (own,) if own in periods else periods
                keys = [f"{each}/{rating}" for each in within] if period == "*" else [name]
                for key in keys:
                    found.setdefault(key, []).append(slot)
        return {key: tuple(slots) for key, slots in found.items()}

    @cached_property
    def fed(self) -> Mapping[str, tuple[str, ...]]:
        """The ratings that each slot is evidence for."""
        found: dict[str, list[str]] = {}
        for key, slots in self._evidence.items():
            for slot in slots:
                found.setdefault(slot, []).append(key)
        return {slot: tuple(keys) for slot, keys in found.items()}

    def hides_rating(self, key: str) -> bool:
        """Whether this copy must not tell a single rating: it is unknown here in every figure."""
        return hides_rating(self.interview.bank if self.interview else None, self.wanted, key)

    def when(self, at: datetime, zone: str) -> str:
        """Return a day and time, or nothing in a copy without dates."""
        return when(at, zone) if self.wanted.dates else ""

    def deciding(self, key: str, most: int) -> tuple[str, ...]:
        """Return at most so many slots behind a rating: those its rules read first, then others."""
        evidence = self.evidence(key)
        if len(evidence) > most:
            rules = [each.rule.when for each in outcomes_of(self._told, key) if each.rule.when]
            read = [name for when in rules for name, _reach in when.reads]
            rating = self._rating(key)
            read += [sign.question for sign in rating.points] if rating else []
            place = {name: at for at, name in reversed([*enumerate(read)])}
            evidence = tuple(
                sorted(evidence, key=lambda slot: place.get(split_slot(slot)[1], len(read)))
            )
        return tuple(slot for slot in evidence if not self.withheld(slot))[:most]

    def _rating(self, key: str) -> Rating | None:
        period, _, rating_id = key.rpartition("/")
        return self._told.bank.rating(rating_id, period or None)

    def refs(self, key: str, most: int = 2) -> str:
        """Return the signs that lead from a rating to the answers behind it."""
        if self.interview is None:
            return ""
        return " ".join(self.cite(slot) for slot in self.deciding(key, most))

    def brief(self, words: str, longest: int) -> str:
        """Return somebody's own words in quotation marks, cut; or nothing."""
        short = cut(self.naming.applied(words), longest)
        return f"“{escaped(short)}”" if short else ""

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
    edition: Edition | None = None,
) -> Material:
    """Return the material of one report; `interview` and what is worked out of it are disclosed."""
    shown = (interview.client.alias if interview else wanted.name) or NOBODY
    made = edition or Edition()
    return Material(
        interview, ratings, metrics, norms, unconfirmed, wanted, plan, Naming(shown), made
    )


def domain_keys(norms: Norms, domain: str) -> tuple[str, ...]:
    """Return the rating keys of the functions that count for a domain."""
    return tuple(
        f"functions.{each}" for each in FUNCTIONS if norms.functions[each].domain == domain
    )


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
