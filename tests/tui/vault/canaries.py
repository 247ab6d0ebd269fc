"""Words that must be nowhere, one for each place where a person can type, and how to find them.

What can be typed is read from the program: the texts of the events, and where a screen asks.
"""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, JsonValue

import nmt_intake.tui
from nmt_intake.interview.events import Event, Informant
from tests.store.test_records_at_rest import spellings

TUI = Path(nmt_intake.tui.__file__).parent

EVENTS: tuple[type[BaseModel], ...] = get_args(get_args(Event)[0])

# Made by the program, never typed: ids, places in the bank, versions.
NOT_TYPED: Mapping[str, object] = {
    "kind": None,
    "fact": None,  # a question's place, like `slot`
    "id": None,
    "at": None,
    "zone": None,
    "author": None,  # from the settings: the worker's canary
    "device": None,
    "bank_version": None,
    "bank_hash": None,
    "slot": "welcome.reads_what",
    "informant": "informant-9",
    "instance": "exposure-1",
    "into": "exposure-2",
    "rating": "functions.sleep",
    "raised": "nothing",
    "target": "nothing",
}


def canary(name: str) -> str:
    return f"quetzal{re.sub('[^a-z0-9]', '', name.lower())}zq"


def kind_of(event: type[BaseModel]) -> str:
    return str(event.model_fields["kind"].default)


def text_fields(model: type[BaseModel], prefix: str) -> Iterator[str]:
    """Every field of an event that takes words, by its path."""
    for name, field in model.model_fields.items():
        inner = _model_in(field.annotation)
        if inner is not None:
            yield from text_fields(inner, f"{prefix}.{name}")
        elif name not in NOT_TYPED and _takes_text(field.annotation):
            path = f"{prefix}.{name}"
            yield from () if path == "fact_settled.value" else (path,)  # a date or a number


def filled(model: type[BaseModel], prefix: str) -> dict[str, Any]:
    """What an event is made of that has a canary in every field that takes words."""
    content: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        inner = _model_in(field.annotation)
        if inner is not None:
            content[name] = inner(**filled(inner, f"{prefix}.{name}"))
        elif name in NOT_TYPED:
            given = "informant-9" if model is Informant and name == "id" else NOT_TYPED[name]
            content |= {name: given} if given else {}
        elif _takes_text(field.annotation):
            content[name] = canary(f"{prefix}.{name}")
        elif field.is_required():
            choices = get_args(field.annotation)
            content[name] = choices[0] if get_origin(field.annotation) is Literal else None
    return content


def _takes_text(annotation: Any) -> bool:
    if annotation is str or annotation is JsonValue:
        return True
    if get_origin(annotation) in (Literal, list, tuple):  # of several texts: ids of events
        return False
    return any(_takes_text(each) for each in get_args(annotation))


def _model_in(annotation: Any) -> type[BaseModel] | None:
    for each in (annotation, *get_args(annotation)):
        if isinstance(each, type) and issubclass(each, BaseModel):
            return each
    return None


@cache
def asking_places() -> frozenset[str]:
    """Every `file.function` of the desk that asks for a line of words."""
    return frozenset(
        f"{path.stem}.{function.name}"
        for path, function, call in _calls()
        if _name(call.func) == "Prompt" or (_name(call.func) == "Step" and _has_line(call))
    )


@cache
def widgets_for_words() -> frozenset[str]:
    """The ids of the desk's widgets that take words."""
    kinds = {"Entry", "Line", "_ChoosingLine", "Input", "MaskedInput", "TextArea"}
    found = [call for _, _, call in _calls() if _name(call.func) in kinds]
    return frozenset(_id_of(call) for call in found if not _reads_only(call))


def _calls() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef, ast.Call]]:
    for path in sorted(TUI.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for call in ast.walk(function):
                    if isinstance(call, ast.Call):
                        yield path, function, call


def _name(called: ast.expr) -> str:
    return getattr(called, "id", "") or getattr(called, "attr", "")


def _has_line(step: ast.Call) -> bool:
    return len(step.args) > 1 or any(each.arg == "label" for each in step.keywords)


def _reads_only(call: ast.Call) -> bool:
    return any(each.arg == "read_only" for each in call.keywords)


def _id_of(call: ast.Call) -> str:
    named = [each.value for each in call.keywords if each.arg == "id"]
    (value,) = named or call.args[:1]
    assert isinstance(value, ast.Constant)
    return str(value.value)


def free_texts(parser: argparse.ArgumentParser) -> Iterator[str]:
    """What of the command line, in every command, is words and no path, number or choice."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from free_texts(inner)
        elif action.nargs != 0 and action.type is None and action.choices is None:
            yield action.dest


def left_in(folder: Path, words: Iterable[str], unread: Iterable[Path] = ()) -> list[str]:
    """Where a word is in a name or in a file, however it is spelt; `unread` were asked for."""
    wanted = {word: spellings(word) for word in words}
    passed = frozenset(unread)
    found: list[str] = []
    for path in sorted(set(folder.rglob("*")) - passed):
        name = str(path.relative_to(folder))
        data = path.read_bytes() if path.is_file() else b""
        data += b"\n" + data.lower()
        for word, ways in wanted.items():
            if word in name.lower() or any(way in data for way in ways):
                found.append(f"{word} in {name}")
    return found
