"""A question kind is one entry in each of two tables, and nothing else matches on its name."""

from __future__ import annotations

import ast
from dataclasses import MISSING, fields
from pathlib import Path
from typing import get_args

import pytest

import nmt_intake
from nmt_intake.bank.kinds import KINDS as BANK_KINDS
from nmt_intake.bank.kinds import KindParts
from nmt_intake.bank.model import Column, Kind
from nmt_intake.bank.sources import ColumnKind
from nmt_intake.interview.kinds import KINDS, AnswerKind
from nmt_intake.interview.values import codes_of, in_words, read_value

ALL = get_args(Kind)
PACKAGE = Path(nmt_intake.__file__).parent
# What translates to and from words of other standards, or are kinds of something else.
NOT_OURS = {"bank/exchange", "interview/spoken_times"}
# What a question or a column is called where its kind is asked for.
ASKED = {"question", "column", "source", "asked", "q", "one", "two", "before", "after"}
TABLES = {"bank/kinds.py", "interview/kinds.py"}


def test_both_tables_have_every_kind_and_no_other() -> None:
    assert tuple(BANK_KINDS) == tuple(KINDS) == ALL


@pytest.mark.parametrize("shape", [KindParts, AnswerKind])
def test_no_part_of_a_kind_may_be_left_out(shape: type[KindParts | AnswerKind]) -> None:
    optional = [
        each.name
        for each in fields(shape)
        if each.default is not MISSING or each.default_factory is not MISSING
    ]
    assert not optional


def test_a_column_may_be_of_the_kinds_that_say_so() -> None:
    assert set(get_args(ColumnKind)) == {
        kind for kind, parts in BANK_KINDS.items() if parts.in_column
    }


@pytest.mark.parametrize("kind", get_args(ColumnKind))
def test_a_made_up_answer_is_read_back_as_it_is_and_has_words(kind: Kind) -> None:
    options = {"1": "One", "2": "Two"} if BANK_KINDS[kind].codes in ("options", "steps") else {}
    column = Column("c", "C?", kind, options, None)
    sample = KINDS[kind].sample(column)
    assert read_value(column, sample) == sample
    assert in_words(column, sample)
    assert bool(codes_of(column, sample)) == (BANK_KINDS[kind].codes != "none")


@pytest.mark.parametrize("kind", ALL)
def test_what_is_chosen_at_the_desk_has_codes_and_what_is_written_has_none(kind: Kind) -> None:
    assert (KINDS[kind].desk in ("options", "marks")) == (BANK_KINDS[kind].codes != "none")
    assert (KINDS[kind].desk == "marks") == (BANK_KINDS[kind].shape == "codes")
    assert (KINDS[kind].desk == "rows") == (BANK_KINDS[kind].shape == "rows")


def test_nothing_else_compares_a_kind_with_its_name() -> None:
    found = [
        f"{name}:{node.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if (name := path.relative_to(PACKAGE).as_posix()) not in TABLES
        and not any(name.startswith(each) for each in NOT_OURS)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Compare | ast.Match) and _by_name(node)
    ]
    assert not found


def _by_name(node: ast.Compare | ast.Match) -> bool:
    subject = node.left if isinstance(node, ast.Compare) else node.subject
    if not isinstance(subject, ast.Attribute) or subject.attr != "kind":
        return False
    if ast.unparse(subject.value).rpartition(".")[2] not in ASKED:
        return False
    others = node.comparators if isinstance(node, ast.Compare) else [c.pattern for c in node.cases]
    said = {
        each.value
        for other in others
        for each in ast.walk(other)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }
    return bool(said & {*ALL})
