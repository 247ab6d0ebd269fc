"""Reads the conditions of one bank: which questions a name means, and what it may be."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, get_args

from nmt_intake.bank import sources
from nmt_intake.bank.compiling.notes import Notes, near
from nmt_intake.bank.compiling.placing import Place, PlacedBlock
from nmt_intake.bank.expression import parse
from nmt_intake.bank.kinds import KINDS
from nmt_intake.bank.language import (
    FACTS,
    Complaint,
    Expression,
    Named,
    Reach,
    Referent,
    Resolve,
)
from nmt_intake.bank.model import Check, Condition, ForEach, Sign
from nmt_intake.text import clean

# A quoted code, or a bare name: no part of a longer name, no function.
_WORDS: Final = re.compile(r"('[^']*'|\"[^\"]*\")|(?<![\w.])([a-z][a-z0-9_]*)(?![\w.(])")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ALL_FACTS: Final = tuple(FACTS)
_OUTSIDE_PERIODS: Final = tuple(fact for fact in FACTS if fact != "period.id")
# Said of a condition that names a question which was not well formed: that is told already.
_NOTHING_MORE: Final = Complaint("", "", "")


class Conditions:
    """Parses conditions against the questions of a bank; what repeats in a block is parsed once."""

    def __init__(
        self,
        blocks: Sequence[PlacedBlock],
        notes: Notes,
        let: Mapping[str, str] | None = None,
    ) -> None:
        self._notes = notes
        self._let: dict[str, Mapping[str, str]] = {"": let or {}}
        self._let |= {block.source.block: block.source.let for block in blocks}
        self._known = {
            f"{block.source.block}.{source.id}": (block.source.for_each, source)
            for block in blocks
            for source, _ in block.questions
        }
        self._broken = frozenset(
            f"{block.source.block}.{name}" for block in blocks for name in block.broken
        )
        self._parsed: dict[tuple[str, str, ForEach | None], Condition] = {}

    @property
    def known(self) -> Iterable[str]:
        """The ids of all questions that were well formed."""
        return self._known.keys()

    def codes(self, question: str) -> tuple[str, ...]:
        """Return the option codes of a question, none if there is no such question."""
        found = self._known.get(question)
        return tuple(found[1].options or ()) if found else ()

    def read(
        self, text: str | None, place: Place, name: str, block: str, for_each: ForEach | None
    ) -> Condition | None:
        """Return the condition under `when` at `place`; one that cannot be used is noted.

        `block` and `for_each` say what a bare name means; a rule has no block.
        """
        if text is None:
            return None
        known = self._parsed.get((text, block, for_each))
        if known is not None:
            return known
        facts = _ALL_FACTS if for_each == "period" else _OUTSIDE_PERIODS
        resolve = self._resolver(block, for_each)
        found = self._read(text, (place, "when", name), resolve, facts, block)
        if found is not None:
            self._parsed[(text, block, for_each)] = found
        return found

    def sign(
        self,
        key: str,
        points: Mapping[str, float] | float,
        where: tuple[Place, str],
        loop: ForEach | None,
    ) -> Sign | None:
        """Return what the answers to a question, or a condition, weigh; a wrong one is noted."""
        place, name = where
        if not isinstance(points, Mapping):
            condition = self.read(key, place, name, "", loop)
            return Sign("", False, {"true": points}, condition) if condition else None
        found = self._resolver("", loop)(key)
        if isinstance(found, Named) or (isinstance(found, Referent) and found.reach == "many"):
            found = Complaint(
                "BANK-013", f"{key} has no codes here.", "Name a choice, or a yes or no."
            )
        if isinstance(found, Complaint):
            self._notes.note(place, "points", found.code, name, found.message, found.advice)
            return None
        codes = self.codes(found.id) or (("yes", "no") if found.kind == "truth" else ())
        for code in points:
            if code not in codes:
                message = f"{key} has no option {clean(code, 40)!r}."
                self._notes.note(place, "points", "BANK-014", name, message, near(code, codes))
        return Sign(found.id, found.reach == "once", dict(points))

    def rows(self, loop: ForEach) -> tuple[str, str] | None:
        """Return the block repeated over caregivers, placements or exposures, and its interval."""
        for name, (each, source) in self._known.items():
            if each == loop and KINDS[source.kind].shape == "interval":
                return name.partition(".")[0], name
        return None

    def check_names(self, place: Place, block: str = "", for_each: ForEach | None = None) -> None:
        """Note what is wrong with the named conditions of a block, or of the bank (no block)."""
        for name, text in self._let.get(block, {}).items():
            subject = f"{block}.{name}" if block else name
            if not _NAME.fullmatch(name) or keyword.iskeyword(name) or name == "value":
                message = f"the name {clean(name, 60)!r} cannot be used."
                advice = "Use small letters, digits and _, starting with a letter."
                self._notes.note(place, "let", "BANK-011", subject, message, advice)
            elif subject in self._known:
                message = "is a question and a named condition."
                self._notes.note(place, "let", "BANK-010", subject, message, "Rename one of them.")
            elif complaint := self._complaint(text, block, for_each):
                code, message, advice = complaint.code, complaint.message, complaint.advice
                self._notes.note(place, "let", code, subject, message, advice)

    def _complaint(self, text: str, block: str, for_each: ForEach | None) -> Complaint | None:
        """Return what is wrong with a named condition; one of the bank may be meant for any loop.

        What a name of the whole bank may reach depends on the block that uses it.
        """
        loops: tuple[ForEach | None, ...] = (for_each,) if block else (None, *get_args(ForEach))
        complaints: list[Complaint] = []
        for loop in loops:
            facts = _ALL_FACTS if loop == "period" or not block else _OUTSIDE_PERIODS
            found = parse(text, self._resolver(block, loop), facts, None)
            if not isinstance(found, Complaint) or not found.code:
                return None
            complaints.append(found)
        return complaints[0]

    def standing(
        self, source: sources.StandingCheckSource, place: Place, block: sources.BlockSource
    ) -> Condition | None:
        """Return what a standing check of a block expects."""
        facts = _ALL_FACTS if block.for_each == "period" else _OUTSIDE_PERIODS
        where = (place, "checks", f"{block.block}.{source.id}")
        resolve = self._resolver(block.block, block.for_each)
        return self._read(source.expect, where, resolve, facts, block.block)

    def check(
        self,
        key: str,
        place: Place,
        name: str,
        block: sources.BlockSource,
        source: sources.QuestionSource,
    ) -> Check | None:
        """Return the check under `key`, where `value` is the answer to the question itself."""
        check = source.soft_check if key == "soft_check" else source.hard_check
        if check is None:
            return None
        elsewhere = self._resolver(block.block, block.for_each)

        def resolve(word: str) -> Referent | Complaint | Named:
            return _referent("value", source, "once", "") if word == "value" else elsewhere(word)

        condition = self._read(check.expect, (place, key, name), resolve, _ALL_FACTS, block.block)
        return Check(condition, clean(check.say)) if condition else None

    def _read(
        self,
        text: str,
        where: tuple[Place, str, str],
        resolve: Resolve,
        facts: Iterable[str],
        block: str = "",
    ) -> Condition | None:
        match parse(text, resolve, facts):
            case Expression(text=text, tree=tree, reads=reads, facts=read_facts):
                return Condition(self._written_out(text, block), tree, reads, read_facts)
            case Complaint(code=""):
                return None
            case Complaint(code=code, message=message, advice=advice):
                place, key, name = where
                self._notes.note(place, key, code, name, message, advice)
                return None

    def _written_out(self, text: str, block: str) -> str:
        """Return a condition with what its names stand for, as whoever has no names reads it."""
        named = {**self._let[""], **self._let.get(block, {})}
        if not named:
            return text

        def stands_for(found: re.Match[str]) -> str:
            name = found[2]
            if name is None or name not in named or f"{block}.{name}" in self._known:
                return found[0]
            mine = block if name in self._let.get(block, {}) else ""
            return f"({self._written_out(named[name].strip(), mine)})"

        return _WORDS.sub(stands_for, text)

    def _resolver(self, block: str, for_each: ForEach | None) -> Resolve:
        def resolve(name: str) -> Referent | Complaint | Named:
            mine = self._let.get(block, {})
            if name in mine:
                return Named(mine[name], resolve)
            full = name if "." in name or not block else f"{block}.{name}"
            if full in self._broken:
                return _NOTHING_MORE
            if full not in self._known and name in self._let[""]:
                return Named(self._let[""][name], self._resolver("", for_each))
            if full not in self._known:
                message = f"there is no question {clean(name, 60)!r}."
                return Complaint("BANK-014", message, self._hint(name, full, block))
            loop, source = self._known[full]
            reach: Reach = "once" if loop is None else "same" if loop == for_each else "many"
            return _referent(full, source, reach, loop or "", for_each)

        return resolve

    def _hint(self, name: str, full: str, block: str) -> str:
        if name in ("true", "false"):
            return f"Write {name.title()}."
        return near(full, self._known, block)


def _referent(
    name: str,
    source: sources.QuestionSource,
    reach: Reach,
    loop: str,
    here: ForEach | None = None,
) -> Referent:
    kind = KINDS[source.kind]
    codes = tuple(source.options or ()) if kind.codes == "options" else ()
    chooses = source.options_from or ""
    return Referent(name, reach, kind.seen_as, codes, loop, chooses, chooses == here)
