"""Reads a bank's files and checks their shapes; every problem in every file, not the first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from nmt_intake.bank import sources
from nmt_intake.bank.compiling.placing import Place, PlacedBlock, PlacedFacts, PlacedRating
from nmt_intake.bank.faults import line_of, shape_problems
from nmt_intake.bank.files import bank_file_names
from nmt_intake.bank.problems import Problem
from nmt_intake.bank.reading import (
    MappingNode,
    Node,
    SequenceNode,
    Text,
    UnreadableFile,
    read_file,
)
from nmt_intake.text import clean

_Source = TypeVar("_Source", bound=BaseModel)

_HEAD: Final = "bank.yaml"
_GUIDE: Final = "See the author's guide."
_LOOKS_LIKE_A_BLOCK: Final = re.compile(rb"^block[ \t]*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Collected:
    """Everything of a bank that was well formed, and every problem on the way.

    `steps` are the places of the migrations.
    """

    bank: sources.BankSource | None
    blocks: tuple[PlacedBlock, ...]
    ratings: tuple[PlacedRating, ...]
    facts: tuple[PlacedFacts, ...]
    activities: tuple[tuple[sources.ActivitySource, Place], ...]
    steps: tuple[Place, ...]
    problems: tuple[Problem, ...]


def collect(folder: Path) -> Collected:
    """Read the bank in `folder`; never raises for what its author got wrong."""
    return _Collector(folder).collect()


class _Collector:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._problems: list[Problem] = []
        self._files = bank_file_names(folder)

    def collect(self) -> Collected:
        node = self._read(_HEAD)
        bank = self._validated(sources.BankSource, node, _HEAD) if node is not None else None
        if bank is None:
            if node is None and not self._problems:
                self._note(_HEAD, 1, "BANK-008", "is empty.", "Write id, version and blocks.")
            return Collected(None, (), (), (), (), (), tuple(self._problems))
        blocks = self._named(bank.blocks, node, "blocks")
        ratings = self._named(bank.ratings, node, "ratings")
        activities = self._named(bank.activities, node, "activities")
        self._note_unnamed({*blocks, *ratings, *activities, _HEAD})
        return Collected(
            bank,
            tuple(block for file in blocks if (block := self._block(file))),
            tuple(rating for file in ratings for rating in self._ratings(file)),
            tuple(facts for file in ratings for facts in self._facts(file)),
            tuple(activity for file in activities for activity in self._activities(file)),
            _places(node, "migrations", _HEAD),
            tuple(self._problems),
        )

    def _note(self, file: str, line: int, code: str, message: str, advice: str) -> None:
        self._problems.append(Problem(file, line, code, "", message, advice))

    def _read(self, file: str) -> Node:
        try:
            return read_file(self._folder / file, file)
        except UnreadableFile as refusal:
            self._problems.append(refusal.problem)
            return None

    def _named(self, entries: Sequence[str], bank: Node, key: str) -> list[str]:
        """Return the files that bank.yaml names: by path, or by a block's id."""
        known = frozenset(self._files)
        by_stem = {PurePosixPath(file).stem: file for file in self._files}
        files: list[str] = []
        for index, entry in enumerate(entries):
            file = PurePosixPath(entry.removesuffix(".yaml") + ".yaml").as_posix()
            found = file if file in known else by_stem.get(entry.removesuffix(".yaml"))
            line = line_of(bank, (key, index))
            if found is None:
                message = f"names {clean(entry, 80)!r}, which is not there."
                self._note(_HEAD, line, "BANK-008", message, "Check the path.")
            elif found in files:
                message = f"names {clean(entry, 80)!r} twice."
                self._note(_HEAD, line, "BANK-010", message, "Take one of them out.")
            else:
                files.append(found)
        return files

    def _note_unnamed(self, named: set[str]) -> None:
        for file in self._files:
            if file not in named and _holds_a_block(self._folder / file):
                message = "holds a block that bank.yaml does not name."
                self._note(file, 1, "BANK-009", message, "Name it under blocks, or move it away.")

    def _validated(
        self, shape: type[_Source], node: Node, file: str, question: str = ""
    ) -> _Source | None:
        try:
            return shape.model_validate(node)
        except ValidationError as error:
            self._problems += shape_problems(error, node, shape, file, question)
            return None

    def _block(self, file: str) -> PlacedBlock | None:
        node = self._read(file)
        if not isinstance(node, MappingNode):
            self._expect_mapping(node, file)
            return None
        try:
            source = sources.BlockSource.model_validate(node)
        except ValidationError:
            return self._block_by_parts(node, file)
        questions = tuple(zip(source.questions, _places(node, "questions", file), strict=True))
        return PlacedBlock(source, Place(file, node.line, node.lines), questions, frozenset())

    def _block_by_parts(self, node: MappingNode, file: str) -> PlacedBlock | None:
        """Return what of a block is well formed, each question by itself."""
        entries = node.get("questions")
        head = {**node, "questions": [_PLACEHOLDER]}
        try:
            source = sources.BlockSource.model_validate(head)
        except ValidationError as error:
            self._problems += shape_problems(error, node, sources.BlockSource, file, "")
            source = None
        if not isinstance(entries, SequenceNode) or not entries:
            line = node.lines.get("questions", node.line)
            self._note(file, line, "BANK-006", "the block has no questions.", "Write some.")
            return None
        block = source.block if source else clean(str(node.get("block") or file), 60)
        questions: list[tuple[sources.QuestionSource, Place]] = []
        broken: set[str] = set()
        for entry, line in zip(entries, entries.lines, strict=True):
            name = entry.get("id") if isinstance(entry, MappingNode) else None
            known = f"{block}.{clean(name, 60)}" if isinstance(name, Text) else ""
            question = self._question(entry, line, file, known)
            if question is not None:
                questions.append((question, Place(file, line, _lines(entry))))
            elif isinstance(name, Text):
                broken.add(name)
        if source is None:
            return None
        place = Place(file, node.line, node.lines)
        return PlacedBlock(source, place, tuple(questions), frozenset(broken))

    def _question(
        self, entry: Node, line: int, file: str, name: str
    ) -> sources.QuestionSource | None:
        if isinstance(entry, MappingNode):
            return self._validated(sources.QuestionSource, entry, file, name)
        self._note(file, line, "BANK-006", "the question has no keys.", "Write id, ask and kind.")
        return None

    def _expect_mapping(self, node: Node, file: str) -> None:
        if any(problem.file == file for problem in self._problems):
            return
        what = "is empty." if node is None else "does not begin with keys."
        self._note(file, 1, "BANK-006", what, _GUIDE)

    def _entries(self, file: str, key: str, or_else: str = "") -> list[tuple[Node, int]]:
        """Return the entries under `key`, which may lack where there are some under `or_else`."""
        node = self._read(file)
        entries = node.get(key) if isinstance(node, MappingNode) else None
        if isinstance(entries, SequenceNode):
            return list(zip(entries, entries.lines, strict=True))
        if isinstance(node, MappingNode) and or_else in node and key not in node:
            return []
        if isinstance(node, MappingNode):
            self._note(file, node.line, "BANK-006", f"has no list {key!r}.", _GUIDE)
        else:
            self._expect_mapping(node, file)
        return []

    def _ratings(self, file: str) -> list[PlacedRating]:
        found: list[PlacedRating] = []
        for entry, line in self._entries(file, "ratings", or_else="facts"):
            source = self._entry(sources.RatingSource, entry, file, "rating")
            if source is not None:
                place = Place(file, line, _lines(entry))
                rules, facts = (_places(entry, key, file) for key in ("rules", "facts"))
                found.append(PlacedRating(source, place, rules, facts))
        return found

    def _facts(self, file: str) -> list[PlacedFacts]:
        found: list[PlacedFacts] = []
        known = any(problem.file == file and problem.line <= 1 for problem in self._problems)
        for entry, line in self._entries(file, "facts", or_else="ratings") if not known else ():
            source = self._entry(sources.FactsSource, entry, file, "rating")
            if source is not None:
                place = Place(file, line, _lines(entry))
                found.append(PlacedFacts(source, place, _places(entry, "facts", file)))
        return found

    def _activities(self, file: str) -> list[tuple[sources.ActivitySource, Place]]:
        found: list[tuple[sources.ActivitySource, Place]] = []
        for entry, line in self._entries(file, "activities"):
            source = self._entry(sources.ActivitySource, entry, file, "id")
            if source is not None:
                found.append((source, Place(file, line, _lines(entry))))
        return found

    def _entry(self, shape: type[_Source], entry: Node, file: str, key: str) -> _Source | None:
        name = entry.get(key) if isinstance(entry, MappingNode) else None
        known = clean(name, 60) if isinstance(name, Text) else ""
        return self._validated(shape, entry, file, known)


_PLACEHOLDER: Final = {"id": "x", "ask": "x", "kind": "text"}


def _places(node: Node, key: str, file: str) -> tuple[Place, ...]:
    """Return the places of the entries under `key`."""
    entries = node.get(key) if isinstance(node, MappingNode) else None
    if not isinstance(entries, SequenceNode):
        return ()
    return tuple(
        Place(file, line, _lines(entry)) for entry, line in zip(entries, entries.lines, strict=True)
    )


def _lines(entry: Node) -> Mapping[str, int]:
    return entry.lines if isinstance(entry, MappingNode) else {}


def _holds_a_block(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return bool(_LOOKS_LIKE_A_BLOCK.search(file.read(100_000)))
    except OSError:
        return False
