"""Hears danger in what is typed: the safety topics that a sentence may belong to.

The words are data: `safety/heard/<language>.yaml` of a bank holds families of patterns for a topic,
idioms that mean nothing of the kind, and what makes a denial. Nothing is concluded, scored or kept:
what comes back is a reason to offer the safety card. A miss weighs more than a false offer.

A pattern is written in words: `(a|b c)` one of these, `[kin]` one of a set, `x?` may be missing,
`hit~` with English endings, `golpe*` any ending, `..` up to three words between, `...` up to
ten, `$` the end of a clause. There are no free regular expressions, and every repeat is bounded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from nmt_intake.bank.files import shipped_bank
from nmt_intake.bank.problems import Problem
from nmt_intake.bank.reading import MappingNode, Node, SequenceNode, Text, UnreadableFile, read_file
from nmt_intake.vocabulary import SAFETY_TOPICS

FOLDER: Final = "safety/heard"

_MOST_CHARACTERS: Final = 4_000
_WORD: Final = re.compile(r"[a-z0-9]+(?:'[a-z]+)*|[,.;:!?()\n\u2013\u2014]|(?<= )-(?= )")
_PAUSES: Final = ",()-\u2013\u2014:"
_LEFT_OUT: Final = re.compile(r"'(?:s|m|re|ve|ll|d)$")
_PART: Final = re.compile(r"\(|\)|\||\[[a-z_]+\]|\.\.\.|\.\.|\$|\?|[a-z0-9_]+[~*]?")
_GAPS: Final = {"..": 3, "...": 10}
_DENIAL_REACH: Final = 7
_SHORTEST_SLIP: Final = 6
_SHORTEST_BEGINNING: Final = 3


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A compiled pattern and the words of which a text must hold one for it to be tried."""

    written: str
    needs: frozenset[str]
    topic: str = ""
    deniable: bool = True

    @property
    def found(self) -> re.Pattern[str]:
        """The expression, compiled when a text first calls for it: most are never tried."""
        return _compiled(self.written)


@cache
def _compiled(written: str) -> re.Pattern[str]:
    return re.compile(f"(?<= ){written}")


class BadPattern(ValueError):
    """A pattern that does not follow the grammar above; the message says what is wrong."""


class Listener:
    """The families of one language, ready to be asked."""

    def __init__(self, words: _Words) -> None:
        self._forms = words.forms
        self._dropped = words.dropped
        self._idioms = _by_need(words.idioms)
        self._families = _by_need(words.families)
        self._deny = words.deny
        self._between = words.between
        self._subjects = words.subjects
        back = "|".join(each.written for each in words.taken_back)
        self._taken_back = re.compile(f"(?:[^ ,.]+ ){{0,3}}(?:, )?(?:{back})")
        self.known: frozenset[str] = words.telling.union(
            key for key in (*self._idioms, *self._families) if not key.endswith("*")
        )
        # The first letter is seldom the slip, and `hanging` is not `banging`.
        self._telling: dict[str, list[str]] = {}
        for word in sorted(words.telling):
            self._telling.setdefault(word[0], []).append(word)

    def topics(self, text: str) -> frozenset[str]:
        """Return the safety topics that a text may belong to."""
        said = f" {' '.join(self._plain(text))} . "
        for idiom in _to_try(self._idioms, said):
            said = idiom.found.sub(" _ ", said)
        found: set[str] = set()
        for pattern in _to_try(self._families, said):
            if pattern.topic not in found and self._is_said(pattern, said):
                found.add(pattern.topic)
        return frozenset(found)

    def _is_said(self, pattern: _Pattern, said: str) -> bool:
        return any(
            not self._is_denied(match, gaps=pattern.deniable)
            for match in pattern.found.finditer(said)
        )

    def _is_denied(self, match: re.Match[str], *, gaps: bool) -> bool:
        """Whether a denying word governs the match, and nothing after it takes that back.

        `gaps`: a denying word between the words of the pattern counts, too.
        """
        if self._taken_back.match(match.string[match.end() :]):
            return False
        between = [word for gap in match.groups() if gap for word in gap.split()]
        if gaps and not self._deny.isdisjoint(between):
            return True
        before = match.string[: match.start()].split()[-_DENIAL_REACH:]
        after = match.group().split()[0]
        for word in reversed(before):
            if word in self._deny:
                # `no he hits me` answers; `no hitting` denies.
                return word != "no" or after not in self._subjects
            if word not in self._between:
                return False
            after = word
        return False

    def _plain(self, text: str) -> Iterator[str]:
        """Yield the words as patterns know them: small, without accents, forms and slips undone."""
        small = unicodedata.normalize("NFKD", text[:_MOST_CHARACTERS].lower())
        straight = "".join(c for c in small if not unicodedata.combining(c)).replace("\u2019", "'")
        for word in _WORD.findall(straight):
            if not word[0].isalnum():
                yield "," if word in _PAUSES else "."
            else:
                yield from self._understood(word)

    def _understood(self, word: str) -> Iterator[str]:
        said = self._forms.get(word.replace("'", ""))
        if said is not None:
            yield from said
            return
        bare = _LEFT_OUT.sub("", word).replace("'", "")
        if bare in self._dropped:
            return
        yield self._meant(bare)

    def _meant(self, word: str) -> str:
        """Return the telling word that is one slip away from a word that is none of its own."""
        if len(word) < _SHORTEST_SLIP or word in self.known:
            return word
        alike = self._telling.get(word[0], ())
        found = extractOne(word, alike, scorer=OSA.distance, score_cutoff=1)
        return found[0] if found else word


