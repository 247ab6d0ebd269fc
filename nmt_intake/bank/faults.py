"""Says in plain words what pydantic found wrong with the shape of a source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from nmt_intake.bank.compiling.notes import near
from nmt_intake.bank.problems import Problem
from nmt_intake.bank.reading import MappingNode, Node, SequenceNode, Text
from nmt_intake.text import clean

_Told = tuple[str, str, str]


def shape_problems(
    error: ValidationError, node: Node, shape: type[BaseModel], file: str, question: str
) -> list[Problem]:
    """Return what is wrong with `node`, which should have this shape, each with its line."""
    problems: list[Problem] = []
    for fault in error.errors(include_url=False):
        where = fault["loc"]
        code, message, advice = _told(fault, shape)
        problems.append(Problem(file, line_of(node, where), code, question, message, advice))
    return problems


def line_of(node: Node, where: Sequence[str | int]) -> int:
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


def _told(fault: ErrorDetails, shape: type[BaseModel]) -> _Told:
    where = fault["loc"]
    key = clean(_dotted(where), 80)
    kind = fault["type"]
    if kind == "extra_forbidden":
        known = shape.model_fields if len(where) == 1 else ()
        word = clean(str(where[-1]), 60)
        advice = near(word, _keys(shape)) if known else "Check its spelling."
        return "BANK-007", f"the key {key!r} is not known.", advice
    if kind == "missing":
        return "BANK-006", f"{key!r} is missing.", "Write it."
    if kind == "options_without_codes":
        return "BANK-012", "the options have no codes.", _OPTIONS
    if fault["input"] is None:
        return "BANK-006", f"{key!r} is empty.", "Write something, or take the key out."
    message, advice = _SAID.get(kind, _anything)(_context(fault))
    return "BANK-006", f"{key!r} {message}" if key else f"the entry {message}", advice


def _context(fault: ErrorDetails) -> Mapping[str, object]:
    return {**fault.get("ctx", {}), "input": fault["input"], "msg": fault["msg"]}


def _keys(shape: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in shape.model_fields.items()]


def _dotted(where: Sequence[str | int]) -> str:
    """Return a path as its author counts: `columns.1.kind` is the first column's kind."""
    return ".".join(str(step + 1 if isinstance(step, int) else step) for step in where)


def _anything(context: Mapping[str, object]) -> tuple[str, str]:
    return f"does not fit: {clean(str(context['msg']), 200)}.", "See the author's guide."


def _one_of(context: Mapping[str, object]) -> tuple[str, str]:
    written = clean(str(context["input"]), 40)
    return f"cannot be {written!r}.", f"Write one of {clean(str(context['expected']), 300)}."


def _fixed(message: str, advice: str) -> Callable[[Mapping[str, object]], tuple[str, str]]:
    return lambda context: (
        message.format_map(context),
        advice.format_map(context),
    )


_OPTIONS: Final = "Write options: {code: Words, other_code: Other words}."
_SAID: Final[dict[str, Callable[[Mapping[str, object]], tuple[str, str]]]] = {
    "literal_error": _one_of,
    "string_type": _fixed("must be a text.", "Write one text; quote it if it has a colon."),
    "string_too_short": _fixed("is empty.", "Write something, or take the key out."),
    "string_too_long": _fixed("is longer than {max_length} characters.", "Shorten it."),
    "int_parsing": _fixed("must be a whole number.", "Write digits."),
    "float_parsing": _fixed("must be a number.", "Write digits."),
    "bool_parsing": _fixed("must be true or false.", "Write true or false."),
    "list_type": _fixed("must be a list.", "Write [one, other], or one a line after -."),
    "dict_type": _fixed("must be keys with values.", "Write key: value."),
    "model_type": _fixed("must be keys with values.", "Write key: value."),
    "too_short": _fixed("has too few entries.", "Write {min_length} or more."),
    "too_long": _fixed("has too many entries.", "Write {max_length} at most."),
    "greater_than_equal": _fixed("is too small.", "Write {ge} or more."),
    "less_than_equal": _fixed("is too large.", "Write {le} or less."),
}
