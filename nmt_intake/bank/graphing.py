"""A bank as Mermaid text: its blocks in order and what gates what, or one block in detail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nmt_intake.bank.model import Bank, Block, Condition, Question
from nmt_intake.errors import IntakeError
from nmt_intake.text import clean_line

_LONGEST_LABEL: Final = 60
_LONGEST_CONDITION: Final = 80
# What Mermaid or HTML would read as its own; `#` first, for it begins what the others become.
_OWN: Final = '#"&<>[](){}|`;\\'
_ESCAPES: Final = {character: f"#{ord(character)};" for character in _OWN}


def graph_text(bank: Bank, block: str | None = None) -> str:
    """Return the graph of all blocks, or of one block with its questions and their gates.

    Raises `IntakeError` if there is no such block.
    """
    if block is None:
        return "\n".join(("flowchart TD", *_whole(bank))) + "\n"
    found = bank.block_by_id.get(block)
    if found is None:
        where = clean_line(block, 60)
        raise IntakeError("BANK-008", where, "is no block of this bank.", "See `bank graph`.")
    return "\n".join(("flowchart TD", *_one(bank, found))) + "\n"


def _whole(bank: Bank) -> Iterator[str]:
    for block in bank.blocks:
        count = f"{len(block.questions)} question{'' if len(block.questions) == 1 else 's'}"
        lines = [block.title, count]
        if block.for_each:
            lines.append(f"for each {block.for_each}")
        if block.when:
            lines.append(f"when {block.when.text}")
        yield f"    {_node(block.id)}[{_label(lines)}]"
    for before, after in zip(bank.blocks[:-1], bank.blocks[1:], strict=True):
        yield f"    {_node(before.id)} --> {_node(after.id)}"
    for block in bank.blocks:
        gates = {name: None for each in _conditions(block) for name, _ in each.reads}
        read_blocks = dict.fromkeys(bank.questions[name].block for name in gates)
        for other in read_blocks:
            if other != block.id:
                yield f"    {_node(other)} -.-> {_node(block.id)}"


def _one(bank: Bank, block: Block) -> Iterator[str]:
    own = {question.id for question in block.questions}
    yield f"    subgraph {_node(block.id)} [{_label([block.title])}]"
    for question in block.questions:
        yield f"        {_node(question.id)}{_shape(question)}"
    yield "    end"
    outside: dict[str, None] = {}
    for question in block.questions:
        for gate in (each for each in (question.when,) if each):
            for name, _ in gate.reads:
                outside.update({} if name in own else {name: None})
                yield f"    {_node(name)} -->|{_label([gate.text])}| {_node(question.id)}"
    if block.when:
        for name, _ in block.when.reads:
            outside[name] = None
            yield f"    {_node(name)} -->|{_label([block.when.text])}| {_node(block.id)}"
    for name in outside:
        asked = bank.questions[name].ask
        yield f"    {_node(name)}([{_label([name, asked])}])"


def _shape(question: Question) -> str:
    label = _label([question.name, question.ask])
    return f"{{{{{label}}}}}" if question.when else f"[{label}]"


def _conditions(block: Block) -> Iterator[Condition]:
    for condition in (block.when, *(question.when for question in block.questions)):
        if condition:
            yield condition


def _node(name: str) -> str:
    """Return an id that Mermaid cannot take for a word of its own (`end`, `graph`)."""
    return "q_" + name.replace(".", "__")


def _label(lines: Sequence[str]) -> str:
    shown = [lines[0], *lines[1:]]
    return '"' + "<br/>".join(_escaped(line) for line in shown) + '"'


def _escaped(text: str) -> str:
    longest = _LONGEST_CONDITION if text.startswith("when ") else _LONGEST_LABEL
    line = clean_line(text, 400)
    short = line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
    return "".join(_ESCAPES.get(character, character) for character in short)
