"""Reads a bank's files and checks their shapes; every problem in every file, not the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from nmt_intake.bank import sources
from nmt_intake.bank.compiling import Place, PlacedBlock, PlacedRating
from nmt_intake.bank.files import bank_files
from nmt_intake.bank.problems import Problem
from nmt_intake.bank.reading import (
    MappingNode,
    Node,
    SequenceNode,
    Text,
    UnreadableFile,
    read_file,
)
from nmt_intake.cleaning import clean

_Source = TypeVar("_Source", bound=BaseModel)

_MESSAGES: Mapping[str, tuple[str, str, str]] = {
    "extra_forbidden": ("BANK-007", "the key {key!r} is not known.", "Check its spelling."),
    "missing": ("BANK-006", "{key!r} is missing.", "Write it."),
    "options_without_codes": (
        "BANK-012",
        "the options have no codes.",
        "Write options: {{code: Words, other_code: Other words}}.",
    ),
}


@dataclass(frozen=True, slots=True)
class Collected:
    """Everything of a bank that was well formed, and every problem on the way."""

    bank: sources.BankSource | None
    blocks: tuple[PlacedBlock, ...]
    ratings: tuple[PlacedRating, ...]
    activities: tuple[tuple[sources.ActivitySource, Place], ...]
    problems: tuple[Problem, ...]


def collect(folder: Path) -> Collected:
    """Read the bank in `folder`; never raises for what its author got wrong."""
    return _Collector(folder).collect()


class _Collector:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._problems: list[Problem] = []

    def collect(self) -> Collected:
        node = self._read("bank.yaml")
        bank = self._validated(sources.BankSource, node, "bank.yaml") if node is not None else None
        if bank is None:
            if node is None and not self._problems:
                self._note("bank.yaml", 1, "BANK-008", "is empty.", "Write id, version, blocks.")
            return Collected(None, (), (), (), tuple(self._problems))
        blocks = [
            block
            for file in self._named(bank.blocks, node, "blocks")
            if (block := self._block(file))
        ]
        ratings = [
            rating
            for file in self._named(bank.ratings, node, "ratings")
            for rating in self._ratings(file)
        ]
        activities = [
            activity
            for file in self._named(bank.activities, node, "activities")
            for activity in self._activities(file)
        ]
        return Collected(
            bank, tuple(blocks), tuple(ratings), tuple(activities), tuple(self._problems)
        )

    def _note(
        self, file: str, line: int, code: str, message: str, advice: str, question: str = ""
    ) -> None:
        self._problems.append(Problem(file, line, code, question, message, advice))

    def _read(self, file: str) -> Node:
        try:
            return read_file(self._folder / file, file)
        except UnreadableFile as refusal:
            self._problems.append(refusal.problem)
            return None

    def _named(self, entries: Sequence[str], bank: Node, key: str) -> list[str]:
        """Return the files that bank.yaml names: by path, or by a block's id."""
        by_stem = {path.stem: path for path in bank_files(self._folder)}
        files: list[str] = []
        for index, entry in enumerate(entries):
            path = PurePosixPath(entry.removesuffix(".yaml") + ".yaml")
            inside = not path.is_absolute() and ".." not in path.parts
            if inside and (self._folder / path).is_file():
                files.append(str(path))
            elif inside and len(path.parts) == 1 and path.stem in by_stem:
                files.append(by_stem[path.stem].relative_to(self._folder).as_posix())
            else:
                line = _line(bank, (key, index))
                message = f"names {clean(entry, 80)!r}, which is not there."
                self._note("bank.yaml", line, "BANK-008", message, "Check the path.")
        return files

    def _validated(self, shape: type[_Source], node: Node, file: str) -> _Source | None:
        try:
            return shape.model_validate(node)
        except ValidationError as error:
            self._explain(error, node, file, "")
            return None

    def _explain(self, error: ValidationError, node: Node, file: str, question: str) -> None:
        for fault in error.errors(include_url=False, include_context=False):
            where = fault["loc"]
            key = clean(str(where[-1]) if where else "", 60)
            text = clean(f"{'.'.join(map(str, where))}: {fault['msg']}.", 200)
            code, message, advice = _MESSAGES.get(
                fault["type"], ("BANK-006", "{text}", "See the author's guide.")
            )
            self._note(
                file, _line(node, where), code, message.format(key=key, text=text), advice, question
            )

    def _block(self, file: str) -> PlacedBlock | None:
        node = self._read(file)
        if not isinstance(node, MappingNode):
            self._expect_mapping(node, file)
            return None
        entries = node.get("questions")
        head = {key: value for key, value in node.items() if key != "questions"}
        try:
            source = sources.BlockSource.model_validate({**head, "questions": [_PLACEHOLDER]})
        except ValidationError as error:
            self._explain(error, node, file, "")
            return None
        if not isinstance(entries, SequenceNode) or not entries:
            line = node.lines.get("questions", node.line)
            self._note(file, line, "BANK-006", "the block has no questions.", "Write some.")
            return None
        questions: list[tuple[sources.QuestionSource, Place]] = []
        broken: set[str] = set()
        for entry, line in zip(entries, entries.lines, strict=True):
            name = entry.get("id") if isinstance(entry, MappingNode) else None
            try:
                question = sources.QuestionSource.model_validate(entry)
            except ValidationError as error:
                known = f"{source.block}.{clean(name, 60)}" if isinstance(name, Text) else ""
                self._explain(error, entry if entry is not None else node, file, known)
                if isinstance(name, Text):
                    broken.add(name)
                continue
            lines = entry.lines if isinstance(entry, MappingNode) else {}
            questions.append((question, Place(file, line, lines)))
        place = Place(file, node.line, node.lines)
        return PlacedBlock(source, place, tuple(questions), frozenset(broken))

    def _expect_mapping(self, node: Node, file: str) -> None:
        if any(problem.file == file for problem in self._problems):
            return
        what = "is empty." if node is None else "does not begin with keys."
        self._note(file, 1, "BANK-006", what, "See the author's guide.")

    def _entries(self, file: str, key: str) -> list[tuple[Node, int]]:
        node = self._read(file)
        entries = node.get(key) if isinstance(node, MappingNode) else None
        if not isinstance(entries, SequenceNode):
            self._expect_mapping(None, file)
            return []
        return list(zip(entries, entries.lines, strict=True))

    def _ratings(self, file: str) -> list[PlacedRating]:
        found: list[PlacedRating] = []
        for entry, line in self._entries(file, "ratings"):
            source = self._validated_entry(sources.RatingSource, entry, file, "rating")
            if source is None or not isinstance(entry, MappingNode):
                continue
            rules = entry.get("rules")
            places = [
                Place(file, rule.line, rule.lines)
                for rule in (rules if isinstance(rules, SequenceNode) else ())
                if isinstance(rule, MappingNode)
            ]
            found.append(PlacedRating(source, Place(file, line, entry.lines), tuple(places)))
        return found

    def _activities(self, file: str) -> list[tuple[sources.ActivitySource, Place]]:
        found: list[tuple[sources.ActivitySource, Place]] = []
        for entry, line in self._entries(file, "activities"):
            source = self._validated_entry(sources.ActivitySource, entry, file, "id")
            if source is not None:
                lines = entry.lines if isinstance(entry, MappingNode) else {}
                found.append((source, Place(file, line, lines)))
        return found

    def _validated_entry(
        self, shape: type[_Source], entry: Node, file: str, key: str
    ) -> _Source | None:
        try:
            return shape.model_validate(entry)
        except ValidationError as error:
            name = entry.get(key) if isinstance(entry, MappingNode) else None
            known = clean(name, 60) if isinstance(name, Text) else ""
            self._explain(error, entry, file, known)
            return None


_PLACEHOLDER = {"id": "x", "ask": "x", "kind": "text"}


def _line(node: Node, where: Sequence[str | int]) -> int:
    """Return the line of the innermost part of `where` that stands in the file."""
    line = node.line if isinstance(node, MappingNode | SequenceNode | Text) else 1
    for step in where:
        match node, step:
            case MappingNode(), str() if step in node:
                line, node = node.lines[step], node[step]
            case SequenceNode(), int() if step < len(node):
                line, node = node.lines[step], node[step]
            case _:
                break
    return line