class _Compiler:
    """Turns a written pattern into a bounded regular expression and the words it needs."""

    def __init__(
        self, text: str, sets: Mapping[str, tuple[str, frozenset[str]]], dropped: frozenset[str]
    ) -> None:
        self._text = text if len(text) <= 60 else f"{text[:60]}..."
        self._parts = _PART.findall(text)
        if "".join(self._parts) != text.replace(" ", ""):
            raise BadPattern(f"{text!r} holds a sign that is not known here.")
        self._at = 0
        self._sets = sets
        self._dropped = dropped

    def compiled(self) -> tuple[str, frozenset[str]]:
        """Return the expression and the rarest words of which one must be there."""
        written, needs = self._sequence()
        if self._at < len(self._parts):
            raise BadPattern(f"{self._text!r} closes what it does not open.")
        if not needs:
            raise BadPattern(f"{self._text!r} names no word that must be there.")
        return written, needs

    def _sequence(self) -> tuple[str, frozenset[str]]:
        written: list[str] = []
        needs: list[frozenset[str]] = []
        while self._at < len(self._parts) and self._parts[self._at] not in "|)":
            part = self._parts[self._at]
            self._at += 1
            if part in _GAPS:
                written.append(f"((?:[^ .]+ ){{0,{_GAPS[part]}}})")
            elif part == "$":
                written.append("(?=[,.])")
            else:
                one, words = self._one(part)
                if self._at < len(self._parts) and self._parts[self._at] == "?":
                    self._at += 1
                    one, words = f"(?:{one})?", frozenset[str]()
                written.append(one + ("(?:, )?" if one else ""))
                needs += [words] if words else []
        text = "".join(written).removesuffix("(?:, )?")
        return text, min(needs, key=_commonness, default=frozenset[str]())

    def _one(self, part: str) -> tuple[str, frozenset[str]]:
        if part == "(":
            return self._alternatives()
        if part.startswith("["):
            return self._set(part[1:-1])
        if part in "?)|":
            raise BadPattern(f"{self._text!r} has a {part!r} with nothing before it.")
        return _word(part, self._dropped)

    def _alternatives(self) -> tuple[str, frozenset[str]]:
        ways: list[tuple[str, frozenset[str]]] = [self._sequence()]
        while self._at < len(self._parts) and self._parts[self._at] == "|":
            self._at += 1
            ways.append(self._sequence())
        if self._at >= len(self._parts):
            raise BadPattern(f"{self._text!r} does not close a bracket.")
        self._at += 1
        return _joined(ways)

    def _set(self, name: str) -> tuple[str, frozenset[str]]:
        if name not in self._sets:
            raise BadPattern(f"{self._text!r} names the set {name!r}, which is not there.")
        return self._sets[name]


def _joined(ways: Sequence[tuple[str, frozenset[str]]]) -> tuple[str, frozenset[str]]:
    words = [needs for _, needs in ways]
    needed = frozenset[str]().union(*words) if all(words) else frozenset[str]()
    return f"(?:{'|'.join(written for written, _ in ways)})", needed


