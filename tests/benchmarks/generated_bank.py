"""A made-up bank of any size: chains, fans and loops, for benchmarks and for the engine's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

A_BLOCK = 50


def write_bank(folder: Path, questions: int = 1_000) -> Path:
    """Write a bank with this many questions (in fifties) into `folder` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"b{number}" for number in range(questions // A_BLOCK)]
    for number, name in enumerate(names):
        shape = (_chain, _fan, _loop, _gather)[number % 4]
        lines = [f"block: {name}", f"title: Part {number}", *shape(number)]
        (folder / f"{name}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    head = ["id: generated", "version: 1.0.0", "blocks:", *(f"  - {name}" for name in names)]
    (folder / "bank.yaml").write_text("\n".join(head) + "\n", encoding="utf-8")
    return folder


def _chain(number: int) -> Iterator[str]:
    """Each question stands behind the one before."""
    yield "questions:"
    for index in range(A_BLOCK):
        when = f"q{index - 1} in ('some', 'much')" if index else ""
        yield from _choice(number, index, when)


def _fan(number: int) -> Iterator[str]:
    """All questions stand behind the first, and behind the chain before."""
    yield f"when: b{number - 1}.q0 != 'none'"
    yield "questions:"
    for index in range(A_BLOCK):
        when = f"q0 == 'much' and b{number - 1}.q{index // 5} in ('some', 'much')" if index else ""
        yield from _choice(number, index, when)


def _loop(number: int) -> Iterator[str]:
    """Asked for each period; reads its own instance, and a block that is asked once."""
    yield "for_each: period"
    yield "when: period.id in ('infancy', 'early_childhood', 'childhood', 'youth')"
    yield "questions:"
    for index in range(A_BLOCK):
        when = ""
        if index % 3 == 1:
            when = f"q{index - 1} == 'much' or period.id == 'infancy'"
        elif index % 3 == 2:
            when = f"q{index - 2} in ('some', 'much') and client.age_months >= {index * 2}"
        yield from _choice(number, index, when)


def _gather(number: int) -> Iterator[str]:
    """Counts over the instances of the loop before."""
    yield "questions:"
    for index in range(A_BLOCK):
        when = f"any_of(b{number - 1}.q{index}, 'much')" if index % 2 else ""
        if index % 10 == 4:
            when = f"count_of(b{number - 1}.q{index}, 'some') + 1 > 2 and q{index - 2} == 'some'"
        yield from _choice(number, index, when)


def _choice(number: int, index: int, when: str) -> Iterator[str]:
    yield f"  - id: q{index}"
    yield f"    ask: How was thing {index} of part {number} for {{client.name}} in those days?"
    yield "    kind: choice"
    yield "    options:"
    yield "      none: Not at all"
    yield "      some: Now and then"
    yield "      much: Most of the time"
    if when:
        yield f'    when: "{when}"'
    yield f"    listen_for: Who was there, and what helped with thing {index}."
    yield f"    keywords: [thing{index}, part {number} thing {index}]"
    yield "    evidence_for: [functions.sleep]"
