"""Writes a `Form` as the folder of a bank: bank.yaml and one file a section."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final, cast

from pydantic import JsonValue

from nmt_intake.bank.exchange.forms import Form, Item, LeftOut, Section, usable_id, usable_text
from nmt_intake.bank.exchange.gates import ALWAYS, Gate, both, questions_of, written
from nmt_intake.bank.expression import DEEPEST, LONGEST, MOST_NODES
from nmt_intake.text import clean_line

_MOST_WORDS: Final = 400


@dataclass(frozen=True, slots=True)
class Written:
    """A bank that was made of a form.

    `files` are its files' contents by name; `questions` the bank's question for each key of the
    form; `codes` the bank's option codes for the form's own, by key; `left_out` what is not there.
    """

    files: Mapping[str, Mapping[str, JsonValue]]
    questions: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    left_out: tuple[LeftOut, ...]


def bank_of(form: Form) -> Written:
    """Return the bank that a form is, and every line of what could not be taken over."""
    form.sections = [section for section in form.sections if section.items]
    blocks, questions = _named(form)
    _without_circles(form)
    read = {key for gate in _gates(form) for key in questions_of(gate)}
    files: dict[str, Mapping[str, JsonValue]] = {}
    for section in form.sections:
        name = blocks[section.key]
        files[f"{name}.yaml"] = _block(form, section, name, questions, read)
    head: dict[str, JsonValue] = {
        "id": usable_id(form.id, (), "form"),
        "version": form.version,
        "language": form.language,
        "title": clean_line(form.title, _MOST_WORDS) or "A form",
    }
    languages = {language for _, item in form.items() for language in item.translations}
    if languages:
        head["translations"] = [*sorted(languages)]
    head["blocks"] = [blocks[section.key] for section in form.sections]
    return Written(
        files={"bank.yaml": head, **files},
        questions=questions,
        codes={item.key: item.codes for _, item in form.items() if item.codes},
        left_out=tuple(form.left_out),
    )


def write_bank(form: Form, folder: Path) -> Written:
    """Write the bank that a form is into a folder, readable for its owner alone."""
    from nmt_intake.private_files import write_private

    # PyYAML's writer has no types of its own.
    dump = cast("Callable[..., str]", import_module("yaml").safe_dump)
    made = bank_of(form)
    for name, content in made.files.items():
        text = dump(content, sort_keys=False, allow_unicode=True, width=100)
        write_private(folder / name, text)
    return made


def _named(form: Form) -> tuple[dict[str, str], dict[str, str]]:
    """Return the block of each section and the question of each item."""
    blocks: dict[str, str] = {}
    questions: dict[str, str] = {}
    for section in form.sections:
        block = usable_id(section.key, blocks.values(), "block")
        blocks[section.key] = block
        taken: set[str] = set()
        for item in section.items:
            # An export of ours has `block.question` as the key of a question.
            own = item.key.removeprefix(f"{section.key}.")
            name = usable_id(own, taken)
            taken.add(name)
            questions[item.key] = f"{block}.{name}"
    return blocks, questions


def _gates(form: Form) -> Iterable[Gate]:
    for section in form.sections:
        yield section.gate
        yield from (item.gate for item in section.items)


def _without_circles(form: Form) -> None:
    """Take a condition out of each circle: the standards do not say what one comes to."""
    section_of = {item.key: section for section, item in form.items()}
    item_of = {item.key: item for _, item in form.items()}
    done: set[str] = set()
    for start in item_of:
        # Depth first without recursion: a form may hold a chain of thousands.
        path: list[str] = []
        waiting: list[tuple[str, bool]] = [(start, False)]
        while waiting:
            key, leaving = waiting.pop()
            if leaving:
                path.pop()
                done.add(key)
                continue
            if key in done:
                continue
            if key in path:
                _open(form, item_of[key], section_of[key], path[path.index(key) :])
                continue
            path.append(key)
            waiting.append((key, True))
            gate = both(section_of[key].gate, item_of[key].gate)
            waiting += [(each, False) for each in questions_of(gate) if each in item_of]


def _open(form: Form, item: Item, section: Section, circle: list[str]) -> None:
    why = f"it goes round in a circle: {' -> '.join([*circle, item.key])}"
    form.leave_out(item.key, "the condition", why)
    item.gate = ALWAYS
    if set(questions_of(section.gate)) & set(circle):
        section.gate = ALWAYS


def _block(
    form: Form, section: Section, block: str, questions: Mapping[str, str], read: set[str]
) -> dict[str, JsonValue]:
    name = _namer(block, questions)
    made: dict[str, JsonValue] = {
        "block": block,
        "title": clean_line(section.title, _MOST_WORDS) or block,
    }
    if section.for_each:
        made["for_each"] = section.for_each
        made["another"] = "Is there another one?"
    decided = any(item.key in read for item in section.items)
    when = _own(section) or _when(form, section.key, section.gate, name, decided)
    if when:
        made["when"] = when
    if section.opening:
        made["opening"] = usable_text(form, section.key, section.opening)
    made["questions"] = [_question(form, item, questions, name, read) for item in section.items]
    return made


def _question(
    form: Form,
    item: Item,
    questions: Mapping[str, str],
    name: Callable[[str], str],
    read: set[str],
) -> dict[str, JsonValue]:
    made: dict[str, JsonValue] = {
        "id": questions[item.key].partition(".")[2],
        "ask": usable_text(form, item.key, item.text) or item.key,
        "kind": item.kind,
    }
    if item.options:
        made["options"] = {
            code: clean_line(label, _MOST_WORDS) or code for code, label in item.options.items()
        }
    if item.alone:
        made["alone"] = [*item.alone]
    if item.options_from:
        made["options_from"] = item.options_from
    when = _own(item) or _when(form, item.key, item.gate, name, item.key in read)
    if item.expect:
        made["hard_check"] = {
            "expect": item.expect,
            "say": item.say or "The form allows no such answer.",
        }
    kept = {
        "unit": item.unit or ("times" if item.kind == "number" else None),
        "when": when,
        "preface": item.preface and usable_text(form, item.key, item.preface),
        "listen_for": item.listen_for and usable_text(form, item.key, item.listen_for),
        "loinc": item.loinc,
    }
    made.update({key: value for key, value in kept.items() if value})
    if item.hidden:
        made["hidden"] = True
    if item.translations:
        made["translations"] = {
            language: _translation(ask, labels)
            for language, (ask, labels) in item.translations.items()
        }
    return made


def _translation(ask: str | None, labels: Mapping[str, str]) -> dict[str, JsonValue]:
    made: dict[str, JsonValue] = {}
    if ask:
        made["ask"] = ask.replace("{", "(").replace("}", ")")
    if labels:
        made["options"] = {code: clean_line(label, _MOST_WORDS) for code, label in labels.items()}
    return made


def _own(target: Section | Item) -> str | None:
    """Return the condition in our own words that came along, if what it was told as stands."""
    told = written(target.gate, str, decided=False) or "always"
    return target.raw_when if told == target.raw_told else None


def _when(
    form: Form, key: str, gate: Gate, name: Callable[[str], str], decided: bool
) -> str | None:
    text = written(gate, name, decided)
    if text is not None and _is_too_large(text):
        why = "written out it is too large; it is always asked"
        form.leave_out(key, "the condition", why)
        return None
    return text


def _is_too_large(text: str) -> bool:
    """Whether a condition is larger than the condition language takes."""
    if len(text) > LONGEST:
        return True
    waiting: list[tuple[ast.AST, int]] = [(ast.parse(text, mode="eval").body, 1)]
    nodes = 0
    while waiting:
        node, depth = waiting.pop()
        nodes += isinstance(node, ast.expr)
        if depth > DEEPEST or nodes > MOST_NODES:
            return True
        waiting += [(child, depth + 1) for child in ast.iter_child_nodes(node)]
    return False


def _namer(block: str, questions: Mapping[str, str]) -> Callable[[str], str]:
    """Return what gives a question's name inside a block: the bare one of its own."""

    def name(key: str) -> str:
        return questions[key].removeprefix(f"{block}.")

    return name
