"""A strict reader for YAML written by people: text with line numbers, and nothing clever.

Only block and flow collections of plain or quoted scalars: no anchors, aliases, merges or tags
(each has been used to exhaust a reader), no key twice. Every scalar stays text, so that `no` is
"no" and `12:30` is "12:30"; the schema that reads it gives it a type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeAlias, cast

import yaml

from nmt_intake.bank.problems import Problem
from nmt_intake.cleaning import clean

LARGEST_FILE: Final = 1_000_000
DEEPEST: Final = 20

_NOTHING: Final = frozenset({"", "~", "null", "Null", "NULL"})


class Text(str):
    """A scalar and the line it began on."""

    __slots__ = ("line",)

    line: int


class MappingNode(dict[str, "Node"]):
    """A YAML mapping that knows the line of each key."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class SequenceNode(list["Node"]):
    """A YAML sequence that knows the line of each entry."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


Node: TypeAlias = Text | MappingNode | SequenceNode | None


class UnreadableFile(Exception):
    """Raised inside this module with the one problem that ends the reading of a file."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read_file(path: Path, shown_as: str) -> Node:
    """Return the content of the YAML file at `path`; `shown_as` is its name in messages.

    Raises `UnreadableFile` for a file that cannot be read, is too large or is not strict YAML.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise _unreadable(shown_as, 1, "BANK-001", f"cannot be read ({error.strerror}).") from None
    return read_bytes(raw, shown_as)


def read_bytes(raw: bytes, shown_as: str) -> Node:
    """Return the content of a YAML document given as UTF-8 bytes."""
    if len(raw) > LARGEST_FILE:
        raise _unreadable(shown_as, 1, "BANK-003", "is larger than 1 MB.", "Split the file.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _unreadable(shown_as, line, "BANK-002", "is not UTF-8 text.") from None
    return _Reader(text, shown_as).document()


def _unreadable(
    file: str, line: int, code: str, message: str, advice: str = "Check the file."
) -> UnreadableFile:
    return UnreadableFile(Problem(file, line, code, "", message, advice))


class _Reader:
    """Builds nodes from the C parser's events, refusing what is not allowed as it comes by."""

    def __init__(self, text: str, shown_as: str) -> None:
        self._shown_as = shown_as
        self._text = text

    def document(self) -> Node:
        """Return the single document of the file; an empty file is None."""
        try:
            return self._build()
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if isinstance(mark, yaml.Mark) else _line_of(mark)
            what = clean(str(getattr(error, "problem", None) or "cannot be understood"), 200)
            raise self._refuse(line, "BANK-002", f"is not YAML: {what}.", _YAML_ADVICE) from None
        except (RecursionError, ValueError):
            raise self._refuse(1, "BANK-002", "is not YAML.", _YAML_ADVICE) from None

    def _refuse(self, line: int, code: str, message: str, advice: str) -> UnreadableFile:
        return _unreadable(self._shown_as, line, code, message, advice)

    def _build(self) -> Node:
        root: Node = None
        documents = 0
        open_nodes: list[MappingNode | SequenceNode] = []
        keys: list[Text | None] = []
        for event in _events(self._text):
            match event:
                case yaml.ScalarEvent() | yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    node = self._node(event)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    open_nodes.pop()
                    keys.pop()
                    continue
                case yaml.AliasEvent():
                    raise self._no_tricks(event.start_mark.line + 1)
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        line = event.start_mark.line + 1
                        raise self._refuse(
                            line, "BANK-002", "holds two documents.", "Keep one a file."
                        )
                    continue
                case _:
                    continue
            line = event.start_mark.line + 1
            if not open_nodes:
                root = node
            else:
                self._add(open_nodes[-1], keys, node, line)
            if isinstance(node, MappingNode | SequenceNode):
                open_nodes.append(node)
                keys.append(None)
                if len(open_nodes) > DEEPEST:
                    raise self._refuse(
                        line, "BANK-003", f"is nested deeper than {DEEPEST}.", "Flatten it."
                    )
        return root

    def _node(
        self, event: yaml.ScalarEvent | yaml.MappingStartEvent | yaml.SequenceStartEvent
    ) -> Node:
        line = event.start_mark.line + 1
        if event.anchor is not None or event.tag is not None:
            raise self._no_tricks(line)
        match event:
            case yaml.MappingStartEvent():
                return MappingNode(line)
            case yaml.SequenceStartEvent():
                return SequenceNode(line)
            case _:
                if event.style is None and event.value in _NOTHING:
                    return None
                text = Text(event.value)
                text.line = line
                return text

    def _no_tricks(self, line: int) -> UnreadableFile:
        return self._refuse(
            line,
            "BANK-004",
            "uses an anchor, alias or tag.",
            "Write the text out; quote * & and !.",
        )

    def _add(
        self, into: MappingNode | SequenceNode, keys: list[Text | None], node: Node, line: int
    ) -> None:
        if isinstance(into, SequenceNode):
            into.append(node)
            into.lines.append(line)
            return
        key = keys[-1]
        if key is not None:
            into[key] = node
            keys[-1] = None
            return
        if not isinstance(node, Text):
            raise self._refuse(line, "BANK-002", "has a key that is not a word.", _YAML_ADVICE)
        if node == "<<":
            raise self._no_tricks(line)
        if node in into:
            raise self._refuse(
                line, "BANK-005", f"holds the key {clean(node, 60)!r} twice.", "Keep one of them."
            )
        keys[-1] = node
        into.lines[node] = line


# PyYAML's stubs leave the event stream untyped.
_parse = cast("Callable[..., Iterator[yaml.Event]]", getattr(yaml, "parse"))  # noqa: B009


def _events(text: str) -> Iterator[yaml.Event]:
    return _parse(text, Loader=yaml.CSafeLoader)


_YAML_ADVICE: Final = "Check indents, colons and quotes near this line."


def _line_of(mark: object) -> int:
    line = getattr(mark, "line", 0)
    return line + 1 if isinstance(line, int) else 1
