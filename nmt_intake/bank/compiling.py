"""From checked sources to the compiled bank: ids, conditions, order, with every problem found."""

from __future__ import annotations

import difflib
import keyword
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Final

from nmt_intake.bank import sources
from nmt_intake.bank.expression import (
    FACTS,
    Complaint,
    Expression,
    Reach,
    Referent,
    ValueKind,
    parse,
)
from nmt_intake.bank.model import (
    AGE_BANDS,
    Activity,
    Block,
    Check,
    Column,
    Condition,
    ForEach,
    Migration,
    Question,
    Rating,
    Refer,
    Rule,
)
from nmt_intake.bank.problems import CATALOGUE, Problem
from nmt_intake.bank.wording import TEXT_FACTS, facts_in
from nmt_intake.cleaning import clean
from nmt_intake.vocabulary import (
    ADVERSITY,
    DOMAINS,
    FUNCTIONS,
    MISSING_REASONS,
    PERIODS,
    RELATIONAL,
    RELATIONSHIPS,
)

BANDS: Final[dict[str, tuple[str, ...]]] = {
    "adversity": ("none", "mild", "moderate", "severe"),
    "relational": ("poor", "episodic", "adequate", "positive"),
    "functions": ("severe", "moderate", "mild", "typical"),
    "relationships": ("poor", "episodic", "adequate", "positive"),
}
CLIENT_FACTS: Final = (
    "client.name",
    "client.birth",
    "client.gestation_weeks",
    "client.pronoun",
    "client.language",
)

