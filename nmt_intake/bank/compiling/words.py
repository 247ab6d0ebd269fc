"""Compiles the words of closed lists: a bank's own, then the program's, then English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from nmt_intake.bank.files import shipped_bank
from nmt_intake.bank.problems import Problem
from nmt_intake.bank.reading import MappingNode, Node, Text, UnreadableFile, read_file
from nmt_intake.bank.words import CODES, LISTS, OPEN, Words
from nmt_intake.text import clean_line

FOLDER: Final = "words"
_ENGLISH: Final = "en"
_LONGEST: Final = 200
_LONGEST_OF_REPORT: Final = 900

_Lists = dict[str, dict[str, str]]


def compiled_words(
    folder: Path, languages: tuple[str, ...], problems: list[Problem]
) -> Mapping[str, Words]:
    """Return the words of each of these languages and of English; faults go to `problems`."""
    english = _read(shipped_bank(), _ENGLISH, problems)
    found: dict[str, Words] = {}
    for language in dict.fromkeys((*languages, _ENGLISH)):
        own = _read(folder, language, problems)
        shipped = _read(shipped_bank(), language, problems) if folder != shipped_bank() else {}
        found[language] = _whole(own, shipped, english, language)
    return found


def compiled_spellings(
    folder: Path, codes: Iterable[str], problems: list[Problem]
) -> Mapping[str, Mapping[str, str]]:
    """Return for each other way of the bank's language what is said there for which words."""
    found: dict[str, Mapping[str, str]] = {}
    for code in codes:
        file = f"{FOLDER}/{clean_line(code, 12)}.yaml"
        if not (folder / file).is_file():
            advice = "Write the file, or take the code out of `spellings`."
            problems.append(
                Problem("bank.yaml", 1, "BANK-001", code, f"there is no {file}.", advice)
            )
            continue
        try:
            node = read_file(folder / file, file)
        except UnreadableFile as refusal:
            problems.append(refusal.problem)
            continue
        words = node.get("spelling") if isinstance(node, MappingNode) else None
        if isinstance(words, MappingNode):
            found[code] = {word: str(said) for word, said in words.items() if said is not None}
    return found


@cache
def shipped_words(language: str) -> Words:
    """Return the program's own words in a language, else English (2 ms the first time)."""
    found = compiled_words(shipped_bank(), (language,), [])
    return found[language]


def _whole(own: _Lists, shipped: _Lists, english: _Lists, language: str) -> Words:
    lists: _Lists = {}
    lacking: list[str] = []
    for name, codes in CODES.items():
        told = {**shipped.get(name, {}), **own.get(name, {})}
        lacking += [f"{name}.{code}" for code in codes if code not in told]
        told = {**english.get(name, {}), **told}
        lists[name] = {code: told.get(code, code) for code in codes}
    for name in OPEN:
        told = {**shipped.get(name, {}), **own.get(name, {})}
        lists[name] = {**english.get(name, {}), **told}
        lacking += [f"{name}.{code}" for code in english.get(name, {}) if code not in told]
    return Words(**lists, lacking=() if language == _ENGLISH else tuple(lacking))


def _read(folder: Path, language: str, problems: list[Problem]) -> _Lists:
    """Return the lists of one file; no file, no lists."""
    file = f"{FOLDER}/{language}.yaml"
    if not language.replace("-", "").isalnum() or not (folder / file).is_file():
        return {}
    try:
        node = read_file(folder / file, file)
    except UnreadableFile as refusal:
        problems.append(refusal.problem)
        return {}
    lists: _Lists = {}
    for name, part in _entries(node, LISTS, file, "", problems):
        entries = _entries(part, CODES.get(name), file, f"{name}.", problems)
        line = node.lines.get(name, 1) if isinstance(node, MappingNode) else 1
        lists[name] = dict(_texts(entries, line, file, name, problems))
    return lists


def _entries(
    node: Node, known: tuple[str, ...] | None, file: str, start: str, problems: list[Problem]
) -> Iterator[tuple[str, Node]]:
    line = node.line if isinstance(node, MappingNode) else 1
    if not isinstance(node, MappingNode):
        message = f"{start or 'the file '}is no list of words by their codes."
        problems.append(Problem(file, line, "BANK-006", "", message, "Write code: words."))
        return
    for key, part in node.items():
        if known is None or key in known:
            yield str(key), part
            continue
        message = f"{start}{clean_line(str(key), 40)} is no known entry."
        advice = f"It may be: {', '.join(known)}."
        at = node.lines.get(key, line)
        problems.append(Problem(file, at, "BANK-007", "", message, advice))


def _texts(
    entries: Iterator[tuple[str, Node]], line: int, file: str, name: str, problems: list[Problem]
) -> Iterator[tuple[str, str]]:
    for code, part in entries:
        longest = _LONGEST_OF_REPORT if name in OPEN else _LONGEST
        text = clean_line(str(part), longest).strip() if isinstance(part, Text | str) else ""
        if text:
            yield code, text
            continue
        message = f"{name}.{code} has no words."
        problems.append(Problem(file, line, "BANK-006", "", message, "Write them on one line."))