def _word(part: str, dropped: frozenset[str]) -> tuple[str, frozenset[str]]:
    if part in dropped:
        raise BadPattern(f"{part!r} is dropped from what is said, so no pattern can hold it.")
    if part.endswith("*"):
        if len(part) <= _SHORTEST_BEGINNING:
            raise BadPattern(f"{part!r} is too short a beginning.")
        return f"{part[:-1]}[a-z]* ", frozenset((part,))
    forms = _endings(part[:-1]) if part.endswith("~") else (part,)
    return f"(?:{_either(forms)}) ", frozenset(forms)


def _endings(verb: str) -> tuple[str, ...]:
    """Return an English word with its endings; a form that does not exist does no harm."""
    bare = verb.removesuffix("e")
    found = [verb, f"{verb}s", f"{bare}es", f"{bare}ed", f"{bare}ing", f"{bare}in"]
    if verb.endswith("y"):
        found += [f"{verb[:-1]}ies", f"{verb[:-1]}ied"]
    elif verb[-1] not in "aeiouwx" and verb[-2] in "aeiou":
        found += [f"{verb}{verb[-1]}{ending}" for ending in ("ed", "ing", "in")]
    return tuple(dict.fromkeys(found))


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


# Words that stand in every other sentence: a pattern is not looked up by them if it has better.
_COMMON_WORDS: Final = """
    a about again al all and any are at be been being by can could de do down el en for from get go
    had has have he her here him his how i if in into is it la las le les lo los me mi my no not of
    off on or our out que se she si so su that the their them then there they this to too un una up
    us was we were what when will with would y yo you your
"""
_COMMON: Final = frozenset(_COMMON_WORDS.split())


def _commonness(words: frozenset[str]) -> int:
    return 100 * len(words & _COMMON) + len(words)


def _by_need(patterns: Iterable[_Pattern]) -> Mapping[str, tuple[_Pattern, ...]]:
    found: dict[str, list[_Pattern]] = {}
    for pattern in patterns:
        for word in pattern.needs:
            found.setdefault(word, []).append(pattern)
    return {word: tuple(held) for word, held in found.items()}


def _to_try(known: Mapping[str, tuple[_Pattern, ...]], said: str) -> Iterable[_Pattern]:
    """Return the patterns one of whose words was said, each once."""
    keys = set(said.split())
    keys |= {f"{w[:end]}*" for w in keys for end in range(_SHORTEST_BEGINNING, len(w) + 1)}
    return dict.fromkeys(pattern for key in keys & known.keys() for pattern in known[key])