_ITEMS: Final[dict[str, tuple[str, ...]]] = {
    "adversity": ADVERSITY,
    "relational": RELATIONAL,
    "functions": FUNCTIONS,
    "relationships": RELATIONSHIPS,
}
_KINDS: Final[dict[str, ValueKind]] = {
    "yes_no": "truth",
    "choice": "code",
    "choices": "codes",
    "scale": "number",
    "number": "number",
    "age": "number",
    "date": "date",
    "interval": "other",
    "text": "text",
    "person": "text",
    "table": "other",
}
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
_SELF: Final = "self"
_WORDING_KEYS: Final = frozenset(
    (_SELF, *PERIODS, *(band for band, _ in AGE_BANDS), *(f"{_SELF}_{each}" for each in PERIODS))
)
_DEFAULT_SCALE: Final = {str(number): str(number) for number in range(11)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source stands: its file, and the lines of its keys (0 for the thing itself)."""

    file: str
    line: int
    lines: Mapping[str, int] = field(default_factory=dict[str, int])

    def of(self, key: str) -> int:
        """Return the line of one of its keys."""
        return self.lines.get(key, self.line)


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block file that was read: its head, and each question that was well formed.

    `broken` are the ids of questions that were not: nothing more is said of what names them.
    """

    source: sources.BlockSource
    place: Place
    questions: tuple[tuple[sources.QuestionSource, Place], ...]
    broken: frozenset[str]


@dataclass(frozen=True, slots=True)
class PlacedRating:
    """A rating that was read, where it stands, and where its rules stand."""

    source: sources.RatingSource
    place: Place
    rules: tuple[Place, ...]


def rating_ids(rating: str, for_each: str | None) -> tuple[str, ...]:
    """Return the ids of the ratings that an `evidence_for` entry names, or none if it is unknown.

    `adversity.neglect` in a block repeated over periods is that of each period
    (`*/adversity.neglect`); elsewhere the period is written out (`infancy/adversity.neglect`).
    """
    period, _, bare = rating.rpartition("/")
    part, _, item = bare.partition(".")
    if item not in _ITEMS.get(part, ()):
        return ()
    if part in ("functions", "relationships"):
        return () if period else (bare,)
    if period:
        return (rating,) if period in PERIODS else ()
    return (f"*/{bare}",) if for_each == "period" else ()


class Compiler:
    """Compiles the sources of one bank; `problems` grows as it goes, nothing is raised."""

    def __init__(self, blocks: Sequence[PlacedBlock], languages: Sequence[str]) -> None:
        self.problems: list[Problem] = []
        self._blocks = blocks
        self._languages = frozenset(languages)
        self._known = {
            f"{block.source.block}.{source.id}": (block.source.for_each, source)
            for block in blocks
            for source, _ in block.questions
        }
        self._broken = frozenset(
            f"{block.source.block}.{name}" for block in blocks for name in block.broken
        )

    def blocks(self) -> tuple[Block, ...]:
        """Return the compiled blocks, having noted every problem in them."""
        self._find_duplicates()
        return tuple(self._block(block) for block in self._blocks)

    def ratings(self, ratings: Sequence[PlacedRating]) -> tuple[Rating, ...]:
        """Return the compiled ratings, having noted every problem in them."""
        return tuple(self._rating(rating) for rating in ratings)

    def activities(
        self, found: Iterable[tuple[sources.ActivitySource, Place]]
    ) -> tuple[Activity, ...]:
        """Return the compiled activities, having noted every problem in them."""
        seen: set[str] = set()
        activities: list[Activity] = []
        for source, place in found:
            if source.id in seen:
                self._note(place, "id", "BANK-010", source.id, "stands twice.", "Rename one.")
            seen.add(source.id)
            self._check_activity(source, place)
            activities.append(_activity(source))
        return tuple(activities)

    def order(self, blocks: Sequence[Block]) -> tuple[str, ...]:
        """Return the question ids so that each comes after what its condition reads.

        Conditions that go round in a circle are noted, naming the questions on it.
        """
        reads: dict[str, set[str]] = {}
        places: dict[str, tuple[str, int]] = {}
        for block in blocks:
            gate = {name for name, _ in block.when.reads} if block.when else set[str]()
            for question in block.questions:
                own = {name for name, _ in question.when.reads} if question.when else set[str]()
                reads[question.id] = gate | own
                places[question.id] = (block.file, question.line)
        try:
            return tuple(TopologicalSorter(reads).static_order())
        except CycleError as error:
            circle: list[str] = list(reversed(error.args[1]))
            first = min(circle)
            turned = circle[circle.index(first) : -1] + circle[: circle.index(first)] + [first]
            file, line = places[first]
            self.problems.append(
                Problem(
                    file,
                    line,
                    "BANK-016",
                    first,
                    f"conditions go round in a circle: {' -> '.join(turned)}.",
                    "Take one of these questions out of the other's condition.",
                )
            )
            return tuple(reads)

    def _note(
        self, place: Place, key: str, code: str, question: str, message: str, advice: str
    ) -> None:
        self.problems.append(Problem(place.file, place.of(key), code, question, message, advice))

    def _find_duplicates(self) -> None:
        first: dict[str, Place] = {}
        for block in self._blocks:
            ids = [(block.source.block, block.place, "block")]
            ids += [(f"{block.source.block}.{q.id}", place, "id") for q, place in block.questions]
            for name, place, key in ids:
                bare = name.rpartition(".")[2]
                if not _ID.fullmatch(bare) or keyword.iskeyword(bare) or bare == "value":
                    message = f"the id {clean(bare, 60)!r} cannot be used."
                    advice = "Use small letters, digits and _, starting with a letter."
                    self._note(place, key, "BANK-011", name, message, advice)
                if name in first:
                    other = first[name]
                    message = f"stands already at {other.file}:{other.line}."
                    self._note(place, key, "BANK-010", name, message, "Rename one of them.")
                first.setdefault(name, place)

    def _block(self, placed: PlacedBlock) -> Block:
        source, place = placed.source, placed.place
        when = self._condition(source.when, place, "when", source.block, source)
        self._check_text(place, "opening", source.block, source.opening, source.for_each)
        self._check_silence(place, source.block, source.silence)
        self._check_languages(place, source.block, source.translations)
        return Block(
            id=source.block,
            title=clean(source.title, 200),
            file=place.file,
            line=place.line,
            for_each=source.for_each,
            when=when,
            opening=_cleaned(source.opening),
            another=_cleaned(source.another),
            questions=tuple(self._question(source, *question) for question in placed.questions),
            silence=source.silence,
            translations={
                language: {
                    key: clean(text)
                    for key, text in words.model_dump(exclude_none=True).items()
                    if isinstance(text, str)
                }
                for language, words in source.translations.items()
            },
        )

    def _question(
        self, block: sources.BlockSource, source: sources.QuestionSource, place: Place
    ) -> Question:
        name = f"{block.block}.{source.id}"
        self._check_question(block, source, place)
        return Question(
            id=name,
            block=block.block,
            name=source.id,
            ask=clean(source.ask),
            kind=source.kind,
            line=place.line,
            for_each=block.for_each,
            options=self._options(source, place, name),
            unit=_cleaned(source.unit),
            columns=tuple(_column(column) for column in source.columns),
            when=self._condition(source.when, place, "when", name, block),
            wordings={key: clean(text) for key, text in source.wordings.items()},
            preface=_cleaned(source.preface),
            listen_for=_cleaned(source.listen_for),
            probes=tuple(clean(probe) for probe in source.probes),
            sensitivity=source.sensitivity,
            informants=tuple(source.informants),
            evidence_for=self._evidence(block, source, place),
            keywords=tuple(clean(word, 80).lower() for word in source.keywords),
            tags=tuple(source.tags),
            source=_cleaned(source.source),
            loinc=source.loinc,
            soft_check=self._check(source.soft_check, place, "soft_check", name, block, source),
            hard_check=self._check(source.hard_check, place, "hard_check", name, block, source),
            refer=Refer(tuple(source.refer.on), clean(source.refer.say)) if source.refer else None,
            safety=tuple(source.safety),
            fact=source.fact,
            names_this=source.names_this,
            hidden=source.hidden,
            show_if_filled=source.show_if_filled,
            silence=source.silence,
            translations={
                language: words.model_dump(exclude_defaults=True)
                for language, words in source.translations.items()
            },
        )

    def _options(
        self, source: sources.QuestionSource, place: Place, name: str
    ) -> Mapping[str, str]:
        options = {code: clean(label, 400) for code, label in (source.options or {}).items()}
        if source.kind == "scale":
            bad = [code for code in options if not re.fullmatch(r"-?\d{1,6}", code)]
            if bad:
                message = f"the scale has the code {clean(bad[0], 40)!r}, which is no whole number."
                self._note(place, "options", "BANK-012", name, message, "Use 0, 1, 2 ...")
            return options or _DEFAULT_SCALE
        if source.kind in ("choice", "choices"):
            if not options:
                message = f"a {source.kind} question has no options."
                self._note(
                    place, "options", "BANK-012", name, message, "Write options: {code: Words}."
                )
        elif options:
            message = f"a {source.kind} question has options."
            self._note(place, "options", "BANK-012", name, message, "Take them out, or use choice.")
        return options

    def _evidence(
        self, block: sources.BlockSource, source: sources.QuestionSource, place: Place
    ) -> tuple[str, ...]:
        found: list[str] = []
        for rating in source.evidence_for:
            ids = rating_ids(rating, block.for_each)
            if not ids:
                message = f"there is no rating {clean(rating, 60)!r} here."
                bare = rating.rpartition("/")[2]
                known = [f"{part}.{item}" for part, items in _ITEMS.items() for item in items]
                advice = (
                    "Outside a period block write the period too: infancy/adversity.neglect."
                    if bare in known
                    else _near(bare, known)
                )
                name = f"{block.block}.{source.id}"
                self._note(place, "evidence_for", "BANK-018", name, message, advice)
            found += ids
        return tuple(found)

    def _condition(
        self,
        text: str | None,
        place: Place,
        key: str,
        name: str,
        block: sources.BlockSource,
    ) -> Condition | None:
        if text is None:
            return None
        facts = [fact for fact in FACTS if fact != "period.id" or block.for_each == "period"]
        resolve = self._resolver(block.block, block.for_each)
        return self._parsed(text, place, key, name, resolve, facts)

    def _parsed(
        self,
        text: str,
        place: Place,
        key: str,
        name: str,
        resolve: Callable[[str], Referent | Complaint],
        facts: Iterable[str],
    ) -> Condition | None:
        parsed = parse(text, resolve, facts)
        match parsed:
            case Expression():
                return Condition(parsed.text, parsed.tree, parsed.reads, parsed.facts)
            case Complaint(code=""):
                return None
            case Complaint():
                self._note(place, key, parsed.code, name, parsed.message, parsed.advice)
                return None

    def _resolver(
        self, block: str, for_each: ForEach | None
    ) -> Callable[[str], Referent | Complaint]:
        def resolve(name: str) -> Referent | Complaint:
            full = name if "." in name or not block else f"{block}.{name}"
            if full in self._broken:
                return Complaint("", "", "")
            if full not in self._known:
                advice = (
                    f"Write {name.title()}."
                    if name in ("true", "false")
                    else _near(full, self._known, block)
                )
                return Complaint("BANK-014", f"there is no question {clean(name, 60)!r}.", advice)
            loop, source = self._known[full]
            reach: Reach = "once" if loop is None else "same" if loop == for_each else "many"
            return _referent(full, source, reach, loop or "")

        return resolve

    def _check(
        self,
        check: sources.CheckSource | None,
        place: Place,
        key: str,
        name: str,
        block: sources.BlockSource,
        source: sources.QuestionSource,
    ) -> Check | None:
        if check is None:
            return None
        elsewhere = self._resolver(block.block, block.for_each)

        def resolve(word: str) -> Referent | Complaint:
            return _referent("value", source, "once", "") if word == "value" else elsewhere(word)

        condition = self._parsed(check.expect, place, key, name, resolve, FACTS)
        return Check(condition, clean(check.say)) if condition else None

    def _check_question(
        self, block: sources.BlockSource, source: sources.QuestionSource, place: Place
    ) -> None:
        name = f"{block.block}.{source.id}"
        for key, text in _texts(source):
            self._check_text(place, key, name, text, block.for_each)
        for key in source.wordings:
            if key not in _WORDING_KEYS:
                message = f"{clean(key, 40)!r} is no kind of wording."
                advice = _near(key, sorted(_WORDING_KEYS))
                self._note(place, "wordings", "BANK-007", name, message, advice)
        if source.fact and source.fact not in CLIENT_FACTS:
            message = f"{clean(source.fact, 40)!r} is no fact of the client."
            self._note(place, "fact", "BANK-014", name, message, _near(source.fact, CLIENT_FACTS))
        if (source.kind == "table") != bool(source.columns):
            message = "columns and the kind table go together."
            self._note(place, "kind", "BANK-006", name, message, "Give a table its columns.")
        for key, codes in (
            ("safety", source.safety),
            ("refer", source.refer.on if source.refer else ()),
        ):
            self._check_codes(source, place, name, key, codes)
        self._check_silence(place, name, source.silence)
        self._check_languages(place, name, source.translations)

    def _check_codes(
        self,
        source: sources.QuestionSource,
        place: Place,
        name: str,
        key: str,
        codes: Iterable[str],
    ) -> None:
        known = ("yes", "no") if source.kind == "yes_no" else tuple(source.options or {})
        for code in codes:
            if code not in known and code not in MISSING_REASONS:
                message = f"there is no option {clean(code, 40)!r} here."
                self._note(place, key, "BANK-014", name, message, _near(code, known))

    def _check_text(
        self, place: Place, key: str, name: str, text: str | None, for_each: str | None
    ) -> None:
        for fact in facts_in(text or ""):
            needs = TEXT_FACTS.get(fact)
            if needs is None:
                message = f"{{{clean(fact, 40)}}} is no known fact."
                self._note(place, key, "BANK-017", name, message, _near(fact, TEXT_FACTS))
            elif needs and needs != for_each:
                message = f"{{{fact}}} is only known in a block for each {needs}."
                self._note(place, key, "BANK-017", name, message, "Take it out, or set for_each.")

    def _check_silence(self, place: Place, name: str, silence: Mapping[str, str]) -> None:
        for code in silence:
            if code not in CATALOGUE or CATALOGUE[code][0] == "error":
                message = f"{clean(code, 40)!r} cannot be silenced."
                self._note(place, "silence", "BANK-007", name, message, "Only warnings can be.")

    def _check_languages(self, place: Place, name: str, languages: Iterable[str]) -> None:
        for language in languages:
            if language not in self._languages:
                message = f"the bank has no language {clean(language, 20)!r}."
                advice = "Add it to translations in bank.yaml."
                self._note(place, "translations", "BANK-007", name, message, advice)

    def _rating(self, placed: PlacedRating) -> Rating:
        source, place = placed.source, placed.place
        part, _, item = source.rating.partition(".")
        if item not in _ITEMS.get(part, ()):
            message = f"there is no rating {clean(source.rating, 60)!r}."
            known = [f"{part}.{item}" for part, items in _ITEMS.items() for item in items]
            self._note(
                place, "rating", "BANK-018", source.rating, message, _near(source.rating, known)
            )
        elif tuple(sorted(source.anchors)) != tuple(sorted(BANDS[part])):
            message = "the anchors are not the four bands."
            self._note(
                place,
                "anchors",
                "BANK-019",
                source.rating,
                message,
                f"Write {', '.join(BANDS[part])}.",
            )
        for period in source.periods:
            if period not in PERIODS or part not in ("adversity", "relational"):
                message = f"the period {clean(period, 40)!r} does not fit."
                self._note(
                    place, "periods", "BANK-019", source.rating, message, _near(period, PERIODS)
                )
        return Rating(
            id=source.rating,
            title=clean(source.title, 200),
            file=place.file,
            line=place.line,
            periods=tuple(source.periods),
            anchors={band: clean(text) for band, text in source.anchors.items()},
            rules=tuple(self._rules(placed)),
            silence=source.silence,
        )

    def _rules(self, placed: PlacedRating) -> Iterator[Rule]:
        part = placed.source.rating.partition(".")[0]
        loop: ForEach | None = "period" if part in ("adversity", "relational") else None
        resolve = self._resolver("", loop)
        facts = [fact for fact in FACTS if fact != "period.id" or loop]
        for source, place in zip(placed.source.rules, placed.rules, strict=True):
            name = f"{placed.source.rating} {source.id}"
            low, high = source.suggest
            if low > high:
                message = f"suggests from {low} to {high}."
                self._note(place, "suggest", "BANK-019", name, message, "Write the lower first.")
            when = None
            if source.when is not None:
                when = self._parsed(source.when, place, "when", name, resolve, facts)
            yield Rule(source.id, when, low, high, clean(source.because))

    def _check_activity(self, source: sources.ActivitySource, place: Place) -> None:
        wrong: list[tuple[str, str]] = []
        if source.domain not in DOMAINS:
            wrong.append(("domain", f"there is no domain {clean(source.domain, 40)!r}."))
        wrong += [
            ("functions", f"there is no function {clean(function, 40)!r}.")
            for function in source.functions
            if function not in FUNCTIONS
        ]
        if source.ages[0] >= source.ages[1]:
            wrong.append(("ages", "the ages do not go up."))
        for key, message in wrong:
            self._note(place, key, "BANK-032", source.id, message, "See the author's guide.")


def _referent(name: str, source: sources.QuestionSource, reach: Reach, loop: str) -> Referent:
    codes = tuple(source.options or ()) if source.kind in ("choice", "choices") else ()
    return Referent(name, reach, _KINDS[source.kind], codes, loop)


def _texts(source: sources.QuestionSource) -> Iterator[tuple[str, str]]:
    yield "ask", source.ask
    for text in source.wordings.values():
        yield "wordings", text
    for key in ("preface", "listen_for"):
        yield key, getattr(source, key) or ""
    for probe in source.probes:
        yield "probes", probe
    for words in source.translations.values():
        for text in (words.ask, words.preface, *words.wordings.values(), *words.probes):
            yield "translations", text or ""


def _column(source: sources.ColumnSource) -> Column:
    options = {code: clean(label, 200) for code, label in (source.options or {}).items()}
    return Column(source.id, clean(source.ask), source.kind, options, source.unit)


def _activity(source: sources.ActivitySource) -> Activity:
    low, high = source.ages
    return Activity(
        id=source.id,
        title=clean(source.title, 200),
        domain=source.domain,
        functions=tuple(source.functions),
        band=tuple(source.band),
        ages=(low, high),
        settings=tuple(source.settings),
        led_by=clean(source.led_by, 200),
        how_often=clean(source.how_often, 200),
        how_long=clean(source.how_long, 200),
        cost=source.cost,
        looks_like=clean(source.looks_like),
        adaptations=tuple(clean(text) for text in source.adaptations),
        cautions=tuple(clean(text) for text in source.cautions),
        strengths=tuple(source.strengths),
        needs=tuple(source.needs),
        made_for=tuple(source.made_for),
    )


def migration(source: sources.MigrationSource) -> Migration:
    """Return the compiled migration."""
    return Migration(
        source.from_version, source.renamed, tuple(source.dropped), source.codes, source.because
    )


def _cleaned(text: str | None) -> str | None:
    return None if text is None else clean(text)


def _near(word: str, known: Iterable[str], block: str = "") -> str:
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1)
    if not near:
        bare = word.rpartition(".")[2]
        near = [name for name in names if name.rpartition(".")[2] == bare][:1]
    if near:
        shown = near[0].removeprefix(f"{block}.") if block else near[0]
        return f"Did you mean {shown!r}?"
    return f"Known are {', '.join(names[:8])}." if 0 < len(names) <= 8 else "Check the spelling."
