"""Answers as lines of the report: what was said, by whom, on which basis, in which words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, cast

from pydantic import JsonValue

from nmt_intake.bank.model import Column
from nmt_intake.interview.asking import said_in_words
from nmt_intake.interview.kinds import KINDS
from nmt_intake.interview.slots import Given, Mark
from nmt_intake.interview.values import in_words
from nmt_intake.report.context import Material
from nmt_intake.report.markdown import cut, strong
from nmt_intake.report.words import begun

# Codes of the bank's options that say that the good thing asked for was not there.
_NOT_THERE: Final = frozenset(
    {"no", "none", "never", "nobody", "no_help", "hardly", "alone", "tried", "unsure"}
)


_QUOTE: Final = 110


def lines_of(material: Material, slot: str, *, in_short: bool = False) -> Iterator[str]:
    """Yield one line for each answer or reason for none that a slot holds, then its notes.

    `in_short`: long words cut, and neither the rows of tables nor notes.
    """
    interview = material.interview
    if interview is None:
        return
    state = interview.said(slot)
    for given in state.given:
        yield from answer_lines(material, slot, given, in_short=in_short)
    if state.settled:
        says = strong(material.text(said_in_words(interview, slot)))
        yield f"{says} ({material.say('settled', reason=material.text(state.settled.reason))})"
    for mark in state.marks:
        yield mark_line(material, slot, mark)
    if in_short:
        return
    for note in interview.notes:
        if note.slot == slot:
            yield f"{material.say('note')} {material.quoted(note.text)}"


def answer_lines(
    material: Material, slot: str, given: Given, *, in_short: bool = False
) -> Iterator[str]:
    """Yield an answer with its source, how often it was changed, and its words; a table's rows."""
    rows = tuple(table_rows(material, slot, given))
    says = material.count("rows", len(rows)) if rows else material.says(slot, given)
    changed = f"; {material.count('changed', given.amended)}" if given.amended else ""
    words = material.words(slot, given)
    if in_short:
        says, words, changed = cut(says, _QUOTE), cut(words, _QUOTE), ""
    yield " ".join(
        part for part in (strong(says), f"({material.source(given)}{changed})", words) if part
    )
    if in_short:
        return
    for row in rows:
        yield "; ".join(f"{name}: {cell}" for name, cell in row if cell)


def mark_line(material: Material, slot: str, mark: Mark) -> str:
    """Return why there is no answer, who said so, and who may know."""
    who_knows = (
        material.say("who_may_know", who=material.text(mark.who_knows)) if mark.who_knows else ""
    )
    start = f"{strong(begun(material.lists.missing[mark.reason]))} ({material.source(mark)})"
    return " ".join(part for part in (start, material.words(slot, mark), who_knows) if part)


def table_rows(
    material: Material, slot: str, given: Given
) -> Iterator[tuple[tuple[str, str], ...]]:
    """Yield the rows of a table's answer: each column's words and the cell, as safe Markdown."""
    question = material.question(slot)
    if KINDS[question.kind].desk != "rows" or not isinstance(given.value, list):
        return
    for row in given.value:
        cells = cast("Mapping[str, JsonValue]", row)
        yield tuple(
            (
                material.text(_short(column.ask)),
                material.text(_cell(material, column, cells)) if column.name in cells else "",
            )
            for column in question.columns
        )


def good_things(material: Material, slots: Iterable[str]) -> Iterator[str]:
    """Yield what was said to the slots that ask for something good, with who said it."""
    interview = material.interview
    for slot in slots:
        question = material.question(slot)
        if interview is None or "strength" not in question.tags:
            continue
        for given in interview.answers(slot):
            if not KINDS[question.kind].compared:
                yield f"{material.quoted(str(given.value))} ({material.source(given)})"
            elif given.value is not False and str(given.value) not in _NOT_THERE:
                words = material.words(slot, given)
                yield f"{material.ask(slot)} {material.says(slot, given)} " + " ".join(
                    part for part in (words, f"({material.source(given)})") if part
                )


def _cell(material: Material, column: Column, cells: Mapping[str, JsonValue]) -> str:
    labels = {**material.lists.answers, **column.options}
    return in_words(column, cells[column.name], labels)


def _short(ask: str) -> str:
    return ask.split("?")[0].split(".")[0]
