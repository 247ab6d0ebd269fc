"""Our engine keeps every kind of the conformance suite, and the suite itself can tell a fault."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from tests.conformance.__main__ import main
from tests.conformance.engines import Command, Ours, our_command
from tests.conformance.kinds import Case, Expected, Kind, all_kinds, read_kind
from tests.conformance.running import differences

KINDS = all_kinds()
BY_ID = {kind.id: kind for kind in KINDS}
STUBBORN = """\
import json, pathlib, re, sys
text = pathlib.Path(sys.argv[1], "day.yaml").read_text()
slots = ["day." + name for name in re.findall(r"id: (\\w+)", text)]
print(json.dumps({"open": slots, "hidden": [], "unknown": []}))
"""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_our_engine_keeps_this_kind(kind: Kind, tmp_path: Path) -> None:
    told = {
        case.name: differences(Ours(), case, tmp_path / str(number))
        for number, case in enumerate(kind.cases)
    }
    assert {name: found for name, found in told.items() if found} == {}


@pytest.mark.parametrize("kind", ["zero-and-no-are-answers", "types-that-do-not-fit"])
def test_the_command_line_says_the_same(kind: str, tmp_path: Path) -> None:
    case = BY_ID[kind].cases[0]
    assert differences(our_command(), case, tmp_path) == []


def test_another_engine_can_be_plugged_in_by_a_command(tmp_path: Path) -> None:
    """An engine that shows every question agrees where all are open, and is told where not."""
    script = tmp_path / "stubborn.py"
    script.write_text(STUBBORN, encoding="utf-8")
    engine = Command(f"{shlex.quote(sys.executable)} {shlex.quote(str(script))} {{bank}}")
    closed, all_open = BY_ID["closed-chain"].cases[:2]
    assert differences(engine, all_open, tmp_path / "open") == []
    assert differences(engine, closed, tmp_path / "closed") == [
        "day.often is open, not hidden",
        "day.binge is open, not hidden",
        "day.weeks is open, not hidden",
    ]


def test_what_an_engine_does_not_refuse_is_told(tmp_path: Path) -> None:
    case = BY_ID["zero-and-no-are-answers"].cases[0]
    wanted = Case(case.name, case.bank, None, case.answers, (Expected(refused=True),))
    assert differences(Ours(), wanted, tmp_path) == ["was not refused (status 0)"]


def test_the_table_ends_with_one_on_a_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "stubborn.py"
    script.write_text(STUBBORN, encoding="utf-8")
    line = f"{shlex.quote(sys.executable)} {shlex.quote(str(script))} {{bank}}"
    assert main(["--engine", line, "--kind", "closed-chain"]) == 1
    assert "differ." in capsys.readouterr().out
    assert main(["--kind", "zero-and-no"]) == 0


def test_there_are_kinds_enough_and_each_names_where_it_was_seen() -> None:
    assert len(KINDS) >= 40
    assert sum(bool(kind.references) for kind in KINDS) >= 40
    for kind in KINDS:
        assert 10 < len(kind.title) < 100
        for reference in kind.references:
            assert re.fullmatch(r"[\w.-]+/[\w.-]+#[0-9]+", reference), kind.id


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_every_gate_of_a_kind_is_looked_at(kind: Kind) -> None:
    """A bank holds no question with a condition that no case expects anything of."""
    looked_at = {
        slot.rpartition("/")[2]
        for case in kind.cases
        for each in case.expected
        for slot in [*each.states, *each.absent]
    }
    gated = {
        f"{name}.{question['id']}"
        for name, block in kind.cases[0].bank["blocks"].items()
        for question in block["questions"]
        if "when" in question
    }
    a_chain = len(gated) > 50
    only_refusals = all(each.refused for case in kind.cases for each in case.expected)
    assert a_chain or only_refusals or gated <= looked_at


def test_a_key_that_nobody_reads_is_told(tmp_path: Path) -> None:
    path = tmp_path / "typo.yaml"
    path.write_text("title: A typo\nquestions: {q: yes_no}\ncases: [{name: a, opne: [q]}]\n")
    with pytest.raises(ValueError, match="opne"):
        read_kind(path)
