"""The words of a language that tell a time: one JSON file a language, read once.

Each entry is a phrase of one or more words with the roles that it can play (`near`, `unit`,
`before` ...). A phrase may have several roles; the grammar picks by place. Accents are folded, so
that `dias` and `días` are one word. Another language is another file beside `en.json`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias, cast

FOLDER: Final = Path(__file__).parent
LANGUAGES: Final = tuple(sorted(path.stem for path in FOLDER.glob("??.json")))

Meaning: TypeAlias = float | str | tuple[float | str, ...]
Roles: TypeAlias = Mapping[str, Meaning]

_SHORTEST_MENDED: Final = 4  # letters: a slip in a shorter word is too near to many others
_PIECE: Final = re.compile(r"[^\W\d_]+(?:['.][^\W\d_]+)*\.?|[0-9]+(?:/[0-9]+)?|[&+~%]")


def fold(text: str) -> str:
    """Return a text in small letters without accents and with plain quotes and dashes."""
    text = text.casefold().translate(_PLAIN)
    return "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)
    )


_PLAIN: Final = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u00b4": "'", "\u2013": "-", "\u2014": " - ", "\u2026": "..."}
    | {"\u00bd": " 1/2 ", "\u00bc": " 1/4 ", "\u00be": " 3/4 ", "\u00a0": " ", "\u2212": "-"}
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The phrases of one language by their first word, longest first, and what else it needs."""

    language: str
    decimal: str
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], Roles], ...]]
    short_units: Mapping[str, str]
    words: frozenset[str]
    ordinary: frozenset[str]
    nearby: Mapping[str, frozenset[str]]
    asks: Mapping[str, str]
    number_words: Mapping[int, str]
    periods: Mapping[str, tuple[tuple[str, ...], ...]]

    def longest(self, words: list[str], start: int) -> tuple[int, Roles] | None:
        """Return how many words from `start` are the longest known phrase, and its roles."""
        for phrase, roles in self.phrases.get(words[start], ()):
            if tuple(words[start : start + len(phrase)]) == phrase:
                return len(phrase), roles
        return None

    def mended(self, word: str) -> str | None:
        """Return the one word that `word` is a slip of; None for none, "" where there are several.

        A slip is one letter more, less or other, or two neighbours that changed places.
        """
        if len(word) < _SHORTEST_MENDED or word in self.ordinary or word in self.words:
            return None
        near = {
            each
            for cut in (word, *_cuts(word))
            for each in self.nearby.get(cut, ())
            if _is_slip(word, each)
        }
        swapped = {each for each in near if len(each) == len(word) and sorted(each) == sorted(word)}
        near = swapped or near  # two neighbours that changed places are the likelier slip
        meanings = {_what(self, each) for each in near}
        if len(meanings) > 1:
            return ""
        return min(near, default=None)


def _what(lexicon: Lexicon, word: str) -> str:
    """Return what a single word means, so that two spellings of one word count once."""
    roles = next(roles for phrase, roles in lexicon.phrases[word] if phrase == (word,))
    return repr(sorted((role, value) for role, value in roles.items()))


def _cuts(word: str) -> Iterable[str]:
    return (word[:index] + word[index + 1 :] for index in range(len(word)))


def _is_slip(word: str, meant: str) -> bool:
    if abs(len(word) - len(meant)) > 1:
        return False
    same = 0
    while same < min(len(word), len(meant)) and word[same] == meant[same]:
        same += 1
    left, right = word[same:], meant[same:]
    if left[1:] == right or left == right[1:]:
        return True
    # Another letter in a short word makes another word too often: "nino" is no "nine".
    if left[1:] == right[1:]:
        return len(word) > _SHORTEST_MENDED
    return left[:2] == right[1::-1] and left[2:] == right[2:]


@cache
def lexicon(language: str) -> Lexicon:
    """Return the words of a language by its two letters; KeyError for one that has no file."""
    if language not in LANGUAGES:
        raise KeyError(language)
    data = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    found: dict[tuple[str, ...], dict[str, Meaning]] = {}

    def put(phrase: str, role: str, meaning: Meaning) -> None:
        found.setdefault(tuple(pieces(phrase)), {})[role] = meaning

    for role, entries in _tables(data):
        for phrase, meaning in entries:
            put(phrase, role, meaning)
    for phrase, roles in found.items():
        if len(phrase) > 1 and "filler" in roles:  # "in the" leads to a remark as "in" does
            for word in phrase:
                for role in ("intro", "anchor"):
                    if role in found.get((word,), {}):
                        roles.setdefault(role, role)
    by_first: dict[str, list[tuple[tuple[str, ...], Roles]]] = {}
    for phrase, roles in found.items():
        by_first.setdefault(phrase[0], []).append((phrase, roles))
    single = {phrase[0]: roles for phrase, roles in found.items() if len(phrase) == 1}
    nearby: dict[str, set[str]] = {}
    for word in single:
        if len(word) >= _SHORTEST_MENDED - 1:
            for cut in (word, *_cuts(word)):
                nearby.setdefault(cut, set()).add(word)
    return Lexicon(
        language,
        data["decimal"],
        {first: tuple(sorted(each, key=lambda p: -len(p[0]))) for first, each in by_first.items()},
        data["short_units"],
        frozenset(word for phrase in found for word in phrase),
        frozenset(fold(word) for word in data["ordinary"]),
        {cut: frozenset(words) for cut, words in nearby.items()},
        data["asks"],
        {value: word for word, value in reversed(data["numbers"].items())},
        {
            period: tuple(tuple(pieces(phrase)) for phrase in phrases)
            for period, phrases in data["periods"].items()
        },
    )


def pieces(text: str) -> list[str]:
    """Return the words, numbers and signs of a phrase, folded."""
    return [each.rstrip(".") or each for each in _PIECE.findall(fold(text))]


def _tables(data: Mapping[str, object]) -> Iterable[tuple[str, Iterable[tuple[str, Meaning]]]]:
    """Yield each role with the phrases that play it and what they mean in it."""
    for name, role in _NUMBERED.items():
        table = cast("Mapping[str, Meaning | list[float | str]]", data[name])
        yield role, [(key, _meaning(value)) for key, value in table.items()]
    for unit, phrases in cast("Mapping[str, list[str]]", data["units"]).items():
        yield "unit", [(phrase, unit) for phrase in phrases]
    for role in ("hundred", "thousand", "weekdays"):
        yield role, [(phrase, role) for phrase in cast("list[str]", data[role])]
    for role, phrases in cast("Mapping[str, list[str]]", data["words"]).items():
        yield role, [(phrase, role) for phrase in phrases]


_NUMBERED: Final = {
    "numbers": "number",
    "tens": "tens",
    "ordinals": "ordinal",
    "months": "month",
    "seasons": "season",
    "decades": "decade",
    "few": "few",
    "unit_phrases": "unit_phrase",
    "idioms": "idiom",
}


def _meaning(value: Meaning | list[float | str]) -> Meaning:
    return tuple(value) if isinstance(value, list) else value
