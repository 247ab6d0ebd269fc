"""Compiles blocks and their questions."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, get_args

from nmt_intake.bank import sources
from nmt_intake.bank.compiling.conditions import Conditions
from nmt_intake.bank.compiling.notes import Notes, near
from nmt_intake.bank.compiling.placing import Place, PlacedBlock
from nmt_intake.bank.compiling.ratings import note_unknown_rating, rating_ids
from nmt_intake.bank.kinds import KINDS
from nmt_intake.bank.model import (
    AGE_BANDS,
    Block,
    Column,
    Condition,
    Essential,
    Question,
    Refer,
    Role,
    StandingCheck,
)
from nmt_intake.bank.problems import CATALOGUE, RETIRED
from nmt_intake.bank.wording import TEXT_FACTS, facts_in
from nmt_intake.text import clean
from nmt_intake.vocabulary import MISSING_REASONS, PERIODS

CLIENT_FACTS: Final = (
    "client.name",
    "client.birth",
    "client.gestation_weeks",
    "client.pronoun",
    "client.language",
)
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
_STEP: Final = re.compile(r"-?\d{1,6}")
_SELF: Final = "self"
_TELLERS: Final = (_SELF, *get_args(Role))
_WORDING_KEYS: Final = frozenset(
    (
        *_TELLERS,
        *PERIODS,
        *(band for band, _ in AGE_BANDS),
        *(f"{teller}_{each}" for teller in _TELLERS for each in PERIODS),
    )
)
_DEFAULT_SCALE: Final = {str(number): str(number) for number in range(11)}


def compiled_blocks(
    blocks: Sequence[PlacedBlock],
    languages: Iterable[str],
    conditions: Conditions,
    notes: Notes,
) -> tuple[Block, ...]:
    """Return the compiled blocks, having noted every problem in them."""
    _note_ids(blocks, notes)
    loops = frozenset(str(block.source.for_each) for block in blocks)
    reader = _BlockReader(frozenset(languages), loops, conditions, notes)
    return tuple(reader.block(block) for block in blocks)


def _note_ids(blocks: Sequence[PlacedBlock], notes: Notes) -> None:
    first: dict[str, Place] = {}
    for block in blocks:
        ids = [(block.source.block, block.place, "block")]
        ids += [(f"{block.source.block}.{q.id}", place, "id") for q, place in block.questions]
        for name, place, key in ids:
            _note_form(name.rpartition(".")[2], place, key, name, notes)
            if name in first:
                other = first[name]
                message = f"stands already at {other.file}:{other.line}."
                notes.note(place, key, "BANK-010", name, message, "Rename one of them.")
            first.setdefault(name, place)


def _note_form(bare: str, place: Place, key: str, name: str, notes: Notes) -> None:
    if not _ID.fullmatch(bare):
        message = f"the id {clean(bare, 60)!r} cannot be used."
        advice = "Use small letters, digits and _, starting with a letter."
        notes.note(place, key, "BANK-011", name, message, advice)
    elif keyword.iskeyword(bare) or bare == "value":
        message = f"the id {bare!r} means something else in conditions."
        notes.note(place, key, "BANK-011", name, message, f"Write {bare}_ or another word.")


class _BlockReader:
    """Compiles one block after the other for the same bank."""

    def __init__(
        self,
        languages: frozenset[str],
        loops: frozenset[str],
        conditions: Conditions,
        notes: Notes,
    ) -> None:
        self._languages = languages
        self._loops = loops
        self._conditions = conditions
        self._notes = notes

    def block(self, placed: PlacedBlock) -> Block:
        """Return the compiled block."""
        source, place = placed.source, placed.place
        for key, text in (("opening", source.opening), ("another", source.another)):
            self._check_text(place, key, source.block, text, source.for_each)
        self._check_silence(place, source.block, source.silence)
        self._check_languages(place, source.block, source.translations)
        self._conditions.check_names(place, source.block, source.for_each)
        when = self._conditions.read(
            source.when, place, source.block, source.block, source.for_each
        )
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
                language: _words(words) for language, words in source.translations.items()
            },
            checks=tuple(self._standing(source, place)),
            by_hand=source.by_hand,
        )

    def _standing(self, block: sources.BlockSource, place: Place) -> Iterator[StandingCheck]:
        seen: set[str] = set()
        for source in block.checks:
            name = f"{block.block}.{source.id}"
            _note_form(source.id, place, "checks", name, self._notes)
            if source.id in seen:
                message = "stands twice among the checks of this block."
                self._notes.note(place, "checks", "BANK-010", name, message, "Rename one of them.")
            seen.add(source.id)
            self._check_languages(place, name, source.translations)
            for text in (source.say, *source.translations.values()):
                self._check_text(place, "checks", name, text, block.for_each)
            expect = self._conditions.standing(source, place, block)
            if expect is not None:
                yield StandingCheck(
                    id=name,
                    expect=expect,
                    say=clean(source.say),
                    hard=source.hard,
                    line=place.of("checks"),
                    translations={
                        language: clean(text) for language, text in source.translations.items()
                    },
                )

    def _question(
        self, block: sources.BlockSource, source: sources.QuestionSource, place: Place
    ) -> Question:
        name = f"{block.block}.{source.id}"
        self._check(block, source, place, name)
        conditions = self._conditions
        return Question(
            id=name,
            block=block.block,
            name=source.id,
            ask=clean(source.ask),
            kind=source.kind,
            line=place.line,
            for_each=block.for_each,
            options=self._options(source, place, name),
            options_from=source.options_from,
            unit=_cleaned(source.unit),
            columns=tuple(self._column(column, place, name) for column in source.columns),
            when=conditions.read(_asked_when(source), place, name, block.block, block.for_each),
            told_when=self._told_when(block, source, place, name),
            wordings={key: clean(text) for key, text in source.wordings.items()},
            preface=_cleaned(source.preface),
            preface_again=_cleaned(source.preface_again),
            listen_for=_cleaned(source.listen_for),
            probes=tuple(clean(probe) for probe in source.probes),
            sensitivity=source.sensitivity,
            informants=tuple(source.informants),
            not_for=tuple(dict.fromkeys((*block.not_for, *source.not_for))),
            evidence_for=tuple(self._evidence(block, source, place, name)),
            keywords=tuple(clean(word, 80).lower() for word in source.keywords),
            tags=tuple(source.tags),
            source=_cleaned(source.source),
            loinc=source.loinc,
            soft_check=conditions.check("soft_check", place, name, block, source),
            hard_check=conditions.check("hard_check", place, name, block, source),
            refer=_refer(source.refer),
            safety=tuple(source.safety),
            alone=tuple(source.alone),
            fact=source.fact,
            names_this=source.names_this,
            hidden=source.hidden,
            show_if_filled=source.show_if_filled,
            essential=_essential(block.essential if source.essential is None else source.essential),
            silence=source.silence,
            translations={
                language: words.model_dump(exclude_defaults=True, exclude={"heard_as"})
                for language, words in source.translations.items()
            },
        )

    def _told_when(
        self, block: sources.BlockSource, source: sources.QuestionSource, place: Place, name: str
    ) -> Condition | Literal["always"] | None:
        if source.ask_when is None:
            return None
        read = self._conditions.read(source.when, place, name, block.block, block.for_each)
        return read or "always"

    def _options(
        self, source: sources.QuestionSource, place: Place, name: str
    ) -> Mapping[str, str]:
        options = {code: clean(label, 400) for code, label in (source.options or {}).items()}
        if source.options_from:
            self._check_entries(source, place, name)
        if options or not source.options_from:
            self._check_options(source.kind, options, place, "options", name)
        return options or (_DEFAULT_SCALE if KINDS[source.kind].codes == "steps" else options)

    def _column(self, source: sources.ColumnSource, place: Place, name: str) -> Column:
        options = {code: clean(label, 200) for code, label in (source.options or {}).items()}
        self._check_options(source.kind, options, place, "columns", f"{name}.{source.id}")
        column = f"{name}.{source.id}"
        self._check_codes(source, place, column, "columns", source.safety, ())
        safety = tuple(source.safety)
        return Column(source.id, clean(source.ask), source.kind, options, source.unit, safety)

    def _check_options(
        self, kind: sources.Kind, options: Mapping[str, str], place: Place, key: str, name: str
    ) -> None:
        codes = KINDS[kind].codes
        bad = [code for code in options if codes == "steps" and not _STEP.fullmatch(code)]
        if bad:
            message = f"the scale has the code {clean(bad[0], 40)!r}, which is no whole number."
            self._notes.note(place, key, "BANK-012", name, message, "Use 0, 1, 2 ...")
        elif codes == "options" and not options:
            message = f"a {kind} question has no options."
            advice = "Write options: {code: Words, other_code: Other words}."
            self._notes.note(place, key, "BANK-012", name, message, advice)
        elif options and codes not in ("options", "steps"):
            message = f"a {kind} question has options."
            self._notes.note(place, key, "BANK-012", name, message, "Take them out, or use choice.")

    def _check_entries(self, source: sources.QuestionSource, place: Place, name: str) -> None:
        """Note what is wrong with options that are taken from entries."""
        loop = source.options_from or ""
        if KINDS[source.kind].codes != "options":
            message, advice = (
                f"a {source.kind} question has options_from.",
                "Use choice or choices.",
            )
        elif loop not in self._loops:
            message = f"takes its options from each {loop}, and no block is asked for each {loop}."
            advice = f"Write a block with for_each: {loop}, or options of its own."
        elif any(code.startswith(f"{loop}-") for code in source.options or {}):
            message, advice = f"has an option code that looks like a {loop}'s.", "Rename it."
        else:
            return
        self._notes.note(place, "options_from", "BANK-012", name, message, advice)

    def _evidence(
        self, block: sources.BlockSource, source: sources.QuestionSource, place: Place, name: str
    ) -> Iterator[str]:
        for rating in source.evidence_for:
            ids = rating_ids(rating, block.for_each)
            if not ids:
                note_unknown_rating(rating, place, name, self._notes)
            yield from ids

    def _check(
        self, block: sources.BlockSource, source: sources.QuestionSource, place: Place, name: str
    ) -> None:
        note = self._notes.note
        for key, text in _texts(source):
            self._check_text(place, key, name, text, block.for_each)
        for key in source.wordings:
            if key not in _WORDING_KEYS:
                message = f"{clean(key, 40)!r} is no kind of wording."
                note(place, "wordings", "BANK-007", name, message, near(key, _WORDING_KEYS))
        if source.fact and source.fact not in CLIENT_FACTS:
            message = f"{clean(source.fact, 40)!r} is no fact of the client."
            note(place, "fact", "BANK-014", name, message, near(source.fact, CLIENT_FACTS))
        if KINDS[source.kind].shape == "rows" and not source.columns:
            message = "a table question has no columns."
            note(place, "kind", "BANK-006", name, message, "Write columns, or use another kind.")
        if KINDS[source.kind].shape != "rows" and source.columns:
            message = f"a {source.kind} question has columns."
            note(place, "columns", "BANK-006", name, message, "Take them out, or use table.")
        self._check_codes(source, place, name, "safety", source.safety)
        self._check_alone(source, place, name)
        self._check_codes(source, place, name, "refer", source.refer.on if source.refer else ())
        self._check_silence(place, name, source.silence)
        self._check_languages(place, name, source.translations)

    def _check_alone(self, source: sources.QuestionSource, place: Place, name: str) -> None:
        if source.alone and KINDS[source.kind].shape != "codes":
            message = f"a {source.kind} question has one answer, which stands alone anyway."
            self._notes.note(place, "alone", "BANK-006", name, message, "Take `alone` out.")
            return
        known = tuple(source.options or {})
        for code in source.alone:
            if code not in known:
                message = f"there is no option {clean(code, 40)!r} here."
                self._notes.note(place, "alone", "BANK-014", name, message, near(code, known))

    def _check_codes(
        self,
        source: sources.QuestionSource | sources.ColumnSource,
        place: Place,
        name: str,
        key: str,
        codes: Iterable[str],
        besides: Collection[str] = MISSING_REASONS,
    ) -> None:
        known = (
            ("yes", "no") if KINDS[source.kind].codes == "yes_no" else tuple(source.options or {})
        )
        for code in codes:
            if code not in known and code not in besides:
                message = f"there is no option {clean(code, 40)!r} here."
                self._notes.note(place, key, "BANK-014", name, message, near(code, known))

    def _check_text(
        self, place: Place, key: str, name: str, text: str | None, for_each: str | None
    ) -> None:
        if text is None or "{" not in text:
            return
        for fact in facts_in(text):
            needs = TEXT_FACTS.get(fact)
            if needs is None:
                message = f"{{{clean(fact, 40)}}} is no known fact."
                self._notes.note(place, key, "BANK-017", name, message, near(fact, TEXT_FACTS))
            elif needs and needs != for_each:
                message = f"{{{fact}}} is only known in a block for each {needs}."
                advice = f"Take it out, or set for_each: {needs}."
                self._notes.note(place, key, "BANK-017", name, message, advice)

    def _check_silence(self, place: Place, name: str, silence: Mapping[str, str]) -> None:
        for code in silence:
            if code in RETIRED:
                continue
            if code not in CATALOGUE or CATALOGUE[code][0] == "error":
                message = f"{clean(code, 40)!r} cannot be silenced."
                advice = "Only warnings can be."
                self._notes.note(place, "silence", "BANK-007", name, message, advice)

    def _check_languages(self, place: Place, name: str, languages: Iterable[str]) -> None:
        for language in languages:
            if language not in self._languages:
                message = f"the bank has no language {clean(language, 20)!r}."
                advice = "Add it to translations in bank.yaml."
                self._notes.note(place, "translations", "BANK-007", name, message, advice)


def _asked_when(source: sources.QuestionSource) -> str | None:
    if source.when and source.ask_when:
        return f"({source.when}) and ({source.ask_when})"
    return source.when or source.ask_when


def _texts(source: sources.QuestionSource) -> Iterator[tuple[str, str | None]]:
    yield "ask", source.ask
    for text in source.wordings.values():
        yield "wordings", text
    yield "preface", source.preface
    yield "preface_again", source.preface_again
    yield "listen_for", source.listen_for
    for probe in source.probes:
        yield "probes", probe
    for words in source.translations.values():
        for text in (words.ask, words.preface, *words.wordings.values(), *words.probes):
            yield "translations", text


def _words(source: sources.BlockTranslation) -> dict[str, str]:
    words = {"title": source.title, "opening": source.opening, "another": source.another}
    return {key: clean(text) for key, text in words.items() if text is not None}


def _cleaned(text: str | None) -> str | None:
    return None if text is None else clean(text)


def _essential(said: bool | None) -> Essential:
    return "" if said is None else "always" if said else "never"


def _refer(source: sources.ReferSource | None) -> Refer | None:
    if source is None:
        return None
    return Refer(tuple(source.on), clean(source.say), source.only_now)
