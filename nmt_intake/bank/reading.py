"""A strict reader for YAML written by people: text with line numbers, and nothing clever.

Only block and flow collections of plain or quoted scalars: no anchors, aliases, merges or tags
(each has been used to exhaust a reader), no key twice. Every scalar stays text, so that `no` is
"no", `12:30` is "12:30" and an empty value is "", never nothing; the schema that reads it gives it
a type.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol, TypeAlias, cast

import yaml

from nmt_intake.bank.problems import Problem
from nmt_intake.text import clean

LARGEST_FILE: Final = 1_000_000
DEEPEST: Final = 20


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
    """Builds nodes from the C parser's events, refusing what is not allowed as it comes by.

    Asked for 55,000 times by the shipped bank: so it looks at an event's type, not its class tree.
    """

    def __init__(self, text: str, shown_as: str) -> None:
        self._text = text
        self._shown_as = shown_as
        self._open: list[MappingNode | SequenceNode] = []
        self._keys: list[Text | None] = []
        self._root: Node = None
        self._documents = 0

    def document(self) -> Node:
        """Return the single document of the file; an empty file is None."""
        handlers: dict[type[yaml.Event], Callable[..., None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._mapping,
            yaml.SequenceStartEvent: self._sequence,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        try:
            next_event = _parser(self._text).get_event
            while (event := next_event()) is not None:
                handle = handlers.get(type(event))
                if handle is not None:
                    handle(event)
        except yaml.YAMLError as error:
            raise self._not_yaml(error) from None
        except (RecursionError, ValueError):
            raise self._refuse(1, "BANK-002", "is not YAML.", _YAML_ADVICE) from None
        return self._root

    def _refuse(self, line: int, code: str, message: str, advice: str) -> UnreadableFile:
        return _unreadable(self._shown_as, line, code, message, advice)

    def _not_yaml(self, error: yaml.YAMLError) -> UnreadableFile:
        what = clean(str(getattr(error, "problem", None) or "cannot be understood"), 200)
        line = _line_of(getattr(error, "problem_mark", None))
        if "nesting depth" in what:  # newer builds of libyaml read ahead of our count
            return self._too_deep(line)
        return self._refuse(line, "BANK-002", f"is not YAML: {what}.", _YAML_ADVICE)

    def _too_deep(self, line: int) -> UnreadableFile:
        return self._refuse(line, "BANK-003", f"is nested deeper than {DEEPEST}.", "Flatten it.")

    def _no_tricks(self, line: int) -> UnreadableFile:
        advice = "Write the text out; quote * & and !."
        return self._refuse(line, "BANK-004", "uses an anchor, alias or tag.", advice)

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            line = _line_at(event)
            raise self._refuse(line, "BANK-002", "holds two documents.", "Keep one a file.")

    def _alias(self, event: yaml.AliasEvent) -> None:
        raise self._no_tricks(_line_at(event))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        line = _line_at(event)
        if event.anchor is not None or event.tag is not None:
            raise self._no_tricks(line)
        text = Text(event.value)
        text.line = line
        self._add(text, line)

    def _mapping(self, event: yaml.MappingStartEvent) -> None:
        line = _line_at(event)
        self._enter(MappingNode(line), event, line)

    def _sequence(self, event: yaml.SequenceStartEvent) -> None:
        line = _line_at(event)
        self._enter(SequenceNode(line), event, line)

    def _enter(
        self,
        node: MappingNode | SequenceNode,
        event: yaml.MappingStartEvent | yaml.SequenceStartEvent,
        line: int,
    ) -> None:
        if event.anchor is not None or event.tag is not None:
            raise self._no_tricks(line)
        self._add(node, line)
        self._open.append(node)
        self._keys.append(None)
        if len(self._open) > DEEPEST:
            raise self._too_deep(line)

    def _close(self, _event: yaml.MappingEndEvent | yaml.SequenceEndEvent) -> None:
        self._open.pop()
        self._keys.pop()

    def _add(self, node: Node, line: int) -> None:
        if not self._open:
            self._root = node
            return
        into = self._open[-1]
        if isinstance(into, SequenceNode):
            into.append(node)
            into.lines.append(line)
            return
        key = self._keys[-1]
        if key is not None:
            into[key] = node
            self._keys[-1] = None
            return
        if not isinstance(node, Text):
            raise self._refuse(line, "BANK-002", "has a key that is not a word.", _YAML_ADVICE)
        if node == "<<":
            raise self._no_tricks(line)
        if node in into:
            message = f"holds the key {clean(node, 60)!r} twice."
            raise self._refuse(line, "BANK-005", message, "Keep one of them.")
        self._keys[-1] = node
        into.lines[node] = line


class _Parser(Protocol):
    def get_event(self) -> yaml.Event | None:
        """Return the next event, None after the last."""
        ...


# PyYAML's stubs leave the C parser untyped.
_parser = cast("Callable[[str], _Parser]", getattr(yaml, "CSafeLoader"))  # noqa: B009

_YAML_ADVICE: Final = "Check indents, colons and quotes near this line."


def _line_at(event: yaml.Event) -> int:
    mark = event.start_mark
    return 1 if mark is None else mark.line + 1


def _line_of(mark: object) -> int:
    line = getattr(mark, "line", 0)
    return line + 1 if isinstance(line, int) else 1