@dataclass(frozen=True, slots=True)
class _Words:
    """What a file of words holds, its patterns compiled."""

    forms: Mapping[str, tuple[str, ...]]
    dropped: frozenset[str]
    telling: frozenset[str]
    deny: frozenset[str]
    between: frozenset[str]
    subjects: frozenset[str]
    taken_back: tuple[_Pattern, ...]
    idioms: tuple[_Pattern, ...]
    families: tuple[_Pattern, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """The listeners of a bank, and what is wrong with its files of words."""

    listeners: tuple[Listener, ...]
    problems: tuple[Problem, ...]


def safety_topics(folder: str, words: str) -> tuple[str, ...]:
    """Return the safety topics that words may belong to, in the order of the vocabulary.

    `folder` is the bank's. Where it has no words of its own, or broken ones, the shipped are used.
    """
    found = frozenset[str]().union(*(each.topics(words) for each in _listeners(folder)))
    return tuple(topic for topic in SAFETY_TOPICS if topic in found)


@lru_cache(maxsize=4)
def _listeners(folder: str) -> tuple[Listener, ...]:
    own = Path(folder) / FOLDER
    if folder and own.is_dir():
        heard = read_heard(own)
        if heard.listeners and not heard.problems:
            return heard.listeners
    return read_heard(shipped_bank() / FOLDER).listeners


def read_heard(folder: Path) -> Heard:
    """Read the files of words in a folder, with every problem found."""
    problems: list[Problem] = []
    listeners: list[Listener] = []
    for path in sorted(folder.glob("*.yaml")):
        name = f"{FOLDER}/{path.name}"
        try:
            words = _Reading(name, read_file(path, name))
        except UnreadableFile as refusal:
            problems.append(refusal.problem)
            continue
        listener = words.listener()
        problems += words.problems
        if listener:
            listeners.append(listener)
    # A word of one language is no slip of another's: `pistola` is not `pistol`.
    known = frozenset[str]().union(*(each.known for each in listeners))
    for each in listeners:
        each.known = known
    return Heard(tuple(listeners), tuple(problems))


class _Reading:
    """Reads one file of words and notes what is wrong with it, line by line."""

    _KEYS: Final = (
        "language",
        "forms",
        "dropped",
        "telling",
        "sets",
        "idioms",
        "denial",
        "families",
    )
    _FAMILY: Final = ("topic", "about", "any", "even_denied")

    def __init__(self, file: str, node: Node) -> None:
        self._file = file
        self.problems: list[Problem] = []
        self._sets: dict[str, tuple[str, frozenset[str]]] = {}
        self._dropped = frozenset[str]()
        self._node = self._mapping(node, 1, "the file")
        self._only(self._node, self._KEYS)

    def listener(self) -> Listener | None:
        """Return what listens by these words; None if something is wrong with them."""
        denial = self._mapping(self._node.get("denial"), 1, "denial")
        self._only(denial, ("words", "between", "subjects", "taken_back"))
        forms = self._mapping(self._node.get("forms"), 1, "forms").items()
        self._dropped = self._all_words(self._node.get("dropped"))
        self._read_sets()
        words = _Words(
            forms={key: tuple(str(said).split()) for key, said in forms},
            dropped=self._dropped,
            telling=self._all_words(self._node.get("telling")),
            deny=self._all_words(denial.get("words")),
            between=self._all_words(denial.get("between")),
            subjects=self._all_words(denial.get("subjects")),
            taken_back=tuple(self._patterns(denial, "taken_back")),
            idioms=tuple(self._patterns(self._node, "idioms")),
            families=tuple(self._families()),
        )
        return None if self.problems else Listener(words)

    def _note(
        self, line: int, code: str, message: str, advice: str = "See the author's guide."
    ) -> None:
        self.problems.append(Problem(self._file, line, code, "", message, advice))

    def _mapping(self, node: Node, line: int, what: str) -> MappingNode:
        if isinstance(node, MappingNode):
            return node
        self._note(line, "BANK-006", f"{what} is missing or has no keys.")
        return MappingNode(line)

    def _only(self, node: MappingNode, keys: Sequence[str]) -> None:
        for key in node:
            if key not in keys:
                advice = f"The keys are: {', '.join(keys)}."
                self._note(node.lines[key], "BANK-007", f"the key {key!r} is not known.", advice)

    def _texts(self, node: MappingNode, key: str) -> list[tuple[str, int]]:
        """Return the lines of a text and where each stands; one that begins with # is left out."""
        found = node.get(key)
        if not isinstance(found, Text) or not found.strip():
            self._note(node.lines.get(key, node.line), "BANK-006", f"{key!r} holds no lines.")
            return []
        lines = [(text.strip(), found.line + at) for at, text in enumerate(found.splitlines(), 1)]
        return [(text, line) for text, line in lines if text and not text.startswith("#")]

    def _all_words(self, node: Node) -> frozenset[str]:
        return frozenset(str(node).split()) if isinstance(node, Text) else frozenset()

    def _read_sets(self) -> None:
        """Compile the sets in the order of the file: one may hold those before it."""
        node = self._mapping(self._node.get("sets"), 1, "sets")
        for key in node:
            ways = [way for text, line in self._texts(node, key) if (way := self._way(text, line))]
            self._sets[key] = _joined(ways)

    def _way(self, text: str, line: int) -> tuple[str, frozenset[str]] | None:
        try:
            return _Compiler(text, self._sets, self._dropped).compiled()
        except BadPattern as wrong:
            advice = "The signs are told at the head of en.yaml."
            self._note(line, "BANK-043", str(wrong), advice)
            return None

    def _patterns(
        self, node: MappingNode, key: str, topic: str = "", deniable: bool = True
    ) -> Iterator[_Pattern]:
        for text, line in self._texts(node, key):
            if way := self._way(text, line):
                yield _Pattern(*way, topic, deniable)

    def _families(self) -> Iterator[_Pattern]:
        node = self._node.get("families")
        if not isinstance(node, SequenceNode) or not node:
            self._note(1, "BANK-006", "holds no families.")
            return
        for each in node:
            family = self._mapping(each, 1, "a family")
            self._only(family, self._FAMILY)
            topic = str(family.get("topic"))
            if topic not in SAFETY_TOPICS:
                advice = f"The topics are: {', '.join(SAFETY_TOPICS)}."
                line = family.lines.get("topic", family.line)
                self._note(line, "BANK-043", f"there is no safety topic {topic!r}.", advice)
            yield from self._patterns(family, "any", topic, family.get("even_denied") != "true")
